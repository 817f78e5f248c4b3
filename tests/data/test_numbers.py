"""Numbers as files write them: other decimal points, grouped digits, codes for missing, more digits than float64 has."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bdnnlang.data.dataset import equal_rows
from bdnnlang.language.spec import Column, Drop, Impute, Label, OneHot, Scale

from .conftest import Loader, Refuser


def column(*cells: str) -> str:
    return "a,y\n" + "".join(f'"{cell}",{"no" if i < len(cells) / 2 else "yes"}\n' for i, cell in enumerate(cells))


@pytest.mark.parametrize(
    ("cells", "hint"),
    [
        (["350", "950", "1,250", "2,000"], 'write `thousands = ","` if `1,250` is 1250, or `decimal = ","` if it is 1.250'),
        (["350", "950", "1,250", "2,000,000"], 'write `thousands = ","`'),
        (["1,250", "2,5", "3,5", "4,25"], 'write `decimal = ","`'),
        (["1.250,5", "2.000,5", "7,5", "9,5"], 'write `decimal = ","` and `thousands = "."`'),
        (["1,250.5", "2,000.5", "7.5", "9.5"], 'write `thousands = ","`'),
        (["1'250.5", "2'000.5", "7.5", "9.5"], 'write `thousands = "\'"`'),
        (["1 250", "2 000", "7", "9"], 'write `thousands = " "`'),
        (["1", "2", "12%", "9"], "write the number alone, or `units [a]` if all values have this unit"),
        (["1", "2", "2024-01-05", "9"], "it looks like a date: write a number, or `drop [a]`"),
        (["1", "2", "0x1F", "9"], "write the number in base 10"),
        (["1", "2", "-", "9"], 'if `-` marks a missing value, write `missing = ["-"]` and `impute median`'),
        (["1", "2", "None", "9"], 'if `None` marks a missing value, write `missing = ["None"]` and `impute median`'),
    ],
)
def test_hints(refuse_csv: Refuser, cells: list[str], hint: str) -> None:
    (diagnostic,) = refuse_csv(column(*cells))
    assert (diagnostic.code, diagnostic.hint) == ("E209", hint)


@pytest.mark.parametrize(
    ("cells", "style"),
    [
        (["1.250,5", "-2.000", "7,25", "9"], {"decimal": ",", "thousands": "."}),
        (["1,250.5", "-2,000", "7.25", "9"], {"thousands": ","}),
        (["1\u2019250.5", "-2'000", "7.25", "9"], {"thousands": "'"}),
        (["1\u00a0250,5", "\u22122 000", "7,25", "9"], {"thousands": " ", "decimal": ","}),
    ],
)
def test_styles(load_csv: Loader, cells: list[str], style: dict[str, str]) -> None:
    assert load_csv(column(*cells), steps=(Scale("none"),), test=0, **style).train.raw[:, 0].tolist() == [1250.5, -2000, 7.25, 9]


def test_codes_for_missing(load_csv: Loader) -> None:
    text = column("1", "-", "-9", "-9.0", "None", "3")
    data = load_csv(text, missing=(Label("-"), Label("None"), Label(-9)), steps=(Impute("median"), Scale("none")), test=0)
    assert data.train.raw[:, 0].tolist() == [1, 2, 2, 2, 2, 3]


def test_a_class_that_is_called_as_a_missing_value(load_csv: Loader, refuse_csv: Refuser) -> None:
    text = column(*"123456").replace("yes", "NA")
    (diagnostic,) = refuse_csv(text)
    assert "column `y`: the class is missing, since `NA` counts as missing, and in 2 more lines" in diagnostic.message
    assert "write `missing = []`" in diagnostic.hint
    assert load_csv(text, missing=()).classes == ("NA", "no")
    assert load_csv(text.replace("NA", "None")).classes == ("None", "no")


def test_numbers_that_would_be_merged(refuse_csv: Refuser) -> None:
    (diagnostic,) = refuse_csv(column("0.1", "0.100000000000000002", "0.100000000000000003", "0.2"))
    assert diagnostic.code == "E241"
    assert diagnostic.message == (
        "line 3 of `t.csv`, column `a`: `0.100000000000000002` would be read as `0.1`, and so would `0.1` in line 2"
    )
    assert "`round_to = 15`" in diagnostic.hint
    assert "`drop [a]`" in diagnostic.hint


@pytest.mark.parametrize("cells", [["9007199254740993", "1", "2", "3"], ["1.000000000000000056e-01", "1", "2", "3"]])
def test_a_number_that_float64_does_not_hold(refuse_csv: Refuser, load_csv: Loader, cells: list[str]) -> None:
    (diagnostic,) = refuse_csv(column(*cells))
    assert diagnostic.code == "E241"
    data = load_csv(column(*cells), round_to=15, steps=(Scale("none"),), test=0)
    assert data.train.exact_row(0)[0] in (Fraction(9007199254740990), Fraction(1, 10))


def test_too_many_digits_in_a_column_that_is_not_used(load_csv: Loader) -> None:
    text = "i,a,y\n" + "".join(f"0.10000000000000000{i},{i},{i % 2}\n" for i in range(8))
    assert load_csv(text, steps=(Drop((Column("i"),)),)).features == ("a",)


@pytest.mark.parametrize("cell", ["1e-400", "-1e400", "1e101", "1e-101"])
def test_numbers_out_of_range(refuse_csv: Refuser, cell: str) -> None:
    (diagnostic,) = refuse_csv(column(cell, "1", "2", "3"))
    assert f"`{cell}` is not between 1e-100 and 1e100 in size" in diagnostic.message or "e+101" in diagnostic.message


def test_categories_and_labels_are_compared_as_written(load_csv: Loader) -> None:
    numbers = [f"0.10000000000000000{i}" for i in range(4)] * 2
    data = load_csv(column(*numbers), steps=(OneHot((Column("a"),)),), test=0)
    assert len(set(equal_rows(data.train).tolist())) == 4
    labels = "a,y\n" + "".join(f"{i},0.10000000000000000{i % 2}\n" for i in range(8))
    assert load_csv(labels).classes == ("0.1", "0.100000000000000001")


@pytest.mark.parametrize("mark", ["-", "---", "–", "<NA>", "(missing)", "NA", "?"])
def test_another_mark_for_missing(refuse_csv: Refuser, load_csv: Loader, mark: str) -> None:
    text = column(mark, "*", "1", "2", "3")
    (diagnostic,) = refuse_csv(text, missing=(Label("*"), Label(-9)), steps=(Impute("median"),))
    assert f'write `missing = ["*", -9, "{mark}"]` and `impute median`' in diagnostic.hint
    assert load_csv(text, missing=(Label("*"), Label(-9), Label(mark)), steps=(Impute("median"),), test=0).features == ("a",)


def test_a_hint_does_not_contradict_thousands(refuse_csv: Refuser) -> None:
    (diagnostic,) = refuse_csv(column("1,25", "1,250", "3", "4"), thousands=",")
    assert "`1,25` is not a number" in diagnostic.message
    assert "decimal" not in diagnostic.hint
    assert "groups of three digits between `,`" in diagnostic.hint


def test_a_category_called_na(refuse_csv: Refuser, load_csv: Loader) -> None:
    text = column("NA", "EU", "US", "NA")
    (diagnostic,) = refuse_csv(text)
    assert "the value is missing, where `NA` counts as missing" in diagnostic.message
    assert "`missing = []`" in diagnostic.hint
    assert load_csv(text, missing=(), test=0).features == ("a=EU", "a=NA", "a=US")
