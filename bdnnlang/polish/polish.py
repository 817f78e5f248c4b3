"""Claimed activation patterns → a network that has them with room to spare, in short dyadic rationals.

A solver's weights satisfy its rows only within a tolerance, and a step has none. So its weights are set aside: with the patterns
fixed, every neuron's weights are those of the greatest margin (an LP a neuron), and then rounded to as few bits as keep
the loss (docs/models.md 8.2).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from bdnnlang.arrays import Bits, Floats, Mask
from bdnnlang.language.spec import Interval, LayerSpec, WeightDomain
from bdnnlang.model.blocks import Columns, Problem, Step
from bdnnlang.model.model import Model
from bdnnlang.model.passes.error_bits import ErrorBits
from bdnnlang.model.point import read_activations
from bdnnlang.network.exact import near_ties
from bdnnlang.network.network import Layer, Network, Samples
from bdnnlang.polish.robust import preactivation_change, widest_robust

MOST_BITS = 40
MORE_BITS = 12  # than the fewest, to get off a boundary


@dataclass(frozen=True)
class _Rows:
    """What one layer is to do: on inputs (rows, d_{k-1}), neuron j fires where `on`, does not where `off`."""

    inputs: Floats
    on: Mask  # (rows, d_k)
    off: Mask  # (rows, d_k)
    fall: Floats | float = 0.0  # (rows, d_k), how far a perturbation can bring the pre-activation of the claimed weights down …
    rise: Floats | float = 0.0  # … and up


def polish(model: Model, specs: tuple[LayerSpec, ...], x: Floats) -> Network:
    """The network of greatest margins among those with the activation patterns that `x` claims, as far as they matter.

    Output bits that the claim counts as errors are free, and layers without a step stay as they are.
    """
    built, problem, inputs = model.built, model.problem, model.samples.x
    raw = model.decode(x)
    pairs = read_activations(problem, x)
    layers = list(raw.layers)
    matter = ErrorBits()(problem)
    for k in range(1, problem.depth + 1):
        step = matter.step(k)
        if step is None:
            continue
        on, off = step.on & (np.rint(x[step.activations]) == 1), step.off & (np.rint(x[step.off_columns]) == 0)
        weights, bias = problem.weights(k), built.biases(k)  # weights in a box that may give them a sign
        if step.possible is not None and k > 1:
            layers[k - 1] = _two_sided_layer(weights, bias, specs[k - 1], (on, off), pairs[k - 2], raw.layers[k - 1])
            continue
        values = inputs[problem.samples] if k == 1 else pairs[k - 2][0].astype(np.float64)
        home = built if k == 1 and problem.input_scaling is not None else problem  # the weights in the user's own units
        own = home.step(k) or step
        moves = (0.0, 0.0) if step.worst is None else preactivation_change(home, own, raw.layers[k - 1])
        layers[k - 1] = _layer(home, built, own, specs[k - 1], _Rows(values, on, off, *moves), raw.layers[k - 1])
    return Network(tuple(layers))


def _layer(problem: Problem, built: Problem, step: Step, spec: LayerSpec, rows: _Rows, raw: Layer) -> Layer:
    """Weights in the box of `problem`, which may have given them a sign, and biases as wide as the user lets them be."""
    if isinstance(spec.weights, Interval) and step.worst is not None:
        return widest_robust(problem, step, rows.on, rows.off, rows.inputs, raw) or raw
    return _plain_layer(problem.weights(step.layer), built.biases(step.layer), spec, rows, raw)


def _plain_layer(weights: Columns, bias: Columns | None, spec: LayerSpec, rows: _Rows, raw: Layer) -> Layer:
    if isinstance(spec.weights, Interval):
        return _margin_weights(weights, bias, rows, raw) or raw
    if bias is None or not isinstance(spec.biases, Interval | None):
        return raw
    return replace(raw, biases=_middle_biases(bias, rows, raw))


def _two_sided_layer(
    weights: Columns, bias: Columns | None, spec: LayerSpec, sides: tuple[Mask, Mask], below: tuple[Bits, Bits], raw: Layer
) -> Layer:
    """On u ≤ z (surely, possibly on) below, by w⁺ and w⁻ as weights side by side.

    They are w⁺u − w⁻z + b ≥ 0 where `on`, w⁺z − w⁻u + b < 0 where `off`. Adding the same to both halves widens nothing, as
    u ≤ z: so the LP may choose them, and their difference is w.
    """
    (sure, possible), (on, off) = below, sides
    no = np.zeros_like(on)
    inputs = np.vstack([np.hstack([sure, -possible]), np.hstack([possible, -sure])]).astype(np.float64)
    rows = _Rows(inputs, np.vstack([on, no]), np.vstack([no, off]))
    lower, upper = _halves(weights.lower, weights.upper), _halves(weights.upper, weights.lower)
    halves = Layer(_halves(raw.weights, raw.weights), raw.biases)
    found = _plain_layer(replace(weights, shape=lower.shape, lower=lower, upper=upper), bias, spec, rows, halves)
    plus, minus = np.split(found.weights, 2, axis=1)
    return Layer(plus - minus, found.biases)


def _halves(plus: Floats, minus: Floats) -> Floats:
    return np.hstack([np.maximum(plus, 0.0), np.maximum(-minus, 0.0)])


# ---- continuous weights: one LP a neuron, or one a layer whose neurons share a bias


def _margin_weights(weights: Columns, bias: Columns | None, rows: _Rows, raw: Layer) -> Layer | None:
    """Weights and biases of the greatest margin relative to ‖x‖₁ + 1; None if a margin is not positive."""
    shared = bias is not None and bias.size == 1
    width = len(raw.weights)
    groups = [list(range(width))] if shared else [[j] for j in range(width)]
    w, b = raw.weights.copy(), raw.biases.copy()
    for group in groups:
        found = _widest(weights, bias, rows, group, raw)
        if found is None:
            return None
        w[group], b[group] = found
    return Layer(w, b)


def _widest(
    weights: Columns, bias: Columns | None, rows: _Rows, group: list[int], raw: Layer
) -> tuple[Floats, Floats | float] | None:
    """LP: the largest τ ≤ 1 with ±(w_j · x + b)/(‖x‖₁ + 1) ≥ τ for the neurons j of `group`, which share b."""
    from scipy.optimize import linprog
    from scipy.sparse import block_diag, csr_array, hstack

    sides, signs = [], []
    size = np.abs(rows.inputs).sum(axis=1) + 1
    for j in group:
        keep = rows.on[:, j] | rows.off[:, j]
        sign = np.where(rows.on[keep, j], -1.0, 1.0) / size[keep]
        sides.append(rows.inputs[keep] * sign[:, None])
        signs.append(sign)
    tau = np.ones(sum(map(len, signs)))
    if not len(tau):
        return raw.weights[group], raw.biases[group]
    fixed = bias is None or bias.integer
    at = float(raw.biases[group[0]])
    low, high = (at, at) if fixed or bias is None else (float(bias.lower.min()), float(bias.upper.max()))
    matrix = hstack([block_diag(sides), csr_array(np.concatenate(signs)[:, None]), csr_array(tau[:, None])]).tocsr()
    box = list(zip(weights.lower[group].ravel(), weights.upper[group].ravel(), strict=True))
    goal = np.r_[np.zeros(matrix.shape[1] - 1), -1.0]
    result = linprog(goal, A_ub=matrix, b_ub=np.zeros(len(tau)), bounds=[*box, (low, high), (None, 1.0)])
    if result.x is None or result.x[-1] <= 0:
        return None
    inside = np.clip(result.x[:-1], *np.array([*box, (low, high)]).T)  # which the LP keeps but for a rounding
    return inside[:-1].reshape(len(group), -1) + 0.0, float(inside[-1])


# ---- integer weights: they stay, and a free bias goes to the middle of its range, in as few bits as it can


def _middle_biases(bias: Columns, rows: _Rows, raw: Layer) -> Floats:
    """For each neuron (or for all, when they share it) the shortest bias that separates, near the middle.

    A pre-activation of exactly 0 is allowed where all are whole numbers: then no rounding anywhere can move it.
    """
    parts = (rows.inputs, raw.weights, rows.fall, rows.rise)
    whole = all(bool((part == np.rint(part)).all()) for part in map(np.asarray, parts))
    dot = rows.inputs @ raw.weights.T  # (rows, d_k)
    low = np.where(rows.on, rows.fall - dot, -np.inf).max(axis=0, initial=-np.inf)
    high = np.where(rows.off, -dot - rows.rise, np.inf).min(axis=0, initial=np.inf)
    if bias.size == 1:
        low, high = np.full_like(low, low.max()), np.full_like(high, high.min())
    # a neuron that must never fire, or always, stays within one unit of the boundary that matters
    low, high = np.where(np.isinf(low), high - 1, low), np.where(np.isinf(high), low + 1, high)
    low = np.maximum(low, bias.decode(bias.lower).min())
    high = np.minimum(high, bias.decode(bias.upper).max())
    found = [_between(lo, hi, b, whole) for lo, hi, b in zip(low, high, raw.biases, strict=True)]
    return np.array([found[0]] * len(found) if bias.size == 1 else found)


def _between(low: float, high: float, otherwise: float, closed: bool) -> float:
    """The dyadic of fewest bits between `low` (itself included if `closed`) and `high`, the nearest to the middle of these.

    `otherwise` if there is none.
    """
    if not low < high:
        return otherwise
    middle = (Fraction(low) + Fraction(high)) / 2
    for bits in range(MOST_BITS + 1):
        at = middle * 2**bits
        for point in sorted((Fraction(n, 2**bits) for n in (math.floor(at), math.ceil(at))), key=lambda p: abs(p - middle)):
            if low < point < high or (closed and point == low):
                return float(point)
    return otherwise


# ---- fewest bits


def snap(network: Network, specs: tuple[LayerSpec, ...], samples: Samples, good: Callable[[Network], bool]) -> Network | None:
    """The first of the network's roundings to 0, 1, 2, … bits behind the point that is `good` and puts no neuron on a boundary.

    That is, float64 gives it the same activations on `samples` in whatever order it adds, unless it did not before. Where a few
    more bits do not help, the first that is good. Only members of interval domains are rounded, inward at their ends; None when
    no rounding is good.
    """
    before, first, last = near_ties(network, samples), None, MOST_BITS
    for bits in range(MOST_BITS + 1):
        if bits > last:
            break
        rounded = Network(tuple(_rounded(layer, s, bits) for layer, s in zip(network.layers, specs, strict=True)))
        if good(rounded):
            if not _adds_ties(before, near_ties(rounded, samples)):
                return rounded
            first, last = (rounded, bits + MORE_BITS) if first is None else (first, last)
    return first


def _adds_ties(before: tuple[Mask, ...], after: tuple[Mask, ...]) -> bool:
    return any(bool((now & ~then).any()) for then, now in zip(before, after, strict=True))


def _rounded(layer: Layer, spec: LayerSpec, bits: int) -> Layer:
    return Layer(_dyadic(layer.weights, spec.weights, bits), _dyadic(layer.biases, spec.biases, bits))


def _dyadic(values: Floats, domain: WeightDomain | None, bits: int) -> Floats:
    scale = 2.0**bits
    match domain:
        case Interval(lower, upper):
            first, last = np.ceil(lower * scale), np.floor(upper * scale)
            return np.clip(np.rint(values * scale), first, last) / scale + 0.0 if first <= last else values
        case None:
            return np.rint(values * scale) / scale + 0.0
        case _:
            return values
