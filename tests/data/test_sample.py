"""`sample` draws by class before a table is read: the limits hold for what is drawn, and the draw is what it always was."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from bdnnlang.data import table
from bdnnlang.data.draw import allocate, stratified_split
from bdnnlang.data.load import load
from bdnnlang.data.text import csvfile
from bdnnlang.language.spec import Column, Csv, DataSpec, Label, Random, Sample

from .conftest import Loader, Refuser

DICE = random.Random(5)
LABELS = [DICE.choice("aaab") for _ in range(300)]
TEXT = "y,job,x\n" + "".join(f"{label},j{i % 9},{i}.5\n" for i, label in enumerate(LABELS))


def test_the_draw_is_that_of_the_whole_file(load_csv: Loader) -> None:
    data = load_csv(TEXT, steps=(Sample(41, seed=3),), target=Column("y"), test=0)
    y = np.array([label == "b" for label in LABELS], dtype=np.int64)
    counts = np.bincount(y)
    (kept, _) = stratified_split(y, [allocate(41, counts, counts)], 3)
    assert data.train.rows.tolist() == kept.tolist()
    assert data.train.raw[:, -1].tolist() == [row + 0.5 for row in kept]
    assert data.train.y.tolist() == y[kept].tolist()
    assert data.rows == 300


def test_one_draw_after_another(load_csv: Loader) -> None:
    first = load_csv(TEXT, steps=(Sample(100),), target=Column("y"), test=0).train.rows
    both = load_csv(TEXT, steps=(Sample(100), Sample(20, seed=1)), target=Column("y"), test=0).train.rows
    assert len(both) == 20
    assert set(both.tolist()) <= set(first.tolist())


def test_classes_are_chosen_before_the_draw(load_csv: Loader) -> None:
    data = load_csv(TEXT.replace("b,j1", "c,j1"), steps=(Sample(50),), target=Column("y"), classes=(Label("b"), Label("a")))
    assert data.classes == ("b", "a")
    assert data.test is not None
    assert {LABELS[row] for row in [*data.train.rows, *data.test.rows]} == {"a", "b"}


def test_lines_are_those_of_the_file(refuse_csv: Refuser) -> None:
    bad = TEXT.replace("a,", "a,job ", 0).replace(".5\n", "\n")
    lines = bad.splitlines()
    lines[200] = lines[200].replace(",", ",,", 1)
    (diagnostic,) = refuse_csv("\n".join(lines), steps=(Sample(10),), target=Column("y"))
    assert "line 201 of `t.csv` has 4 values" in diagnostic.message


def test_limits_hold_for_what_is_drawn(load_csv: Loader, refuse_csv: Refuser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_CELLS", 600)
    (diagnostic,) = refuse_csv(TEXT, target=Column("y"), test=0)
    assert (diagnostic.code, diagnostic.message) == ("E222", "`t.csv` has more than 600 values")
    assert len(load_csv(TEXT, steps=(Sample(50),), target=Column("y"), test=0).train) == 50
    (features,) = refuse_csv(TEXT, steps=(Sample(100),), target=Column("y"), test=0)
    assert "with a feature per category has more than" in features.message
    monkeypatch.setattr(csvfile, "MAX_SAMPLED", 299)
    (rows,) = refuse_csv(TEXT, steps=(Sample(50),), target=Column("y"), test=0)
    assert rows.message == "`t.csv` has more than 299 rows"


def test_a_large_file(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b,c,y\n" + "".join(f"{i},{i % 7},{i % 11},{i % 2}\n" for i in range(250_000)))
    data = load(DataSpec(Csv("t.csv"), steps=(Sample(100),)), tmp_path)
    assert (data.rows, len(data.train)) == (250_000, 75)


def test_random_data_are_drawn_alike() -> None:
    data = load(DataSpec(Random(500, 3), steps=(Sample(40),), test=0), Path())
    whole = load(DataSpec(Random(500, 3), test=0), Path())
    assert data.rows == 500
    assert np.array_equal(data.train.raw, whole.train.raw[data.train.rows])
    assert np.array_equal(data.train.y, whole.train.y[data.train.rows])
