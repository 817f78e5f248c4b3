"""How many outputs a network has, and the loss that they are judged by where the spec names none."""

from __future__ import annotations

from bdnnlang.language.spec import NetworkSpec
from bdnnlang.network.loss_words import Loss


def output_width(network: NetworkSpec, classes: int) -> int:
    """K: one output for two classes unless one-hot is asked for, else one per class."""
    return 1 if classes == 2 and network.encoding != "one_hot" else classes


def default_loss(loss: Loss | None, outputs: int) -> Loss:
    return loss or ("zero_one" if outputs == 1 else "hamming")
