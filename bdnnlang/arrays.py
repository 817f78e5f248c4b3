"""Arrays by what they hold; what a dimension is stands beside each use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bits = NDArray[np.int8]  # 0 or 1
Mask = NDArray[np.bool_]
Bytes = NDArray[np.bytes_]

Compact = NDArray[np.float64 | np.int16 | np.uint8]  # numbers in as few bytes as hold them all; a number of them is a float64's


def compact(values: Floats) -> Compact:
    """The same numbers in fewer bytes, where all are small whole ones: of pictures an eighth."""
    if not len(values) or not (np.rint(values) == values).all():
        return values
    fits = (kind for kind in (np.uint8, np.int16) if np.iinfo(kind).min <= values.min() and values.max() <= np.iinfo(kind).max)
    kind = next(fits, None)
    return values if kind is None else values.astype(kind)


AT_ONCE = 1 << 20  # numbers of a block: 8 MB, whose copies are no matter


def row_blocks(rows: int, columns: int) -> Iterator[slice]:
    """Slices of the rows of a large array, so that what is worked out of them takes little memory; at least one slice."""
    step = max(1, AT_ONCE // max(1, columns))
    yield from (slice(first, min(first + step, rows)) for first in range(0, max(1, rows), step))


def one_thread() -> AbstractContextManager[object]:
    """Within the block one thread sums products of matrices: in the same order everywhere, and faster where they are small."""
    from threadpoolctl import threadpool_limits  # comes with scikit-learn

    limits: AbstractContextManager[object] = threadpool_limits(1)
    return limits
