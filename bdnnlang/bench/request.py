"""What a command line asks `bdnnc bench` to measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bdnnlang import compiler
from bdnnlang.bench.cells import SCHEDULE, Variant
from bdnnlang.compiler import CannotRead
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.schema import ROWS, below
from bdnnlang.language.spec import Spec


@dataclass(frozen=True, slots=True)
class Problem:
    """A spec with its data."""

    name: str
    spec: Spec
    data: Dataset


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be measured: every variant on every problem, `repeat` times with seeds that count up."""

    problems: tuple[Problem, ...]
    variants: tuple[Variant, ...]
    limits: Mapping[str, float]  # seconds for a formulation, or `schedule`, where they are not `seconds`
    seconds: float
    repeat: int
    threads: int

    def limit(self, variant: Variant) -> float:
        """Seconds for each run of a variant."""
        return self.limits.get(variant.name, self.limits.get(variant.formulation, self.seconds))


def read_problems(paths: Sequence[Path]) -> tuple[Problem, ...]:
    """Specs and data of all, before anything is run. Raises Rejected, CannotRead."""
    specs = [(path, compiler.read_spec(path)[0]) for path in paths]
    stems = [path.stem for path in paths]
    names = [path.stem if stems.count(path.stem) == 1 else path.with_suffix("").as_posix() for path in paths]
    return tuple(
        Problem(name, spec, compiler.read_data(spec, path.parent)) for name, (path, spec) in zip(names, specs, strict=True)
    )


def read_variants(formulations: str | None, solvers: str, without: Sequence[str], *, schedule: bool) -> tuple[Variant, ...]:
    """As on the command line: `paper,tight-unit_rows`, `scip,highs`. Raises CannotRead for words that do not exist.

    `tight/cpsat` is that formulation with that solver only.
    """
    known = tuple(below("train.formulation", "word"))
    usual = ROWS["train.formulation"].default  # the last, so that the ratios say what it gains
    names = sorted(known, key=lambda name: name == usual) if formulations is None else formulations.split(",")
    variants = [
        Variant(*_formulation(name, known, without, checked_name("solver", solver, tuple(below("train.solver", "word")))))
        for name, _, solver_names in (text.partition("/") for text in names)
        for solver in (solver_names or solvers).split(",")
    ]
    unused = set(without) - {name for variant in variants for name in variant.without}
    if unused:
        raise CannotRead(f"no formulation of {', '.join(names)} has a pass `{min(unused)}`")
    return tuple(dict.fromkeys(variants)) + ((SCHEDULE,) if schedule else ())


def _formulation(text: str, known: Sequence[str], without: Sequence[str], solver: str) -> tuple[str, str, tuple[str, ...]]:
    """Its name, the solver, and the passes that are left out, by its name or by `--without`."""
    name, *passes = text.split("-")
    known_passes = tuple(below("train.without", "word")) if checked_name("formulation", name, known) == "tight" else ()
    if passes and not known_passes:
        raise CannotRead(f"formulation `{name}` has no pass that can be left out")
    passes = [checked_name("pass", word, known_passes) for word in passes]
    return name, solver, tuple(dict.fromkeys([*passes, *(word for word in without if word in known_passes)]))


def checked_name(what: str, word: str, known: Sequence[str]) -> str:
    """The word. Raises CannotRead if it is not known."""
    if word not in known:
        raise CannotRead(f"there is no {what} `{word}`: {', '.join(known)}")
    return word
