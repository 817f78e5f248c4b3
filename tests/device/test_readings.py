"""`bdnnlang/device/readings.py`: units and ranges of what a device reads."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bdnnlang.data.preprocessing.impute import Fill
from bdnnlang.data.preprocessing.onehot import Categories
from bdnnlang.data.preprocessing.quantize import Levels
from bdnnlang.data.preprocessing.recipe import Encoding, Recipe
from bdnnlang.data.preprocessing.step import FittedStep
from bdnnlang.device.readings import CannotDeclare, Declared, InputType, most_places, readings_of, smallest_type
from bdnnlang.device.whole import Reading

TENTH = Fraction(1, 10)


def recipe(*steps: FittedStep, seen: tuple[float, float] | None = (-0.5, 12.25)) -> Recipe:
    column = Encoding("a", steps, seen)
    n = len(column.features)
    return Recipe("y", ("a", "y"), (column,), (0.0,) * n, (1.0,) * n)


@pytest.mark.parametrize(
    ("lower", "upper", "kind"),
    [(0, 255, "uint8"), (-1, 127, "int8"), (-1, 128, "int16"), (0, 256, "uint16"), (0, 2**32, "int64"), (0, 2**63, None)],
)
def test_smallest_types(lower: int, upper: int, kind: str | None) -> None:
    assert smallest_type(lower, upper) == (None if kind is None else InputType(kind))


@pytest.mark.parametrize(
    ("numbers", "places"), [((), 0), ((1.0, 1e20), 0), ((0.5, 1.25), 2), ((1e-7,), 7), ((100.0, 0.1), 1), ((-0.0,), 0)]
)
def test_places(numbers: tuple[float, ...], places: int) -> None:
    assert most_places(numbers) == places


@pytest.mark.parametrize(
    ("steps", "declared", "reading"),
    [
        ((), Declared(), Reading("a", -(2**15), 2**15 - 1, Fraction(1, 100))),  # -50 to 1225
        ((), Declared(units={"a": Fraction(1, 4)}), Reading("a", -128, 127, Fraction(1, 4))),  # -2 to 49
        ((), Declared(ranges={"a": (Fraction(-1), Fraction(20))}), Reading("a", -100, 2000, Fraction(1, 100))),
        ((), Declared(ranges={"*": (Fraction(-1), Fraction(20))}), Reading("a", -100, 2000, Fraction(1, 100))),
        ((Categories(("x",)),), Declared(ranges={"*": (Fraction(-1), Fraction(20))}), Reading("a", 0, 1, categories=("x",))),
        ((), Declared(InputType.INT32), Reading("a", -(2**31), 2**31 - 1, Fraction(1, 100))),
        ((Fill(1.0),), Declared(), Reading("a", -(2**15), 2**15 - 1, Fraction(1, 100), missing=-(2**15))),
        (
            (Fill(1.0),),
            Declared(ranges={"a": (Fraction(0), Fraction(2))}, units={"a": Fraction(1, 2)}),
            Reading("a", 0, 5, Fraction(1, 2), missing=5),
        ),
        ((Levels(0.0, 1.5, 4),), Declared(is_level=True), Reading("a", 0, 15, TENTH)),
        ((Levels(-1.0, 2.0, 2), Fill(0.0)), Declared(is_level=True), Reading("a", 0, 4, Fraction(1), Fraction(-1), 4)),
        ((Levels(5.0, 5.0, 2),), Declared(is_level=True), Reading("a", 0, 0, Fraction(1), Fraction(5))),
        ((Categories(("x", "y")),), Declared(InputType.UINT8), Reading("a", 0, 2, categories=("x", "y"))),
        ((Categories((1.5, 2.0)), Fill(2.0)), Declared(), Reading("a", 0, 3, missing=3, categories=("1.5", "2"))),
    ],
)
def test_readings(steps: tuple[FittedStep, ...], declared: Declared, reading: Reading) -> None:
    assert readings_of(recipe(*steps), declared) == (reading,)


def test_decimals_of_the_data_hold() -> None:
    assert readings_of(recipe(), places={"a": 1, "b": 7})[0].unit == TENTH


@pytest.mark.parametrize(("last", "kind"), [(254.0, InputType.UINT8), (255.0, InputType.UINT16)])
def test_the_code_of_a_missing_value_needs_a_place(last: float, kind: InputType) -> None:
    (reading,) = readings_of(recipe(Fill(1.0), seen=(0.0, last)))
    assert (reading.lower, reading.upper, reading.missing) == (0, kind.upper, kind.upper)
    assert (reading.first, reading.last) == (0, kind.upper - 1)


@pytest.mark.parametrize(
    ("given", "declared", "message"),
    [
        (recipe(), Declared(ranges={"b": (TENTH, TENTH)}), "no column `b` is used; there are `a`"),
        (
            recipe(),
            Declared(InputType.UINT8),
            "`a` has the whole numbers -50 to 1225 in units of 0.01, which uint8 does not hold: ",
        ),
        (recipe(seen=(0.0, 1e20)), Declared(), "which a type of 64 bits does not hold: declare another type"),
        (recipe(Fill(0.0), seen=(0.0, 255.0)), Declared(InputType.UINT8), "uint8 does not hold besides the code of a missing"),
        (recipe(seen=None), Declared(), "does not say what values `a` has: give `--range` or `--inputs`"),
        (recipe(), Declared(ranges={"a": (Fraction(1, 300), Fraction(1, 200))}), "0.005, has no number in whole units of 0.01"),
        (recipe(), Declared(units={"a": Fraction(0)}), "the unit of `a` is 0, which is not above 0"),
        (recipe(), Declared(InputType.INT8, {"a": (Fraction(0), Fraction(2))}), "from 0 to 200, which int8 does not hold"),
        (recipe(Categories(("x",))), Declared(units={"a": TENTH}), "`a` has categories"),
        (recipe(Levels(0.0, 1.5, 4)), Declared(units={"a": TENTH}, is_level=True), "read as its level, from 0 to 15"),
    ],
)
def test_what_does_not_fit(given: Recipe, declared: Declared, message: str) -> None:
    with pytest.raises(CannotDeclare, match=r"^(`|no |the )") as caught:
        readings_of(given, declared)
    assert message in str(caught.value)


def test_a_declared_type_needs_no_data() -> None:
    (reading,) = readings_of(recipe(seen=None), Declared(InputType.UINT8))
    assert reading == Reading("a", 0, 255)
