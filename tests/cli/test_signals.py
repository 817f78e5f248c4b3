"""Requests to stop, in processes of their own: the signal is sent when the run has said that it is there."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bdnnlang import cli

SPEC = """
bdnn 1
data random(samples=300, features=6, kind=noise) {{ test = 20% }}
network {{ hidden 3 }}
train {{ {train} }}
{more}
"""
WHOLE = "local_search 10min { restarts = 100000 }, exact 10min"
LATEST = 60  # seconds until a process that should have ended is a failure: a schedule here lasts ten minutes and more

Event = dict[str, Any]


def stage(name: str) -> Callable[[Event], bool]:
    return lambda event: event["type"] == "stage" and event["stage"] == name and event["event"] == "started"


@contextmanager
def started(folder: Path, *flags: str, train: str = WHOLE, more: str = "", **options: Any) -> Iterator[subprocess.Popen[str]]:
    (folder / "s.bdnn").write_text(SPEC.format(train=train, more=more))
    command = [sys.executable, "-m", "bdnnlang.cli", "run", "s.bdnn", "--out", "r", "--json-stream", *flags]
    pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    with subprocess.Popen(command, cwd=folder, text=True, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(process: subprocess.Popen[str], wanted: Callable[[Event], bool]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if wanted(json.loads(line)):
            return
    pytest.fail("the run ended before")


def result(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "r" / "run.json").read_text())["result"]
    return found


@pytest.mark.parametrize(
    ("train", "name"),
    [
        ("exact 10min, exact 10min", "exact"),
        ("solver = highs, exact 10min, exact 10min", "exact"),
        ("local_search 10min { restarts = 100000 }, exact 10min", "local_search"),
        ("local_search 10min { method = alternate, restarts = 100 }, exact 10min", "local_search"),
        ("data_split 10min { splits = 50 }, exact 10min", "data_split"),
    ],
)
def test_ctrl_c_once_ends_the_whole_schedule(tmp_path: Path, train: str, name: str) -> None:
    with started(tmp_path, train=train) as process:
        wait_for(process, stage(name))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LATEST)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    last = json.loads(out.splitlines()[-1])
    assert (last["type"], last["status"]) == ("result", "interrupted")
    assert result(tmp_path)["status"] == "interrupted"
    assert len(json.loads((tmp_path / "r" / "run.json").read_text())["stages"]) == 1
    assert cli.main(["verify", str(tmp_path / "r")]) == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_other_signals_end_the_run_with_their_own_code(tmp_path: Path, number: int, code: int) -> None:
    heard = lambda: signal.signal(number, signal.SIG_DFL)  # noqa: E731  (the tests themselves may run under nohup)
    with started(tmp_path, preexec_fn=heard) as process:
        wait_for(process, stage("local_search"))
        process.send_signal(number)
        process.communicate(timeout=LATEST)
    assert process.returncode == code
    assert result(tmp_path)["status"] == "interrupted"


def test_a_hang_up_that_is_ignored_stays_ignored(tmp_path: Path) -> None:
    ignore = lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)  # noqa: E731
    with started(tmp_path, train="local_search 10min { restarts = 100000 }", preexec_fn=ignore) as process:
        wait_for(process, stage("local_search"))
        process.send_signal(signal.SIGHUP)
        wait_for(process, lambda event: event["type"] == "incumbent")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=LATEST)
    assert process.returncode == 130


def test_the_second_request_ends_it_at_once(tmp_path: Path) -> None:
    with started(tmp_path) as process:
        wait_for(process, stage("local_search"))
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=LATEST)
    assert process.returncode == 130
    assert "Traceback" not in err


@pytest.mark.parametrize("more", ["compare { mlp { epochs = 100000 } }", "evaluate { attack random_sign([0.1]) }"])
def test_what_comes_after_the_schedule_is_left_out(tmp_path: Path, more: str) -> None:
    with started(tmp_path, train="local_search 1s { restarts = 1 }", more=more) as process:
        wait_for(process, lambda event: event["type"] == "stage" and event["event"] == "ended")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=LATEST)
    assert process.returncode == 130, err
    assert cli.main(["verify", str(tmp_path / "r")]) == 0


SLOW = """
import sys, signal, os, threading
from bdnnlang.cli.entry import script
import {module} as place
def slow(*args, **more):
    print("here", flush=True)
    threading.Event().wait()
place.{name} = slow
sys.argv = ["bdnnc", *sys.argv[1:]]
script()
"""


@pytest.mark.parametrize(
    ("module", "name", "verb"),
    [
        ("bdnnlang.cli.parser", "parser", ["check"]),
        ("bdnnlang.compiler", "read_points", ["check"]),
        ("bdnnlang.compiler", "read_data", ["run"]),
        ("bdnnlang.compiler", "training_problem", ["run"]),
        ("bdnnlang.compiler", "read_data", ["plan"]),
        ("bdnnlang.compiler", "build_file", ["compile", "-o", "x.mps"]),
    ],
)
def test_a_signal_at_any_moment_is_a_line_and_a_code(tmp_path: Path, module: str, name: str, verb: list[str]) -> None:
    (tmp_path / "s.bdnn").write_text(SPEC.format(train="exact 1s", more=""))
    code = SLOW.format(module=module, name=name)
    command = [sys.executable, "-c", code, verb[0], "s.bdnn", *verb[1:]]
    with subprocess.Popen(command, cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        process.send_signal(signal.SIGINT)
        try:
            _, err = process.communicate(timeout=LATEST)
        finally:
            process.kill()
    assert process.returncode == 130
    assert err in ("bdnnc: error: interrupted\n", "")


def test_a_killed_run_leaves_no_solver_behind(tmp_path: Path) -> None:
    with started(tmp_path, train="exact 10min") as process:
        wait_for(process, lambda event: event["type"] == "bound")  # which only a solver says
        listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=True)
        process.kill()
        process.communicate()
    solvers = [int(pid) for pid in listed.stdout.split()]
    assert solvers
    deadline = time.monotonic() + LATEST
    while any(_is_running(pid) for pid in solvers):
        assert time.monotonic() < deadline, "a solver is still there"
        time.sleep(0.05)


def _is_running(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state) and not state.startswith("Z")
