"""`binarize`: a number as 1 where it is at least a given value, else 0."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from bdnnlang.data.exact import decimal
from bdnnlang.data.preprocessing.step import FittedStep, Json, StepKind, Training, Values, plain
from bdnnlang.language.spec import Binarize
from bdnnlang.network.numbers import exact
from bdnnlang.strict_json import Malformed


@dataclass(frozen=True, slots=True)
class Bit(FittedStep):
    """1 from `at_least` upwards. Raises ValueError where that is not finite."""

    column_kind = "bit"
    is_scaled = False
    is_binary = True

    at_least: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.at_least):
            raise ValueError(f"threshold {self.at_least!r}")

    @property
    def fitted_numbers(self) -> int:
        return 1

    def apply(self, values: Values, missing: NDArray[np.bool_]) -> Values:
        return values >= self.at_least  # shortest decimals are in the order of the floats that they stand for

    def to_json(self) -> Json:
        return {"at_least": plain(self.at_least)}

    def use(self) -> str:
        return f"1 from {decimal(exact(self.at_least))}"

    def term(self, column: str, feature: int) -> str:
        return f"[{column} >= {decimal(exact(self.at_least))}]"

    def condition(self, column: str, weights: Sequence[Fraction], bias: Fraction) -> str:
        below, above = bias >= 0, weights[0] + bias >= 0
        if below == above:
            return "always" if above else "never"
        return f"if {column} {'>=' if above else '<'} {decimal(exact(self.at_least))}"


def fit(training: Training) -> Bit | None:
    """The same for all columns of numbers: nothing is fitted."""
    binarize = training.plan.last(Binarize)
    return Bit(binarize.at_least) if binarize is not None and training.is_number else None


@dataclass(frozen=True, slots=True)
class _Record:
    at_least: float | None = None


def _from_json(record: _Record, column_kind: str) -> Bit | None:
    if (column_kind == "bit") != (record.at_least is not None):
        raise Malformed(f"a column of kind `{column_kind}` with this threshold")
    return None if record.at_least is None else Bit(record.at_least)


STEP = StepKind(spec=Binarize, fitted=Bit, fit=fit, record=_Record, from_json=_from_json)
