"""`bdnnlang/device/c/styles.py`: which style `auto` is, and how large the tables are."""

from __future__ import annotations

import random

import pytest

from bdnnlang.device.c.styles import Optimise, Style, body, chosen_style
from device.random_networks import counts, network


@pytest.mark.parametrize(
    ("inputs", "density", "largest", "bytes_", "cycles"),
    [
        (10, 1.0, 1, Style.UNROLL, Style.UNROLL),  # 2 · 10 weights
        (64, 0.8, 1, Style.WALK, Style.LIST),  # a quarter of a byte for each input, against one for each weight
        (200, 0.15, 1, Style.LIST, Style.LIST),
        (64, 0.9, 3, Style.WALK, Style.LIST),  # a byte for each input, against two for each weight
        (64, 0.3, 3, Style.LIST, Style.LIST),
    ],
)
def test_automatic_style(inputs: int, density: float, largest: int, bytes_: Style, cycles: Style) -> None:
    net = network(counts(inputs, 0, 16), [2, 1], random.Random(1), largest=largest, density=density)
    assert chosen_style(net, Optimise.BYTES) is bytes_
    assert chosen_style(net, Optimise.CYCLES) is cycles


def test_neurons_that_stay_in_code_count() -> None:
    """Of 20 neurons of one input each nothing is a table: the next layer would be straight-line code, too."""
    net = network(counts(2, 0, 16), [20, 5], random.Random(1), density=0.5)
    assert chosen_style(net, Optimise.BYTES) is not Style.UNROLL


@pytest.mark.parametrize(
    ("style", "bytes_"),
    [(Style.LIST, 2 * (2 + 2) + 128), (Style.WALK, 2 * (2 + 8))],  # a number of two bytes; two lengths or eight masks
)
def test_sizes_of_tables(style: Style, bytes_: int) -> None:
    net = network(counts(64, 0, 16), [2, 1], random.Random(1), density=1)
    code = body(net, "net", style, Optimise.BYTES)
    assert sum(table.bytes for table in code.tables) == bytes_
    assert code.stack == 0
