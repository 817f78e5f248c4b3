"""Named invariants of a `Problem`, checked between passes by the tests: valid in, valid out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bdnnlang.diagnostics import InternalError
from bdnnlang.model.affine import Affine
from bdnnlang.model.blocks import Linear, Margin, MarginKind, Problem, Product, Step


def verify(problem: Problem) -> None:
    """Raise InternalError naming every invariant that does not hold."""
    broken = [name for name, holds in INVARIANTS if not holds(problem)]
    if broken:
        raise InternalError("invalid problem: " + "; ".join(broken))


def _affines(problem: Problem) -> list[Affine]:
    rows = [block.affine for block in problem.blocks if isinstance(block, Step | Linear)]
    return rows + [a for block in problem.blocks if isinstance(block, Step) and block.worst for a in block.worst]


def _columns_consecutive(problem: Problem) -> bool:
    ends = np.cumsum([0, *(c.size for c in problem.columns)])
    return all(c.first == first for c, first in zip(problem.columns, ends, strict=False))


def _shapes_agree(problem: Problem) -> bool:
    return all(c.lower.shape == c.upper.shape == c.shape for c in problem.columns)


def _bounds_ordered(problem: Problem) -> bool:
    return all(bool((c.lower <= c.upper).all()) for c in problem.columns)  # also false for NaN


def _integers_bounded(problem: Problem) -> bool:
    return all(
        bool(np.isfinite(side).all() and (side == np.rint(side)).all())
        for c in problem.columns
        if c.integer
        for side in (c.lower, c.upper)
    )


def _names_unique(problem: Problem) -> bool:
    rows = [f.name for block in problem.blocks if isinstance(block, Linear) for f in block.families]
    return len(set(rows)) == len(rows) and len(problem.families) == len(problem.columns) == len({c.name for c in problem.columns})


def _columns_exist(problem: Problem) -> bool:
    return all(bool(((a.column >= 0) & (a.column < problem.size)).all()) for a in _affines(problem))


def _coefficients_finite(problem: Problem) -> bool:
    return all(bool(np.isfinite(a.value).all() and (a.value != 0).all()) for a in _affines(problem))


def _no_coefficient_twice(problem: Problem) -> bool:
    return all(len(np.unique(a.row * problem.size + a.column)) == len(a.row) for a in _affines(problem))


def _rows_exist(problem: Problem) -> bool:
    return all(bool(((a.row >= 0) & (a.row < a.rows)).all()) for a in _affines(problem))


def _steps_fit(problem: Problem) -> bool:
    return all(
        s.activations.shape == s.on.shape == s.off.shape
        and s.affine.rows == s.least.rows == s.greatest.rows == s.on.size
        and s.threshold > 0
        for s in problem.blocks
        if isinstance(s, Step)
    )


def _off_columns_fit(problem: Problem) -> bool:
    return all(
        s.possible.shape == s.activations.shape and bool(((s.possible >= 0) & (s.possible < problem.size)).all())
        for s in problem.blocks
        if isinstance(s, Step) and s.possible is not None
    )


def _samples_grouped(problem: Problem) -> bool:
    """Every row of layer 1 has a sample, every row of u1 a row of layer 1."""
    rows = len(problem.activations(1).lower)
    first = problem.step(1)
    return (
        len(problem.samples) == len(problem.groups)
        and bool((problem.samples >= 0).all())
        and np.array_equal(np.unique(problem.groups), np.arange(rows))
        and (first is None or np.array_equal(first.activations, problem.activations(1).index[problem.groups]))
    )


def _input_scaling_fits(problem: Problem) -> bool:
    input_scaling = problem.input_scaling
    if input_scaling is None:
        return True
    inputs = problem.weights(1).shape[1:]
    biases = problem.biases(1)
    return (
        input_scaling.scale.shape == input_scaling.centre.shape == inputs
        and bool((np.log2(input_scaling.scale) % 1 == 0).all() and np.isfinite(input_scaling.centre).all())
        and input_scaling.weights[0] < 0 < input_scaling.weights[1]
        and input_scaling.biases[0] < 0 < input_scaling.biases[1]
        and input_scaling.shared == (biases is None or biases.size < len(problem.weights(1).lower))
        and not (input_scaling.shared and input_scaling.centre.any())
    )


def _products_fit(problem: Problem) -> bool:
    return all(
        p.products.shape == (len(p.activations), *p.weights.shape) and p.upper.shape == p.lower.shape == p.products.shape[:2]
        for p in problem.blocks
        if isinstance(p, Product)
    )


def _margins_fit(problem: Problem) -> bool:
    return all(
        (m.rho.shape[1], m.parts.shape[1], m.theta.shape[1]) == MARGIN_COLUMNS[m.kind](m.weights.shape[1])
        and m.factor.shape == m.weights.shape[1:]
        and bool((m.factor > 0).all())
        and all(bool(((c >= 0) & (c < problem.size)).all()) for c in (m.weights, m.rho, m.parts, m.theta))
        for m in problem.blocks
        if isinstance(m, Margin)
    )


MARGIN_COLUMNS: dict[MarginKind, Callable[[int], tuple[int, int, int]]] = {  # of one neuron: ρ, parts, θ
    MarginKind.SUM: lambda n: (1, n, 0),
    MarginKind.MAX: lambda n: (1, 0, 0),
    MarginKind.LARGEST: lambda n: (1, n, 1),
    MarginKind.CONE: lambda n: (1, 0, 0),
    MarginKind.PART: lambda n: (0, n, 0),
}


def _lattice_steps_whole(problem: Problem) -> bool:
    return all(
        bool(np.allclose(a.value / float(s.unit), np.rint(a.value / float(s.unit)), atol=1e-6))
        for s in problem.blocks
        if isinstance(s, Step) and s.unit is not None
        for a in (s.affine, s.least, s.greatest)
    )


def _families_name_every_row(problem: Problem) -> bool:
    return all(
        sum(f.size for f in b.families) == b.affine.rows == len(b.lower) == len(b.upper)
        for b in problem.blocks
        if isinstance(b, Linear)
    )


def _conditions_binary(problem: Problem) -> bool:
    lower, upper = problem.box()
    binary = np.repeat([c.integer for c in problem.columns], [c.size for c in problem.columns]) & (lower >= 0) & (upper <= 1)
    return all(
        b.condition_value is not None
        and len(b.condition) == len(b.condition_value) == b.affine.rows
        and bool(((b.condition >= -1) & (b.condition < problem.size)).all())
        and bool(binary[b.condition[b.condition >= 0]].all() and np.isin(b.condition_value, (0, 1)).all())
        for b in problem.blocks
        if isinstance(b, Linear) and b.condition is not None
    )


INVARIANTS: tuple[tuple[str, Callable[[Problem], bool]], ...] = (
    ("columns are numbered one after another", _columns_consecutive),
    ("bounds have the shape of their family", _shapes_agree),
    ("lower bounds are at most upper bounds", _bounds_ordered),
    ("integer columns have whole, finite bounds", _integers_bounded),
    ("names of columns and rows are unique", _names_unique),
    ("rows of blocks exist", _rows_exist),
    ("columns of blocks exist", _columns_exist),
    ("coefficients are finite and not zero", _coefficients_finite),
    ("no row has a column twice", _no_coefficient_twice),
    ("steps have one row, two masks and a positive threshold", _steps_fit),
    ("possibly on has a column for each row of its step", _off_columns_fit),
    ("rows of layer 1 have a sample and a group", _samples_grouped),
    ("the scaling of inputs has a power of two for each feature", _input_scaling_fits),
    ("products pair each weight with its activation", _products_fit),
    ("margins have the columns of their kind", _margins_fit),
    ("lattice steps are whole multiples of their unit", _lattice_steps_whole),
    ("row families name every row", _families_name_every_row),
    ("conditions are values of binary columns", _conditions_binary),
)
