"""The table of losses: each row on every pattern of output bits, by the plain definition."""

from __future__ import annotations

from itertools import product
from typing import get_args

import numpy as np
import pytest
from oracle import row_loss

from bdnnlang.network.loss_words import COUNTED, Loss
from bdnnlang.network.losses import LOSSES, label_bits, sample_losses


def test_every_loss_has_a_row_and_a_word_with_its_help() -> None:
    assert tuple(LOSSES) == get_args(Loss)
    assert tuple(COUNTED) == get_args(Loss)


@pytest.mark.parametrize("outputs", [1, 2, 3])
@pytest.mark.parametrize("loss", get_args(Loss))
def test_what_a_sample_loses(loss: Loss, outputs: int) -> None:
    classes = max(outputs, 2)
    cases = [(bits, y) for bits in product((0, 1), repeat=outputs) for y in range(classes)]
    bits, y = np.array([bits for bits, _ in cases], dtype=np.int8), np.array([y for _, y in cases])
    found = sample_losses(bits, y, loss)
    assert found.tolist() == [row_loss(list(own), label, loss, outputs) for own, label in cases]


@pytest.mark.parametrize("loss", get_args(Loss))
def test_what_a_row_says_of_its_loss(loss: Loss) -> None:
    """`per_bit`: a sum over bits; `whole_code`: 0 for the code of the class alone."""
    bits, row = np.array(list(product((0, 1), repeat=3)), dtype=np.int8), LOSSES[loss]
    losses = np.stack([row.of(bits, np.full(len(bits), label)) for label in range(3)])
    wrong = np.stack([(bits != label_bits(np.full(len(bits), label), 3)).sum(axis=1) for label in range(3)])
    assert np.array_equal(losses, wrong) == row.per_bit
    assert np.array_equal(losses, wrong > 0) == row.whole_code
