"""Pass `polarity`: of every activation and product, only the directions that the layers above make use of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bdnnlang.arrays import Floats, Mask
from bdnnlang.model.blocks import Block, Pass, Problem, Product, Step
from bdnnlang.model.point import completed


@dataclass(frozen=True, slots=True)
class Polarity(Pass):
    """a row "on" above needs s ≤ w·u, "off" needs s ≥ w·u;   s ≤ w·u needs u "on" if w may be > 0 and "off" if w may be < 0.

    Takes   every `Step` and `Product`, from the output layer down, and the boxes of the weights.
    Makes   the same blocks with smaller masks. Activations and products that nothing asks for are fixed at 0, "possibly on" at 1.
    Source  docs/models.md 3.3, after Plaisted and Greenbaum's polarity in clause forms. Exact: every network with its true
            activations meets what is left; and in any feasible point the forward pass differs from the claimed activations only
            in directions that make no row above harder, so its loss is at most the claimed one. The rows of a robust
            `pattern` stay: there every first-layer activation has to hold over the whole set.
    """

    def __call__(self, problem: Problem) -> Problem:
        return _Needs(problem).met()

    def represent(self, before: Problem, after: Problem, point: Floats) -> Floats:
        """What nothing asks for takes the value that it is fixed at."""
        return completed(after, point)


@dataclass
class _Needs:
    problem: Problem

    def __post_init__(self) -> None:
        size = self.problem.size
        steps = [b for b in self.problem.blocks if isinstance(b, Step)]
        # what has rows at all: a column that says "surely on" cannot be asked to be off
        self.can_fire, self.can_rest = np.ones(size, dtype=bool), np.ones(size, dtype=bool)
        for columns in (c for step in steps for c in (step.activations, step.off_columns)):
            self.can_fire[columns] = self.can_rest[columns] = False
        for step in steps:
            self.can_fire[step.activations[step.on]] = True
            self.can_rest[step.off_columns[step.off]] = True
        self.fire, self.rest = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)  # … and what is needed of it
        self.lower, self.upper = self.problem.box()

    def met(self) -> Problem:
        made: dict[int, Block] = {}
        for k in range(self.problem.depth, 0, -1):
            layer = [(i, b) for i, b in enumerate(self.problem.blocks) if isinstance(b, Step | Product) and b.layer == k]
            for i, step in ((i, b) for i, b in layer if isinstance(b, Step)):
                made[i] = above = self.step(step)
                if k > 1:
                    self.direct(above)
                made |= {j: self.product(b, above) for j, b in layer if isinstance(b, Product)}
        blocks = tuple(made.get(i, b) for i, b in enumerate(self.problem.blocks))
        return self.without_idle(self.problem.with_blocks(blocks))

    def step(self, step: Step) -> Step:
        if step.layer == self.problem.depth or (step.worst is not None and step.possible is None):
            return step
        return replace(step, on=step.on & self.fire[step.activations], off=step.off & self.rest[step.off_columns])

    def direct(self, above: Step) -> None:
        """Notes what a step needs of the activations that it adds up itself, with weights that are known."""
        for affine, mask, is_on in ((above.least, above.on, True), (above.greatest, above.off, False)):
            added = affine.triplets
            asked, up = mask.ravel()[added.row], (added.value > 0) == is_on
            self.fire[added.column[asked & up]] = True
            self.rest[added.column[asked & ~up]] = True

    def product(self, product: Product, above: Step) -> Product:
        """The same with the sides that `above` uses and that something below can serve; their needs are noted."""
        plus, minus = self.upper[product.weights] > 0, self.lower[product.weights] < 0  # (d_k, d_{k-1})
        fires, rests = self.can_fire[product.activations], self.can_rest[product.activations]  # (rows, d_{k-1})
        upper = product.upper & above.on & _any(plus, fires, minus, rests)
        lower = product.lower & above.off & _any(minus, fires, plus, rests)
        for mask, up, down in ((upper, plus, minus), (lower, minus, plus)):
            self.fire[product.activations[(mask.astype(np.int64) @ up.astype(np.int64)) > 0]] = True
            self.rest[product.activations[(mask.astype(np.int64) @ down.astype(np.int64)) > 0]] = True
        return replace(product, upper=upper, lower=lower)

    def without_idle(self, problem: Problem) -> Problem:
        """Activations and products that stand in no row become 0, but "possibly on" becomes 1: what says nothing."""
        used, known, idle = (np.zeros(problem.size, dtype=bool) for _ in range(3))
        for block in problem.blocks:
            match block:
                case Step():
                    known[block.activations] = known[block.off_columns] = True
                    used[block.activations[block.on]] = used[block.off_columns[block.off]] = True
                    idle[block.off_columns] = block.possible is not None
                case Product():
                    known[block.products] = True
                    used[block.products[block.upper | block.lower]] = True
                case _:
                    pass
        free = used | ~known
        return problem.with_box(np.where(free, self.lower, idle), np.where(free, self.upper, idle))


def _any(weights: Mask, activations: Mask, weights2: Mask, activations2: Mask) -> Mask:
    """For each row and neuron: is there an input with both of the first, or both of the second? (rows, d_k)."""
    first = activations.astype(np.int64) @ weights.T.astype(np.int64)
    return np.asarray(first + activations2.astype(np.int64) @ weights2.T.astype(np.int64) > 0)
