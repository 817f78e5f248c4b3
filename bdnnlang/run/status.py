"""The words for how a run, a stage and a step of a stage ended: those of `run.json` and of journals. No solver, no numpy."""

from __future__ import annotations

from enum import StrEnum


class RunStatus(StrEnum):
    """How a run ended (docs/architecture.md 7)."""

    OPTIMAL = "optimal"  # verified, and a bound over all networks closes
    OPTIMAL_AT_MARGIN = "optimal_at_margin"  # verified, and no network with the stated margin is better
    FEASIBLE = "feasible"  # verified
    CLAIM_REJECTED = "claim_rejected"
    INFEASIBLE = "infeasible"
    NO_NETWORK = "no_network"
    INTERRUPTED = "interrupted"

    @property
    def is_proved(self) -> bool:
        """Is no network better, of all or of those with the stated margin?"""
        return self in (RunStatus.OPTIMAL, RunStatus.OPTIMAL_AT_MARGIN)


class StageStatus(StrEnum):
    """How a stage or a step of one ended: as its solve did (`solve.outcome.Status`), or as it looks in exact arithmetic."""

    OPTIMAL = "optimal"  # of a step: within the gap that was asked for, by the word of its solver
    OPTIMAL_AT_MARGIN = "optimal_at_margin"
    GAP_REACHED = "gap reached"  # its solver was content with the gap that the user allows, or with its tolerance
    LOCAL_OPTIMUM = "local_optimum"  # a descent came to its end
    FEASIBLE = "feasible"  # a limit ended it, with a network
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    NO_SOLUTION = "no_solution"  # a limit ended it, without a network of its own
    INTERRUPTED = "interrupted"
    CLAIM_REJECTED = "claim_rejected"  # what its solver claims does not hold
    FAILED = "failed"  # crash, error, out of memory: see the notes

    @property
    def claims_optimum(self) -> bool:
        """Did its solver say `optimal`, whatever became of that?"""
        return self in (StageStatus.OPTIMAL, StageStatus.OPTIMAL_AT_MARGIN, StageStatus.GAP_REACHED)
