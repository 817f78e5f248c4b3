"""What a cell is taken for, and what number it stands for: exactly, in the style of its file."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bdnnlang.data.text.cells import PLAIN, Kind, Marks, Quantity, Style, is_exact, marks_of, quantity, read_number
from bdnnlang.language.spec import Csv, Label


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        (Kind.MISSING, ["", "NA", "na", "N/A", "#N/A", "?", "NaN", "nan", "NULL", "null"]),
        (Kind.NUMBER, ["5", "-3.5", "+1", ".5", "1E-12", "1e400", "inf", "20240105", "\u22125"]),
        (Kind.QUANTITY, ["12%", "$1.20", "€ 3", "-$1.20", "US$ 3", "Rs. 30", "3 EUR", "40kg", "40 kg", "9.81 m/s²", "20 °C"]),
        (Kind.QUANTITY, ["1,5", "1,250", "1.234,56", "1,234.56", "1'234.56", "1 234", "1\u00a0234", "0x1F", "3,14e5"]),
        (Kind.DATE, ["2024-01-05", "2024/1/5", "05.01.2024", "5.1.24", "12/31/2024", "31-12-2024", "2024-01"]),
        (Kind.DATE, ["2024-01-05T12:30:00Z", "2024-01-05 12:30:01.5+02:00", "12:30", "9:05 pm", "5 Jan 2024", "Jan 5, 2024"]),
        (Kind.TEXT, ["r12", "A1", "n5x", "yes", "10-20", "192.168.0.1", "1_000", "2024-13-40", "None", "-", ".", "1.2.3"]),
    ],
)
def test_kinds(kind: Kind, cells: list[str]) -> None:
    assert {cell: PLAIN.kind(cell) for cell in cells} == dict.fromkeys(cells, kind)


def test_units() -> None:
    assert quantity("-$ 1.20") == Quantity("-1.20", "$", "")
    assert quantity("1.234,5 kg") == Quantity("1.234,5", "", "kg")
    assert quantity("job 12") is None


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("1,5", Marks(decimal=",")),
        ("0,125", Marks(decimal=",")),
        ("1250,125", Marks(decimal=",")),
        ("1,250", Marks(thousands=",", is_clear=False)),
        ("1,250,000", Marks(thousands=",")),
        ("1.250.000", Marks(thousands=".")),
        ("1.234,56", Marks(decimal=",", thousands=".")),
        ("1,234.56", Marks(decimal=".", thousands=",")),
        ("1'234.56", Marks(decimal=".", thousands="'")),
        ("1\u202f234,5", Marks(decimal=",", thousands=" ")),
        ("1 234", Marks(thousands=" ")),
        ("1,23,456", None),
        ("12,34.5", None),
    ],
)
def test_how_numbers_are_written(text: str, marks: Marks | None) -> None:
    assert marks_of(text) == marks


@pytest.mark.parametrize(
    ("decimal", "thousands", "text", "number"),
    [
        (",", None, "1,5", 1.5),
        (",", None, "3", 3.0),
        (",", None, "1,5e3", 1500.0),
        (",", None, "1.5", None),
        (".", ",", "1,250", 1250.0),
        (".", ",", "-12,345,678.5", -12345678.5),
        (".", ",", "950", 950.0),
        (".", ",", "1,25", None),
        (".", ",", "1250,000", None),
        (",", ".", "1.234,56", 1234.56),
        (",", ".", "1.5", None),
        (".", " ", "1\u00a0234.5", 1234.5),
        (".", "'", "1\u2019234", 1234.0),
    ],
)
def test_styles(decimal: str, thousands: str | None, text: str, number: float | None) -> None:
    assert Style(decimal, thousands).number(text) == number


def test_what_counts_as_missing_is_chosen() -> None:
    style = Style.of(Csv("t.csv", missing=(Label("-"), Label("None"), Label(-9), Label(0.5))))
    assert all(map(style.is_missing, ["", "-", "None", "none", "-9", "-9.0", "-9e0", "0.50"]))
    assert not any(map(style.is_missing, ["NA", "?", "9", "--"]))
    assert [Style(missing=()).is_missing(text) for text in ("", "NA")] == [True, False]


@pytest.mark.parametrize("text", ["0.1", "0.30000000000000004", "123456789012345", "9007199254740992", "1e22", "5e-324", "-0.0"])
def test_numbers_that_are_what_is_written(text: str) -> None:
    assert is_exact(text, float(text))


@pytest.mark.parametrize(
    "text", ["0.100000000000000001", "9007199254740993", "1e-400", "1.000000000000000056e-01", "1e-" + "9" * 30]
)
def test_numbers_that_are_not(text: str) -> None:
    assert not is_exact(text, float(text))


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
@example(Decimal("1e-320"))
def test_exact_is_what_decimals_say(value: Decimal) -> None:
    text = str(value)
    assert is_exact(text, float(text)) == (Decimal(repr(float(text))) == value)


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 15))
def test_rounding_gives_an_exact_decimal(value: float, digits: int) -> None:
    plain = Style(round_to=digits).plain(f"{value:.18e}")
    assert plain is not None
    assert len(Decimal(plain).as_tuple().digits) <= max(digits, len(repr(value)) - 1)
    assert abs(Decimal(plain) - Decimal(value)) <= abs(Decimal(value)) * Decimal(10) ** (1 - digits)
    assert is_exact(plain, float(plain)) or abs(value) < 1e-300


def test_read_number() -> None:
    assert [read_number(text) for text in ("1", "x", "nan", "1_0")] == [1.0, None, None, None]
