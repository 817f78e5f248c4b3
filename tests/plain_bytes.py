"""`bytes` as docs/code_size.md defines them, in plain counting."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from itertools import pairwise

Weights = Sequence[Sequence[object]]  # of a layer, a row for each neuron


def plain_bytes(layers: Sequence[Weights], signs: Sequence[bool] = (True, True)) -> int:
    """Of a network by the weights of its layers; `signs`: of each, may they be -1, 0 and 1 only?"""
    nonzero = [sum(1 for row in rows for w in row if w) for rows in layers]
    features = sum(1 for column in zip(*layers[0], strict=True) if any(column))
    hidden = [
        sum(1 for j, row in enumerate(below) if any(row) and any(one[j] for one in above)) for below, above in pairwise(layers)
    ]
    masks = [2 + (2 * math.ceil(len(rows[0]) / 8) if only else 0) for rows, only in zip(layers, signs, strict=False)]
    straight = 4 + features + (5 if signs[0] else 7) * nonzero[0] + 4 * sum(nonzero[1:]) + 4 * sum(hidden)
    tables = sum(0 if only else 2 * n for n, only in zip(nonzero, signs, strict=False))
    return min(straight, 54 + tables + sum(map(operator.mul, masks, hidden)) + 20 * len(layers[-1]))
