"""Class by class, as lines: a matrix for a few classes, else the weakest classes and the commonest mistakes."""

from __future__ import annotations

import numpy as np

from bdnnlang.problem.class_scores import Confusion
from bdnnlang.report.text_table import aligned, counted, fit, percent

MOST_CLASSES = 6  # of a matrix
WORST = 5
NAME = 20  # columns of a class name


def confusion_lines(
    part: str, confusion: Confusion, classes: tuple[str, ...], *, recall: bool = True, precision: bool = True
) -> list[str]:
    """What became of the samples of a part, class by class, with these shares of each class."""
    names = [fit(name, NAME) for name in classes]
    return (
        _matrix(part, confusion, names, recall, precision)
        if len(names) <= MOST_CLASSES
        else _worst(part, confusion, names, recall)
    )


def _matrix(part: str, confusion: Confusion, names: list[str], recall: bool, precision: bool) -> list[str]:
    """A row a class, with the classes that its samples were put into."""
    rows = [[part, "samples", *(f"as {name}" for name in names), *["recall"] * recall]]
    for k, name in enumerate(names):
        shares = [percent(confusion.recall(k))] if recall else []
        rows.append([f"  {name}", f"{confusion.samples[k]:,}", *(f"{n:,}" for n in confusion.counts[k]), *shares])
    if precision:
        rows.append(["  precision", "", *(percent(confusion.precision(k)) for k in range(len(names)))])
    return aligned(rows)


def _worst(part: str, confusion: Confusion, names: list[str], recall: bool) -> list[str]:
    """The classes with the least recall, and the pairs confused most often."""
    of, total = confusion.samples, int(confusion.counts.sum())
    lines = [f"{part}  {confusion.right:,} of {counted(total, 'sample')} right, {len(names)} classes"]
    recalls = sorted(
        (k for k in range(len(names)) if of[k] and confusion.counts[k, k] < of[k]), key=lambda k: confusion.counts[k, k] / of[k]
    )
    if recalls and recall:
        weakest = (f"{names[k]}: {percent(confusion.recall(k))} of {of[k]:,}" for k in recalls[:WORST])
        lines.append(f"  least recall     {', '.join(weakest)}{_more(len(recalls))}")
    wrong = confusion.counts - np.diag(np.diag(confusion.counts))
    pairs = [tuple(divmod(int(place), len(names))) for place in np.argsort(-wrong, axis=None, kind="stable")]
    pairs = [pair for pair in pairs if wrong[pair]]
    if pairs:
        shown = (f"{names[i]} as {names[j]}: {wrong[i, j]:,}" for i, j in pairs[:WORST])
        lines.append(f"  confused most    {', '.join(shown)}{_more(len(pairs))}")
    return lines


def _more(count: int) -> str:
    return f", and {count - WORST} more" if count > WORST else ""
