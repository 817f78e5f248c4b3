"""Both formulations, and `tight` without each of its passes, for plain and for conditional rows."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bdnnlang.model import passes
from bdnnlang.model.blocks import Problem
from bdnnlang.model.model import Model
from bdnnlang.network.network import Samples


@dataclass(frozen=True)
class Form:
    formulation: str
    implications: bool = False
    without: str = ""

    @property
    def merge_samples(self) -> bool:
        return self.formulation == "tight" and self.without != passes.MERGE

    @property
    def pipeline(self) -> passes.Pipeline:
        return passes.pipeline(self.formulation, implications=self.implications, without=(self.without,))

    def model(self, built: Problem, samples: Samples) -> Model:
        return Model.through(built, self.pipeline, samples)

    def __str__(self) -> str:
        rows = "-implications" if self.implications else ""
        return f"{self.formulation}{rows}" + (f"-without-{self.without}" if self.without else "")


def as_built(built: Problem, samples: Samples) -> Model:
    """A problem before all passes, with the rows of `paper`."""
    return Form("paper").model(built, samples)


WHOLE = tuple(Form(formulation, side) for formulation in ("paper", "tight") for side in (False, True))
PARTS = tuple(Form("tight", side, one) for one in passes.optional() for side in (False, True))
FORMS = [pytest.param(form, id=str(form)) for form in (*WHOLE, *PARTS)]
