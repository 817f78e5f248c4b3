"""Pass `tighten_bounds`: biases and products no wider than they matter, hence small M."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.activity_bounds import constant_beyond, enough_threshold
from bdnnlang.model.blocks import Columns, Pass, Problem, Product
from bdnnlang.model.point import completed


@dataclass(frozen=True, slots=True)
class TightenBounds(Pass):
    """−max a − g ≤ b ≤ −min a over the samples, a without the bias;   min(w⁻, 0) ≤ s ≤ max(w⁺, 0);   g = max(10⁻⁴, 10⁻⁵ M).

    Takes   the biases of every layer that has a `Step`, and all products; the gaps of steps on no lattice.
    Makes   the same columns with smaller boxes, neuron by neuron, from interval arithmetic on the boxes of the weights; and where
            the step threshold was raised for the sake of a large M, the one that the new M asks for.
    Source  docs/models.md 3.7. Exact: a neuron with a greater bias fires on all samples, one with a smaller on none, and so do
            those at the ends of the box; 0 stays in it, for penalties. Of a finite set the next member beyond the end stays. A
            smaller threshold leaves out fewer networks.
    """

    def __call__(self, problem: Problem) -> Problem:
        products = [b for b in problem.blocks if isinstance(b, Product)]
        for k in range(1, problem.depth + 1):
            for product in (b for b in products if b.layer == k):
                problem = _replaced(problem, [_products(problem, product)])
            step, biases = problem.step(k), problem.biases(k)
            if step is not None and biases is not None:
                problem = _replaced(problem, _biases(biases, *constant_beyond(problem, step, biases)))
            if step is not None and step.unit is None:
                narrow = replace(step, threshold=enough_threshold(problem, step))
                problem = problem.with_blocks(tuple(narrow if b is step else b for b in problem.blocks))
        return problem

    def represent(self, before: Problem, after: Problem, point: Floats) -> Floats:
        """A bias that makes a neuron constant is cut off where it does so already."""
        return completed(after, point)


def _products(problem: Problem, product: Product) -> Columns:
    lower, upper = problem.box()
    low, high = np.minimum(lower[product.weights], 0.0), np.maximum(upper[product.weights], 0.0)
    family = next(c for c in problem.columns if c.first == product.products.flat[0])
    return replace(family, lower=np.maximum(family.lower, low), upper=np.minimum(family.upper, high))


def _biases(biases: Columns, off: Floats, on: Floats) -> list[Columns]:
    low, high = np.minimum(off, 0.0).reshape(biases.shape), np.maximum(on, 0.0).reshape(biases.shape)
    if biases.points is not None:
        low = _next(-biases.points[::-1], -low) * -1.0
        high = _next(biases.points, high)
    elif biases.integer:
        low, high = np.floor(low), np.ceil(high)
    lower = np.minimum(np.maximum(biases.lower, low), biases.upper)
    return [replace(biases, lower=lower, upper=np.maximum(np.minimum(biases.upper, high), biases.lower))]


def _next(points: Floats, least: Floats) -> Floats:
    """The first of ascending points that is at least so much, or the last one."""
    return points[np.minimum(np.searchsorted(points, least), len(points) - 1)]


def _replaced(problem: Problem, columns: list[Columns]) -> Problem:
    new = {c.first: c for c in columns}
    return replace(problem, columns=tuple(new.get(c.first, c) for c in problem.columns))
