"""One difference: a place, and what stands there on either side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Change:
    """`a` or `b` None: there is nothing on that side. `counts`: it makes the two different; times and dates do not."""

    place: str
    a: Value
    b: Value
    counts: bool = True

    def as_json(self) -> dict[str, Any]:
        return {"place": self.place, "a": self.a, "b": self.b, "counts": self.counts}


def changes(a: Mapping[str, Value], b: Mapping[str, Value], *, counts: bool = True) -> Iterator[Change]:
    """What two tables of values differ in, in the order of the first."""
    for name in dict.fromkeys([*a, *b]):
        if a.get(name) != b.get(name):
            yield Change(name, a.get(name), b.get(name), counts)
