"""`impute`: a value of the training part in place of a missing one.

Filling commutes with scaling, so the order of these two steps does not matter: the last of each holds.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bdnnlang.data.preprocessing.step import FittedStep, Json, StepKind, Training, Values, plain, sized
from bdnnlang.data.table import rule_value
from bdnnlang.language.spec import Impute
from bdnnlang.strict_json import Malformed


@dataclass(frozen=True, slots=True)
class Fill(FittedStep):
    """What stands for a missing value."""

    value: float | str

    @property
    def fitted_numbers(self) -> int:
        return 1

    def apply(self, values: Values, missing: NDArray[np.bool_]) -> Values:
        return np.where(missing, self.value, values)

    def check(self, takes_texts: bool) -> None:
        if isinstance(self.value, str) != takes_texts:
            raise Malformed(f"`impute` is {self.value!r} among {'texts' if takes_texts else 'numbers'}")

    def to_json(self) -> Json:
        return {"impute": plain(self.value)}

    @classmethod
    def legend(cls, columns: Sequence[tuple[str, Self]]) -> str:
        return f"missing: {', '.join(f'{name} as {rule_value(fill.value)}' for name, fill in columns)}"


def fit(training: Training) -> Fill | None:
    """For categories always the most frequent one, whatever the strategy."""
    impute = training.plan.last(Impute)
    if impute is None:
        return None
    if not training.is_number or impute.strategy == "most_frequent":
        counts = Counter(sorted(training.present.tolist()))
        return Fill(counts.most_common(1)[0][0])  # the first of equals, so the smallest
    values = training.present
    return Fill(float(np.median(values)) if impute.strategy == "median" else math.fsum(values.tolist()) / len(values))


@dataclass(frozen=True, slots=True)
class _Record:
    impute: str | float | None = None


def _from_json(record: _Record, column_kind: str) -> Fill | None:
    return None if record.impute is None else Fill(sized(record.impute))


STEP = StepKind(spec=Impute, fitted=Fill, fills_missing=True, fit=fit, record=_Record, from_json=_from_json)
