"""The table of data steps, and that what a recipe states is all there is to it."""

from __future__ import annotations

import json
import pkgutil
from dataclasses import fields
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from bdnnlang.data import preprocessing
from bdnnlang.data.load import load
from bdnnlang.data.new_rows import load_rows
from bdnnlang.data.preprocessing.binarize import Bit
from bdnnlang.data.preprocessing.impute import Fill
from bdnnlang.data.preprocessing.onehot import Categories
from bdnnlang.data.preprocessing.quantize import Levels
from bdnnlang.data.preprocessing.recipe import Encoding, Recipe
from bdnnlang.data.preprocessing.step import FittedStep
from bdnnlang.data.preprocessing.steps import STEPS
from bdnnlang.data.preprocessing.thermometer import FittedThresholds
from bdnnlang.data.preprocessing.units import Unit
from bdnnlang.language.spec import Column, Csv, DataSpec, DataStep, Impute, OneHot, Quantize, Scale, Units

COMMON = {"step", "steps", "plan", "fit", "recipe"}  # files that know no step by name, but for what a recipe is made of
UNITS = "dose,kind,size,y\n" + "".join(f"{i}kg,{'ab'[i % 2]},{i / 2},{'no' if i % 3 else 'yes'}\n" for i in range(1, 25))
GAPS = UNITS.replace("7kg", "").replace("\n2kg,a", "\n2kg,")


def test_every_step_of_the_language_is_in_the_table_once() -> None:
    assert sorted(kind.spec.__name__ for kind in STEPS) == sorted(step.__name__ for step in get_args(DataStep))


def test_every_file_is_a_step_of_the_table() -> None:
    files = {module.name for module in pkgutil.iter_modules(preprocessing.__path__)} - COMMON
    assert files == {kind.spec.__name__.lower() for kind in STEPS}


def test_no_two_steps_read_the_same_key() -> None:
    keys = [field.name for kind in STEPS if kind.record is not None for field in fields(kind.record)]
    assert len({"name", "kind", "seen", *keys}) == 3 + len(keys)


@pytest.mark.parametrize(
    "step", [Fill(1.0), Unit("", "kg"), Levels(0.0, 1.0, 2), Bit(1.0), FittedThresholds((1.0,)), Categories((1.0,))], ids=repr
)
def test_a_step_reads_the_keys_that_it_writes(step: FittedStep) -> None:
    (record,) = (kind.record for kind in STEPS if kind.fitted is type(step))
    assert record is not None
    assert set(step.to_json()) == {field.name for field in fields(record)}


def test_a_column_goes_through_the_table_whatever_the_order_in_the_spec(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(GAPS)
    steps: tuple[DataStep, ...] = (Scale("standard"), Quantize(3), Impute("median"), Units((Column("dose"),)))
    forward = load(DataSpec(Csv("t.csv"), steps=steps), tmp_path)
    backward = load(DataSpec(Csv("t.csv"), steps=steps[::-1]), tmp_path)
    assert forward.recipe == backward.recipe
    assert [type(step) for step in forward.recipe.columns[0].steps] == [Fill, Unit, Levels]
    assert [type(step) for step in forward.recipe.columns[1].steps] == [Fill, Categories]


def test_the_keys_of_a_column_are_in_the_order_of_earlier_versions(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(GAPS)
    steps = (Units((Column("dose"),)), Impute("median"), Quantize(3))
    dose, kind, _ = load(DataSpec(Csv("t.csv"), steps=steps), tmp_path).recipe.to_json()["columns"]
    assert list(dose) == ["name", "kind", "seen", "bits", "least", "greatest", "unit", "impute"]
    assert list(kind) == ["name", "kind", "categories", "impute"]


def test_a_column_of_categories_has_no_unit(tmp_path: Path) -> None:
    """A file that stated one was refused when it was read back."""
    (tmp_path / "t.csv").write_text(UNITS)
    steps = (Units((Column("dose"),)), OneHot((Column("dose"),)))
    data = load(DataSpec(Csv("t.csv"), steps=steps, test=0), tmp_path)
    assert Recipe.from_json(json.loads(json.dumps(data.recipe.to_json()))) == data.recipe
    assert data.features[0] == "dose=10kg"
    assert np.array_equal(load_rows(tmp_path / "t.csv", data.recipe).x, data.train.x)


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (
            {"name": "a", "kind": "digit"},
            r"`columns\[0\].kind` is not one of `bit`, `category`, `level`",
        ),
        ({"name": "a", "kind": "number", "colour": 1}, r"`columns\[0\].colour` is not known"),
        ({"name": "a", "kind": "number", "bits": 4}, "kind `number` with levels"),
        ({"name": "a", "kind": "category"}, "kind `category` with these categories"),
        ({"name": "a", "kind": "number", "categories": ["x"]}, "kind `number` with these categories"),
        ({"name": "a", "kind": "category", "categories": ["x", 1]}, "kind `category` with these categories"),
        ({"name": "a", "kind": "category", "categories": ["x", "x"]}, "kind `category` with these categories"),
        ({"name": "a", "kind": "category", "categories": [1e200]}, "not between"),
        ({"name": "a", "kind": "category", "categories": ["x"], "unit": {"before": "", "after": "kg"}}, "with a unit"),
        ({"name": "a", "kind": "category", "categories": ["x"], "impute": 1}, "`impute` is 1.0 among texts"),
        ({"name": "a", "kind": "number", "impute": "x"}, "`impute` is 'x' among numbers"),
        ({"name": "a", "kind": "number", "impute": 1e-200}, "not between"),
        ({"name": "a", "kind": "level", "bits": 4, "least": 0}, "levels with None is not between"),
        ({"name": "a", "kind": "number", "seen": [2, 1]}, "least and the greatest"),
        ({"kind": "number"}, r"no `columns\[0\].name`"),
    ],
    ids=str,
)
def test_damaged_columns(column: dict[str, object], reason: str) -> None:
    stated = {"target": "y", "header": ["a", "y"], "columns": [column], "lower": [0], "upper": [1]}
    with pytest.raises(ValueError, match=reason):
        Recipe.from_json(stated)


def test_no_rows_have_no_features() -> None:
    from bdnnlang.data.table import RawColumn

    none = np.empty(0)
    assert Encoding("a").encode(RawColumn("a", none)).shape == (0, 1)
    assert Encoding("a", (Categories((1.0, 2.0)),)).encode(RawColumn("a", none)).shape == (0, 2)
