"""`absolute`: the sizes of the numbers of a column, without their signs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bdnnlang.data.preprocessing.step import FittedStep, Json, StepKind, Training, Values
from bdnnlang.language.spec.data_spec import Absolute


@dataclass(frozen=True, slots=True)
class Size(FittedStep):
    """|x|."""

    def apply(self, values: Values, missing: NDArray[np.bool_]) -> Values:
        return np.abs(values)

    def to_json(self) -> Json:
        return {"absolute": True}

    def use(self) -> str:
        return "without signs"

    def term(self, column: str, feature: int) -> str:
        return f"|{column}|"


def fit(training: Training) -> Size | None:
    named = training.is_number and training.plan.names(Absolute, training.column.name)
    return Size() if named else None


@dataclass(frozen=True, slots=True)
class _Record:
    absolute: bool = False


def _from_json(record: _Record, column_kind: str) -> Size | None:
    return Size() if record.absolute else None


STEP = StepKind(spec=Absolute, fitted=Size, makes_numbers=True, fit=fit, record=_Record, from_json=_from_json)
