"""A file becomes a network with a verified loss, and that the facts of a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from bdnnlang.arrays import Floats
from bdnnlang.imports.errors import rejection
from bdnnlang.imports.networks import form_of, read_network
from bdnnlang.model.build import outline
from bdnnlang.model.milp import Milp
from bdnnlang.model.model import Model
from bdnnlang.network.numbers import shown
from bdnnlang.polish.acceptance import verified_incumbent
from bdnnlang.polish.completion import completed
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.run.choose import Choice, check_whole
from bdnnlang.run.facts import BoundProved, BoundReported, ClaimRejected, Fact, FromFile, ModelBuilt, NetworkFound
from bdnnlang.run.records import Run
from bdnnlang.run.schedule import conclude
from bdnnlang.run.solving import described, margin
from bdnnlang.run.state import fold
from bdnnlang.solve import Naming, answers
from bdnnlang.solve.answers import point
from bdnnlang.solve.answers.base import AnswerError, AnswerFile, Kind

NO_ORDER = "leave out `--permute` (`permute`): it is for the answers of solvers"
NO_NAMES = "leave out `--names` (`names`): it is for the answers of solvers"
CHOICE = Choice("none", "a network was imported")


@dataclass(frozen=True, slots=True)
class Word:
    """The least objective that a solver says there is, in units of the objective that it solved; `by`: the solver's name."""

    bound: float
    by: str


@dataclass(frozen=True, slots=True)
class Brought:
    """A network that somebody brought, what it comes to, and what was said of it.

    `unit`: of the objective of the program, in those of the loss. `has_margin`: the program is about networks with a margin, and
    this one may have none. `kept`: has the network the objective that the values of its
    file have, or a lesser one?
    """

    origin: FromFile
    incumbent: Incumbent
    unit: Fraction
    has_margin: bool
    kept: bool = True
    model: ModelBuilt | None = None  # None: it came as a network
    notes: tuple[str, ...] = ()


def bring(training: TrainingProblem, path: Path, permute: int | None = None, names: Naming | None = None) -> Brought:
    """The network in a file, whatever wrote it, judged in exact arithmetic. Raises SpecError (E301 … E308), OSError.

    `permute`: the seed of the order that the model file's columns have, for answers that go by it; None: as they are.
    `names`: the kind that its columns have there; None: it is recognised.
    """
    try:
        with answers.opened(path) as file:
            form = form_of(file.head)
            if form is None:
                return _from_solution(training, file, path, permute, names)
            _refuse_columns(permute, names)
            network, notes = read_network(file, form, path, training)
            origin = FromFile(str(path), file.sha256, form)
            least = Model.of(training, outline(training), implications=False).problem
            return Brought(origin, training.incumbent(network), least.unit, margin(least) is not None, notes=notes)
    except AnswerError as refused:
        raise rejection(refused, path) from None


def _refuse_columns(permute: int | None, names: Naming | None) -> None:
    """Raises AnswerError where something is said of the columns of a network."""
    if permute is not None:
        raise AnswerError(Kind.OTHER_MODEL, "it is a network, which has no order of columns", way=NO_ORDER)
    if names is not None:
        raise AnswerError(Kind.OTHER_MODEL, "it is a network, which has no names of columns", way=NO_NAMES)


def _from_solution(training: TrainingProblem, file: AnswerFile, path: Path, permute: int | None, names: Naming | None) -> Brought:
    """The network that a point of the program stands for."""
    family = answers.family_of(file)
    check_whole(training.spec, training.data)
    model = Model.for_file(training)
    milp = model.program(permute)
    x = milp.unshuffled(_point(point.collect(family.read(file), point.Columns(milp, names)), milp))
    claim = model.claim(model.milp.objective(x)) or 0
    found = verified_incumbent(training, model, x, claim + training.costs.slack(claim))
    kept = found.reaches(claim + training.costs.rough(claim))
    origin = FromFile(str(path), file.sha256, family.PROGRAM, claim)
    built = described(model.milp, training.spec.train.formulation, model.problem)
    return Brought(origin, found, model.problem.unit, margin(model.problem) is not None, kept, built)


def _point(stated: point.Stated, milp: Milp) -> Floats:
    """The point of a program, its continuous columns completed if the file has none of them. Raises AnswerError."""
    try:
        return point.check(stated, milp)
    except AnswerError as refused:
        continuous = milp.integrality == 0
        if refused.kind is not Kind.NOT_SATISFIED or not continuous.any() or stated.is_given[continuous].any():
            raise
        whole = completed(milp, stated.filled)
        if whole is None:
            raise
        return point.check(point.Stated(whole, stated.header), milp)


# ---- facts


def facts_of(brought: Brought, training: TrainingProblem, word: Word | None) -> Iterator[Fact]:
    """What is learnt from a file, in order."""
    yield BoundProved(training.irreducible)
    if brought.model is not None:
        yield brought.model
    yield NetworkFound(0.0, brought.incumbent, brought.origin.form, origin=brought.origin)
    if not brought.kept:
        yield ClaimRejected(brought.origin.form, _broken(brought, training))
    if word is not None:
        bound = float(brought.unit * Fraction(repr(word.bound)))
        yield BoundReported(0.0, bound, 0, word.by)
        if (why := _refuted(brought, training, bound)) is not None:
            yield ClaimRejected(word.by, f"{word.by} claims a bound of {bound:g}, but {why}")


def _refuted(brought: Brought, training: TrainingProblem, bound: float) -> str | None:
    """What in the file a bound contradicts, in words: its values, or a network of which the program is about."""
    claim, objective = brought.origin.claimed_objective, brought.incumbent.objective
    if claim is not None and bound > claim + training.costs.slack(claim):
        return f"the values in the file come to an objective of {shown(claim)}"
    if not brought.has_margin and brought.incumbent.acceptable and bound > objective + training.costs.slack(objective):
        return f"the network has an objective of {shown(objective)}"
    return None


def _broken(brought: Brought, training: TrainingProblem) -> str:
    """What the values claim and the network does not keep."""
    kind, found = "objective" if training.costs.penalties else "loss", brought.incumbent
    claim = brought.origin.claimed_objective
    result = shown(found.objective) if found.acceptable else found.evaluation.fault
    return f"the network does not keep the {kind} of {shown(claim or 0)} that its values come to: its own is {result}"


def run_of(facts: list[Fact], training: TrainingProblem, seconds: float) -> Run:
    """The run that these facts are."""
    return conclude(fold(facts), training, CHOICE, interrupted=False, seconds=seconds)
