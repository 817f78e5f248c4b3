"""The block `network`: the layers and what their weights may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from bdnnlang.language.kinds import Choice, Nothing, WeightSet, Whole
from bdnnlang.language.spec.row import ABOUT, Row, Steps, block, described, setting, step
from bdnnlang.source import Span


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
DEFAULT_WEIGHTS = Interval(-1.0, 1.0)

HIDDEN = step(
    "hidden",
    Whole(1, 100_000),
    "A hidden layer with this many neurons",
    example="hidden 8",
    aliases=("layer", "dense", "layers", "hidden_layers", "hidden_layer", "neurons", "units", "width", "nodes"),
)
OUTPUT = step("output", Nothing(), "The output layer, last", example="output { encoding = one_hot }")


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One layer. `width` None: the output layer, the classes decide. `biases` None: wide enough to lose nothing."""

    width: int | None
    weights: WeightDomain = field(
        metadata=described(
            WeightSet(),
            "What a weight of this layer may be",
            shared="What a weight may be, in every layer that does not say otherwise",
            shown="[-1, 1]",
            example="weights in {-1, 0, 1}",
        )
    )
    biases: WeightDomain | None = field(
        default=None,
        metadata=described(
            WeightSet(),
            "What a bias of this layer may be",
            shared="What a bias may be, in every layer that does not say otherwise",
            shown="wide enough to exclude no network",
            example="biases in int[-5, 5]",
            aliases=("bias",),
        ),
    )
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


Thresholds = Literal["per_neuron", "per_layer", "zero"]
Encoding = Literal["auto", "single", "one_hot"]


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    row: ClassVar[Row] = block(
        "network",
        Nothing(),
        "The layers, and what their weights may be",
        example="network { hidden 2 }",
        aliases=("net", "model", "nn", "architecture"),
    )
    layers: tuple[LayerSpec, ...] = field(  # hidden layers in order, the output layer last
        metadata={ABOUT: Steps(((HIDDEN, LayerSpec), (OUTPUT, LayerSpec)))}
    )
    thresholds: Thresholds = setting(
        Choice(
            {"per_neuron": "One for each neuron", "per_layer": "One for all neurons of a layer", "zero": "None"},
        ),
        "How many biases a layer has",
        "per_neuron",
        example="thresholds = zero",
    )
    encoding: Encoding = setting(
        Choice(
            {
                "auto": "`single` for two classes, `one_hot` for more",
                "single": "One neuron, for two classes",
                "one_hot": "A neuron for each class",
            }
        ),
        "How outputs stand for classes",
        "auto",
        example="encoding = single",
        inside="output",
    )
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    encoding_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def is_continuous(self) -> bool:
        """Has a layer weights in an interval?"""
        return any(isinstance(layer.weights, Interval) for layer in self.layers)
