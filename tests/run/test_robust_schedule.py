"""Robust training in a schedule: a network without its certificate is a broken claim, whoever brings it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fakes import Call, install, says
from problems import SIGNS, dataset, network_spec, spec

from bdnnlang.arrays import Floats
from bdnnlang.budget import Interrupt
from bdnnlang.compiler import training_problem
from bdnnlang.language.spec import Integers, Linf, Perturbation, RobustSpec, Solver, Spec, WeightDomain
from bdnnlang.model.build import build
from bdnnlang.model.point import encode_built
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.certificate import certify
from bdnnlang.problem.perturbation.resolve import resolve
from bdnnlang.run.facts import Fact, NetworkFound
from bdnnlang.run.schedule import prepare, run
from bdnnlang.run.state import RunState
from bdnnlang.run.status import RunStatus, StageStatus
from bdnnlang.solve.outcome import Status

DATA = dataset([[1.0], [2.0], [4.0], [5.0], [6.0]], [0, 1, 0, 1, 1])
ROBUST = Network((Layer(np.array([[1.0]]), np.array([-3.0])),))  # between 2 and 4: two errors, and it holds for r ≤ 1
WAVERS = Network((Layer(np.array([[1.0]]), np.array([-2.0])),))  # at 2: one error, for no radius


def own(radius: float, weights: WeightDomain = SIGNS, solver: Solver = "scip") -> Spec:
    base = spec(network_spec((), weights, thresholds="per_neuron"), solver=solver)
    return replace(base, robust=RobustSpec(Perturbation(Linf(radius))))


def point(network: Network) -> Floats:
    robust = own(0.5).robust
    assert robust is not None
    problem = build(own(0.5).network, None, DATA, delta=resolve(robust.perturbation, DATA))
    return encode_built(problem, network, DATA.train)


def test_a_claim_without_a_certificate_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its patterns cannot be had: it is tried again more tightly, and in the end the constant network stays."""
    fake = install(monkeypatch, lambda call: says(Status.OPTIMAL, point(WAVERS), 1.0, 1.0))
    done = run(training_problem(own(0.5), DATA), emit=lambda fact: None, interrupt=Interrupt())
    assert done.status is RunStatus.FEASIBLE
    assert len(fake.calls) >= 4
    stage = done.stages[0]
    assert (stage.status, stage.claimed_loss, stage.verified_loss) == (StageStatus.CLAIM_REJECTED, 1, 2)
    assert "no certificate" in stage.notes[0]
    assert done.best is not None
    assert done.best.loss == 2
    assert not done.best.network.layers[0].weights.any()


def test_a_claim_with_one_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, lambda call: says(Status.OPTIMAL, point(ROBUST), 2.0, 2.0))
    done = run(training_problem(own(0.5), DATA), emit=lambda fact: None, interrupt=Interrupt())
    assert done.status is RunStatus.OPTIMAL
    assert (done.stages[0].verified_loss, done.bound) == (2, 2)


def test_a_start_without_a_certificate_is_not_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, lambda call: says(Status.NO_SOLUTION))
    training = training_problem(own(0.5), DATA)
    done = run(training, emit=lambda fact: None, interrupt=Interrupt(), recall=lambda judge: RunState(best=judge(WAVERS)))
    assert done.best is not None
    assert done.best.network != WAVERS


def test_better_networks_on_the_way_need_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from bdnnlang.solve.outcome import FoundSolution, Outcome

    def answer(call: Call) -> Outcome:
        call.on_event(FoundSolution(0.1, 1.0, point(WAVERS)))
        return says(Status.NO_SOLUTION)

    install(monkeypatch, answer)
    facts: list[Fact] = []
    run(training_problem(own(0.5), DATA), emit=facts.append, interrupt=Interrupt())
    assert [fact.incumbent.loss for fact in facts if isinstance(fact, NetworkFound)] == [2]


def test_the_constant_network_is_always_there_when_weights_may_be_0() -> None:
    training = training_problem(own(1000.0), DATA)
    _, start = prepare(training)
    assert start.loss == 2
    assert training.perturbation is not None
    assert training.spec.robust is not None
    assert certify(start.network, training.spec.robust, training.perturbation, DATA.train).complete


@pytest.mark.parametrize("solver", ["scip", "cpsat"])
def test_without_any_robust_network_there_is_none(solver: Solver) -> None:
    """Weights of 1 and no bias: within 10 of every sample the neuron changes."""
    hard = own(10.0, Integers(1, 1), solver)
    hard = replace(hard, network=network_spec((), Integers(1, 1), thresholds="zero"))
    facts: list[Fact] = []
    done = run(training_problem(hard, DATA), emit=facts.append, interrupt=Interrupt())
    assert done.status is RunStatus.INFEASIBLE
    assert done.best is None
    assert done.bound is None
    assert not any(isinstance(fact, NetworkFound) for fact in facts)


def test_without_0_a_bias_that_is_free_makes_neurons_constant() -> None:
    done = run(training_problem(own(10.0, Integers(1, 1), "cpsat"), DATA), emit=lambda fact: None, interrupt=Interrupt())
    assert done.status is RunStatus.OPTIMAL
    assert done.best is not None
    assert done.best.loss == 2
