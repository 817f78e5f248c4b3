"""Runs from Python: facts as they become known, time, Ctrl-C, and the report of the command line."""

import os
import signal
import threading
from pathlib import Path

import pytest
from sklearn.datasets import load_iris

import bdnnlang as bd
from api.texts import IRIS, WITHOUT_DATA
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


# ---- samples that are given


def iris() -> bd.Dataset:
    bunch = load_iris()
    rows = bunch.target > 0
    return bd.Dataset.from_arrays(bunch.data[rows], bunch.target_names[bunch.target[rows]], bunch.feature_names)


def test_samples_that_are_given_are_trained_on() -> None:
    """All hundred: the counts of the errors are those of one threshold on petals, which counting by hand confirms."""
    result = bd.train(WITHOUT_DATA, iris())
    bunch = load_iris()
    sums = (10 * bunch.data[50:, 2:]).round().sum(axis=1)
    best = min(int((sums[:50] >= t).sum() + (sums[50:] < t).sum()) for t in range(200))
    assert result.loss <= best
    assert result.accuracies == {"train": 1 - result.loss / 100}
    assert int((result.predict(bunch.data[50:]) != bunch.target_names[bunch.target[50:]]).sum()) == result.loss
    assert result.notes == bd.train(bd.load_spec(WITHOUT_DATA), iris()).notes
    assert "data     arrays: 4 features, 2 classes; 100 training (99 distinct) rows" in result.summary()


def test_they_take_the_place_of_the_block_data_and_that_is_said() -> None:
    given, without = bd.train(IRIS, iris()), bd.train(WITHOUT_DATA, iris())
    assert given.notes == ("the block `data` of the spec was not read: samples were given", *without.notes)
    assert (given.loss, given.file, given.spec) == (without.loss, without.file, without.spec)


def test_labels_of_whole_numbers_come_back_as_they_were() -> None:
    y = load_iris().target[50:]
    result = bd.train(WITHOUT_DATA, bd.Dataset.from_arrays(load_iris().data[50:], y))
    assert int((result.predict(load_iris().data[50:]) != y).sum()) == result.loss


def test_a_stage_that_selects_by_validation_needs_such_samples() -> None:
    text = IRIS.replace("scale none", "scale none, validation = 20%").replace("local_search 1s { restarts = 0 }", STAGE)
    with pytest.raises(bd.SpecError, match="E202"):
        bd.train(text, iris())


STAGE = "data_split 1s { select = validation }"
