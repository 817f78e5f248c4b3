"""What can be wrong with a robust set or a requirement once the data are known, or the file that a model is to go to."""

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
        "its values or by `binarize` or `thermometer`, has none: half a category does not exist, a proof protects nobody."
    )
    bad: ClassVar[str] = _spec("iris { onehot [petal_width_cm] }", "linf(0.1)")
    good: ClassVar[str] = _spec("iris { onehot [petal_width_cm] }", "linf(0.1) { features = [sepal_width_cm] }")

    feature: str
    radius: str
    advice: str


def _requiring(data: str, line: str) -> str:
    network = "network { weights in {-1, 0, 1}, hidden 2 }"
    return f"bdnn 1\ndata {data}\n{network}\nrequire {{ {line} }}\ntrain {{ exact 10s }}\n"


@dataclass(frozen=True, kw_only=True)
class MeaninglessRequirement(Diagnostic):
    """A requirement that means nothing on these data"""

    code: ClassVar[str] = "E251"
    title: ClassVar[str] = "`{text}` means nothing here: {problem}"
    label: ClassVar[str] = "required here"
    help: ClassVar[str] = "{advice}"
    why: ClassVar[str] = (
        "Groups are compared where a column has a few different values, each with enough samples to speak of; and more or less "
        "of a column is a matter of numbers, not of categories."
    )
    bad: ClassVar[str] = _requiring("iris", 'rate_gap("petal_width_cm") <= 5%')
    good: ClassVar[str] = _requiring("iris", 'increasing("petal_width_cm")')

    text: str
    problem: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class UnsupportedRequirement(Diagnostic):
    """A requirement that cannot be combined with what else the spec asks for"""

    code: ClassVar[str] = "E252"
    title: ClassVar[str] = "`{text}` does not go together with {other}"
    label: ClassVar[str] = "required here"
    second_label: ClassVar[str] = "asked for here"
    help: ClassVar[str] = "{advice}"
    why: ClassVar[str] = (
        "With `method = certified` the model knows what is surely said of a sample and what is possibly said, and not which of "
        "the two it is: a requirement on what is said would have no exact rows. And a column is only unused if 0 is a weight."
    )
    bad: ClassVar[str] = _requiring("iris", "never = [petal_width_cm]").replace("{-1, 0, 1}", "{-1, 1}")
    good: ClassVar[str] = _requiring("iris", "never = [petal_width_cm]")

    text: str
    other: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class ImpossibleRequirement(Diagnostic):
    """Requirements that no network at all satisfies"""

    code: ClassVar[str] = "E253"
    title: ClassVar[str] = "no network satisfies {what}: {reason}"
    label: ClassVar[str] = "required here"
    second_label: ClassVar[str] = "and here"
    help: ClassVar[str] = "{advice}"
    why: ClassVar[str] = (
        "Equal samples get equal answers, and a network that may use no column gives all samples one answer. What follows from "
        "that by counting is said before anything is solved, with the rows of the data and the lines of the spec that conflict."
    )
    bad: ClassVar[str] = _requiring("iris { classes = [versicolor, virginica] }", "features <= 0, accuracy >= 90%")
    good: ClassVar[str] = _requiring("iris { classes = [versicolor, virginica] }", "features <= 1, accuracy >= 90%")

    what: str
    reason: str
    advice: str
