"""The loss of outputs that are 1 with given probabilities, and its slope.

Per bit (`hamming`, and one output): −Σ log P(bit is right). `pattern`, all bits right: the same, as bits are independent.
`zero_one`: −log P(class). The first output that is 1 decides, so class c has P = p_c Π_{j<c} (1 − p_j), and class 0 in addition
Π_j (1 − p_j).
"""

from __future__ import annotations

import numpy as np

from bdnnlang.network.loss_words import Loss
from bdnnlang.network.losses import LOSSES
from bdnnlang.search.meanfield.grid import Singles
from bdnnlang.search.meanfield.inputs import Batch

STEEP = np.float32(30.0)  # scores beyond it are as sure


def probabilities(scores: Singles) -> Singles:
    """σ(score): of a 1."""
    p = np.clip(scores, -STEEP, STEEP)
    np.negative(p, out=p)
    np.exp(p, out=p)
    p += 1
    return np.reciprocal(p, out=p)


def slope(scores: Singles, batch: Batch, loss: Loss) -> Singles:
    """Of each sample's loss times what an error on it costs, by its scores (B, K)."""
    p = probabilities(scores)
    by_class = scores.shape[1] > 1 and not LOSSES[loss].per_bit and not LOSSES[loss].whole_code
    found = _slope_of_class(p, batch) if by_class else p - batch.bits
    found *= batch.costs
    return found


def _slope_of_class(p: Singles, batch: Batch) -> Singles:
    earlier = np.arange(p.shape[1]) < batch.classes[:, None]
    found = np.where(earlier, p, batch.bits * (p - 1))
    first = np.flatnonzero(batch.classes == 0)
    if len(first):
        q = p[first]
        none = (1 - q).prod(axis=1)
        right = q[:, 0] + none
        own = (none / right)[:, None] * q
        own[:, 0] -= q[:, 0] * (1 - q[:, 0]) / right
        found[first] = own
    return found
