"""Pass `orient_neurons`: no negative weights from the last hidden layer to a single output."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bdnnlang.model.activity_bounds import bias_slopes, constant_beyond
from bdnnlang.model.blocks import Columns, Problem, Step


@dataclass(frozen=True, slots=True)
class OrientNeurons:
    """(w, b) with outgoing weight v < 0 is (−w, −b − δ) with −v, the output bias b' taking up v:  demand v ≥ 0.

    Takes   problems with one output and a hidden layer whose weights and biases may be negated, and an output bias that may take
            up v. All others are left as they are. δ is the step of the hidden pre-activations, the gap where there is none.
    Makes   the same with v ≥ 0: half the rows after `polarity`, and 2^d symmetries fewer.
    Source  docs/models.md 3.4. Exact: 1 − u of the one neuron is u of the other on every sample, and v·u = v + (−v)(1 − u). The
            domains have to be closed under the three changes, sets and boxes and lattices. Weights are compared with their
            negatives. Biases reach beyond where a neuron is constant, so that cutting them off there changes nothing; and
            between, −b − δ is allowed if the biases are as fine as the pre-activations (their unit is δ), b' + v if v is a
            multiple of their unit; real biases allow everything, but biases on a lattice of their own under real weights
            nothing. A penalty on squares tells the two neurons apart, so it forbids it.
    """

    def __call__(self, problem: Problem) -> Problem:
        if not can_turn(problem):
            return problem
        last = problem[f"W{problem.depth}"]
        negated = replace(last, lower=np.maximum(last.lower, 0.0))
        return replace(problem, columns=tuple(negated if c is last else c for c in problem.columns))


def can_turn(problem: Problem) -> bool:
    """Is every neuron of the last hidden layer as good as its negative?"""
    hidden, last = problem.step(problem.depth - 1), problem.step(problem.depth)
    if hidden is None or last is None or hidden.on.shape[1] != problem[f"W{problem.depth}"].size:
        return False
    if last.on.shape[1] != 1 or len(problem.square_column) or any(f"b{s.layer}" not in problem for s in (hidden, last)):
        return False
    weights, outgoing = problem[f"W{hidden.layer}"], problem[f"W{last.layer}"]
    negated = _closed(weights) and bool((-outgoing.lower <= outgoing.upper).all()) and _points_closed(outgoing, below_only=True)
    own_biases = problem[f"b{hidden.layer}"].size == hidden.on.shape[1]
    wide = _is_wide(problem, hidden) and _is_wide(problem, last)
    return negated and own_biases and wide and _negates(problem, hidden) and _takes_up(problem[f"b{last.layer}"], outgoing)


def _closed(family: Columns) -> bool:
    return bool((family.lower == -family.upper).all()) and _points_closed(family)


def _points_closed(family: Columns, *, below_only: bool = False) -> bool:
    if family.points is None:
        return True
    points = set(family.points.tolist())
    return all(-p in points for p in points if p < 0 or not below_only)


def _is_wide(problem: Problem, step: Step) -> bool:
    """Do the biases reach beyond every weighted sum, so that cutting them off there would change nothing?"""
    biases = problem[f"b{step.layer}"]
    low, high = constant_beyond(problem, step, biases)
    gaps = biases.points is not None
    return not gaps and bool((biases.lower <= low).all() and (biases.upper >= high).all())


def _negates(problem: Problem, step: Step) -> bool:
    """Is −b − δ on the lattice of the biases, if they have one? Then one bias is one step of the pre-activations."""
    biases = problem[f"b{step.layer}"]
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
