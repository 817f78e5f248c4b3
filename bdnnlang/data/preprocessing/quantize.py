"""`quantize`: a number as one of 2^bits whole numbers, which is what a device with small integers receives."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Floats
from bdnnlang.data.exact import common_decimals, decimal
from bdnnlang.data.preprocessing.step import FittedStep, Json, StepKind, Training, Values, plain, sized
from bdnnlang.language.spec import Quantize
from bdnnlang.network.numbers import exact
from bdnnlang.strict_json import Malformed

MOST_BITS = 16


@dataclass(frozen=True, slots=True)
class Levels(FittedStep):
    """Level 0 at `least`, 2^bits − 1 at `greatest`, evenly spaced between.

    A number is given the nearest level, the upper one half-way between two: floor(s + 1/2) of its place s on this scale, in
    exact rational arithmetic on decimals. What lies outside the range has the level of the nearer end. A range of a single
    number has level 0 only. Raises ValueError for what are no levels.
    """

    column_kind = "level"
    is_scaled = False

    least: float
    greatest: float
    bits: int

    def __post_init__(self) -> None:
        if type(self.bits) is not int or not 1 <= self.bits <= MOST_BITS:
            raise ValueError(f"bits {self.bits!r}")
        if not (math.isfinite(self.least) and math.isfinite(self.greatest) and self.least <= self.greatest):
            raise ValueError(f"range from {self.least!r} to {self.greatest!r}")

    @property
    def top(self) -> int:
        """The highest level."""
        return (1 << self.bits) - 1

    def of(self, values: Floats) -> Floats:
        """The level of each value, whole numbers of the same shape (values,)."""
        distinct, inverse = np.unique(np.clip(values, self.least, self.greatest), return_inverse=True)
        *numbers, low, high = common_decimals([*distinct.tolist(), self.least, self.greatest])
        twice = 2 * (high - low)
        levels = [(2 * (number - low) * self.top + high - low) // twice if twice else 0 for number in numbers]
        return np.array(levels, dtype=np.float64)[inverse]

    @property
    def fitted_numbers(self) -> int:
        return 2

    def apply(self, values: Values, missing: NDArray[np.bool_]) -> Values:
        return self.of(values)

    def to_json(self) -> Json:
        return {"bits": self.bits, "least": plain(self.least), "greatest": plain(self.greatest)}

    def use(self) -> str:
        return f"{self.top + 1} levels"

    def term(self, column: str, feature: int) -> str:
        return f"level({column})"

    def condition(self, column: str, weights: Sequence[Fraction], bias: Fraction) -> str:
        """A bound of the number itself: where its level is the first at which the neuron changes."""
        (weight,) = weights
        ascends = weight > 0
        first = math.ceil(-bias / weight) if ascends else math.floor(-bias / weight) + 1
        least, greatest = exact(self.least), exact(self.greatest)
        if least == greatest:
            return "always" if bias >= 0 else "never"
        if not 0 < first <= self.top:
            return "always" if ascends == (first <= 0) else "never"
        place = least + (2 * first - 1) * (greatest - least) / (2 * self.top)
        return f"if {column} {'>=' if ascends else '<'} {decimal(place)}"

    @classmethod
    def legend(cls, columns: Sequence[tuple[str, Self]]) -> str:
        ranges = (f"{name} from {decimal(exact(one.least))} to {decimal(exact(one.greatest))}" for name, one in columns)
        return f"level: the nearest of 0 to {columns[0][1].top}, evenly spaced, half-way up, of {', '.join(ranges)}"


def fit(training: Training) -> Levels | None:
    """Levels over the range of a column of numbers, those that were filled in included."""
    quantize = training.plan.last(Quantize)
    if quantize is None or not training.is_number:
        return None
    return Levels(float(training.values.min()), float(training.values.max()), quantize.bits)


@dataclass(frozen=True, slots=True)
class _Record:
    bits: int | None = None
    least: float | None = None
    greatest: float | None = None


def _from_json(record: _Record, column_kind: str) -> Levels | None:
    if column_kind != "level":
        if record != _Record():
            raise Malformed(f"a column of kind `{column_kind}` with levels")
        return None
    try:
        return Levels(sized(record.least), sized(record.greatest), record.bits or 0)
    except ValueError as error:
        raise Malformed(f"levels with {error}") from None


STEP = StepKind(spec=Quantize, fitted=Levels, fit=fit, record=_Record, from_json=_from_json)
