"""`onehot`, and what becomes of every column of texts: one feature of 0 and 1 for each value, never scaled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from bdnnlang.data.preprocessing.step import FittedStep, Json, StepKind, Training, Values, plain, sized
from bdnnlang.data.table import RawColumn, rule_value, short
from bdnnlang.language.spec import OneHot
from bdnnlang.strict_json import Malformed


@dataclass(frozen=True, slots=True)
class Categories(FittedStep):
    """The values of the training part, ascending: all texts, or all numbers. An unknown one is all zeros."""

    column_kind = "category"
    is_scaled = False
    is_binary = True

    values: tuple[str | float, ...]

    @property
    def takes_texts(self) -> bool:
        return isinstance(self.values[0], str)

    @property
    def fitted_numbers(self) -> int:
        return len(self.values)

    def apply(self, values: Values, missing: NDArray[np.bool_]) -> Values:
        return np.stack([values == category for category in self.values], axis=1)

    def features(self, column: str) -> tuple[str, ...]:
        return tuple(f"{column}={value if isinstance(value, str) else short(value)}" for value in self.values)

    def to_json(self) -> Json:
        return {"categories": [plain(value) for value in self.values]}

    def use(self) -> str:
        return f"{len(self.values):,} 0/1 feature{'s' * (len(self.values) != 1)}"

    def term(self, column: str, feature: int) -> str:
        return f"[{column} = {rule_value(self.values[feature])}]"

    def condition(self, column: str, weights: Sequence[Fraction], bias: Fraction) -> str:
        """A list of the values that make the neuron 1, or of the others."""
        is_on = bias >= 0
        exceptions = [value for value, weight in zip(self.values, weights, strict=True) if (weight + bias >= 0) != is_on]
        if not exceptions:
            return "always" if is_on else "never"
        return f"{'unless' if is_on else 'if'} {column} is {' or '.join(map(rule_value, exceptions))}"


def categories_of(column: RawColumn) -> tuple[str | float, ...]:
    """The values of a column, ascending: numbers if all of them are."""
    values = column.numbers if column.texts is None else column.texts
    return tuple(sorted(set(values[~column.missing].tolist())))


def fit(training: Training) -> Categories | None:
    return None if training.is_number else Categories(categories_of(training.column))


@dataclass(frozen=True, slots=True)
class _Record:
    categories: tuple[str | float, ...] = ()


def _from_json(record: _Record, column_kind: str) -> Categories | None:
    values = record.categories
    if len({type(value) for value in values}) != (column_kind == "category") or len(set(values)) < len(values):
        raise Malformed(f"a column of kind `{column_kind}` with these categories")
    return Categories(tuple(sized(value) for value in values)) if values else None


STEP = StepKind(spec=OneHot, fitted=Categories, makes_categories=True, fit=fit, record=_Record, from_json=_from_json)
