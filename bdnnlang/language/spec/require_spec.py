"""The block `require`: what a network must satisfy to be acceptable, beside being one of the spec."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, get_args

from bdnnlang.language.kinds import Columns, Nothing, RequirementKind, Share, Whole
from bdnnlang.language.spec.data_spec import Column, Label
from bdnnlang.language.spec.row import Row, block, requirement, setting, steps
from bdnnlang.source import Span

_COUNT = Whole(0)
_SHARE_OF_CLASS = RequirementKind(">=", Share(), ("class",), 1)
_GAP = RequirementKind("<=", Share(), ("column", "class"), 1)


@dataclass(frozen=True, slots=True)
class Recall:
    row: ClassVar[Row] = requirement(
        "recall",
        _SHARE_OF_CLASS,
        "Of the samples of a class, the share that is put into it",
        example='recall("malignant") >= 99%',
        aliases=("sensitivity", "tpr", "true_positive_rate"),
    )
    label: Label
    least: float
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Precision:
    row: ClassVar[Row] = requirement(
        "precision",
        _SHARE_OF_CLASS,
        "Of the samples that are put into a class, the share that belongs there; 0 where none is put into it",
        example='precision("malignant") >= 95%',
        aliases=("ppv", "positive_predictive_value"),
    )
    label: Label
    least: float
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Specificity:
    row: ClassVar[Row] = requirement(
        "specificity",
        _SHARE_OF_CLASS,
        "Of the samples of all other classes, the share that is not put into a class",
        example='specificity("malignant") >= 90%',
        aliases=("tnr", "true_negative_rate"),
    )
    label: Label
    least: float
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Accuracy:
    row: ClassVar[Row] = requirement(
        "accuracy", RequirementKind(">=", Share()), "The share of samples whose class is right", example="accuracy >= 95%"
    )
    least: float
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Errors:
    """`label` None: of all classes."""

    row: ClassVar[Row] = requirement(
        "errors",
        RequirementKind("<=", _COUNT, ("class",)),
        "How many samples are put into a wrong class, of one class or of all",
        example='errors("malignant") <= 2',
        aliases=("mistakes", "false_negatives"),
    )
    label: Label | None
    most: int
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Features:
    row: ClassVar[Row] = requirement(
        "features",
        RequirementKind("<=", _COUNT),
        "How many features the network uses at all: a first-layer weight is not 0",
        example="features <= 5",
    )
    most: int
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Inputs:
    row: ClassVar[Row] = requirement(
        "inputs",
        RequirementKind("<=", _COUNT, per="neuron"),
        "How many weights that are not 0 each neuron of the first layer has",
        example="inputs <= 3 per neuron",
        aliases=("fan_in",),
    )
    most: int
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Nonzeros:
    row: ClassVar[Row] = requirement(
        "nonzeros",
        RequirementKind("<=", _COUNT),
        "How many weights of all layers are not 0; biases do not count",
        example="nonzeros <= 20",
        aliases=("sparsity", "weights", "connections"),
    )
    most: int
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Neurons:
    row: ClassVar[Row] = requirement(
        "neurons",
        RequirementKind("<=", _COUNT),
        "How many hidden neurons are used: one with a weight that is not 0 from below, and one to above",
        example="neurons <= 3",
        aliases=("hidden", "units"),
    )
    most: int
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Bytes:
    row: ClassVar[Row] = requirement(
        "bytes",
        RequirementKind("<=", _COUNT),
        "About how many bytes of flash the network's code takes on an 8-bit device, by what of it is used",
        example="bytes <= 64",
        aliases=("memory", "size", "flash"),
    )
    most: int
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Increasing:
    row: ClassVar[Row] = requirement(
        "increasing",
        RequirementKind(None, None, ("column",), 1),
        "More of a column never lowers the predicted class, by the signs of the weights on every path",
        example='increasing("dose")',
        aliases=("monotone", "monotonic", "nondecreasing"),
    )
    column: Column
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Decreasing:
    row: ClassVar[Row] = requirement(
        "decreasing",
        RequirementKind(None, None, ("column",), 1),
        "More of a column never raises the predicted class, by the signs of the weights on every path",
        example='decreasing("age")',
        aliases=("nonincreasing", "antitone"),
    )
    column: Column
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class RateGap:
    """`label` None: the greatest gap of any class."""

    row: ClassVar[Row] = requirement(
        "rate_gap",
        _GAP,
        "How far apart the groups of a column are in the share of samples that is put into a class",
        example='rate_gap("sex") <= 5%',
        aliases=("fairness", "demographic_parity", "parity", "statistical_parity"),
    )
    column: Column
    label: Label | None
    most: float
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class RecallGap:
    """`label` None: the greatest gap of any class."""

    row: ClassVar[Row] = requirement(
        "recall_gap",
        _GAP,
        "How far apart the groups of a column are in the recall of a class; a group without samples of it does not count",
        example='recall_gap("sex") <= 5%',
        aliases=("equal_opportunity", "equalized_odds"),
    )
    column: Column
    label: Label | None
    most: float
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


Requirement = (
    Recall
    | Precision
    | Specificity
    | Accuracy
    | Errors
    | Features
    | Inputs
    | Nonzeros
    | Neurons
    | Bytes
    | Increasing
    | Decreasing
    | RateGap
    | RecallGap
)


@dataclass(frozen=True, slots=True)
class RequireSpec:
    row: ClassVar[Row] = block(
        "require",
        Nothing(),
        "What the network must satisfy: one that does not is never the network of a run",
        example="require { accuracy >= 95% }",
        aliases=("requirements", "constraints", "subject_to", "ensure", "must"),
    )
    statements: tuple[Requirement, ...] = field(metadata=steps(*get_args(Requirement)))
    never: tuple[Column, ...] = setting(
        Columns(),
        "Columns that the network may not use; unlike dropped ones they stay in the data",
        (),
        shown="none",
        example='never = ["age"]',
        aliases=("forbidden", "exclude", "unused"),
    )
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    never_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def groups(self) -> tuple[Column, ...]:
        """The columns whose values part the samples into groups."""
        return tuple(one.column for one in self.statements if isinstance(one, RateGap | RecallGap))


NONE = RequireSpec(())
