"""A network as a picture: inputs on the left, classes on the right, and of the weights those that can matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.network.export.network_json import NetworkFile
from bdnnlang.network.network import Network
from bdnnlang.report.html.chart import MINUS, PLUS, SOFT, text_width
from bdnnlang.report.html.markup import Element, el
from bdnnlang.report.rules import neuron_rules
from bdnnlang.report.text_table import counted, fit

MOST_INPUTS, MOST_NEURONS = 24, 16  # that are drawn of a layer
MOST_NAMES = 20  # columns of a name
GAP, HEIGHT, INPUT_HEIGHT, TOP = 110.0, 38.0, 24.0, 16.0
TITLED = 250  # lines with a text of their own
DENSE, FINE = 64, 0.2  # where there are more lines between two layers, how thick they are


@dataclass(frozen=True, slots=True)
class Node:
    """An input or a neuron, its place in its layer, what is said of it, and where it stands."""

    number: int
    name: str
    title: str
    x: float  # of its left side
    y: float
    wide: float

    @property
    def right(self) -> float:
        return self.x + self.wide


def drawing(file: NetworkFile) -> Element:
    """The network as SVG, as wide as its place; colours may be set by CSS. Raises ValueError if its preprocessing is damaged."""
    inputs, rules = neuron_rules(file)
    live = live_nodes(file.network)
    shown = _shown(file.network, live)
    names = [[(name, name) for name in inputs], *([(name, f"{name} {rule}") for name, rule in layer] for layer in rules)]
    columns = _columns(names, shown)
    above = max(len(nodes) * (HEIGHT if k else INPUT_HEIGHT) for k, nodes in enumerate(columns))
    is_cut = any(len(nodes) < len(alive) for nodes, alive in zip(columns, live, strict=True))
    size = columns[-1][0].right + 6, above + 2 * TOP + (14 if is_cut else 0)
    return el(
        "svg",
        el("title", f"Network {' → '.join(map(str, file.network.widths))}"),
        el("desc", description(file.network, live)),
        _edges(file.network, columns),
        (_more(nodes, len(alive), above) for nodes, alive in zip(columns, live, strict=True)),
        (_node(node, k) for k, nodes in enumerate(columns) for node in nodes),
        viewBox=f"0 0 {size[0]:.0f} {size[1]:.0f}",
        role="img",
        style=f"max-width:{1.3 * size[0]:.0f}px;min-width:{0.8 * size[0]:.0f}px;font:12px sans-serif",
    )


def description(network: Network, live: Sequence[Sequence[int]]) -> str:
    """How much of a network can matter: a neuron does if a weight that is not 0 leads from it to one that does."""
    weights = sum(
        int((layer.weights[np.ix_(above, below)] != 0).sum())
        for layer, below, above in zip(network.layers, live, live[1:], strict=False)
    )
    used = [f"{len(alive)} of {count}" for alive, count in zip(live, network.widths, strict=True)]
    hidden = f", {' and '.join(used[1:-1])} hidden neurons" if used[1:-1] else ""
    return f"used: {used[0]} inputs{hidden}, {counted(weights, 'weight')} that {'is' if weights == 1 else 'are'} not 0"


def live_nodes(network: Network) -> list[list[int]]:
    """Of the inputs and of each layer the numbers of those from which weights that are not 0 lead to an output."""
    live = [list(range(network.widths[-1]))]
    for layer in reversed(network.layers):
        live.append(np.flatnonzero((layer.weights[live[-1]] != 0).any(axis=0)).tolist())
    return live[::-1]


def _shown(network: Network, live: Sequence[Sequence[int]]) -> list[list[int]]:
    """Of the live ones those with the greatest weights, in their order; of classes the first."""
    kept = [list(live[-1])[:MOST_NEURONS]]
    for k in range(len(network.layers) - 1, -1, -1):
        most, alive = (MOST_NEURONS if k else MOST_INPUTS), list(live[k])
        heavy = np.abs(network.layers[k].weights[kept[-1]]).sum(axis=0)
        kept.append(sorted(sorted(alive, key=lambda j: -heavy[j])[:most]))
    return kept[::-1]


def _columns(names: Sequence[Sequence[tuple[str, str]]], shown: Sequence[Sequence[int]]) -> list[list[Node]]:
    above = max(len(numbers) * (HEIGHT if k else INPUT_HEIGHT) for k, numbers in enumerate(shown))
    x, columns = 4.0, []
    for k, numbers in enumerate(shown):
        step = HEIGHT if k else INPUT_HEIGHT
        labels = [fit(names[k][number][0], MOST_NAMES) for number in numbers]
        wide = max(map(text_width, labels), default=20.0) + 20
        first = TOP + (above - step * len(numbers)) / 2 + step / 2
        pairs = enumerate(zip(numbers, labels, strict=True))
        columns.append([Node(number, label, names[k][number][1], x, first + step * i, wide) for i, (number, label) in pairs])
        x += wide + GAP
    return columns


def _edges(network: Network, columns: Sequence[Sequence[Node]]) -> list[Element]:
    """Positive weights are whole lines and negative ones dashed, the heavier the thicker."""
    positive, negative = list[Element](), list[Element]()
    count = sum(len(below) * len(above) for below, above in pairwise(columns))
    for layer, below, above in zip(network.layers, columns, columns[1:], strict=False):
        scale = (FINE if len(below) * len(above) > DENSE else 1.0) / (float(np.abs(layer.weights).max(initial=0.0)) or 1.0)
        for end in above:
            for start in below:
                weight = float(layer.weights[end.number, start.number])
                if weight:
                    line = _edge(start, end, weight, abs(weight) * scale, titled=count <= TITLED)
                    (positive if weight > 0 else negative).append(line)
    return [
        el("g", positive, fill="none", style=f"stroke:{PLUS}"),
        el("g", negative, fill="none", stroke_dasharray="5 3", style=f"stroke:{MINUS}"),
    ]


def _edge(start: Node, end: Node, weight: float, heavy: float, *, titled: bool) -> Element:
    middle = (start.right + end.x) / 2
    path = f"M{start.right:.0f} {start.y:.0f}C{middle:.0f} {start.y:.0f} {middle:.0f} {end.y:.0f} {end.x:.0f} {end.y:.0f}"
    title = el("title", f"{start.name} → {end.name}: weight {weight:g}") if titled else None
    return el("path", title, d=path, stroke_width=0.4 + 2.4 * heavy)


def _node(node: Node, layer: int) -> Element:
    if layer == 0:
        label = el("text", node.name, x=node.right - 9, y=node.y + 4, text_anchor="end", fill="currentColor")
        dot = el("circle", cx=node.right - 2, cy=node.y, r=3, fill="currentColor")
        return el("g", el("title", node.title), label, dot)
    shape = el("rect", x=node.x, y=node.y - 12, width=node.wide, height=24, rx=12, style=f"fill:var(--page,none);stroke:{SOFT}")
    label = el("text", node.name, x=node.x + node.wide / 2, y=node.y + 4, text_anchor="middle", fill="currentColor")
    return el("g", el("title", node.title), shape, label)


def _more(nodes: Sequence[Node], live: int, above: float) -> Element | None:
    """How many more there are that matter."""
    if len(nodes) == live or not nodes:
        return None
    x = nodes[0].x + nodes[0].wide / 2
    return el("text", f"and {live - len(nodes):,} more", x=x, y=above + 2 * TOP + 6, text_anchor="middle", fill="currentColor")


def weight_key() -> Element:
    """What the lines mean."""
    plus = el("span", class_="key", style=f"color:{PLUS}")
    minus = el("span", class_="key dash", style=f"color:{MINUS}")
    return el("figcaption", plus, "weight above 0", minus, "below 0; the heavier the thicker")


def layer_numbers(weights: Floats) -> tuple[int, int]:
    """Weights of a layer, and those that are not 0."""
    return weights.size, int((weights != 0).sum())
