"""Pass `unit_rows`: first-layer rows of size 1, so that the step threshold is a relative margin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from bdnnlang.arrays import Floats, Mask
from bdnnlang.model.activity_bounds import constant_beyond
from bdnnlang.model.affine import Affine
from bdnnlang.model.blocks import Columns, InputScaling, Linear, Margin, MarginKind, Pass, Problem, Step
from bdnnlang.model.point import completed
from bdnnlang.model.robust_margin import tops

Change = Callable[[InputScaling, Floats, Floats | None], tuple[Floats, Floats | None]]


@dataclass(frozen=True, slots=True)
class UnitRows(Pass):
    """x' = (x − c)/s,  w' = s·w,  b' = b + w·c,  and row i divided by R_i = ‖x'_i‖₁ + max ‖x'‖₁:  then M = 1, and g relative.

    Takes   the first layer, if its weights and biases range over intervals around 0 and no penalty depends on them.
    Makes   its `Step` and `Margin` in the new columns, s_j a power of two, c_j in the middle of feature j (0 where neurons share
            a bias); w' in [−1, 1], b' as wide as matters; and an `InputScaling` that says what the columns now stand for.
    Source  docs/models.md 3.6. Exact up to the margin: a positive multiple of a neuron has the same activations, so the box of
            the weights does not matter as long as it surrounds 0, or is 0, and the bias takes up the centre. What is asked for is
            a distance of g·R_i from the boundary, in units in which all features have the same range.
    """

    def __call__(self, problem: Problem) -> Problem:
        step = problem.step(1)
        if step is None or not _is_free(problem, step):
            return problem
        input_scaling = _input_scaling(problem, step)
        problem = replace(_boxed(problem, input_scaling), input_scaling=input_scaling)
        step = _divided(problem, _moved(problem, step, input_scaling))
        blocks = (_scaled(b, input_scaling) if isinstance(b, Margin) else b for b in problem.blocks)
        blocks = (step if isinstance(b, Step) and b.layer == 1 else b for b in blocks)
        return _with_wide_biases(problem.with_blocks(tuple(blocks)), step)

    def represent(self, before: Problem, after: Problem, point: Floats) -> Floats:
        """Every neuron of layer 1 in the new columns, and as large as the box [−1, 1] of its weights lets it be."""
        if before.input_scaling is not None or after.input_scaling is None:
            return point
        return completed(after, _with_first_layer(before, point, to_columns, after.input_scaling))

    def recover(self, before: Problem, after: Problem, point: Floats) -> Floats:
        """The same neurons in the user's own weights, within the user's boxes."""
        if before.input_scaling is not None or after.input_scaling is None:
            return point
        return _with_first_layer(before, point, from_columns, after.input_scaling)


def _with_first_layer(problem: Problem, point: Floats, change: Change, input_scaling: InputScaling) -> Floats:
    """The point with the weights and biases of layer 1 in other units."""
    x, weights, biases = point.copy(), problem.weights(1), problem.biases(1)
    x[weights.index], moved = change(input_scaling, point[weights.index], None if biases is None else point[biases.index])
    if biases is not None:
        x[biases.index] = moved
    return x


def to_columns(input_scaling: InputScaling, weights: Floats, biases: Floats | None) -> tuple[Floats, Floats | None]:
    """Columns of weights (d, n) and biases (d or 1,); a positive factor a neuron changes no activation."""
    columns = weights * input_scaling.scale
    largest = np.abs(columns).max(axis=1, initial=0.0)
    if input_scaling.shared:
        largest = np.full_like(largest, largest.max(initial=0.0))
    factor = 1 / np.where(largest > 0, largest, 1.0)
    columns = columns * factor[:, None]
    if biases is None:
        return columns, None
    return columns, (biases + weights @ input_scaling.centre if not input_scaling.shared else biases) * factor[: len(biases)]


def from_columns(input_scaling: InputScaling, columns: Floats, biases: Floats | None) -> tuple[Floats, Floats | None]:
    """Weights and biases within the user's boxes: the greatest multiple of each neuron by a power of two."""
    weights = columns / input_scaling.scale
    moved = np.zeros(1) if biases is None else biases if input_scaling.shared else biases - weights @ input_scaling.centre
    over = _over(weights, input_scaling.weights).max(axis=1, initial=0.0)
    beyond = _over(moved, input_scaling.biases)
    over = np.full_like(over, max(over.max(initial=0.0), beyond.max())) if input_scaling.shared else np.maximum(over, beyond)
    factor = 2.0 ** -np.ceil(np.log2(np.where(over > 0, over, 1.0)))
    return weights * factor[:, None] + 0.0, None if biases is None else moved * factor[: len(moved)] + 0.0


def _over(values: Floats, box: tuple[float, float]) -> Floats:
    """How many times as large as its box each value is."""
    return np.maximum(values / box[1], values / box[0])


def _is_free(problem: Problem, step: Step) -> bool:
    """May neurons of layer 1 be multiplied by any positive number? Not if a cost or a plain row speaks of their weights."""
    weights, biases = problem.weights(1), problem.biases(1)
    free = _free(weights)
    around = not weights.integer and bool(free.any() and (weights.lower[free] < 0).all() and (weights.upper[free] > 0).all())
    if biases is not None:
        around = around and not biases.integer and bool((biases.lower < 0).all() and (biases.upper > 0).all())
    spoken_of = [problem.cost_column, *(b.affine.column for b in problem.blocks if isinstance(b, Linear))]
    bound = any(np.isin(columns, weights.index).any() for columns in spoken_of) or len(problem.square_column) > 0
    return problem.input_scaling is None and step.unit is None and around and not bound


def _free(weights: Columns) -> Mask:
    """All weights but those that can be nothing but 0, (d, n)."""
    return np.asarray((weights.lower != 0) | (weights.upper != 0))


def _input_scaling(problem: Problem, step: Step) -> InputScaling:
    weights, biases = problem.weights(1), problem.biases(1)
    x = _dense(step.affine, weights)[:, 0]  # (rows, n)
    shared = biases is None or biases.size < len(weights.index)
    centre = np.zeros(x.shape[1]) if shared else (x.max(axis=0) + x.min(axis=0)) / 2
    largest = np.abs(x - centre).max(axis=0)
    scale = 2.0 ** np.ceil(np.log2(np.where(largest > 0, largest, 1.0)))
    free = _free(weights)
    weight_box = (float(weights.lower[free].max()), float(weights.upper[free].min()))
    bias_box = (-np.inf, np.inf) if biases is None else (float(biases.lower.max()), float(biases.upper.min()))
    return InputScaling(scale, centre, weight_box, bias_box, shared)


def _dense(affine: Affine, weights: Columns) -> Floats:
    """The coefficients of a neuron's own weights in its rows, (rows, d, n)."""
    width, inputs = weights.shape
    inside = _within(affine, weights)
    place = affine.row[inside] * inputs + (affine.column[inside] - weights.first) % inputs
    flat = np.bincount(place, weights=affine.value[inside], minlength=affine.rows * inputs)
    return np.asarray(flat.reshape(affine.rows // width, width, inputs), dtype=np.float64)


def _within(affine: Affine, family: Columns) -> Mask:
    return np.asarray((affine.column >= family.first) & (affine.column < family.first + family.size))


def _boxed(problem: Problem, input_scaling: InputScaling) -> Problem:
    """Weights in [−1, 1], but those that are 0, and the columns of their margins as wide as follows from that."""
    lower, upper = problem.box()
    free = problem.weights(1).index[_free(problem.weights(1))]
    lower[free], upper[free] = -1.0, 1.0
    for margin in (_scaled(b, input_scaling) for b in problem.blocks if isinstance(b, Margin)):
        upper[margin.parts], upper[margin.theta], upper[margin.rho] = tops(margin.kind, margin.factor, margin.gamma)
    return problem.with_box(lower, upper)


def _scaled(margin: Margin, input_scaling: InputScaling) -> Margin:
    """The same sizes f·|w| of the new columns; a part is a column of the kind of its weight."""
    if margin.kind is MarginKind.PART:
        return margin
    return replace(
        margin, factor=margin.factor / input_scaling.scale[margin.weights[0]]
    )  # W1 is born first: column j is feature j


def _moved(problem: Problem, step: Step, input_scaling: InputScaling) -> Step:
    """The rows in the new columns."""
    affine, least, greatest = (_rows(problem, rows, input_scaling) for rows in (step.affine, step.least, step.greatest))
    return replace(step, affine=affine, worst=None if step.worst is None else (least, greatest))


def _rows(problem: Problem, affine: Affine, input_scaling: InputScaling) -> Affine:
    weights = problem.weights(1)
    value = (_dense(affine, weights) - input_scaling.centre) / input_scaling.scale  # (rows, d, n)
    kept = np.flatnonzero(value.ravel())
    rest = ~_within(affine, weights)
    row, column, other = affine.row[rest], affine.column[rest], affine.value[rest]
    for block in problem.blocks:
        if isinstance(block, Margin) and block.kind is MarginKind.PART:
            part = np.isin(column, block.parts)
            free = block.weights[0] - weights.first
            at = (column[part] - block.parts[0, 0]) % len(free)
            other[part] /= input_scaling.scale[free[at]]
    width, inputs = weights.shape
    return Affine.of(
        affine.rows,
        np.concatenate([kept // inputs, row]),
        np.concatenate([weights.index.ravel()[kept % (width * inputs)], column]),
        np.concatenate([value.ravel()[kept], other]),
    )


def _divided(problem: Problem, step: Step) -> Step:
    """Every row divided by the largest absolute value of its weighted inputs, and by what its bias then needs."""
    lower, upper = problem.box()
    biases = problem.biases(1)
    if biases is not None:
        lower[biases.index] = upper[biases.index] = 0.0
    size = np.maximum(-step.least.activity_bounds(lower, upper)[0], step.greatest.activity_bounds(lower, upper)[1])
    size = size + (0.0 if biases is None else size.max())
    size = np.where(size > 0, size, 1.0)
    affine, least, greatest = (_each_divided(a, size) for a in (step.affine, step.least, step.greatest))
    return replace(step, affine=affine, worst=None if step.worst is None else (least, greatest), threshold=step.relative)


def _each_divided(affine: Affine, size: Floats) -> Affine:
    return Affine.of(affine.rows, affine.row, affine.column, affine.value / size[affine.row])


def _with_wide_biases(problem: Problem, step: Step) -> Problem:
    biases = problem.biases(1)
    if biases is None:
        return problem
    off, on = constant_beyond(problem, step, biases)
    wide = replace(biases, lower=np.minimum(off, 0.0).reshape(biases.shape), upper=np.maximum(on, 0.0).reshape(biases.shape))
    return replace(problem, columns=tuple(wide if c is biases else c for c in problem.columns))
