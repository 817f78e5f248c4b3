"""What became of the samples of each part, class by class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bdnnlang.problem.class_scores import Confusion
from bdnnlang.report.confusion import confusion_lines
from bdnnlang.report.html.markup import Child, Element, el
from bdnnlang.report.html.tables import numbers
from bdnnlang.report.stated.reported import Reported
from bdnnlang.report.stated.run import PARTS
from bdnnlang.report.text_table import fit, percent

MOST_CLASSES = 12  # of a matrix
NAME = 24  # columns of a class name


def matrices(run: Reported) -> Iterator[Element]:
    """A matrix for each part, or where there are many classes, the weakest ones and the commonest mistakes."""
    classes, found = run.stated.data.classes, run.stated.confusion or {}
    parts = {part: Confusion(np.array(found[part], dtype=np.int64)) for part in PARTS if part in found}
    make = _matrix if len(classes) <= MOST_CLASSES else _worst
    if parts:
        yield el("div", (make(part, confusion, classes) for part, confusion in parts.items()), class_="row")


def _matrix(part: str, confusion: Confusion, classes: Sequence[str]) -> Element:
    names = [fit(name, NAME) for name in classes]
    top = int(confusion.counts.max(initial=1)) or 1
    rows: list[list[Child]] = []
    for k, name in enumerate(names):
        cells = [_cell(int(n), top, right=j == k) for j, n in enumerate(confusion.counts[k])]
        rows.append([name, f"{confusion.samples[k]:,}", *cells, percent(confusion.recall(k))])
    rows.append(["precision", "", *(percent(confusion.precision(k)) for k in range(len(names))), ""])
    right, total = confusion.right, int(confusion.counts.sum())
    caption = f"{part}: {right:,} of {total:,} right" + (f", {percent(right / total)}" if total else "")
    return numbers(caption, ["class", "samples", *(f"as {name}" for name in names), "recall"], rows)


def _cell(count: int, top: int, *, right: bool) -> Element:
    """The more samples, the darker; right ones are bold."""
    shade = f"background:rgba(var(--shade),{0.06 + 0.34 * count / top:.2f})" if count else None
    return el("td", f"{count:,}", class_="right" if right else None, style=shade)


def _worst(part: str, confusion: Confusion, classes: Sequence[str]) -> Element:
    return el("pre", "\n".join(confusion_lines(part, confusion, tuple(classes))))
