"""Whatever happens to the solver's process, the run goes on with what is known."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from fake_runs import gone, run
from milps import knapsack

from bdnnlang import solve
from bdnnlang.solve import Accepts, Event, Library, Limits, NewBound, SolverModule, Status, process

HERE = Path(__file__).parent
pytestmark = [pytest.mark.skipif(sys.platform == "win32", reason="signals"), pytest.mark.usefixtures("fake_solver")]


def test_a_crash_keeps_the_incumbent() -> None:
    outcome = run("segfault")
    assert outcome.status is Status.FAILED
    assert outcome.reason == "solver process ended by signal 11 (SIGSEGV)"
    assert (outcome.objective, outcome.bound, outcome.nodes) == (-2.5, -20.0, 3)
    np.testing.assert_array_equal(outcome.x, [1, 0, 0, 0, 0])


def test_a_crash_keeps_a_better_start() -> None:
    start = np.array([0.0, 1, 1, 0, 0])
    outcome = run("segfault", start=start)
    assert (outcome.status, outcome.objective) == (Status.FAILED, -13.5)
    np.testing.assert_array_equal(outcome.x, start)


def test_a_process_that_cannot_start_is_an_outcome(tmp_path: Path) -> None:
    start = np.array([0.0, 1.0, 0.0, 0.0, 0.0])
    outcome = run("obeys", start=start, log=tmp_path / "absent" / "solver.log")
    assert (outcome.status, outcome.objective) == (Status.FAILED, knapsack().objective(start))
    assert outcome.reason == "the solver's process could not start: no such file or directory"


def test_other_ends() -> None:
    assert run("leaves").reason == "solver process ended with exit code 7"
    assert run("raises").reason == "RuntimeError: a wheel came off"
    assert run("raises").status is Status.FAILED
    with pytest.raises(solve.UnsupportedModelError, match="not my kind"):
        run("refuses")


def test_out_of_memory() -> None:
    outcome = run("eats", Limits(memory=1 << 28))
    assert outcome.status is Status.FAILED
    assert "memory" in outcome.reason.lower()
    assert outcome.objective == -2.5


def test_past_its_time_limit_it_is_killed() -> None:
    began = time.monotonic()
    outcome = run("hangs", Limits(seconds=0.1))
    assert time.monotonic() - began < 8
    assert (outcome.status, outcome.objective) == (Status.FEASIBLE, -2.5)
    assert "killed" in outcome.reason


def test_deaf_to_a_stop_it_is_killed() -> None:
    at_work: list[float] = []
    outcome = run("hangs", on_event=lambda event: at_work.append(time.monotonic()), stop=lambda: bool(at_work))
    assert process.PATIENCE < time.monotonic() - at_work[0] < process.PATIENCE + 3
    assert (outcome.status, outcome.objective) == (Status.INTERRUPTED, -2.5)
    assert "killed" in outcome.reason


def test_a_stop_that_is_obeyed() -> None:
    began = time.monotonic()
    outcome = run("obeys", stop=lambda: time.monotonic() > began + 0.5)
    assert time.monotonic() - began < 2
    assert (outcome.status, outcome.objective, outcome.reason) == (Status.INTERRUPTED, -2.5, "")


@pytest.mark.parametrize("lie", ["claims_optimum", "claims_infeasible"])
def test_a_refuted_claim(lie: str) -> None:
    outcome = run(lie)
    assert (outcome.status, outcome.objective, outcome.bound) == (Status.FEASIBLE, -2.5, None)
    assert outcome.refuted.endswith("but a solution of -2.5 is known")


def test_an_objective_that_the_solution_does_not_have() -> None:
    outcome = run("misstates")
    assert (outcome.status, outcome.objective, outcome.bound) == (Status.FEASIBLE, -13.5, None)
    assert outcome.refuted == "fake 1 claims an objective of -15.5 for a solution of -13.5"


def test_a_false_claim_after_a_start_is_solved_again_without() -> None:
    outcome = run("misstates_after_a_start", start=np.array([0.0, 1, 0, 0, 0]))
    assert (outcome.status, outcome.objective, outcome.bound) == (Status.OPTIMAL, -13.5, -13.5)
    (note,) = outcome.notes
    assert note == "fake 1 claims an objective of -15.5 for a solution of -13.5 after a start: it solved again without one"


def test_not_a_number_is_no_solution() -> None:
    outcome = run("claims_nan")
    assert (outcome.status, outcome.objective) == (Status.FEASIBLE, -2.5)


def test_bounds_come_at_most_ten_times_a_second() -> None:
    events: list[Event] = []
    run("many_bounds", on_event=events.append)
    bounds = [event for event in events if isinstance(event, NewBound)]
    pauses = np.diff([event.seconds for event in bounds])
    assert len(bounds) > 2
    assert (pauses >= 0.09).all()


def test_what_solvers_print_goes_to_the_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "solver.log"
    assert run("prints", log=log).status is Status.FEASIBLE
    assert log.read_text() == "to standard output\nto standard error\n"
    assert capfd.readouterr() == ("", "")


def test_what_is_printed_before_the_worker_begins_is_not_its_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('hello from elsewhere', flush=True)")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(HERE)]))
    assert run("prints").status is Status.FEASIBLE


def test_an_exception_of_the_caller_ends_the_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = tmp_path / "pid"
    monkeypatch.setenv("FAKE_TARGET_PID", str(pid))

    def interrupted(event: Event) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run("hangs", on_event=interrupted)
    assert gone(int(pid.read_text()))


def test_a_dead_parent_ends_the_child(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    script = (
        "from milps import knapsack; from dataclasses import replace; from bdnnlang import solve as t;"
        "t.SOLVERS['fake'] = t.SolverModule('fake_solver', t.Library('fake_solver', 'fake'), '', t.Accepts());"
        "t.solve('fake', replace(knapsack(), name='hangs'), t.Limits(), None, print, lambda: False)"
    )
    path = os.pathsep.join([str(HERE), str(HERE.parent.parent)])
    environment = {**os.environ, "PYTHONPATH": path, "FAKE_TARGET_PID": str(pid)}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()  # the first event: the child is at work
        parent.kill()
    assert parent.returncode == -signal.SIGKILL
    assert gone(int(pid.read_text()))


def test_an_absent_library_is_an_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = SolverModule("bdnnlang.solve.solvers.highs", Library("no_such_library", "no-such"), "pip install no-such", Accepts())
    monkeypatch.setitem(solve.SOLVERS, "absent", absent)
    assert not solve.available("absent")
    outcome = solve.solve("absent", knapsack(), Limits(), None, lambda event: None, lambda: False)
    assert outcome.status is Status.FAILED
    assert outcome.reason == "absent is not installed: pip install no-such"
