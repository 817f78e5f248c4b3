"""The blocks `robust` and `evaluate`: what may happen to a sample, in training and after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal, get_args

from bdnnlang.language.kinds import Choice, Columns, Nothing, Number, Numbers, PerturbationKind, WeightSet, Whole
from bdnnlang.language.spec.data_spec import Column
from bdnnlang.language.spec.network_spec import Interval
from bdnnlang.language.spec.row import ABOUT, Part, Row, block, call, described, setting, step, steps
from bdnnlang.source import Span

RADIUS = Number(0, 1e6)

# ---- sets; `clips_in_…`: whether `clip` can be set there, because the model stays linear and exact


@dataclass(frozen=True, slots=True)
class Linf:
    """Every feature may change by at most `radius`, in scaled units."""

    row: ClassVar[Row] = call(
        "linf",
        RADIUS,
        "Every feature changes by at most the radius",
        example="robust linf(0.1)",
        aliases=("linfty", "max"),
    )
    clips_in_training: ClassVar[bool] = True
    clips_in_attack: ClassVar[bool] = True
    radius: float
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class L1:
    """The sizes of all changes add up to at most `radius`."""

    row: ClassVar[Row] = call("l1", RADIUS, "The absolute changes add up to at most the radius", example="robust l1(0.3)")
    clips_in_training: ClassVar[bool] = False
    clips_in_attack: ClassVar[bool] = True
    radius: float
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class L2:
    """The changes have Euclidean length at most `radius`."""

    row: ClassVar[Row] = call(
        "l2", RADIUS, "The changes have a Euclidean norm of at most the radius; SCIP only", example="robust l2(0.2)"
    )
    clips_in_training: ClassVar[bool] = False
    clips_in_attack: ClassVar[bool] = False
    radius: float
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Box:
    """Each named column may change by at most its own radius, all others stay."""

    row: ClassVar[Row] = call(
        "box",
        Nothing(),
        "Each named column changes by at most its own radius, no other does",
        example="robust box(age=0.2, pulse=0.1)",
    )
    clips_in_training: ClassVar[bool] = True
    clips_in_attack: ClassVar[bool] = True
    radii: tuple[tuple[Column, float], ...]
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class BudgetSet:
    """Each feature changes by at most `radius`, and the sizes add up to at most `gamma · radius` ([KB]: a budget)."""

    row: ClassVar[Row] = call(
        "budget",
        RADIUS,
        "As `linf`, and the absolute changes add up to at most `gamma` times the radius",
        example="robust budget(0.1, gamma=3)",
    )
    clips_in_training: ClassVar[bool] = False
    clips_in_attack: ClassVar[bool] = True
    radius: float
    gamma: int = field(metadata=described(Whole(1, 1_000_000), "How many features may change by the whole radius"))
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


RobustSet = Linf | L1 | L2 | Box | BudgetSet


@dataclass(frozen=True, slots=True)
class Perturbation:
    """A set around each sample. `features` None: all; `clip`: x + δ may not leave this range further than x does."""

    set: RobustSet
    features: tuple[Column, ...] | None = setting(
        Columns(), "The columns that may change", None, shown="all", example='features = ["age"]'
    )
    clip: Interval | None = setting(
        WeightSet(interval=True),
        "Range that changed features do not leave; in `robust` for `linf` and `box` only",
        None,
        shown="no range",
        example="clip in [0, 1]",
    )


@dataclass(frozen=True, slots=True)
class RobustSpec:
    row: ClassVar[Row] = block(
        "robust",
        PerturbationKind(),
        "Training samples keep their class for every change in a set, in scaled units (after `quantize`: in levels)",
        example="robust linf(0.1)",
        aliases=("robustness", "adversarial"),
    )
    perturbation: Perturbation = field(metadata={ABOUT: Part(Perturbation, calls=get_args(RobustSet))})
    method: Literal["pattern", "certified"] = setting(
        Choice(
            {
                "pattern": "No neuron of the first layer changes its output within the set, as in the paper",
                "certified": "The class of a sample is proved for every change in the set, or the sample counts as wrong",
            }
        ),
        "What robustness means for a training sample",
        "pattern",
        example="method = pattern",
    )
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


# ---- evaluation


@dataclass(frozen=True, slots=True)
class RandomSign:
    """Each feature moves by ±size, the signs drawn at random ([KB]'s protocol: noise, not an adversary)."""

    row: ClassVar[Row] = call(
        "random_sign",
        Numbers(0, 1e6),
        "Every feature changes by plus or minus the size, with random signs; for each size",
        example="attack random_sign([0, 0.5, 1])",
    )
    sizes: tuple[float, ...]
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class WorstCase:
    """The worst change in a set, for each sample."""

    row: ClassVar[Row] = step(
        "attack",
        PerturbationKind(),
        "Accuracy under change: the exact worst case in a set, or random signs; in the units of `robust`",
        example="attack linf(0.1)",
        aliases=("perturb", "adversary"),
    )
    perturbation: Perturbation = field(metadata={ABOUT: Part(Perturbation, calls=(RandomSign,), base="robust")})
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


Attack = RandomSign | WorstCase


@dataclass(frozen=True, slots=True)
class EvaluateSpec:
    row: ClassVar[Row] = block(
        "evaluate",
        Nothing(),
        "Attacks on the trained network, with the test part if there is one",
        example="evaluate { attack linf(0.1) }",
        aliases=("eval", "evaluation", "attacks"),
    )
    attacks: tuple[Attack, ...] = field(metadata=steps(WorstCase))
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
