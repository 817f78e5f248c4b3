"""Rows 5 and 6: model files, as other programs read them."""

from __future__ import annotations

import pickle
import tempfile
from pathlib import Path

import numpy as np
from readers import HIGHS_READS, as_one_sided, ask, present

from bdnnlang import solve
from bdnnlang.model import passes
from bdnnlang.model.build import build_spec
from bdnnlang.model.milp import Milp
from bdnnlang.model.stack import stack
from bdnnlang.problem.training import TrainingProblem
from score.instances import Instance, instance

TOLERANCE = 1e-5
LIMIT = 20  # seconds for a solver; what it does not finish is not compared

# What a live model holds, read back from the solver.
LIVE = """
import pickle, sys, highspy
from bdnnlang.solve.solvers import highs as target
for path in sys.argv[1:]:
    milp = pickle.load(open(path, "rb"))
    h = highspy.Highs()
    h.silent()
    target._pass(h, milp)
    p = h.getLp()
    a = p.a_matrix_
    say(dict(cost=[float(v) for v in p.col_cost_], lower=list(map(repr, map(float, p.col_lower_))),
        upper=list(map(repr, map(float, p.col_upper_))), row_lower=list(map(repr, map(float, p.row_lower_))),
        row_upper=list(map(repr, map(float, p.row_upper_))), kinds=[int(k) for k in p.integrality_],
        start=[int(i) for i in a.start_], index=[int(i) for i in a.index_], value=[float(v) for v in a.value_],
        offset=p.offset_))
"""


def same_optimum(number: int) -> str:
    """Row 5: every reader that is installed and finishes; two at least."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.mps"
        solve.save("mps", _program(instance(number + 20_000, (5, 9), depth=1), number), path)
        found = {name: best for name, read in present().items() if (best := read(path, LIMIT)) is not None}
    if len(found) < 2:
        return f"only {', '.join(found) or 'none'} finished"
    far = max(found.values()) - min(found.values())
    return "" if far <= TOLERANCE * max(1.0, abs(max(found.values()))) else f"{found}"


def same_matrix(number: int) -> str:
    """Row 6: HiGHS reads both files and the live model, bit for bit what was written."""
    milp = _program(instance(number + 30_000), number)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for form in ("mps", "lp"):
            solve.save(form, milp, folder / f"x.{form}")
        (folder / "x.pickle").write_bytes(pickle.dumps(milp))
        for said in ask(HIGHS_READS, folder / "x.mps", folder / "x.lp"):
            as_one_sided(milp, said)
        live = ask(LIVE, folder / "x.pickle")[0]
    same = live["cost"] == milp.col_cost.tolist() and live["offset"] == milp.offset and live["kinds"] == milp.integrality.tolist()
    for side in ("lower", "upper"):
        same &= list(map(float, live[side])) == getattr(milp, f"col_{side}").tolist()
        same &= list(map(float, live[f"row_{side}"])) == getattr(milp, f"row_{side}").tolist()
    same &= np.array_equal(live["index"], milp.index) and live["value"] == milp.value.tolist()
    return "" if same else "the live model differs"


def _program(problem: Instance, number: int) -> Milp:
    formulation = ("tight", "paper")[number % 2]
    line = passes.pipeline(formulation, implications=False)
    return stack(passes.lower(build_spec(TrainingProblem(problem.spec(), problem.data)), line.passes))
