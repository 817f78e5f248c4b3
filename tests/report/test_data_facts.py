"""What `check` shows of the data: counted by hand, and short whatever the data."""

from __future__ import annotations

import json
from pathlib import Path

from bdnnlang.data.dataset import Dataset
from bdnnlang.data.load import load
from bdnnlang.language.spec import Builtin, Column, Csv, DataSpec, DataStep, Drop, Impute, Quantize
from bdnnlang.report.data_facts import MOST_CLASSES, MOST_COLUMNS, data_facts, data_lines

TEXT = "id,age,colour,state\n1,20,red,well\n2,20,red,well\n3,20,red,ill\n4,,blue,well\n5,30.5,green,ill\n6,-1,blue,well\n"
TEST = "age,colour,state\n20,red,ill\n50,blue,well\n"
STEPS = (Drop((Column("id"),)), Impute("mean"))


def data_of(folder: Path, text: str, *steps: DataStep, test: float | Csv = 0.0) -> Dataset:
    (folder / "d.csv").write_text(text)
    return load(DataSpec(Csv("d.csv"), steps=steps, test=test), folder)


def with_test(folder: Path, *steps: DataStep) -> Dataset:
    (folder / "t.csv").write_text(TEST)
    return data_of(folder, TEXT, *STEPS, *steps, test=Csv("t.csv"))


def test_the_facts_are_plain_data(tmp_path: Path) -> None:
    facts = data_facts(with_test(tmp_path))
    assert json.loads(json.dumps(facts)) == facts
    assert (facts["rows"], facts["samples"], facts["target"]) == (6, 8, "state")
    assert facts["header"] == {"names": True, "settled": False}
    assert [tuple(column.values()) for column in facts["columns"]] == [
        ("id", "number", 1, 6, 0, 6, "dropped"),
        ("age", "number", -1, 30.5, 1, 3, "feature"),
        ("colour", "text", None, None, 0, 3, "3 0/1 features"),
        ("state", "text", None, None, 0, 2, "target"),
    ]
    assert facts["classes"] == [
        {"name": "ill", "samples": 3, "train": 2, "test": 1},
        {"name": "well", "samples": 5, "train": 4, "test": 1},
    ]
    assert facts["majority"] == {"class": "well", "share": 5 / 8}
    assert facts["parts"] == {"train": {"samples": 6, "source": "csv d.csv"}, "test": {"samples": 2, "source": "csv t.csv"}}


def test_rows_that_repeat_and_contradict_each_other_are_counted(tmp_path: Path) -> None:
    """20 red is well, well and ill in training, and ill in the test file."""
    facts = data_facts(with_test(tmp_path))
    assert (facts["duplicates"], facts["contradictions"]) == (2, 4)
    assert (facts["test_in_train"], facts["irreducible_errors"]) == (1, 1)
    plain = data_facts(data_of(tmp_path, TEXT, Impute("mean")))
    assert (plain["duplicates"], plain["contradictions"], plain["test_in_train"]) == (0, 0, 0)


def test_the_facts_as_lines(tmp_path: Path) -> None:
    assert data_lines(with_test(tmp_path, Quantize(2))) == [
        "csv d.csv: 6 rows, 8 in use, 4 columns, 4 features; first line taken as header",
        "  column  kind    range             missing  distinct  use",
        "  id      number  1 to 6                  0         6  dropped",
        "  age     number  -1 to 30.5              1         3  4 levels",
        "  colour  text    blue, green, red        0         3  3 0/1 features",
        "  state   text    ill, well               0         2  target",
        "",
        "  class  samples   share  training  test",
        "  ill          3  37.5 %         2     1",
        "  well         5  62.5 %         4     1",
        "",
        "parts          6 training, 2 test (csv t.csv)",
        "majority       well: right in 62.5 % without any network",
        "duplicates     2 samples with the features and the class of an earlier one;"
        " 1 test sample with the features of a training sample",
        "contradictions 4 samples with the features of another and a different class; at least 1 error in training",
    ]


def test_where_nothing_repeats(tmp_path: Path) -> None:
    lines = data_lines(data_of(tmp_path, "a,y\n" + "".join(f"{i},{i % 2}\n" for i in range(6))))
    assert lines[-2:] == ["duplicates     none", "contradictions none"]


def test_of_many_columns_and_classes_the_first_are_shown(tmp_path: Path) -> None:
    names = ",".join(f"f{j}" for j in range(50))
    text = f"{names},y\n" + "".join(
        ",".join(str((i * j) % 7) for j in range(49)) + f",{'?' if i else 1},c{i % 30}\n" for i in range(90)
    )
    lines = data_lines(data_of(tmp_path, text, Impute("median")))
    assert lines[MOST_COLUMNS + 1].startswith("  f19 ")
    assert lines[MOST_COLUMNS + 2].startswith("  y ")
    assert lines[MOST_COLUMNS + 3] == "  … 30 more columns, 1 of them with missing values"
    assert f"  … {30 - MOST_CLASSES} more classes of 3 samples each" in lines
    assert len(lines) == MOST_COLUMNS + MOST_CLASSES + 12


def test_long_names_stay_short(tmp_path: Path) -> None:
    text = f"{'a' * 500},y\n" + "".join(f"{i},{'b' * 300 if i % 2 else 'c'}\n" for i in range(8))
    assert max(map(len, data_lines(data_of(tmp_path, text)))) < 120


def test_data_sets_that_ship_have_no_header(tmp_path: Path) -> None:
    facts = data_facts(load(DataSpec(Builtin("iris")), tmp_path))
    assert facts["header"] is None
    assert [column["use"] for column in facts["columns"]] == ["feature"] * 4 + ["target"]
