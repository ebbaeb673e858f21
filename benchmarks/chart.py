# SPDX-License-Identifier: BSL-1.0
"""A chart with logarithmic axes as an SVG file, without anything that is not in Python itself."""

import math
from xml.sax.saxutils import escape

FONT = "font-family='Helvetica, Arial, sans-serif'"
INK = "#333333"


def short(value):
    """1000 as 1k, 0.1 as 0.1"""
    if value >= 1000:
        return f"{value / 1000:g}k"
    return f"{value:g}"


class Chart:
    def __init__(self, title, x_label, y_label, x_range, y_range, width=860, height=560):
        self.x_range, self.y_range = x_range, y_range
        self.width, self.height = width, height
        self.left, self.right, self.top, self.bottom = 64, width - 20, 44, height - 56
        self.parts, self.front = [], []
        self.taken = []  # boxes of markers and labels
        self._frame(title, x_label, y_label)

    def x(self, value):
        return self.left + self._share(value, self.x_range) * (self.right - self.left)

    def y(self, value):
        return self.bottom - self._share(value, self.y_range) * (self.bottom - self.top)

    @staticmethod
    def _share(value, limits):
        low, high = (math.log10(limit) for limit in limits)
        return (math.log10(value) - low) / (high - low)

    @staticmethod
    def _decades(limits):
        first, last = math.ceil(math.log10(limits[0]) - 1e-9), math.floor(math.log10(limits[1]) + 1e-9)
        return [10.0**n for n in range(first, last + 1)]

    def _frame(self, title, x_label, y_label):
        self.text(self.left, 24, title, size=16, weight="bold")
        self.text((self.left + self.right) / 2, self.height - 14, x_label, anchor="middle")
        middle = (self.top + self.bottom) / 2
        self.parts.append(
            f"<text transform='translate(16 {middle:.1f}) rotate(-90)' text-anchor='middle' {FONT} font-size='12' "
            f"fill='{INK}'>{escape(y_label)}</text>"
        )
        for value in self._decades(self.x_range):
            self._stroke([(self.x(value), self.top), (self.x(value), self.bottom)], "#e4e4e4", 1)
            self.text(self.x(value), self.bottom + 18, short(value), anchor="middle")
        for value in self._decades(self.y_range):
            self._stroke([(self.left, self.y(value)), (self.right, self.y(value))], "#e4e4e4", 1)
            self.text(self.left - 8, self.y(value) + 4, short(value), anchor="end")
        self._stroke([(self.left, self.top), (self.left, self.bottom), (self.right, self.bottom)], INK, 1)

    def _stroke(self, points, colour, width, dash=None):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashed = f" stroke-dasharray='{dash}'" if dash else ""
        self.parts.append(f"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='{width}'{dashed}/>")

    def text(self, x, y, text, size=12, anchor="start", weight="normal", colour=INK):
        self.parts.append(
            f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' {FONT} font-size='{size}' font-weight='{weight}' "
            f"fill='{colour}'>{escape(text)}</text>"
        )

    def line(self, points, colour, width=2, dash=None):
        """Through points of the axes."""
        self._stroke([(self.x(x), self.y(y)) for x, y in points], colour, width, dash)

    def marker(self, x, y, colour, shape="circle", filled=True, tip=""):
        """At a point of the axes."""
        at_x, at_y = self.x(x), self.y(y)
        self._shape(at_x, at_y, colour, shape, filled, tip)
        self.taken.append((at_x - 6, at_y - 6, at_x + 6, at_y + 6))

    def _shape(self, at_x, at_y, colour, shape, filled, tip=""):
        fill = colour if filled else "#ffffff"
        style = f"fill='{fill}' stroke='{colour}' stroke-width='1.6'"
        title = f"<title>{escape(tip)}</title>" if tip else ""
        if shape == "circle":
            drawn = f"<circle cx='{at_x:.1f}' cy='{at_y:.1f}' r='5' {style}>{title}</circle>"
        elif shape == "square":
            drawn = f"<rect x='{at_x - 4.5:.1f}' y='{at_y - 4.5:.1f}' width='9' height='9' {style}>{title}</rect>"
        else:
            corners = f"{at_x:.1f},{at_y - 6:.1f} {at_x + 6:.1f},{at_y + 4:.1f} {at_x - 6:.1f},{at_y + 4:.1f}"
            drawn = f"<polygon points='{corners}' {style}>{title}</polygon>"
        self.front.append(drawn)

    def label(self, x, y, text, colour=INK):
        """Beside a point of the axes: right, left, or further up or down, where no other label or marker lies."""
        width, height = 7.2 * len(text), 13
        for step in range(40):
            at_y = self.y(y) + 4 + (step + 1) // 2 * 5 * (-1) ** step
            for at_x in (self.x(x) + 8, self.x(x) - 8 - width):
                box = (at_x, at_y - height + 3, at_x + width, at_y + 2)
                if at_x >= self.left and at_x + width <= self.right and not any(self._meet(box, b) for b in self.taken):
                    self.taken.append(box)
                    if at_x > self.x(x):
                        self.text(at_x, at_y, text, weight="bold", colour=colour)
                    else:
                        self.text(at_x + width, at_y, text, anchor="end", weight="bold", colour=colour)
                    return

    @staticmethod
    def _meet(a, b):
        return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]

    def legend(self, entries):
        """Entries are (text, colour, shape, filled), in the lower right corner."""
        for number, (text, colour, shape, filled) in enumerate(entries):
            at_x, at_y = self.right - 170, self.bottom - 18 * (len(entries) - number)
            self._shape(at_x, at_y, colour, shape, filled)
            self.text(at_x + 12, at_y + 4, text)

    def save(self, path):
        body = "\n".join(self.parts + self.front)
        with open(path, "w", encoding="utf-8") as file:
            file.write(
                f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {self.width} {self.height}' "
                f"width='{self.width}' height='{self.height}'>\n"
                f"<rect width='100%' height='100%' fill='#ffffff'/>\n{body}\n</svg>\n"
            )
