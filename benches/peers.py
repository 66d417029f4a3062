#!/usr/bin/env python3
"""aiut beside its peers: the same work, the same machine, the same run; medians and ratios.

    benches/peers.py                         every row but `sparse`, at full size
    benches/peers.py --scale 0.05 film       one row, at a twentieth of its size
    benches/peers.py --list                  the rows

Peers that are not installed are left out and named: git, git-lfs, DVC, Oxen, restic, borg, ninja, make. `cp` and `sync` are
always there. aiut is durable in every row: it returns after its fsyncs. The others run as they come.
"""

import argparse
import resource
import shutil
import tempfile
from pathlib import Path

import rows_files  # noqa: F401 - registers its rows
import rows_film  # noqa: F401
import rows_history  # noqa: F401
import rows_merging  # noqa: F401
from support import ROWS, Bench
from tools import missing

# Asked for by name alone: it takes a disk of its own.
BY_NAME = {"sparse"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", help="rows to run; if none is named, all but sparse")
    parser.add_argument("--list", action="store_true", help="the rows, with what is to be reached")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full size [1.0]")
    parser.add_argument("--runs", type=int, default=3, help="runs of which the median counts [3]")
    parser.add_argument("--aiut", default=shutil.which("aiut"), help="the program [the one on PATH]")
    parser.add_argument("--tools", help="only these, by commas: aiut,git [all that are installed]")
    parser.add_argument("--work", help="an empty folder on the disk to be measured")
    chosen = parser.parse_args()
    if chosen.list:
        for name, (_, target) in ROWS.items():
            print(f"{name:<8} {target}")
        return
    unknown = [name for name in chosen.rows if name not in ROWS]
    if unknown:
        parser.error(f"no row {unknown[0]!r}; the rows are {', '.join(ROWS)}")
    if not chosen.aiut:
        parser.error("aiut is not on PATH: build it with `cargo build --release` and give its path with --aiut")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory(dir=chosen.work, prefix="aiut-bench-") as work:
        bench = Bench(Path(work), chosen.scale, chosen.runs, str(Path(chosen.aiut).resolve()))
        bench.only = chosen.tools and chosen.tools.split(",")
        if absent := missing(bench):
            print(f"not installed, left out: {', '.join(absent)}")
        try:
            for name in chosen.rows or [name for name in ROWS if name not in BY_NAME]:
                function, target = ROWS[name]
                print(f"{name}: {target}")
                function(bench)
                shutil.rmtree(bench.work / "tree", ignore_errors=True)
        finally:
            for task in bench.after:
                task()
    print("\n| work | tool | measured | ratio |\n|---|---|---|---|")
    for line in bench.lines:
        print("| " + " | ".join(line) + " |")


if __name__ == "__main__":
    main()
