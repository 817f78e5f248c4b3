"""Pass `products_to_rows`: products of a weight and an activation as linear rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.model.affine import Affine, merge
from bdnnlang.model.blocks import Linear, Pass, Problem, Product
from bdnnlang.model.milp import Family


@dataclass(frozen=True, slots=True)
class ProductsToRows(Pass):
    """s = w·u, w ∈ [w⁻, w⁺], u binary:  s ≤ w⁺u,  s ≤ w − w⁻(1 − u),  s ≥ w⁻u,  s ≥ w − w⁺(1 − u).

    Takes   every `Product`.
    Makes   `Linear` rows named `s<k>_at_most_u`, `s<k>_at_most_w`, `s<k>_at_least_u`, `s<k>_at_least_w`; the first two for
            the rows of its mask `upper`, the others for `lower`; none that says no more than the box of s.
    Source  [KB], docs/models.md 2.2, for any box (w ∈ [−1, 1] there). Exact: u = 0 forces s = 0, u = 1 forces s = w.
    """

    def __call__(self, problem: Problem) -> Problem:
        lower, upper = problem.box()
        blocks = (_rows(b, lower, upper) if isinstance(b, Product) else b for b in problem.blocks)
        return problem.with_blocks(tuple(blocks))


def _rows(product: Product, col_lower: Floats, col_upper: Floats) -> Linear:
    rows, width, inputs = product.products.shape
    w_low, w_high = col_lower[product.weights], col_upper[product.weights]  # (d_k, d_{k-1})
    k, sides = product.layer, []
    for name, is_upper, with_w, slope in (
        ("at_most_u", True, False, -w_high),  # s − w⁺u ≤ 0
        ("at_most_w", True, True, -w_low),  # s − w − w⁻u ≤ −w⁻
        ("at_least_u", False, False, -w_low),  # s − w⁻u ≥ 0
        ("at_least_w", False, True, -w_high),  # s − w − w⁺u ≥ −w⁺
    ):
        mask = product.upper if is_upper else product.lower
        keep = np.broadcast_to(mask[:, :, None], (rows, width, inputs))
        if not with_w:  # where the slope is 0 the box of s may say it already
            side = col_upper if is_upper else col_lower
            keep = keep & ((slope != 0) | (side[product.products] != 0))
        keep = keep.ravel()
        part = _triplets(product, with_w, slope, keep)
        side = np.broadcast_to(slope if with_w else np.zeros_like(slope), (rows, width, inputs)).ravel()[keep]
        family = Family(f"{product.name}{k}_{name}", (rows, width, inputs), None if keep.all() else np.flatnonzero(keep))
        sides.append((family, part, side, is_upper))
    return Linear(
        tuple(family for family, *_ in sides),
        merge([part for _, part, _, _ in sides]),
        np.concatenate([np.full(len(s), -np.inf) if most else s for _, _, s, most in sides]),
        np.concatenate([s if most else np.full(len(s), np.inf) for _, _, s, most in sides]),
    )


def _triplets(product: Product, with_w: bool, slope: Floats, keep: np.ndarray) -> Affine:
    """Rows s [− w] + slope · u of the products in `keep`, without zero coefficients."""
    shape = product.products.shape
    column: list[Ints] = [product.products, np.broadcast_to(product.activations[:, None, :], shape)]
    value = [np.ones(shape), np.broadcast_to(slope, shape)]
    if with_w:
        column.append(np.broadcast_to(product.weights, shape))
        value.append(np.full(shape, -1.0))
    count = int(np.count_nonzero(keep))
    row = np.tile(np.arange(count), len(column))
    columns = np.concatenate([c.ravel()[keep] for c in column])
    values = np.concatenate([v.ravel()[keep] for v in value])
    some = values != 0
    return Affine.of(count, row[some], columns[some], values[some])
