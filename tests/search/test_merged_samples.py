"""Equal samples as one, and their features without copies of them all."""

from __future__ import annotations

import numpy as np
import pytest
from problems import SIGNS, dataset, network_spec, spec

from bdnnlang import arrays
from bdnnlang.data.draw import RandomStream
from bdnnlang.problem.costs import PLAIN
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.hyperplanes import separators
from bdnnlang.search.merged_samples import merge_samples
from bdnnlang.search.search_problem import search_problem_of

ROWS = [[3.0, -1.0], [0.0, 2.0], [3.0, -1.0], [-1.0, 4.0], [0.0, 2.0]]
DATA = dataset(ROWS, [0, 1, 1, 1, 0])


@pytest.mark.parametrize("most", [1, 4, 1 << 20])
def test_features_in_blocks(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "AT_ONCE", most)
    merged = merge_samples(DATA.train, "zero_one", 1, PLAIN, 2)
    assert len(merged) == 3
    assert merged.class_costs.tolist() == [[0, 1, 1], [1, 1, 1]]
    assert merged.mean == pytest.approx([2 / 3, 5 / 3])
    assert merged.mean_size == pytest.approx(11 / 6)
    assert merged.inputs(np.array([1.0, 0.5])).tolist() == [[-2, -1, 2], [3.5, 1.5, -1.5], [1, 1, 1]]
    assert merged.features(np.array([2, 0])).tolist() == [[3, -1], [-1, 4]]
    assert merged.x.tolist() == [[-1, 4], [0, 2], [3, -1]]


def test_a_search_makes_no_copy_of_the_samples_but_its_inputs() -> None:
    found = search_problem_of(TrainingProblem(spec(network_spec((2,), SIGNS)), DATA))
    separators(found, 4, RandomStream((1,)))
    assert "x" not in vars(found.samples)
    assert found.inputs.values.shape == (3, 3)
