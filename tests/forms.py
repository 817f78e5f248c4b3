"""Both formulations, and `tight` without each of its passes, for plain and for conditional rows."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bdnnlang.model import passes
from bdnnlang.model.blocks import Problem
from bdnnlang.model.milp import Milp
from bdnnlang.model.stack import stack


@dataclass(frozen=True)
class Form:
    formulation: str
    implications: bool = False
    without: str = ""

    @property
    def merge_samples(self) -> bool:
        return self.formulation == "tight" and self.without != passes.MERGE

    def prepared(self, built: Problem) -> tuple[Problem, Milp]:
        """The problem in the form that goes to a solver, and its program."""
        line = passes.pipeline(self.formulation, implications=self.implications, without=(self.without,))
        problem = passes.lower(built, line.forms)
        return problem, stack(passes.lower(problem, line.rows))

    def __str__(self) -> str:
        rows = "-implications" if self.implications else ""
        return f"{self.formulation}{rows}" + (f"-without-{self.without}" if self.without else "")


WHOLE = tuple(Form(formulation, side) for formulation in ("paper", "tight") for side in (False, True))
PARTS = tuple(Form("tight", side, one) for one in passes.optional() for side in (False, True))
FORMS = [pytest.param(form, id=str(form)) for form in (*WHOLE, *PARTS)]
