"""Why no network can satisfy the requirements, found by counting before anything is solved, and proved in whole numbers.

Equal samples are put into the same class. So Σ over groups of equal samples of the least weight, of a sum of inequalities with
multipliers that are not negative, is at most the sum of their right sides; where it is more, they contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.data.dataset import Part, equal_rows
from bdnnlang.data.table import listed
from bdnnlang.device.size.code_bytes import code_bytes, uses_of
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.spec import Bytes, Features, Inputs, Integers, Interval, Neurons, Nonzeros, Values, WeightDomain
from bdnnlang.problem.errors import ImpossibleRequirement, UnsupportedRequirement
from bdnnlang.problem.requirement.base import Inequality
from bdnnlang.problem.requirement.requirements import Resolved, span_of, text_of
from bdnnlang.problem.requirement.signs import Never
from bdnnlang.problem.requirement.sizes import Size
from bdnnlang.problem.training import TrainingProblem

MOST_NAMED = 3  # pairs of rows
FINEST = 10**6  # denominator of a multiplier


def check_requirements(training: TrainingProblem) -> None:
    """Raise Rejected for requirements that cannot be combined with the rest of the spec (E252) or satisfied at all (E253)."""
    found = list(_unsupported(training)) or list(_too_small(training)) or list(_contradictions(training))
    if found:
        raise Rejected(found)


def _unsupported(training: TrainingProblem) -> Iterator[Diagnostic]:
    spec = training.spec
    for one in training.requirements.all:
        if spec.certified and one in training.requirements.of_predictions:
            span = spec.robust.span if spec.robust else None
            advice = "write `method = pattern`, or remove the requirement"
            text, other = text_of(one), "`method = certified`"
            yield UnsupportedRequirement(span=span_of(one), second=span, text=text, other=other, advice=advice)
        first = spec.network.layers[0]
        if isinstance(one, Never) and not _may_be_zero(first.weights):
            other, advice = "weights that cannot be 0", "write `weights in {-1, 0, 1}`, or `drop` the columns in `data`"
            yield UnsupportedRequirement(span=span_of(one), second=first.span, text=text_of(one), other=other, advice=advice)


def _may_be_zero(domain: WeightDomain) -> bool:
    match domain:
        case Interval(lower, upper) | Integers(lower, upper):
            return lower <= 0 <= upper
        case Values(values):
            return 0 in values


def _too_small(training: TrainingProblem) -> Iterator[Diagnostic]:
    """Of bytes a network of the spec needs some in any case."""
    limits = [one for one in training.requirements.all if isinstance(one, Size) and isinstance(one.statement, Bytes)]
    needed = least_bytes(training) if limits else 0
    for one in limits:
        if one.statement.most < needed:
            reason, advice = f"its networks take {needed} at least", "take fewer neurons or outputs, or weights that may be 0"
            yield ImpossibleRequirement(span=span_of(one), what=f"`{text_of(one)}`", reason=reason, advice=advice)


def least_bytes(training: TrainingProblem) -> int:
    """Of the networks of a spec: with no weight that may be 0."""
    return _bytes_using(training, [not _may_be_zero(layer.weights) for layer in training.spec.network.layers])


def most_bytes(training: TrainingProblem) -> int:
    """Of the networks of a spec: with no weight of 0."""
    return _bytes_using(training, [True] * len(training.spec.network.layers))


def _bytes_using(training: TrainingProblem, layers: Sequence[bool]) -> int:
    """Of a network that uses all weights of some layers, and none of the others."""
    sizes = zip(training.widths, training.widths[1:], layers, strict=False)
    used = [np.full((above, below), full) for below, above, full in sizes]
    return int(code_bytes(training.spec.network, training.widths[0]).of(uses_of(used)))


# ---- predictions


@dataclass(frozen=True, eq=False)
class _Row:
    """An inequality, and what it is of."""

    of: Resolved
    inequality: Inequality


def _contradictions(training: TrainingProblem) -> Iterator[Diagnostic]:
    part = training.samples
    rows = [_Row(one, row) for one, rows in training.requirements.inequalities(part) for row in rows]
    named = list(dict.fromkeys(row.of for row in rows))
    yield from _constant(training, rows)
    few = chain(combinations(named, 1), combinations(named, 2), [tuple(named)] if len(named) > 2 else [])
    for some in few:
        own = [row.inequality for row in rows if row.of in some]
        if own and _is_impossible(own, equal_rows(part)):
            yield _conflict(some, own, part)
            return


def _conflict(some: Sequence[Resolved], rows: Sequence[Inequality], part: Part) -> ImpossibleRequirement:
    """With the rows of equal samples of different classes, where these are the reason."""
    what = listed([text_of(one) for one in some])
    alone = np.arange(len(part))
    if _is_impossible(rows, alone):
        reason, advice = "they contradict each other whatever is said of each sample", "remove one of them, or change a limit"
    else:
        pairs = _pairs(part)
        shown = ", ".join(f"{a} and {b}" for a, b in pairs[:MOST_NAMED])
        more = f" and {len(pairs) - MOST_NAMED} more pairs" if len(pairs) > MOST_NAMED else ""
        reason = f"rows {shown}{more} are equal, and their classes differ"
        advice = "correct these rows, add a column that tells them apart, or change the limit"
    second = span_of(some[1]) if len(some) > 1 else None
    return ImpossibleRequirement(span=span_of(some[0]), second=second, what=what, reason=reason, advice=advice)


def _pairs(part: Part) -> list[tuple[int, int]]:
    """Rows of the source, from 1, of equal samples whose classes differ: of each group the first of each class."""
    groups = equal_rows(part)
    found = []
    for group in np.unique(groups).tolist():
        members = np.flatnonzero(groups == group) if (groups == group).sum() > 1 else np.zeros(0, dtype=np.int64)
        firsts = members[np.sort(np.unique(part.y[members], return_index=True)[1])]
        found += [(int(part.rows[firsts[0]]) + 1, int(part.rows[other]) + 1) for other in firsts[1:]]
    return found


def _constant(training: TrainingProblem, rows: Sequence[_Row]) -> Iterator[Diagnostic]:
    """A network that may use nothing says one class, and each breaks a requirement."""
    idle = next((one for one in training.requirements.all if _leaves_nothing(one, training)), None)
    if idle is None or not rows:
        return
    broken: list[Resolved] = []
    for label in range(len(training.data.classes)):
        said = np.full(len(training.samples), label, dtype=np.int64)
        first = next((row.of for row in rows if row.inequality.at(said) > row.inequality.most), None)
        if first is None:
            return
        broken.append(first)
    what = listed([text_of(one) for one in dict.fromkeys([idle, *broken])])
    reason, advice = "a network that may use no feature says one class of all samples", "leave it something to use"
    yield ImpossibleRequirement(span=span_of(idle), second=span_of(broken[0]), what=what, reason=reason, advice=advice)


def _leaves_nothing(one: Resolved, training: TrainingProblem) -> bool:
    """May no feature have an influence?"""
    if isinstance(one, Never):
        return len(one.features) == len(training.data.features)
    if not isinstance(one, Size) or one.statement.most:
        return False
    has_hidden = len(training.spec.network.layers) > 1
    return isinstance(one.statement, Features | Inputs | Nonzeros) or (isinstance(one.statement, Neurons) and has_hidden)


# ---- the proof


def _is_impossible(rows: Sequence[Inequality], groups: Ints) -> bool:
    """Are there multipliers that prove it? They come from a linear program, and are looked at in whole numbers."""
    weights = np.zeros((int(groups.max()) + 1, len(rows), rows[0].weights.shape[1]), dtype=np.int64)
    for number, row in enumerate(rows):
        np.add.at(weights[:, number], groups, row.weights)
    kinds, counts = np.unique(weights.reshape(len(weights), -1), axis=0, return_counts=True)
    kinds = kinds.reshape(-1, *weights.shape[1:])
    most = np.array([row.most for row in rows], dtype=object)
    factors = np.ones(1) if len(rows) == 1 else _multipliers(kinds, counts, most)
    exact = np.array([Fraction(float(f)).limit_denominator(FINEST) for f in factors], dtype=object)
    least = sum(int(n) * min(exact @ kind.astype(object)) for kind, n in zip(kinds, counts, strict=True))
    return bool((exact >= 0).all() and least > exact @ most)


def _multipliers(kinds: Ints, counts: Ints, most: np.ndarray) -> np.ndarray:
    """Prices of the rows in min t: Σ x_gc w_rgc − s_r t ≤ most_r, Σ_c x_gc = n_g, x ≥ 0;  s_r the size of a row; at most 1."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, eye, kron

    groups, rows, classes = kinds.shape
    size = np.maximum(np.abs(kinds).max(axis=(0, 2)), 1).astype(np.float64)
    inside = kinds.transpose(1, 0, 2).reshape(rows, groups * classes) / size[:, None]
    upper = csr_array(np.hstack([inside, -np.ones((rows, 1))]))
    choice = csr_array(np.hstack([kron(eye(groups), np.ones((1, classes))).toarray(), np.zeros((groups, 1))]))
    cost = np.append(np.zeros(groups * classes), 1.0)
    bounds = [*[(0, None)] * (groups * classes), (None, None)]
    right = most.astype(np.float64) / size
    found = linprog(cost, A_ub=upper, b_ub=right, A_eq=choice, b_eq=counts, bounds=bounds)
    if found.status != 0 or found.fun <= 0:
        return np.zeros(rows)
    prices = np.maximum(-found.ineqlin.marginals / size, 0.0)
    return np.asarray(prices / max(prices.max(), 1e-300))
