"""Pass `margins_to_rows`: the margins of robust training as linear rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.model.affine import Affine, merge
from bdnnlang.model.blocks import Linear, Margin, MarginKind, Pass, Problem
from bdnnlang.model.milp import Family


@dataclass(frozen=True, slots=True)
class MarginsToRows(Pass):
    """sum:  ξ_j ≥ ±f_j w_j, ρ ≥ Σ ξ_j;   max:  ρ ≥ ±f_j w_j;   largest:  θ + ξ_j ≥ ±f_j w_j, ρ ≥ γθ + Σ ξ_j;   part:  ξ_j ≥ w_j.

    Takes   every `Margin` but cones, which no linear row can say: `stack` hands them to solvers that take them.
    Makes   `Linear` rows `size<k>` (all of the first kind, + before −) and `margin<k>` (one a neuron, bounding ρ).
    Source  docs/models.md 7.2. Exact: ρ may always be the margin itself, and no row allows less. For `largest` the sum of the γ
            largest z_j is max Σ z_j v_j over 0 ≤ v ≤ 1, Σ v = γ, whose dual is min γθ + Σ ξ_j over θ + ξ_j ≥ z_j, θ, ξ ≥ 0.
    """

    def __call__(self, problem: Problem) -> Problem:
        blocks = (_rows(b) if isinstance(b, Margin) and b.kind is not MarginKind.CONE else b for b in problem.blocks)
        return problem.with_blocks(tuple(blocks))


def _rows(margin: Margin) -> Linear:
    inputs, flat = margin.weights.shape[1], margin.parts.reshape(-1, 1)
    rho, theta = np.repeat(margin.rho, inputs, axis=0), np.repeat(margin.theta, inputs, axis=0)
    match margin.kind:
        case MarginKind.SUM:
            return _linear(margin, [_sizes(margin, flat, -1.0), _sizes(margin, flat, 1.0), _total(margin)])
        case MarginKind.MAX:
            return _linear(margin, [_sizes(margin, rho, -1.0), _sizes(margin, rho, 1.0)])
        case MarginKind.LARGEST:
            both = np.concatenate([theta, flat], axis=1)
            return _linear(margin, [_sizes(margin, both, -1.0), _sizes(margin, both, 1.0), _total(margin)])
        case MarginKind.PART:
            return _linear(margin, [_sizes(margin, flat, -1.0)])
        case MarginKind.CONE:
            raise AssertionError("cones stay")
        case _:
            assert_never(margin.kind)


def _linear(margin: Margin, rows: list[Affine]) -> Linear:
    """All of them at least 0."""
    affine = merge(rows)
    total = len(margin.weights) if margin.kind in (MarginKind.SUM, MarginKind.LARGEST) else 0
    families = [Family(f"size{margin.layer}", (affine.rows - total,))]
    families += [Family(f"margin{margin.layer}", (total,))] if total else []
    return Linear(tuple(families), affine, np.zeros(affine.rows), np.full(affine.rows, np.inf))


def _sizes(margin: Margin, bounds: Ints, sign: float) -> Affine:
    """For each weight: the sum of its `bounds` (d_k · n', any) + sign · f w."""
    count, many = bounds.shape
    factor = np.broadcast_to(sign * margin.factor, margin.weights.shape).ravel()
    return _joined(bounds, np.ones((count, many)), margin.weights.reshape(-1, 1), factor[:, None])


def _total(margin: Margin) -> Affine:
    """ρ − γθ − Σ ξ."""
    extra = np.concatenate([margin.theta, margin.parts], axis=1)
    factor = np.concatenate([np.full(margin.theta.shape, -float(margin.gamma)), np.full(margin.parts.shape, -1.0)], axis=1)
    return _joined(margin.rho, np.ones(margin.rho.shape), extra, factor)


def _joined(left: Ints, left_value: Floats, right: Ints, right_value: Floats) -> Affine:
    """A row for each row of the two, all their columns in it."""
    column, value = np.concatenate([left, right], axis=1), np.concatenate([left_value, right_value], axis=1)
    return Affine.of(len(column), np.repeat(np.arange(len(column)), column.shape[1]), column.ravel(), value.ravel())
