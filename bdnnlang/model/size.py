"""How large a model will be, before it is built."""

from __future__ import annotations

import itertools

from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Spec
from bdnnlang.problem.outputs import output_width


def nonzeros(spec: Spec, data: Dataset) -> float:
    """About how many nonzeros the model will have, from its shape alone."""
    m, n = data.train.x.shape
    widths = [n, *(layer.width or output_width(spec.network, len(data.classes)) for layer in spec.network.layers)]
    first, *deeper = [float(a) * b for a, b in itertools.pairwise(widths)]
    certified = 2 if spec.certified else 1
    return float(m * (2 * first + sum(12 * certified * weights for weights in deeper)))
