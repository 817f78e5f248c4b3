"""The loss that no network can avoid, because equal samples have different labels."""

from __future__ import annotations

import numpy as np

from bdnnlang.data.types import Part, irreducible_bits, irreducible_errors
from bdnnlang.network import Loss, label_bits


def irreducible_loss(part: Part, loss: Loss, outputs: int) -> int:
    """A lower bound on the loss of every network, whatever its width, proved by counting (MODELS.md, 3.1)."""
    if loss == "hamming":
        return irreducible_bits(part, label_bits(part.y, outputs).astype(np.int64))
    return irreducible_errors(part)
