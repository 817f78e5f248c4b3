"""Unit rows and back: the columns stand for the same neurons, and what is read from them lies in the user's boxes."""

from __future__ import annotations

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from bdnnlang.model.blocks import InputScaling
from bdnnlang.model.passes.unit_rows import from_columns, to_columns

BOXES = st.sampled_from([(-1.0, 1.0), (-0.25, 2.0), (-8.0, 0.5)])


@pytest.mark.parametrize("shared", [False, True])
@given(data=st.data(), weights=BOXES, biases=BOXES)
@settings(max_examples=examples(100))
def test_scaling_moves_no_sample_across_a_boundary(
    shared: bool, data: st.DataObject, weights: tuple[float, float], biases: tuple[float, float]
) -> None:
    chance = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    width, inputs = chance.integers(1, 4, 2)
    x = chance.integers(-9, 10, (6, inputs)).astype(np.float64)
    w = chance.integers(-8, 9, (width, inputs)) / 4
    b = chance.integers(-8, 9, 1 if shared else width) / 4 + 0.125  # so no sample lies on a boundary
    centre = np.zeros(inputs) if shared else chance.integers(-3, 4, inputs) / 2
    input_scaling = InputScaling(2.0 ** chance.integers(-2, 3, inputs), centre, weights, biases, shared)
    columns, moved = to_columns(input_scaling, w, b)
    assert np.abs(columns).max() <= 1
    assert moved is not None
    inside = ((x - centre) / input_scaling.scale) @ columns.T + moved
    back, again = from_columns(input_scaling, columns, moved)
    assert again is not None
    assert np.array_equal(inside >= 0, x @ w.T + b >= 0)
    assert np.array_equal(x @ back.T + again >= 0, x @ w.T + b >= 0)
    assert (back >= weights[0]).all()
    assert (back <= weights[1]).all()
    assert (again >= biases[0]).all()
    assert (again <= biases[1]).all()
