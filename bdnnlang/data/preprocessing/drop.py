"""`drop`: columns that are not used, which is all there is to it."""

from __future__ import annotations

from bdnnlang.data.preprocessing.step import StepKind
from bdnnlang.language.spec import Drop

STEP = StepKind(spec=Drop, drops_columns=True)
