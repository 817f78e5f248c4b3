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
from bdnnlang.arguments import Args
from bdnnlang.compiler import CannotRead
from bdnnlang.data.types import Dataset
from bdnnlang.files import write_text
from bdnnlang.report.as_json import sha256
from bdnnlang.report.bench import Benchmark, clock, ended, number, text
from bdnnlang.report.bench_files import bench_json, machine, measured, page
from bdnnlang.report.plan import weights_text
from bdnnlang.report.summary import versions
from bdnnlang.runtime.bench import SCHEDULE, Attempt, Cell, Instance, Kind, measure
from bdnnlang.runtime.types import Interrupt
from bdnnlang.spec.schema import ROWS, below
from bdnnlang.spec.types import Exact, Spec

NO_INFLUENCE = ("report/", "syntax/", "export/", "arguments.py", "bench.py", "cli/", "render.py")  # on what a run comes to


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


def read_plan(args: Args) -> Plan:
    """What a command line asks for. Raises Rejected, CannotRead."""
    kinds = read_kinds(args.formulations, args.solvers, args.without, schedule=args.schedule)
    for name in args.limits:
        _known("formulation to limit", name, list(dict.fromkeys(n for kind in kinds for n in (kind.formulation, kind.name))))
    for file in (args.json, args.markdown, args.cache):
        if file is not None and not file.parent.is_dir():
            raise CannotRead(f"cannot write `{file}`: there is no folder {file.parent}")
    return Plan(read_problems(args.specs), kinds, args.limits, args.time, args.repeat, args.threads)


def read_command(args: Args) -> str:
    """The command line that measures the same: folders of specs are not spelled out, and where they lie is left out."""
    folders = dict.fromkeys(path.parent for path in args.specs)
    words = []
    for folder in folders:
        here = [path for path in args.specs if path.parent == folder]
        place = folder.name if folder.is_absolute() else folder.as_posix()
        whole = len(here) > 2 and len(here) == len(list(folder.glob("*.bdnn")))
        words += [f"{place}/*.bdnn"] if whole else [f"{place}/{path.name}" for path in here]
    words += [f"--formulations {args.formulations}"] if args.formulations else []
    words += [f"--solvers {args.solvers}", f"--time {args.time:g}"]
    words += ["--limits " + ",".join(f"{name}={seconds:g}" for name, seconds in args.limits.items())] if args.limits else []
    words += [f"--without {one}" for one in args.without]
    words += ["--schedule"] * args.schedule + [f"--repeat {args.repeat}"] * (args.repeat > 1)
    return " ".join(["bdnnc bench", *words, *[f"--threads {args.threads}"] * (args.threads > 1)])


def product(found: Benchmark, args: Args) -> str:
    """What goes to standard output."""
    if args.format == "json" or args.json == Path("-"):
        return _json(found)
    return measured(found) if args.format == "markdown" else text(found)


def save(found: Benchmark, args: Args) -> None:
    """Write the files that are asked for. Raises OSError."""
    if args.json not in (None, Path("-")):
        write_text(args.json, _json(found) + "\n")
    if args.markdown is not None and not found.interrupted:  # half a table is no reason to lose a whole one
        earlier = args.markdown.read_text(encoding="utf-8") if args.markdown.exists() else None
        write_text(args.markdown, page(found, earlier))


def _json(found: Benchmark) -> str:
    return json.dumps(bench_json(found), indent=2, ensure_ascii=False)


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
        Kind(*_formulation(name, known, without, _known("solver", solver, tuple(below("train.solver", "word")))))
        for name, _, own in (text.partition("/") for text in names)
        for solver in (own or solvers).split(",")
    ]
    unused = set(without) - {one for kind in kinds for one in kind.without}
    if unused:
        raise CannotRead(f"no formulation of {', '.join(names)} has a pass `{min(unused)}`")
    return tuple(dict.fromkeys(kinds)) + ((SCHEDULE,) if schedule else ())


def _formulation(text: str, known: Sequence[str], without: Sequence[str], solver: str) -> tuple[str, str, tuple[str, ...]]:
    name, *own = text.split("-")
    there = tuple(below("train.without", "word")) if _known("formulation", name, known) == "tight" else ()
    if own and not there:
        raise CannotRead(f"formulation `{name}` has no pass that can be left out")
    own = [_known("pass", one, there) for one in own]
    return name, solver, tuple(dict.fromkeys([*own, *(one for one in without if one in there)]))


def _known(what: str, word: str, known: Sequence[str]) -> str:
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
        spec = arranged(problem.spec, kind, limit, problem.spec.train.seed + repeat, plan.threads)
        key = memory.key(spec, problem.data)
        done = memory.get(key) or measure(spec, problem.data, stop)
        if isinstance(done, str):
            return Cell(problem.name, kind, limit, cannot=done)
        if stop.count:
            break
        memory.keep(key, done)
        attempts.append(done)
    return Cell(problem.name, kind, limit, tuple(attempts))


def arranged(spec: Spec, kind: Kind, seconds: float, seed: int, threads: int) -> Spec:
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
