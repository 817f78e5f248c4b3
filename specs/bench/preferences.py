"""What `prefer` does to networks of the least loss: margin, nonzero weights and test accuracy, over many splits.

    python specs/bench/preferences.py [--splits 0-19] [--only PATTERN] [--page BENCHMARKS.md]

Two hidden neurons, 25 % of the data for the test; the same search comes first in each run, and each preference has 3 seconds.
"""

from __future__ import annotations

import argparse
import fnmatch
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import bdnnlang as bd
from bdnnlang import compiler
from bdnnlang.bench.sections import rewrite
from bdnnlang.polish.preference import preference_value

SECONDS = 3
PREFERENCES = ((), ("margin",), ("sparsity",), ("margin", "sparsity"))
DATA = ("breast_cancer", "iris", "wine", "digits")
WEIGHTS = ("[-1, 1]", "{-1, 0, 1}")
SPEC = """
bdnn 1
data {data} {{ test = 25%, split_seed = {split} }}
network {{ weights in {weights}, hidden 2 }}
train {{ seed = {split}, time = {time}s, {prefer} local_search 1s {{ restarts = 20 }} }}
"""


@dataclass(frozen=True)
class Trained:
    """What a run came to."""

    loss: float
    margin: float
    nonzeros: int
    test: float


Trainer = Callable[[str], Trained]
Runs = dict[tuple[str, ...], list[Trained]]


def text(data: str, weights: str, split: int, prefer: Sequence[str]) -> str:
    """The spec of a run."""
    words = f"prefer = [{', '.join(prefer)}]," if prefer else ""
    return SPEC.format(data=data, weights=weights, split=split, prefer=words, time=1 + SECONDS * len(prefer))


def main(argv: Sequence[str] | None = None, trainer: Trainer | None = None) -> int:
    """Train everything, and rewrite the section after each data set."""
    args = _arguments(argv)
    found: list[tuple[str, str, Runs]] = []
    for data in DATA:
        for weights in WEIGHTS:
            if not fnmatch.fnmatch(data, args.only):
                continue
            runs: Runs = {prefer: [] for prefer in PREFERENCES}
            found.append((data, weights, runs))
            for split in args.splits:
                for prefer in PREFERENCES:
                    runs[prefer].append((trainer or train)(text(data, weights, split, prefer)))
            print("\n".join(_rows(*found[-1])), file=sys.stderr, flush=True)
            rewrite(args.page, "preferences", section(found, args), title="## Preferences")
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train with and without preferences, and tabulate what they change.")
    parser.add_argument("--splits", type=_splits, default="0-19", metavar="FIRST-LAST", help="seeds of the splits")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="of the data, as `iris`")
    parser.add_argument("--page", type=Path, default=Path("BENCHMARKS.md"))
    return parser.parse_args(argv)


def _splits(words: str) -> range:
    first, _, last = words.partition("-")
    return range(int(first), int(last or first) + 1)


def train(words: str) -> Trained:
    """One run in this process."""
    spec = bd.load_spec(words)
    problem = bd.TrainingProblem(spec, compiler.read_data(spec, Path()))
    result = bd.train(spec, problem.data)
    network = result.network
    assert network is not None
    assert result.loss is not None
    margin, nonzeros = (float(preference_value(problem, network, kind)) for kind in ("margin", "sparsity"))
    return Trained(float(result.loss), margin, int(nonzeros), result.accuracies["test"])


def section(found: Sequence[tuple[str, str, Runs]], args: argparse.Namespace) -> str:
    """The table, with how it was made."""
    splits = f"{args.splits[0]}-{args.splits[-1]}"
    head = [
        f"`python specs/bench/preferences.py --splits {splits}`, {datetime.now(UTC).date()}:",
        f"means over {len(args.splits)} splits; `test` ± the standard deviation, and the mean difference to the same split",
        "without a preference ± its standard error.",
        "",
        "| data | weights | prefer | loss | margin | nonzero weights | test | difference |",
        "|---|---|---|---:|---:|---:|---:|---:|",
    ]
    return "\n".join([*head, *(row for one in found for row in _rows(*one))])


def _rows(data: str, weights: str, runs: Runs) -> list[str]:
    rows, plain = [], [run.test for run in runs[()]]
    for prefer, some in runs.items():
        tests = [run.test for run in some]
        means = [statistics.fmean(getattr(run, name) for run in some) for name in ("loss", "margin", "nonzeros")]
        cells = [data, f"`{weights}`", ", ".join(prefer) or "–", f"{means[0]:.2f}", f"{means[1]:.3f}", f"{means[2]:.1f}"]
        cells += [f"{100 * statistics.fmean(tests):.1f} ± {100 * statistics.pstdev(tests):.1f} %"]
        cells += [_difference([a - b for a, b in zip(tests, plain, strict=True)]) if prefer else ""]
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _difference(each: Sequence[float]) -> str:
    error = statistics.stdev(each) / len(each) ** 0.5 if len(each) > 1 else 0.0
    return f"{100 * statistics.fmean(each):+.1f} ± {100 * error:.1f}"


if __name__ == "__main__":
    sys.exit(main())
