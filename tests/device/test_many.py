"""`bdnnlang/device/many.py`: many rows get what each gets alone."""

from __future__ import annotations

import random

import numpy as np

from bdnnlang.device import many
from bdnnlang.device.vectors import draw
from device.random_networks import counts, mixed, network


def test_rows_get_what_each_gets_alone() -> None:
    rng = random.Random(2)
    for widths in ([1], [3], [4, 1], [5, 3, 4]):
        net = network(mixed(5, rng), widths, rng, largest=3)
        rows = draw(net, 200, np.random.default_rng(1))
        assert many.predict(net, rows).tolist() == [net.predict(tuple(row)) for row in rows.tolist()]


def test_sums_beyond_64_bits_are_exact() -> None:
    rng = random.Random(2)
    net = network(counts(3, 0, 1 << 40), [4, 1], rng, largest=1 << 30)
    rows = draw(net, 200, np.random.default_rng(1))
    assert many.predict(net, rows).tolist() == [net.predict(tuple(row)) for row in rows.tolist()]
