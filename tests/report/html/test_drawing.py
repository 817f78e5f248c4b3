"""The drawing has a line for each weight that can matter, whole or dashed, and no other."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest

from bdnnlang.network.network import Layer, Network
from bdnnlang.report.html.chart import MINUS, PLUS
from bdnnlang.report.html.drawing import MOST_INPUTS, MOST_NAMES, MOST_NEURONS, description, drawing, live_nodes
from report.html.files import file_of
from report.html.seen import Seen

TWO_LAYERS = [  # h2 has no weight, and nothing comes of h3
    ([[2.0, -1, 0, 0], [0, 0, 0, 0], [0, 0, 5, 0]], [0.0, 1, 2]),
    ([[1.0, -1, 0]], [-1.0]),
]


def lines(made: str) -> dict[str, list[str]]:
    """The texts of lines, by their colour."""
    groups = re.findall(r'<g fill="none"[^>]*style="stroke:([^"]*)">(.*?)</g>', made)
    return {colour: re.findall(r"<title>([^<]*)</title>", inner) for colour, inner in groups}


def test_a_line_a_weight() -> None:
    made = str(drawing(file_of(TWO_LAYERS, ["a", "b", "c", "d"])))
    assert lines(made) == {
        PLUS: ["a → h1: weight 2", "h1 → yes: weight 1"],
        MINUS: ["b → h1: weight -1", "h2 → yes: weight -1"],
    }
    widths = [float(value) for value in Seen(made).values("path", "stroke-width")]
    assert widths == pytest.approx([1.36, 2.8, 0.88, 2.8])  # of the greatest of their layer


def test_what_is_drawn_and_said() -> None:
    seen = Seen(str(drawing(file_of(TWO_LAYERS, ["a", "b", "c", "d"]))))
    assert seen.of("text") == ["a", "b", "h1", "h2", "yes"]
    assert seen.of("title")[0] == "Network 4 → 3 → 1"
    assert "h1 if 2 a - b &gt;= 0".replace("&gt;", ">") in seen.of("title")
    assert seen.of("desc") == ["used: 2 of 4 inputs, 2 of 3 hidden neurons, 4 weights that are not 0"]
    assert seen.values("svg", "role") == ["img"]


def test_what_can_matter() -> None:
    network = file_of(TWO_LAYERS).network
    live = live_nodes(network)
    assert live == [[0, 1], [0, 1], [0]]
    constant = Network((Layer(np.zeros((1, 3)), np.zeros(1)),))
    assert live_nodes(constant) == [[], [0]]
    assert description(constant, live_nodes(constant)) == "used: 0 of 3 inputs, 0 weights that are not 0"
    Seen(str(drawing(file_of([(np.zeros((1, 3)).tolist(), [0.0])]))))  # nothing leads anywhere


def test_of_many_the_heaviest() -> None:
    rng = np.random.default_rng(7)
    layers = [(rng.integers(1, 9, (40, 50)).tolist(), [0.0] * 40), (rng.integers(1, 9, (1, 40)).tolist(), [0.0])]
    file = file_of(layers)
    seen = Seen(str(drawing(file)))
    names = seen.of("text")
    assert names[:2] == [f"and {50 - MOST_INPUTS} more", f"and {40 - MOST_NEURONS} more"]
    shown = [int(name[1:]) - 1 for name in names if re.fullmatch(r"h\d+", name)]
    assert len(shown) == MOST_NEURONS
    assert shown == sorted(shown)
    left = set(range(40)) - set(shown)
    output = file.network.layers[1].weights[0]
    assert min(output[shown]) >= max(output[list(left)])
    assert len([name for name in names if re.fullmatch(r"x\d+", name)]) == MOST_INPUTS


def test_nodes_of_a_column_do_not_touch() -> None:
    seen = Seen(str(drawing(file_of(TWO_LAYERS, ["a", "b", "c", "d"]))))
    x, y = (list(map(float, seen.values("rect", name))) for name in ("x", "y"))
    columns = {place: sorted(b for a, b in zip(x, y, strict=True) if a == place) for place in set(x)}
    assert len(columns) == 2
    assert all(below - above >= 26 for column in columns.values() for above, below in pairwise(column))


def test_names_of_the_data_are_escaped_and_cut() -> None:
    evil, long, quoted = "<script>alert(1)</script>", "w" * 300, 'it\'s "q" & ü花'
    file = file_of([([[1.0, 1, 1]], [0.0])], [evil, long, quoted], (evil, '"><svg onload=x>'))
    seen = Seen(str(drawing(file)))
    assert "svg" not in seen.tags[1:]
    texts = seen.of("text")
    assert texts[0] == '"<script>a…/script>"'
    assert all(len(text) <= MOST_NAMES for text in texts)
    assert any("ü花" in title for title in seen.of("title"))
