"""What the journal has acknowledged is read back, whatever happened to the file afterwards."""

from __future__ import annotations

import json
import zlib
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from problems import with_loss

from bdnnlang.network.as_json import to_json
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.training import Incumbent
from bdnnlang.run.facts import (
    BoundProved,
    BoundReported,
    ClaimRejected,
    Fact,
    MarginAtLeast,
    ModelBuilt,
    NetworkFound,
    RunStarted,
    Samples,
    StageEnded,
    StageStarted,
    StepEnded,
    StepRecord,
    Whole,
)
from bdnnlang.run.facts_json import fact_json
from bdnnlang.run.journal import Journal, Lines, read_journal
from bdnnlang.run.state import RunState
from bdnnlang.run.status import StageStatus


def network(bias: float) -> Network:
    return Network((Layer(np.array([[0.1, -2.0]]), np.array([float(bias)])),))


def judge(of: Network) -> Incumbent:
    """Its bias is its loss."""
    return with_loss(of, int(of.layers[0].biases[0]))


def found(loss: int, seconds: float = 0.1) -> NetworkFound:
    return NetworkFound(seconds, judge(network(loss)), "a test")


def ended(number: int, loss: int, status: StageStatus = StageStatus.FEASIBLE) -> StageEnded:
    return StageEnded(number, "exact", 1.0, status, judge(network(loss)))


STARTED = RunStarted({"data": "1"}, "a schedule")
MODEL = ModelBuilt("tight", 5, 4, 3, 2, 1e-4, True)
EVERY: tuple[Fact, ...] = (
    STARTED,
    BoundProved(Fraction(1, 3)),
    StageStarted(0, "local_search", None),
    found(5),
    StepEnded("local_search", 1, StepRecord(0.5, StageStatus.FEASIBLE, None, Fraction(7, 3), start=2)),
    StageEnded(0, "local_search", 1.5, StageStatus.LOCAL_OPTIMUM, judge(network(5)), notes=("a note", "ä\n")),
    StageStarted(1, "exact", 20.0, "scip"),
    MODEL,
    BoundReported(0.5, 1.25, 7, "scip"),
    BoundProved(2, MarginAtLeast(1e-4, True), "SCIP 10", "its word"),
    BoundProved(Fraction(5, 2), Samples((0, 3, 4)), "a machine", "a proof"),
    ClaimRejected("SCIP 10", "it does not hold"),
    StageEnded(1, "exact", 3.5, StageStatus.OPTIMAL, None, (), "SCIP 10", MODEL, 2, Fraction(9, 4), 17, 0.5, 1.0),
)


def write(path: Path, *facts: Fact, keep: bool = False) -> Path:
    with Journal(path, keep=keep) as journal:
        for fact in facts:
            journal.write(fact)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal of three networks."""
    return write(tmp_path / "journal.jsonl", found(5), found(2), found(3))


def biases(path: Path) -> list[float]:
    return [float(n.layers[0].biases[0]) for n in read_journal(path).networks()]


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports of a solver are written however often they come."""
    monkeypatch.setattr("bdnnlang.run.journal.QUIET_SECONDS", 0.0)


@pytest.mark.usefixtures("patient")
def test_every_fact_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = write(tmp_path / "journal.jsonl", *EVERY)
    assert {type(fact) for fact in EVERY} == set(Fact.__args__)  # type: ignore[attr-defined]
    assert tuple(read_journal(path).facts(judge)) == EVERY


def test_a_line_is_an_object_with_a_checksum(tmp_path: Path) -> None:
    write(tmp_path / "journal.jsonl", *EVERY)
    for line in (tmp_path / "journal.jsonl").read_bytes().splitlines():
        entry = line.partition(b', "entry": ')[2][:-1]
        assert json.loads(line) == {"crc": zlib.crc32(entry), "entry": json.loads(entry)}


def test_what_is_written_of_a_network_is_not_believed(tmp_path: Path) -> None:
    forged = NetworkFound(0.1, with_loss(network(5), 0), "a forger")
    path = write(tmp_path / "journal.jsonl", STARTED, forged)
    assert list(read_journal(path).facts(judge)) == [STARTED, NetworkFound(0.1, judge(network(5)), "a forger")]
    assert list(read_journal(path).facts(lambda network: None)) == [STARTED]


def test_the_best_comes_first(path: Path) -> None:
    assert read_journal(path).networks() == [network(2.0), network(3.0), network(5.0)]


def test_a_line_is_there_when_it_is_acknowledged(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    with Journal(file) as journal:
        journal.write(found(1))
        assert biases(file) == [1.0]


def test_reports_of_a_bound_are_written_now_and_then(tmp_path: Path) -> None:
    reports = [BoundReported(0.1 * n, n, n, "scip") for n in range(9)]
    assert len(read_journal(write(tmp_path / "journal.jsonl", *reports)).entries) == 1


# ---- damage


@pytest.mark.parametrize("cut", [1, 2, 10, 40, 60])
def test_a_torn_last_line_is_passed_over(path: Path, cut: int) -> None:
    path.write_bytes(path.read_bytes()[:-cut])
    assert biases(path) == ([2.0, 3.0, 5.0] if cut == 1 else [2.0, 5.0])
    assert read_journal(path).damaged == ()


@pytest.mark.parametrize("cut", [0, 1, 2, 10, 40, 60])
def test_what_is_appended_after_a_torn_line_is_kept(path: Path, cut: int) -> None:
    path.write_bytes(path.read_bytes()[: len(path.read_bytes()) - cut])
    write(path, found(1), keep=True)
    assert biases(path) == ([1.0, 2.0, 3.0, 5.0] if cut < 2 else [1.0, 2.0, 5.0])
    assert read_journal(path).damaged == ()


@pytest.mark.parametrize("content", [b"", b"{", b'{"crc": 1', b"\n"])
def test_a_first_line_may_be_torn(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(content)
    write(path, found(1), keep=True)
    assert biases(path) == [1.0]


def test_every_damaged_byte_costs_its_line_and_no_other(path: Path) -> None:
    whole = path.read_bytes()
    first = whole.index(b"\n")
    for position in range(first):
        damaged = bytearray(whole)
        damaged[position] ^= 0x04
        path.write_bytes(bytes(damaged))
        assert biases(path)[:2] == [2.0, 3.0]
        assert biases(path)[2:] in ([], [5.0])  # a space more or less outside the entry changes nothing
        assert read_journal(path).damaged == (() if len(biases(path)) == 3 else (1,))


FOREIGN = [b"", b"null", b"{}", b"[1]", b'{"crc": 1, "entry": {}}', b"\xff\xfe", b'{"entry": {}, "crc": 0}']


@pytest.mark.parametrize("line", FOREIGN)
def test_foreign_lines_are_passed_over_and_said(path: Path, line: bytes) -> None:
    path.write_bytes(line + b"\n" + path.read_bytes() + line + b"\n")
    assert biases(path) == [2.0, 3.0, 5.0]
    assert read_journal(path).damaged == (1, 5)


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("fact", EVERY, ids=lambda fact: type(fact).__name__)
def test_a_line_with_other_members_is_no_fact(tmp_path: Path, fact: Fact) -> None:
    """As of a later version: the others count."""
    path = write(tmp_path / "journal.jsonl", STARTED, fact)
    lines = path.read_text().splitlines()
    entry = json.loads(lines[1])["entry"]
    for changed in ({**entry, "fact": "Another"}, {"fact": entry["fact"], "another": 1}, {"fact": None}):
        body = json.dumps(changed)
        path.write_text(f'{lines[0]}\n{{"crc": {zlib.crc32(body.encode())}, "entry": {body}}}\n')
        assert list(read_journal(path).facts(judge))[:1] == ([STARTED] if changed["fact"] != "RunStarted" else [])


# ---- runs


def test_a_new_journal_begins_anew_unless_it_is_to_be_kept(path: Path) -> None:
    write(path, keep=True)
    assert len(biases(path)) == 3
    write(path)
    assert biases(path) == []


def test_a_stage_that_ended_as_no_version_knows_is_not_finished(tmp_path: Path) -> None:
    path = write(tmp_path / "journal.jsonl", STARTED, StageStarted(0, "exact", None))
    unknown = json.dumps(fact_json(ended(0, 1)) | {"status": "splendid"})
    path.write_text(path.read_text() + f'{{"crc": {zlib.crc32(unknown.encode())}, "entry": {unknown}}}\n')
    lines = read_journal(path)
    assert (len(lines.entries), lines.damaged) == (3, ())
    assert lines.recall(goes_on=True)(judge).finished == 0


def test_a_journal_may_be_kept_before_there_is_one(tmp_path: Path) -> None:
    """A run may be killed before it has written anything."""
    assert read_journal(tmp_path / "journal.jsonl") == Lines()
    write(tmp_path / "journal.jsonl", found(1), keep=True)
    assert biases(tmp_path / "journal.jsonl") == [1.0]


def test_the_networks_of_stages_are_found_by_number(tmp_path: Path) -> None:
    """Of a journal that was carried on with, all of them; other lines count for nothing."""
    path = write(tmp_path / "journal.jsonl", found(5), ended(0, 4))
    write(path, ended(0, 3), found(2), ended(1, 1), keep=True)
    assert read_journal(path).ended_with() == {0: [network(4), network(3)], 1: [network(1)]}


FIRST = [STARTED, StageStarted(0, "exact", None), ended(0, 1)]
SECOND = StageStarted(1, "exact", None)


@pytest.mark.parametrize(
    ("facts", "schedule", "goes_on"),
    [
        ([STARTED], "a schedule", True),
        ([STARTED], "another", False),
        ([found(1)], "a schedule", False),
        (FIRST, "a schedule", True),
        ([*FIRST, STARTED], "a schedule", True),
        ([*FIRST, SECOND, ended(1, 1)], "a schedule", False),
        ([*FIRST, SECOND, ended(1, 1, StageStatus.INTERRUPTED)], "a schedule", True),
    ],
)
def test_a_run_goes_on_where_stages_are_unfinished(tmp_path: Path, facts: list[Fact], schedule: str, goes_on: bool) -> None:
    lines = read_journal(write(tmp_path / "journal.jsonl", *facts))
    assert lines.goes_on_with(RunStarted({"data": "1"}, schedule), 2, has_ended=True) == goes_on


def test_a_run_that_was_killed_before_its_results_were_written_only_writes_them(tmp_path: Path) -> None:
    lines = read_journal(write(tmp_path / "journal.jsonl", *FIRST))
    assert lines.goes_on_with(STARTED, 1, has_ended=False)
    assert not lines.goes_on_with(STARTED, 1, has_ended=True)


def test_what_is_recalled(tmp_path: Path) -> None:
    """The best network of all runs in a journal; stages of the last one only, and only if it goes on."""
    lines = read_journal(write(tmp_path / "journal.jsonl", found(1), *FIRST, STARTED, BoundProved(0), found(2)))
    assert lines.recall(goes_on=True)(judge) == RunState(STARTED, judge(network(1)), (BoundProved(0),))
    assert lines.recall(goes_on=False)(judge) == RunState(best=judge(network(1)))


# ---- version 0.1


def old(path: Path, *entries: object) -> Path:
    bodies = [json.dumps(entry) for entry in entries]
    path.write_text("".join(f'{{"crc": {zlib.crc32(body.encode())}, "entry": {body}}}\n' for body in bodies))
    return path


def test_a_journal_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    path = old(
        tmp_path / "journal.jsonl",
        {"question": {"data": "1"}},
        {"seconds": 0.0, "loss": 5, "network": to_json(network(5))},
        {"seconds": 0.1, "loss": 4.0, "stage": 0, "network": to_json(network(4))},
    )
    lines = read_journal(path)
    assert lines.question == {"data": "1"}
    assert lines.networks() == [network(4), network(5)]
    assert lines.ended_with() == {0: [network(4)]}
    assert not lines.goes_on_with(STARTED, 1, has_ended=False)
    assert lines.recall(goes_on=False)(judge).best == judge(network(4))
    assert Whole() == BoundProved(0).scope
