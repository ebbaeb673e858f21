#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""roofline.py MEDIANS.csv CHART.svg [KIND...]: what ambit_bench --csv measured, as a roofline.

A point is a workload and the fastest contender of a kind (ambit, eigen, c, onednn, ...; ambit, eigen and c where none
is named). The roofs are the peaks that were measured in the same rounds: multiply-adds, and loads of each memory-bound
workload's own size.
"""

import csv
import statistics
import sys

sys.dont_write_bytecode = True  # leaves nothing in the source folder
from chart import Chart

STYLES = {
    "ambit": ("ambit", "#0072b2", "circle", True),
    "eigen": ("hand-written Eigen", "#d55e00", "square", False),
    "c": ("plain C", "#777777", "triangle", False),
    "onednn": ("oneDNN", "#009e73", "square", False),
    "dlib": ("dlib", "#cc79a7", "square", False),
    "torch": ("libtorch", "#e69f00", "square", False),
}


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["kind"] = row["contender"].split("/")[0]
        for key in ("ns", "gflops", "gbytes", "flops", "bytes"):
            row[key] = float(row[key])
    return rows


def size(count):
    return f"{count / 1e6:.3g} MB" if count >= 1e6 else f"{count / 1e3:.3g} kB"


def draw(rows, kinds, path):
    points = [row for row in rows if row["kind"] != "peak"]
    intensities = [row["flops"] / row["bytes"] for row in points]
    speeds = [row["gflops"] for row in points if row["kind"] in kinds]
    peak = statistics.median(row["gflops"] for row in rows if row["contender"] == "peak/fma")
    x_range = (min(intensities) / 2, max(intensities) * 2)
    y_range = (min(speeds) / 2, peak * 3)
    chart = Chart("Roofline", "floating-point operations per byte", "GFLOP/s", x_range, y_range)

    chart.line([(x_range[0], peak), (x_range[1], peak)], "#333333")
    chart.text(chart.right - 4, chart.y(peak) - 6, f"multiply-add {peak:.0f} GFLOP/s", anchor="end")
    for row in rows:
        if row["contender"] != "peak/load" or row["bound"] != "memory":
            continue
        speed = row["gbytes"]
        first, last = max(x_range[0], y_range[0] / speed), min(peak / speed, x_range[1])
        chart.line([(first, first * speed), (last, last * speed)], "#999999", 1, "5 4")
        chart.label(last, last * speed * 1.25, f"{size(row['bytes'])}: {speed:.0f} GB/s", "#777777")

    fastest = {}
    for row in points:
        if row["kind"] in kinds:
            key = row["workload"], row["kind"]
            if key not in fastest or row["ns"] < fastest[key]["ns"]:
                fastest[key] = row
    names = []
    for workload in dict.fromkeys(row["workload"] for row in points):
        own = [fastest[workload, kind] for kind in kinds if (workload, kind) in fastest]
        for row in reversed(own):  # the first kind on top
            _, colour, shape, filled = STYLES[row["kind"]]
            tip = f"{workload} {row['contender']}: {row['ns']:,.1f} ns"
            chart.marker(row["flops"] / row["bytes"], row["gflops"], colour, shape, filled, tip)
        if own:
            names.append((own[0]["flops"] / own[0]["bytes"], own[0]["gflops"], workload))
    for name in names:  # after all markers, so that none is covered
        chart.label(*name)
    used = [kind for kind in kinds if any(key[1] == kind for key in fastest)]
    chart.legend([STYLES[kind] for kind in used])
    chart.save(path)


def main(arguments):
    if len(arguments) < 2:
        sys.exit(__doc__)
    kinds = arguments[2:] or ["ambit", "eigen", "c"]
    unknown = [kind for kind in kinds if kind not in STYLES]
    if unknown:
        sys.exit(f"roofline.py: no kind of contender is called {unknown[0]!r}; there are {', '.join(STYLES)}")
    draw(read(arguments[0]), kinds, arguments[1])


if __name__ == "__main__":
    main(sys.argv[1:])
