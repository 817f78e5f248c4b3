"""What a step of a `data` block is.

Its file defines what the step has become for one column, its numbers fitted on the training part (a `FittedStep`), and how it
gets there (a `StepKind`, which the table in `steps.py` lists). Whatever a step does not do is as it is defined here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from bdnnlang.data.exact import LARGEST, SMALLEST
from bdnnlang.data.table import RawColumn
from bdnnlang.language.spec import DataStep
from bdnnlang.strict_json import Malformed

if TYPE_CHECKING:
    from bdnnlang.data.target import Target

Json = dict[str, Any]
Values = NDArray[Any]  # numbers or texts
S = TypeVar("S", bound=DataStep)
V = TypeVar("V", bound=float | str)


class FittedStep:
    """What a step has become for one column, the same for all parts and for new rows."""

    __slots__ = ()
    column_kind: ClassVar[str] = "number"  # in network.json
    is_scaled: ClassVar[bool] = True  # False: its numbers are features as they are
    is_binary: ClassVar[bool] = False  # True: its features are 0 or 1

    @property
    def takes_texts(self) -> bool:
        """Whether the cells of the column are read as texts."""
        return False

    def read(self, column: RawColumn) -> RawColumn:
        """The column, its cells read in another way."""
        return column

    def apply(self, values: Values, missing: NDArray[np.bool_]) -> Values:
        """The values (rows,) of a column in another form: (rows,), or (rows, features)."""
        return values

    @property
    def fitted_numbers(self) -> int:
        """How many numbers, or codes of texts, a device has to keep for it."""
        return 0

    def features(self, column: str) -> tuple[str, ...] | None:
        """Names of the features; None: it makes none of its own."""
        return None

    def check(self, takes_texts: bool) -> None:
        """Raise Malformed if it does not fit a column whose cells are read as texts, or as numbers."""

    def to_json(self) -> Json:
        """Its keys in network.json; numbers are the shortest decimals that are read back bit for bit."""
        return {}

    def use(self) -> str | None:
        """What it makes of the column, for `bdnnc check`; None: nothing to report."""
        return None

    # ---- in the units of the user, for the rules of a network; `column` is a name as the language writes it

    def term(self, column: str, feature: int) -> str | None:
        """What a rule calls one of its features; None: as the column."""
        return None

    def condition(self, column: str, weights: Sequence[Fraction], bias: Fraction) -> str | None:
        """When weights · features + bias >= 0, for a neuron that sees this column alone; None: a sum says it best."""
        return None

    @classmethod
    def legend(cls, columns: Sequence[tuple[str, Self]]) -> str | None:
        """What a reader of the rules has to know of these columns."""
        return None


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step of a spec, the columns that it names called as in the table."""

    step: DataStep
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of a spec in order, before any number is fitted."""

    target: str
    used: tuple[str, ...]  # feature columns in order
    steps: tuple[PlannedStep, ...] = ()

    def last(self, kind: type[S]) -> S | None:
        """The last step of a kind: it holds."""
        return next((planned.step for planned in reversed(self.steps) if isinstance(planned.step, kind)), None)

    def names(self, kind: type[DataStep], column: str) -> bool:
        """Whether a step of this kind names the column."""
        return any(column in planned.columns for planned in self.steps if isinstance(planned.step, kind))


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """What a step is fitted to: the training rows of a column, at least one of which is there."""

    plan: Plan
    column: RawColumn  # its cells read
    is_number: bool  # it is one feature; else it has categories
    values: Values  # (rows,), as the steps before have left them

    @property
    def present(self) -> Values:
        """The values that are not missing."""
        return self.values[~self.column.missing]


def _nothing(*given: Any) -> None:
    """Nothing becomes of the step here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepKind:
    """How a step is planned, fitted and read back."""

    spec: type[DataStep]
    fitted: type[FittedStep] | None = None  # None: it leaves nothing behind in a column
    drops_columns: bool = False  # those that it names
    fills_missing: bool = False
    makes_numbers: bool = False  # the columns that it names are meant as numbers, whatever their cells are …
    makes_categories: bool = False  # … as categories, even numbers
    draw: Callable[[Any, Target, int], Target] | None = None  # (step, rows and classes, seed of the split) → the rows that stay
    recognise: Callable[[Plan, RawColumn], FittedStep | None] = _nothing  # from all rows
    fit: Callable[[Training], FittedStep | None] = _nothing  # from the training rows
    record: type | None = None  # a dataclass of the keys that `to_json` writes; all have defaults
    from_json: Callable[[Any, str], FittedStep | None] = _nothing  # of such a record and the kind of the column; raises Malformed


# ---- numbers in network.json


def plain(value: float | str) -> float | int | str:
    """A number as the shortest decimal, a text as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def sized(value: V | None) -> V:
    """A number no larger or smaller than a cell may be, or a text. Raises Malformed."""
    if value is None or (isinstance(value, float) and value and not SMALLEST <= abs(value) <= LARGEST):
        raise Malformed(f"{value} is not between {SMALLEST} and {LARGEST} in size")
    return value
