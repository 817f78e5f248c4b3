"""Runs the specs of the paper over split seeds and writes the table and the claims in `specs/README.md`.

    python specs/table.py [--seeds 10] [--only PATTERN] [--time 2s] [--workers 2] [--data DIR]

The runs of a spec are a sweep over its splits and widths, in `runs/<spec>-<hash>` as `bd.run_sweep` puts it there, and one that
was interrupted is resumed by the same command. The table has the splits before the first one that failed, whose reason stands
below it. The specs of the authors' random files are run where these files are in DIR, `../shared/data` if nothing is said:
split s has file s, and begins again behind the last one, so that these specs have a sweep for each file.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paper_claims import claims
from paper_table import Found, Run, splitting, table

import bdnnlang as bd
from bdnnlang.bench.sections import rewrite
from bdnnlang.cli.arguments import duration
from bdnnlang.language import printing

if TYPE_CHECKING:
    Sweeper = Callable[..., bd.SweepResult]

HERE = Path(__file__).resolve().parent
AUTHORS = "Uniform_N10_m1000_*.csv"
# by the ends of the names of specs: those run at several widths, and those run on the first half of the splits
WIDTHS = {"_added": (4, 10, 20), "_small": (10,)}
HALF = ("_small", "_added", "_alternate", "_robust_2x50", "_certified_2x50", "_exact_2x50", "_split_2x50")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
INTERRUPTED = 130  # exit code


@dataclass(frozen=True)
class Case:
    """A spec, over the splits from 0 at each width."""

    spec: Path
    splits: int = 1
    widths: tuple[int, ...] = ()  # none: the spec's own
    files: tuple[str, ...] = ()  # below the folder of the specs, one for each split by turns; none: the spec needs none

    def sweeps(self) -> Iterator[dict[str, object]]:
        """What each sweep gives to params."""
        if not self.files:
            yield ({"width": self.widths} if self.widths else {}) | {"split": range(self.splits)}
        for number, file in enumerate(self.files[: self.splits]):
            yield {"file": file, "split": range(number, self.splits, len(self.files))}


@dataclass(frozen=True)
class Point:
    """A point of a sweep, as a row of `sweep.json`, and its run folder."""

    row: Mapping[str, Any]
    folder: Path

    @property
    def width(self) -> int | None:
        """None: the spec's own."""
        return int(self.row["values"]["width"]) if "width" in self.row["values"] else None

    @property
    def split(self) -> int:
        return int(self.row["values"]["split"])

    def run(self) -> Run:
        return dict(json.loads((self.folder / "run.json").read_text(encoding="utf-8")))


@dataclass
class Progress:
    """What was found until now, and what failed, by the name of the spec with its width."""

    found: dict[str, Found] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def main(argv: Sequence[str] | None = None, sweep: Sweeper | None = None) -> int:
    """Rewrite the table; 1 if some run failed."""
    args, progress = _arguments(argv), Progress()
    for case in _cases(args):
        try:
            _add(progress, case, _points(case, args, sweep or bd.run_sweep))
        except KeyboardInterrupt:
            return INTERRUPTED
        except (bd.SpecError, bd.CannotRead) as error:
            progress.failed[case.spec.stem] = _why(error)
        rewrite(args.readme, "table", table(progress.found, progress.failed, _command(args)))
        rewrite(args.readme, "splitting", splitting(progress.found))
        rewrite(args.readme, "claims", claims(progress.found))
    for name, why in progress.failed.items():
        print(f"{name}: {why}", file=sys.stderr)
    return 1 if progress.failed else 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run the specs of the paper and rewrite the table of their results.")
    parser.add_argument("--seeds", type=int, default=10, metavar="N", help="how many splits of each spec")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="of specs' names, as `iris_*`")
    parser.add_argument("--time", type=duration, metavar="T", help="for each schedule, in place of the spec's own")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="runs at a time, each with one thread")
    default = HERE.parents[1] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=default, metavar="DIR", help="where the authors' random files are, if there")
    parser.add_argument("--specs", type=Path, default=HERE / "paper", help=argparse.SUPPRESS)
    parser.add_argument("--readme", type=Path, default=HERE / "README.md", help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def _cases(args: argparse.Namespace) -> Iterator[Case]:
    files = _brought(args.data, args.specs)
    for spec in sorted(args.specs.glob(f"{args.only}.bdnn")):
        splits = (args.seeds + 1) // 2 if spec.stem.endswith(HALF) else args.seeds
        widths = next((given for ending, given in WIDTHS.items() if spec.stem.endswith(ending)), ())
        if not spec.stem.startswith("uniform_"):
            yield Case(spec, splits, widths)
        elif files:
            yield Case(spec, splits, files=files)


def _brought(source: Path, specs: Path) -> tuple[str, ...]:
    """The authors' files, copied to where specs may read them."""
    place = specs / "data"
    for file in sorted(source.glob(AUTHORS)):
        place.mkdir(exist_ok=True)
        shutil.copy(file, place)
    return tuple(f"data/{file.name}" for file in sorted(place.glob(AUTHORS)))


def _command(args: argparse.Namespace) -> str:
    flags = [f"--seeds {args.seeds}", f"--only '{args.only}'" * (args.only != "*")]
    flags += [f"--time {printing.duration(args.time)}"] if args.time else []
    return " ".join(["python specs/table.py", *filter(None, flags)])


# ---- running


def _points(case: Case, args: argparse.Namespace, sweep: Sweeper) -> list[Point]:
    """All of a case, by split. Raises KeyboardInterrupt once one has been interrupted, SpecError, CannotRead."""
    points: list[Point] = []
    for define in case.sweeps():
        print(f"{case.spec.stem} …", file=sys.stderr, flush=True)
        done = sweep(case.spec, define=define, time=args.time, workers=args.workers, resume=True)
        points += [Point(row, done.folder / row["folder"]) for row in done.rows]
        if any(row["state"] in ("waiting", "interrupted") for row in done.rows):
            raise KeyboardInterrupt
    return sorted(points, key=lambda point: point.split)


def _add(progress: Progress, case: Case, points: Sequence[Point]) -> None:
    """The runs before the first one that failed, so that the runs of two specs are on the same splits."""
    for width in case.widths or (None,):
        name = case.spec.stem + (f", width {width}" if width else "")
        own = [point for point in points if point.width == width]
        bad = next((number for number, point in enumerate(own) if point.row["state"] == "failed"), len(own))
        if bad < len(own):
            progress.failed[name] = f"split {own[bad].split}: {own[bad].row['why']}"
        if bad:
            progress.found[name] = Found(case.spec.stem, width, tuple(point.run() for point in own[:bad]))


def _why(error: bd.SpecError | bd.CannotRead) -> str:
    """In a line."""
    if isinstance(error, bd.CannotRead):
        return str(error)
    first = error.diagnostics[0]
    return f"does not load: {first.code}: {first.message}"


if __name__ == "__main__":
    os.environ.update(ONE_THREAD)  # before numerics begin, here and in the workers
    sys.exit(main())
