"""Arrays by what they hold; what a dimension is stands beside each use."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bits = NDArray[np.int8]  # 0 or 1
Mask = NDArray[np.bool_]
Bytes = NDArray[np.bytes_]
