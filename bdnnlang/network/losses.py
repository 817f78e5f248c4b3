"""From output bits to classes and losses."""

from __future__ import annotations

from typing import Literal

import numpy as np

from bdnnlang.arrays import Bits, Ints

Loss = Literal["zero_one", "hamming", "pattern"]


def label_bits(y: Ints, outputs: int) -> Bits:
    """Label bits t, (m, K): the class itself for one output, one-hot otherwise."""
    return np.asarray(y[:, None] == (np.arange(outputs) if outputs > 1 else 1), dtype=np.int8)


def classify(bits: Bits) -> Ints:
    """Class of each row of output bits: one output: its bit; more: the first that is 1, or class 0 when none is."""
    return bits[:, 0].astype(np.int64) if bits.shape[1] == 1 else np.argmax(bits, axis=1).astype(np.int64)


def sample_losses(bits: Bits, y: Ints, loss: Loss) -> Ints:
    """Loss of each sample, (m,): wrong class, number of wrong output bits, or pattern other than the class's code."""
    if loss == "zero_one":
        return np.asarray(classify(bits) != y, dtype=np.int64)
    wrong = bits != label_bits(y, bits.shape[1])
    return np.asarray(wrong.sum(axis=1) if loss == "hamming" else wrong.any(axis=1), dtype=np.int64)


def accuracy(bits: Bits, y: Ints) -> float:
    """Share of samples whose class is right."""
    return float(np.mean(classify(bits) == y))
