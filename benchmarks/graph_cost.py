#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""graph_cost.py FIGURES.csv CHART.svg: what graph_cost printed, as nanoseconds a node and a search over the nodes of a graph.

Also prints the rows of docs/performance.md.
"""

import csv
import sys

sys.dont_write_bytecode = True  # leaves nothing in the source folder
from chart import Chart

STYLES = {
    "plain": ("#0072b2", "circle"),
    "long prefixes": ("#d55e00", "square"),
    "collisions": ("#009e73", "triangle"),
    "default names": ("#cc79a7", "circle"),
}
SHOWN = (1000, 10000, 100000, 1000000)  # nodes of the table's columns


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        {"names": r["names"], "nodes": int(r["nodes"]), "build": float(r["build_s"]), "find": float(r["find_ns"])}
        for r in rows
    ]


def draw(rows, path):
    nodes = [row["nodes"] for row in rows]
    times = [row["build"] / row["nodes"] * 1e9 for row in rows] + [row["find"] for row in rows]
    chart = Chart("Cost of a graph: building (filled, a node), finding by name (hollow, a search)", "nodes", "ns",
                  (min(nodes) / 1.3, max(nodes) * 1.3), (min(times) / 3, max(times) * 1.5))
    for name, (colour, shape) in STYLES.items():
        own = [row for row in rows if row["names"] == name]
        for filled, value in ((True, lambda r: r["build"] / r["nodes"] * 1e9), (False, lambda r: r["find"])):
            chart.line([(row["nodes"], value(row)) for row in own], colour, 1.5, None if filled else "5 4")
            for row in own:
                chart.marker(row["nodes"], value(row), colour, shape, filled, f"{name}: {value(row):.0f} ns")
    chart.legend([(name, *style, True) for name, style in STYLES.items()])
    chart.save(path)


def table(rows):
    of = {(row["names"], row["nodes"]): row for row in rows}
    for name in STYLES:
        cells = [of.get((name, nodes)) for nodes in SHOWN]
        built = " | ".join(f"{c['build'] * 1e3:,.2f}" if c else "" for c in cells)
        found = " | ".join(f"{c['find']:,.0f}" if c else "" for c in cells)
        print(f"| {name} | {built} | {found} |")


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    rows = read(arguments[0])
    draw(rows, arguments[1])
    table(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
