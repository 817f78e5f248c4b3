"""What a solver is offered: solutions of its own program, each better than the one before, with the loss of their networks."""

from __future__ import annotations

import pickle
import time
from dataclasses import replace

import numpy as np
import pytest
from fakes import Call, install, says
from problems import SIGNS, dataset, network_spec, plain_loss, spec
from staged import staged

from bdnnlang import solve
from bdnnlang.budget import Budget, Interrupt
from bdnnlang.compiler import training_problem
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Exact, Interval, WeightDomain
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.run.schedule import prepare
from bdnnlang.run.solving import make_model
from bdnnlang.search.meanfield_starts import SHARE
from bdnnlang.search.multistart import never
from bdnnlang.search.solver_heuristic import LocalSearchHeuristic, effort_ahead
from bdnnlang.solve.outcome import Status

REAL = Interval(-1.0, 1.0)


def noise(rows: int, features: int) -> Dataset:
    rng = np.random.default_rng(1)
    return dataset(rng.integers(-9, 10, (rows, features)).astype(float).tolist(), rng.integers(0, 2, rows).tolist())


def prepared(
    data: Dataset, weights: WeightDomain, hidden: tuple[int, ...], without: tuple[str, ...] = ()
) -> tuple[TrainingProblem, Incumbent]:
    own = spec(network_spec(hidden, weights), solver="scip")
    own = replace(own, train=replace(own.train, without=without))
    training = training_problem(own, data)
    return training, prepare(training)[1]


@pytest.mark.parametrize("hidden", [(2,), (2, 2)], ids=str)
@pytest.mark.parametrize("weights", [SIGNS, REAL], ids=str)
def test_offers_are_solutions_that_get_better(weights: WeightDomain, hidden: tuple[int, ...]) -> None:
    data = noise(40, 4)
    training, start = prepared(data, weights, hidden)
    model = make_model(training, "scip")
    guide: LocalSearchHeuristic = pickle.loads(pickle.dumps(LocalSearchHeuristic(training, model, start)))  # as it travels
    relaxed = (model.milp.col_lower + model.milp.col_upper) / 2
    best, offers = float(start.objective), 0
    for _ in range(8):
        offer = guide(relaxed, 0.05)
        if offer is None:
            continue
        offers += 1
        assert model.milp.feasible(offer)
        assert model.milp.objective(offer) < best
        assert plain_loss(model.decode(offer), data, "zero_one") <= model.milp.objective(offer)
        best = model.milp.objective(offer)
    assert offers


def test_nothing_is_offered_where_nothing_is_better() -> None:
    data = dataset([[1.0], [2.0], [3.0], [4.0]], [0, 0, 1, 1])
    training, start = prepared(data, REAL, ())
    model = make_model(training, "scip")
    guide = LocalSearchHeuristic(training, model, start)
    offer = guide(None, 1.0)
    assert offer is not None
    assert model.milp.objective(offer) == 0
    assert guide(None, 1.0) is None


def test_offers_are_the_same_whatever_the_clock_says() -> None:
    data = noise(40, 4)
    training, start = prepared(data, REAL, (2,))
    model = make_model(training, "scip")
    relaxed = (model.milp.col_lower + model.milp.col_upper) / 2

    def offers(pause: float) -> list[bytes]:
        guide = LocalSearchHeuristic(training, model, start)
        guide.ahead(0.05, lambda: time.sleep(pause) or False, lambda event: None)  # type: ignore[func-returns-value]
        return [b"" if offer is None else offer.tobytes() for offer in (guide(relaxed, 0.02) for _ in range(8))]

    assert offers(0.0) == offers(0.0002)


@pytest.mark.parametrize(("width", "effort", "is_trained"), [(5, 0.3, True), (5, 0.005, False), (4, 0.3, False)])
def test_wide_networks_are_trained_before_a_solve_that_is_long_enough(width: int, effort: float, *, is_trained: bool) -> None:
    training, start = prepared(noise(60, 4), SIGNS, (width,))
    guide = LocalSearchHeuristic(training, make_model(training, "scip"), start)
    assert guide.ahead(effort, never, lambda found: None).objective < start.objective
    assert guide.search is not None
    assert (guide.search.trained.count > 0) == is_trained
    assert guide.search.trained.effort <= 0.5 * guide.search.effort + SHARE * effort  # the moves have as much


def test_a_search_ends_when_it_is_told() -> None:
    training, start = prepared(noise(40, 4), REAL, (2,))
    model = make_model(training, "scip")
    guide = LocalSearchHeuristic(training, model, start)
    assert guide.ahead(1e9, lambda: True, lambda event: None) is start


@pytest.mark.parametrize(
    ("nonzeros", "seconds", "effort"), [(0, None, 0.03), (10_000, None, 0.23), (10**8, None, 60), (10**6, 6.0, 2.0)]
)
def test_the_effort_before_a_solve_grows_with_the_program(nonzeros: int, seconds: float | None, effort: float) -> None:
    assert effort_ahead(nonzeros, seconds) == pytest.approx(effort)


@pytest.mark.parametrize(("without", "goes"), [((), True), (("guide_solver",), False)])
def test_a_spec_can_do_without(monkeypatch: pytest.MonkeyPatch, without: tuple[str, ...], goes: bool) -> None:
    training, start = prepared(noise(20, 3), REAL, (2,), without)
    fake = install(monkeypatch, lambda call: says(Status.NO_SOLUTION))
    staged(Exact(), training, start, Budget(5.0, Interrupt()))
    assert (fake.calls[0].improve is not None) == goes


def test_a_solver_that_cannot_ask_starts_from_an_offer(monkeypatch: pytest.MonkeyPatch) -> None:
    training, start = prepared(noise(30, 3), SIGNS, (2,))
    assert not solve.SOLVERS["cpsat"].accepts.improve
    starts: list[float] = []

    def notes(call: Call) -> object:
        assert call.start is not None
        assert call.limits.seconds is not None
        assert call.limits.seconds < 5.0 - 0.02  # what the search took is not given to the solver as well
        starts.append(call.milp.objective(call.start))
        return says(Status.NO_SOLUTION)

    install(monkeypatch, notes)  # type: ignore[arg-type]
    staged(Exact(), training, start, Budget(5.0, Interrupt()), "cpsat")
    assert starts[0] < start.objective
