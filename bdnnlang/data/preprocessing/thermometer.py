"""`thermometer`: a number as features of 0 and 1, of which the i-th is 1 where it is at least the i-th threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Floats
from bdnnlang.data.exact import decimal
from bdnnlang.data.preprocessing.step import FittedStep, Json, StepKind, Training, Values, plain, sized
from bdnnlang.data.table import short
from bdnnlang.language.spec import Thermometer
from bdnnlang.network.numbers import exact
from bdnnlang.strict_json import Malformed

MOST = 255


@dataclass(frozen=True, slots=True)
class FittedThresholds(FittedStep):
    """FittedThresholds that ascend. Raises ValueError for what are none."""

    column_kind = "thermometer"
    is_scaled = False
    is_binary = True

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        ascend = all(low < high for low, high in pairwise(self.values))
        if not (1 <= len(self.values) <= MOST and ascend and np.isfinite(self.values).all()):
            raise ValueError(f"thresholds {self.values!r}")

    @property
    def fitted_numbers(self) -> int:
        return len(self.values)

    def apply(self, values: Values, missing: NDArray[np.bool_]) -> Values:
        return values[:, None] >= np.array(self.values)  # shortest decimals are in the order of their floats

    def features(self, column: str) -> tuple[str, ...]:
        return tuple(f"{column}>={short(value)}" for value in self.values)

    def to_json(self) -> Json:
        return {"thresholds": [plain(value) for value in self.values]}

    def use(self) -> str:
        return f"{len(self.values):,} 0/1 feature{'s' * (len(self.values) != 1)}"

    def term(self, column: str, feature: int) -> str:
        return f"[{column} >= {decimal(exact(self.values[feature]))}]"

    def condition(self, column: str, weights: Sequence[Fraction], bias: Fraction) -> str:
        """The ranges of the number in which the neuron is 1."""
        fires = [total >= 0 for total in accumulate(weights, initial=bias)]  # below the first threshold, from the first one, …
        if all(fires) or not any(fires):
            return "always" if fires[0] else "never"
        return f"if {' or '.join(self._ranges(column, fires))}"

    def _ranges(self, column: str, fires: Sequence[bool]) -> list[str]:
        ends = ["", *(decimal(exact(value)) for value in self.values), ""]
        changes = [0, *(i for i in range(1, len(fires)) if fires[i] != fires[i - 1]), len(fires)]
        return [_range(column, ends[low], ends[high]) for low, high in pairwise(changes) if fires[low]]


def _range(column: str, low: str, high: str) -> str:
    if low and high:
        return f"{low} <= {column} < {high}"
    return f"{column} >= {low}" if low else f"{column} < {high}"


def thresholds(values: Floats, most: int) -> tuple[float, ...]:
    """At most so many of the values (rows,), the least one not among them unless it is the only one.

    The i-th of k is the least value that has i of k + 1 equal parts of the rows below it, or the nearest one to it where k
    different ones take that: all but the least where there are no more than k. They are numbers of the data, so nothing is
    rounded.
    """
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) == 1:
        return (float(distinct[0]),)
    below, candidates = np.cumsum(counts)[:-1], distinct[1:].tolist()
    count, place, chosen = min(most, len(candidates)), -1, []
    for i in range(1, count + 1):
        wanted = int(np.searchsorted(below * (count + 1), i * len(values)))
        place = min(max(wanted, place + 1), len(candidates) - 1 - (count - i))
        chosen.append(candidates[place])
    return tuple(chosen)


def fit(training: Training) -> FittedThresholds | None:
    """Of a column of numbers, those that were filled in included."""
    thermometer = training.plan.last(Thermometer)
    if thermometer is None or not training.is_number:
        return None
    return FittedThresholds(thresholds(training.values, thermometer.thresholds))


@dataclass(frozen=True, slots=True)
class _Record:
    thresholds: tuple[float, ...] = ()


def _from_json(record: _Record, column_kind: str) -> FittedThresholds | None:
    if (column_kind == "thermometer") != bool(record.thresholds):
        raise Malformed(f"a column of kind `{column_kind}` with these thresholds")
    try:
        return FittedThresholds(tuple(sized(value) for value in record.thresholds)) if record.thresholds else None
    except ValueError as error:
        raise Malformed(str(error)) from None


STEP = StepKind(spec=Thermometer, fitted=FittedThresholds, fit=fit, record=_Record, from_json=_from_json)
