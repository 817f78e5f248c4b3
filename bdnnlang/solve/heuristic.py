"""A primal heuristic of SCIP that asks whoever made the program for solutions: see `PrimalHeuristic`.

When it asks, and for how much, depends on what SCIP has done and on no clock: so the same seed and node limit give the same run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.solve.outcome import Link

LEAST, MOST = 0.03, 0.2  # effort of a call, at least and at most
PART = 0.2  # of the effort of the solve so far: that of a call
PAUSE, LONGEST = 1.0, 4.0  # how much more than a call costs is done before the next: doubled by each that finds nothing
NODE, ITERATION, NONZERO = 1e-3, 2e-5, 5e-9  # seconds for a node, for an iteration of its relaxation, for a nonzero in that


def add_heuristic(model: Any, variables: list[Any], nonzeros: int, as_solution: Callable[[Any, Floats], Any], link: Link) -> Any:
    """Ask `link.improve` after nodes, with the solution of their relaxation.

    An exception in a callback would become "SCIP: unspecified error!": it is kept in `error`, and the solve interrupted.
    """
    from pyscipopt import Heur
    from pyscipopt.scip import PY_SCIP_HEURTIMING as TIMING
    from pyscipopt.scip import PY_SCIP_RESULT as RESULT

    class NetworkHeuristic(Heur):
        error: BaseException | None = None
        pause, next = PAUSE, 0.0

        def heurexec(self, heurtiming: int, nodeinfeasible: bool) -> dict[str, Any]:
            try:
                return {"result": RESULT.FOUNDSOL if self.asked() else RESULT.DIDNOTFIND}
            except BaseException as error:
                self.error = error
                self.model.interruptSolve()
                return {"result": RESULT.DIDNOTRUN}

        def asked(self) -> bool:
            done = self.effort()
            if done < self.next or link.is_over() or link.improve is None:
                return False
            point = np.array([self.model.getSolVal(None, variable) for variable in variables], dtype=np.float64)
            effort = min(max(LEAST, PART * done), MOST)
            found = link.improve(point, effort, link.is_over)
            self.pause = PAUSE if found is not None else min(2 * self.pause, LONGEST)
            self.next = done + self.pause * effort
            if found is None:
                return False
            taken = bool(self.model.trySol(as_solution(self, found), printreason=False, checklprows=False))
            if not taken:
                link.offered(found)
            return taken

        def effort(self) -> float:
            """What SCIP has done, about in seconds of an ordinary machine."""
            iterations = self.model.getNLPIterations()
            return float(NODE * self.model.getNTotalNodes() + iterations * (ITERATION + NONZERO * nonzeros))

    ours = NetworkHeuristic()
    model.includeHeur(
        ours,
        "bdnnlang",
        "asks for networks",
        "Y",
        priority=1_000_000,
        freq=1,
        timingmask=TIMING.AFTERLPNODE,
        usessubscip=False,
    )
    return ours
