"""Predicted bytes of code: by hand, beside what avr-gcc made of some networks, and with the compiler where it is installed."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from bdnnlang.device.c.choice import Style
from bdnnlang.device.c.header import header
from bdnnlang.device.simplify import simplified
from bdnnlang.device.size.prediction import predicted_flash
from bdnnlang.device.whole import Count, Neuron, Reading, WholeNetwork
from device.random_networks import counts, network


def plain(readings: int, upper: int, *layers: list[Neuron]) -> WholeNetwork:
    columns = tuple(Reading(f"c{k}", 0, upper) for k in range(readings))
    classes = tuple(f"class {k}" for k in range(max(2, len(layers[-1]))))
    return WholeNetwork(columns, tuple(map(Count, range(readings))), tuple(map(tuple, layers)), classes)


def neuron(weights: dict[int, int], threshold: int) -> Neuron:
    return Neuron(tuple(weights.items()), threshold)


def test_straight_line_code_by_hand() -> None:
    """8 for the program, 2.5 for each reading, 3 for the one sum, 1.5 for a constant, 2.5 for a comparison, 1.5 for a return."""
    assert predicted_flash(plain(2, 60, [neuron({0: 1, 1: 1}, 7)])) == round(8 + 5 + 3 + 1.5 + 2.5 + 1.5)
    longer = plain(3, 255, [neuron({0: 1, 1: 1, 2: 1}, 300)])  # three terms of 16 bits, and a constant to compare with
    assert predicted_flash(longer) == round(8 + 18 + 1.5 + 2.5 + 1.5)


def test_loops_are_tables_and_a_constant() -> None:
    one = plain(64, 16, [neuron({k: 1 if k % 2 else -1 for k in range(30)}, 5)])
    assert predicted_flash(one, Style.LIST) == 30 + 4 + 72
    assert predicted_flash(one, Style.WALK) == 2 * 8 + 2 + 74
    small = plain(64, 3, [neuron({k: 1 if k % 2 else -1 for k in range(30)}, 5)])
    assert predicted_flash(small, Style.LIST) == 30 + 3 + 62


def test_what_was_not_measured_is_not_predicted() -> None:
    wide = plain(2, 1 << 20, [neuron({0: 1, 1: 3}, 7)])
    assert predicted_flash(wide) is None
    factors = plain(64, 16, [neuron({k: 2 if k else 1 for k in range(30)}, 5)])
    assert predicted_flash(factors, Style.LIST) is None


# ---- the compiler


MAIN = """#include "n.h"
uint8_t f(const n_input_t x[]);
uint8_t f(const n_input_t x[]) { return n_predict(x); }
"""


def flash(of: WholeNetwork, style: Style, folder: Path) -> int:
    """Bytes of code and tables that avr-gcc makes."""
    (folder / "n.h").write_text(header(of, "n", style))
    (folder / "m.c").write_text(MAIN)
    subprocess.run(["avr-gcc", "-mmcu=atmega328p", "-Os", "-std=c99", "-c", "m.c", "-o", "m.o"], cwd=folder, check=True)
    said = subprocess.run(["avr-size", "-A", "m.o"], cwd=folder, check=True, capture_output=True, text=True).stdout
    sections = [line.split() for line in said.splitlines() if line.startswith((".text", ".progmem", ".rodata", ".data"))]
    return sum(int(section[1]) for section in sections)


@pytest.mark.skipif(shutil.which("avr-gcc") is None, reason="avr-gcc is not installed (apt-get install gcc-avr avr-libc)")
@pytest.mark.parametrize(("style", "widths"), [(s, w) for s in (Style.LIST, Style.WALK) for w in ((1,), (2, 1), (4, 3), (8, 10))])
def test_loops_are_as_large_as_the_compiler_makes_them(style: Style, widths: tuple[int, ...], tmp_path: Path) -> None:
    chance = random.Random(sum(widths))
    of = simplified(network(counts(32, 0, 16), widths, chance, density=0.5))
    predicted = predicted_flash(of, style)
    if predicted is not None:
        assert abs(flash(of, style, tmp_path) - predicted) <= 4


@pytest.mark.skipif(shutil.which("avr-gcc") is None, reason="avr-gcc is not installed (apt-get install gcc-avr avr-libc)")
def test_straight_line_code_on_the_average(tmp_path: Path) -> None:
    """Of networks that the weights were not fitted to."""
    chance, errors = random.Random(77), list[float]()
    while len(errors) < 12:
        of = simplified(network(counts(8, 0, 79), (2, 1), chance, density=0.6))
        predicted = predicted_flash(of, Style.UNROLL)
        if predicted is not None and sum(len(one.weights) for one in of.layers[0]) > 3:
            true = flash(of, Style.UNROLL, tmp_path)
            errors.append(abs(predicted - true) / true)
    assert sum(errors) / len(errors) < 0.1
