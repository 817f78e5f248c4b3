"""Pass `fix_output`: an output whose weights are known adds activations up, and has no products."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import permutations, product

import numpy as np

from bdnnlang.arrays import Floats, Ints, Mask
from bdnnlang.model.activity_bounds import reaches_beyond
from bdnnlang.model.affine import Affine
from bdnnlang.model.blocks import Columns, Extreme, Linear, Pass, Problem, Product, Role, Step
from bdnnlang.model.milp import Family
from bdnnlang.model.point import completed

OF_WEIGHTS = {Role.USES, Role.POSITIVE, Role.NEGATIVE}  # of requirements that tell apart networks with the same outputs
COSTS_OF = {Role.ACTIVATIONS, Role.POSSIBLE, Role.ERRORS}  # what costs may be of, if output weights are to cost nothing


@dataclass(frozen=True, slots=True)
class FixOutput(Pass):
    """s = w·u with w known:  a = Σ w u + b, and s is nothing.

    Takes   a last layer above hidden ones whose weights all have a box of one point, as `output any`, `all` and `threshold` have.
            With `weights` a problem of which `sizes` says that its output may have them: they and `threshold` are the box then.
    Makes   its `Step` over the activations themselves; its products are fixed at 0, and stand in no block. With `most` a row
            `better`: the objective is at most that.
    Source  docs/models.md 9.2 and 9.3. Exact by definition of the box. Within a perturbation set a is least where a weight w ≥ 0
            meets what is surely on and one w < 0 what is possibly on, and greatest the other way round, since u ≤ z in every
            feasible point. The least objective over the functions that `sizes` allows is that of all networks; a network with
            another function of its hidden neurons is no point of this problem.
    """

    weights: tuple[int, ...] = field(default=(), repr=False)  # of the output, whole numbers, or none
    threshold: int = field(default=0, repr=False)
    most: float | None = field(default=None, repr=False)  # in units of the objective

    def __call__(self, problem: Problem) -> Problem:
        if self.weights:
            problem = self._narrowed(problem)
        k = problem.depth
        step, weights = problem.step(k), problem.weights(k)
        products = [b for b in problem.blocks if isinstance(b, Product) and b.layer == k]
        if step is None or not products or not bool((weights.lower == weights.upper).all()):
            return problem
        lower, upper = problem.box()
        for one in products:
            lower[one.products] = upper[one.products] = 0.0
        plain = _Known(problem, products, weights.lower)
        blocks = (plain.step(b) if b is step else b for b in problem.blocks if b not in products)
        return problem.with_blocks((*blocks, *self._better(problem))).with_box(lower, upper)

    def represent(self, before: Problem, after: Problem, point: Floats) -> Floats:
        """Products become 0, and neurons take the order in which the output is the function."""
        order = self._order(before, point) if self.weights else None
        if order is not None:
            point = point.copy()
            columns = [before.weights(1).index.T, before.activations(1).index, before.possible(1).index]
            biases = before.biases(1)
            columns += [] if biases is None else [biases.index]
            moved = [point[index[..., order]] for index in columns]
            for index, values in zip(columns, moved, strict=True):
                point[index] = values
        return completed(after, point)

    def _narrowed(self, problem: Problem) -> Problem:
        """With the weights and the bias of the function as the only ones."""
        outgoing, above = problem.weights(problem.depth), problem.biases(problem.depth)
        assert above is not None
        assert sizes(problem) is not None
        weights, bias = _values(self.weights, self.threshold, outgoing, above)
        lower, upper = problem.box()
        lower[outgoing.index[0]] = upper[outgoing.index[0]] = weights
        lower[above.index] = upper[above.index] = bias
        return problem.with_box(lower, upper)

    def _better(self, problem: Problem) -> Iterator[Linear]:
        if self.most is None:
            return
        columns, place = np.unique(problem.cost_column, return_inverse=True)
        value = np.bincount(place.ravel(), weights=problem.cost_value)
        some = value != 0
        affine = Affine.of(1, np.zeros(int(some.sum()), dtype=np.int64), columns[some], value[some])
        yield Linear((Family("better", (1,)),), affine, np.array([-np.inf]), np.array([self.most - problem.offset]))

    def _order(self, problem: Problem, point: Floats) -> Ints | None:
        """The hidden neurons in an order in which the output of a point is the function; None: there is none."""
        outgoing, above = problem.weights(problem.depth), problem.biases(problem.depth)
        assert above is not None
        v, b = point[outgoing.index[0]] * float(outgoing.unit), point[above.index[0]] * float(above.unit)
        patterns = np.array(list(product((0, 1), repeat=len(v))))  # (2^d, d)
        wanted = patterns @ np.array(self.weights) >= self.threshold
        orders = (np.array(order) for order in permutations(range(len(v))))
        return next((order for order in orders if np.array_equal(patterns @ v[order] + b >= 0, wanted)), None)


@dataclass(frozen=True, slots=True)
class Sizes:
    """The positive whole numbers, in units of its columns, that output weights may be; None: what they are is free."""

    whole: tuple[int, ...] | None


def sizes(problem: Problem) -> Sizes | None:
    """Which output weights a function of the hidden neurons may have, if the problem may be parted by functions; else None.

    It may where one output has no negative weight and a bias for every threshold, hidden neurons have biases of their own that
    make them constant, and weights cost nothing and are spoken of by no requirement.
    """
    hidden, last = (problem.step(1), problem.step(2)) if problem.depth == 2 else (None, None)
    if hidden is None or last is None or last.on.shape[1] != 1:
        return None
    below, outgoing, above = problem.biases(1), problem.weights(2), problem.biases(2)
    if below is None or above is None or below.size != hidden.on.shape[1] or not bool((outgoing.lower >= 0).all()):
        return None
    costly = {c.role for c in problem.columns if np.isin(problem.cost_column, c.index).any()}
    wide = reaches_beyond(problem, hidden, below) and reaches_beyond(problem, last, above)
    spoken_of = any(c.role in OF_WEIGHTS for c in problem.columns)
    if not wide or spoken_of or not costly <= COSTS_OF or len(problem.square_column):
        return None
    if not outgoing.integer:
        least = float(outgoing.upper.min()) / 12  # half of what sums of weights 3, 2, 1, scaled into the box, are apart
        return Sizes(None) if bool((outgoing.lower == 0).all()) and least > last.threshold and not above.integer else None
    if above.integer and (outgoing.unit / above.unit).denominator != 1:
        return None
    points = np.arange(1, int(outgoing.upper.min()) + 1) if outgoing.points is None else outgoing.points
    return Sizes(tuple(int(p) for p in points.tolist() if p > 0 and bool((outgoing.lower <= p).all())))


def _values(weights: tuple[int, ...], threshold: int, outgoing: Columns, above: Columns) -> tuple[Floats, float]:
    """Columns of the weights, (d,), and of the bias: halfway between two sums where it may be any number."""
    scale = 1.0 if outgoing.integer else 2.0 ** -math.ceil(math.log2(max(weights) / float(outgoing.upper.min())))
    step = scale * float(outgoing.unit / above.unit)
    bias = -threshold * step if above.integer else -(threshold - 0.5) * step
    return np.array(weights) * scale, bias


class _Known:
    """What each product of the layer is: a weight, in units of its column, times an activation."""

    def __init__(self, problem: Problem, products: list[Product], weights: Floats) -> None:
        """`weights` (d_k, d_{k-1})."""
        self.column = np.arange(problem.size)
        self.factor = np.ones(problem.size)
        for one in products:  # of two for one column that which binds: s ≤ w·u, s ≤ w·z, or t ≥ w·u, t ≥ w·z
            binds = np.broadcast_to(self._binds(problem, one, weights), one.products.shape)
            activations = np.broadcast_to(one.activations[:, None, :], one.products.shape)
            self.column[one.products[binds]] = activations[binds]
            self.factor[one.products] = weights

    def _binds(self, problem: Problem, one: Product, weights: Floats) -> Mask:
        """Which weights meet the activations of this product, (d_k, d_{k-1})."""
        if one.extreme is Extreme.ALL:
            return np.ones_like(weights, dtype=bool)
        is_sure = bool(one.activations.flat[0] == problem.activations(one.layer - 1).first)
        return np.asarray((weights >= 0) == (is_sure == (one.extreme is Extreme.LEAST)))

    def step(self, step: Step) -> Step:
        worst = None if step.worst is None else (self.rows(step.worst[0]), self.rows(step.worst[1]))
        return replace(step, affine=self.rows(step.affine), worst=worst)

    def rows(self, affine: Affine) -> Affine:
        known = affine.triplets
        value = known.value * self.factor[known.column]
        some = value != 0
        return Affine.of(affine.rows, known.row[some], self.column[known.column[some]], value[some])
