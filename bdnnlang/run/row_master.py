"""Clauses as rows of a mixed-integer program, for a solver of those: what proves where python-sat is not installed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bdnnlang import solve
from bdnnlang.budget import Budget
from bdnnlang.model.milp import Family, Milp
from bdnnlang.prove.clauses import Clause, Clauses
from bdnnlang.prove.master import Answer, Refuted, Stopped
from bdnnlang.solve.outcome import Limits, Status


@dataclass
class RowMaster:
    """A solve for each question, from nothing; that there is no solution is the solver's word."""

    clauses: Clauses
    solver: str
    budget: Budget
    log: Path | None = None
    memory: int | None = None  # bytes that the solver may take
    learnt: list[Clause] = field(default_factory=list)

    def add(self, clauses: Iterable[Clause]) -> None:
        self.learnt.extend(clauses)

    def solve(self, limit: int, stop: Callable[[], bool]) -> Answer:
        rows = [*self.clauses.fixed, *self.learnt, *self.clauses.limit(limit)]
        milp = program(rows, self.clauses.variables, self.clauses.weights, limit)
        outcome = solve.solve(
            self.solver, milp, Limits(self.budget.left, memory=self.memory), None, lambda event: None, stop, self.log
        )
        if outcome.status is Status.INFEASIBLE:
            return Refuted()
        if outcome.x is None or not milp.feasible(np.rint(outcome.x)):
            return Stopped()
        return [False, *(outcome.x > 0.5).tolist()]

    def close(self) -> None:
        """There is nothing to close."""


def program(clauses: Sequence[Clause], variables: int, weights: Sequence[int], limit: int) -> Milp:
    """Binaries x, of each clause Σ x over its positive literals − Σ x over its negated ones ≥ 1 − their number.

    The first variables are errors, of these `weights`: a last row says that they weigh at most `limit`, which relaxations do not
    see in the clauses that say so.
    """
    lengths = [*map(len, clauses), len(weights)]
    literals = np.array([literal for clause in clauses for literal in clause], dtype=np.int64)
    column = np.concatenate([np.abs(literals) - 1, np.arange(len(weights))])
    value = np.concatenate([np.sign(literals), weights]).astype(np.float64)
    row = np.repeat(np.arange(len(lengths)), lengths)
    lower = [1.0 - sum(literal < 0 for literal in clause) for clause in clauses]
    order = np.lexsort((row, column))
    ones = np.ones(variables)
    return Milp(
        name="proof",
        col_cost=0 * ones,
        col_lower=0 * ones,
        col_upper=ones,
        integrality=np.ones(variables, dtype=np.int8),
        row_lower=np.array([*lower, -np.inf]),
        row_upper=np.array([*([np.inf] * len(lower)), float(limit)]),
        start=np.concatenate([[0], np.cumsum(np.bincount(column, minlength=variables))]),
        index=row[order].astype(np.int32),
        value=value[order],
        offset=0.0,
        col_families=(Family("x", (variables,)),),
        row_families=(Family("c", (len(lengths),)),),
    )
