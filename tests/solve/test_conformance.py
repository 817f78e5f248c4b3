"""The same catalogue of programs on each solver."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from child_python import said_by
from milps import INF, brute_force, hard, hard_start, knapsack, make, mixed, random_integer, random_mixed

from bdnnlang import solve
from bdnnlang.arrays import Floats
from bdnnlang.model.milp import Milp
from bdnnlang.solve import Event, FoundSolution, Limits, NewBound, Outcome, Status

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def run(name: str, milp: Milp, limits: Limits | None = None, start: Floats | None = None) -> Outcome:
    return solve.solve(name, milp, limits or Limits(seconds=20), start, lambda event: None, lambda: False)


def check_optimal(outcome: Outcome, milp: Milp, optimum: float) -> None:
    assert outcome.status is Status.OPTIMAL, outcome
    assert outcome.x is not None
    assert outcome.objective is not None
    assert outcome.bound is not None
    assert milp.feasible(outcome.x, 1e-6)
    assert milp.objective(outcome.x) == pytest.approx(optimum, abs=1e-6)
    assert outcome.objective == pytest.approx(optimum, abs=1e-6)
    assert outcome.bound == pytest.approx(optimum, abs=1e-6)


def test_knapsack_and_its_events(solver: str) -> None:
    events: list[Event] = []
    outcome = solve.solve(solver, knapsack(), Limits(seconds=20), None, events.append, lambda: False)
    check_optimal(outcome, knapsack(), -13.5)
    assert outcome.solver.split()[0].lower().replace("-", "") == solver
    assert outcome.solver.split()[1][0].isdigit()
    found = [event for event in events if isinstance(event, FoundSolution)]
    assert found[-1].objective == pytest.approx(-13.5)
    assert [e.objective for e in found] == sorted({e.objective for e in found}, reverse=True)
    assert all(knapsack().feasible(e.x, 1e-6) for e in found)
    bounds = [event.bound for event in events if isinstance(event, NewBound)]
    assert bounds == sorted(set(bounds))
    seconds = [event.seconds for event in events]
    assert seconds == sorted(seconds)


def test_every_kind_of_row_and_column(solver: str) -> None:
    if solve.SOLVERS[solver].accepts.integer_only:
        with pytest.raises(solve.UnsupportedModelError, match="integer columns"):
            run(solver, mixed())
    else:
        check_optimal(run(solver, mixed()), mixed(), 3.8)


def test_infeasible(solver: str) -> None:
    outcome = run(solver, make([[2, 2]], [1], [1], [1, 1], [0, 0], [5, 5]))
    assert (outcome.status, outcome.x, outcome.objective) == (Status.INFEASIBLE, None, None)


def test_unbounded(solver: str) -> None:
    milp = make([[1, -1]], [0], [INF], [-1, 0], [0, 0], [INF, INF], [0, 0])
    if solve.SOLVERS[solver].accepts.integer_only:
        with pytest.raises(solve.UnsupportedModelError):
            run(solver, milp)
        with pytest.raises(solve.UnsupportedModelError, match="finite bounds"):
            run(solver, replace(milp, integrality=np.ones(2, dtype=np.int8)))
    elif solver == "glpk":
        with pytest.raises(solve.UnsupportedModelError, match="without integer columns"):
            run(solver, milp)
    else:
        outcome = run(solver, milp)
        assert outcome.status is Status.UNBOUNDED or "unbounded" in outcome.reason
        assert outcome.bound is None


def test_empty_row_fixed_column_and_no_cost(solver: str) -> None:
    milp = make([[0, 0], [1, 1]], [-1, 2], [0, INF], [0, 0], [1, 0], [1, 4], offset=-2.25)
    check_optimal(run(solver, milp), milp, -2.25)


def test_an_empty_row_that_nothing_satisfies(solver: str) -> None:
    assert run(solver, make([[0], [1]], [1, 0], [INF, 5], [1], [0], [3])).status is Status.INFEASIBLE


@pytest.mark.parametrize("seed", range(6))
def test_random_integer_programs(solver: str, seed: int) -> None:
    milp = random_integer(seed)
    optimum = brute_force(milp)
    outcome = run(solver, milp)
    if optimum is None:
        assert outcome.status is Status.INFEASIBLE
    else:
        check_optimal(outcome, milp, optimum)


@pytest.mark.parametrize("seed", range(4))
def test_random_mixed_programs(seed: int) -> None:
    """Too many points to try: two solvers must agree."""
    names = [name for name in ("scip", "highs") if solve.available(name)]
    outcomes = [run(name, random_mixed(seed)) for name in names]
    optimum = outcomes[0].objective
    assert optimum is not None
    for outcome in outcomes:
        assert outcome.status is Status.OPTIMAL
        assert outcome.objective == pytest.approx(optimum, abs=1e-5, rel=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_conditional_rows(solver: str, seed: int) -> None:
    milp = random_integer(100 + seed, conditional=True)
    optimum = brute_force(milp)
    if not solve.SOLVERS[solver].accepts.conditional:
        with pytest.raises(solve.UnsupportedModelError, match="conditional"):
            run(solver, milp)
        return
    outcome = run(solver, milp)
    if optimum is None:
        assert outcome.status is Status.INFEASIBLE
    else:
        check_optimal(outcome, milp, optimum)


def test_time_limit_with_incumbent(solver: str) -> None:
    began = time.monotonic()
    outcome = run(solver, hard(), Limits(seconds=1.0))
    assert time.monotonic() - began < 6
    assert outcome.status is Status.FEASIBLE
    assert outcome.x is not None
    assert hard().feasible(outcome.x, 1e-6)
    assert outcome.objective is not None
    assert outcome.bound is not None
    assert outcome.bound < outcome.objective


@pytest.mark.parametrize("limits", [Limits(seconds=0.001), Limits(nodes=1)], ids=["time", "nodes"])
def test_a_start_is_never_lost(solver: str, limits: Limits) -> None:
    if limits.nodes and not solve.SOLVERS[solver].abilities.nodes:
        with pytest.raises(solve.UnsupportedModelError, match="limit of nodes"):
            run(solver, hard(), limits)
        return
    milp = hard()
    start = hard_start(milp)
    outcome = run(solver, milp, limits, start)
    assert outcome.status is Status.FEASIBLE
    assert outcome.x is not None
    assert outcome.objective is not None
    assert outcome.objective <= milp.objective(start)
    assert milp.feasible(outcome.x, 1e-6)


def test_the_solver_takes_the_start(solver: str) -> None:
    """The optimum as start, and one node: whatever the solver finds on its own, it cannot end below."""
    milp = knapsack()
    events: list[Event] = []
    start = np.array([1.0, 1, 0, 1, 0])
    outcome = solve.solve(solver, milp, Limits(seconds=20), start, events.append, lambda: False)
    check_optimal(outcome, milp, -13.5)
    assert not any(isinstance(event, FoundSolution) for event in events)


@pytest.mark.parametrize("start", [np.ones(5), np.full(5, np.nan), np.full(5, -7.0)], ids=["row", "nan", "bound"])
def test_an_infeasible_start_is_ignored(solver: str, start: Floats) -> None:
    check_optimal(run(solver, knapsack(), start=start), knapsack(), -13.5)


def test_a_start_of_the_wrong_shape_is_refused(solver: str) -> None:
    with pytest.raises(solve.UnsupportedModelError, match="shape"):
        run(solver, knapsack(), start=np.zeros(4))


def test_a_start_where_implications_do_not_hold(solver: str) -> None:
    """Rows that are off at the start must not stand in its way."""
    if not solve.SOLVERS[solver].accepts.conditional:
        pytest.skip(f"{solver} takes no conditional rows")
    condition = {"condition": np.array([0], dtype=np.int64), "condition_value": np.array([1], dtype=np.int8)}
    milp = make([[0, 1]], [3], [4], [0, 1], [0, 0], [1, 9], **condition)
    outcome = run(solver, milp, start=np.array([0.0, 0.0]))
    check_optimal(outcome, milp, 0.0)


def test_stop_ends_it_soon(solver: str) -> None:
    began = time.monotonic()
    outcome = solve.solve(
        solver, hard(), Limits(), hard_start(hard()), lambda event: None, lambda: time.monotonic() > began + 1.5
    )
    assert time.monotonic() - began < 4.5
    assert outcome.status is Status.INTERRUPTED
    assert "killed" not in outcome.reason
    assert outcome.x is not None
    assert hard().feasible(outcome.x, 1e-6)


def test_gap(solver: str) -> None:
    """With a wide gap it ends soon, even while the bound is 0, and the bound keeps the promise."""
    milp = replace(hard(), offset=-1.0)
    outcome = run(solver, milp, Limits(seconds=20, gap=1.6))
    assert outcome.status is Status.OPTIMAL
    assert outcome.seconds < 15
    assert outcome.objective is not None
    assert outcome.bound is not None
    assert outcome.objective - outcome.bound <= 1.6 * max(1.0, abs(outcome.objective)) + 1e-9


def test_same_seed_and_node_limit_same_answer(solver: str) -> None:
    if not solve.SOLVERS[solver].abilities.nodes:
        pytest.skip(f"{solver} has no limit of nodes")
    limits = Limits(nodes=200, seed=7)
    first, second = (run(solver, hard(3, 25), limits) for _ in range(2))
    assert first.x is not None
    np.testing.assert_array_equal(first.x, second.x)
    assert (first.bound, first.nodes) == (second.bound, second.nodes)


@pytest.mark.parametrize("field", ["col_cost", "value", "row_upper", "col_lower"])
def test_not_a_number_is_refused(solver: str, field: str) -> None:
    milp = knapsack()
    broken = np.array(getattr(milp, field))
    broken[0] = np.nan
    with pytest.raises(solve.UnsupportedModelError, match="finite"):
        run(solver, replace(milp, **{field: broken}))


def test_an_exception_in_a_callback_comes_out(solver: str) -> None:
    """As itself, not as `unspecified error`; in a process of its own, like every solve."""
    script = f"""
import importlib, threading
from milps import knapsack
from bdnnlang import solve
from bdnnlang.solve.outcome import Limits, Link
def send(event): raise KeyError("a wheel came off")
try:
    importlib.import_module(solve.SOLVERS["{solver}"].module).solve(
        knapsack(), Limits(), None, Link(send, knapsack(), Limits(), threading.Event()))
except KeyError as error:
    say(str(error))
import os
os._exit(0)
"""
    assert said_by(script, path=(HERE, ROOT)) == ["'a wheel came off'"]


def test_cip_of_conditional_rows(tmp_path: Path) -> None:
    path = tmp_path / "model.cip"
    script = (
        "from milps import random_integer; from bdnnlang.solve.solvers import scip; import sys;"
        "scip.write(random_integer(100, conditional=True), open(sys.argv[1], 'wb'))"
    )
    said_by(script, path, path=(HERE, ROOT))
    assert "[indicator]" in path.read_text()


def test_asking_what_there_is_loads_nothing() -> None:
    script = (
        "import sys; from bdnnlang import solve; [solve.describe(n) for n in solve.SOLVERS];"
        "say([m for m in ('numpy', 'pyscipopt', 'highspy', 'ortools') if m in sys.modules])"
    )
    assert said_by(script, path=(ROOT,)) == [[]]


def test_every_solver_describes_itself() -> None:
    for name, entry in solve.SOLVERS.items():
        described = solve.describe(name)
        assert (described.name, described.install) == (name, entry.install)
        assert (described.version is None) == (not solve.available(name))
        assert described.kind == ("library" if isinstance(entry.brought, solve.Library) else "program")
        assert (described.free_licence is None) == (entry.free is None)
    assert solve.describe("glpk").formulations == ("tight",)
    assert solve.describe("gurobi").free_licence == "2,000 columns and 2,000 rows"
    assert solve.describe("xpress").free_licence == "5,000 columns and rows together"


def test_a_program_that_is_too_large_for_a_free_licence_is_a_failure_with_a_name(solver: str) -> None:
    if solve.SOLVERS[solver].free is None:
        pytest.skip(f"{solver} asks for no licence")
    milp = make(np.eye(5100), np.zeros(5100), np.full(5100, INF), np.ones(5100), np.zeros(5100), np.ones(5100))
    outcome = run(solver, milp, start=np.ones(5100))
    assert (outcome.status, outcome.objective) == (Status.FAILED, 5100)
    assert outcome.reason.startswith(f"the licence of {solver} that is here takes programs of at most")
    assert "5,100 columns and 5,100 rows" in outcome.reason
