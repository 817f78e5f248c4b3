"""Stage `local_search { method = alternate }`: never worse, inside the domains, within its time."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from examples import examples
from fakes import Call, install, says
from hypothesis import given, settings
from problems import SIGNS, Case, cases, dataset, inside, network_spec, plain_loss, spec
from staged import staged

from bdnnlang.budget import Budget, Interrupt
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Formulation, Integers, Interval, LocalSearch, NetworkSpec, Solver
from bdnnlang.model.build import build
from bdnnlang.model.point import encode_built
from bdnnlang.network.network import Network
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.run.solving import modelled
from bdnnlang.run.stages.alternate import SYMMETRIES, freed
from bdnnlang.run.status import StageStatus
from bdnnlang.search.constant_networks import constant_incumbent
from bdnnlang.search.redraw import redraw_layers
from bdnnlang.solve.outcome import FoundSolution, Outcome, Status

XOR = dataset([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
ROW = dataset([[float(v)] for v in range(8)], [0, 1, 1, 0, 0, 1, 0, 1])


def training(data: Dataset, network: NetworkSpec, solver: Solver = "cpsat", seconds: float | None = None) -> TrainingProblem:
    return TrainingProblem(spec(network, solver=solver, time=seconds), data)


class Search:
    """Runs the stage from the constant network and keeps what happened."""

    def __init__(
        self, of: TrainingProblem, seconds: float | None = None, interrupt: Interrupt | None = None, restarts: int = 2
    ) -> None:
        problem = build(of.spec.network, of.loss, of.data)
        self.start = constant_incumbent(problem, of)
        budget = Budget(seconds, interrupt or Interrupt())
        self.done = staged(LocalSearch(method="alternate", restarts=restarts), of, self.start, budget)
        self.best, self.record = self.done.best, self.done.record
        assert plain_loss(self.best.network, of.data, of.loss) == self.best.loss == self.record.verified_loss
        assert self.best.loss <= self.start.loss
        assert inside(self.best.network, of.spec.network)
        told = [incumbent.loss for incumbent in self.done.better]
        assert told == sorted(set(told), reverse=True)


@pytest.mark.parametrize("solver", ["cpsat", "scip", "highs"])
@pytest.mark.parametrize("weights", [SIGNS, Interval(-1.0, 1.0)], ids=str)
def test_it_finds_what_a_single_layer_cannot(solver: Solver, weights: Integers | Interval) -> None:
    if solver == "cpsat" and isinstance(weights, Interval):
        return
    search = Search(training(XOR, network_spec((2,), weights), solver), 30.0, restarts=5)
    assert search.best.loss == 0
    assert search.record.bound is None
    assert search.record.claimed_loss == 0


def test_each_step_is_recorded_and_told() -> None:
    search = Search(training(ROW, network_spec((2, 2))), restarts=1)
    told = search.done.steps
    assert [step.number for step in told] == list(range(1, len(told) + 1))
    assert tuple(step.record for step in told) == search.record.steps
    assert {step.layer for step in search.record.steps} == {1, 2, 3}
    assert all(step.loss is not None and step.loss >= search.best.loss for step in search.record.steps)


def test_one_layer_is_solved_once() -> None:
    search = Search(training(ROW, network_spec(())), restarts=9)
    assert len(search.record.steps) <= 2
    assert search.record.status is StageStatus.LOCAL_OPTIMUM


def test_equal_seeds_find_equal_networks() -> None:
    first, second = (Search(training(ROW, network_spec((2,))), restarts=1) for _ in range(2))
    assert first.best == second.best
    assert [step.loss for step in first.record.steps] == [step.loss for step in second.record.steps]


def test_the_time_of_the_stage_is_kept() -> None:
    rng = np.random.default_rng(1)
    data = dataset(rng.integers(0, 9, (60, 12)).astype(float).tolist(), rng.integers(0, 2, 60).tolist())
    began = time.monotonic()
    search = Search(training(data, network_spec((5, 4))), 4.0, restarts=99)
    assert time.monotonic() - began < 6.0
    assert search.record.status is StageStatus.FEASIBLE
    assert search.record.seconds == pytest.approx(4.0, abs=2.0)


def solved(of: TrainingProblem) -> Outcome:
    """A solver's answer: a network drawn at random with its true loss."""
    problem = build(of.spec.network, of.loss, of.data)
    network = redraw_layers(problem, of, constant_incumbent(problem, of).network, [1, 2], (7,))
    x = encode_built(problem, network, of.data.train)
    return says(Status.INTERRUPTED, x, float(plain_loss(network, of.data, of.loss)))


def test_an_interrupt_ends_the_stage_and_keeps_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    of, interrupt = training(ROW, network_spec((2,))), Interrupt()

    def solve(call: Call) -> Outcome:
        answer = solved(of)
        assert answer.x is not None
        call.on_event(FoundSolution(0.1, 0.0, answer.x))
        interrupt.request()
        assert call.stop()
        return answer

    fake = install(monkeypatch, solve)
    search = Search(of, 30.0, interrupt)
    assert len(fake.calls) == 1
    assert search.record.status is StageStatus.INTERRUPTED
    assert search.best.loss <= plain_loss(constant_incumbent(build(of.spec.network, None, ROW), of).network, ROW, "zero_one")


@pytest.mark.parametrize("status", [Status.NO_SOLUTION, Status.INFEASIBLE, Status.FAILED])
def test_without_solutions_the_start_stays(monkeypatch: pytest.MonkeyPatch, status: Status) -> None:
    install(monkeypatch, lambda call: says(status, reason="it fell over"))
    search = Search(training(ROW, network_spec((2,))), 30.0)
    assert search.best.loss <= search.start.loss
    assert (search.record.status is StageStatus.FAILED) is (status is Status.FAILED)
    assert bool(search.record.notes) is (status is Status.FAILED)


def test_a_solver_that_lies_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    of = training(ROW, network_spec((2,)))
    problem = build(of.spec.network, of.loss, of.data)
    install(monkeypatch, lambda call: says(Status.OPTIMAL, np.zeros(problem.size), 0.0, 0.0))
    search = Search(of, 30.0)
    assert search.best.loss >= 1


# ---- the problem of one layer


@pytest.mark.parametrize("formulation", ["paper", "tight"])
@given(case=cases())
@settings(max_examples=examples(40))
def test_the_current_network_is_a_point_of_every_layer_s_problem(formulation: Formulation, case: Case) -> None:
    """On a lattice without exception; elsewhere as far as the gaps of the layers that are modelled allow."""
    own = spec(case.network_spec, case.loss)
    of = TrainingProblem(replace(own, train=replace(own.train, formulation=formulation)), case.data)
    problem = build(case.network_spec, case.loss, case.data, merge_samples=formulation == "tight")
    model = modelled(of, "scip", problem, without=SYMMETRIES)
    whole = model.start(case.network) is not None
    point = encode_built(problem, case.network, case.data.train)
    for layer in range(1, problem.depth + 1):
        model = modelled(of, "scip", freed(problem, point, layer), without=SYMMETRIES)
        assert model.start(case.network) is not None or not whole
        objective = model.milp.objective(model.encode(case.network))
        assert objective == plain_loss(case.network, case.data, case.true_loss) or case.loss == "zero_one"


def test_only_one_layer_s_weights_are_free() -> None:
    problem = build(network_spec((2, 3)), "zero_one", ROW)
    of = training(ROW, network_spec((2, 3)))
    point = encode_built(problem, constant_incumbent(problem, of).network, ROW.train)
    half = freed(problem, point, 2)
    free = {c.name for c in half.columns if (c.lower < c.upper).any()}
    assert free == {"W2", "b2", "s2", "u2", "b3", "u3"}  # the weights above are 0, and so are their products
    assert all(block.layer > 1 for block in half.blocks if hasattr(block, "layer"))


@given(cases())
@settings(max_examples=examples(40))
def test_drawn_networks_lie_in_their_domains(case: Case) -> None:
    of = TrainingProblem(spec(case.network_spec, case.loss), case.data)
    problem = build(case.network_spec, case.loss, case.data)
    start: Network = constant_incumbent(problem, of).network
    drawn = redraw_layers(problem, of, start, range(1, problem.depth + 1), (3,))
    assert inside(drawn, case.network_spec)
    assert redraw_layers(problem, of, start, [], (3,)) == start
    assert of.evaluate(drawn).loss == plain_loss(drawn, case.data, case.true_loss)
