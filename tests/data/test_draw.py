"""Streams of random choices."""

from __future__ import annotations

import numpy as np

from bdnnlang.data.draw import RandomStream


def test_numbers_below_2_16_are_the_quarters_of_the_words_in_order() -> None:
    words = [int(word) for word in np.random.PCG64(5).random_raw(3)]
    quarters = [(word >> (16 * n)) & 0xFFFF for word in words for n in range(4)]
    assert RandomStream(5).uint16((2, 5)).ravel().tolist() == quarters[:10]
