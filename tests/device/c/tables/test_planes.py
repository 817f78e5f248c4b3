"""`bdnnlang/device/c/tables/planes.py`: one count of ones decides as the sum does, by all inputs."""

from __future__ import annotations

import itertools

from bdnnlang.device.c.tables.planes import masked
from bdnnlang.device.whole import Neuron


def test_one_count_is_the_neuron() -> None:
    for weights in itertools.product((-1, 0, 1), repeat=4):
        for threshold in range(-6, 7):
            neuron = masked(Neuron(tuple((k, w) for k, w in enumerate(weights) if w), threshold))
            assert 0 <= neuron.least <= 5  # as few as a table of bytes holds
            for h in range(16):
                on = sum(w * (h >> k & 1) for k, w in enumerate(weights)) >= threshold
                assert (((h ^ neuron.sign) & neuron.live).bit_count() >= neuron.least) == on
