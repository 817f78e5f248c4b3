"""Aligned columns, in the columns of a terminal."""

from __future__ import annotations

from bdnnlang.report.text_table import aligned, counted, fit, percent, width


def test_columns_are_aligned() -> None:
    assert aligned([["a", "1", "x"], ["bcd", "1,000"], ["世", "7", "yz"]]) == ["a        1   x", "bcd  1,000", "世       7  yz"]
    assert aligned([["a", "b", "c"], ["aa", "bb", "c"]], left=(0, 1)) == ["a   b   c", "aa  bb  c"]
    assert aligned([]) == []


def test_names_fit_on_a_line() -> None:
    assert fit("short") == "short"
    assert fit("one\ntwo\tthree\x1b[0m") == "one two three [0m"
    assert fit("abcdefghij", 5) == "ab…ij"
    assert width(fit("世" * 40, 9)) <= 9


def test_shares_and_counts() -> None:
    assert (percent(None), percent(1.0), percent(2 / 3)) == ("–", "100.0 %", "66.7 %")
    assert [counted(1, "row"), counted(2000, "row"), counted(2, "class"), counted(3, "category")] == [
        "1 row", "2,000 rows", "2 classes", "3 categories",
    ]  # fmt: skip
