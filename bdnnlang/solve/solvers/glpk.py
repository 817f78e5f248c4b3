"""GLPK, the program `glpsol`: its tolerance on rows is as wide as the gaps of formulation `paper`, so it gets no such program.

It takes no start, has no limit of nodes, counts its time in whole seconds, and ends without an answer when it is interrupted.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve.options import GAP, LOG, PROOF, SEED, TIME, refuse_ours
from bdnnlang.solve.outcome import Limits, Link, OptionRefusedError, Outcome, Status, UnsupportedModelError
from bdnnlang.solve.program import command_of, ended_by, least, rounded, run, workplace, write_mps

NUMBER = r"([-+]?[0-9.]+e[-+0-9]+)"
BOUND = re.compile(rf"\+ *\d+: .* >= +{NUMBER} .*\((\d+); (\d+)\)")
VERSION = re.compile(r"GLPSOL--GLPK LP/MIP Solver (\S+)")
REFUSED = re.compile(r"Invalid option '-*([^=']*)'|(?:Invalid|No) .*(?:specified|'.*')")
REASONS = ("PROBLEM HAS ", "RELATIVE MIP GAP TOLERANCE REACHED", "TIME LIMIT EXCEEDED", "MEMORY LIMIT EXCEEDED")
MIXED = {"o": Status.OPTIMAL, "n": Status.INFEASIBLE}  # how the file of an answer says what it is …
PLAIN = {("f", "f"): Status.OPTIMAL}  # … of a program without integer columns
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
    with workplace() as folder:
        write_mps(milp, folder / "model.mps")
        log = _Log(link)
        code = run(_command(limits, link), folder, link, log, keeps=False)
        return _outcome(log, _read(folder / "answer.txt", milp), milp, link, code)


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


def _read(path: Path, milp: Milp) -> tuple[Status | None, Floats | None]:
    """What the file of an answer says it is, and the solution (columns,) if it has one."""
    lines = [line.split() for line in path.read_text().splitlines()] if path.exists() else []
    said = next((line for line in lines if line[0] == "s"), None)
    if said is None:
        return None, None
    is_mixed = said[1] == "mip"
    status = MIXED.get(said[4]) if is_mixed else PLAIN.get((said[4], said[5]))
    if said[4] not in ("o", "f") or (not is_mixed and status is not Status.OPTIMAL):
        return status, None
    x = np.zeros(milp.columns + 1)  # and perhaps the column of the constant
    for line in (line for line in lines if line[0] == "j"):
        x[int(line[1]) - 1] = float(line[2 if is_mixed else 3])
    return status, rounded(x[:-1], milp)


def _outcome(log: _Log, read: tuple[Status | None, Floats | None], milp: Milp, link: Link, code: int) -> Outcome:
    said, x = read
    status, reason = said or ended_by(code, x, link), log.reason
    if said is None and "dual feasible" in reason:
        status, reason = Status.FAILED, "infeasible or unbounded: GLPK cannot tell which"
    if "gap tolerance reached" in reason:
        status = Status.OPTIMAL
    if x is not None:
        link.found(x)
    objective = None if x is None else milp.objective(x)
    bound = objective if said is Status.OPTIMAL else log.bound
    reason = "" if status is Status.OPTIMAL else reason
    return Outcome(status, x, objective, bound, log.nodes, link.seconds, f"GLPK {log.version}", reason)
