"""The weights of neurons on pictures, as pictures: where the names of inputs say that they are the points of a grid."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.network.export.network_json import NetworkFile
from bdnnlang.report.html.chart import MINUS, PLUS, SOFT
from bdnnlang.report.html.drawing import MOST_NEURONS, live_nodes
from bdnnlang.report.html.markup import Element, el
from bdnnlang.report.rules import neuron_rules
from bdnnlang.report.text_table import counted

POINT = re.compile(r"(.*?)_?(\d{1,3})_(\d{1,3})")  # `pixel_3_4`: row and column
LEAST, MOST = 4, 64  # rows and columns of a grid
SHADES = 4  # of a colour
TILE, NAME, APART, ACROSS = 84, 16, 12, 8  # of a map in a drawing, and maps beside each other


def weight_maps(file: NetworkFile) -> Element | None:
    """A map for each neuron of layer 1 that can matter, up to as many as are drawn; None where inputs are no grid."""
    inputs, rules = neuron_rules(file)
    places = grid(inputs)
    if places is None or len(file.network.layers) == 1:
        return None
    live = live_nodes(file.network)[1][:MOST_NEURONS]
    rows, columns = places.max(axis=0) + 1
    weights = file.network.layers[0].weights
    top = float(np.abs(weights).max()) or 1.0
    maps = [_map(rules[0][j][0], weights[j] / top, places, TILE / max(rows, columns), k) for k, j in enumerate(live)]
    wide = min(len(live), ACROSS) * (TILE + APART)
    high = -(-len(live) // ACROSS) * (TILE + NAME + APART)
    title, said = el("title", "Weights of layer 1"), el("desc", f"{rows} × {columns} inputs, {counted(len(live), 'neuron')}")
    return el("svg", title, said, maps, viewBox=f"0 0 {wide} {high}", role="img", style=f"max-width:{wide}px")


def grid(names: Sequence[str]) -> Ints | None:
    """Row and column of each input, (n, 2), from 0; None where they are not all the points of a grid, each once."""
    found = [POINT.fullmatch(name) for name in names]
    if not found or not all(found) or len({match[1] for match in found if match}) > 1:
        return None
    places = np.array([[int(match[2]), int(match[3])] for match in found if match], dtype=np.int64)
    places -= places.min(axis=0)
    rows, columns = (places.max(axis=0) + 1).tolist()
    fits = min(rows, columns) >= LEAST and max(rows, columns) <= MOST
    return places if fits and rows * columns == len(names) == len(np.unique(places, axis=0)) else None


def _map(name: str, shares: Floats, places: Ints, side: float, number: int) -> Element:
    """Weights from -1 to 1, (n,): a path for each shade of each colour."""
    x, y = number % ACROSS * (TILE + APART), number // ACROSS * (TILE + NAME + APART)
    high, wide = ((places.max(axis=0) + 1) * side).tolist()
    frame = el("rect", y=NAME, width=wide, height=high, fill="none", style=f"stroke:{SOFT}")
    shade = np.ceil(np.abs(shares) * SHADES).astype(int)
    paths = [
        el("path", d=_squares(places[at], side), fill_opacity=level / SHADES, style=f"fill:{colour}")
        for colour, sign in ((PLUS, shares > 0), (MINUS, shares < 0))
        for level in range(1, SHADES + 1)
        if (at := sign & (shade == level)).any()
    ]
    return el("g", el("text", name, y=NAME - 4, fill="currentColor"), paths, frame, transform=f"translate({x} {y})")


def _squares(places: Ints, side: float) -> str:
    return "".join(f"M{side * j:.4g} {NAME + side * i:.4g}h{side:.4g}v{side:.4g}h-{side:.4g}z" for i, j in places.tolist())
