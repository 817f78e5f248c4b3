"""Maps of weights: grids are known by the names of inputs, and a square stands where its input lies."""

from __future__ import annotations

import numpy as np
import pytest

from bdnnlang.report.html.chart import MINUS, PLUS
from bdnnlang.report.html.weight_maps import NAME, TILE, grid, weight_maps
from report.html.files import file_of
from report.html.seen import Seen

PIXELS = [f"pixel_{i}_{j}" for i in range(4) for j in range(5)]


def test_a_grid() -> None:
    places = grid(PIXELS)
    assert places is not None
    assert places.tolist() == [[i, j] for i in range(4) for j in range(5)]
    from_one = grid([f"p{i}_{j}" for j in range(1, 5) for i in range(1, 5)])
    assert from_one is not None
    assert from_one[:2].tolist() == [[0, 0], [1, 0]]


@pytest.mark.parametrize(
    "names",
    [
        PIXELS[:-1],
        [*PIXELS[:-1], "age"],
        [*PIXELS[:-1], "other_3_4"],
        [*PIXELS[:-1], PIXELS[0]],
        [f"x_{i}_{j}" for i in range(2) for j in range(9)],  # too small for a picture
        ["a", "b"],
        [],
    ],
)
def test_no_grid(names: list[str]) -> None:
    assert grid(names) is None


def test_squares_lie_where_their_inputs_do() -> None:
    weights = np.zeros((3, 20))
    weights[0, [0, 19]] = 4, -1  # the corners
    made = weight_maps(file_of([(weights.tolist(), [0.0] * 3), ([[1.0, 0, 0]], [0.0])], PIXELS))
    assert made is not None
    seen = Seen(str(made))
    side = TILE / 5
    assert seen.of("text") == ["h1"]  # the others lead nowhere
    assert seen.values("path", "d") == [
        f"M0 {NAME}h{side:.4g}v{side:.4g}h-{side:.4g}z",
        f"M{4 * side:.4g} {NAME + 3 * side:.4g}h{side:.4g}v{side:.4g}h-{side:.4g}z",
    ]
    assert seen.values("path", "fill-opacity") == ["1", "0.25"]
    assert seen.values("path", "style") == [f"fill:{PLUS}", f"fill:{MINUS}"]
    assert seen.of("desc") == ["4 × 5 inputs, 1 neuron"]


def test_none_where_there_is_nothing_to_show() -> None:
    assert weight_maps(file_of([([[1.0, 1]], [0.0])])) is None
    assert weight_maps(file_of([(np.ones((1, 20)).tolist(), [0.0])], PIXELS)) is None  # the rule of an output is its class
