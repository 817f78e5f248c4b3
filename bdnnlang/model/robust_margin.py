"""The columns that hold a neuron's margin over a perturbation set, and the extremes of its pre-activations there."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import assert_never

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.data.exact import MAX_POINT
from bdnnlang.model.affine import Affine
from bdnnlang.model.blocks import Columns, Margin, MarginKind, Role
from bdnnlang.problem.lattice import common_unit
from bdnnlang.problem.perturbation import PerturbationSet

Add = Callable[..., Columns]  # `_Builder.add`


def robust_unit(delta: PerturbationSet, weights: Columns, x: Floats, lattice: Fraction) -> Fraction | None:
    """The unit of pre-activations in layer 1 and of their extremes; None: it is too fine to be of use, or the set not linear."""
    steps = [lattice, *filter(None, delta.radius), *(abs(end) for end in delta.clip or () if end)]
    unit = reduce(common_unit, steps)
    coarse = max(1.0, float(np.abs(x).max(initial=0.0))) <= MAX_POINT * unit
    return unit * weights.unit if coarse and delta.is_linear else None


def margin_columns(add: Add, delta: PerturbationSet, weights: Columns, unit: Fraction | None) -> Margin:
    """The columns of the margin of every neuron of the first layer, integer where pre-activations have a `unit`."""
    free = np.flatnonzero([r > 0 for r in delta.radius])
    radii = [delta.radius[j] * weights.unit for j in free]  # a margin per column of weights
    width, n = len(weights.index), len(free)
    none = np.zeros((width, 0), dtype=np.int64)
    scale = reduce(common_unit, radii) if unit else Fraction(1)
    largest = float(max(weights.upper.max(), -weights.lower.min()))
    if delta.clip is not None:
        low, high = 0.0, max(0.0, float(weights.upper.max()))
        parts = add(Role.MARGIN_PARTS, 1, (width, n), (low, high), integer=unit is not None, unit=weights.unit)
        return Margin(1, MarginKind.PART, weights.index[:, free], np.ones(n), none, parts.index, none)
    factor = np.array([float(r / scale) for r in radii])

    def columns(role: Role, many: int, top: float) -> Ints:
        return add(role, 1, (width, many), (0.0, top), integer=unit is not None, unit=scale).index

    kind = MarginKind(delta.dual.value)
    part, theta, rho = tops(kind, largest * factor, delta.gamma)
    return Margin(
        layer=1,
        kind=kind,
        weights=weights.index[:, free],
        factor=factor,
        parts=columns(Role.MARGIN_PARTS, n, part) if kind in (MarginKind.SUM, MarginKind.LARGEST) else none,
        theta=columns(Role.MARGIN_THRESHOLD, 1, theta) if kind is MarginKind.LARGEST else none,
        rho=columns(Role.MARGIN, 1, rho),
        gamma=delta.gamma,
        unit=scale,
    )


def tops(kind: MarginKind, sizes: Floats, gamma: int) -> tuple[float, float, float]:
    """The greatest that a part, θ and ρ of a neuron need to be, for the greatest sizes f_j |w_j|, (n',)."""
    most = float(sizes.max(initial=0.0))
    match kind:
        case MarginKind.SUM:
            return most, 0.0, float(sizes.sum())
        case MarginKind.MAX:
            return 0.0, 0.0, most
        case MarginKind.CONE:
            return 0.0, 0.0, float(np.sqrt((sizes**2).sum()))
        case MarginKind.LARGEST:
            return most, most, float(np.sort(sizes)[-gamma:].sum())
        case MarginKind.PART:
            return most, 0.0, 0.0
        case _:
            assert_never(kind)


def worst_rows(delta: PerturbationSet, margin: Margin, weights: Columns, affine: Affine, x: Floats) -> tuple[Affine, Affine]:
    """The least and the greatest of each row of `affine` (samples × neurons, neuron fastest, no bias) over the set."""
    if margin.kind is MarginKind.PART:
        return _clipped(delta, margin, weights, x)
    rows = np.arange(affine.rows)
    rho = margin.rho[rows % len(margin.rho), 0]
    least, greatest = (
        Affine.of(
            affine.rows,
            np.concatenate([affine.row, rows]),
            np.concatenate([affine.column, rho]),
            np.concatenate([affine.value, np.full(len(rows), sign * float(margin.unit))]),
        )
        for sign in (-1.0, 1.0)
    )
    return least, greatest


def _clipped(delta: PerturbationSet, margin: Margin, weights: Columns, x: Floats) -> tuple[Affine, Affine]:
    """With δ_j in [−l, h] and w⁺ = max(w, 0): least Σ (x + h) w − (l + h) w⁺, greatest Σ (x − l) w + (l + h) w⁺."""
    low, high = delta.limits_of(x)  # (m, n)
    free = np.flatnonzero([r > 0 for r in delta.radius])
    wide = (high - low)[:, free]
    return _with_parts(x + high, -wide, margin, weights), _with_parts(x + low, wide, margin, weights)


def _with_parts(factor: Floats, part: Floats, margin: Margin, weights: Columns) -> Affine:
    """Rows Σ factor_ij w_lj + Σ part_ij w⁺_lj, for sample i and neuron l."""
    m, n = factor.shape
    width, free = margin.parts.shape
    column = np.concatenate([weights.index, margin.parts], axis=1)  # (width, n + n')
    shape = (m, width, n + free)
    value = np.broadcast_to(np.concatenate([factor, part], axis=1)[:, None, :] * float(weights.unit), shape).ravel()
    row = np.repeat(np.arange(m * width), n + free)
    keep = value != 0
    return Affine.of(m * width, row[keep], np.broadcast_to(column, shape).ravel()[keep], value[keep])
