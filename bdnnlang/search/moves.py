"""The loss along the line of every weight of a neuron, exactly: what a coordinate search is made of. Numpy only.

If weight w_j of a neuron moves to t, its pre-activation on sample g moves to a_g + (t − w_j) v_jg, which changes sign at one
t = w_j − a_g / v_jg, if v_jg is not 0. So the loss is constant between these breakpoints, and all its values are prefix sums over
the sorted breakpoints, of what each sample gains or loses by the neuron's being 1 in place of 0. That holds in any layer and for
any loss, because the two losses of each sample (neuron silent, neuron firing) are computed beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

import numpy as np

from bdnnlang.arrays import Floats, Ints, Mask
from bdnnlang.data.draw import RandomStream
from bdnnlang.language.spec import Integers, Interval, Values, WeightDomain
from bdnnlang.network.numbers import HALF_ULP

FEW = 16  # values of a domain that are tried one by one
SLACK = 1e-10
SCALED = 4.0  # neurons that may be scaled have no greater weight
NARROW = 1e-9  # a piece of no more than this is none
MANY = 64  # values that are tried one by one where no prefix sum does it
BEYOND = 0.1  # of the range of the breakpoints: how far outside an unbounded weight goes


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """What the neurons of a layer see; the last row is 1 on every sample, for the bias."""

    values: Floats  # (p, G)
    inverse: Floats  # 1 / value, 0 where the value is 0
    never: Floats  # ∞ where the value is 0, else 0
    sign: Floats
    slack: float  # a pre-activation this far below 0 counts as 0: sums on a lattice are exact but for roundings

    def put(self, row: int, bits: Mask) -> None:
        """New activations (G,) of one neuron below."""
        self.values[row] = self.inverse[row] = self.sign[row] = bits
        self.never[row] = np.where(bits, 0.0, np.inf)

    def sums(self, weights: Floats) -> Floats:
        """Pre-activations (…, G) of weights (…, p), on the safe side of 0."""
        return np.asarray(weights @ self.values + self.slack)


def inputs_of(below: Floats | Mask, weight: float = np.inf) -> Inputs:
    """Of features or activations (n, G); what counts as 0 is no more than rounding needs for weights of at most this size."""
    values = np.vstack([below, np.ones((1, below.shape[1]))]).astype(np.float64)
    zero = values == 0
    rounding = 2 * len(values) * (len(values) + 3) * HALF_ULP * weight  # of a sum whose bias is as large as the rest
    slack = min(SLACK, rounding) * float(np.abs(values).max())
    inverse = np.divide(1.0, values, out=np.zeros_like(values), where=~zero)
    return Inputs(values, inverse, np.where(zero, np.inf, 0.0), np.sign(values), slack)


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
    def largest(self) -> float:
        """The greatest absolute value that is worth a thought."""
        ends = np.abs(np.concatenate([self.lower, self.upper]))
        return float(np.where(np.isinf(ends), SCALED, ends).max())

    def take(self, some: Ints) -> WeightRange:
        return WeightRange(self.rows[some], self.lower[some], self.upper[some], self.points, self.integer)

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
class Lines:
    """Candidates for each of q weights, and the loss at each, both (q, C); ∞: not a candidate."""

    points: Floats
    losses: Floats


def lines(
    inputs: Inputs, allowed: WeightRange, weights: Floats, a: Floats, silent: Floats, gain: Floats, *, zeros: bool = False
) -> Lines:
    """Of the weights (q,) of the rows of `own`, all others of the neuron staying as they are.

    a (G,) the pre-activations, silent (G,) the losses while the neuron is 0, gain (G,) what is added while it is 1. `zeros`: of a
    piece that contains 0 that point, and not the middle.
    """
    if allowed.points is not None and len(allowed.points) <= FEW:
        return _by_values(inputs.values[allowed.rows], allowed.points, weights, a, silent, gain)
    return _by_pieces(inputs, allowed, weights, a, silent, gain, zeros=zeros)


def _by_values(values: Floats, points: Floats, weights: Floats, a: Floats, silent: Floats, gain: Floats) -> Lines:
    change = points[None, :] - weights[:, None]  # (q, C)
    fires = a + change[:, :, None] * values[:, None, :] >= 0  # (q, C, G)
    return Lines(np.broadcast_to(points, change.shape), silent.sum() + fires @ gain)


def _by_pieces(
    inputs: Inputs, allowed: WeightRange, weights: Floats, a: Floats, silent: Floats, gain: Floats, *, zeros: bool
) -> Lines:
    """One candidate in each piece; q · m log m."""
    inverse, never, sign = (_rows(one, allowed.rows) for one in (inputs.inverse, inputs.never, inputs.sign))
    # members of a lattice may stand on a breakpoint: there the slack decides, as in sums; real ones must not carry it along
    slack = inputs.slack if allowed.is_real else 0.0
    breaks = (weights[:, None] + never) - (a - slack) * inverse  # (q, G)
    order = np.argsort(breaks, axis=1)
    order += np.arange(0, breaks.size, breaks.shape[1])[:, None]
    low, high = _pieces(allowed, np.take(breaks, order))
    points = _points(allowed, low, high, zeros=zeros)
    # at −∞ fires what has a negative input, or one of 0 and a ≥ 0
    losses = np.empty_like(points)
    losses[:, 0] = silent.sum() + (sign < 0) @ gain + (sign == 0) @ (gain * (a >= 0))
    np.take(sign * gain, order, out=losses[:, 1:], mode="clip")
    np.cumsum(losses, axis=1, out=losses)
    losses[np.isnan(points)] = np.inf
    return Lines(points, losses)


def _rows(array: Floats, rows: Ints) -> Floats:
    return array if len(rows) == len(array) else array[rows]


def _pieces(allowed: WeightRange, breaks: Floats) -> tuple[Floats, Floats]:
    """Both ends (q, G + 1) of each piece within the range, for ascending breakpoints; of one outside they coincide.

    Where the range has no end, it ends a little beyond the last breakpoint.
    """
    lower, upper = allowed.lower, allowed.upper
    if np.isinf(lower).any() or np.isinf(upper).any():
        some = (breaks < np.inf).sum(axis=1, keepdims=True)  # the others are those of inputs of 0
        first = np.where(some, breaks[:, :1], 0.0)
        last = np.where(some, np.take_along_axis(breaks, np.maximum(some - 1, 0), axis=1), 0.0)
        beyond = BEYOND * (last - first + np.abs(last)) + NARROW
        lower = np.where(np.isinf(lower), first - beyond, lower)
        upper = np.where(np.isinf(upper), last + beyond, upper)
    edges = np.empty((len(breaks), breaks.shape[1] + 2))
    edges[:, :1], edges[:, -1:] = lower, upper
    edges[:, 1:-1] = np.minimum(np.maximum(breaks, lower), upper)
    return edges[:, :-1], edges[:, 1:]


def _points(allowed: WeightRange, low: Floats, high: Floats, *, zeros: bool) -> Floats:
    """A member of the range in each piece, nan where there is none."""
    middle = 0.5 * (low + high)
    if zeros:
        middle = np.where((low < 0) & (high > 0), 0.0, middle)
    if allowed.points is not None:
        return _inside(_nearest(allowed.points, middle), low, high)
    if allowed.integer:
        return _inside(np.rint(middle), low, high)
    return np.where(high - low > NARROW, short(middle, high - low), np.nan)


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
