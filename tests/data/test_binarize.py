"""`binarize`: 1 from a value upwards, in the units of the data, whatever else is done."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from bdnnlang.data.load import load
from bdnnlang.data.new_rows import load_rows
from bdnnlang.data.preprocessing.binarize import Bit
from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.language.spec import Binarize, Column, Csv, DataSpec, DataStep, Impute, OneHot, Scale, Units

TABLE = "a,b,c,y\n1,0.1kg,u,0\n2.5,0.3kg,v,1\n?,2.4999999999999996kg,u,0\n4,1e9kg,v,1\n"
STEPS: tuple[DataStep, ...] = (Units((Column("b"),)), Impute("median"), Scale("none"), Binarize(2.5))


@pytest.fixture
def spec(tmp_path: Path) -> DataSpec:
    (tmp_path / "t.csv").write_text(TABLE)
    return DataSpec(Csv("t.csv"), test=0, steps=STEPS)


def test_numbers_become_bits_and_categories_stay(spec: DataSpec, tmp_path: Path) -> None:
    data = load(spec, tmp_path)
    assert data.features == ("a", "b", "c=u", "c=v")
    assert data.train.x.tolist() == [[0, 0, 1, 0], [1, 0, 0, 1], [1, 0, 1, 0], [1, 1, 0, 1]]  # the median of a is 2.5
    assert data.lattice is not None
    assert data.lattice.unit == 1


def test_numbers_that_are_categories_stay(spec: DataSpec, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,y\n1,0\n3,1\n")
    data = load(DataSpec(Csv("t.csv"), test=0, steps=(OneHot((Column("a"),)), Binarize(2.0))), tmp_path)
    assert data.train.x.tolist() == [[1, 0], [0, 1]]


def test_new_rows_and_the_file(spec: DataSpec, tmp_path: Path) -> None:
    data = load(spec, tmp_path)
    written = data.recipe.to_json()
    assert written["columns"][0] == {"name": "a", "kind": "bit", "seen": [1, 4], "at_least": 2.5, "impute": 2.5}
    recipe = Recipe.from_json(json.loads(json.dumps(written)))
    assert recipe == data.recipe
    (tmp_path / "new.csv").write_text("a,b,c\n2.4999999999999996,2.5,w\n,-1,u\n")
    assert load_rows(tmp_path / "new.csv", recipe).x.tolist() == [[0, 1, 0, 0], [1, 0, 1, 0]]


@pytest.mark.parametrize("damage", [{"at_least": None}, {"at_least": "2"}, {"at_least": float("inf")}, {"kind": "level"}])
def test_damaged_bits(spec: DataSpec, tmp_path: Path, damage: dict[str, object]) -> None:
    written = load(spec, tmp_path).recipe.to_json()
    written["columns"][0] |= damage
    with pytest.raises(ValueError, match="preprocessing is damaged"):
        Recipe.from_json(written)


@pytest.mark.parametrize(
    ("weight", "bias", "condition"),
    [(1, 0, "always"), (2, -1, "if a >= 2.5"), (-2, 1, "if a < 2.5"), (-1, 1, "always"), (1, -2, "never")],
)
def test_conditions(weight: int, bias: int, condition: str) -> None:
    assert Bit(2.5).condition("a", [Fraction(weight)], Fraction(bias)) == condition
    assert Bit(2.5).term("a", 0) == "[a >= 2.5]"
