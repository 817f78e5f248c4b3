"""Several solvers on one stage: whoever has a proof ends it, and what the others found and proved is kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import Call, says
from problems import SIGNS, dataset, network_spec, spec

from bdnnlang import solve
from bdnnlang.arrays import Floats
from bdnnlang.budget import Budget, Interrupt
from bdnnlang.language.spec import Exact
from bdnnlang.model.build import build
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.run.context import Context
from bdnnlang.run.facts import BoundProved, BoundReported, Fact, NetworkFound, StageEnded
from bdnnlang.run.solving import make_model
from bdnnlang.run.stages import exact
from bdnnlang.run.status import StageStatus
from bdnnlang.search.constant_networks import constant_incumbent
from bdnnlang.solve.outcome import FoundSolution, NewBound, Outcome, Status

DATA = dataset([[1.0], [2.0], [3.0], [4.0]], [0, 1, 0, 1])  # no network gets all right
ONE_ERROR = Network((Layer(np.array([[1.0]]), np.array([-2.0])),))
Answer = Callable[[Call], Outcome]


def training() -> TrainingProblem:
    own = spec(network_spec((), SIGNS), solver="scip")
    return TrainingProblem(replace(own, train=replace(own.train, without=("guide_solver",))), DATA)


def point(network: Network, of: TrainingProblem) -> Floats:
    return make_model(of, "scip").encode(network)


class Race:
    """A race in which each solver answers as a test wants."""

    def __init__(
        self, patch: pytest.MonkeyPatch, log: Path | None = None, interrupt: Interrupt | None = None, **answers: Answer
    ) -> None:
        self.facts: list[Fact] = []
        self.threads: set[int] = set()
        of = training()
        budget = Budget(60.0, interrupt or Interrupt())
        best = constant_incumbent(build(of.spec.network, None, of.data), of)

        def fake(
            name: str, *args: object, log: Path | None = None, improve: object = None, **events: Callable[..., bool]
        ) -> Outcome:
            milp, limits, start = args
            if log is not None:
                log.write_text(f"{name} at work\n")
            outcome = answers[name](Call(milp, limits, start, events["on_event"], events["stop"]))  # type: ignore[arg-type]
            return replace(outcome, solver=f"{name} 1")

        def emit(fact: Fact) -> None:
            self.facts.append(fact)
            self.threads.add(threading.get_ident())

        patch.setattr(solve, "solve", fake)
        exact.run(Context(Exact(), of, next(iter(answers)), best, budget, emit, log, racers=tuple(answers)))
        (self.ended,) = (fact for fact in self.facts if isinstance(fact, StageEnded))

    @property
    def bounds(self) -> list[tuple[str, object]]:
        return [(fact.by, fact.value) for fact in self.facts if isinstance(fact, BoundProved)]


def proves(call: Call) -> Outcome:
    return says(Status.OPTIMAL, point(ONE_ERROR, training()), 1.0, 1.0)


def waits(call: Call) -> Outcome:
    """Until it is stopped."""
    call.on_event(NewBound(0.1, 0.0, 1))
    began = time.monotonic()
    while not call.stop():
        assert time.monotonic() < began + 30
        time.sleep(0.01)
    return says(Status.INTERRUPTED, bound=0.0)


def finds(call: Call) -> Outcome:
    x = point(ONE_ERROR, training())
    call.on_event(FoundSolution(0.1, 1.0, x))
    return says(Status.FEASIBLE, x, 1.0, 0.0)


def bounds(call: Call) -> Outcome:
    return says(Status.NO_SOLUTION, bound=1.0)


def lies(call: Call) -> Outcome:
    """A bound above what a network costs."""
    time.sleep(0.3)
    return says(Status.NO_SOLUTION, bound=2.0)


def raises(call: Call) -> Outcome:
    raise KeyError("a wheel came off")


def test_the_first_proof_stops_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    race = Race(monkeypatch, scip=waits, highs=proves)
    assert (race.ended.status, race.ended.solver) == (StageStatus.OPTIMAL, "highs 1")
    assert race.ended.network is not None
    assert race.ended.network.loss == 1
    assert race.bounds == [("highs 1", 1)]
    assert [note.partition(" after")[0] for note in race.ended.notes[-2:]] == ["scip 1: stopped", "highs 1: optimal"]


@pytest.mark.parametrize(("first", "second"), [("scip", "highs"), ("highs", "scip")])
def test_of_two_proofs_the_first_is_that_of_the_stage(monkeypatch: pytest.MonkeyPatch, first: str, second: str) -> None:
    """Whoever stands first in the list: what is told of the bound is told of its author."""
    has_begun = threading.Event()

    def proves_first(call: Call) -> Outcome:
        assert has_begun.wait(30)  # or the other one would not be asked at all
        return proves(call)

    def proves_too_late(call: Call) -> Outcome:
        has_begun.set()
        waits(call)
        return proves(call)

    answers = {first: proves_first, second: proves_too_late}
    race = Race(monkeypatch, scip=answers["scip"], highs=answers["highs"])
    assert (race.ended.status, race.ended.solver) == (StageStatus.OPTIMAL, f"{first} 1")
    assert race.bounds == [(f"{first} 1", 1)]
    assert all("bound 1" in note for note in race.ended.notes[-2:])


def test_all_facts_come_from_one_thread_with_their_authors(monkeypatch: pytest.MonkeyPatch) -> None:
    race = Race(monkeypatch, scip=waits, highs=proves)
    assert race.threads == {threading.get_ident()}
    assert {fact.solver for fact in race.facts if isinstance(fact, BoundReported)} == {"scip"}
    assert {fact.by for fact in race.facts if isinstance(fact, NetworkFound)} <= {"scip", "highs", "polish"}
    assert isinstance(race.facts[-1], StageEnded)


def test_a_network_of_one_and_a_bound_of_another_are_a_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    race = Race(monkeypatch, scip=finds, highs=bounds)
    assert (race.ended.status, race.ended.solver) == (StageStatus.OPTIMAL, "highs 1")
    assert race.ended.network is not None
    assert race.ended.network.loss == 1
    assert race.bounds[-1] == ("highs 1", 1)


def test_a_bound_that_a_network_of_another_refutes_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    race = Race(monkeypatch, scip=finds, highs=lies)
    assert race.ended.status is not StageStatus.OPTIMAL
    assert race.ended.network is not None
    assert race.ended.network.loss == 1


def test_without_a_proof_the_greatest_bound_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    race = Race(monkeypatch, scip=lambda call: says(Status.NO_SOLUTION, bound=0.0), highs=finds)
    assert race.ended.status is StageStatus.FEASIBLE
    assert race.ended.network is not None
    assert race.ended.network.loss == 1


def test_a_bug_comes_out_and_stops_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyError, match="a wheel came off"):
        Race(monkeypatch, scip=waits, highs=raises)


def test_a_stop_of_the_user_keeps_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt = Interrupt()

    def found_and_stopped(call: Call) -> Outcome:
        call.on_event(FoundSolution(0.1, 1.0, point(ONE_ERROR, training())))
        interrupt.request()
        return waits(call)

    race = Race(monkeypatch, interrupt=interrupt, scip=found_and_stopped, highs=waits)
    assert race.ended.status is StageStatus.INTERRUPTED
    assert race.ended.network is not None
    assert race.ended.network.loss == 1
    assert [note.partition(" after")[0].split()[-1] for note in race.ended.notes[-2:]] == ["interrupted", "interrupted"]


def test_the_logs_stand_one_after_another(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    log = tmp_path / "solver.log"
    Race(monkeypatch, log, scip=bounds, highs=finds)
    assert log.read_text() == "\n==== scip\nscip at work\n\n==== highs\nhighs at work\n"
    assert list(tmp_path.iterdir()) == [log]
