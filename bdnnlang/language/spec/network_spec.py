"""The block `network`: the layers and what their weights may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from bdnnlang.language.kinds import Choice, Nothing, OutputRule, WeightSet, Whole
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
OUTPUT = step(
    "output",
    OutputRule(
        {
            "any": "The second class where at least one neuron of the last hidden layer is on",
            "all": "The second class where every neuron of the last hidden layer is on",
            "threshold": "The second class where at least so many neurons of the last hidden layer are on: `output threshold 2`",
        }
    ),
    "The output layer, last; with a word, of two classes, it is fixed and has nothing to learn",
    example="output { encoding = one_hot }",
    optional=True,
)


@dataclass(frozen=True, slots=True)
class FixedOutput:
    """An output that is on where enough hidden neurons are: one of the words, and the number behind `threshold`."""

    word: Literal["any", "all", "threshold"]
    number: int | None = None

    def layer(self, neurons: int, span: Span | None = None) -> LayerSpec:
        """The output layer above so many neurons: weights 1, and a bias that says how many of them have to be on."""
        least = {"any": 1, "all": neurons}.get(self.word, self.number or 1)
        return LayerSpec(None, Integers(1, 1), Integers(-least, -least), span=span)


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
    fixed_output: FixedOutput | None = None  # then the output layer is `fixed_output.layer` of the one below
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    encoding_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def is_continuous(self) -> bool:
        """Has a layer weights in an interval?"""
        return any(isinstance(layer.weights, Interval) for layer in self.layers)
