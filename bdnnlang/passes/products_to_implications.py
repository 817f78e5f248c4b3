"""Pass `products_to_implications`: products of a weight and an activation as conditional rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bdnnlang.ir.blocks import Affine, Linear, Problem, Product, merge
from bdnnlang.milp import Family


@dataclass(frozen=True, slots=True)
class ProductsToImplications:
    """u = 1 ⇒ s = w;  u = 0 ⇒ s = 0.

    Takes   every `Product`.
    Makes   conditional `Linear` rows `s<k>_on` and `s<k>_off`: s ≤ w, s ≤ 0 for the rows of its mask `upper`, s ≥ w, s ≥ 0
            for `lower`, equations where both are set.
    Source  MODELS.md 3.9. Exact by definition; only for targets that accept conditional rows.
    """

    def __call__(self, problem: Problem) -> Problem:
        blocks = (_rows(b) if isinstance(b, Product) else b for b in problem.blocks)
        return problem.with_blocks(tuple(blocks))


def _rows(product: Product) -> Linear:
    shape = product.products.shape
    s = product.products.ravel()
    w = np.broadcast_to(product.weights, shape).ravel()
    u = np.broadcast_to(product.activations[:, None, :], shape).ravel()
    count = np.arange(len(s))
    equal = Affine(len(s), np.tile(count, 2), np.concatenate([s, w]), np.repeat([1.0, -1.0], len(s)))
    zero = Affine(len(s), count, s, np.ones(len(s)))
    upper = np.where(np.broadcast_to(product.upper[:, :, None], shape), 0.0, np.inf).ravel()
    lower = np.where(np.broadcast_to(product.lower[:, :, None], shape), 0.0, -np.inf).ravel()
    families = tuple(Family(f"{product.name}{product.layer}_{side}", shape) for side in ("on", "off"))
    return Linear(
        families,
        merge([equal, zero]),
        np.tile(lower, 2),
        np.tile(upper, 2),
        np.tile(u, 2),
        np.repeat(np.array([1, 0], dtype=np.int8), len(s)),
    )
