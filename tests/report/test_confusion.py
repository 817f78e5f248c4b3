"""Confusions as lines: a matrix of a few classes, the worst of many; names of any length and kind."""

from __future__ import annotations

import numpy as np

from bdnnlang.problem.class_scores import Confusion
from bdnnlang.report.confusion import confusion_lines


def test_a_few_classes_are_a_matrix() -> None:
    found = Confusion(np.array([[1200, 3], [0, 0]]))
    assert confusion_lines("test", found, ("no", "yes")) == [
        "test         samples    as no  as yes  recall",
        "  no           1,203    1,200       3  99.8 %",
        "  yes              0        0       0       –",
        "  precision           100.0 %   0.0 %",
    ]


def many(pairs: dict[tuple[int, int], int], classes: int = 8) -> Confusion:
    counts = np.diag([10] * classes)
    for (i, j), number in pairs.items():
        counts[i, j] = number
        counts[i, i] -= number
    return Confusion(counts)


def test_of_many_classes_the_worst_are_named() -> None:
    names = tuple("abcdefgh")
    assert confusion_lines("train", many({(0, 1): 5, (2, 3): 1, (2, 4): 2}), names) == [
        "train  72 of 80 samples right, 8 classes",
        "  least recall     a: 50.0 % of 10, c: 70.0 % of 10",
        "  confused most    a as b: 5, c as e: 2, c as d: 1",
    ]
    lines = confusion_lines("train", many({(k, 0): k for k in range(1, 8)}), names)
    assert lines[1] == (
        "  least recall     h: 30.0 % of 10, g: 40.0 % of 10, f: 50.0 % of 10, e: 60.0 % of 10, d: 70.0 % of 10, and 2 more"
    )
    assert lines[2] == "  confused most    h as a: 7, g as a: 6, f as a: 5, e as a: 4, d as a: 3, and 2 more"


def test_nothing_is_worst_where_all_is_right() -> None:
    assert confusion_lines("test", many({}), tuple("abcdefgh")) == ["test  80 of 80 samples right, 8 classes"]


def test_long_names_and_line_breaks_keep_the_columns() -> None:
    found = Confusion(np.array([[1, 0], [0, 2]]))
    lines = confusion_lines("train", found, ("yes\nalways", "a name of very many letters and signs"))
    assert lines[1].startswith("  yes always")
    assert "a name of…" not in lines[0].split("as ")[0]
    assert "a name of …and signs" in lines[2]
    assert len({len(line) for line in lines[:3]}) == 1


def test_shares_that_are_not_asked_for_are_left_out() -> None:
    found = Confusion(np.array([[4, 1], [0, 5]]))
    assert confusion_lines("test", found, ("no", "yes"), precision=False) == [
        "test   samples  as no  as yes   recall",
        "  no         5      4       1   80.0 %",
        "  yes        5      0       5  100.0 %",
    ]
    assert confusion_lines("test", found, ("no", "yes"), recall=False) == [
        "test         samples    as no  as yes",
        "  no               5        4       1",
        "  yes              5        0       5",
        "  precision           100.0 %  83.3 %",
    ]
    lines = confusion_lines("train", many({(0, 1): 5}), tuple("abcdefgh"), recall=False)
    assert lines[1:] == ["  confused most    a as b: 5"]
