"""Solvers that are libraries: what the files of several of them need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve.outcome import LicenceTooSmallError
from bdnnlang.solve.solvers import SOLVERS

NO_SIDE = 1e20  # of a row that holds everywhere


class Calls:
    """Calls of ours by a solver. An exception would be lost in there: it is kept, and the solve stopped."""

    def __init__(self, stop: Callable[[], object]) -> None:
        self.error: BaseException | None = None
        self._stop = stop

    def __call__(self, work: Callable[[], object]) -> None:
        if self.error is not None:
            return
        try:
            work()
        except BaseException as error:
            self.error = error
            self._stop()

    def raise_error(self) -> None:
        """Once the solve is over."""
        if self.error is not None:
            raise self.error


def too_small(solver: str, milp: Milp) -> LicenceTooSmallError:
    """The licence that is here does not take this program."""
    free = SOLVERS[solver].free
    most = f" of at most {free.words}" if free else ""
    size = f"this one has {milp.columns:,} columns and {milp.rows:,} rows"
    return LicenceTooSmallError(f"the licence of {solver} that is here takes programs{most}; {size}: take another solver")


def row_matrix(milp: Milp) -> Any:
    """The matrix as scipy's, row-wise."""
    first, column, value = milp.by_row()
    return csr_matrix((value, column, first), shape=(milp.rows, milp.columns))


def row_senses(milp: Milp) -> tuple[str, Floats, Floats]:
    """For each row its letter, its side (the upper one where it has two) and the distance between the two: L, G, E, R or N."""
    lower, upper = milp.row_lower, milp.row_upper
    has_lower, has_upper = np.isfinite(lower), np.isfinite(upper)
    letter = np.where(has_lower & has_upper, np.where(lower == upper, "E", "R"), np.where(has_upper, "L", "G"))
    side = np.where(has_upper, upper, np.where(has_lower, lower, -NO_SIDE))
    width = np.where(letter == "R", side - np.where(has_lower, lower, 0.0), 0.0)
    return "".join(letter.tolist()), side, width


def kinds(milp: Milp) -> str:
    """A letter for each column, as most libraries have it: binary, integer or continuous."""
    return "".join(np.where(milp.binary, "B", np.where(milp.integrality == 1, "I", "C")).tolist())
