"""Pass `products_to_implications`: products of a weight and an activation as conditional rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bdnnlang.model.affine import Affine, merge
from bdnnlang.model.blocks import Linear, Pass, Problem, Product
from bdnnlang.model.milp import Family


@dataclass(frozen=True, slots=True)
class ProductsToImplications(Pass):
    """u = 1 ⇒ s = w;  u = 0 ⇒ s = 0.

    Takes   every `Product`.
    Makes   conditional `Linear` rows `s<k>_on` and `s<k>_off`: s ≤ w, s ≤ 0 for the rows of its mask `upper`, s ≥ w, s ≥ 0
            for `lower`, equations where both are set.
    Source  docs/models.md 3.9. Exact by definition; only for solvers that accept conditional rows.
    """

    def __call__(self, problem: Problem) -> Problem:
        blocks = (_rows(b) if isinstance(b, Product) else b for b in problem.blocks)
        return problem.with_blocks(tuple(blocks))


def _rows(product: Product) -> Linear:
    shape = product.products.shape
    upper = np.broadcast_to(product.upper[:, :, None], shape).ravel()
    lower = np.broadcast_to(product.lower[:, :, None], shape).ravel()
    kept = np.flatnonzero(upper | lower)
    s = product.products.ravel()[kept]
    w = np.broadcast_to(product.weights, shape).ravel()[kept]
    u = np.broadcast_to(product.activations[:, None, :], shape).ravel()[kept]
    count = np.arange(len(s))
    equal = Affine.of(len(s), np.tile(count, 2), np.concatenate([s, w]), np.repeat([1.0, -1.0], len(s)))
    zero = Affine.of(len(s), count, s, np.ones(len(s)))
    some = None if len(kept) == product.products.size else kept
    return Linear(
        tuple(Family(f"{product.name}{product.layer}_{side}", shape, some) for side in ("on", "off")),
        merge([equal, zero]),
        np.tile(np.where(lower[kept], 0.0, -np.inf), 2),
        np.tile(np.where(upper[kept], 0.0, np.inf), 2),
        np.tile(u, 2),
        np.repeat(np.array([1, 0], dtype=np.int8), len(s)),
    )
