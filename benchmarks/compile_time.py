#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""compile_time.py FIGURES.csv CHART.svg: how the time to compile a chain of layers grows; of compile_time.sh's CSV."""

import csv
import sys

sys.dont_write_bytecode = True  # leaves nothing in the source folder
from chart import Chart

COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"]
SHAPES = ["circle", "square", "triangle"]


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    with open(arguments[0], newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["case"].startswith("chain_")]
    if not rows:
        sys.exit("compile_time.py: no chain was measured")
    seconds = [float(row["seconds"]) for row in rows]
    limits = (min(0.1, min(seconds)), max(10.0, max(seconds) * 1.5))
    layers = (0.8, max(float(row["layers"]) for row in rows) * 1.5)
    chart = Chart("Compiling a chain of dense layers, -O2", "layers", "user and system seconds", layers, limits)
    entries = []
    for number, compiler in enumerate(dict.fromkeys(row["compiler"] for row in rows)):
        colour, shape = COLOURS[number % len(COLOURS)], SHAPES[number % len(SHAPES)]
        own = [row for row in rows if row["compiler"] == compiler]
        points = sorted((float(row["layers"]), float(row["seconds"]), row["raised"] == "no") for row in own)
        chart.line([point[:2] for point in points], colour)
        for x, y, filled in points:
            chart.marker(x, y, colour, shape, filled, tip=f"{compiler}, {x:g} layers: {y:g} s")
        entries.append((compiler, colour, shape, True))
    entries.append(("limits raised", "#333333", "circle", False))
    chart.legend(entries)
    chart.save(arguments[1])


if __name__ == "__main__":
    main(sys.argv[1:])
