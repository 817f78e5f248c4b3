"""`bdnnlang/device/fold.py`: in whole numbers every reading has the class that `bdnnc predict` gives its cells."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from bdnnlang.data.preprocessing.quantize import Levels
from bdnnlang.data.preprocessing.recipe import Encoding, Recipe
from bdnnlang.device.fold import fold, level_of, neuron
from bdnnlang.device.readings import Declared, InputType, readings_of
from bdnnlang.device.whole import AtLeast, Count, Equals, Level, Neuron, Reading, WholeNetwork
from bdnnlang.language.spec import Binarize, DataStep, Impute, Scale, Thermometer
from bdnnlang.network.export.network_json import NetworkFile
from bdnnlang.network.network import Layer, Network

from .networks import example

AT_MOST = 600  # rows of an example


@pytest.mark.parametrize("number", range(24))
def test_every_reading_has_the_class_of_its_cells(number: int, tmp_path: Path) -> None:
    given = example(number, tmp_path, is_level=number % 4 == 1)
    whole = fold(given.file, given.readings)
    rows = list(given.rows())
    rows = rows[:: 1 + len(rows) // AT_MOST]
    assert [whole.predict(row) for row in rows] == given.predict(rows, tmp_path)


def test_most_examples_have_more_than_one_answer(tmp_path: Path) -> None:
    """Else the test above would tell little."""
    several = 0
    for number in range(24):
        given = example(number, tmp_path)
        whole = fold(given.file, given.readings)
        several += len({whole.predict(row) for row in itertools.islice(given.rows(), 0, None, 17)}) > 1
    assert several >= 16


@pytest.mark.parametrize(
    ("weights", "bias", "folded"),
    [
        ({0: Fraction(1, 2), 1: Fraction(-1, 3)}, Fraction(1, 6), Neuron(((0, 3), (1, -2)), -1)),
        ({0: Fraction(1, 2), 1: Fraction(-1, 3)}, Fraction(1, 7), Neuron(((0, 3), (1, -2)), 0)),  # 3r - 2s >= -6/7
        ({0: Fraction(1, 2), 1: Fraction(-1, 3)}, Fraction(-1, 7), Neuron(((0, 3), (1, -2)), 1)),
        ({0: 4, 3: 0, 5: -6}, -7, Neuron(((0, 2), (5, -3)), 4)),  # 2r - 3s >= 3.5
        ({0: 4, 5: -6}, -8, Neuron(((0, 2), (5, -3)), 4)),
        ({2: 0}, 0, Neuron((), 0)),
        ({}, Fraction(-1, 9), Neuron((), 1)),
    ],
)
def test_a_row_in_whole_numbers(weights: dict[int, Fraction], bias: Fraction, folded: Neuron) -> None:
    assert neuron(weights, bias) == folded


@pytest.mark.parametrize(
    ("value", "level"), [("-9", 0), ("0.3", 0), ("0.4", 1), ("0.39999", 0), ("0.8", 3), ("0.6", 2), ("7", 3)]
)
def test_levels(value: str, level: int) -> None:
    levels = Levels(0.3, 0.9, 2)  # the middles lie at 0.4, 0.6 and 0.8
    assert level_of(levels, Fraction(value)) == level == levels.of(np.array([float(value)]))[0]


def iris(unit: Fraction, is_level: bool = False) -> WholeNetwork:
    """A neuron that sees one column, with four levels from 0.3 to 0.9."""
    recipe = Recipe("y", ("a", "y"), (Encoding("a", (Levels(0.3, 0.9, 2),), (0.3, 0.9)),), (0.0,), (1.0,))
    file = NetworkFile(Network((Layer(np.array([[2.0]]), np.array([-3.0])),)), ("a",), ("no", "yes"), recipe.to_json())
    return fold(file, readings_of(recipe, Declared(InputType.INT16, units={} if is_level else {"a": unit}, is_level=is_level)))


@pytest.mark.parametrize("step", [Thermometer(3), Binarize(0.2), Binarize(-99.0)], ids=repr)
@pytest.mark.parametrize("has_gaps", [False, True])
def test_thresholds(step: DataStep, has_gaps: bool, tmp_path: Path) -> None:
    scale = Scale("none" if isinstance(step, Binarize) else "minmax")
    for number in range(3):
        given = example(number, tmp_path, given=(scale, step, *((Impute("mean"),) if has_gaps else ())), has_gaps=has_gaps)
        whole = fold(given.file, given.readings)
        assert all(isinstance(signal, AtLeast | Equals) for signal in whole.signals)
        rows = list(given.rows())[:: 1 + len(list(given.rows())) // AT_MOST]
        assert [whole.predict(row) for row in rows] == given.predict(rows, tmp_path)


def test_levels_are_bounds_of_what_is_read() -> None:
    tenths, quarters, levels = iris(Fraction(1, 10)), iris(Fraction(1, 4)), iris(Fraction(1, 10), is_level=True)
    assert tenths.signals == (Level(0, (4, 6, 8)),)
    assert quarters.signals == (Level(0, (2, 3, 4)),)  # 0.5, 0.75 and 1 are the first at or above the middles
    assert levels.signals == (Count(0),)
    assert levels.readings == (Reading("a", 0, 3, Fraction(1, 5), Fraction(3, 10)),)
    assert tenths.layers == quarters.layers == levels.layers == ((Neuron(((0, 1),), 2),),)
