"""Adam (Kingma and Ba, arXiv 1412.6980) on one flat array."""

from __future__ import annotations

import numpy as np

from bdnnlang.search.meanfield.grid import Singles

MEAN, SQUARE = 0.9, 0.999  # what is kept of the averages
LITTLE = 1e-12


class Adam:
    """`sizes` (p,): what a full step changes each number by, at a rate of 1."""

    def __init__(self, sizes: Singles) -> None:
        self.sizes = sizes
        self.mean, self.square, self.step = np.zeros_like(sizes), np.zeros_like(sizes), np.empty_like(sizes)
        self.count = 0

    def update(self, values: Singles, slopes: Singles, rate: float, low: int = 0) -> None:
        """Move `values` (p,) from the number `low` on; `slopes` is used up."""
        self.count += 1
        g, mean, square, step = slopes[low:], self.mean[low:], self.square[low:], self.step[low:]
        mean *= np.float32(MEAN)
        np.multiply(g, np.float32(1 - MEAN), out=step)
        mean += step
        g *= g
        g *= np.float32(1 - SQUARE)
        square *= np.float32(SQUARE)
        square += g
        np.sqrt(square, out=step)
        step *= np.float32((1 - SQUARE**self.count) ** -0.5)
        step += np.float32(LITTLE)
        np.divide(mean, step, out=step)
        step *= self.sizes[low:]
        step *= np.float32(rate / (1 - MEAN**self.count))
        values[low:] -= step
