"""Columns that teach nothing or give the class away: named, with a line to paste; honest columns are left alone."""

from __future__ import annotations

import random

import pytest

from bdnnlang.diagnostics import Diagnostic
from bdnnlang.language.spec import Column, Drop, Label, OneHot

from .conftest import Loader

M = 40
DICE = random.Random(1)
X = [DICE.randrange(9) for _ in range(M)]
Y = [DICE.randrange(2) for _ in range(M)]


def table(name: str, cells: list[object]) -> str:
    lines = [f"{name},x,y", *(f"{cell},{x},{y}" for cell, x, y in zip(cells, X, Y, strict=True))]
    return "\n".join(lines)


def shuffled(values: range) -> list[object]:
    return random.Random(2).sample(list(values), len(values))


def warned(load_csv: Loader, name: str, cells: list[object], **settings: object) -> list[Diagnostic]:
    return list(load_csv(table(name, cells), **settings).warnings)


@pytest.mark.parametrize(
    ("name", "cells", "what"),
    [
        ("", list(range(M)), "row numbers: each of 0 to 39 once"),
        ("case", shuffled(range(1, M + 1)), "row numbers: each of 1 to 40 once"),
        ("case", list(range(1000, 1000 + 2 * M, 2)), "an identifier: 40 whole numbers, all different"),
        ("patient_id", [1000 * i + i * i for i in range(M)], "an identifier: 40 whole numbers, all different"),
        ("t", [1_700_000_000 + 3600 * i for i in range(M)], "a counter: 40 whole numbers, one after another"),
        ("left", [10**6 - i**3 for i in range(M)], "a counter: 40 whole numbers, one after another"),
        ("patient", [f"person {i:02}" for i in range(M)], "names: 40 different texts in 40 rows"),
        ("name", [f"n{i % 25}x" for i in range(M)], "names: 25 different texts in 40 rows"),
        ("key", [f"{i:08x}-12ab-4c{i % 10}d" for i in range(M)], "names: 40 different texts in 40 rows"),
        ("when", [f"2024{1 + i % 12:02}{1 + i % 28:02}" for i in range(M)], "dates: 20240101 and so on"),
    ],
)
def test_identifiers(load_csv: Loader, name: str, cells: list[object], what: str) -> None:
    (warning,) = warned(load_csv, name, cells)
    column = name or "x1"
    assert (warning.code, warning.message) == ("W243", f"column `{column}` looks like {what}")
    assert warning.hint == f"write `drop [{column}]`, unless it is a measurement"
    assert not warned(load_csv, name, cells, steps=(Drop((Column(1),)),))


@pytest.mark.parametrize(
    "cells",
    [
        [DICE.randrange(60) for _ in range(M)],
        [DICE.randrange(10**6) for _ in range(M)],  # all different, as incomes are
        [i * 0.5 for i in range(M)],
        [DICE.gauss(0, 1) for _ in range(M)],
        [DICE.choice(["red", "green", "blue"]) for _ in range(M)],
        [DICE.choice(["?", "1", "2"]) for _ in range(M // 2)] + ["3"] * (M // 2),
    ],
)
def test_measurements_and_categories_are_not_suspected(load_csv: Loader, cells: list[object]) -> None:
    from bdnnlang.language.spec import Impute

    assert warned(load_csv, "size", cells, steps=(Impute("median"),)) == []


def test_constant_columns_are_told_together(load_csv: Loader) -> None:
    lines = ["u,v,x,y", *(f"mg,1,{x},{y}" for x, y in zip(X, Y, strict=True))]
    (warning,) = load_csv("\n".join(lines)).warnings
    assert (warning.code, warning.message) == ("W244", "one value in all rows: `u`, `v`")
    assert warning.hint == "write `drop [u, v]`"


@pytest.mark.parametrize("words", [("no", "yes"), ("0", "1"), ("7", "3")])
def test_the_class_once_more(load_csv: Loader, words: tuple[str, str]) -> None:
    (warning,) = warned(load_csv, "answer", [words[y] for y in Y])
    assert (warning.code, warning.message) == ("W245", "column `answer` tells the class of every row")
    other = [words[y] for y in Y]
    other[0] = words[1 - Y[0]]
    assert warned(load_csv, "answer", list(other)) == []


@pytest.mark.parametrize(("code", "told"), [("-9", True), ("-999", True), ("9999", True), ("50", False)])
def test_codes_for_missing(load_csv: Loader, code: str, told: bool) -> None:
    cells: list[object] = [code if i % 9 == 0 else i % 8 for i in range(M)]
    found = warned(load_csv, "size", cells)
    assert [warning.code for warning in found] == ["W246"] * told
    if told:
        assert f"write `missing = [{code}]`" in found[0].hint
        (again,) = warned(load_csv, "size", cells, missing=(Label("?"), Label(7.5)))
        assert f'write `missing = ["?", 7.5, {code}]`' in again.hint


def test_points_between_thousands(load_csv: Loader) -> None:
    cells: list[object] = [("350", "1.250", "950", "2.000")[i % 4] for i in range(M)]
    (warning,) = warned(load_csv, "pay", cells)
    assert (warning.code, warning.message) == ("W247", "column `pay`: `1.250` is read as 1.25, less than `950`")
    assert warned(load_csv, "pay", cells, decimal=",", thousands=".") == []
    assert warned(load_csv, "pay", [str(cell).replace("1.250", "1.25") for cell in cells]) == []


def test_only_used_columns_of_the_wanted_classes_are_looked_at(load_csv: Loader) -> None:
    text = table("case", list(range(M))).replace("case", "case").splitlines()
    assert load_csv("\n".join(text), steps=(Drop((Column("case"),)),)).warnings == ()
    assert {one.code for one in load_csv("\n".join(text), steps=(OneHot((Column("case"),)),)).warnings} == {"W243"}
