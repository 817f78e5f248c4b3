"""What can be wrong with a robust set once the data are known, or the file that a model is to go to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bdnnlang.diagnostics import Diagnostic


def _spec(data: str, robust: str) -> str:
    return f"bdnn 1\ndata {data}\nnetwork {{ hidden 2 }}\nrobust {robust}\ntrain {{\n  solver = scip\n  exact 10s\n}}\n"


@dataclass(frozen=True, kw_only=True)
class MeaninglessSet(Diagnostic):
    """A robust set around features that cannot change by a little"""

    code: ClassVar[str] = "E203"
    title: ClassVar[str] = "feature `{feature}` is 0 or 1: a change by at most {radius} means nothing"
    label: ClassVar[str] = "a set around it"
    help: ClassVar[str] = "{advice}"
    why: ClassVar[str] = (
        "A robust set is a neighbourhood in scaled units. A column that was turned into features of 0 and 1, one for each of "
        "its values, has no neighbourhood: half a category does not exist, and a proof about it would protect nobody."
    )
    bad: ClassVar[str] = _spec("iris { onehot [petal_width_cm] }", "linf(0.1)")
    good: ClassVar[str] = _spec("iris { onehot [petal_width_cm] }", "linf(0.1) { features = [sepal_width_cm] }")

    feature: str
    radius: str
    advice: str
