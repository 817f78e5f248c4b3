"""Pass `orient_neurons`: no negative weights from the last hidden layer to a single output."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bdnnlang.arrays import Floats, Mask
from bdnnlang.model.activity_bounds import bias_slopes, reaches_beyond
from bdnnlang.model.blocks import Columns, Pass, Problem, Step
from bdnnlang.model.point import completed


@dataclass(frozen=True, slots=True)
class OrientNeurons(Pass):
    """(w, b) with outgoing weight v < 0 is (−w, −b − δ) with −v, the output bias b' taking up v:  demand v ≥ 0.

    Takes   problems with one output and a hidden layer whose weights and biases may be negated, and an output bias that may take
            up v. All others are left as they are. δ is the unit of the hidden pre-activations, or their step threshold.
    Makes   the same with v ≥ 0: half the rows after `polarity`, and 2^d symmetries fewer.
    Source  docs/models.md 3.4. Exact: 1 − u of the one neuron is u of the other on every sample, and v·u = v + (−v)(1 − u). The
            domains have to be closed under the three changes, sets and boxes and lattices. Weights are compared with their
            negatives. Biases reach beyond where a neuron is constant, so that cutting them off there changes nothing; and
            between, −b − δ is allowed if the biases are as fine as the pre-activations (their unit is δ), b' + v if v is a
            multiple of their unit; real biases allow everything, but biases on a lattice of their own under real weights
            nothing. A penalty on squares tells the two neurons apart, so it forbids it.
    """

    def __call__(self, problem: Problem) -> Problem:
        if _negatable(problem) is None:
            return problem
        last = problem.weights(problem.depth)
        narrow = replace(last, lower=np.maximum(last.lower, 0.0))
        return replace(problem, columns=tuple(narrow if c is last else c for c in problem.columns))

    def represent(self, before: Problem, after: Problem, point: Floats) -> Floats:
        """Every neuron with v < 0 becomes its negative."""
        negatable = _negatable(before)
        outgoing = before.weights(before.depth)
        if negatable is None or not (point[outgoing.index[0]] < 0).any():
            return point
        step, biases, above = negatable
        x, weights, v = point.copy(), before.weights(step.layer), point[outgoing.index[0]]
        negated = v < 0  # (d,)
        x[weights.index[negated]] = -point[weights.index[negated]] + 0.0
        x[biases.index[negated]] = _negated_biases(step, biases, point)[negated]
        x[outgoing.index[0, negated]] = -v[negated]
        taken_up = point[above.index] + v[negated].sum() * float(outgoing.unit / above.unit)
        x[above.index] = np.rint(taken_up) if above.integer else taken_up
        sure, possible = (family.index[:, negated] for family in (before.activations(step.layer), before.possible(step.layer)))
        x[sure], x[possible] = 1 - point[possible], 1 - point[sure]
        return completed(after, x)


def _negatable(problem: Problem) -> tuple[Step, Columns, Columns] | None:
    """The last hidden layer, its biases and those of the output, if every neuron there is as good as its negative."""
    hidden, last = problem.step(problem.depth - 1), problem.step(problem.depth)
    if hidden is None or last is None or hidden.on.shape[1] != problem.weights(problem.depth).size:
        return None
    biases, above = problem.biases(hidden.layer), problem.biases(last.layer)
    if last.on.shape[1] != 1 or len(problem.square_column) or biases is None or above is None:
        return None
    weights, outgoing = problem.weights(hidden.layer), problem.weights(last.layer)
    closed = _closed(weights) and bool((-outgoing.lower <= outgoing.upper).all()) and _points_closed(outgoing, below_only=True)
    wide = reaches_beyond(problem, hidden, biases) and reaches_beyond(problem, last, above)
    fits = closed and biases.size == hidden.on.shape[1] and wide and _negates(hidden, biases) and _takes_up(above, outgoing)
    return (hidden, biases, above) if fits else None


def _negated_biases(step: Step, biases: Columns, point: Floats) -> Floats:
    """On a lattice −b − δ; else the middle of the biases that separate the same rows, (d,)."""
    b = point[biases.index]
    if biases.integer:
        return -b - 1
    sums, fires = _sums(step, biases, point)
    low = np.where(fires, -np.inf, sums).max(axis=0)
    high = np.where(fires, sums, np.inf).min(axis=0)
    beyond = np.abs(sums).max(axis=0) + np.abs(b) + 1.0
    middle = (np.where(np.isinf(low), 0.0, low) + np.where(np.isinf(high), 0.0, high)) / 2
    return np.asarray(np.where(np.isinf(low), -beyond, np.where(np.isinf(high), beyond, middle)))


def _sums(step: Step, biases: Columns, point: Floats) -> tuple[Floats, Mask]:
    """The least, the greatest and the plain weighted inputs of each row, in units of its bias; and which of them fire it.

    Both (3 rows, d). Where a neuron is neither surely on nor surely off, the plain sum itself decides.
    """
    without = point.copy()
    without[biases.index] = 0.0
    shape, b = step.activations.shape, point[biases.index]
    least, greatest, plain = (
        (rows.at(without) / bias_slopes(rows, biases)).reshape(shape) for rows in (step.least, step.greatest, step.affine)
    )
    sure, possible = point[step.activations] == 1, point[step.off_columns] == 1
    return np.concatenate([least, greatest, plain]), np.concatenate([sure, possible, sure | possible & (plain + b >= 0)])


def _closed(family: Columns) -> bool:
    return bool((family.lower == -family.upper).all()) and _points_closed(family)


def _points_closed(family: Columns, *, below_only: bool = False) -> bool:
    if family.points is None:
        return True
    points = set(family.points.tolist())
    return all(-p in points for p in points if p < 0 or not below_only)


def _negates(step: Step, biases: Columns) -> bool:
    """Is −b − δ on the lattice of the biases, if they have one? Then one bias is one step of the pre-activations."""
    if not biases.integer:
        return True
    return step.unit is not None and bool((bias_slopes(step.affine, biases) == float(step.unit)).all())


def _takes_up(biases: Columns, outgoing: Columns) -> bool:
    """Is b + v on the lattice of the biases, if they have one, for every v?"""
    if not biases.integer:
        return True
    if not outgoing.integer:
        return False
    points = np.array([1.0]) if outgoing.points is None else outgoing.points
    return all((int(p) * outgoing.unit / biases.unit).denominator == 1 for p in points)
