"""From the name of a row or column, as it stands in a file, to its family and place, or to what was probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bdnnlang.model.milp import Family


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a family: its indices, and its number among the rows or columns of the model; None: a pass left it out."""

    family: Family
    index: tuple[int, ...]
    number: int | None


def find(name: str, families: Sequence[Family]) -> Member | None:
    """The member of that name; None: there is none."""
    first = 0
    for family in families:
        index = _index(name, family)
        if index is not None:
            return _member(family, index, first)
        first += family.size
    return None


def suggestion(name: str, families: Sequence[Family]) -> str | None:
    """A name that exists and looks like one that does not."""
    stems = {family.name: family for family in families if family.size}
    stem = re.sub(r"(_[0-9]+)+$", "", name)
    close = difflib.get_close_matches(stem, stems, 1, 0.5)
    if not close:
        return None
    family = stems[close[0]]
    given = [int(part) for part in re.findall(r"(?<=_)[0-9]+", name[len(stem) :])]
    wanted = [min(i, extent - 1) for i, extent in zip([*given, *[0] * len(family.shape)], family.shape, strict=False)]
    flat = int(np.ravel_multi_index(wanted, family.shape)) if family.shape else 0
    if family.kept is not None:
        flat = int(family.kept[min(int(np.searchsorted(family.kept, flat)), len(family.kept) - 1)])
    return written(family, tuple(int(i) for i in np.unravel_index(flat, family.shape)))


def written(family: Family, index: tuple[int, ...]) -> str:
    """A name as files have it."""
    return "_".join([family.name, *map(str, index)])


def _index(name: str, family: Family) -> tuple[int, ...] | None:
    pattern = re.escape(family.name) + r"_([0-9]{1,9})" * len(family.shape)
    found = re.fullmatch(pattern, name)
    return tuple(map(int, found.groups())) if found else None


def _member(family: Family, index: tuple[int, ...], first: int) -> Member | None:
    if any(i >= extent for i, extent in zip(index, family.shape, strict=True)):
        return None
    flat = int(np.ravel_multi_index(index, family.shape)) if index else 0
    if family.kept is None:
        return Member(family, index, first + flat)
    place = int(np.searchsorted(family.kept, flat))
    is_kept = place < len(family.kept) and family.kept[place] == flat
    return Member(family, index, first + place if is_kept else None)
