"""Workers wait for jobs and are used again, no job sees anything of another, and no process is left."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from child_python import said_by
from fake_runs import gone, run, told
from milps import hard

from bdnnlang import solve
from bdnnlang.solve import Accepts, Limits, Outcome, SolverModule, Status, pool
from bdnnlang.solve.pool import Needs
from bdnnlang.solve.worker import STOP

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FAKE = Needs("fake_solver", "fake_solver")
pytestmark = [pytest.mark.skipif(not pool.FORKS, reason="workers serve one job here"), pytest.mark.usefixtures("fake_solver")]


def test_the_second_solve_has_the_same_worker_and_a_process_of_its_own() -> None:
    first, second = told(), told()
    assert first["parent"] == second["parent"] != os.getpid()
    assert first["pid"] != second["pid"]
    assert (first["jobs"], second["jobs"]) == (1, 1)
    assert gone(first["pid"])


def test_a_worker_that_was_started_ahead_is_the_one() -> None:
    pool.prepare(FAKE)
    worker = pool.take(FAKE)
    pool.give_back(worker)
    pool.prepare(FAKE)
    assert told()["parent"] == worker.pid


def test_one_that_lacks_what_jobs_need_is_replaced() -> None:
    pool.prepare(FAKE)
    first = pool.take(FAKE)
    pool.give_back(first)
    pool.prepare(FAKE, ("json", "colorsys"))
    second = pool.take(FAKE)
    pool.give_back(second)
    assert second.pid != first.pid
    assert gone(first.pid)
    pool.prepare(FAKE, ("colorsys",))
    assert told()["parent"] == second.pid


def test_limits_are_those_of_the_job() -> None:
    before = told()["memory"]
    assert told(Limits(memory=1 << 30))["memory"][0] == (1 << 30) + (512 << 20)
    assert told()["memory"] == before


def compared(outcome: Outcome, log: Path) -> tuple[Any, ...]:
    assert outcome.x is not None
    lines = re.sub(r"[\d.]+", "0", log.read_text()).splitlines()  # times differ
    return outcome.status, outcome.x.tolist(), outcome.objective, outcome.bound, outcome.nodes, outcome.notes, len(lines)


def test_a_warm_solve_is_as_a_cold_one(library: str, tmp_path: Path) -> None:
    results = []
    for number in range(3):
        if not number:
            pool.close_all()
        log = tmp_path / f"{number}.log"
        milp, limits = hard(3, 12), Limits(nodes=20, seed=7, memory=1 << 31)
        results.append(compared(solve.solve(library, milp, limits, None, lambda event: None, lambda: False, log), log))
    assert results[0] == results[1] == results[2]


@pytest.mark.parametrize("whom", ["worker", "child"])
def test_a_worker_that_died_while_it_waited_is_replaced(whom: str) -> None:
    first = told()
    worker = first["parent"]
    assert gone(first["pid"])
    os.kill(worker if whom == "worker" else child_of(worker), signal.SIGKILL)
    assert worker not in {told()["parent"], told()["parent"]}  # its child may still have served the first of them
    assert gone(worker)


def child_of(pid: int) -> int:
    """The one child of a process, once it is there."""
    for _ in range(100):
        if children := Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            return int(children[0])
        time.sleep(0.05)
    pytest.fail("no child")


def test_a_job_that_is_never_begun_is_given_to_another_worker() -> None:
    """The worker dies between the look at it and the job."""
    worker = pool.take(FAKE)
    worker.kill()
    pool.give_back(worker)
    worker.is_fresh = lambda: True  # type: ignore[method-assign]
    assert told()["parent"] != worker.pid


def test_a_crash_costs_one_solve() -> None:
    first = told()
    outcome = run("segfault")
    assert outcome.reason == "solver process ended by signal 11 (SIGSEGV)"
    assert gone(first["parent"])
    assert told()["jobs"] == 1


@pytest.mark.parametrize(("behaviour", "limits"), [("hangs", Limits(seconds=0.1)), ("deaf", Limits(seconds=0.1))])
def test_what_is_killed_is_gone(behaviour: str, limits: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = tmp_path / "pid"
    monkeypatch.setenv("FAKE_TARGET_PID", str(pid))
    worker = told()["parent"]
    assert "killed" in run(behaviour, limits).reason
    assert gone(int(pid.read_text()))
    assert gone(worker)
    assert told()["parent"] != worker


def test_a_stop_is_for_one_job() -> None:
    worker = told()["parent"]
    at_work: list[object] = []
    assert run("obeys", on_event=at_work.append, stop=lambda: bool(at_work)).status is Status.INTERRUPTED
    assert told()["parent"] == worker


def test_a_stop_that_comes_too_late_is_not_for_the_next_job() -> None:
    worker = told()["parent"]
    spare = pool.take(FAKE)
    spare.orders.write(STOP + STOP)
    spare.orders.flush()
    pool.give_back(spare)
    assert told()["parent"] == worker == spare.pid


def test_every_library_has_a_worker_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [name for name in ("scip", "highs", "cpsat") if solve.available(name)]
    for name in names:
        monkeypatch.setitem(
            solve.SOLVERS, f"fake_{name}", SolverModule("fake_solver", solve.SOLVERS[name].brought, "", Accepts())
        )
    first = [told(solver=f"fake_{name}") for name in names]
    again = [told(solver=f"fake_{name}") for name in names]
    assert [len(said["libraries"]) for said in first] == [1] * len(names)
    assert len({said["libraries"][0] for said in first}) == len(names)
    assert [said["parent"] for said in again] == [said["parent"] for said in first]


def test_another_environment_has_another_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    first = told()
    monkeypatch.setenv("FAKE_TARGET", "changed")
    second = told()
    assert (first["environment"], second["environment"]) == (None, "changed")
    assert gone(first["parent"])


def test_solves_side_by_side_have_two_workers_and_leave_one() -> None:
    both_at_work = threading.Barrier(2, timeout=60)
    said: list[Outcome] = []

    def solves() -> None:
        said.append(run("tells", on_event=lambda event: both_at_work.wait() and None))

    threads = [threading.Thread(target=solves) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    workers = {int(re.findall(r'"parent": (\d+)', outcome.reason)[0]) for outcome in said}
    assert len(workers) == 2
    left = told()["parent"]
    assert left in workers
    assert all(gone(pid) for pid in workers - {left})


def test_where_nothing_may_fork_a_worker_serves_one_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "FORKS", False)
    monkeypatch.setenv("FAKE_TARGET", "one")  # a worker that forks may be waiting
    pool.prepare(FAKE)
    first, second = told(), told()
    assert first["parent"] == second["parent"] == os.getpid()
    assert first["pid"] != second["pid"]


def test_the_log_has_all_that_was_printed_before_a_kill(tmp_path: Path) -> None:
    log = tmp_path / "solver.log"
    assert "SIGKILL" in run("prints_and_dies", log=log).reason
    assert log.read_text() == "the last line\n"


PARENT = """
import os, signal, sys
from fake_runs import run, told
from bdnnlang import solve
from bdnnlang.solve import pool
solve.SOLVERS["fake"] = solve.SolverModule("fake_solver", solve.Library("fake_solver", "fake"), "", solve.Accepts())
print(told()["parent"], flush=True)
"""


@pytest.mark.parametrize(
    "end",
    [
        "pass",
        "sys.exit(3)",
        "raise KeyboardInterrupt",
        "os._exit(0)",
        "os.kill(os.getpid(), signal.SIGKILL)",
        "pool.close_all(); print(pool.Worker(pool.Needs('fake_solver', 'fake_solver')).pid, flush=True); os._exit(0)",
    ],
)
def test_no_process_is_left_however_the_parent_ends(end: str) -> None:
    worker = subprocess.run([sys.executable, "-c", PARENT + end], env=environment(), capture_output=True, text=True, check=False)
    assert gone(int(worker.stdout.split()[-1]))  # where there are two, one that is still importing


@pytest.mark.parametrize("behaviour", ["hangs", "deaf"])
def test_a_solve_ends_with_the_parent(behaviour: str, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    code = (
        PARENT
        + f"os.environ['FAKE_TARGET_PID'] = {str(pid)!r}; run({behaviour!r}, on_event=lambda event: print('x', flush=True))"
    )
    with subprocess.Popen([sys.executable, "-c", code], env=environment(), stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        assert parent.stdout.readline() == "x\n"
        parent.kill()
    assert gone(int(pid.read_text()))


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(ROOT)])}


def test_a_fork_of_the_parent_has_no_workers() -> None:
    code = """
import os
from milps import knapsack
from bdnnlang.solve import pool
pool.prepare(pool.Needs("fake_solver", "fake_solver"))
if not (child := os.fork()):
    os._exit(len(pool._spares))
say([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), len(pool._spares)])
"""
    assert said_by(code, path=(HERE, ROOT)) == [[0, 1]]


def test_no_library_starts_a_thread_by_being_imported(library: str) -> None:
    """Else its worker must not fork."""
    code = """
import importlib, os, sys
os.environ["OPENBLAS_NUM_THREADS"] = "1"
importlib.import_module(sys.argv[1])
say(len(os.listdir("/proc/self/task")))
"""
    assert said_by(code, solve.SOLVERS[library].brought.module) == [1]
