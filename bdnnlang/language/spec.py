"""The typed, defaulted spec: what a `.bdnn` file means, with nothing left to look up.

Every number is the decimal the user wrote. Spans ride along for later diagnostics and do not take part in comparisons.
"""

from __future__ import annotations  # noqa: I001  (names of `data_types` are passed on: one import, not fourteen)

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from bdnnlang.source import Span
from bdnnlang.language.baselines import Baseline as Baseline
from bdnnlang.language.baselines import Logistic as Logistic
from bdnnlang.language.baselines import Majority as Majority
from bdnnlang.language.baselines import Mlp as Mlp
from bdnnlang.language.baselines import Tree as Tree
from bdnnlang.language.data_spec import (
    Builtin as Builtin,
    Column as Column,
    Csv as Csv,
    DataSource as DataSource,
    DataSpec as DataSpec,
    DataStep as DataStep,
    Drop as Drop,
    Impute as Impute,
    Label as Label,
    OneHot as OneHot,
    Quantize as Quantize,
    Random as Random,
    Sample as Sample,
    Scale as Scale,
    Units as Units,
)

# ---- domains of weights and biases


@dataclass(frozen=True, slots=True)
class Interval:
    """All reals in [lower, upper]."""

    lower: float
    upper: float
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Integers:
    """All integers from lower to upper, both included."""

    lower: int
    upper: int
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Values:
    """A finite set of reals, ascending and distinct; never a run of integers (that is `Integers`)."""

    values: tuple[float, ...]
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


WeightDomain = Interval | Integers | Values


# ---- network


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One layer. `width` None: the output layer, the classes decide. `biases` None: wide enough to lose nothing."""

    width: int | None
    weights: WeightDomain
    biases: WeightDomain | None = None
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


Thresholds = Literal["per_neuron", "per_layer", "zero"]
Encoding = Literal["auto", "single", "one_hot"]


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    layers: tuple[LayerSpec, ...]  # hidden layers in order, the output layer last
    thresholds: Thresholds = "per_neuron"
    encoding: Encoding = "auto"
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    encoding_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


# ---- training

Loss = Literal["zero_one", "hamming", "pattern"]
PenaltyKind = Literal["l1", "l2", "sparsity"]
Solver = Literal["auto", "scip", "highs", "cpsat"]
Formulation = Literal["tight", "paper"]


@dataclass(frozen=True, slots=True)
class Penalty:
    """`factor` times Σ|w|, Σw² + Σb², or the number of nonzero weights, over all layers."""

    kind: PenaltyKind
    factor: float
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


ClassWeight = Literal["balanced"] | tuple[float, ...]  # a number for each class, in order


@dataclass(frozen=True, slots=True)
class Exact:
    """Solve the whole problem. `time` seconds, or "rest" of `train.time`, or None (no limit); `gap` a fraction."""

    name: ClassVar[str] = "exact"

    time: float | Literal["rest"] | None = None
    gap: float = 0.0
    node_limit: int | None = None
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class LocalSearch:
    """Improve the best network a part at a time, and after that from `restarts` further starts.

    `restarts` None: 5 with `alternate`; with `coordinate` as many as the time allows. `sweeps`, over all weights, are those
    of one start; None: until two bring nothing. They are for `coordinate` only, and `node_limit`, of one solve, for `alternate`.
    """

    name: ClassVar[str] = "local_search"

    time: float | Literal["rest"] | None = None
    method: Literal["coordinate", "alternate"] = "coordinate"
    restarts: int | None = None
    sweeps: int | None = None
    node_limit: int | None = None
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class DataSplit:
    """Solve with one activation pattern for each subset of the samples, and split the worst subset, `splits` times.

    `minibatch` None: every model has all samples. `step_time` None: an equal share of what is left. `select` None: by
    validation when there is validation data. `node_limit` is for one solve.
    """

    name: ClassVar[str] = "data_split"

    time: float | Literal["rest"] | None = None
    splits: int = 20
    n_init: int = 25
    minibatch: int | None = None
    step_time: float | None = None
    by: Literal["kmeans", "loss"] = "kmeans"
    select: Literal["validation", "train"] | None = None
    node_limit: int | None = None
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    select_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


StageSpec = LocalSearch | DataSplit | Exact


def asks_solver(stage: StageSpec) -> bool:
    return not (isinstance(stage, LocalSearch) and stage.method == "coordinate")


@dataclass(frozen=True, slots=True)
class TrainSpec:
    stages: tuple[StageSpec, ...]
    loss: Loss | None = None  # None: zero_one, or hamming for one-hot outputs
    seed: int = 0
    time: float | None = None  # seconds, for the whole schedule
    threads: int = 1
    solver: Solver = "auto"
    formulation: Formulation = "tight"
    without: tuple[str, ...] = ()  # passes of `tight` to leave out
    margin: float | None = None  # what silent neurons on no lattice keep from 0; None: as little as solvers can tell
    penalties: tuple[Penalty, ...] = ()
    class_weight: ClassWeight | None = None  # None: every sample counts 1
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    class_weight_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    solver_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    margin_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


# ---- robustness


@dataclass(frozen=True, slots=True)
class Linf:
    """Every feature may change by at most `radius`, in scaled units."""

    radius: float
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class L1:
    """The sizes of all changes add up to at most `radius`."""

    radius: float
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class L2:
    """The changes have Euclidean length at most `radius`."""

    radius: float
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Box:
    """Each named column may change by at most its own radius, all others stay."""

    radii: tuple[tuple[Column, float], ...]
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class BudgetSet:
    """Each feature changes by at most `radius`, and the sizes add up to at most `gamma · radius` ([KB]: a budget)."""

    radius: float
    gamma: int
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


RobustSet = Linf | L1 | L2 | Box | BudgetSet


@dataclass(frozen=True, slots=True)
class Perturbation:
    """A set around each sample. `features` None: all; `clip`: x + δ may not leave this range further than x does."""

    set: RobustSet
    features: tuple[Column, ...] | None = None
    clip: Interval | None = None


@dataclass(frozen=True, slots=True)
class RobustSpec:
    perturbation: Perturbation
    method: Literal["pattern", "certified"] = "pattern"
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


# ---- evaluation


@dataclass(frozen=True, slots=True)
class RandomSign:
    """Each feature moves by ±size, the signs drawn at random ([KB]'s protocol: noise, not an adversary)."""

    sizes: tuple[float, ...]
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class WorstCase:
    """The worst change in a set, for each sample."""

    perturbation: Perturbation
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


Attack = RandomSign | WorstCase


@dataclass(frozen=True, slots=True)
class EvaluateSpec:
    attacks: tuple[Attack, ...]
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class ParamValue:
    name: str
    value: float | int | str | bool


@dataclass(frozen=True, slots=True)
class Spec:
    data: DataSpec
    network: NetworkSpec
    train: TrainSpec
    robust: RobustSpec | None = None
    evaluate: EvaluateSpec = EvaluateSpec(())
    params: tuple[ParamValue, ...] = field(default=(), compare=False)  # for the report; their work is done
    compare: tuple[Baseline, ...] = field(default=(), kw_only=True)
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def certified(self) -> bool:
        """Does the training loss count what is proved within a set?"""
        return self.robust is not None and self.robust.method == "certified"
