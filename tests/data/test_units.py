"""Numbers with a unit: refused by name, taken as categories, or read alone where all have the same unit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bdnnlang.data.facts import ColumnKind
from bdnnlang.data.load import load
from bdnnlang.data.new_rows import load_rows
from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import Column, Csv, DataSpec, Impute, OneHot, Scale, Units

from .conftest import Loader, Refuser

READ = (Units((Column("a"),)), Scale("none"))


def column(*cells: str) -> str:
    return "a,b,y\n" + "".join(f'"{cell}",{i % 3},{i // 2 % 2}\n' for i, cell in enumerate(cells))


@pytest.mark.parametrize(
    ("cells", "style", "numbers"),
    [
        (["12%", "7 %", "-3%", "0.5%"], {}, [12, 7, -3, 0.5]),
        (["$1.20", "-$3", "$ 0.50", "$-4"], {}, [1.2, -3, 0.5, -4]),
        (["40kg", "41 kg", "42", "1e2 kg"], {}, [40, 41, 42, 100]),
        (["€ 1.234,50", "€ 3", "€ 4", "€ 5"], {"decimal": ",", "thousands": "."}, [1234.5, 3, 4, 5]),
    ],
)
def test_units(load_csv: Loader, refuse_csv: Refuser, cells: list[str], style: dict[str, str], numbers: list[float]) -> None:
    (error,) = refuse_csv(column(*cells), **style)
    assert error.code == "E243"
    assert f"column `a` of `t.csv` holds numbers with a unit: `{cells[0]}` in line 2" in error.message
    assert "`units [a]`" in error.hint
    data = load_csv(column(*cells), steps=READ, test=0, **style)
    assert data.train.raw[:, 0].tolist() == numbers
    assert (data.columns[0].kind, data.columns[0].greatest) == (ColumnKind.NUMBER, max(numbers))
    assert len(load_csv(column(*cells), steps=(OneHot((Column("a"),)),), test=0, **style).features) == 5


def test_another_unit(refuse_csv: Refuser) -> None:
    (error,) = refuse_csv(column("40kg", "41kg", "88lb", "42kg"), steps=READ)
    assert error.code == "E209"
    assert "line 4 of `t.csv`, column `a`: `88lb` is not a number" in error.message


def test_gaps_are_filled_and_digits_are_kept(load_csv: Loader, refuse_csv: Refuser) -> None:
    data = load_csv(column("1kg", "?", "3kg", "4kg"), steps=(Impute("median"), *READ), test=0)
    assert data.train.raw[:, 0].tolist() == [1, 3, 3, 4]
    (error,) = refuse_csv(column("1kg", "1.000000000000000001kg", "3kg", "4kg"), steps=READ)
    assert error.code == "E241"


def test_ordinals_are_texts(load_csv: Loader) -> None:
    assert load_csv(column("1st", "2nd", "3rd", "1st"), test=0).features[:3] == ("a=1st", "a=2nd", "a=3rd")


def test_new_rows_have_the_unit_or_none(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(column("40kg", "41kg", "42kg", "43kg"))
    recipe = load(DataSpec(Csv("t.csv"), steps=READ), tmp_path).recipe
    again = Recipe.from_json(json.loads(json.dumps(recipe.to_json())))
    assert again == recipe
    new = tmp_path / "new.csv"
    new.write_text("a,b\n50 kg,1\n51,2\n")
    assert load_rows(new, again).raw.tolist() == [[50, 1], [51, 2]]
    new.write_text("a,b\n50 kg,1\n51g,2\n")
    with pytest.raises(Rejected, match=r"line 3 of `new\.csv`, column `a`: `51g` is not a number"):
        load_rows(new, again)


@pytest.mark.parametrize("day", ["2024-01-{:02}", "{:02}.01.2024", "1/{}/24", "2024-01-{:02}T12:30:00Z", "12:{:02}"])
def test_dates(load_csv: Loader, refuse_csv: Refuser, day: str) -> None:
    cells = [day.format(10 + i) for i in range(4)]
    (error,) = refuse_csv(column(*cells))
    assert error.code == "E242"
    assert error.message == f"column `a` of `t.csv` holds dates: `{cells[0]}` in line 2, and in 3 more lines"
    assert "`drop [a]`" in error.hint
    assert len(load_csv(column(*cells), steps=(OneHot((Column("a"),)),), test=0).features) == 5
