"""Stage `local_search` with mean-field training: what it hands on, selects and says, and which start comes next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import cycle

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import SIGNS, Case, cases, dataset, inside, network_spec, part, plain_loss, spec
from staged import Staged, staged

from bdnnlang.budget import Budget, Interrupt
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Interval, LocalSearch, WeightDomain
from bdnnlang.model.build import build_spec
from bdnnlang.network.as_json import to_json
from bdnnlang.network.exact import outputs
from bdnnlang.network.losses import accuracy
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.run.status import StageStatus
from bdnnlang.search import meanfield_starts, multistart
from bdnnlang.search.constant_networks import constant_incumbent

RNG = np.random.default_rng(3)
NOISE = dataset(RNG.integers(0, 9, (60, 4)).astype(float).tolist(), RNG.integers(0, 2, 60).tolist())
REAL = Interval(-1.0, 1.0)


def problem(width: int, weights: WeightDomain = SIGNS, seed: int = 0) -> TrainingProblem:
    own = spec(network_spec((width,), weights), time=None)
    return TrainingProblem(replace(own, train=replace(own.train, seed=seed)), NOISE)


def searched(of: TrainingProblem, stage: LocalSearch, start: Network | None = None, seconds: float | None = None) -> Staged:
    first = constant_incumbent(build_spec(of), of) if start is None else of.incumbent(start)
    done = staged(stage, of, first, Budget(seconds, Interrupt()))
    assert done.best == of.incumbent(done.best.network)
    assert done.best.rank <= first.rank
    return done


# ---- what it hands on


@given(case=cases(), seed=st.integers(0, 99), method=st.sampled_from(["meanfield", "auto"]))
@settings(max_examples=examples(40))
def test_its_networks_are_of_the_spec_and_cost_what_is_said(case: Case, seed: int, method: str) -> None:
    """All losses, depths, encodings, thresholds and domains."""
    own = spec(case.network_spec, case.loss)
    of = TrainingProblem(replace(own, train=replace(own.train, seed=seed)), case.data)
    done = searched(of, LocalSearch(method=method, restarts=1, steps=20), case.network)  # type: ignore[arg-type]
    assert plain_loss(done.best.network, case.data, case.true_loss) == done.best.loss
    assert inside(done.best.network, case.network_spec)


@pytest.mark.parametrize("method", ["meanfield", "auto"])
@pytest.mark.parametrize("weights", [SIGNS, REAL], ids=str)
def test_equal_seeds_find_equal_networks(method: str, weights: WeightDomain) -> None:
    stage = LocalSearch(method=method, restarts=3, steps=40)  # type: ignore[arg-type]
    first, second, other = (searched(problem(6, weights, seed), stage) for seed in (1, 1, 2))
    assert to_json(first.best.network) == to_json(second.best.network)
    assert [replace(step.record, seconds=0.0) for step in first.steps] == [
        replace(step.record, seconds=0.0) for step in second.steps
    ]
    assert first.record.notes == second.record.notes
    assert to_json(first.best.network) != to_json(other.best.network)


def test_training_finds_more_than_the_same_moves_from_a_constant_network() -> None:
    trained = searched(problem(12), LocalSearch(method="meanfield", restarts=0, steps=400))
    assert trained.best.loss < searched(problem(12), LocalSearch(method="coordinate", restarts=0)).best.loss


def test_a_start_that_comes_to_no_end_is_dropped() -> None:
    done = searched(problem(6), LocalSearch(method="meanfield", steps=1_000_000_000), seconds=0.3)
    assert done.best == done.start
    assert done.record.notes[0].startswith("0 starts")
    assert done.record.status is StageStatus.FEASIBLE
    assert done.steps == []


# ---- turns


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds of starts, in order; trainings give random networks at once, and moves end where they begin."""
    told: list[str] = []
    rng = np.random.default_rng(0)

    def train(training: TrainingProblem, *_: object) -> Network:
        told.append("train")
        sizes = zip(training.widths[1:], training.widths, strict=False)
        return Network(tuple(Layer(rng.integers(-1, 2, size).astype(float), np.zeros(size[0])) for size in sizes))

    def begin(search: multistart.Search) -> list[np.ndarray]:
        told.append("move")
        return started(search)

    started = multistart.Search.start
    monkeypatch.setattr(meanfield_starts, "train", train)
    monkeypatch.setattr(multistart.Search, "start", begin)
    return told


def test_wide_networks_are_trained_first(turns: list[str]) -> None:
    searched(problem(multistart.NARROW + 1), LocalSearch(restarts=5, steps=5_000))
    assert turns[:2] == ["train", "move"]
    assert turns.count("train") < len(turns) == 6


def test_narrow_networks_are_trained_in_a_small_share_of_the_time(turns: list[str]) -> None:
    searched(problem(multistart.NARROW), LocalSearch(restarts=8, steps=1))
    assert turns[0] == "move"
    assert "train" in turns
    turns.clear()
    searched(problem(multistart.NARROW), LocalSearch(restarts=8, steps=1_000_000_000))
    assert turns == ["move"] * 9


@pytest.mark.parametrize(("method", "kind"), [("meanfield", "train"), ("coordinate", "move")])
def test_other_methods_have_one_kind_of_start(turns: list[str], method: str, kind: str) -> None:
    done = searched(problem(6), LocalSearch(method=method, restarts=4))  # type: ignore[arg-type]
    assert turns == [kind] * 5
    assert done.record.notes[0].startswith("5 starts, ")
    assert "mean-field" in done.record.notes[1:][0] if kind == "train" else len(done.record.notes) == 1


def test_moves_after_a_training_take_no_longer_than_it(turns: list[str]) -> None:
    few, many = (searched(problem(30), LocalSearch(method="meanfield", restarts=0, steps=n)) for n in (1, 100))
    lines = [int(done.record.notes[0].split(", ")[1].split()[0].replace(",", "")) for done in (few, many)]
    assert lines[0] < lines[1]


def test_the_best_network_goes_on_where_its_moves_were_cut_off(turns: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from_best: list[bool] = []
    descend_from = multistart.Search.descend_from

    def follow(search: multistart.Search, weights: list[np.ndarray], began: float, effort: float) -> None:
        from_best.append(weights is search.base.weights)
        descend_from(search, weights, began, effort)

    monkeypatch.setattr(multistart.Search, "descend_from", follow)
    searched(problem(30), LocalSearch(method="meanfield", restarts=0, steps=20))
    assert from_best == [False, True]
    from_best.clear()
    searched(problem(6), LocalSearch(method="meanfield", restarts=0, steps=1_000_000))
    assert from_best == [False]


# ---- selection

LINE = dataset([[float(v)] for v in range(8)], [0, 0, 0, 1, 0, 0, 1, 1])
VALIDATION = part([[2.0], [2.5], [6.0]], [0, 1, 1], LINE.recipe)


def at_least(bias: float) -> Network:
    return Network((Layer(np.array([[1.0]]), np.array([-bias])),))


GOOD, FAIR, LATE = at_least(6.0), at_least(2.5), at_least(7.0)  # 1, 2 and 2 errors on LINE; on VALIDATION 1, none and 2


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets trainings end with these networks, one after another, from which no moves lead on."""

    def give(*networks: Network) -> None:
        found = cycle(networks)
        monkeypatch.setattr(meanfield_starts, "train", lambda *_: next(found))
        monkeypatch.setattr(multistart, "MOVES", 0.0)

    return give


def validated(data: Dataset = LINE) -> TrainingProblem:
    return TrainingProblem(spec(network_spec(())), replace(data, validation=VALIDATION))


def test_validation_selects_and_the_least_training_loss_is_handed_on(trained: Callable[..., None]) -> None:
    trained(GOOD, FAIR, LATE)
    done = searched(validated(), LocalSearch(method="meanfield", restarts=2, select="validation"))
    assert done.selected is not None
    assert (done.selected.loss, done.best.loss) == (2, 1)
    assert (done.record.verified_loss, done.record.validation_accuracy) == (2, 1.0)
    assert accuracy(outputs(done.selected.network, VALIDATION), VALIDATION.y) == 1.0
    assert done.record.notes[2] == "selected by validation accuracy; a network of less training loss, 1, is handed on"
    told = [(step.record.start, step.record.loss, step.record.validation_accuracy) for step in done.steps]
    assert told == [(1, 1, 2 / 3), (2, 2, 1.0)]
    assert [incumbent.loss for incumbent in done.better] == [1]


def test_training_loss_selects_unless_another_is_asked_for(trained: Callable[..., None]) -> None:
    trained(GOOD, FAIR, LATE)
    done = searched(validated(), LocalSearch(method="meanfield", restarts=2))
    assert done.selected is done.best
    assert (done.best.loss, done.record.validation_accuracy) == (1, None)
    assert [(step.record.start, step.record.validation_accuracy) for step in done.steps] == [(1, None)]


def test_validation_goes_on_where_training_loss_is_settled(trained: Callable[..., None]) -> None:
    """The first network makes no error in training; a later one is better on the validation part, and equals are not optimal."""
    trained(GOOD, FAIR)
    easy = validated(replace(LINE, train=replace(LINE.train, y=np.array([0, 0, 0, 0, 0, 0, 1, 1]))))
    done = searched(easy, LocalSearch(method="meanfield", restarts=1, select="validation"))
    assert (done.best.loss, done.selected and done.selected.loss) == (0, 3)
    assert done.record.status is StageStatus.LOCAL_OPTIMUM
    alone = searched(easy, LocalSearch(method="meanfield", restarts=1))
    assert (alone.best.loss, alone.record.status, len(alone.steps)) == (0, StageStatus.OPTIMAL, 1)


def test_the_network_from_before_stays_selected_unless_one_is_better() -> None:
    done = searched(validated(), LocalSearch(method="coordinate", restarts=0, sweeps=1, select="validation"), start=FAIR)
    assert done.record.validation_accuracy == 1.0
    assert done.selected is not None
    assert done.selected.loss <= 2
