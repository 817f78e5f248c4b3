"""The report of a sweep: a table of its points, and of means over seeds and folds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bdnnlang.report.sweeps.rows import Group, PointRow, PointState, Spread, SweepTable
from bdnnlang.report.text_table import aligned, counted, fit, percent

FOLD = "fold"
SHARES = {"train_accuracy": "train", "validation_accuracy": "validation", "test_accuracy": "test"}
PLAIN = {"loss": "loss", "bound": "bound"}
MOST_ROWS = 100  # on a terminal


def report_lines(table: SweepTable, most: int | None = None) -> Iterator[str]:
    """The whole report; `most`: of the points no more than these."""
    rows = point_rows(table)
    yield from aligned(rows if most is None else rows[: most + 1], left=point_texts(table))
    if most is not None and most < len(table.rows):
        yield f"and {len(table.rows) - most:,} more"
    if table.repetitions:
        yield ""
        yield mean_of(table)
        yield from aligned(group_rows(table), left=range(len(kept_members(table))))
    for row in table.failed:
        yield f"  failed: {row.name}: {row.why}"
    yield ""
    yield ending(table)


def report_text(table: SweepTable) -> str:
    return "\n".join(report_lines(table)) + "\n"


def _columns(table: SweepTable) -> dict[str, str]:
    """The numbers that any point has, with their headings; a fold takes the place of the test part."""
    headings = PLAIN | SHARES | {"seconds": "seconds"}
    if FOLD in table.repetitions:
        headings |= {"test_accuracy": "fold"}
    return {name: text for name, text in headings.items() if any(row.numbers.get(name) is not None for row in table.rows)}


def point_rows(table: SweepTable) -> list[list[str]]:
    """A row a point, below the headings."""
    columns = _columns(table)
    rows = [[*(fit(row.values[name]) for name in table.members), *_cells(row, columns), _ended_as(row)] for row in table.rows]
    return [[*table.members, *columns.values(), "ended as"], *rows]


def point_texts(table: SweepTable) -> set[int]:
    """The columns of these rows that hold texts: the members, and how a point ended."""
    return {*range(len(table.members)), len(table.members) + len(_columns(table))}


def _cells(row: PointRow, columns: dict[str, str]) -> list[str]:
    return [_number(name, row.numbers.get(name)) for name in columns]


def _number(name: str, value: float | int | None) -> str:
    if value is None:
        return "–"
    if name in SHARES:
        return percent(value)
    return f"{value:.1f}" if name == "seconds" else f"{value:,.6g}"


def _ended_as(row: PointRow) -> str:
    return row.status.value.replace("_", " ") if row.state is PointState.ENDED and row.status else row.state.value


def mean_of(table: SweepTable) -> str:
    return f"mean ± sample deviation over {' and '.join(table.repetitions)}"


def kept_members(table: SweepTable) -> list[str]:
    """The members that do more than repeat a run."""
    return [name for name in table.members if name not in table.repetitions]


def group_rows(table: SweepTable) -> list[list[str]]:
    """A row of means for the points that differ in seeds and folds only, below the headings."""
    kept, columns = kept_members(table), _columns(table)
    rows = [[*(fit(group.values[name]) for name in kept), _runs(group), *_means(group, columns)] for group in table.groups()]
    return [[*kept, "runs", *columns.values()], *rows]


def _runs(group: Group) -> str:
    return f"{group.ended}" if group.ended == group.points else f"{group.ended} of {group.points}"


def _means(group: Group, columns: dict[str, str]) -> Sequence[str]:
    return [_spread(name, group.spreads.get(name)) for name in columns]


def _spread(name: str, spread: Spread | None) -> str:
    if spread is None:
        return "–"
    factor, unit = (100, " %") if name in SHARES else (1, "")
    deviation = "" if spread.deviation is None else f" ± {factor * spread.deviation:,.1f}"
    return f"{factor * spread.mean:,.1f}{deviation}{unit}"


def ending(table: SweepTable) -> str:
    """How many points there are in each state."""
    states = [row.state for row in table.rows]
    said = ", ".join(f"{states.count(state)} {state.value}" for state in PointState if state in states)
    return f"{counted(len(states), 'point')}: {said}"
