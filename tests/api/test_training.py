"""Runs from Python: facts as they become known, time, Ctrl-C, and the report of the command line."""

import os
import signal
import threading
from pathlib import Path

import pytest

import bdnnlang as bd
from api.texts import IRIS
from bdnnlang.cli import main


def test_facts_are_told_in_order_and_kept() -> None:
    seen: list[object] = []
    result = bd.train(IRIS, on_fact=seen.append)
    assert tuple(seen) == result.facts
    assert [type(fact).__name__ for fact in seen if "Stage" in type(fact).__name__] == ["StageStarted", "StageEnded"]


def test_what_a_callback_raises_ends_the_run() -> None:
    def stop(fact: object) -> None:
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        bd.train(IRIS, on_fact=stop)


@pytest.mark.parametrize("time", [0, -1, float("nan"), float("inf")])
def test_a_time_that_is_none(time: float) -> None:
    with pytest.raises(ValueError, match="`time` must be seconds"):
        bd.train(IRIS, time=time)


def test_the_summary_is_the_report_of_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.bdnn").write_text(IRIS, encoding="utf-8")
    result = bd.train(tmp_path / "x.bdnn")
    assert main(["run", str(tmp_path / "x.bdnn"), "--out", str(tmp_path / "run")]) == 0
    report = (tmp_path / "run" / "report.txt").read_text(encoding="utf-8")
    assert untimed(result.summary()) == untimed(report)


def untimed(report: str) -> list[str]:
    return [line for line in report.splitlines() if not line.lstrip().startswith(("time", "local_search"))]


def test_ctrl_c_keeps_the_best_network_so_far() -> None:
    """The first one ends the run; the handler that was there before is back afterwards."""
    before = signal.getsignal(signal.SIGINT)
    seen: list[object] = []

    def stop(fact: object) -> None:
        seen.append(fact)
        if len(seen) == 2:
            os.kill(os.getpid(), signal.SIGINT)

    result = bd.train(IRIS.replace("{ restarts = 0 }", "").replace("1s", "100s"), on_fact=stop)
    assert result.status == "interrupted"
    assert result.network is not None
    assert signal.getsignal(signal.SIGINT) is before


def test_a_run_in_a_thread_leaves_signals_alone() -> None:
    found: list[bd.Result] = []
    thread = threading.Thread(target=lambda: found.append(bd.train(IRIS)))
    thread.start()
    thread.join()
    assert found[0].loss == 3


def test_stages_that_have_something_to_say_are_in_the_notes() -> None:
    result = bd.train(IRIS)
    assert result.notes == ("local_search: 1 starts, 42 lines searched",)
