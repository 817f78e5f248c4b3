"""Times another program of the paper's model on the rows of the benchmarks, and writes the section `Reference` of a page.

    python specs/bench/reference.py PROGRAM SPEC… [--time 30] [--page BENCHMARKS.md] [--runs runs/reference]

PROGRAM is called as `PROGRAM CSV --rows M --hidden D --time T`, the CSV without a header, `;` between columns, the label 0 or 1
last; it prints `status … errors … bound … seconds …`. It knows networks with one hidden layer, one output and weights in
[-1, 1]: specs with others are passed over. What it said is kept in the folder `--runs`, so that a second call is short.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bdnnlang import compiler
from bdnnlang.bench.sections import rewrite
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Interval, Spec

SAID = re.compile(r"status (\w+) errors (\S+) bound (\S+) seconds (\S+)")
PATIENCE = 60.0  # seconds beyond its limit


def main(argv: Sequence[str] | None = None) -> int:
    """Run what fits, rewrite the section; 1 if the program failed somewhere."""
    args = _arguments(argv)
    args.runs.mkdir(parents=True, exist_ok=True)
    rows, failed = [], 0
    for path in args.specs:
        spec = compiler.read_spec(path)[0]
        data = compiler.read_data(spec, path.parent)
        if fits(spec, data):
            width = spec.network.layers[0].width or 0
            said = answer(args.program, data, width, args.time, args.runs)
            failed += said is None
            rows.append((f"`{path.stem}`", f"{len(data.train)}", f"{width}", *(said or ("failed", "–", "–", "–"))))
            print(f"{path.stem}: {' '.join(said or ('failed',))}", file=sys.stderr, flush=True)
    rewrite(args.page, "reference", section(rows, args.program.name, args.time), title="# Benchmarks")
    return 1 if failed else 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time another program of the paper's model on the rows of the benchmarks.")
    parser.add_argument("program", metavar="PROGRAM", type=Path)
    parser.add_argument("specs", metavar="SPEC", nargs="+", type=Path)
    parser.add_argument("--time", type=float, default=30.0, metavar="SECONDS")
    parser.add_argument("--page", type=Path, default=Path("BENCHMARKS.md"))
    parser.add_argument("--runs", type=Path, default=Path("runs/reference"), metavar="DIR")
    return parser.parse_args(argv)


def fits(spec: Spec, data: Dataset) -> bool:
    """Is it a network of the kind that the program knows?"""
    real = all(layer.weights == Interval(-1, 1) for layer in spec.network.layers)
    return real and len(spec.network.layers) == 2 and len(data.classes) == 2


def answer(program: Path, data: Dataset, width: int, seconds: float, runs: Path) -> tuple[str, ...] | None:
    """Status, errors, bound and seconds in the program's own words; None where it fails."""
    part = data.train
    lines = [";".join([*(repr(float(v)) for v in x), str(int(y))]) for x, y in zip(part.x, part.y, strict=True)]
    text = "\n".join(lines) + "\n"
    name = hashlib.sha256(f"{program.read_text(encoding='utf-8')}{width} {seconds}\n{text}".encode()).hexdigest()[:16]
    table, kept = runs / f"{name}.csv", runs / f"{name}.txt"
    if not kept.exists():
        table.write_text(text, encoding="utf-8")
        command = [sys.executable, str(program), str(table), "--rows", str(len(lines)), "--hidden", str(width)]
        try:
            command += ["--time", f"{seconds:g}"]
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + PATIENCE)
        except subprocess.TimeoutExpired:
            return None
        if done.returncode != 0:
            return None
        kept.write_text(done.stdout, encoding="utf-8")
    said = SAID.search(kept.read_text(encoding="utf-8"))
    return said.groups() if said else None


def section(rows: Sequence[Sequence[str]], program: str, seconds: float) -> str:
    lines = [
        "## Reference",
        "",
        f"`{program}`, an independent program of the paper's model for SCIP, on the same rows, which it scales to [-1, 1] "
        f"itself; at most {seconds:g} s of solving each. Its errors are its own claim.",
        "",
        "| spec | rows | hidden | ended | errors | bound | seconds |",
        "|---|---:|---:|---|---:|---:|---:|",
    ]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


if __name__ == "__main__":
    sys.exit(main())
