"""What our networks and models of other packages cost on three targets, in bytes and cycles, into BENCHMARKS.md.

    python specs/bench/device/device.py [--only "iris*"] [--install]

Same split, same whole numbers as inputs. Bytes are those of the function and its tables, without the program around it.
Needs the compilers and emulators that `--install` gets from Debian, and for the others emlearn, m2cgen and micromlgen (pip).
"""

from __future__ import annotations

import argparse
import fnmatch
import importlib.util
import os
import statistics
import subprocess
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import ours
from competitors import COMPETITORS, Model, Split
from targets import TARGETS, DoesNotFit, Ran, Sizes, Target, missing

from bdnnlang.bench.sections import rewrite

ROOT = Path(__file__).resolve().parents[3]
DEBIAN = [
    *("gcc-avr", "avr-libc", "simavr", "libsimavr-dev", "libelf-dev"),
    *("gcc-arm-none-eabi", "libnewlib-arm-none-eabi", "qemu-system-arm"),
    *("gcc-riscv64-unknown-elf", "picolibc-riscv64-unknown-elf", "qemu-system-misc"),
]
TRACED = 40  # rows of which cycles are counted


@dataclass(frozen=True)
class Measured:
    """Of a model on a target."""

    sizes: Sizes
    ran: Ran

    @property
    def ram(self) -> int:
        """Bytes: what it keeps, and its stack."""
        return self.sizes.ram + self.ran.stack

    @property
    def cycles(self) -> float:
        return statistics.fmean(self.ran.cycles)


@dataclass(frozen=True)
class Row:
    """Of a table: a model, the share of right answers on the devices, and on how many rows they differ from the host."""

    name: str
    size: str
    accuracy: float
    differing: int
    measured: tuple[Measured | None, ...]  # one a target; None: it does not fit there


def main(argv: Sequence[str] | None = None) -> int:
    """Measure every problem, and rewrite the section."""
    args = _arguments(argv)
    if args.install:
        subprocess.run(["apt-get", "install", "-y", "-q", *DEBIAN], check=True, stdout=subprocess.DEVNULL)
    if absent := [tool for target in TARGETS for tool in missing(target)]:
        print(f"not installed: {', '.join(absent)}; apt-get install {' '.join(DEBIAN)}", file=sys.stderr)
        return 1
    warnings.simplefilter("ignore")
    found: list[tuple[ours.Problem, list[Row]]] = []
    for problem in ours.PROBLEMS:
        if fnmatch.fnmatch(problem.name, args.only):
            found.append((problem, []))
            for row in measured(problem, args.runs):
                found[-1][1].append(row)
                print(line_of(row), file=sys.stderr, flush=True)
    rewrite(args.page, "device", page(found), title="## On devices")
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="*", metavar="PATTERN", help="of problems, as `iris`")
    parser.add_argument("--install", action="store_true", help="compilers and emulators first, by apt-get as root")
    parser.add_argument("--page", type=Path, default=ROOT / "BENCHMARKS.md")
    parser.add_argument("--runs", type=Path, default=ROOT / "runs" / "device", help="run folders of our networks")
    return parser.parse_args(argv)


# ---- measuring


def measured(problem: ours.Problem, runs: Path) -> Iterator[Row]:
    """Ours first; of the others those that are as accurate as the best of ours."""
    split = ours.split_of(ours.data_of(problem.networks[0].spec))
    best = 0.0
    for written in problem.networks:
        whole = ours.network(written.spec, runs)
        for style in written.styles:
            model = ours.model(whole, split, style, written.optimise)
            best = max(best, float(np.mean(model.answers == split.y_test)))
            yield row_of(f"bdnnlang, {written.spec}, {style.value}", model, split)
    for competitor in COMPETITORS:
        if not competitor.package or importlib.util.find_spec(competitor.package):
            yield row_of(competitor.name, competitor.model(split, best), split)


def row_of(name: str, model: Model, split: Split) -> Row:
    on_targets = tuple(_on(target, model, split) for target in TARGETS)
    answers = np.array([measured.ran.answers for measured in on_targets if measured])  # (targets, samples)
    accuracy = float(np.mean(answers == split.y_test))
    return Row(name, model.size, accuracy, int((answers != model.answers).any(axis=0).sum()), on_targets)


def _on(target: Target, model: Model, split: Split) -> Measured | None:
    try:
        return Measured(target.sizes(model.source), target.run(model.source, split.x_test, TRACED))
    except DoesNotFit:
        return None


# ---- the page


def page(found: Sequence[tuple[ours.Problem, Sequence[Row]]]) -> str:
    """The section in Markdown."""
    head = [
        f"`make device`, {datetime.now(UTC):%Y-%m-%d}. {_versions()}.",
        "",
        "- flash: bytes of the function, its tables and what it needs of libraries, compiled with `-Os`; the program around",
        "  it is not counted. RAM: static data and the deepest stack. Readings are inputs, and nobody's bytes.",
        f"- cycles: mean over {TRACED} test rows, from the first instruction of the function to the end of its return.",
        *(f"  {target.name}: {target.cycles}." for target in TARGETS),
        "- test: accuracy of the device's answers. differs: test rows with another answer than the model has on the host",
        "  (micromlgen negates logistic regression of two classes; an emlearn forest votes, where scikit-learn takes means).",
        "- of each kind of model several sizes were trained on the same split and the same whole numbers; shown is the smallest",
        "  that is as accurate on the test part as the best of our networks, or the most accurate one if none is.",
    ]
    return "\n".join([*head, *(line for problem, rows in found for line in _table(problem.name, rows))])


def _versions() -> str:
    packages = sorted({(c.package, c.version) for c in COMPETITORS if c.package and importlib.util.find_spec(c.package)})
    compilers = ", ".join(f"{target.compiler.prefix}gcc {target.compiler.version}" for target in TARGETS)
    return ", ".join([*(f"{name} {version}" for name, version in packages), compilers])


def _table(name: str, rows: Sequence[Row]) -> list[str]:
    columns = [f"{target.name} {what}" for target in TARGETS for what in ("flash", "RAM", "cycles")]
    return [
        "",
        f"### {name[0].upper()}{name[1:]}",
        "",
        f"| model | size | test | differs | {' | '.join(columns)} |",
        f"|---|---|---:|---:|{'---:|' * len(columns)}",
        *map(line_of, rows),
        "",
        *_least(rows),
    ]


def line_of(row: Row) -> str:
    figures = [f"{m.sizes.flash:,} | {m.ram:,} | {m.cycles:,.0f}" if m else "does not fit | |" for m in row.measured]
    return f"| {row.name} | {row.size} | {100 * row.accuracy:.1f} % | {row.differing} | {' | '.join(figures)} |"


def _least(rows: Sequence[Row]) -> Iterator[str]:
    """Who is smallest and fastest among those that are as accurate as the best of ours."""
    wanted = max(row.accuracy for row in rows if row.name.startswith("bdnnlang"))
    enough = [row for row in rows if row.accuracy >= wanted and not row.differing]
    for number, target in enumerate(TARGETS):
        fits = [(row.name, measured) for row in enough if (measured := row.measured[number])]
        small, _ = min(fits, key=lambda one: one[1].sizes.flash)
        fast, _ = min(fits, key=lambda one: one[1].cycles)
        yield f"{target.name}, at {100 * wanted:.1f} % or more: smallest is {small}, fastest {fast}."


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.exit(main())
