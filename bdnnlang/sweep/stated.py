"""`sweep.json` of a sweep's folder, which somebody else may have written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from bdnnlang.folder.contents import Damaged, read_text
from bdnnlang.report.sweeps.as_json import SCHEMA
from bdnnlang.report.sweeps.rows import NUMBERS, PointRow, PointState, SweepTable
from bdnnlang.run.status import RunStatus
from bdnnlang.strict_json import Json, Malformed, parse, read
from bdnnlang.sweep.folder import TABLE


@dataclass(frozen=True, slots=True)
class StatedPoint:
    """A point as `sweep.json` has it."""

    OTHERS: ClassVar = True

    folder: str
    values: dict[str, str]
    spec_sha256: str
    state: PointState
    status: RunStatus | None
    why: str | None


@dataclass(frozen=True, slots=True)
class StatedSweep:
    OTHERS: ClassVar = True

    schema: int
    members: tuple[str, ...]
    repetitions: tuple[str, ...]
    points: tuple[StatedPoint, ...]


def read_sweep(folder: Path) -> tuple[dict[str, Any], StatedSweep]:
    """`sweep.json` as it stands there, and what is needed of it. Raises CannotRead, Damaged."""
    try:
        content = parse(read_text(folder, TABLE))
        stated: StatedSweep = read(StatedSweep, content)
        if stated.schema != SCHEMA:
            raise Malformed(f"it has no `schema` {SCHEMA}")
        for one in stated.points:
            if Path(one.folder).name != one.folder or one.values.keys() != set(stated.members):
                raise Malformed("a point has no folder of its own, or other members than the sweep")
    except Malformed as error:
        raise Damaged(f"{folder / TABLE} is damaged: {error}") from None
    return content, stated


def table_of(content: dict[str, Any], stated: StatedSweep) -> SweepTable:
    """The rows as they were before they were written. Raises Damaged."""
    rows = tuple(_row(one, written) for one, written in zip(stated.points, content["points"], strict=True))
    return SweepTable(stated.members, stated.repetitions, rows)


def _row(one: StatedPoint, written: Json) -> PointRow:
    """With numbers as they were before they were written."""
    numbers = {name: _number(written.get(name)) for name in NUMBERS}
    return PointRow(one.folder, one.values, one.spec_sha256, one.state, one.status, numbers, one.why or "")


def _number(value: Json) -> int | float | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    try:
        return float(value)
    except (TypeError, ValueError):
        raise Damaged(f"{TABLE} is damaged: a number of a point is none") from None
