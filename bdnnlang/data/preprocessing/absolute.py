"""`absolute`: numbers without their sign."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bdnnlang.data.preprocessing.step import FittedStep, Json, StepKind, Training, Values
from bdnnlang.language.spec import Absolute
from bdnnlang.strict_json import Malformed


@dataclass(frozen=True, slots=True)
class Size(FittedStep):
    """A number without its sign."""

    def apply(self, values: Values, missing: NDArray[np.bool_]) -> Values:
        return np.abs(values)

    def check(self, takes_texts: bool) -> None:
        if takes_texts:
            raise Malformed("texts have no size")

    def to_json(self) -> Json:
        return {"absolute": True}

    def term(self, column: str, feature: int) -> str:
        return f"|{column}|"


def fit(training: Training) -> Size | None:
    return Size() if training.is_number and training.plan.names(Absolute, training.column.name) else None


@dataclass(frozen=True, slots=True)
class _Record:
    absolute: bool = False


def _from_json(record: _Record, column_kind: str) -> Size | None:
    return Size() if record.absolute else None


STEP = StepKind(spec=Absolute, fitted=Size, makes_numbers=True, fit=fit, record=_Record, from_json=_from_json)
