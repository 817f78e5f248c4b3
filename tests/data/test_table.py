"""Columns are found by name, by name as a word, or by number; one table of names serves any number of look-ups."""

from __future__ import annotations

import numpy as np
import pytest

from bdnnlang.data.table import Cells, Names, Table, called, raw_column
from bdnnlang.data.text.cells import PLAIN


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("a b (cm)", 0),
        ("a_b_cm", 0),
        ("a b cm", 0),
        ("x", 1),
        ("2", 3),
        (2, 3),  # a name before a number
        (1, 0),
        (6, 5),
        (7, None),
        (0, None),
        ("u_v", None),  # two columns have this word
        ("u v", 2),
        ("nowhere", None),
        ("", None),
    ],
)
def test_finding_a_column(key: str | int, place: int | None) -> None:
    assert Names(["a b (cm)", "x", "u v", "2", "u-v", "x"]).find(key) == place


def test_names_as_they_are_known() -> None:
    assert called(["a_b", "y"], ["a b", "z", "Y", "y"]) == ["a_b", "z", "Y", "y"]


def test_rows_keep_their_place_in_the_source() -> None:
    whole = Table("t", (raw_column("a", Cells("12345"), PLAIN),), np.arange(2, 7), "")
    part = whole.take(np.array([1, 3, 4])).take(np.array([0, 2]))
    assert (part.rows, part.source_rows) == (2, 5)
    assert part.lines.tolist() == [3, 6]
    assert part.places(np.array([1])).tolist() == [4]
    assert part.columns[0].numbers.tolist() == [2, 5]


def test_cells_are_looked_at_once_each() -> None:
    """A number is stored in as few bytes as hold all of its column, a text only where a number does not say it all."""
    column = raw_column("a", Cells([" 1", "1", "NA", "", "2"]), PLAIN)
    assert column.numbers.tolist()[:2] + column.numbers.tolist()[4:] == [1, 1, 2]
    assert column.missing.tolist() == [False, False, True, True, False]
    assert (column.texts, column.codes) == (None, ("NA",))
    cells = Cells()
    for _ in range(3):
        cells.extend(["255", "0"])
    column = raw_column("a", cells, PLAIN)
    assert (column.stored.dtype, column.numbers.dtype, column.numbers.tolist()) == (np.uint8, np.float64, [255, 0] * 3)
    texts = raw_column("a", Cells(["b", "1", " b "]), PLAIN)
    assert texts.texts is not None
    assert texts.texts.tolist() == ["b", "1", "b"]
