"""What a stage gets, and what it is asked beside being run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from bdnnlang.budget import Budget
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import StageSpec
from bdnnlang.model.size import Extent
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.run.facts import BoundProved, Emit, StageEnded
from bdnnlang.run.status import StageStatus

S = TypeVar("S", bound=StageSpec)


@dataclass(frozen=True)
class Context(Generic[S]):
    """The problem, the state so far and the time that is there; `emit` takes the facts that the stage finds."""

    settings: S
    training: TrainingProblem
    solver: str  # the solver that is asked
    best: Incumbent  # so far, or a constant network
    budget: Budget
    emit: Emit
    log: Path | None = None  # for what solvers print
    proof: Path | None = None  # for the proof of a bound (docs/proofs.md)
    number: int = 0  # of the stage
    racers: tuple[str, ...] = ()  # solvers that are asked side by side, where it is more than one
    proved: tuple[BoundProved, ...] = ()  # so far, by a stage that was stopped too
    dask: str = ""  # the address of a cluster's scheduler, for stages that share their work out
    searches: bool = True  # is there a search of ours before the solver?

    def end(self, status: StageStatus, network: Incumbent | None, **said: Any) -> None:
        """Say how the stage ended, and with which network, if there is one; `said`: further members of the fact."""
        self.emit(StageEnded(self.number, self.settings.name, self.budget.spent, status, network, **said))


@dataclass(frozen=True, slots=True)
class Checks:
    """What of a stage's record follows from spec, data and networks, so that it can be computed again."""

    margin_factors: tuple[float, ...] = (1.0,)  # its program has one of these times the margin of the spec
    has_size: bool = True  # False: the program depends on networks that are not kept
    is_whole: bool = False  # its ending follows from its bound: it speaks of the whole problem
    by_validation: bool = False  # is its network selected by validation accuracy, where there is such a part?
    proves: bool = False  # its bound is its own, and not that of a program
    margin_as_built: bool = False  # its margin is that of the model before the formulation's passes


class Stage(Protocol):
    """A file of `stages/`: how a stage is run, and what there is to say of it."""

    needs_solver: bool

    def takes(self, settings: StageSpec, /) -> bool:
        """Are these its settings?"""

    def run(self, context: Context[Any], /) -> None:
        """Look for networks and bounds; everything found is emitted, and at last a `StageEnded`."""

    def describe(self, settings: Any, /) -> str:
        """The stage in the line of a plan."""

    def extent(self, settings: Any, data: Dataset, /) -> Extent | None:
        """That of the largest model that it builds; None: it builds none."""

    def checks(self, settings: Any, /) -> Checks:
        """What can be computed again."""
