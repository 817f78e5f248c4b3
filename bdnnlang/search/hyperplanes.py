"""Networks for descents to start from, as matrices with the biases last, and the way from and to these."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.data.draw import Dice
from bdnnlang.language.spec import Interval, LayerSpec, WeightDomain
from bdnnlang.network.network import Layer, Network
from bdnnlang.search.descent import LayerRange, SearchProblem
from bdnnlang.search.moves import Inputs, Range, inputs_of, short

NOISE = 0.3  # of the mean size of a feature, added to the direction from one sample to the other
NEAR = 1e-6  # of the largest input: a pre-activation of no more is about 0
SHAKEN = 0.15  # of the weights of the first layer


# ---- anew


def drawn(search_problem: SearchProblem, widths: Sequence[int], dice: Dice) -> list[Floats]:
    """The first layer's hyperplanes between samples of different classes, weights above drawn evenly.

    Every neuron above fires for about half of the samples: one that is constant teaches a search nothing.
    """
    below, made = search_problem.inputs, list[Floats]()
    for own, width in zip(search_problem.layers, widths, strict=True):
        first = below is search_problem.inputs and len(widths) > 1
        weights = separators(search_problem, width, dice) if first else _anywhere(own, below.values, width, dice)
        made.append(_cleared(own, weights, below))
        below = inputs_of(below.sums(made[-1]) >= 0)
    return made


def separators(search_problem: SearchProblem, count: int, dice: Dice) -> Floats:
    """Neurons (count, n + 1) of the first layer whose hyperplane stands between two samples of different classes."""
    x, label = search_problem.samples.x, search_problem.samples.class_costs.argmax(axis=0)
    one = np.array([dice.below(len(x)) for _ in range(count)])
    others = [np.flatnonzero(label != label[i]) for i in one]
    other = np.array([rest[dice.below(len(rest))] if len(rest) else dice.below(len(x)) for rest in others])
    ways = x[one] - x[other] + NOISE * np.abs(x).mean() * dice.normal((count, x.shape[1]))
    weights = _sized(search_problem.layers[0].weights, ways)
    middle = 0.5 * (x[one] + x[other]) - search_problem.centre
    return np.hstack([weights, _biases(search_problem.layers[0], -(weights * middle).sum(axis=1, keepdims=True))])


def _sized(own: Range, ways: Floats) -> Floats:
    """Members of a range with about these directions (count, n)."""
    bound = float(np.maximum(np.abs(own.lower), np.abs(own.upper)).max())
    bound = bound if np.isfinite(bound) else 1.0
    size = np.abs(ways).max(axis=1) if own.points is None else 1.5 * np.abs(ways).mean(axis=1)
    return own.nearest(ways * bound / np.maximum(size, 1e-300)[:, None])


def _anywhere(own: LayerRange, values: Floats, width: int, dice: Dice) -> Floats:
    """Weights (width, p) drawn evenly, and biases with which about half of the samples fire."""
    weights = _members(own.weights, width, dice)
    return np.hstack([weights, _biases(own, -np.median(weights @ values[:-1], axis=1, keepdims=True))])


def _members(own: Range, width: int, dice: Dice) -> Floats:
    """Drawn evenly, (width, q); where there is no end, up to 1."""
    low = np.where(np.isinf(own.lower), -1.0, own.lower)[:, 0]
    high = np.where(np.isinf(own.upper), 1.0, own.upper)[:, 0]
    share = dice.uniform((width, len(low)))
    if own.points is not None:
        return own.points[(share * len(own.points)).astype(np.int64)]
    return own.nearest(low + share * (high - low))


def _biases(own: LayerRange, wish: Floats) -> Floats:
    """Members (width, 1) of the biases' range near to what is wished."""
    if own.bias is None:
        return np.zeros_like(wish)
    return np.broadcast_to(own.bias.nearest(wish.mean(keepdims=True) if own.shared else wish), wish.shape)


def _cleared(own: LayerRange, weights: Floats, inputs: Inputs) -> Floats:
    """Neurons (width, p) with real biases in the middle between samples, as short numbers: on a sample rounding would decide."""
    if own.bias is None or not own.bias.is_real:
        return weights
    a = weights @ inputs.values
    rows = a.reshape(1, -1) if own.shared else a
    near = NEAR * float(np.abs(inputs.values).max())
    up = np.where(rows >= -near, rows, np.inf).min(axis=1, keepdims=True)
    down = np.where(rows < -near, rows, -np.inf).max(axis=1, keepdims=True)
    between = np.isfinite(up - down)
    shift = np.where(between, -(up + down) / 2, np.where(up <= near, 1.0, 0.0))
    middle = short(weights[:, -1:] + shift, np.where(between, up - down, near))
    return np.hstack([weights[:, :-1], own.bias.nearest(middle)])


# ---- a little changed


def shaken(search_problem: SearchProblem, weights: Sequence[Floats], dice: Dice) -> list[Floats]:
    """The same with some weights of the first layer moved by about their size; members of finite sets drawn anew."""
    first, own = weights[0].copy(), search_problem.layers[0]
    part = first[:, own.weights.rows]
    chosen = dice.uniform(part.shape) < SHAKEN
    if own.weights.points is None:
        moved = own.weights.nearest(part * (1.0 + dice.normal(part.shape)))
    else:
        moved = _members(own.weights, len(part), dice)
    first[:, own.weights.rows] = np.where(chosen, moved, part)
    return [first, *(layer.copy() for layer in weights[1:])]


# ---- from and to networks


def as_weights(network: Network, search_problem: SearchProblem) -> list[Floats]:
    """Matrices with the biases last, those of the first layer for centred features."""
    result = [np.hstack([layer.weights, layer.biases[:, None]]) for layer in network.layers]
    result[0][:, -1] += network.layers[0].weights @ search_problem.centre
    return result


def as_network(weights: Sequence[Floats], search_problem: SearchProblem, specs: Sequence[LayerSpec]) -> Network:
    """The inverse; neurons that may be scaled are brought into their boxes by powers of two, which are exact."""
    layers, shift = [], search_problem.centre
    for rows, spec, own in zip(weights, specs, search_problem.layers, strict=True):
        if shift.any():
            rows = np.hstack([rows[:, :-1], rows[:, -1:] - (rows[:, :-1] @ shift)[:, None]])
            shift = np.zeros(1)
        if own.scale_free:
            over = np.maximum(_over(rows[:, :-1], spec.weights), _over(rows[:, -1:], spec.biases))  # (width,)
            rows = rows / 2.0 ** np.ceil(np.log2(np.where(over > 0, over, 1.0)))[:, None]
        layers.append(Layer(rows[:, :-1] + 0.0, rows[:, -1] + 0.0))
    return Network(tuple(layers))


def _over(rows: Floats, domain: WeightDomain | None) -> Floats:
    """How many times the box is the smallest that holds each row, (width,)."""
    if not isinstance(domain, Interval):
        return np.zeros(len(rows))
    side = np.where(rows > 0, domain.upper, domain.lower)
    times = np.divide(rows, side, out=np.zeros_like(rows), where=(side != 0) & (rows != 0))
    return np.asarray(times.max(axis=1, initial=0.0))
