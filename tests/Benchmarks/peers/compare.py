#!/usr/bin/env python3
"""Runs the project's benchmark and the peers and prints both side by side, as a Markdown table with ratios.

Usage: compare.py [--threads n] [--cpus list] [--netgen file] [--peers file] [W1 W2 ... cold]

--netgen and --peers read lines saved by an earlier run instead of measuring. What was measured is saved in
artifacts/peers/netgen.txt and artifacts/peers/peers.txt.
"""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
SAVED = ROOT / "artifacts" / "peers"
PEERS = ["pytorch", "onnxruntime", "tiny-dnn", "fann"]
TITLES = {"pytorch": "PyTorch", "onnxruntime": "ONNX Runtime", "tiny-dnn": "tiny-dnn", "fann": "FANN"}
ALL = ["W1", "W2", "W3", "W4", "W5", "W6", "W8", "W9", "cold"]
LOWER_IS_BETTER = {"ns", "ms", "bytes"}

# `[peer ]W2 train samples/s 112000 [min max]`. Lines of any other form (the peak, its share) are not for this table.
LINE = re.compile(r"^(?:(?P<peer>" + "|".join(PEERS) + r") )?(?P<workload>W\d+|cold) (?P<metric>\w+) "
                  r"(?P<unit>samples/s|steps/s|ns|ms|bytes) (?P<median>\d+(?:\.\d+)?)(?: |$)")


def parse(text):
    """{(workload, metric, unit): {peer or "": median}}"""
    figures = {}
    for line in text.splitlines():
        m = LINE.match(line.strip())
        if m:
            figures.setdefault((m["workload"], m["metric"], m["unit"]), {})[m["peer"] or ""] = float(m["median"])
    return figures


def last_cpus(count):
    """The same choice as run.sh's: the last CPUs this process may use."""
    return ",".join(str(c) for c in sorted(os.sched_getaffinity(0))[-count:])


def measure(name, command):
    """Runs a program, passes its lines on as they come, saves them; returns them even when it fails at the end."""
    SAVED.mkdir(parents=True, exist_ok=True)
    lines = []
    try:
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                print(line, end="", file=sys.stderr)
                lines.append(line)
        if process.returncode:
            print(f"{name}: ended with code {process.returncode}", file=sys.stderr)
    except OSError as error:
        print(f"{name}: {error}", file=sys.stderr)
    if lines:
        (SAVED / f"{name}.txt").write_text("".join(lines), encoding="utf-8")
    return "".join(lines)


def show(value, unit):
    """Three significant digits in the unit a reader expects."""
    if value is None:
        return "–"
    if unit == "bytes":
        return f"{value / 1e6:.3g} MB"
    if unit == "ms":
        return f"{value:.3g} ms"
    if unit == "ns":
        return f"{value / 1000:.3g} µs" if value >= 1000 else f"{value:.3g} ns"
    for limit, suffix in ((1e6, " M"), (1e3, " k")):
        if value >= limit:
            scaled = value / limit
            return (f"{scaled:.0f}" if scaled >= 100 else f"{scaled:.3g}") + suffix
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def order(key):
    metrics = ["train", "predict1", "fwd4", "fwd64", "predict256", "start", "size"]
    return (ALL.index(key[0]) if key[0] in ALL else len(ALL), metrics.index(key[1]) if key[1] in metrics else 99, key)


def ratio(value, best, unit):
    """How many times better than the best peer, whichever direction is better."""
    if not value or not best:
        return "–"
    times = best / value if unit in LOWER_IS_BETTER else value / best
    return f"{times:.0f} ×" if times >= 100 else f"{times:.3g} ×"


def table(figures):
    peers = [p for p in PEERS if any(p in row for row in figures.values())]
    head = ["", "NetGen"] + [TITLES[p] for p in peers] + ["NetGen / best peer"]
    rows = ["| " + " | ".join(head) + " |", "|---|" + "--:|" * (len(head) - 1)]
    for key in sorted(figures, key=order):
        workload, metric, unit = key
        row = figures[key]
        found = [row[p] for p in peers if p in row]
        best = None if not found else min(found) if unit in LOWER_IS_BETTER else max(found)
        label = f"{workload} {metric}" + (f", {unit}" if unit.endswith("/s") else "")
        cells = [label, show(row.get(""), unit)]
        for p in peers:
            text = show(row.get(p), unit)
            cells.append(f"**{text}**" if best is not None and row.get(p) == best else text)
        rows.append("| " + " | ".join(cells + [ratio(row.get(""), best, unit)]) + " |")
    return "\n".join(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cpus", help="the CPUs to pin to, as taskset writes them")
    parser.add_argument("--netgen", type=Path, help="lines of an earlier run of the project's program")
    parser.add_argument("--peers", type=Path, help="lines of an earlier run of run.sh")
    parser.add_argument("workloads", nargs="*", default=ALL)
    options = parser.parse_args()
    cpus = options.cpus or last_cpus(options.threads)
    threads = ["--threads", str(options.threads)]
    workloads = options.workloads or ALL

    # Built before it is pinned and timed: a compiler on one CPU takes long.
    project = "tests/Benchmarks"
    if options.netgen:
        netgen = options.netgen.read_text(encoding="utf-8")
    elif subprocess.call(["dotnet", "build", "-c", "Release", project, "-v", "q", "--nologo"], cwd=ROOT, stdout=sys.stderr):
        print("netgen: skipped, it does not build", file=sys.stderr)
        netgen = ""
    else:
        netgen = measure("netgen", ["taskset", "-c", cpus, "dotnet", "run", "-c", "Release", "--no-build", "--project", project,
                                    "--", "workloads", *workloads, *threads])
    peers = (options.peers.read_text(encoding="utf-8") if options.peers
             else measure("peers", [str(HERE / "run.sh"), *threads, "--cpus", cpus, *workloads]))

    figures = parse(netgen + "\n" + peers)
    figures = {key: row for key, row in figures.items() if key[0] in workloads}
    if not figures:
        sys.exit("nothing was measured")
    print(table(figures))


if __name__ == "__main__":
    main()
