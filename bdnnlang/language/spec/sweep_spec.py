"""The block `sweep`: params that take one value after another, and folds of the data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from bdnnlang.language.kinds import Nothing, Whole
from bdnnlang.language.spec.row import Row, block, setting
from bdnnlang.source import Span

FOLDS = Whole(2, 100)


@dataclass(frozen=True, slots=True)
class SweepMember:
    """A param, and its values as `-D` takes them."""

    name: str
    values: tuple[str, ...]
    is_listed: bool = False  # by the command line
    is_text: bool = False  # a param that is declared as a string: the values have no quotes
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class SweepSpec:
    """The spec is run once for each combination of the values of `members` and of folds."""

    row: ClassVar[Row] = block(
        "sweep",
        Nothing(),
        "Runs the spec at each combination of values of its params, written as `width in {1, 2, 4}` or `seed in int[0, 9]`",
        example="sweep { cross_validate = 5 }",
        aliases=("grid", "grid_search", "search", "multirun"),
    )
    members: tuple[SweepMember, ...] = ()
    cross_validate: int | None = setting(
        FOLDS,
        "Runs every combination once for each of this many folds of the samples outside the test part, which stays unseen",
        None,
        shown="no folds",
        example="cross_validate = 5",
        aliases=("cv", "folds", "kfold", "k_fold", "n_splits"),
    )
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
