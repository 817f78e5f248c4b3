"""The LP of `polish` for a first layer that must keep its activations within a perturbation set.

Its columns are those of the problem itself, weights and bias of one neuron (or of all, when they share a bias) together with
the columns of its margin: so whatever set there is, `MarginsToRows` has written what ties the margin to the weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Floats, Ints, Mask
from bdnnlang.model.affine import Affine, merge
from bdnnlang.model.blocks import Linear, Margin, MarginKind, Problem, Role, Step
from bdnnlang.model.passes.margins_to_rows import MarginsToRows
from bdnnlang.model.point import set_margin
from bdnnlang.network.network import Layer

MOST_CUTS = 40  # tangents of a cone, one a round


@dataclass(frozen=True)
class _Rows:
    """Rows whose values must be at least τ · `size`."""

    affine: Affine
    size: Floats


def preactivation_change(problem: Problem, step: Step, raw: Layer) -> tuple[Floats, Floats]:
    """How far the pre-activations of these weights fall and rise within the set, both (m, d)."""
    x = np.zeros(problem.size)
    x[problem.weights(1).index] = raw.weights / float(problem.weights(1).unit)
    for block in problem.blocks:
        if isinstance(block, Margin):
            set_margin(block, x)
    at, least, greatest = (rows.at(x).reshape(step.on.shape) for rows in (step.affine, step.least, step.greatest))
    return at - least, greatest - at


def widest_robust(problem: Problem, step: Step, on: Mask, off: Mask, inputs: Floats, raw: Layer) -> Layer | None:
    """Weights and biases of the greatest margin τ (relative to ‖x‖₁ + 1) for every change; None if τ is not positive.

    `on`, `off` (m, d): where neurons must fire or be silent. Biases of a finite domain stay as they are in `raw`.
    """
    size = np.repeat(np.abs(inputs).sum(axis=1) + 1, on.shape[1])
    fires, silent = np.flatnonzero(on.ravel()), np.flatnonzero(off.ravel())
    rows = _Rows(
        merge([_chosen(step.least, fires, 1.0), _chosen(step.greatest, silent, -1.0)]),
        np.concatenate([size[fires], size[silent]]),
    )
    width = on.shape[1]
    neuron = np.concatenate([fires, silent]) % width
    biases = problem.biases(1)
    shared = biases is not None and biases.size == 1
    x = np.zeros(problem.size)
    if biases is not None:
        x[biases.index] = raw.biases[: biases.size] / float(biases.unit)
    for group in [np.arange(width)] if shared else [np.array([j]) for j in range(width)]:
        kept = np.flatnonzero(np.isin(neuron, group))
        if len(kept) and not _solve(problem, _Rows(_chosen(rows.affine, kept, 1.0), rows.size[kept]), x, group):
            return None
    weights = x[problem.weights(1).index]
    if biases is None or biases.integer:
        return Layer(weights + 0.0, raw.biases)
    return Layer(weights + 0.0, np.broadcast_to(x[biases.index] + 0.0, (width,)).copy())


def _solve(problem: Problem, rows: _Rows, x: Floats, group: Ints) -> bool:
    """Set the columns of the neurons in `group`; False if they have no positive margin. Cones by tangents."""
    margins = tuple(b for b in problem.blocks if isinstance(b, Margin))
    cones = [b for b in margins if b.kind is MarginKind.CONE]
    lowered = (b for b in MarginsToRows()(problem.with_blocks(margins)).blocks if isinstance(b, Linear))
    ties = [_chosen(rows.affine, np.zeros(0, dtype=np.int64), 1.0), *(b.affine for b in lowered)]
    for _ in range(MOST_CUTS if cones else 1):
        tau = _linear_program(problem, rows, merge(ties), x)
        for cone in cones:
            ties.append(_tangents(cone, x, group))
            set_margin(cone, x)
        if tau is None or tau <= 0:
            return False
        if not cones or float((rows.affine.at(x) / rows.size).min()) >= 0.9 * tau:
            return True
    return bool((rows.affine.at(x) > 0).all())


def _linear_program(problem: Problem, rows: _Rows, ties: Affine, x: Floats) -> float | None:
    """Maximise τ ≤ 1 with rows ≥ τ · size and ties ≥ 0 over the columns that `rows` reach; they are set in x."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, hstack, vstack

    used = _reached(problem, rows.affine)
    place = np.full(problem.size, -1)
    place[used] = np.arange(len(used))
    ties = _chosen(ties, np.flatnonzero(np.bincount(ties.row, weights=place[ties.column] < 0, minlength=ties.rows) == 0), 1.0)
    blocks = [csr_array((a.value, (a.row, place[a.column])), shape=(a.rows, len(used))) for a in (rows.affine, ties)]
    taus = [csr_array(-rows.size[:, None]), csr_array((ties.rows, 1))]
    matrix = vstack([hstack([block, tau]) for block, tau in zip(blocks, taus, strict=True)]).tocsr()
    lower, upper = problem.box()
    for fixed in (family.index for family in problem.columns if family.role is Role.BIASES and family.integer):
        lower[fixed] = upper[fixed] = x[fixed]
    bounds = [*zip(lower[used], upper[used], strict=True), (None, 1.0)]
    result = linprog(np.r_[np.zeros(len(used)), -1.0], A_ub=-matrix, b_ub=np.zeros(matrix.shape[0]), bounds=bounds)
    if result.x is None:
        return None
    x[used] = np.clip(result.x[:-1], lower[used], upper[used])  # which the LP keeps but for a rounding
    return float(result.x[-1])


def _reached(problem: Problem, affine: Affine) -> Ints:
    """The columns of the rows, and all margin columns and weights of the same neurons."""
    used = set(np.unique(affine.column).tolist())
    for block in problem.blocks:
        if isinstance(block, Margin):
            for own in np.concatenate([block.weights, block.rho, block.parts, block.theta], axis=1):
                used |= set(own.tolist()) if used.intersection(own.tolist()) else set()
    return np.array(sorted(used), dtype=np.int64)


def _tangents(cone: Margin, x: Floats, group: Ints) -> Affine:
    """ρ ≥ f·w · v for v the direction of f·w now: true of every w, and tight here."""
    sizes = x[cone.weights[group]] * cone.factor
    length = np.sqrt((sizes**2).sum(axis=1, keepdims=True))
    v = np.divide(sizes, length, out=np.zeros_like(sizes), where=length > 0) * cone.factor
    column = np.concatenate([cone.rho[group], cone.weights[group]], axis=1)
    value = np.concatenate([np.ones((len(group), 1)), -v], axis=1)
    return Affine.of(len(group), np.repeat(np.arange(len(group)), column.shape[1]), column.ravel(), value.ravel())


def _chosen(affine: Affine, rows: Ints, sign: float) -> Affine:
    """Some rows (ascending), renumbered from 0, times `sign`."""
    place = np.full(affine.rows, -1)
    place[rows] = np.arange(len(rows))
    keep = place[affine.row] >= 0
    return Affine.of(len(rows), place[affine.row[keep]], affine.column[keep], sign * affine.value[keep])
