"""Specs, data and networks made by hand or at random, for the tests of everything behind the language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st
from oracle import PlainLayer, plain_activations, row_loss

from bdnnlang.arrays import Floats
from bdnnlang.data.dataset import Dataset, Part, irreducible_errors
from bdnnlang.data.exact import as_floats, find_lattice, scaled_features
from bdnnlang.data.preprocessing import recipe as recipes
from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.language.spec import (
    Builtin,
    DataSpec,
    Encoding,
    Exact,
    FixedOutput,
    Integers,
    Interval,
    LayerSpec,
    NetworkSpec,
    Solver,
    Spec,
    StageSpec,
    Thresholds,
    TrainSpec,
    Values,
    WeightDomain,
)
from bdnnlang.network.loss_words import Loss
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.training import Evaluation, Incumbent

SIGNS = Integers(-1, 1)


# ---- data and specs


def part(raw: Sequence[Sequence[float]], y: Sequence[int], recipe: Recipe) -> Part:
    values = np.array(raw, dtype=np.float64)
    return Part(x=recipe.scale(values), raw=values, rows=np.arange(len(values)), recipe=recipe, y=np.array(y, dtype=np.int64))


def dataset(
    raw: Sequence[Sequence[float]], y: Sequence[int], classes: int = 2, *, upper: Sequence[float] | None = None
) -> Dataset:
    """Training data alone; feature j is raw_j / upper_j, by default as it is written."""
    n = len(raw[0])
    names = tuple(f"f{j}" for j in range(n))
    tops = tuple(upper or [1.0] * n)
    recipe = Recipe("class", (*names, "class"), tuple(recipes.Encoding(name) for name in names), (0.0,) * n, tops)
    train = part(raw, y, recipe)
    assert np.array_equal(train.x, as_floats(train.raw, recipe.lower, recipe.upper))
    return Dataset(
        train=train,
        validation=None,
        test=None,
        classes=tuple(f"c{c}" for c in range(classes)),
        features=names,
        recipe=recipe,
        lattice=find_lattice(scaled_features(train.raw, recipe.lower, recipe.upper)),
        source="by hand",
        sha256="0" * 64,
        rows=len(y),
        merged_rows=len(np.unique(train.raw, axis=0)),
        irreducible_errors=irreducible_errors(train),
    )


def network_spec(
    hidden: Sequence[int] = (),
    weights: WeightDomain = SIGNS,
    biases: WeightDomain | None = None,
    thresholds: Thresholds = "per_neuron",
    encoding: Encoding = "auto",
    output: FixedOutput | None = None,
) -> NetworkSpec:
    """The same domains for all layers, but for a fixed output."""
    layers = [LayerSpec(width, weights, biases) for width in hidden]
    layers.append(LayerSpec(None, weights, biases) if output is None else output.layer(hidden[-1]))
    return NetworkSpec(tuple(layers), thresholds, encoding, output)


def spec(
    network: NetworkSpec,
    loss: Loss | None = None,
    solver: Solver = "auto",
    stages: tuple[StageSpec, ...] = (Exact(),),
    time: float | None = 60.0,
) -> Spec:
    return Spec(DataSpec(Builtin("iris")), network, TrainSpec(stages, loss, solver=solver, time=time))


def with_loss(network: Network, loss: int, *, certified: bool = True) -> Incumbent:
    """With a loss that need not be its own."""
    return Incumbent(network, Evaluation(loss, 0, certified, (loss,)))


# ---- networks in fractions


def inside(network: Network, own: NetworkSpec) -> bool:
    """Are all weights and biases members of their domains, and the biases shared or zero where they must be?"""
    for (weights, biases), layer in zip(plain(network), own.layers, strict=True):
        if not all(member(w, layer.weights) for row in weights for w in row):
            return False
        if own.thresholds == "zero" and any(biases):
            return False
        if own.thresholds == "per_layer" and len(set(biases)) > 1:
            return False
        if own.thresholds != "zero" and layer.biases is not None and not all(member(b, layer.biases) for b in biases):
            return False
    return True


def member(value: Fraction, domain: WeightDomain) -> bool:
    if isinstance(domain, Values):
        return value in [Fraction(str(v)) for v in domain.values]
    whole = value.denominator == 1 or isinstance(domain, Interval)
    return whole and Fraction(str(domain.lower)) <= value <= Fraction(str(domain.upper))


def plain(network: Network) -> list[PlainLayer]:
    """The decimals of a network's numbers, by a road of its own."""
    return [
        ([[Fraction(str(w)) for w in row] for row in layer.weights.tolist()], [Fraction(str(b)) for b in layer.biases.tolist()])
        for layer in network.layers
    ]


def plain_rows(data: Dataset) -> list[list[Fraction]]:
    uppers = [Fraction(str(u)) for u in data.recipe.upper]
    return [[Fraction(str(v)) / u for v, u in zip(row, uppers, strict=True)] for row in data.train.raw.tolist()]


def plain_loss(network: Network, data: Dataset, loss: Loss) -> int:
    """Training loss by the oracle's forward pass."""
    layers = plain(network)
    outputs = [plain_activations(layers, row)[-1] for row in plain_rows(data)]
    return sum(row_loss(bits, int(y), loss, len(bits)) for bits, y in zip(outputs, data.train.y, strict=True))


def plain_patterns(network: Network, data: Dataset) -> list[list[list[int]]]:
    """For each sample u^1, …, u^L."""
    layers = plain(network)
    return [plain_activations(layers, row) for row in plain_rows(data)]


# ---- at random


@dataclass(frozen=True)
class Case:
    """A training problem and a network out of its domains."""

    network_spec: NetworkSpec
    loss: Loss | None
    data: Dataset
    network: Network

    @property
    def outputs(self) -> int:
        return self.network.widths[-1]

    @property
    def true_loss(self) -> Loss:
        return self.loss or ("zero_one" if self.outputs == 1 else "hamming")


FINITE: tuple[WeightDomain, ...] = (
    Integers(-1, 1),
    Integers(-2, 2),
    Integers(1, 2),
    Integers(0, 2),
    Values((-2.0, 1.0)),
    Values((-3.0, -1.0, 2.0)),
    Values((-1.0, 1.0)),
    Values((-2.0, 0.0, 1.0)),
    Values((-0.5, 0.0, 0.5)),
)
CONTINUOUS: tuple[WeightDomain, ...] = (Interval(-1.0, 1.0), Interval(-0.25, 2.0), Interval(0.5, 1.0))
BIASES: tuple[WeightDomain | None, ...] = (
    None,
    None,
    Integers(-3, 3),
    Integers(-30, 30),  # reaches beyond all sums of small networks, on a lattice that may be coarser than theirs …
    Values(tuple(n / 2 for n in range(-60, 61))),  # … or finer
    Values(tuple(float(n) for n in range(-60, 61, 2))),
    Interval(-2.0, 2.0),
    Interval(-0.25, 0.75),
    Values((-1.5, 1.0)),
)
RAW = {
    "whole": (1.0, range(-3, 4), 1.0),
    "tenths": (0.1, range(-12, 13), 1.0),
    "thirds": (1.0, range(-3, 4), 3.0),
    "binary": (1.0, range(2), 1.0),
}


def members(domain: WeightDomain) -> st.SearchStrategy[float]:
    """Members of a domain; of an interval the multiples of 1/4, so that no weighted sum of integers comes near 0 from below."""
    match domain:
        case Interval(lower, upper):
            return st.integers(int(np.ceil(lower * 4)), int(np.floor(upper * 4))).map(lambda n: n / 4)
        case Integers(lower, upper):
            return st.integers(lower, upper).map(float)
        case Values(values):
            return st.sampled_from(values)


def reach(domain: WeightDomain, rows: Floats) -> float:
    """The largest absolute weighted sum of a row, each weight free in its domain."""
    ends = (domain.values[0], domain.values[-1]) if isinstance(domain, Values) else (domain.lower, domain.upper)
    products = np.stack([rows * end for end in ends])
    return float(max(-products.min(axis=0).sum(axis=1).min(), products.max(axis=0).sum(axis=1).max(), 0.0))


@st.composite
def datasets(draw: st.DrawFn, classes: int) -> Dataset:
    m, n = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    factor, values, over = RAW[draw(st.sampled_from(sorted(RAW)))]
    raw = draw(st.lists(st.lists(st.sampled_from(values), min_size=n, max_size=n), min_size=m, max_size=m))
    y = draw(st.lists(st.integers(0, classes - 1), min_size=m, max_size=m))
    return dataset([[round(v * factor, 1) for v in row] for row in raw], y, classes, upper=[over] * n)


@st.composite
def cases(
    draw: st.DrawFn,
    domains: Sequence[WeightDomain] = (*FINITE, *CONTINUOUS),
    bias_domains: Sequence[WeightDomain | None] = BIASES,
    kinds: Sequence[Thresholds] = ("per_neuron", "per_layer", "zero"),
    most_classes: int = 3,
    encodings: Sequence[Encoding] = ("auto", "one_hot"),
) -> Case:
    """All losses, depths, threshold kinds, encodings; each layer with domains of its own."""
    classes = draw(st.integers(2, most_classes))
    data = draw(datasets(classes))
    thresholds: Thresholds = draw(st.sampled_from(kinds))
    encoding: Encoding = draw(st.sampled_from(encodings))
    outputs = 1 if classes == 2 and encoding == "auto" else classes
    widths = [*draw(st.lists(st.integers(1, 3), max_size=2)), None]
    specs, layers = [], []
    below, inputs = data.train.x, data.train.x.shape[1]
    for width in widths:
        weights = draw(st.sampled_from(domains))
        biases = None if thresholds == "zero" else draw(st.sampled_from(bias_domains))
        if width is None and len(widths) > 1 and thresholds != "zero" and draw(st.integers(0, 3)) == 0:  # a fixed output
            sign, bias = draw(st.sampled_from([1, 1, -1])), draw(st.integers(-inputs, inputs))
            weights, biases = Integers(sign, sign), Integers(bias, bias)
        specs.append(LayerSpec(width, weights, biases))
        size = width or outputs
        w = draw(st.lists(members(weights), min_size=size * inputs, max_size=size * inputs))
        wide = int(reach(weights, below)) + 1.0  # the default box reaches at least as far
        b = draw(st.lists(members(biases or Interval(-wide, wide)), min_size=size, max_size=size))
        b = {"per_neuron": b, "per_layer": b[:1] * size, "zero": [0.0] * size}[thresholds]
        layers.append(Layer(np.array(w, dtype=np.float64).reshape(size, inputs), np.array(b, dtype=np.float64)))
        below, inputs = np.array([[0.0] * size, [1.0] * size]), size
    loss: Loss | None = draw(st.sampled_from([None, "zero_one", "hamming", "pattern"]))
    return Case(NetworkSpec(tuple(specs), thresholds, encoding), loss, data, Network(tuple(layers)))
