"""What a coordinate search does not change: the samples, where weights may lie, and what networks are charged for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bdnnlang.arrays import Floats, Ints, Mask
from bdnnlang.data.dataset import equal_rows
from bdnnlang.device.size.code_bytes import CodeBytes, uses_of
from bdnnlang.language.spec import Interval, LayerSpec, Penalty, Thresholds, WeightDomain
from bdnnlang.problem.perturbation import PerturbationSet
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.merged_samples import MergedSamples, merge_samples
from bdnnlang.search.moves import Inputs, WeightRange, as_inputs, weight_range
from bdnnlang.search.required.support import Support
from bdnnlang.search.required.tallies import TallyLimits, tally_limits

FINE = 64  # centres are multiples of 1/64: with short weights and biases nothing is rounded by them


@dataclass(frozen=True, eq=False)
class LayerRange:
    """Where the weights and biases of one layer may lie."""

    weights: WeightRange
    bias: WeightRange | None  # None: it is 0
    shared: bool  # by all neurons
    scale_free: bool  # a neuron may be scaled as one likes

    @cached_property
    def adds_exactly(self) -> bool:
        """Are pre-activations of bits sums of whole numbers? Those may be carried along, without an end to it."""
        return self.weights.is_whole and (self.bias is None or self.bias.is_whole)

    @cached_property
    def parts(self) -> tuple[WeightRange, ...]:
        """What a neuron has of its own, in as few ranges as can be."""
        w, b = self.weights, self.bias
        if b is None or self.shared:
            return (w,)
        if w.is_real and b.is_real:
            rows = np.concatenate([w.rows, b.rows])
            return (WeightRange(rows, np.concatenate([w.lower, b.lower]), np.concatenate([w.upper, b.upper])),)
        return (w, b)

    @cached_property
    def rows(self) -> Ints:
        """What a neuron has of its own."""
        return np.concatenate([part.rows for part in self.parts])


def layer_range(layer: LayerSpec, inputs: int, width: int, thresholds: Thresholds, *, scales: bool) -> LayerRange:
    """`scales`: does the objective take no notice of the scale of a neuron?"""
    shared = thresholds == "per_layer" and width > 1
    scale_free = scales and not shared and _holds_0(layer.weights) and (thresholds == "zero" or _holds_0(layer.biases))
    weights = weight_range(np.arange(inputs), layer.weights, scale_free=scale_free)
    bias = None if thresholds == "zero" else weight_range(np.array([inputs]), layer.biases, scale_free=scale_free)
    return LayerRange(weights, bias, shared and bias is not None, scale_free)


def _holds_0(domain: WeightDomain | None) -> bool:
    return domain is None or (isinstance(domain, Interval) and domain.lower <= 0 <= domain.upper)


@dataclass(frozen=True, slots=True)
class CodePrice:
    """What code costs beyond what its weights do on the average."""

    code: CodeBytes
    factor: float
    per_weight: float

    def beyond(self, weights: Sequence[Floats]) -> float:
        """Of a network, its weights with the biases last."""
        uses = uses_of([layer[:, :-1] != 0 for layer in weights])
        return self.factor * float(self.code.of(uses)) - self.per_weight * int(sum(uses.weights))


@dataclass(frozen=True, eq=False)
class SearchProblem:
    """What a descent does not change."""

    samples: MergedSamples
    inputs: Inputs  # of the first layer: the features without `centre`
    centre: Floats  # (n,)
    layers: tuple[LayerRange, ...]
    penalties: tuple[Penalty, ...] = ()  # of single weights
    code_price: CodePrice | None = None
    delta: PerturbationSet | None = None
    certified: bool = False  # within `delta` nothing is demanded, and the loss is what intervals leave open
    tally_limits: TallyLimits | None = None  # what is required of predictions …
    support: Support | None = None  # … and of networks themselves

    @property
    def is_required(self) -> bool:
        """Is anything?"""
        return self.tally_limits is not None or self.support is not None

    @cached_property
    def equal(self) -> float:
        """Objectives that lie no further apart are equal."""
        return 1e-9 * (1.0 + self.samples.total)

    @cached_property
    def labels(self) -> Ints:
        """The class of each sample, of equal samples the one whose errors cost most, (G,)."""
        return np.asarray(self.samples.class_costs.argmax(axis=0))

    def price(self, values: Floats, rows: Ints, bias: int) -> Floats:
        """Of each of the values (q, …) of weights in some rows, where `bias` is the bias's."""
        is_weight = (rows != bias).reshape(-1, *(1,) * (values.ndim - 1))
        result = np.zeros(values.shape)
        for penalty in self.penalties:
            if penalty.kind == "l2":
                result += penalty.factor * values**2
            else:
                result += penalty.factor * is_weight * (np.abs(values) if penalty.kind == "l1" else values != 0)
        return result

    def robustness_penalty(self, unstable: Mask) -> Floats:
        """More than any loss for each of the samples (…, G) that a change can move, (…,): these come first."""
        return np.asarray(first(self.samples) * unstable.sum(axis=-1))

    def unstable(self, weights: Floats, a: Floats) -> Mask:
        """Samples (…, G) for which a change within the set moves some neuron of the first layer (…, d, p); a is (…, d, G)."""
        if self.delta is None:
            return np.zeros((*a.shape[:-2], 1), dtype=bool)
        fall, rise = self.preactivation_change(weights)
        return np.asarray(~np.where(a >= 0, a >= fall, a + rise < 0).all(axis=-2))

    def preactivation_change(self, weights: Floats) -> tuple[Floats, Floats]:
        """How far pre-activations fall and rise over the set, both (…, d, G or 1)."""
        if self.delta is None:
            return np.zeros((1, 1)), np.zeros((1, 1))
        flat = weights[..., :-1].reshape(-1, weights.shape[-1] - 1)
        fall, rise = self.delta.preactivation_change(flat, self.samples.x)
        return fall.T.reshape(*weights.shape[:-1], -1), rise.T.reshape(*weights.shape[:-1], -1)


def search_problem_of(training: TrainingProblem) -> SearchProblem:
    """What does not change in a search."""
    spec, data = training.spec, training.data
    samples = merge_samples(data.train, training.loss, training.outputs, training.costs, len(data.classes))
    inputs, *widths = training.widths
    scales = all(penalty.kind in ("sparsity", "bytes") for penalty in training.costs.penalties)
    layers = tuple(
        layer_range(layer, below, width, spec.network.thresholds, scales=scales)
        for layer, below, width in zip(spec.network.layers, (inputs, *widths), widths, strict=False)
    )
    centre = np.rint(FINE * samples.mean) / FINE if _may_shift(layers[0], training) else np.zeros(inputs)
    certified = training.perturbation is not None and spec.certified
    below = as_inputs(samples.inputs(centre), layers[0].weights.largest)
    penalties = training.costs.by_weight(training.widths)
    code = _code_price(training, penalties)
    problem = SearchProblem(samples, below, centre, layers, penalties, code, training.perturbation, certified)
    return _with_requirements(problem, training) if training.requirements else problem


def _code_price(training: TrainingProblem, by_weight: Sequence[Penalty]) -> CodePrice | None:
    code = training.costs.code
    pairs = zip(training.costs.penalties, by_weight, strict=True)
    found = [CodePrice(code, one.factor, each.factor) for one, each in pairs if code and one.kind == "bytes"]
    return found[0] if found else None


def first(samples: MergedSamples) -> float:
    """More than any loss: what comes before it is charged with this for each sample."""
    return 4.0 * (1.0 + samples.total)


def _with_requirements(problem: SearchProblem, training: TrainingProblem) -> SearchProblem:
    part, asked = training.samples, training.requirements
    inequalities = [row for _, rows in asked.inequalities(part) for row in rows]
    limits = tally_limits(inequalities, equal_rows(part), first(problem.samples))
    return replace(problem, tally_limits=limits, support=Support.of(asked))


def _may_shift(first: LayerRange, training: TrainingProblem) -> bool:
    """Can any bias of the first layer make up for the centring of the features?

    Then a weight's line turns the neuron's hyperplane around the middle of the data, and not around a corner.
    """
    free = first.bias is not None and not first.shared and bool(np.isinf([first.bias.lower, first.bias.upper]).all())
    return free and all(penalty.kind != "l2" for penalty in training.costs.penalties)
