"""A front as text, JSON and csv."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from typing import Any

from bdnnlang.network.numbers import Rational, shown
from bdnnlang.pareto.front import FrontPoint, Solved
from bdnnlang.report.text_table import aligned, percent

Json = dict[str, Any]
SCHEMA = 1
PARTS = ("train", "validation", "test")
COLUMNS = ("bytes", "loss", "objective", "bound", "margin", "proved", "fewest_proved", "nonzeros")


def front_text(points: Sequence[FrontPoint], priced: bool) -> Iterator[str]:
    """The table and what it says; `priced`: objectives are more than losses."""
    parts = [part for part in PARTS if any(part in dict(one.solved.accuracies) for one in points)]
    head = ["bytes", "loss", *(["objective"] if priced else []), "bound", "proved", "weights", *parts, "seconds", "run"]
    rows = [_cells(point, priced, parts) for point in points]
    proved = head.index("proved")
    yield from aligned([head, *rows], left={proved, len(head) - 1})
    yield ""
    yield "`bound`: no network of at most as many bytes has a lesser objective"
    yield "`optimal`: it is reached; `and smallest`: fewer bytes cost more, proved"
    margins = sorted({point.margin for point in points if point.margin is not None})
    if margins:
        yield f"`at margin`: of networks whose neurons keep {margins[0]:g} away from 0"


def _cells(point: FrontPoint, priced: bool, parts: Sequence[str]) -> list[str]:
    one, accuracies = point.solved, dict(point.solved.accuracies)
    objective = [_number(one.objective)] if priced else []
    shares = [percent(accuracies[part]) if part in accuracies else "–" for part in parts]
    size = [str(one.bytes), _number(one.loss), *objective, _number(point.bound), _proved(point), str(one.nonzeros)]
    return [*size, *shares, f"{one.seconds:.1f}", one.folder]


def _proved(point: FrontPoint) -> str:
    if not point.is_optimal:
        return "smallest" if point.is_least else "–"
    said = "optimal" if point.margin is None else "optimal at margin"
    return f"{said} and smallest" if point.is_least else said


def _number(value: Rational | float | None) -> str:
    return "–" if value is None else f"{float(value):,.6g}"


# ---- for programs


def front_json(points: Sequence[FrontPoint], solved: Sequence[Solved], origin: Json) -> Json:
    """The content of `pareto.json`; `origin`: of the command and the spec."""
    return {
        "schema": SCHEMA,
        **origin,
        "points": [point_json(point) for point in points],
        "runs": [_run_json(one) for one in solved],
    }


def point_json(point: FrontPoint) -> Json:
    one = point.solved
    return {
        "bytes": one.bytes,
        "loss": _plain(one.loss),
        "objective": _plain(one.objective),
        "bound": _plain(point.bound),
        "margin": point.margin,
        "proved": point.is_optimal,
        "fewest_proved": point.is_least,
        "nonzeros": one.nonzeros,
        **{f"{part}_accuracy": dict(one.accuracies).get(part) for part in PARTS},
        "seconds": one.seconds,
        "folder": one.folder,
    }


def _run_json(one: Solved) -> Json:
    return {
        "limit": one.limit,
        "bytes": one.bytes,
        "objective": _plain(one.objective),
        "bound": _plain(one.bound),
        "feasible": one.bound != math.inf,
        "margin": one.margin,
        "seconds": one.seconds,
        "folder": one.folder,
        "interrupted": one.interrupted,
    }


def _plain(value: Rational | float | None) -> int | float | None:
    return None if value is None or isinstance(value, float) else shown(value)


def front_csv(points: Sequence[FrontPoint]) -> str:
    """A line a point."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    rows = [point_json(point) for point in points]
    heads = [*COLUMNS, *(f"{part}_accuracy" for part in PARTS), "seconds", "folder"]
    writer.writerow(heads)
    writer.writerows([["" if row[head] is None else row[head] for head in heads] for row in rows])
    return text.getvalue()
