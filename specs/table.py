"""Runs the specs of the paper over split seeds and writes the table and the claims in `specs/README.md`.

    python specs/table.py [--seeds 10] [--only PATTERN] [--time 2s] [--workers 2] [--runs runs/paper] [--data DIR]

Each run goes through `bdnnc run SPEC -D split=SEED` in a process with one thread. A run folder that is whole and belongs to the
same spec is taken as it is, so a table that was interrupted is resumed by the same command. After a run that fails, the other
splits of its spec are left out, and the reason stands below the table. The specs of the authors' random files are run where
these files are in DIR, `../shared/data` if nothing is said: split s has file s, and begins again behind the last one.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paper_claims import claims
from paper_table import Found, Run, splitting, table

from bdnnlang import compiler
from bdnnlang.bench.sections import rewrite
from bdnnlang.compiler import CannotRead
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.effective import effective
from bdnnlang.report.as_json import sha256

HERE = Path(__file__).resolve().parent
AUTHORS = "Uniform_N10_m1000_*.csv"
# by the ends of the names of specs: those run at several widths, and those run on the first half of the splits
WIDTHS: dict[str, tuple[int | None, ...]] = {"_added": (4, 10, 20), "_small": (10,)}
HALF = ("_small", "_added", "_alternate", "_robust_2x50", "_certified_2x50", "_exact_2x50", "_split_2x50")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Case:
    """A spec with its params, on one split after another."""

    spec: Path
    width: int | None = None  # None: the spec's own
    splits: int = 1
    files: tuple[str, ...] = ()  # below the folder of the specs, one for each split by turns; none: the spec needs none

    @property
    def name(self) -> str:
        return self.spec.stem + (f", width {self.width}" if self.width else "")

    def params(self, split: int) -> list[str]:
        """As `-D` takes them."""
        file = [f"file={self.files[split % len(self.files)]}"] if self.files else []
        return [f"split={split}", *file, *([f"width={self.width}"] if self.width else [])]

    def folder(self, runs: Path, split: int) -> Path:
        return runs / "-".join([self.spec.stem, *([f"width{self.width}"] if self.width else []), str(split)])


Runner = Callable[[Case, int, str | None, Path], str]  # case, split, time, folder of the runs → what went wrong, or nothing


@dataclass
class Progress:
    """What was found until now."""

    found: dict[str, Found] = field(default_factory=dict)  # by the name of the case
    failed: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def main(argv: Sequence[str] | None = None, runner: Runner | None = None) -> int:
    """Rewrite the table; 1 if some run failed."""
    args = _arguments(argv)
    cases, progress = list(_cases(args)), Progress()
    with ThreadPoolExecutor(args.workers) as pool:
        for done in [pool.submit(_all_splits, case, args, progress, runner or run_case) for case in cases]:
            done.result()
    return 1 if progress.failed else 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run the specs of the paper and rewrite the table of their results.")
    parser.add_argument("--seeds", type=int, default=10, metavar="N", help="how many splits of each spec")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="of specs' names, as `iris_*`")
    parser.add_argument("--time", metavar="T", help="for each schedule, in place of the spec's own")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="runs at a time, each with one thread")
    parser.add_argument("--runs", type=Path, default=Path("runs/paper"), metavar="DIR", help="where the run folders are")
    default = HERE.parents[1] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=default, metavar="DIR", help="where the authors' random files are, if there")
    parser.add_argument("--specs", type=Path, default=HERE / "paper", help=argparse.SUPPRESS)
    parser.add_argument("--readme", type=Path, default=HERE / "README.md", help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def _cases(args: argparse.Namespace) -> Iterator[Case]:
    files = _brought(args.data, args.specs)
    for spec in sorted(args.specs.glob(f"{args.only}.bdnn")):
        splits = (args.seeds + 1) // 2 if spec.stem.endswith(HALF) else args.seeds
        widths = next((given for ending, given in WIDTHS.items() if spec.stem.endswith(ending)), (None,))
        if not spec.stem.startswith("uniform_"):
            yield from (Case(spec, width, splits) for width in widths)
        elif files:
            yield Case(spec, splits=splits, files=files)


def _brought(source: Path, specs: Path) -> tuple[str, ...]:
    """The authors' files, copied to where specs may read them."""
    place = specs / "data"
    for file in sorted(source.glob(AUTHORS)):
        place.mkdir(exist_ok=True)
        shutil.copy(file, place)
    return tuple(f"data/{file.name}" for file in sorted(place.glob(AUTHORS)))


# ---- running


def _all_splits(case: Case, args: argparse.Namespace, progress: Progress, runner: Runner) -> None:
    runs: list[Run] = []
    problem = ""
    for split in range(case.splits):
        if problem := runner(case, split, args.time, args.runs):
            print(f"{case.name}: split {split}: {problem}", file=sys.stderr)
            break
        runs.append(read(case.folder(args.runs, split)))
    with progress.lock:  # after every case, so that nothing is lost
        if problem:
            progress.failed[case.name] = f"split {split}: {problem}"
        if runs:
            progress.found[case.name] = Found(case.spec.stem, case.width, tuple(runs))
        rewrite(args.readme, "table", table(progress.found, progress.failed, _command(args)))
        rewrite(args.readme, "splitting", splitting(progress.found))
        rewrite(args.readme, "claims", claims(progress.found))


def _command(args: argparse.Namespace) -> str:
    flags = [f"--seeds {args.seeds}", f"--only '{args.only}'" * (args.only != "*"), f"--time {args.time}" * bool(args.time)]
    return " ".join(["python specs/table.py", *filter(None, flags)])


def run_case(case: Case, split: int, time: str | None, runs: Path) -> str:
    """One run in a process of its own, unless its folder is there already; what went wrong, or nothing."""
    folder = case.folder(runs, split)
    try:
        wanted = fingerprint(case, split)
    except Rejected as rejected:
        first = rejected.diagnostics[0]
        return f"does not load: {first.code}: {first.message}"
    except CannotRead as error:
        return str(error)
    if is_done(folder, wanted, time):
        return ""
    print(f"{case.name}, split {split} …", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "bdnnlang.cli", "run", str(case.spec), "--out", str(folder), "--force", "--threads", "1"]
    command += [word for define in case.params(split) for word in ("-D", define)]
    command += ["--time", time] if time else []
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | ONE_THREAD)
    if done.returncode not in (0, 3) or not (folder / "run.json").exists():
        return f"exit code {done.returncode}: {(done.stderr.strip().splitlines() or ['no message'])[-1][:200]}"
    if read(folder)["result"]["network"] is None:
        return "it found no network"
    (folder / "table.json").write_text(json.dumps({"spec": wanted, "time": time}), encoding="utf-8")
    return ""


def fingerprint(case: Case, split: int) -> str:
    """Of what the spec means with these params, whatever its comments say."""
    loaded, _ = compiler.read_spec(case.spec, case.params(split))
    return sha256(effective(dataclasses.replace(loaded, params=())))


def is_done(folder: Path, wanted: str, time: str | None) -> bool:
    """Was exactly this run to its end?"""
    try:
        kept = json.loads((folder / "table.json").read_text(encoding="utf-8"))
        return bool(kept == {"spec": wanted, "time": time}) and "result" in read(folder)
    except (OSError, ValueError):
        return False


def read(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "run.json").read_text(encoding="utf-8")))


if __name__ == "__main__":
    sys.exit(main())
