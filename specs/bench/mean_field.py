"""Trains wide ternary networks by `local_search`, by default and by coordinate search alone, and writes the section of a page.

    python specs/bench/mean_field.py [--splits 20-29] [--only PATTERN] [--page BENCHMARKS.md] [--data ../shared/data]

One stage, one core, one split after another: random 50/25/25 splits, weights {-1, 0, 1} and integer biases, as in the paper.
CPU seconds are those of the whole call, with reading the data and evaluating the network. The networks of `Uniform_N10` need
the authors' file, which is not part of this repository: without it those rows are left out.
"""

from __future__ import annotations

import argparse
import fnmatch
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import bdnnlang as bd
from bdnnlang import compiler
from bdnnlang.bench.sections import rewrite

METHODS = ("coordinate", "auto")
SPEC = """
bdnn 1
data {data} {{ validation = 25%, test = 25%, split_seed = {split}, {steps} }}
network {{ weights in {{-1, 0, 1}}, {hidden}, output {{ biases in int[-100, 100] }} }}
train {{ seed = {split}, loss = {loss}, local_search {seconds}s {{ method = {method} }} }}
"""


@dataclass(frozen=True)
class Target:
    """What is trained, in how many seconds, and what is asked of it: mean training loss at most, mean test accuracy at least."""

    name: str
    data: str
    hidden: str
    loss: str
    seconds: int
    most_loss: float | None
    least_test: float | None
    steps: str = "scale none"

    def text(self, split: int, method: str) -> str:
        data = self.data.format(split=split)
        return SPEC.format(
            data=data, split=split, steps=self.steps, hidden=self.hidden, loss=self.loss, seconds=self.seconds, method=method
        )


def _hidden(*widths: int, most: int) -> str:
    return ", ".join(f"hidden {width} {{ biases in int[-{most}, {most}] }}" for width in widths)


UNIFORM = "Uniform_N10_m1000_0.csv"
TARGETS = (
    Target("digits, 1 × 100", "digits", _hidden(100, most=1024), "hamming", 2, 0.0, 0.96),
    Target("digits, 1 × 100", "digits", _hidden(100, most=1024), "zero_one", 2, None, 0.975),
    Target("digits, 2 × 50", "digits", _hidden(50, 50, most=1024), "hamming", 5, None, 0.96),
    Target("digits, 2 × 50", "digits", _hidden(50, 50, most=1024), "zero_one", 5, None, 0.97),
    Target("digits, 1 × 10", "digits", _hidden(10, most=1024), "hamming", 8, 60.0, None),
    Target("breast cancer, 1 × 100", "breast_cancer", _hidden(100, most=30), "zero_one", 10, 0.0, 0.965, "scale standard"),
    Target("iris, 1 × 100", "iris", _hidden(100, most=25), "zero_one", 10, 0.0, 0.94),
    Target(
        "Uniform_N10_0, 1 × 100",
        f'csv("{UNIFORM}")',
        _hidden(100, most=128),
        "zero_one",
        10,
        10.0,
        0.825,
        'scale none, delimiter = ";", header = false',
    ),
    Target(
        "random boxes, 1 × 100",
        "random(samples=400, features=10, seed={split}, kind=boxes)",
        _hidden(100, most=10),
        "zero_one",
        10,
        None,
        0.70,
        "scale minmax",
    ),
)


@dataclass(frozen=True)
class Trained:
    """What a run came to: exact loss, share of right classes, CPU seconds."""

    loss: float
    test: float
    seconds: float


Trainer = Callable[[str, Path], Trained]  # a spec, and the folder of its data


def main(argv: Sequence[str] | None = None, trainer: Trainer | None = None) -> int:
    """Train everything, and rewrite the section after each row."""
    args = _arguments(argv)
    found: list[tuple[Target, dict[str, list[Trained]]]] = []
    for target in TARGETS:
        if not fnmatch.fnmatch(f"{target.name} {target.loss}", args.only):
            continue
        if UNIFORM in target.data and not (args.data / UNIFORM).exists():
            print(f"{target.name}: left out, {UNIFORM} is not in {args.data}", file=sys.stderr)
            continue
        runs: dict[str, list[Trained]] = {method: [] for method in METHODS}
        found.append((target, runs))
        for split in args.splits:
            for method in METHODS:
                runs[method].append((trainer or train)(target.text(split, method), args.data))
        print(_line(target, runs), file=sys.stderr, flush=True)
        rewrite(args.page, "mean-field", section(found, args), title="## Wide networks")
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train wide networks by local search, and tabulate their losses and accuracies.")
    parser.add_argument("--splits", type=_splits, default="20-29", metavar="FIRST-LAST", help="seeds of the splits")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="of names and losses, as `digits*hamming`")
    parser.add_argument("--page", type=Path, default=Path("BENCHMARKS.md"))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help=f"where {UNIFORM} is, if it is there")
    return parser.parse_args(argv)


def _splits(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def train(text: str, folder: Path) -> Trained:
    """One run in this process."""
    began = time.process_time()
    spec = bd.load_spec(text)
    result = bd.train(spec, compiler.read_data(spec, folder))
    spent = time.process_time() - began
    assert result.loss is not None
    return Trained(float(result.loss), result.accuracies["test"], spent)


def section(found: Sequence[tuple[Target, dict[str, list[Trained]]]], args: argparse.Namespace) -> str:
    """The table, with how it was made."""
    splits = f"{args.splits[0]}-{args.splits[-1]}"
    head = [
        f"`python specs/bench/mean_field.py --splits {splits}`, {datetime.now(UTC).date()}:",
        f"means over {len(args.splits)} splits, ± the standard deviation; the loss is that of the training part.",
        "CPU seconds of one core, in all; the limit is the stage's, by the clock.",
        "",
        "| | loss | limit s | | CPU s | training loss | at loss 0 | test | asked | reached |",
        "|---|---|---:|---|---:|---:|---:|---:|---|---|",
    ]
    return "\n".join([*head, *(line for target, runs in found for line in _rows(target, runs))])


def _rows(target: Target, runs: dict[str, list[Trained]]) -> list[str]:
    rows = []
    for method in METHODS:
        some = runs[method]
        loss, test = statistics.fmean(r.loss for r in some), statistics.fmean(r.test for r in some)
        at_0 = sum(r.loss == 0 for r in some)
        spread = statistics.pstdev(r.test for r in some)
        seconds = statistics.fmean(r.seconds for r in some)
        asked = ("", "") if method == "coordinate" else (_asked(target), "yes" if _reached(target, loss, test) else "**no**")
        cells = [target.name, target.loss, str(target.seconds), f"`{method}`", f"{seconds:.2f}", f"{loss:.1f}"]
        cells += [f"{at_0} of {len(some)}", f"{100 * test:.1f} ± {100 * spread:.1f} %", *asked]
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _asked(target: Target) -> str:
    asked = [] if target.most_loss is None else [f"loss ≤ {target.most_loss:g}"]
    return ", ".join(asked + ([] if target.least_test is None else [f"test ≥ {100 * target.least_test:g} %"]))


def _reached(target: Target, loss: float, test: float) -> bool:
    low_loss = target.most_loss is None or loss <= target.most_loss
    return low_loss and (target.least_test is None or test >= target.least_test)


def _line(target: Target, runs: dict[str, list[Trained]]) -> str:
    return "\n".join(_rows(target, runs))


if __name__ == "__main__":
    sys.exit(main())
