"""`bdnnc bench`: what is to be measured, one run after the other, and a memory of runs that are done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import bdnnlang
from bdnnlang import compiler
from bdnnlang.bench.measure import SCHEDULE, Attempt, Cell, Instance, Kind, measure
from bdnnlang.bench.page import machine
from bdnnlang.bench.table import Benchmark, clock, ended, number
from bdnnlang.budget import Interrupt
from bdnnlang.compiler import CannotRead
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.schema import ROWS, below
from bdnnlang.language.spec import Exact, Spec
from bdnnlang.report.as_json import sha256
from bdnnlang.report.plan import weights_text
from bdnnlang.report.summary import versions

NO_INFLUENCE = (
    "report/",
    "compare/",
    "language/syntax/",
    "network/export/",
    "folder/",
    "bench/",
    "cli/",
    "render.py",
)  # on what a run comes to


@dataclass(frozen=True, slots=True)
class Problem:
    name: str
    spec: Spec
    data: Dataset


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be measured: every kind on every problem, `repeat` times with seeds that count up."""

    problems: tuple[Problem, ...]
    kinds: tuple[Kind, ...]
    limits: Mapping[str, float]  # seconds for a formulation, or `schedule`, where they are not `seconds`
    seconds: float
    repeat: int
    threads: int

    def limit(self, kind: Kind) -> float:
        return self.limits.get(kind.name, self.limits.get(kind.formulation, self.seconds))


# ---- what is asked for


def read_problems(paths: Sequence[Path]) -> tuple[Problem, ...]:
    """Specs and data of all, before anything is run. Raises Rejected, CannotRead."""
    specs = [(path, compiler.read_spec(path)[0]) for path in paths]
    stems = [path.stem for path in paths]
    names = [path.stem if stems.count(path.stem) == 1 else path.with_suffix("").as_posix() for path in paths]
    return tuple(
        Problem(name, spec, compiler.read_data(spec, path.parent)) for name, (path, spec) in zip(names, specs, strict=True)
    )


def read_kinds(formulations: str | None, solvers: str, without: Sequence[str], *, schedule: bool) -> tuple[Kind, ...]:
    """As on the command line: `paper,tight-unit_rows`, `scip,highs`. Raises CannotRead for words that do not exist.

    `tight/cpsat` is that formulation with that solver only.
    """
    known = tuple(below("train.formulation", "word"))
    usual = ROWS["train.formulation"].default  # the last, so that the ratios say what it gains
    names = sorted(known, key=lambda name: name == usual) if formulations is None else formulations.split(",")
    kinds = [
        Kind(*_formulation(name, known, without, checked_name("solver", solver, tuple(below("train.solver", "word")))))
        for name, _, own in (text.partition("/") for text in names)
        for solver in (own or solvers).split(",")
    ]
    unused = set(without) - {one for kind in kinds for one in kind.without}
    if unused:
        raise CannotRead(f"no formulation of {', '.join(names)} has a pass `{min(unused)}`")
    return tuple(dict.fromkeys(kinds)) + ((SCHEDULE,) if schedule else ())


def _formulation(text: str, known: Sequence[str], without: Sequence[str], solver: str) -> tuple[str, str, tuple[str, ...]]:
    name, *own = text.split("-")
    there = tuple(below("train.without", "word")) if checked_name("formulation", name, known) == "tight" else ()
    if own and not there:
        raise CannotRead(f"formulation `{name}` has no pass that can be left out")
    own = [checked_name("pass", one, there) for one in own]
    return name, solver, tuple(dict.fromkeys([*own, *(one for one in without if one in there)]))


def checked_name(what: str, word: str, known: Sequence[str]) -> str:
    if word not in known:
        raise CannotRead(f"there is no {what} `{word}`: {', '.join(known)}")
    return word


# ---- running


def run(plan: Plan, command: str, stop: Interrupt, tell: Callable[[str], None], cache: Path | None = None) -> Benchmark:
    """Measure everything, one run at a time; what the cache has is taken from there, and what is measured goes there."""
    memory = _Memory(cache)
    cells: list[Cell] = []
    todo = [(problem, kind) for problem in plan.problems for kind in plan.kinds]
    for count, (problem, kind) in enumerate(todo, start=1):
        cell = _cell(problem, kind, plan, stop, memory)
        if stop.count:
            break
        cells.append(cell)
        tell(f"[{count}/{len(todo)}] {_told(cell)}")
    return Benchmark(
        command=command,
        date=date.today().isoformat(),
        versions=versions(),
        machine=machine(),
        seeds=plan.repeat,
        threads=plan.threads,
        instances=tuple(map(_instance, plan.problems)),
        cells=tuple(cells),
        interrupted=bool(stop.count),
    )


def _cell(problem: Problem, kind: Kind, plan: Plan, stop: Interrupt, memory: _Memory) -> Cell:
    limit = plan.limit(kind)
    attempts: list[Attempt] = []
    for repeat in range(plan.repeat):
        spec = with_kind(problem.spec, kind, limit, problem.spec.train.seed + repeat, plan.threads)
        key = memory.key(spec, problem.data)
        done = memory.get(key) or measure(spec, problem.data, stop)
        if isinstance(done, str):
            return Cell(problem.name, kind, limit, cannot=done)
        if stop.count:
            break
        memory.keep(key, done)
        attempts.append(done)
    return Cell(problem.name, kind, limit, tuple(attempts))


def with_kind(spec: Spec, kind: Kind, seconds: float, seed: int, threads: int) -> Spec:
    """The spec that is run: the exact stage alone, to the very optimum, or its own schedule; `seconds` for all of it."""
    changes: dict[str, Any] = {"seed": seed, "threads": threads}
    if kind == SCHEDULE:
        return compiler.limited(replace(spec, train=replace(spec.train, **changes)), seconds)
    changes |= {"formulation": kind.formulation, "solver": kind.solver, "time": seconds, "stages": (Exact(time=seconds),)}
    changes |= {"without": kind.without} if kind.without else {}
    return replace(spec, train=replace(spec.train, **changes))


def _instance(problem: Problem) -> Instance:
    layers = problem.spec.network.layers
    weights = " and ".join(dict.fromkeys(map(weights_text, layers)))
    data, hidden = problem.data, tuple(layer.width or 0 for layer in layers[:-1])
    return Instance(problem.name, len(data.train), len(data.features), len(data.classes), hidden, weights)


def _told(cell: Cell) -> str:
    head = f"{cell.spec} {cell.kind.label}:"
    if not cell.attempts:
        return f"{head} cannot: {cell.cannot}"
    return f"{head} {ended(cell)} in {clock(cell.clock)} s, verified {number(cell.median('verified'))}"


# ---- what is done already


class _Memory:
    """Finished runs in a file, a line each, by all that they depend on: spec, data, versions, machine and our own code."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.common = json.dumps([versions(), machine(), _code()]) if path else ""
        self.runs: dict[str, Attempt] = dict(self._read()) if path and path.exists() else {}

    def key(self, spec: Spec, data: Dataset) -> str:
        return sha256("\n".join([repr(replace(spec, params=())), data.sha256, self.common]))

    def get(self, key: str) -> Attempt | None:
        return self.runs.get(key)

    def keep(self, key: str, done: Attempt) -> None:
        if self.path is not None and key not in self.runs:
            self.runs[key] = done
            with self.path.open("a", encoding="utf-8") as file:
                file.write("\n" + json.dumps({"key": key, "run": asdict(done)}))  # after a line that was cut off, a new one

    def _read(self) -> list[tuple[str, Attempt]]:
        assert self.path is not None
        found = []
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                kept = json.loads(line)
                found.append((kept["key"], Attempt(**kept["run"] | {"notes": tuple(kept["run"]["notes"])})))
            except (ValueError, KeyError, TypeError):
                continue  # cut off while it was written, or of an earlier version
        return found


def _code() -> str:
    """A digest of the package, as far as it bears on a run."""
    home = Path(bdnnlang.__path__[0])
    digest = hashlib.sha256()
    for path in sorted(home.rglob("*.py")):
        name = path.relative_to(home).as_posix()
        if not name.startswith(NO_INFLUENCE):
            digest.update(f"{name}\n".encode() + path.read_bytes())
    return digest.hexdigest()
