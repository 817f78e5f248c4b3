"""What is proved of a network: decided here, on exact rationals, for stages, runs and reports alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bdnnlang.network.numbers import Rational
from bdnnlang.run.facts import BoundProved
from bdnnlang.run.status import RunStatus, StageStatus
from bdnnlang.solve.outcome import Status


def settled(objective: Rational, bounds: Iterable[BoundProved], slack: Rational) -> tuple[RunStatus, BoundProved | None]:
    """Whether `objective` is optimal, and the bound to state: never above it.

    A bound closes if it is no more than `slack` below (`Costs.slack`). One over all networks that lies above the objective is
    refuted by it, and counts for nothing. One at a margin is not: the network then is better than all with that margin. Of
    bounds that close, one over all networks comes first, then the least margin; of others the greatest.
    Of equal ones one comes first whose proof can be replayed.
    """
    believed = (b for b in bounds if b.margin is not None or b.value <= objective + slack)
    fit = [replace(b, value=min(b.value, objective)) for b in believed]
    closing = [bound for bound in fit if bound.value >= objective - slack]
    if not closing:
        return RunStatus.FEASIBLE, max(
            fit, key=lambda b: (b.value, b.margin is None, -(b.margin or 0.0), b.is_shown), default=None
        )
    best = min(closing, key=lambda b: (b.margin is not None, b.margin or 0.0, -b.value, not b.is_shown))
    return RunStatus.OPTIMAL if best.margin is None else RunStatus.OPTIMAL_AT_MARGIN, best


def stage_status(said: Status, objective: Rational | None, bound: BoundProved | None, slack: Rational) -> StageStatus:
    """How a solve ended: a solver's `optimal` holds of its gap and its tolerances, and is looked at again.

    `objective`: of the best network; None: none has its certificate.
    """
    if said is not Status.OPTIMAL:
        return StageStatus(said)
    if objective is None:
        return StageStatus.GAP_REACHED
    status, _ = settled(objective, [] if bound is None else [bound], slack)
    return StageStatus(status) if status.is_proved else StageStatus.GAP_REACHED
