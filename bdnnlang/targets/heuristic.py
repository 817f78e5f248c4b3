"""A primal heuristic of SCIP that asks whoever made the program for solutions: see `Improve`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bdnnlang.milp import Floats
from bdnnlang.targets.outcome import Link

LEAST, MOST = 0.03, 0.2  # seconds: how long a call is at least and at most
PART = 0.2  # of the time of the solve so far: how long a call may be
PAUSE, LONGEST = 1.0, 4.0  # how much longer than a call the next one waits: doubled by each that finds nothing


def add_heuristic(model: Any, variables: list[Any], as_solution: Callable[[Any, Floats], Any], link: Link, first: float) -> Any:
    """Ask `link.improve` before presolving, for `first` seconds, and after nodes with the solution of their relaxation.

    An exception in a callback would become "SCIP: unspecified error!": it is kept in `error`, and the solve interrupted.
    """
    from pyscipopt import Heur
    from pyscipopt.scip import PY_SCIP_HEURTIMING as TIMING
    from pyscipopt.scip import PY_SCIP_RESULT as RESULT

    class Ours(Heur):
        error: BaseException | None = None
        pause, next = PAUSE, 0.0

        def heurexec(self, heurtiming: int, nodeinfeasible: bool) -> dict[str, Any]:
            try:
                return {"result": RESULT.FOUNDSOL if self.asked(heurtiming) else RESULT.DIDNOTFIND}
            except BaseException as error:
                self.error = error
                self.model.interruptSolve()
                return {"result": RESULT.DIDNOTRUN}

        def asked(self, timing: int) -> bool:
            began = link.seconds
            if began < self.next or link.stop.is_set() or link.improve is None:
                return False
            point = None
            if timing & TIMING.AFTERLPNODE:
                point = np.array([self.model.getSolVal(None, variable) for variable in variables], dtype=np.float64)
            found = link.improve(point, first if timing & TIMING.BEFOREPRESOL else min(max(LEAST, PART * began), MOST))
            self.pause = PAUSE if found is not None else min(2 * self.pause, LONGEST)
            self.next = link.seconds + self.pause * (link.seconds - began)
            if found is None:
                return False
            return bool(self.model.trySol(as_solution(self, found), printreason=False, checklprows=False))

    ours = Ours()
    timing = TIMING.BEFOREPRESOL | TIMING.AFTERLPNODE
    model.includeHeur(
        ours, "bdnnlang", "asks for networks", "Y", priority=1_000_000, freq=1, timingmask=timing, usessubscip=False
    )
    return ours
