"""Where data comes from: scikit-learn's own sets, csv files, files of arrays, random numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, assert_never

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Floats, Ints, compact
from bdnnlang.data.builtin import read_data_set
from bdnnlang.data.diagnosis.errors import TooMuchData
from bdnnlang.data.draw import permutation, uniform
from bdnnlang.data.table import RawColumn, Table, excess, word
from bdnnlang.data.text.csvfile import open_csv
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import Builtin, Csv, DataSource, Npz, Random

BOXES = 3
BOX_SIDES = 3  # features that bound a box; the others are free


class Source(Protocol):
    """Samples whose columns are known, but not yet read."""

    @property
    def title(self) -> str:
        """As diagnostics and the report name it."""

    @property
    def names(self) -> Sequence[str]: ...

    def column(self, place: int) -> Table:
        """One column of all rows."""

    def table(self, rows: Ints | None = None) -> Table:
        """All columns, of all rows or of these."""


@dataclass(frozen=True)
class InMemory:
    """A source that is a table already."""

    contents: Table

    @property
    def title(self) -> str:
        return self.contents.source

    @property
    def names(self) -> Sequence[str]:
        return self.contents.names

    def column(self, place: int) -> Table:
        return replace(self.contents, columns=(self.contents.columns[place],))

    def table(self, rows: Ints | None = None) -> Table:
        return self.contents if rows is None else self.contents.take(rows)


def open_source(source: DataSource, folder: Path) -> Source:
    """A source as it is, the target as its last column unless the spec names another."""
    match source:
        case Builtin():
            return InMemory(read_builtin(source))
        case Csv():
            return open_csv(source, folder)
        case Npz():
            from bdnnlang.data.npz import read_npz  # with the diagnostics of arrays

            return InMemory(read_npz(source, folder))
        case Random():
            return InMemory(read_random(source))
        case _:
            assert_never(source)


def read_table(source: DataSource, folder: Path) -> Table:
    """All of a source."""
    return open_source(source, folder).table()


def read_builtin(source: Builtin) -> Table:
    """A data set that scikit-learn ships; works offline."""
    found = read_data_set(source.name)
    return _table(source.name, [word(name) for name in found.names], found.x, np.array(found.labels, dtype=object))


def read_random(source: Random) -> Table:
    """Uniform points in [−10, 10] with three decimals; class 1 is the half of them inside a few random boxes."""
    m, n = source.samples, source.features
    if limit := excess(m, n):
        raise Rejected([TooMuchData(what=f"{m} × {n} random data", limit=limit, span=source.span)])
    x = np.floor(uniform((source.seed, 0), (m, n)) * 20_001 - 10_000) / 1000
    labels = _in_boxes(x, source.seed)
    if source.kind == "noise":
        flipped = permutation((source.seed, 3), m)[: round(m / 10)]
        labels[flipped] = ~labels[flipped]
    text = f"random {source.kind} {m} × {n}, seed {source.seed}"
    return _table(text, [f"x{j + 1}" for j in range(n)], x, np.where(labels, "1", "0").astype(object))


def _in_boxes(x: Floats, seed: int) -> NDArray[np.bool_]:
    """Boxes grown from random centres until they hold half of the points, (samples,)."""
    m, n = x.shape
    reach: Floats = np.full(m, np.inf)  # how far the boxes must grow to reach a point
    for box in range(BOXES):
        sides = permutation((seed, 1, box), n)[:BOX_SIDES]
        centre, width = uniform((seed, 2, box), (2, len(sides)))
        distance = np.abs(x[:, sides] - (20 * centre - 10)) / (1 + width)
        reach = np.minimum(reach, distance.max(axis=1))
    inside: NDArray[np.bool_] = reach <= np.sort(reach)[(m - 1) // 2]
    return inside


def _table(source: str, names: list[str], x: Floats, labels: NDArray[np.object_]) -> Table:
    digest = hashlib.sha256(np.ascontiguousarray(x, dtype="<f8").tobytes())
    digest.update("\n".join([*names, *labels]).encode())
    features = tuple(RawColumn(name, compact(x[:, j] + 0.0)) for j, name in enumerate(names))
    target = RawColumn("target", np.full(len(labels), np.nan), labels)
    lines = np.arange(1, len(labels) + 1, dtype=np.int64)
    return Table(source, (*features, target), lines, digest.hexdigest())
