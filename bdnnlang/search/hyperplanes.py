"""Networks for descents to start from, as matrices with the biases last, and the way from and to these."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.data.draw import RandomStream
from bdnnlang.language.spec import Interval, LayerSpec, WeightDomain
from bdnnlang.network.network import Layer, Network
from bdnnlang.search.moves import Inputs, WeightRange, inputs_of, short
from bdnnlang.search.search_problem import LayerRange, SearchProblem

NOISE = 0.3  # of the mean size of a feature, added to the direction from one sample to the other
NEAR = 1e-6  # of the largest input: a pre-activation of no more is about 0
PERTURBED = 0.15  # of the weights of the first layer


# ---- anew


def random_weights(search_problem: SearchProblem, widths: Sequence[int], rng: RandomStream) -> list[Floats]:
    """All layers of a network."""
    below, made = search_problem.inputs, list[Floats]()
    for k, width in enumerate(widths):
        made.append(random_neurons(search_problem, k, below, width, rng))
        below = inputs_of(below.sums(made[-1]) >= 0)
    return made


def random_neurons(search_problem: SearchProblem, k: int, below: Inputs, count: int, rng: RandomStream) -> Floats:
    """Neurons (count, p) of layer k: in the first hyperplanes between samples of different classes, else weights drawn evenly.

    Every neuron above fires for about half of the samples: one that is constant teaches a search nothing.
    """
    allowed, first = search_problem.layers[k], k == 0 and len(search_problem.layers) > 1
    weights = separators(search_problem, count, rng) if first else _random_layer(allowed, below.values, count, rng)
    return _between_samples(allowed, weights, below)


def separators(search_problem: SearchProblem, count: int, rng: RandomStream) -> Floats:
    """Neurons (count, n + 1) of the first layer whose hyperplane stands between two samples of different classes."""
    samples, label = search_problem.samples, search_problem.labels
    first = np.array([rng.below(len(samples)) for _ in range(count)])
    candidates = [np.flatnonzero(label != label[i]) for i in first]
    second = np.array([rest[rng.below(len(rest))] if len(rest) else rng.below(len(samples)) for rest in candidates])
    one, other = samples.features(first), samples.features(second)
    directions = one - other + NOISE * samples.mean_size * rng.normal(one.shape)
    weights = _of_size(search_problem.layers[0].weights, directions)
    middle = 0.5 * (one + other) - search_problem.centre
    return np.hstack([weights, _biases(search_problem.layers[0], -(weights * middle).sum(axis=1, keepdims=True))])


def _of_size(allowed: WeightRange, directions: Floats) -> Floats:
    """Members of a range with about these directions (count, n)."""
    bound = float(np.maximum(np.abs(allowed.lower), np.abs(allowed.upper)).max())
    bound = bound if np.isfinite(bound) else 1.0
    size = np.abs(directions).max(axis=1) if allowed.points is None else 1.5 * np.abs(directions).mean(axis=1)
    return allowed.nearest(directions * bound / np.maximum(size, 1e-300)[:, None])


def _random_layer(allowed: LayerRange, values: Floats, width: int, rng: RandomStream) -> Floats:
    """Weights (width, p) drawn evenly, and biases with which about half of the samples fire."""
    weights = _random_members(allowed.weights, width, rng)
    return np.hstack([weights, _biases(allowed, -np.median(weights @ values[:-1], axis=1, keepdims=True))])


def _random_members(allowed: WeightRange, width: int, rng: RandomStream) -> Floats:
    """Drawn evenly, (width, q); where there is no end, up to 1."""
    low = np.where(np.isinf(allowed.lower), -1.0, allowed.lower)[:, 0]
    high = np.where(np.isinf(allowed.upper), 1.0, allowed.upper)[:, 0]
    share = rng.uniform((width, len(low)))
    if allowed.points is not None:
        return allowed.points[(share * len(allowed.points)).astype(np.int64)]
    return allowed.nearest(low + share * (high - low))


def _biases(allowed: LayerRange, wish: Floats) -> Floats:
    """Members (width, 1) of the biases' range near to what is wished."""
    if allowed.bias is None:
        return np.zeros_like(wish)
    return np.broadcast_to(allowed.bias.nearest(wish.mean(keepdims=True) if allowed.shared else wish), wish.shape)


def _between_samples(allowed: LayerRange, weights: Floats, inputs: Inputs) -> Floats:
    """Neurons (width, p) with real biases in the middle between samples, as short numbers: on a sample rounding would decide."""
    if allowed.bias is None or not allowed.bias.is_real:
        return weights
    a = weights @ inputs.values
    rows = a.reshape(1, -1) if allowed.shared else a
    near = NEAR * inputs.largest
    up = np.where(rows >= -near, rows, np.inf).min(axis=1, keepdims=True)
    down = np.where(rows < -near, rows, -np.inf).max(axis=1, keepdims=True)
    between = np.isfinite(up - down)
    shift = np.where(between, -(up + down) / 2, np.where(up <= near, 1.0, 0.0))
    middle = short(weights[:, -1:] + shift, np.where(between, up - down, near))
    return np.hstack([weights[:, :-1], allowed.bias.nearest(middle)])


# ---- a little changed


def perturbed_weights(search_problem: SearchProblem, weights: Sequence[Floats], rng: RandomStream) -> list[Floats]:
    """The same with another first layer: as often one neuron of it drawn anew as some weights of all moved.

    Only the latter where weights cost something, or samples have to be stable: a neuron that is drawn has no weight of 0, and
    no margin.
    """
    is_free = not search_problem.penalties and search_problem.delta is None
    change = _redrawn_neuron if is_free and rng.below(2) else _moved_weights
    return [change(search_problem, weights[0], rng), *(layer.copy() for layer in weights[1:])]


def _redrawn_neuron(search_problem: SearchProblem, first: Floats, rng: RandomStream) -> Floats:
    """One neuron is another; a bias that all share stays."""
    rows, neuron, result = search_problem.layers[0].rows, rng.below(len(first)), first.copy()
    result[neuron, rows] = random_neurons(search_problem, 0, search_problem.inputs, 1, rng)[0, rows]
    return result


def _moved_weights(search_problem: SearchProblem, first: Floats, rng: RandomStream) -> Floats:
    """Some weights are moved by about their size; members of finite sets drawn anew."""
    allowed, result = search_problem.layers[0].weights, first.copy()
    part = result[:, allowed.rows]
    chosen = rng.uniform(part.shape) < PERTURBED
    if allowed.points is None:
        moved = allowed.nearest(part * (1.0 + rng.normal(part.shape)))
    else:
        moved = _random_members(allowed, len(part), rng)
    result[:, allowed.rows] = np.where(chosen, moved, part)
    return result


# ---- from and to networks


def as_weights(network: Network, search_problem: SearchProblem) -> list[Floats]:
    """Matrices with the biases last, those of the first layer for centred features."""
    result = [np.hstack([layer.weights, layer.biases[:, None]]) for layer in network.layers]
    result[0][:, -1] += network.layers[0].weights @ search_problem.centre
    return result


def as_network(weights: Sequence[Floats], search_problem: SearchProblem, specs: Sequence[LayerSpec]) -> Network:
    """The inverse; neurons that may be scaled are brought into their boxes by powers of two, which are exact."""
    layers, shift = [], search_problem.centre
    for rows, spec, allowed in zip(weights, specs, search_problem.layers, strict=True):
        if shift.any():
            rows = np.hstack([rows[:, :-1], rows[:, -1:] - (rows[:, :-1] @ shift)[:, None]])
            shift = np.zeros(1)
        if allowed.scale_free:
            over = np.maximum(_times_box(rows[:, :-1], spec.weights), _times_box(rows[:, -1:], spec.biases))  # (width,)
            rows = rows / 2.0 ** np.ceil(np.log2(np.where(over > 0, over, 1.0)))[:, None]
        layers.append(Layer(rows[:, :-1] + 0.0, rows[:, -1] + 0.0))
    return Network(tuple(layers))


def _times_box(rows: Floats, domain: WeightDomain | None) -> Floats:
    """How many times the box is the smallest that holds each row, (width,)."""
    if not isinstance(domain, Interval):
        return np.zeros(len(rows))
    side = np.where(rows > 0, domain.upper, domain.lower)
    times = np.divide(rows, side, out=np.zeros_like(rows), where=(side != 0) & (rows != 0))
    return np.asarray(times.max(axis=1, initial=0.0))
