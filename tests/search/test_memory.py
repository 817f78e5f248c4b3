"""What a search takes on large data: one copy of the samples, and no other, whichever move it makes."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from problems import SIGNS, dataset, network_spec, spec

from bdnnlang import arrays
from bdnnlang.data.draw import RandomStream
from bdnnlang.language.spec import Interval, WeightDomain
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.certified_descent import state_of
from bdnnlang.search.hyperplanes import random_weights
from bdnnlang.search.search_problem import SearchProblem, search_problem_of

ROWS, PIXELS = 600, 150
WHOLE = ROWS * PIXELS * 8  # bytes of the samples that a network sees


def peak(work: Callable[[], object]) -> float:
    """The most memory beyond what was there before, in copies of the samples."""
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / WHOLE


@pytest.fixture(params=[SIGNS, Interval(-1.0, 1.0)], ids=str)
def problem(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> SearchProblem:
    monkeypatch.setattr(arrays, "AT_ONCE", 1 << 12)
    domain: WeightDomain = request.param
    rng = np.random.default_rng(0)
    data = dataset(rng.integers(0, 17, (ROWS, PIXELS)).astype(float).tolist(), rng.integers(0, 2, ROWS).tolist())
    return search_problem_of(TrainingProblem(spec(network_spec((6,), domain)), data))


def test_moves_and_drawing_copy_no_samples(problem: SearchProblem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bdnnlang.search.descent.MOST_AT_ONCE", 4 * ROWS)  # four rows at once
    rng = RandomStream(0)
    state = state_of(problem, random_weights(problem, (6, 1), rng))
    assert peak(lambda: state_of(problem, state.weights)) < 0.2
    for neuron in range(6):
        assert peak(lambda: state.improve(0, neuron, rng)) < 0.4  # noqa: B023
    assert peak(lambda: random_weights(problem, (6, 1), rng)) < 0.6
