"""From output bits to classes and losses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Bits, Ints
from bdnnlang.network.loss_words import Loss


@dataclass(frozen=True, slots=True)
class LossRow:
    """A loss. What else it needs follows: its irreducible loss, the rows of its model, and what a search counts."""

    of: Callable[[Bits, Ints], Ints]  # output bits (m, K) and classes (m,) to the loss of each sample, (m,)
    per_bit: bool = False  # it is the sum over the output bits of the wrong ones; else 0 or 1 a sample
    whole_code: bool = False  # a sample is right only if all output bits are its class's code


def label_bits(y: Ints, outputs: int) -> Bits:
    """Label bits t, (m, K): the class itself for one output, one-hot otherwise."""
    return np.asarray(y[:, None] == (np.arange(outputs) if outputs > 1 else 1), dtype=np.int8)


def classify(bits: Bits) -> Ints:
    """Class of each row of output bits: one output: its bit; more: the first that is 1, or class 0 when none is."""
    return bits[:, 0].astype(np.int64) if bits.shape[1] == 1 else np.argmax(bits, axis=1).astype(np.int64)


def sample_losses(bits: Bits, y: Ints, loss: Loss) -> Ints:
    """Loss of each sample, (m,): wrong class, number of wrong output bits, or pattern other than the class's code."""
    return LOSSES[loss].of(bits, y)


def _wrong_class(bits: Bits, y: Ints) -> Ints:
    return np.asarray(classify(bits) != y, dtype=np.int64)


def _wrong_bits(bits: Bits, y: Ints) -> Ints:
    return np.asarray((bits != label_bits(y, bits.shape[1])).sum(axis=1), dtype=np.int64)


def _wrong_pattern(bits: Bits, y: Ints) -> Ints:
    return np.asarray((bits != label_bits(y, bits.shape[1])).any(axis=1), dtype=np.int64)


LOSSES: dict[Loss, LossRow] = {
    "zero_one": LossRow(_wrong_class),
    "hamming": LossRow(_wrong_bits, per_bit=True),
    "pattern": LossRow(_wrong_pattern, whole_code=True),
}


def accuracy(bits: Bits, y: Ints) -> float:
    """Share of samples whose class is right."""
    return float(np.mean(classify(bits) == y))
