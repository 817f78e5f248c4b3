"""The loss along the line of every weight of a neuron, exactly: what a coordinate search is made of. Numpy only.

If weight w_j of a neuron moves to t, its pre-activation on sample g moves to a_g + (t − w_j) v_jg, which changes sign at one
t = w_j − a_g / v_jg, if v_jg is not 0. So the loss is constant between these breakpoints, and all its values are prefix sums over
the sorted breakpoints, of what each sample gains or loses by the neuron's being 1 in place of 0. That holds in any layer and for
any loss, because the two losses of each sample (neuron silent, neuron firing) are computed beforehand. Samples for which these
are equal have no breakpoint: most of a wide network's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

import numpy as np

from bdnnlang.arrays import Floats, Ints, Mask
from bdnnlang.data.draw import RandomStream
from bdnnlang.language.spec import Integers, Interval, Values, WeightDomain
from bdnnlang.network.numbers import HALF_ULP

FEW = 16  # values of a domain that are tried one by one
SLACK = 1e-10
SCALED = 4.0  # neurons that may be scaled have no greater weight
LEAST_PIECE = 1e-9  # in length: a shorter one is none
MANY = 64  # values that are tried one by one where no prefix sum does it
NEVER = 1e300  # the breakpoint of an input of 0
BEYOND = 0.1  # of the range of the breakpoints: how far outside an unbounded weight goes


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """What the neurons of a layer see; the last row is 1 on every sample, for the bias."""

    values: Floats  # (p, G)
    slack: float  # a pre-activation this far below 0 counts as 0: sums on a lattice are exact but for roundings
    binary: bool = False  # activations

    def take(self, rows: Ints, samples: Ints | None) -> Floats:
        """Some of the rows on some of the samples, or on all (None): a copy of no more than these."""
        if samples is None:
            return self.values if len(rows) == len(self.values) else self.values[rows]
        return self.values.take(samples, axis=1) if len(rows) == len(self.values) else self.values[np.ix_(rows, samples)]

    @property
    def largest(self) -> float:
        """The greatest absolute value."""
        return float(max(self.values.max(), -self.values.min()))

    def sums(self, weights: Floats) -> Floats:
        """Pre-activations (…, G) of weights (…, p), on the safe side of 0."""
        sums = weights @ self.values
        sums += self.slack
        return np.asarray(sums)


def inputs_of(below: Floats | Mask, weight: float = np.inf) -> Inputs:
    """Of features or activations (n, G); what counts as 0 is no more than rounding needs for weights of at most this size."""
    values = np.ones((len(below) + 1, below.shape[1]))
    values[:-1] = below
    return as_inputs(values, weight, binary=below.dtype == np.bool_)


def as_inputs(values: Floats, weight: float = np.inf, *, binary: bool = False) -> Inputs:
    """The same of features with their row of ones, (n + 1, G)."""
    exactly = Inputs(values, 0.0, binary)
    rounding = 2 * len(values) * (len(values) + 3) * HALF_ULP * weight  # of a sum whose bias is as large as the rest
    return replace(exactly, slack=min(SLACK, rounding) * exactly.largest)


def breakpoints(values: Floats, weights: Floats, a: Floats) -> Floats:
    """Where a pre-activation a (…, G) becomes 0 if the weight (…, 1) of the inputs (…, G) moves alone; NEVER at inputs of 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        breaks = np.divide(a, values)
    np.subtract(weights, breaks, out=breaks)
    np.copyto(breaks, NEVER, where=values == 0)
    return breaks


@dataclass(frozen=True, slots=True, eq=False)
class WeightRange:
    """Where the weights of some rows of the inputs may lie: between bounds (q, 1), and where given on `points` only."""

    rows: Ints  # (q,)
    lower: Floats
    upper: Floats
    points: Floats | None = None  # ascending, all of them
    integer: bool = False  # integers, too many to list

    @property
    def is_real(self) -> bool:
        return self.points is None and not self.integer

    @property
    def is_whole(self) -> bool:
        """Are all members integers?"""
        return self.integer or (self.points is not None and bool((self.points == np.rint(self.points)).all()))

    @property
    def largest(self) -> float:
        """The greatest absolute value that is worth a thought."""
        ends = np.abs(np.concatenate([self.lower, self.upper]))
        return float(np.where(np.isinf(ends), SCALED, ends).max())

    def take(self, some: Ints) -> WeightRange:
        return WeightRange(self.rows[some], self.lower[some], self.upper[some], self.points, self.integer)

    def of_signs(self, positive: Mask, negative: Mask) -> WeightRange:
        """What is left of it where weights may have these signs only, both (p,) over all rows; without rows that may not move.

        Where 0 is an end it lies within a piece.
        """
        up, down = positive[self.rows, None], negative[self.rows, None]
        lower = np.where(down, self.lower, np.maximum(self.lower, -2 * LEAST_PIECE))
        upper = np.where(up, self.upper, np.minimum(self.upper, 2 * LEAST_PIECE))
        some = ((up | down) & (lower <= upper))[:, 0].nonzero()[0]
        return WeightRange(self.rows[some], lower[some], upper[some], self.points, self.integer)

    def nearest(self, wish: Floats) -> Floats:
        """The members (…, q) nearest to `wish`."""
        inside = np.clip(wish, self.lower[:, 0], self.upper[:, 0])
        if self.points is not None:
            return _nearest(self.points, inside)
        return np.rint(inside) if self.integer else inside


def weight_range(rows: Ints, domain: WeightDomain | None, *, scale_free: bool = False) -> WeightRange:
    """The range of a domain; in a cone (a neuron may be scaled back into its box at the end) an interval has no ends but 0."""

    def between(low: float, high: float, points: Floats | None = None, *, integer: bool = False) -> WeightRange:
        return WeightRange(rows, np.full((len(rows), 1), low), np.full((len(rows), 1), high), points, integer)

    match domain:
        case Interval(lower, upper) if scale_free:
            return between(-np.inf if lower < 0 else 0.0, np.inf if upper > 0 else 0.0)
        case Interval(lower, upper):
            return between(lower, upper)
        case Integers(lower, upper) if upper - lower >= FEW:
            return between(lower, upper, integer=True)
        case Integers(lower, upper):
            return between(lower, upper, np.arange(lower, upper + 1, dtype=np.float64))
        case Values(values):
            return between(values[0], values[-1], np.array(values, dtype=np.float64))
        case None:
            return between(-np.inf, np.inf)
        case _:
            assert_never(domain)


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Candidates for each of q weights, and the loss at each, both (q, C); ∞: not a candidate."""

    points: Floats
    losses: Floats

    def point(self, row: int, column: int) -> float:
        return float(self.points[row, column])


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Candidates for each of q real weights, one for each piece between `low` and `high`, and the losses, all (q, C).

    `zeros`: of a piece that contains 0 that point, and not the middle.
    """

    low: Floats
    high: Floats
    losses: Floats
    zeros: bool

    @property
    def points(self) -> Floats:
        return _middles(self.low, self.high, zeros=self.zeros)

    def point(self, row: int, column: int) -> float:
        here = slice(row, row + 1), slice(column, column + 1)
        return float(_middles(self.low[here], self.high[here], zeros=self.zeros)[0, 0])


Lines = Points | Pieces


def lines(
    inputs: Inputs,
    allowed: WeightRange,
    weights: Floats,
    a: Floats,
    silent: float,
    gain: Floats,
    samples: Ints | None = None,
    *,
    zeros: bool = False,
) -> Lines:
    """Of the weights (q,) of the rows of `allowed`, all others of the neuron staying as they are.

    a (m,) the pre-activations, silent the loss while the neuron is 0 everywhere, gain (m,) what is added while it is 1. `samples`
    (m,): those that these speak of, all that have a gain; None: all. `zeros`: of a piece that contains 0 that point, and not
    the middle.
    """
    values = inputs.take(allowed.rows, samples)
    if allowed.points is not None and len(allowed.points) <= FEW:
        losses = _of_changes if inputs.binary else _by_changes
        change = allowed.points[None, :] - weights[:, None]  # (q, C)
        return Points(np.broadcast_to(allowed.points, change.shape), silent + losses(values, change, a, gain))
    start = silent + np.where(values, values < 0, a >= 0) @ gain  # at −∞ fires what has a negative input, or one of 0 and a ≥ 0
    if allowed.is_real:
        return _by_pieces(values, allowed, weights, a - inputs.slack, start, gain, zeros=zeros)
    return _by_members(values, allowed, weights, a, start, gain, zeros=zeros)


def _by_changes(values: Floats, change: Floats, a: Floats, gain: Floats) -> Floats:
    """What the neuron adds to the loss after each change (q, C) of the weights of inputs (q, G)."""
    moved = change[:, :, None] * values[:, None, :]  # (q, C, G)
    moved += a
    np.greater_equal(moved, 0.0, out=moved)
    return np.asarray(moved @ gain)


def _of_changes(bits: Floats, change: Floats, a: Floats, gain: Floats) -> Floats:
    """The same for inputs of 0 or 1: a change moves all samples that have a 1 by as much, whichever input it is of."""
    changes, which = np.unique(change, return_inverse=True)
    fires = a >= 0
    moved = (a[:, None] + changes >= 0).astype(np.float64) - fires[:, None]  # (G, different changes)
    added = bits @ (moved * gain[:, None])
    return np.asarray(gain @ fires + np.take_along_axis(added, which.reshape(change.shape), axis=1))


def _by_members(
    values: Floats, allowed: WeightRange, weights: Floats, a: Floats, start: Floats, gain: Floats, *, zeros: bool
) -> Points:
    """A member of a lattice in each piece. It may stand on a breakpoint: there the slack decides, as in sums."""
    breaks = breakpoints(values, weights[:, None], a)  # (q, G)
    order = np.argsort(breaks, axis=1)
    low, high = _pieces(allowed, np.take_along_axis(breaks, order, axis=1))
    points = _members(allowed, low, high, zeros=zeros)
    losses = np.hstack([start[:, None], np.take_along_axis(np.sign(values) * gain, order, axis=1)]).cumsum(axis=1)
    return Points(points, np.where(np.isnan(points), np.inf, losses))


def _by_pieces(
    values: Floats, allowed: WeightRange, weights: Floats, a: Floats, start: Floats, gain: Floats, *, zeros: bool
) -> Pieces:
    """A real weight carries no slack along. Numbers are sorted much faster than their order is found, so each breakpoint has in
    its last bits which sample it is of, and whether this one falls silent there.
    """
    breaks, samples = breakpoints(values, weights[:, None], a), len(a)
    falls = 1 << samples.bit_length()
    bits = breaks.view(np.int64)
    bits &= -2 * falls
    bits |= (values.view(np.int64) >> 63) & falls
    bits |= np.arange(samples)
    breaks.sort(axis=1)
    jumps = np.zeros(2 * falls)
    jumps[:samples], jumps[falls : falls + samples] = gain, -gain
    losses = np.empty((len(breaks), samples + 1))
    losses[:, 0] = start
    np.take(jumps, bits & (2 * falls - 1), out=losses[:, 1:], mode="clip")
    np.cumsum(losses, axis=1, out=losses)
    low, high = _pieces(allowed, breaks)
    np.copyto(losses, np.inf, where=high - low <= LEAST_PIECE)
    return Pieces(low, high, losses, zeros)


def _pieces(allowed: WeightRange, breaks: Floats) -> tuple[Floats, Floats]:
    """Both ends (q, G + 1) of each piece within the range, for ascending breakpoints; of one outside they coincide.

    Where the range has no end, it ends a little beyond the last breakpoint.
    """
    lower, upper = allowed.lower, allowed.upper
    if np.isinf(lower).any() or np.isinf(upper).any():
        count = (breaks < NEVER / 2).sum(axis=1, keepdims=True)
        first = np.where(count, breaks[:, :1], 0.0)
        last = np.where(count, np.take_along_axis(breaks, np.maximum(count - 1, 0), axis=1), 0.0)
        beyond = BEYOND * (last - first + np.abs(last)) + LEAST_PIECE
        lower = np.where(np.isinf(lower), first - beyond, lower)
        upper = np.where(np.isinf(upper), last + beyond, upper)
    edges = np.empty((len(breaks), breaks.shape[1] + 2))
    edges[:, :1], edges[:, -1:] = lower, upper
    np.clip(breaks, lower, upper, out=edges[:, 1:-1])
    return edges[:, :-1], edges[:, 1:]


def _points(allowed: WeightRange, low: Floats, high: Floats, *, zeros: bool) -> Floats:
    """A member of the range in each piece, nan where there is none."""
    if not allowed.is_real:
        return _members(allowed, low, high, zeros=zeros)
    return np.where(high - low > LEAST_PIECE, _middles(low, high, zeros=zeros), np.nan)


def _members(allowed: WeightRange, low: Floats, high: Floats, *, zeros: bool) -> Floats:
    """Of a lattice."""
    middle = _middle(low, high, zeros=zeros)
    return _inside(np.rint(middle) if allowed.points is None else _nearest(allowed.points, middle), low, high)


def _middle(low: Floats, high: Floats, *, zeros: bool) -> Floats:
    middle = 0.5 * (low + high)
    return np.where((low < 0) & (high > 0), 0.0, middle) if zeros else middle


def _middles(low: Floats, high: Floats, *, zeros: bool) -> Floats:
    return short(_middle(low, high, zeros=zeros), high - low)


def short(middle: Floats, width: Floats) -> Floats:
    """The multiples of about a thousandth of the widths, a power of two, that are nearest to the middles.

    So no rounding error of a middle is carried along until it decides.
    """
    exponent = np.frexp(width)[1] - 10
    return np.asarray(np.ldexp(np.rint(np.ldexp(middle, -exponent)), exponent))


def _inside(points: Floats, low: Floats, high: Floats) -> Floats:
    return np.where((points >= low) & (points <= high) & (low < high), points, np.nan)


def _nearest(points: Floats, wish: Floats) -> Floats:
    if len(points) == 1:
        return np.full_like(wish, points[0])
    at = np.clip(np.searchsorted(points, wish), 1, len(points) - 1)
    below, above = points[at - 1], points[at]
    return np.where(wish - below <= above - wish, below, above)


def candidates(breaks: Floats, allowed: WeightRange, rng: RandomStream) -> Floats:
    """Points (C,) of one weight that lie between neighbours of `breaks` (m,), or beyond them all; at most MANY.

    Of more the widest pieces, and some of the others.
    """
    if allowed.points is not None and len(allowed.points) <= MANY:
        return allowed.points
    low, high = _pieces(allowed, np.sort(breaks)[None, :])
    points = _points(allowed, low, high, zeros=True)[0]
    open_ = np.flatnonzero(points == points)
    if len(open_) > MANY:
        by_width = open_[np.argsort((low - high)[0, open_], kind="stable")]
        rest = by_width[MANY // 2 :]
        open_ = np.concatenate([by_width[: MANY // 2], rest[rng.order(len(rest))[: MANY // 2]]])
    return np.asarray(points[open_])


def random_minimum(values: Floats, most: float, rng: RandomStream) -> int | None:
    """The flat index of a least value, of equals one at random; None if all are above `most`."""
    least = float(values.min(initial=np.inf))
    if not least <= most:
        return None
    ties = (values <= least + 1e-9 * (1.0 + abs(least))).ravel().nonzero()[0]
    return int(ties[rng.below(len(ties))])
