"""Data that is ready for a network: scaled, split, and exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

import numpy as np

from bdnnlang.arrays import Compact, Floats, Ints
from bdnnlang.data.exact import Lattice, find_lattice, scaled_features
from bdnnlang.data.facts import ColumnFacts, column_facts
from bdnnlang.data.preprocessing.recipe import Encoding, Recipe
from bdnnlang.data.table import Texts
from bdnnlang.data.text.header import Header
from bdnnlang.diagnostics import Diagnostic
from bdnnlang.network.numbers import exact


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Rows:
    """Samples without classes. `x` is `raw` scaled by `recipe`, correctly rounded; `exact_row` is not rounded."""

    x: Floats  # (m, n), scaled
    raw: Compact  # (m, n), encoded, not scaled
    rows: Ints  # (m,), row of each sample in the source, from 0
    recipe: Recipe

    def __post_init__(self) -> None:
        for array in (self.x, self.raw, self.rows):
            array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def is_as_written(self) -> bool:
        """Are the exact features the decimals of `x`, since nothing was scaled?"""
        return self.recipe.is_plain

    def exact_row(self, i: int) -> tuple[Fraction, ...]:
        """Scaled features of sample i as exact rationals."""
        bounds = zip(self.raw[i], self.recipe.lower, self.recipe.upper, strict=True)
        return tuple((exact(value) - exact(lower)) / (exact(upper) - exact(lower)) for value, lower, upper in bounds)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Part(Rows):
    """Samples with classes: the training, validation or test part."""

    y: Ints  # (m,), positions in `Dataset.classes`
    source: str = ""  # `csv test.csv`, where the part is a file of its own
    sha256: str = ""  # of that file's bytes
    groups: tuple[tuple[str, Texts], ...] = ()  # columns kept aside, by name, each (m,): the cells as they were read

    def __post_init__(self) -> None:
        Rows.__post_init__(self)
        self.y.flags.writeable = False

    def take(self, rows: Ints) -> Part:
        """Some of the samples, in the order of `rows`."""
        groups = tuple((name, cells[rows]) for name, cells in self.groups)
        return replace(self, x=self.x[rows], raw=self.raw[rows], rows=self.rows[rows], y=self.y[rows], groups=groups)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Dataset:
    """Samples that are ready for a network: what a spec's block `data` stands for, or arrays (`from_arrays`)."""

    train: Part
    validation: Part | None
    test: Part | None
    classes: tuple[str, ...]
    features: tuple[str, ...]
    recipe: Recipe
    lattice: Lattice | None  # of the training part
    source: str  # for people: `breast_cancer`, `csv heart.csv`
    sha256: str  # of the file's bytes, or of the arrays where there is no file
    rows: int  # in the source
    merged_rows: int  # different rows of features in the training part
    irreducible_errors: int  # no network makes fewer zero-one errors on the training part
    header: Header | None = None  # of a text file
    columns: tuple[ColumnFacts, ...] = ()  # of the source, the target among them
    warnings: tuple[Diagnostic, ...] = ()  # about the source

    @classmethod
    def from_arrays(
        cls, x: object, y: object, feature_names: Sequence[str] | None = None, class_names: Sequence[str] | None = None
    ) -> Dataset:
        """Training samples from arrays, as they are: nothing is scaled, and no sample is kept for validation or test.

        `x`: numbers (samples, features), or columns by name, as in a DataFrame; each means the decimal that Python prints for it.
        `y`: labels (samples,), numbers or texts. The classes are the labels in ascending order; with `class_names` these in their
        order, and labels are names there, or whole numbers, their positions from 0. Features without names are x1, x2, …. Scale
        features to about [0, 1] for real weights; for integer ones whole numbers are best. Raises SpecError with the rows and
        columns of what is wrong.

        >>> import bdnnlang as bd
        >>> samples = bd.Dataset.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], class_names=["even", "odd"])
        >>> samples.features, samples.classes, samples.train.y.tolist()
        (('x1', 'x2'), ('even', 'odd'), [0, 1, 1, 0])
        >>> bd.Dataset.from_arrays([[0, 0], [0, None]], [0, 1])
        Traceback (most recent call last):
        bdnnlang.SpecError: error[E209]: row 1 of `x`, column `x2`: the value is missing
          = hint: fill the value in, or leave the row out
        """
        from bdnnlang.data.arrays import samples_of  # with the diagnostics of arrays, which a spec's data never need

        table, target = samples_of(x, y, feature_names, class_names)
        *features, label = table.columns
        columns = tuple(Encoding(one.name, seen=(float(one.numbers.min()), float(one.numbers.max()))) for one in features)
        n = len(columns)
        recipe = Recipe(label.name, table.names, columns, (0.0,) * n, (1.0,) * n)
        raw = recipe.raw(table)
        train = Part(x=recipe.scale(raw), raw=raw, rows=np.arange(table.rows, dtype=np.int64), recipe=recipe, y=target.y)
        return cls(
            train=train,
            validation=None,
            test=None,
            classes=target.classes,
            features=recipe.features,
            recipe=recipe,
            lattice=find_lattice(scaled_features(raw, recipe.lower, recipe.upper)),
            source=table.source,
            sha256=table.sha256,
            rows=table.rows,
            merged_rows=int(equal_rows(train).max()) + 1,
            irreducible_errors=irreducible_errors(train),
            columns=column_facts(table),
        )

    def train_on(self, rows: Ints) -> Dataset:
        """The same with some of the training samples only."""
        train = self.train.take(rows)
        merged = int(equal_rows(train).max()) + 1
        errors = irreducible_errors(train)
        return replace(self, train=train, merged_rows=merged, irreducible_errors=errors)

    def facts(self) -> dict[str, str | int | list[str]]:
        """What a run folder states about the data, and `bdnnc verify` compares."""
        files: dict[str, str | int | list[str]] = {}
        for name, part in (("validation", self.validation), ("test", self.test)):
            if part is not None and part.source:
                files |= {f"{name}_source": part.source, f"{name}_sha256": part.sha256}
        return {
            "source": self.source,
            "sha256": self.sha256,
            "rows": self.rows,
            "features": len(self.features),
            "classes": list(self.classes),
            "merged_rows": self.merged_rows,
            "irreducible_errors": self.irreducible_errors,
            "train": len(self.train),
            "validation": len(self.validation or ()),
            "test": len(self.test or ()),
            **files,
        }


@lru_cache(maxsize=4)  # every stage asks, and the report, which after an interrupt shall not wait
def equal_rows(part: Part) -> Ints:
    """Number of the group of equal samples that each one belongs to, (m,)."""
    groups = row_groups(part.raw)
    groups.flags.writeable = False
    return groups


def row_groups(raw: Compact) -> Ints:
    """Number of the group of equal rows that each row of (m, n) belongs to, (m,); groups go by their features, ascending.

    One column after another parts the groups of rows that were equal so far: no copy of the rows is made.
    """
    groups = np.zeros(len(raw), dtype=np.int64)
    open_rows = np.arange(len(raw))  # those with equals
    for j in range(raw.shape[1]):
        if not len(open_rows):
            break
        values = raw[open_rows, j]
        if (values == values[0]).all():
            continue
        order = np.lexsort((values, groups[open_rows]))
        rows, values = open_rows[order], values[order]
        of = groups[rows]
        begins = np.r_[True, of[1:] != of[:-1]]
        parts = begins | np.r_[True, values[1:] != values[:-1]]
        # a group is numbered by the rows before it, so that its parts have numbers of their own
        start = np.maximum.accumulate(np.where(begins, np.arange(len(rows)), 0))
        first = np.maximum.accumulate(np.where(parts, np.arange(len(rows)), 0))
        groups[rows] = of + first - start
        alone = parts & np.r_[parts[1:], True]
        open_rows = rows[~alone]
    return np.unique(groups, return_inverse=True)[1].reshape(-1)


def irreducible_bits(part: Part, bits: Ints) -> int:
    """A proven lower bound on the wrong output bits of any network; `bits` (m, K) are the right ones.

    Equal samples get equal outputs, so of each bit a group has both ways, the rarer way is wrong.
    """
    groups = equal_rows(part)
    ones = np.zeros((groups.max() + 1, bits.shape[1]), dtype=np.int64)
    np.add.at(ones, groups, bits)
    return int(np.minimum(ones, np.bincount(groups)[:, None] - ones).sum())


def irreducible_errors(part: Part) -> int:
    """A proven lower bound on the samples any network puts into a wrong class."""
    pairs, counts = np.unique(np.stack([equal_rows(part), part.y]), axis=1, return_counts=True)
    most = np.zeros(pairs[0].max() + 1, dtype=np.int64)
    np.maximum.at(most, pairs[0], counts)
    return len(part) - int(most.sum())
