"""How large a model will be, before it is built."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Spec
from bdnnlang.problem.membership import shape


@dataclass(frozen=True, slots=True, order=True)
class Extent:
    """What of the data a model has: `samples` with rows in layer 1, and `patterns` of activations, which deeper layers have."""

    samples: int
    patterns: int


def whole(data: Dataset) -> Extent:
    """That of the exact model: every training sample has a pattern of its own."""
    return Extent(len(data.train), len(data.train))


def nonzeros(spec: Spec, data: Dataset, extent: Extent | None = None) -> float:
    """About how many nonzeros a model will have, from its shape alone; without an `extent` the exact one."""
    extent = extent or whole(data)
    first, *deeper = [float(a) * b for a, b in itertools.pairwise(shape(spec, data))]
    certified = 2 if spec.certified else 1
    return 2 * extent.samples * first + extent.patterns * sum(12 * certified * weights for weights in deeper)
