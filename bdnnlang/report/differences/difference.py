"""All that two specs or two runs differ in, as plain data and as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bdnnlang.report.differences.change import Change, Value
from bdnnlang.report.differences.sample_changes import SampleChange, SampleChanges
from bdnnlang.report.text_table import aligned, counted, fit, percent

SCHEMA = 1
SHARES = ("accuracy", "gap")  # how the places of numbers end that are shown as percent
MOST_WIDTH = 64  # of a value
NAMES = {"train": "training", "validation": "validation", "test": "test"}


@dataclass(frozen=True, slots=True)
class Difference:
    """`model`, `run` and `samples` None: they were not compared; `notes` say why, where something is missing for it."""

    a: str  # as the user names them
    b: str
    spec: tuple[Change, ...]
    model: tuple[Change, ...] | None = None
    run: tuple[Change, ...] | None = None
    samples: SampleChanges | None = None
    notes: tuple[str, ...] = ()

    @property
    def exists(self) -> bool:
        """Do the two differ in anything but times and dates?"""
        return any(change.counts for change in (*self.spec, *(self.run or ()))) or bool(self.samples and self.samples.different)

    def as_json(self) -> dict[str, Any]:
        lists = {"spec": self.spec, "model": self.model, "run": self.run}
        return {
            "schema": SCHEMA,
            "a": self.a,
            "b": self.b,
            "differ": self.exists,
            **{name: None if found is None else [change.as_json() for change in found] for name, found in lists.items()},
            "samples": None if self.samples is None else asdict(self.samples),
            "notes": list(self.notes),
        }

    def lines(self, limit: int | None) -> Iterator[str]:
        """For people; at most `limit` samples, None: all of them."""
        yield f"{self.a} → {self.b}"
        for title, found in (("spec", self.spec), ("model", self.model), ("run", self.run)):
            if found is not None:
                yield from _section(title, found)
        if self.samples is not None:
            yield from _samples(self.samples, limit)
        yield from (f"note: {note}" for note in self.notes)


def _section(title: str, found: Sequence[Change]) -> Iterator[str]:
    if not found:
        yield f"{title}: no difference"
        return
    yield title
    rows = [[change.place, _shown(change.place, change.a), "→", _shown(change.place, change.b)] for change in found]
    yield from (f"  {line}" for line in aligned(rows, left=(0, 1, 2, 3)))


def _shown(place: str, value: Value) -> str:
    match value:
        case None:
            return "–"
        case int() if not place.endswith(SHARES):
            return f"{value:,}"
        case int() | float():
            return percent(value) if place.endswith(SHARES) else f"{value:.6g}"
        case str():
            return fit(value, MOST_WIDTH)


def _samples(samples: SampleChanges, limit: int | None) -> Iterator[str]:
    yield "samples"
    for part in samples.parts:
        right = f": the first is right in {part.right_a:,} of them, the second in {part.right_b:,}" if part.different else ""
        yield f"  {NAMES[part.part]}: {part.different:,} of {counted(part.samples, 'sample')} in different classes{right}"
    shown = samples.different[:limit]
    if shown:
        rows = [["row", "part", "class", "first says", "second says"], *map(_row, shown)]
        yield from (f"  {line}" for line in aligned(rows, left=(1, 2, 3, 4)))
    if left := len(samples.different) - len(shown):
        yield f"  … and {left:,} more (`--limit 0` lists all)"


def _row(change: SampleChange) -> list[str]:
    parts = NAMES[change.part_a] if change.part_a == change.part_b else f"{NAMES[change.part_a]}, {NAMES[change.part_b]}"
    return [f"{change.row:,}", parts, *map(fit, (change.true, change.class_a, change.class_b))]
