"""`warm_start = false`: the solver is told of no network, and what was found before stays the best all the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fakes import FakeSolver, install, says
from problems import SIGNS, dataset, network_spec, plain_loss, spec, with_loss
from staged import Staged, staged

from bdnnlang import solve
from bdnnlang.budget import Budget, Interrupt
from bdnnlang.language.spec import Exact
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.run.facts import BoundProved
from bdnnlang.run.proof import settled
from bdnnlang.run.solving import make_model
from bdnnlang.run.status import RunStatus, StageStatus
from bdnnlang.solve.outcome import Outcome, Status

DATA = dataset([[1.0], [2.0], [3.0], [4.0]], [0, 1, 0, 1])  # no network gets all right
ONE_ERROR = Network((Layer(np.array([[1.0]]), np.array([-2.0])),))
SILENT = Network((Layer(np.array([[0.0]]), np.array([-1.0])),))  # two errors


def training(*, is_guided: bool, hidden: tuple[int, ...] = ()) -> TrainingProblem:
    own = spec(network_spec(hidden, SIGNS), solver="scip")
    return TrainingProblem(replace(own, train=replace(own.train, without=() if is_guided else ("guide_solver",))), DATA)


def done(settings: Exact, *, is_guided: bool = False) -> Staged:
    of = training(is_guided=is_guided)
    return staged(settings, of, with_loss(ONE_ERROR, 1), Budget(60.0, Interrupt()))


def finds_less(*_: object) -> Outcome:
    """A network with two errors, and no bound."""
    of = training(is_guided=False)
    assert plain_loss(SILENT, DATA, "zero_one") == 2
    return says(Status.FEASIBLE, make_model(of, "scip").encode(SILENT), 2.0, 0.0)


@pytest.mark.parametrize("settings", [Exact(), Exact(parts=2)], ids=["whole", "parts"])
@pytest.mark.parametrize("is_guided", [False, True])
def test_no_network_is_handed_over(monkeypatch: pytest.MonkeyPatch, settings: Exact, is_guided: bool) -> None:
    def calls(one: Exact) -> FakeSolver:
        fake = install(monkeypatch, lambda call: says(Status.NO_SOLUTION, bound=0.0))
        done(one, is_guided=is_guided)
        assert fake.calls
        return fake

    warm, cold = calls(settings), calls(replace(settings, warm_start=False))
    assert all(call.start is not None for call in warm.calls), "else the rest would say nothing"
    assert all(call.start is None and call.improve is None for call in cold.calls)
    assert len(warm.calls) == len(cold.calls)
    if settings.parts == 1:
        assert (warm.calls[0].improve is not None) == is_guided


def test_what_was_found_before_stays_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, finds_less)
    stage = done(Exact(warm_start=False))
    assert (stage.best.network, stage.best.loss) == (ONE_ERROR, 1)
    assert (stage.record.claimed_loss, stage.record.verified_loss, stage.better) == (2, 1, [])


def test_a_bound_closes_with_the_network_that_the_solver_was_not_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, lambda call: says(Status.NO_SOLUTION, bound=1.0))
    stage = done(Exact(warm_start=False))
    assert stage.best.loss == 1
    status, bound = settled(stage.best.objective, stage.state.bounds, training(is_guided=False).costs.slack(1))
    assert (status, bound and bound.value) == (RunStatus.OPTIMAL, 1)


def test_a_bound_that_the_network_refutes_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "available", lambda name: name == "scip")
    install(monkeypatch, lambda call: says(Status.INFEASIBLE, bound=2.0))
    stage = done(Exact(warm_start=False))
    assert stage.best.loss == 1
    assert stage.record.status is not StageStatus.OPTIMAL
    assert all(fact.value <= 1 for fact in stage.facts if isinstance(fact, BoundProved))


def test_a_refuted_claim_is_not_tried_again_without_a_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """It had none."""
    monkeypatch.setattr(solve, "available", lambda name: name == "scip")
    false = make_model(training(is_guided=False), "scip").encode(SILENT)
    fake = install(monkeypatch, lambda call: says(Status.OPTIMAL, false, 0.0, 0.0))
    stage = done(Exact(warm_start=False))
    assert len(fake.calls) > 1
    assert all(call.start is None for call in fake.calls)
    ways = [(call.limits.presolve, call.limits.feasibility) for call in fake.calls]
    assert len(set(ways)) == len(ways), "each try differs from those before"
    assert stage.best.loss == 1
