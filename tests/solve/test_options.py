"""Parameters of the user's own reach each solver, and what it does not take is refused in its words."""

from __future__ import annotations

from pathlib import Path

import pytest
from milps import knapsack

from bdnnlang import solve
from bdnnlang.solve import Limits, OptionRefusedError, Outcome, Status
from bdnnlang.solve.outcome import Value

TAKEN: dict[str, tuple[str, Value]] = {  # one that each solver knows …
    "scip": ("limits/bestsol", 500),
    "highs": ("mip_heuristic_effort", 0),
    "cpsat": ("linearization_level", 2),
    "exact": ("luby-mult", 200),
    "cbc": ("cuts", "off"),
    "glpk": ("pcost", True),
    "gurobi": ("MIPFocus", 2),
    "cplex": ("mip.strategy.probe", 1),
    "copt": ("HeurLevel", 1),
    "xpress": ("cutstrategy", 1),
}
OURS = {  # … and one that is not for changing
    "scip": "limits/time",
    "highs": "threads",
    "cpsat": "num_workers",
    "exact": "timeout",
    "cbc": "sec",
    "glpk": "tmlim",
    "gurobi": "TimeLimit",
    "cplex": "mip.tolerances.integrality",
    "copt": "RelGap",
    "xpress": "MIPTOL",
}


def run(solver: str, name: str, value: Value, log: Path | None = None) -> Outcome:
    limits = Limits(seconds=20, options=((name, value),))
    return solve.solve(solver, knapsack(), limits, None, lambda event: None, lambda: False, log)


def test_each_solver_is_tried() -> None:
    assert TAKEN.keys() == OURS.keys() == solve.SOLVERS.keys()


def test_one_that_it_knows(solver: str) -> None:
    outcome = run(solver, *TAKEN[solver])
    assert (outcome.status, outcome.objective) == (Status.OPTIMAL, pytest.approx(-13.5))


def test_one_that_it_does_not_know(solver: str) -> None:
    with pytest.raises(OptionRefusedError) as caught:
        run(solver, "nonsense", 1)
    assert caught.value.option == "nonsense"
    assert "\n" not in caught.value.why
    assert len(caught.value.why) > 5


@pytest.mark.parametrize("value", ["nonsense", "-nonsense"])
def test_a_value_that_it_does_not_take(solver: str, value: str) -> None:
    if solver == "glpk":
        pytest.skip("its parameters are flags")
    with pytest.raises(OptionRefusedError) as caught:
        run(solver, TAKEN[solver][0], value)
    assert TAKEN[solver][0] in caught.value.option


def test_one_of_ours(solver: str) -> None:
    with pytest.raises(OptionRefusedError, match="bdnnc sets it"):
        run(solver, OURS[solver], 1)


def test_it_arrives(tmp_path: Path) -> None:
    """SCIP with no node at all, in its own words."""
    log = tmp_path / "solver.log"
    limits = Limits(seconds=20, options=(("limits/restarts", 0), ("propagating/maxroundsroot", 0), ("limits/solutions", 1)))
    outcome = solve.solve("scip", knapsack(), limits, None, lambda event: None, lambda: False, log)
    assert outcome.status is Status.FEASIBLE
    assert "solution limit reached" in log.read_text()
