"""Can a change within a set reach several half-spaces at once? A witness or a proof, each in exact numbers.

A solver in floating point proposes both: a change δ, or multipliers y ≥ 0 with Σ y_k w_k · δ < Σ y_k h_k for every δ in the
set (Farkas); the greatest value of the left side is known exactly. Neither is believed before it has been checked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.problem.perturbation import PerturbationSet

NEAR = 1e-9


@dataclass(frozen=True)
class Halfspace:
    """w · δ ≥ limit, or > limit if `strict`."""

    weights: list[Fraction]
    limit: Fraction
    strict: bool

    @property
    def opposite(self) -> Halfspace:
        return Halfspace([-w for w in self.weights], -self.limit, not self.strict)


def find_change(
    delta: PerturbationSet, row: tuple[Fraction, ...], spaces: list[Halfspace], good: Callable[[list[Fraction]], bool]
) -> tuple[list[Fraction], tuple[int, ...] | None]:
    """A change that is `good`, or the positions of half-spaces that no change reaches together; ([], None): neither was found."""
    G = np.array([[float(w) for w in space.weights] for space in spaces])  # (k, n)
    h = np.array([float(space.limit) for space in spaces])
    proposed, y = _linear(delta, row, G, h) if delta.is_linear else _cone(delta, G, h)
    for change in proposed:
        candidate = delta.inside(_snapped(change, delta, row), row)
        if good(candidate):
            return candidate, None
    return [], _clash(delta, row, spaces, y)


def _clash(delta: PerturbationSet, row: tuple[Fraction, ...], spaces: list[Halfspace], y: Floats) -> tuple[int, ...] | None:
    """The half-spaces that multipliers y prove to exclude each other within the set, or None."""
    top = float(y.max(initial=0.0))
    used = np.flatnonzero(y > NEAR * top).tolist() if top > 0 else []
    if not used:
        return None
    factors = {j: Fraction(float(y[j] / top)).limit_denominator(10**9) for j in used}
    weights = [sum((f * spaces[j].weights[i] for j, f in factors.items()), Fraction(0)) for i in range(len(row))]
    limit = sum((f * spaces[j].limit for j, f in factors.items()), Fraction(0))
    sign = delta.compare(weights, row, limit)
    strict = any(spaces[j].strict for j in used)
    return tuple(used) if sign < 0 or (sign == 0 and strict) else None


def _snapped(change: Floats, delta: PerturbationSet, row: tuple[Fraction, ...]) -> list[Fraction]:
    """Exact numbers near the change: an end of its range or 0 where it is as near as rounding, else a short decimal."""
    result = []
    for value, (low, high) in zip(change.tolist(), delta.limits(row), strict=True):
        ends = [end for end in (low, high, Fraction(0)) if abs(value - float(end)) < NEAR]
        result.append(ends[0] if ends else Fraction(repr(round(value, 12))))
    return result


def _linear(delta: PerturbationSet, row: tuple[Fraction, ...], G: Floats, h: Floats) -> tuple[list[Floats], Floats]:
    """LP: maximise t with G δ ≥ h + t · size over the set, δ = p − q; its solution and the multipliers of its rows."""
    from scipy.optimize import linprog

    k, n = G.shape
    limits = [(float(low), float(high)) for low, high in delta.limits(row)]
    size = np.abs(G).sum(axis=1) * max(float(delta.r), 1e-300) + 1e-300
    rows = np.hstack([-G, G, size[:, None]])
    sides = -h
    if delta.total is not None:
        rows = np.vstack([rows, np.r_[np.ones(2 * n), 0.0]])
        sides = np.append(sides, float(delta.total))
    bounds = [*((0, high) for _, high in limits), *((0, -low) for low, _ in limits), (None, 1)]
    result: Any = linprog(np.r_[np.zeros(2 * n), -1.0], A_ub=rows, b_ub=sides, bounds=bounds)
    if result.x is None:
        return [], np.zeros(k)
    return [result.x[:n] - result.x[n : 2 * n]], np.maximum(-result.ineqlin.marginals[:k], 0.0)


def _cone(delta: PerturbationSet, G: Floats, h: Floats) -> tuple[list[Floats], Floats]:
    """The shortest δ with G δ ≥ h by non-negative least squares (Lawson & Hanson, chapter 23), stretched a little as well."""
    from scipy.optimize import nnls

    free = np.array([r > 0 for r in delta.radius])
    length = np.sqrt(((G * free) ** 2).sum(axis=1)) + 1e-300
    scaled, limit = G * free / length[:, None], h / length
    u, _ = nnls(np.vstack([scaled.T, limit]), np.r_[np.zeros(G.shape[1]), 1.0])
    residual = scaled.T @ u
    rest = float(limit @ u) - 1.0
    if abs(rest) < 1e-12:
        return [], u / length
    shortest = -residual / rest
    norm = max(float(np.sqrt((shortest**2).sum())), 1e-300)
    room = float(delta.r) / norm
    stretches = [1.0, 1.0 + NEAR, (1.0 + room) / 2, room] if room >= 1.0 - NEAR else []
    return [shortest * s for s in stretches], u / length
