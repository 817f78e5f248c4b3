"""Confusion matrices as SVG: a row for each class, below each other a matrix for each part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bdnnlang.problem.class_scores import Confusion
from bdnnlang.report.html.chart import LINE, PLUS, text_width
from bdnnlang.report.html.markup import Element, el
from bdnnlang.report.text_table import fit, percent

NAME = 14  # columns of a class name
HEIGHT, LEAST, EDGE = 26.0, 52.0, 10.0


def confusion_chart(confusions: Mapping[str, Confusion], classes: Sequence[str]) -> Element:
    """`confusions` by part; the more samples, the fuller a cell, and right ones are bold."""
    names = [fit(name, NAME) for name in classes]
    left = EDGE + max(map(text_width, names)) + 8
    wide = max(LEAST, *(text_width(f"as {name}") + 8 for name in names))
    tall = HEIGHT * (len(names) + 2) + EDGE
    matrices = [_matrix(part, found, names, left, wide) for part, found in confusions.items()]
    size = left + wide * len(names) + EDGE, tall * len(matrices) + EDGE
    return el(
        "svg",
        el("title", "Samples by their class and by the class that the network puts them into"),
        (el("g", matrix, transform=f"translate(0 {tall * k + EDGE:g})") for k, matrix in enumerate(matrices)),
        viewBox=f"0 0 {size[0]:.0f} {size[1]:.0f}",
        role="img",
        style=f"max-width:{1.3 * size[0]:.0f}px",
    )


def _matrix(part: str, found: Confusion, names: Sequence[str], left: float, wide: float) -> list[Element]:
    title = f"{part}: {found.right:,} of {int(found.samples.sum()):,} right, {percent(found.accuracy)}"
    above = [_text(f"as {name}", left + wide * (j + 0.5), HEIGHT * 1.5, "middle") for j, name in enumerate(names)]
    beside = [_text(name, left - 8, HEIGHT * (i + 2.5), "end") for i, name in enumerate(names)]
    places = [(i, j) for i in range(len(names)) for j in range(len(names))]
    top = int(found.counts.max(initial=1)) or 1
    cells = [_cell(int(found.counts[i, j]), top, left + wide * j, HEIGHT * (i + 2), wide, right=i == j) for i, j in places]
    return [_text(title, EDGE, HEIGHT * 0.5, "start", bold=True), *above, *beside, *cells]


def _cell(count: int, top: int, x: float, y: float, wide: float, *, right: bool) -> Element:
    fill = f"fill:{PLUS};stroke:{LINE}"
    shade = el("rect", x=x, y=y, width=wide, height=HEIGHT, style=fill, fill_opacity=0.5 * count / top)
    return el("g", shade, _text(f"{count:,}", x + wide / 2, y + HEIGHT / 2, "middle", bold=right))


def _text(text: str, x: float, middle: float, anchor: str, *, bold: bool = False) -> Element:
    style = "font-weight:600" if bold else None
    return el("text", text, x=x, y=middle + 4, text_anchor=anchor, fill="currentColor", style=style)
