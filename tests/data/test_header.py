"""Whether the first line names the columns: decided from the lines below it, said, and settled by the spec."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from bdnnlang.data.sources import read_table
from bdnnlang.data.text.cells import Style
from bdnnlang.data.text.header import Header, names_columns
from bdnnlang.language.spec import Csv

from .conftest import Loader, Refuser


def decided(text: str, delimiter: str = ",") -> bool | None:
    first, *below = (line.split(delimiter) for line in text.strip().splitlines())
    return names_columns(first, below, Style())


NUMBERS = "46,7.9,1\n67,4.7,1\n30,2.5,0\n27,1.7,0\n"
LABELS = "46,7.9,ill\n67,4.7,ill\n30,2.5,well\n27,1.7,well\n"
BOARDS = "x,x,o,b,win\nx,o,o,b,win\no,x,x,b,loss\nb,b,x,o,win\no,o,x,x,loss\nb,b,o,o,loss\nx,b,o,x,win\n"
DATES = "2024-01-05,12%,yes\n2024-02-05,13%,yes\n2024-03-05,14%,no\n2024-04-05,15%,no\n"


@pytest.mark.parametrize("rows", [NUMBERS, LABELS, BOARDS, DATES])
def test_every_row_of_a_table_without_a_header_looks_like_a_sample(rows: str) -> None:
    lines = rows.splitlines()
    for first in range(len(lines)):
        assert decided("\n".join(lines[first:] + lines[:first])) is False


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("age,dose,state", NUMBERS),
        ("age,dose,state", LABELS),
        ("age,,state", LABELS),
        (",dose,state", LABELS),
        ("one,two,three,four,result", BOARDS),
        ("day,growth,state", DATES),
        ("2019,growth,state", LABELS),
        ("2019,2020,state", "46,7.9,1\n67,4.7,1\n30,2.5,0\n"),
        ("0,1,2", NUMBERS),
        ("1,2,3", NUMBERS),
        ("0,1,state", LABELS),
    ],
)
def test_headers(header: str, rows: str) -> None:
    assert decided(f"{header}\n{rows}") is True


@pytest.mark.parametrize(
    ("first", "rows"),
    [
        ("2019,2020,state", LABELS),  # names that are numbers, or the only sample of a class
        ("old,7.9,ill", LABELS),  # a name, or a mistake
        ("0,1,2", "1,1,2\n0,1,2\n2,0,1\n0,1,0\n"),  # the numbers of the columns, or a sample
    ],
)
def test_what_cannot_be_told(first: str, rows: str) -> None:
    assert decided(f"{first}\n{rows}") is None


@pytest.mark.parametrize("code", ["", "NA", "?", "-", ".", "None"])
def test_a_code_for_missing_is_no_name(code: str) -> None:
    assert decided(f"{code},7.9,ill\n{LABELS}") is False


def test_a_value_of_a_column_may_be_its_name() -> None:
    assert decided("win,a,b,c,result\n" + BOARDS.replace("x,x", "win,x")) is True


def test_where_nothing_speaks_against_it_the_first_line_is_a_header() -> None:
    assert decided("a,b\nc,d\ne,f") is True
    assert decided("a,b") is True


@given(st.lists(st.sampled_from("ab"), min_size=6, max_size=30), st.integers(0, 10**6))
@settings(max_examples=examples(60))
def test_measurements_with_a_text_label(labels: list[str], seed: int) -> None:
    dice = random.Random(seed)
    rows = [f"{dice.randint(0, 99)},{dice.random():.3f},{label}" for label in [*labels, "a", "a", "b", "b"]]
    assert decided("\n".join(rows)) is False or "a" not in labels[1:]
    assert decided("\n".join(["n,share,kind", *rows])) is True


def test_a_file_without_a_header_keeps_its_first_sample(load_csv: Loader) -> None:
    data = load_csv(LABELS * 3, test=0)
    assert (data.rows, data.features, data.classes) == (12, ("x1", "x2"), ("ill", "well"))
    assert data.train.raw[0].tolist() == [46, 7.9]
    assert data.header == Header(names=False, settled=False)
    (warning,) = (one for one in data.warnings if one.code == "W241")
    assert warning.message == "the first line of `t.csv` looks like a sample: its columns are called `x1`, `x2`, `x3`"


def test_the_spec_settles_it(load_csv: Loader) -> None:
    without = load_csv(LABELS * 3, header=False, test=0)
    assert (without.rows, without.header) == (12, Header(names=False, settled=True))
    assert "W241" not in {one.code for one in without.warnings}
    named = load_csv("46,7.9,ill\n" + "1,2,well\n3,4,ill\n" * 3, header=True, test=0)
    assert (named.rows, named.features) == (6, ("46", "7.9"))


def test_said() -> None:
    assert Header(names=True, settled=False).summary(["a", "b"]) == "first line taken as header"
    assert Header(names=False, settled=True).summary(["x1", "x2", "x3"]) == "no header: columns x1 … x3"
    assert Header(names=False, settled=True).summary(["x1"]) == "no header: column x1"


def test_a_header_that_stands_again_below(refuse_csv: Refuser) -> None:
    part = "age,dose,state\n" + LABELS
    (diagnostic,) = refuse_csv(part * 3)
    assert diagnostic.code == "E214"
    assert "stands again in line 6, and in 1 more line" in diagnostic.message


def test_only_a_text_file_has_a_header(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("age,dose,state\n" + LABELS)
    assert read_table(Csv("t.csv"), tmp_path).header == Header(names=True, settled=False)
