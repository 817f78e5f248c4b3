"""What other programs read in a model file, and the optimum that they find."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from child_python import said_by

from bdnnlang.model.milp import Milp

INF = float("inf")

# What HiGHS and SCIP read in files, and the optima: in processes of their own, as always.
_HIGHS = """
import sys, highspy
for path in sys.argv[1:]:
    h = highspy.Highs()
    h.silent()
    assert h.readModel(path) == highspy.HighsStatus.kOk, path
    p = h.getLp()
    a = p.a_matrix_
    a.ensure_colwise() if hasattr(a, "ensure_colwise") else None
    kinds = [int(k) for k in p.integrality_] or [0] * p.num_col_
    said = dict(names=list(p.col_names_), rows=list(p.row_names_), cost=[float(v) for v in p.col_cost_], kinds=kinds,
        lower=list(map(repr, p.col_lower_)), upper=list(map(repr, p.col_upper_)), format=str(a.format_),
        row_lower=list(map(repr, p.row_lower_)), row_upper=list(map(repr, p.row_upper_)),
        start=[int(i) for i in a.start_],
        index=[int(i) for i in a.index_], value=[float(v) for v in a.value_])
    if SOLVE:
        h.run()
        said["optimum"] = h.getInfo().objective_function_value
        said["status"] = h.modelStatusToString(h.getModelStatus())
    say(said)
"""
HIGHS_READS, HIGHS = f"SOLVE = False\n{_HIGHS}", f"SOLVE = True\n{_HIGHS}"
SCIP = """
import sys, pyscipopt
for path in sys.argv[1:]:
    m = pyscipopt.Model()
    m.hideOutput()
    m.readProblem(path)
    m.optimize()
    say(dict(status=m.getStatus(), optimum=m.getObjVal() if m.getNSols() else None))
"""


def ask(script: str, *paths: Path) -> list[dict[str, Any]]:
    return said_by(script, *paths)


def within(seconds: int, script: str) -> str:
    """HIGHS or SCIP with so much time for each file."""
    script = script.replace("h.silent()", f"h.silent(); h.setOptionValue('time_limit', {seconds}.0)")
    return script.replace("m.hideOutput()", f"m.hideOutput(); m.setParam('limits/time', {seconds})")


def by_names(said: dict[str, Any]) -> dict[str, Any]:
    """What was read, in no order: columns, rows and coefficients by their names, numbers as they are."""
    columns = zip(said["names"], said["cost"], said["kinds"], said["lower"], said["upper"], strict=True)
    rows = zip(said["rows"], said["row_lower"], said["row_upper"], strict=True)
    entries = {
        (said["rows"][said["index"][e]], name): said["value"][e]
        for j, name in enumerate(said["names"])
        for e in range(said["start"][j], said["start"][j + 1])
    }
    return {"columns": sorted(columns), "rows": sorted(rows), "entries": entries}


def as_one_sided(milp: Milp, said: dict[str, Any]) -> None:
    """The program that was read is the program that was written, bit for bit, by names."""
    names = [name.decode() for name in milp.col_names()] + ["ONE"] * (milp.offset != 0)
    assert said["names"] == names
    assert said["cost"] == [*milp.col_cost.tolist(), *([milp.offset] * (milp.offset != 0))]
    assert said["kinds"] == [*milp.integrality.tolist(), *([0] * (milp.offset != 0))]
    for side, mine in (("lower", milp.col_lower), ("upper", milp.col_upper)):
        assert [float(v) for v in said[side]][: milp.columns] == mine.tolist()
    rows = {name.decode(): i for i, name in enumerate(milp.row_names())}
    lower, upper = np.full(milp.rows, -INF), np.full(milp.rows, INF)
    entries: dict[tuple[int, int], set[float]] = {}
    for k, name in enumerate(said["rows"]):
        i = rows[name.removesuffix("_lo")]
        lower[i] = max(lower[i], float(said["row_lower"][k]))
        upper[i] = min(upper[i], float(said["row_upper"][k]))
    for j in range(len(names)):
        for e in range(said["start"][j], said["start"][j + 1]):
            i = rows[said["rows"][said["index"][e]].removesuffix("_lo")]
            entries.setdefault((i, j), set()).add(said["value"][e])
    np.testing.assert_array_equal(lower, milp.row_lower)
    np.testing.assert_array_equal(upper, milp.row_upper)
    held = (np.isfinite(milp.row_lower) | np.isfinite(milp.row_upper))[milp.index]
    triplets = zip(milp.index.tolist(), milp.column_of.tolist(), milp.value.tolist(), strict=True)
    assert entries == {(i, j): {v} for keep, (i, j, v) in zip(held, triplets, strict=True) if keep}


def highs(path: Path, seconds: int = 60) -> float | None:
    """The optimum by HiGHS; None where it finds none in time, here as below."""
    said = ask(within(seconds, HIGHS), path)[0]
    return float(said["optimum"]) if said["status"] == "Optimal" else None


def scip(path: Path, seconds: int = 60) -> float | None:
    said = ask(within(seconds, SCIP), path)[0]
    return float(said["optimum"]) if said["status"] == "optimal" else None


def cbc(path: Path, seconds: int = 60) -> float | None:
    said = _output(["cbc", str(path), "-sec", str(seconds), "-ratio", "0", "-allow", "0", "-solve", "-quit"])
    optimal = re.findall(r"(?:Objective value: *|Optimal - objective value )(\S+)", said)
    return float(optimal[-1]) if optimal and "topped on time" not in said and "infeasible" not in said else None


def glpsol(path: Path, seconds: int = 60) -> float | None:
    form = "--lp" if path.suffix == ".lp" else "--freemps"
    said = _output(["glpsol", form, str(path), "--tmlim", str(seconds), "-o", "/dev/stdout"])
    status, best = (
        re.search(r"^Status: +(?:INTEGER )?OPTIMAL", said, re.MULTILINE),
        re.findall(r"^Objective: .*= (\S+)", said, re.MULTILINE),
    )
    return float(best[-1]) if status and best else None


READERS = {"SCIP": scip, "HiGHS": highs, "CBC": cbc, "GLPK": glpsol}
COMMANDS = {"CBC": "cbc", "GLPK": "glpsol"}  # those that are no Python packages


def present() -> dict[str, Callable[[Path, int], float | None]]:
    """The readers that are on this machine."""
    return {name: read for name, read in READERS.items() if name not in COMMANDS or shutil.which(COMMANDS[name])}


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stdout
