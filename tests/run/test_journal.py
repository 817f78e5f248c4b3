"""What the journal has acknowledged is read back, whatever happened to the file afterwards."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bdnnlang.network.network import Layer, Network
from bdnnlang.run.journal import Journal, read_journal, stage_networks


def network(bias: float) -> Network:
    return Network((Layer(np.array([[0.1, -2.0]]), np.array([bias])),))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal of three networks whose biases are their losses."""
    file = tmp_path / "journal.jsonl"
    with Journal(file) as journal:
        for loss in (5, 2, 3):
            journal.incumbent(0.1, loss, network(float(loss)))
    return file


def biases(path: Path) -> list[float]:
    return [float(n.layers[0].biases[0]) for n in read_journal(path)]


def test_the_best_comes_first(path: Path) -> None:
    assert read_journal(path) == [network(2.0), network(3.0), network(5.0)]


def test_a_line_is_there_when_it_is_acknowledged(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    with Journal(file) as journal:
        journal.incumbent(0.0, 1, network(1.0))
        assert biases(file) == [1.0]


@pytest.mark.parametrize("cut", [1, 2, 10, 40, 60])
def test_a_torn_last_line_is_passed_over(path: Path, cut: int) -> None:
    path.write_bytes(path.read_bytes()[:-cut])
    assert biases(path) == ([2.0, 3.0, 5.0] if cut == 1 else [2.0, 5.0])


@pytest.mark.parametrize("cut", [0, 1, 2, 10, 40, 60])
def test_what_is_appended_after_a_torn_line_is_kept(path: Path, cut: int) -> None:
    path.write_bytes(path.read_bytes()[: len(path.read_bytes()) - cut])
    with Journal(path, keep=True) as journal:
        journal.incumbent(0.2, 1, network(1.0))
    assert biases(path) == ([1.0, 2.0, 3.0, 5.0] if cut < 2 else [1.0, 2.0, 5.0])


def test_every_damaged_byte_costs_its_line_and_no_other(path: Path) -> None:
    whole = path.read_bytes()
    first = whole.index(b"\n")
    for position in range(first):
        damaged = bytearray(whole)
        damaged[position] ^= 0x04
        path.write_bytes(bytes(damaged))
        assert biases(path)[:2] == [2.0, 3.0]
        assert biases(path)[2:] in ([], [5.0])  # a space more or less outside the entry changes nothing


FOREIGN = [b"", b"null", b"{}", b"[1]", b'{"crc": 1, "entry": {}}', b"\xff\xfe", b'{"entry": {}, "crc": 0}']


@pytest.mark.parametrize("line", FOREIGN)
def test_foreign_lines_are_passed_over(path: Path, line: bytes) -> None:
    path.write_bytes(line + b"\n" + path.read_bytes() + line)
    assert biases(path) == [2.0, 3.0, 5.0]


def test_a_new_journal_begins_anew_unless_it_is_to_be_kept(path: Path) -> None:
    with Journal(path, keep=True):
        pass
    assert len(biases(path)) == 3
    with Journal(path):
        pass
    assert biases(path) == []


def test_a_journal_may_be_kept_before_there_is_one(tmp_path: Path) -> None:
    """A run may be killed before it has written anything."""
    assert read_journal(tmp_path / "journal.jsonl") == []
    with Journal(tmp_path / "journal.jsonl", keep=True) as journal:
        journal.incumbent(0.0, 1, network(1.0))
    assert biases(tmp_path / "journal.jsonl") == [1.0]


def test_the_networks_of_stages_are_found_by_number(tmp_path: Path) -> None:
    """Of a journal that was carried on with, all of them; other lines and damaged ones count for nothing."""
    path = tmp_path / "journal.jsonl"
    first, second, third = (Network((Layer(np.array([[w]]), np.array([0.0])),)) for w in (1.0, 2.0, 3.0))
    with Journal(path) as journal:
        journal.incumbent(0.0, 5, first)
        journal.incumbent(0.1, 4, second, stage=0)
    with Journal(path, keep=True) as journal:
        journal.incumbent(0.2, 3, third, stage=0)
        journal.incumbent(0.3, 3, first, stage=1)
    text = path.read_text()
    assert stage_networks(text) == {0: [second, third], 1: [first]}
    assert stage_networks(text.replace("[[2]]", "[[7]]")) == {0: [third], 1: [first]}
    assert stage_networks("") == {}
