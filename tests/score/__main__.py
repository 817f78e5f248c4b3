"""`python -m score [--share 0.1] [--rows 1,8] [--page docs/reliability.md]`: try, count, and write the page."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bdnnlang.files import write_text
from bdnnlang.report.summary import versions
from score.rows import ROWS, Row


@dataclass(frozen=True)
class Score:
    """What became of a row."""

    row: Row
    tried: int
    failures: tuple[str, ...]
    seconds: float

    @property
    def line(self) -> str:
        tried = self.tried * self.row.each
        return f"| {self.row.number} | {self.row.measure} | {tried - len(self.failures):,} of {tried:,} | {self.seconds:,.0f} |"


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 1 where anything failed."""
    args = _parser().parse_args(argv)
    wanted = {int(number) for number in args.rows.split(",")} if args.rows else {row.number for row in ROWS}
    scores = []
    for row in ROWS:
        if row.number in wanted:
            scores.append(score(row, args.share, args.workers))
            print(scores[-1].line, *scores[-1].failures, sep="\n  ", flush=True)
    if args.page:
        write_text(args.page, page(scores, args.share))
    return int(any(one.failures for one in scores))


def score(row: Row, share: float, workers: int) -> Score:
    """Try this share of a row, evenly spread over its trials."""
    began = time.monotonic()
    count = max(1, round(row.trials * share))
    numbers = [trial * row.trials // count for trial in range(count)]
    failures = tuple(f"{number}: {said}" for number, said in zip(numbers, _said(row, numbers, workers), strict=True) if said)
    return Score(row, count, failures, time.monotonic() - began)


def _said(row: Row, numbers: Sequence[int], workers: int) -> Iterator[str]:
    if row.alone or workers == 1:
        yield from map(_tried(row), numbers)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(_tried(row), numbers, chunksize=1)


def _tried(row: Row) -> Callable[[int], str]:
    return _Trial(row.trial)


@dataclass(frozen=True)
class _Trial:
    """An exception of a trial is a failure of it."""

    trial: Callable[[int], str]

    def __call__(self, number: int) -> str:
        try:
            return self.trial(number)
        except Exception as error:
            return f"{type(error).__name__}: {error}"


def page(scores: Iterable[Score], share: float) -> str:
    """The table as Markdown, with date and versions."""
    scores = list(scores)
    used = ", ".join(f"{name} {version}" for name, version in versions().items())
    part = "all of it" if share == 1 else f"{100 * share:g} % of it"
    lines = [
        "# Reliability",
        "",
        "What was tried, and how often it held. `make score` writes this page; the tests try a hundredth of it at each change.",
        "A trial is a function of its number: `python -m score --rows N` (in `tests/`) names those that failed.",
        "",
        f"{date.today().isoformat()}, {part}. {used}.",
        "",
        "| # | measure | held | seconds |",
        "|---|---|---|---|",
        *(one.line for one in scores),
        "",
    ]
    failed = [f"- row {one.row.number}, trial {said}" for one in scores for said in one.failures]
    return "\n".join([*lines, *(["## Failures", "", *failed, ""] if failed else [])])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="score", description="The scorecard: what we promise, tried and counted.")
    parser.add_argument("--share", type=float, default=1.0, help="of the trials of each row (default: 1)")
    parser.add_argument("--rows", help="numbers of rows, as 1,8 (default: all)")
    parser.add_argument("--workers", type=int, default=2, help="trials side by side (default: 2)")
    parser.add_argument("--page", type=Path, help="write the table here")
    return parser


if __name__ == "__main__":
    sys.exit(main())
