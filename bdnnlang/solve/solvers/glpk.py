"""GLPK, the program `glpsol`: its tolerance on rows is as wide as the gaps of formulation `paper`, so it gets no such program.

It takes no start, has no limit of nodes, counts its time in whole seconds, and ends without an answer when it is interrupted.
"""

from __future__ import annotations

import math
import re

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve.options import GAP, LOG, PROOF, SEED, TIME, refuse_ours
from bdnnlang.solve.outcome import Limits, Link, OptionRefusedError, Outcome, Status, UnsupportedModelError
from bdnnlang.solve.program import answer, command_of, ended_by, least, run, workplace, write_mps

NUMBER = r"([-+]?[0-9.]+e[-+0-9]+)"
BOUND = re.compile(rf"\+ *\d+: .* >= +{NUMBER} .*\((\d+); (\d+)\)")
VERSION = re.compile(r"GLPSOL--GLPK LP/MIP Solver (\S+)")
REFUSED = re.compile(r"Invalid option '-*([^=']*)'|(?:Invalid|No) .*(?:specified|'.*')")
REASONS = ("PROBLEM HAS ", "TIME LIMIT EXCEEDED", "MEMORY LIMIT EXCEEDED", "RELATIVE MIP GAP TOLERANCE REACHED")
ENDINGS = {  # how the log says that it ended
    "INTEGER OPTIMAL SOLUTION FOUND": Status.OPTIMAL,
    "RELATIVE MIP GAP TOLERANCE REACHED": Status.OPTIMAL,
    "PROBLEM HAS NO INTEGER FEASIBLE SOLUTION": Status.INFEASIBLE,
    "PROBLEM HAS NO PRIMAL FEASIBLE SOLUTION": Status.INFEASIBLE,
    "PROBLEM HAS NO FEASIBLE SOLUTION": Status.INFEASIBLE,
    "PROBLEM HAS UNBOUNDED SOLUTION": Status.UNBOUNDED,
}
SEEDS = 2**31
OURS = {
    "tmlim": TIME,
    "mipgap": GAP,
    "seed": SEED,
    **dict.fromkeys(("nomip", "interior", "minisat", "objbnd", "min", "max", "check", "exact", "memlim", "xcheck"), PROOF),
    **dict.fromkeys(("mps", "freemps", "lp", "glp", "math", "model", "data", "dimacs", "read", "name", "ranges", "bounds"), LOG),
    **dict.fromkeys(("w", "write", "o", "output", "log", "display", "help", "version", "wmps", "wfreemps", "wlp", "wglp"), LOG),
}
DIGITS = 10  # of bounds in the log


def solve(milp: Milp, limits: Limits, start: Floats | None, link: Link) -> Outcome:
    """Solve; `start` is known to whoever asks, GLPK has no use for it. Raises UnsupportedModelError for a limit of nodes."""
    if limits.nodes is not None:
        raise UnsupportedModelError("GLPK has no limit of nodes")
    if not milp.integrality.any():
        raise UnsupportedModelError("GLPK is asked for no program without integer columns")
    with workplace() as folder:
        write_mps(milp, folder / "model.mps")
        log = _Log(link)
        code = run(_command(limits, link), folder, link, log, keeps=False)
        return _outcome(log, answer(folder / "answer.txt", milp), milp, link, code)


def _command(limits: Limits, link: Link) -> list[str]:
    words: list[object] = [command_of("glpk"), "--freemps", "model.mps", "-w", "answer.txt", "--mipgap", limits.gap]
    words += ["--seed", limits.seed % SEEDS]
    words += [] if limits.presolve else ["--nopresol", "--nointopt"]
    words += [] if limits.memory is None else ["--memlim", max(1, limits.memory >> 20)]
    words += [] if link.remaining is None else ["--tmlim", max(1, math.ceil(link.remaining))]
    for name, value in limits.options:
        refuse_ours(name, OURS)
        words += [f"--{name}"] if value is True else [f"--{name}", value]
    return [str(word) for word in words]


class _Log:
    """What the log has said so far."""

    def __init__(self, link: Link) -> None:
        self.version, self.nodes, self.reason = "", 0, ""
        self.status: Status | None = None
        self.bound: float | None = None
        self._link = link

    def __call__(self, line: str) -> None:
        if match := REFUSED.match(line):
            raise OptionRefusedError(match[1] or "", line.strip())
        if match := VERSION.match(line):
            self.version = match[1]
        if match := BOUND.match(line):
            self.bound, self.nodes = least(match[1], DIGITS), int(match[3])
            self._link.bounded(self.bound, self.nodes)
        if line.startswith(REASONS):
            self.reason = line.strip().lower()
        self.status = next((status for words, status in ENDINGS.items() if line.startswith(words)), self.status)

    @property
    def has_gap(self) -> bool:
        return "gap tolerance" in self.reason


def _outcome(log: _Log, x: Floats | None, milp: Milp, link: Link, code: int) -> Outcome:
    status, reason = log.status or ended_by(code, x, link), log.reason
    if x is not None:
        link.found(x)
    objective = None if x is None else milp.objective(x)
    bound = objective if log.status is Status.OPTIMAL and not log.has_gap else log.bound
    reason = "" if status is Status.OPTIMAL else reason
    return Outcome(status, x, objective, bound, log.nodes, link.seconds, f"GLPK {log.version}", reason)
