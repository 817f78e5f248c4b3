"""Pass `fix_output`: an output whose weights are known adds activations up, and has no products."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bdnnlang.arrays import Floats, Mask
from bdnnlang.model.affine import Affine
from bdnnlang.model.blocks import Extreme, Pass, Problem, Product, Step
from bdnnlang.model.point import completed


@dataclass(frozen=True, slots=True)
class FixOutput(Pass):
    """s = w·u with w known:  a = Σ w u + b, and s is nothing.

    Takes   a last layer above hidden ones whose weights all have a box of one point, as `output any`, `all` and `threshold` have.
    Makes   its `Step` over the activations themselves; its products are fixed at 0, and stand in no block.
    Source  docs/models.md 9.2. Exact by definition. Within a perturbation set a is least where a weight w ≥ 0 meets what is
            surely on and one w < 0 what is possibly on, and greatest the other way round, since u ≤ z in every feasible point.
    """

    def __call__(self, problem: Problem) -> Problem:
        k = problem.depth
        step, weights = problem.step(k), problem.weights(k)
        products = [b for b in problem.blocks if isinstance(b, Product) and b.layer == k]
        if step is None or not products or not bool((weights.lower == weights.upper).all()):
            return problem
        lower, upper = problem.box()
        for product in products:
            lower[product.products] = upper[product.products] = 0.0
        plain = _Known(problem, products, weights.lower)
        blocks = (plain.step(b) if b is step else b for b in problem.blocks if b not in products)
        return problem.with_blocks(tuple(blocks)).with_box(lower, upper)

    def represent(self, before: Problem, after: Problem, point: Floats) -> Floats:
        """Products become 0."""
        return completed(after, point)


class _Known:
    """What each product of the layer is: a weight, in units of its column, times an activation."""

    def __init__(self, problem: Problem, products: list[Product], weights: Floats) -> None:
        """`weights` (d_k, d_{k-1})."""
        self.column = np.arange(problem.size)
        self.factor = np.ones(problem.size)
        for product in products:  # of two for one column that which binds: s ≤ w·u, s ≤ w·z, or t ≥ w·u, t ≥ w·z
            binds = np.broadcast_to(self._binds(problem, product, weights), product.products.shape)
            activations = np.broadcast_to(product.activations[:, None, :], product.products.shape)
            self.column[product.products[binds]] = activations[binds]
            self.factor[product.products] = weights

    def _binds(self, problem: Problem, product: Product, weights: Floats) -> Mask:
        """Which weights meet the activations of this product, (d_k, d_{k-1})."""
        if product.extreme is Extreme.ALL:
            return np.ones_like(weights, dtype=bool)
        is_sure = bool(product.activations.flat[0] == problem.activations(product.layer - 1).first)
        return np.asarray((weights >= 0) == (is_sure == (product.extreme is Extreme.LEAST)))

    def step(self, step: Step) -> Step:
        worst = None if step.worst is None else (self.rows(step.worst[0]), self.rows(step.worst[1]))
        return replace(step, affine=self.rows(step.affine), worst=worst)

    def rows(self, affine: Affine) -> Affine:
        known = affine.triplets
        value = known.value * self.factor[known.column]
        some = value != 0
        return Affine.of(affine.rows, known.row[some], self.column[known.column[some]], value[some])
