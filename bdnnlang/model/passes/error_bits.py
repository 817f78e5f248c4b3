"""Pass `error_bits`: output bits that only say when a sample is wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bdnnlang.model.blocks import Pass, Problem, Step
from bdnnlang.model.variable_locks import variable_locks


@dataclass(frozen=True, slots=True)
class ErrorBits(Pass):
    """t = 1:  u^L = 1 ⇒ a^L ≥ 0;   t = 0:  u^L = 0 ⇒ a^L ≤ −g.

    Takes   the `Step` of the output layer, the costs of its activations and the error rows they stand in.
    Makes   the same `Step` with masks: a direction that no cost and no error row gains by is left out, which halves the rows.
            An output bit then is the error bit itself (e = 1 − u^L for t = 1, e = u^L for t = 0): no column is added.
    Source  docs/models.md 3.2. Exact: a true pattern meets both directions; and a point that claims less than it could has a
            larger loss than its network, never a smaller one. With method `pattern` of robust training, a network without
            hidden layers keeps both: there an activation is a claim about the whole set.
    """

    def __call__(self, problem: Problem) -> Problem:
        larger, smaller = variable_locks(problem)

        def one_sided(step: Step) -> Step:
            if step.worst is not None and step.possible is None:
                return step
            return replace(step, on=step.on & larger[step.activations], off=step.off & smaller[step.off_columns])

        blocks = (one_sided(b) if isinstance(b, Step) and b.layer == problem.depth else b for b in problem.blocks)
        return problem.with_blocks(tuple(blocks))
