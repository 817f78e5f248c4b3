"""A solver that is a program: followed line by line, ended in time, and never left behind."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest
from fake_runs import gone
from milps import knapsack

from bdnnlang.solve import program
from bdnnlang.solve.outcome import Limits, Link, Status
from bdnnlang.solve.program import answer, ended_by, least, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
PATIENT = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); signal.signal(signal.SIGTERM, signal.SIG_IGN);"


class Program:
    """A program in Python, what it printed and how it ended."""

    def __init__(
        self, code: str, folder: Path, *, seconds: float | None = None, keeps: bool = True, stop_at: str | None = None
    ) -> None:
        self.lines: list[str] = []
        stop = threading.Event()
        self.link = Link(lambda event: None, knapsack(), Limits(seconds=seconds), stop)

        def follow(line: str) -> None:
            self.lines.append(line)
            if line == stop_at:
                stop.set()

        began = time.monotonic()
        self.code = run([sys.executable, "-c", code], folder, self.link, follow, keeps=keeps)
        self.seconds = time.monotonic() - began


def test_every_line_and_the_exit_code(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    done = Program("import sys; print('one\\n\\ntwo'); sys.stderr.write('three'); sys.exit(3)", tmp_path)
    assert (done.lines, done.code) == (["one", "", "two", "three"], 3)
    assert capfd.readouterr().out == "one\n\ntwo\nthree\n"
    assert ended_by(done.code, None, done.link) is Status.FAILED


def test_a_line_is_heard_while_the_program_works(tmp_path: Path) -> None:
    done = Program("import time; print('now'); time.sleep(60)", tmp_path, stop_at="now")
    assert done.seconds < 30
    assert done.lines[0] == "now"


def test_a_stop_lets_it_write_its_answer(tmp_path: Path) -> None:
    code = """
import time
try:
    print('at work', flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    open('answer', 'w').write('kept')
"""
    done = Program(code, tmp_path, stop_at="at work")
    assert (done.code, (tmp_path / "answer").read_text()) == (0, "kept")
    assert ended_by(done.code, None, done.link) is Status.INTERRUPTED


@pytest.mark.parametrize("keeps", [True, False])
def test_one_that_does_not_obey_is_killed(keeps: bool, tmp_path: Path) -> None:
    done = Program(PATIENT + "print('deaf', flush=True); time.sleep(60)", tmp_path, keeps=keeps, stop_at="deaf")
    assert done.code == -9
    assert program.PATIENCE <= done.seconds < 30


def test_one_that_goes_on_past_its_time_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "OVERTIME", 0.2)
    done = Program("import time; time.sleep(60)", tmp_path, seconds=0.1)
    assert done.code == -9
    assert ended_by(done.code, None, done.link) is Status.NO_SOLUTION


def test_an_exception_while_it_is_followed_ends_it(tmp_path: Path) -> None:
    seen: list[int] = []

    def follow(line: str) -> None:
        seen.append(int(line))
        raise KeyError("a wheel came off")

    link = Link(lambda event: None, knapsack(), Limits(), threading.Event())
    with pytest.raises(KeyError, match="a wheel came off"):
        run([sys.executable, "-c", "import os, time; print(os.getpid()); time.sleep(60)"], tmp_path, link, follow, keeps=True)
    assert gone(seen[0])


@pytest.mark.skipif(sys.platform != "linux", reason="prctl")
def test_it_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    child, held = os.pipe()
    if not (parent := os.fork()):
        link = Link(lambda event: None, knapsack(), Limits(), threading.Event())
        code = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
        run([sys.executable, "-c", code], tmp_path, link, lambda line: os.write(held, f"{line}\n".encode()) and None, keeps=True)
        os._exit(0)
    os.close(held)
    pid = int(os.read(child, 100))
    os.kill(parent, 9)
    os.waitpid(parent, 0)
    os.close(child)
    assert gone(pid)


@pytest.mark.parametrize(
    ("text", "digits", "least_value"), [("9.99999", 6, 9.99994), ("0", 6, 0.0), ("-2.5e+01", 10, -25.0000000125)]
)
def test_a_bound_is_no_more_than_what_may_have_been_rounded_up(text: str, digits: int, least_value: float) -> None:
    assert least(text, digits) == pytest.approx(least_value, rel=1e-9, abs=0)
    assert least(text, digits) <= float(text)


def test_an_answer_counts_only_if_it_satisfies_the_program(tmp_path: Path) -> None:
    head, right = "Optimal - objective value -13.50000000\n", "      1 x_1  1  -6\n      2 x_2  1  -9\n      5 ONE  1  1.5\n"
    file = tmp_path / "answer.txt"
    assert answer(file, knapsack()) is None
    file.write_text(head + right)
    found = answer(file, knapsack())
    assert found is not None
    assert found.tolist() == [0, 1, 1, 0, 0]
    file.write_text(head + "      0 x_0  1  -4\n" + right)  # too heavy
    assert answer(file, knapsack()) is None
    file.write_text(head + right.replace("x_2  1", "x_2  0.5"))
    assert answer(file, knapsack()) is None
