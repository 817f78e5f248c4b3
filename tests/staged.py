"""One stage by itself: run, its facts kept and folded."""

from __future__ import annotations

from dataclasses import dataclass, field

from bdnnlang.budget import Budget
from bdnnlang.language.spec import StageSpec
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.run.context import Context
from bdnnlang.run.facts import BoundReported, Fact, NetworkFound, StageStarted, StepEnded
from bdnnlang.run.records import StageRecord
from bdnnlang.run.stages import stage_of
from bdnnlang.run.state import RunState


@dataclass
class Staged:
    """What a stage came to, from the network `start`."""

    start: Incumbent
    facts: list[Fact] = field(default_factory=list)
    state: RunState = field(default_factory=RunState)

    @property
    def best(self) -> Incumbent:
        assert self.state.best is not None
        return self.state.best

    @property
    def selected(self) -> Incumbent | None:
        return self.state.shown

    @property
    def record(self) -> StageRecord:
        (record,) = self.state.stages
        return record

    @property
    def better(self) -> list[Incumbent]:
        """The networks that were found, without those that only took another's place."""
        return [fact.incumbent for fact in self.facts if isinstance(fact, NetworkFound) and not fact.polished]

    @property
    def steps(self) -> list[StepEnded]:
        return [fact for fact in self.facts if isinstance(fact, StepEnded)]

    @property
    def reported(self) -> list[float]:
        return [fact.bound for fact in self.facts if isinstance(fact, BoundReported)]


def staged(settings: StageSpec, training: TrainingProblem, start: Incumbent, budget: Budget, solver: str = "") -> Staged:
    """By the solver of the spec, unless there is a `solver`."""
    done = Staged(start, state=RunState(best=start).after(StageStarted(0, settings.name, budget.seconds)))

    def emit(fact: Fact) -> None:
        done.facts.append(fact)
        done.state = done.state.after(fact)

    stage_of(settings).run(Context(settings, training, solver or training.spec.train.solver, start, budget, emit))
    return done
