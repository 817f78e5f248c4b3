"""Trains the robust benchmarks by both methods, `pattern` and `certified`, and writes the section `Robust` of a page.

    python specs/bench/robust.py SPEC… [--time 40] [--page BENCHMARKS.md] [--runs runs/robust.json]

Each run is one `bdnnc run SPEC --set robust.method=…`, one after another; the run folders lie in a folder named as `--runs`.
Proved robust errors are the training samples that the certificate of the network reported does not cover. Finished runs are
kept in `--runs`, so that a second call is short; one is made again when its spec, data, limit or our code has changed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import bdnnlang
from bdnnlang import compiler
from bdnnlang.bench.cache import NO_INFLUENCE
from bdnnlang.bench.sections import rewrite
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.effective import effective, set_text
from bdnnlang.language.spec import Spec
from bdnnlang.report.summary import versions

METHODS = ("pattern", "certified")
PATIENCE = 120.0  # seconds beyond its limit
Json = dict[str, Any]
Runner = Callable[[Path, str, float, Path], "Json | str"]  # spec, method, limit, folder → `run.json`, or what went wrong


@dataclass(frozen=True)
class Task:
    """A spec under one method, with its limit."""

    path: Path
    method: str
    spec: Spec
    data: Dataset

    @property
    def limit(self) -> float:
        return float(self.spec.train.time or 0)

    def key(self, code: str) -> str:
        """Of all that the run depends on."""
        spec = effective(replace(self.spec, params=()))
        return hashlib.sha256("\n".join([self.path.stem, spec, self.data.sha256, code]).encode()).hexdigest()


@dataclass(frozen=True)
class Result:
    """What a run came to. Without `seconds` it failed, and `status` is the reason; without `errors` it has no network."""

    spec: str
    rows: int
    around: str
    method: str
    status: str
    seconds: float | None = None
    errors: int | None = None
    bound: float | None = None


def main(argv: Sequence[str] | None = None, runner: Runner | None = None) -> int:
    """Run what is not kept, rewrite the section; 1 if a run failed."""
    args = _arguments(argv)
    code, kept = digest(), read(args.runs)
    results = []
    for task in tasks(args.specs, args.time):
        key = task.key(code)
        if key not in kept:
            kept[key] = result(task, (runner or run_spec)(task.path, task.method, task.limit, args.runs.with_suffix("")))
            write(args.runs, kept)
            print(f"{task.path.stem} {task.method}: {told(kept[key])}", file=sys.stderr, flush=True)
        results.append(kept[key])
        rewrite(
            args.page, "robust", section(results, args.time), title="# Benchmarks"
        )  # after every run, so that nothing is lost
    return 1 if any(one.seconds is None for one in results) else 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train the robust benchmarks by both methods and tabulate what is proved.")
    parser.add_argument("specs", metavar="SPEC", nargs="+", type=Path)
    parser.add_argument("--time", type=float, metavar="SECONDS", help="for each run, in place of the spec's own")
    parser.add_argument("--page", type=Path, default=Path("BENCHMARKS.md"))
    parser.add_argument("--runs", type=Path, default=Path("runs/robust.json"), metavar="FILE")
    return parser.parse_args(argv)


def tasks(paths: Sequence[Path], seconds: float | None) -> Iterator[Task]:
    for path in paths:
        for method in METHODS:
            spec, _ = compiler.read_spec(path, sets=[f"robust.method={method}"])
            limited = spec if seconds is None else compiler.limited(spec, seconds)
            yield Task(path, method, limited, compiler.read_data(spec, path.parent))


# ---- running


def run_spec(path: Path, method: str, seconds: float, runs: Path) -> Json | str:
    """One run in a process of its own."""
    folder = runs / f"{path.stem}-{method}"
    command = [sys.executable, "-m", "bdnnlang.cli", "run", str(path), "--set", f"robust.method={method}"]
    command += ["--time", f"{seconds:g}", "--out", str(folder)]
    (folder / "run.json").unlink(missing_ok=True)
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + PATIENCE)
    except subprocess.TimeoutExpired:
        return "does not end"
    if done.returncode not in (0, 3) or not (folder / "run.json").exists():
        return f"exit code {done.returncode}"
    return dict(json.loads((folder / "run.json").read_text(encoding="utf-8")))


def result(task: Task, run: Json | str) -> Result:
    """The line of the table; a run whose loss is not what its certificate leaves has failed."""
    robust = task.spec.robust
    assert robust is not None
    head = Result(task.path.stem, len(task.data.train), set_text(robust.perturbation.set), task.method, "")
    if isinstance(run, str):
        return replace(head, status=run)
    found = run["result"]
    errors = None if found["robust"] is None else found["robust"]["of"] - found["robust"]["certified"]
    if errors != found["verified_loss"]:
        return replace(head, status=f"loss {found['verified_loss']}, but {errors} not certified")
    return replace(head, status=found["status"], seconds=found["seconds"], errors=errors, bound=found["bound"])


def digest() -> str:
    """Of the versions in use and of our own code, as far as it bears on a run."""
    home = Path(bdnnlang.__path__[0])
    found = hashlib.sha256(json.dumps(versions()).encode())
    for path in sorted(home.rglob("*.py")):
        name = path.relative_to(home).as_posix()
        if not name.startswith(NO_INFLUENCE):
            found.update(f"{name}\n".encode() + path.read_bytes())
    return found.hexdigest()


def read(runs: Path) -> dict[str, Result]:
    """What is kept; nothing where the file is absent or not ours. Failed runs are made again."""
    try:
        kept = {key: Result(**fields) for key, fields in json.loads(runs.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
    return {key: one for key, one in kept.items() if one.seconds is not None}


def write(runs: Path, kept: dict[str, Result]) -> None:
    runs.parent.mkdir(parents=True, exist_ok=True)
    beside = runs.with_suffix(".part")
    beside.write_text(json.dumps({key: asdict(one) for key, one in kept.items()}, indent=1) + "\n", encoding="utf-8")
    beside.replace(runs)


# ---- the section


def section(results: Sequence[Result], seconds: float | None) -> str:
    limit = "the spec's own limit" if seconds is None else f"at most {seconds:g} s each"
    lines = [
        "## Robust",
        "",
        "Both methods of `robust` on the same rows, the training samples that are not proved right for every change in the set; "
        f"{limit}. The bound is for the method's own model with its margin, on the solver's word.",
        "",
        "| spec | rows | set | method | seconds | status | proved robust errors | bound |",
        "|---|---:|---|---|---:|---|---:|---:|",
        *map(row, results),
        "",
        summary(results),
    ]
    return "\n".join(lines)


def row(one: Result) -> str:
    seconds = "–" if one.seconds is None else f"{one.seconds:.1f}"
    errors = "–" if one.errors is None else str(one.errors)
    cells = (f"`{one.spec}`", str(one.rows), one.around, one.method, seconds, one.status, errors, _number(one.bound))
    return f"| {' | '.join(cells)} |"


def told(one: Result) -> str:
    if one.seconds is None:
        return one.status
    return f"{one.status} in {one.seconds:.1f} s, {one.errors} proved robust errors, bound {_number(one.bound)}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def summary(results: Sequence[Result]) -> str:
    """How the methods compare where both have a network, and where more time for `pattern` would not change it."""
    pairs = list(compared(results))
    above = [f"`{pair.spec}`" for pair in pairs if pair.certified > pair.pattern]
    never = f"no ({', '.join(above)})" if above else "yes" if pairs else "–"
    below = sum(pair.certified < pair.pattern for pair in pairs)
    settled = sum(pair.certified < pair.bound for pair in pairs)
    line = f"certified never above pattern: {never}; strictly below on {below} of {len(pairs)}"
    return f"{line}\n\nOn {settled} of them below the bound of pattern too, so that no longer run of it would come so low."


class Pair(NamedTuple):
    """Proved robust errors of both methods, and the bound of `pattern`."""

    spec: str
    pattern: int
    certified: int
    bound: float


def compared(results: Sequence[Result]) -> Iterator[Pair]:
    found = {(one.spec, one.method): one for one in results}
    for name in dict.fromkeys(one.spec for one in results):
        other, own = (found.get((name, method)) for method in METHODS)
        if other and own and other.errors is not None and own.errors is not None:
            yield Pair(name, other.errors, own.errors, other.bound or 0)


if __name__ == "__main__":
    sys.exit(main())
