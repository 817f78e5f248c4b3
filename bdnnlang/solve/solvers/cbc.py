"""COIN-OR's CBC, the program. It gets LP files: its reader of MPS files is off by a bit or two in one number of sixty.

How it ended is taken from its log: the file of a solution may say "Integer infeasible" for a feasible program out of time, and
"Optimal" for a relaxation. Numbers in the log have six digits, those of a solution eight.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve.options import GAP, LOG, NODES, PROOF, SEED, THREADS, TIME, refuse_ours
from bdnnlang.solve.outcome import Limits, Link, OptionRefusedError, Outcome, Status, Value, finite
from bdnnlang.solve.program import answer, command_of, ended_by, least, run, workplace, write_lp

SEEDS = 2**31
DIGITS = 6  # of bounds in the log …
HALF = 0.0005  # … but the last one has three decimals
NUMBER = r"([-+0-9.eE]+)"
FOUND = re.compile(rf"(?:Integer solution of|Partial search - best objective|Search completed - best objective) {NUMBER}")
BOUND = re.compile(rf"best possible {NUMBER}")
LAST_BOUND = re.compile(r"Lower bound: +([-+0-9.]+)")
COUNTED = re.compile(r"After (\d+) nodes|Enumerated nodes: +(\d+)|and (\d+) nodes \(")
VERSION = re.compile(r"Version: +(\S+)")
REFUSED = re.compile(
    r"No match for (\S+)|<Possible options for (\w+) are|.* is illegal for \w+ parameter (\w+)|.* was provided for (\w+) - valid"
)
OURS = {
    **dict.fromkeys(("seconds", "timemode"), TIME),
    **dict.fromkeys(("ratiogap", "allowablegap"), GAP),
    "maxnodes": NODES,
    "threads": THREADS,
    **dict.fromkeys(("randomseed", "randomcbcseed"), SEED),
    **dict.fromkeys(("primaltolerance", "integertolerance", "cutoff", "increment"), PROOF),
    **dict.fromkeys(
        ("maximize", "minimize", "direction", "import", "solve", "branchandcut", "mipstart", "restore", "end"), PROOF
    ),
    **dict.fromkeys(("solution", "export", "directory", "loglevel", "printingoptions", "quit", "exit", "end", "stop"), LOG),
}
ENDINGS = {  # how the log says that it ended
    "Result - Optimal solution found": Status.OPTIMAL,
    "Optimal objective": Status.OPTIMAL,  # of a program without integer columns
    "Result - Problem proven infeasible": Status.INFEASIBLE,
    "Result - Linear relaxation infeasible": Status.INFEASIBLE,
    "Problem is infeasible": Status.INFEASIBLE,
    "Result - Linear relaxation unbounded": Status.UNBOUNDED,
}
UNSURE = "Pre-processing says infeasible or unbounded"


def solve(milp: Milp, limits: Limits, start: Floats | None, link: Link) -> Outcome:
    """Solve, with `start` (columns,) as first solution."""
    with workplace() as folder:
        write_lp(milp, folder / "model.lp")
        if start is not None:
            _write_start(folder / "start.txt", milp, start)
        log = _Log(link)
        code = run(_command(limits, start is not None, link), folder, link, log, keeps=True)
        found = log.found or log.status is Status.OPTIMAL
        return _outcome(log, answer(folder / "answer.txt", milp) if found else None, milp, link, code)


def _command(limits: Limits, has_start: bool, link: Link) -> list[str]:
    words: list[object] = [command_of("cbc"), "model.lp", "-ratio", limits.gap, "-allow", 0, "-timeMode", "elapsed"]
    words += ["-randomSeed", limits.seed % SEEDS, "-randomCbcSeed", limits.seed % SEEDS]
    words += ["-primalTolerance", min(limits.feasibility, 1e-7), "-integerTolerance", min(limits.feasibility, 1e-7)]
    words += ["-threads", limits.threads] if limits.threads > 1 else []
    words += [] if limits.presolve else ["-preprocess", "off", "-presolve", "off"]
    words += [] if limits.nodes is None else ["-maxNodes", limits.nodes]
    for name, value in limits.options:
        _check(name, value)
        words += [f"-{name}", _word(value)]
    words += ["-mipstart", "start.txt"] if has_start else []
    words += [] if link.remaining is None else ["-sec", link.remaining]
    return [str(word) for word in [*words, "-solve", "-solution", "answer.txt"]]


def _check(name: str, value: Value) -> None:
    """Raise OptionRefusedError for what is ours, in short as well, and for what would be read as a command."""
    refuse_ours(name, {ours[:length]: way for ours, way in OURS.items() for length in range(1, len(ours) + 1)})
    if name.startswith("-") or (isinstance(value, str) and value.startswith("-")):
        raise OptionRefusedError(name, "a name or a word does not begin with `-`")


def _word(value: Value) -> object:
    return ("on" if value else "off") if isinstance(value, bool) else value


def _write_start(path: Path, milp: Milp, start: Floats) -> None:
    """As CBC writes solutions: a head, then number, name, value and cost of each column."""
    values = [*start.tolist(), *([] if milp.offset == 0 else [1.0])]
    names = [*(f"x_{j}" for j in range(milp.columns)), *([] if milp.offset == 0 else ["ONE"])]
    lines = (f"{j} {name} {value!r} 0\n" for j, (name, value) in enumerate(zip(names, values, strict=True)))
    path.write_text(f"Stopped on iterations - objective value {milp.objective(start)!r}\n" + "".join(lines))


class _Log:
    """What the log has said so far."""

    def __init__(self, link: Link) -> None:
        self.status: Status | None = None
        self.version, self.nodes, self.reason = "", 0, ""
        self.bound: float | None = None
        self.found = False
        self._link = link

    def __call__(self, line: str) -> None:
        if match := REFUSED.match(line):
            raise OptionRefusedError(next(filter(None, match.groups())), line.strip("<>; "))
        if match := VERSION.match(line):
            self.version = match[1]
        if match := COUNTED.search(line):
            self.nodes = int(match[1] or match[2] or match[3])
        if match := FOUND.search(line):
            self.found = finite(float(match[1])) is not None
        if (match := BOUND.search(line)) and finite(float(match[1])) is not None:
            self.bound = least(match[1], DIGITS)
            self._link.bounded(self.bound, self.nodes)
        if match := LAST_BOUND.match(line):
            self.bound = max(float(match[1]) - HALF, -np.inf if self.bound is None else self.bound)
        if line.startswith("Result - "):
            self.reason = line.removeprefix("Result - ").strip().lower()
        self.status = next((status for words, status in ENDINGS.items() if line.startswith(words)), self.status)
        if line.startswith(UNSURE):
            self.reason = "infeasible or unbounded: CBC cannot tell which"


def _outcome(log: _Log, x: Floats | None, milp: Milp, link: Link, code: int) -> Outcome:
    unsure = Status.INFEASIBLE if milp.is_bounded else Status.FAILED
    status = log.status or (unsure if log.reason.startswith("infeasible or") else ended_by(code, x, link))
    objective = None if x is None else milp.objective(x)
    bound = objective if status is Status.OPTIMAL and "within gap" not in log.reason else log.bound
    if x is not None:
        link.found(x)
    reason = "" if status is Status.OPTIMAL else log.reason
    return Outcome(status, x, objective, bound, log.nodes, link.seconds, f"CBC {log.version}", reason)
