"""Pass `orient_neurons`: no negative weights from the last hidden layer to a single output."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bdnnlang.ir.blocks import Columns, Problem, Step
from bdnnlang.ir.reach import constant_beyond


@dataclass(frozen=True, slots=True)
class OrientNeurons:
    """(w, b) with outgoing weight v < 0 is (−w, −b − g) with −v, the output bias taking up v:  demand v ≥ 0.

    Takes   problems with one output and a hidden layer whose weights and biases may be negated, and an output bias that is as
            wide as it needs to be. All others are left as they are.
    Makes   the same with v ≥ 0: half the rows after `polarity`, and 2^d symmetries fewer.
    Source  MODELS.md 3.4. Exact: 1 − u of the one neuron is u of the other on every sample, and v·u = v + (−v)(1 − u). The
            domain has to be closed under both changes: weights are compared with their negatives, biases with the range beyond
            which a neuron is constant. A penalty on squares tells the two apart, so it forbids it.
    """

    def __call__(self, problem: Problem) -> Problem:
        if not can_turn(problem):
            return problem
        last = problem[f"W{problem.depth}"]
        turned = replace(last, lower=np.maximum(last.lower, 0.0))
        return replace(problem, columns=tuple(turned if c is last else c for c in problem.columns))


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
    return negated and own_biases and _is_wide(problem, hidden) and _is_wide(problem, last)


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
