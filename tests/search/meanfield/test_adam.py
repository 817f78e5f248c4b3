"""Updates against the formulas of Adam."""

from __future__ import annotations

import numpy as np

from bdnnlang.search.meanfield.adam import Adam


def test_updates_are_those_of_the_formulas() -> None:
    rng = np.random.default_rng(0)
    sizes = rng.uniform(0.5, 3, 7)
    values, adam = rng.normal(size=7).astype(np.float32), Adam(sizes.astype(np.float32))
    expected, mean, square = values.astype(np.float64), np.zeros(7), np.zeros(7)
    for step in range(1, 30):
        slopes, rate = rng.normal(size=7), 0.1 / step
        mean, square = 0.9 * mean + 0.1 * slopes, 0.999 * square + 0.001 * slopes**2
        expected -= rate * sizes * (mean / (1 - 0.9**step)) / np.sqrt(square / (1 - 0.999**step))
        adam.update(values, slopes.astype(np.float32), rate)
        assert np.allclose(values, expected, rtol=1e-4, atol=1e-5)


def test_the_first_step_goes_a_full_step_whatever_the_slope() -> None:
    sizes = np.array([1.0, 2.0, 0.5], dtype=np.float32)
    values = np.zeros(3, dtype=np.float32)
    Adam(sizes).update(values, np.array([1e-3, -50.0, 0.0], dtype=np.float32), 0.05)
    assert np.allclose(values, [-0.05, 0.1, 0.0], rtol=1e-5)


def test_numbers_below_stay_as_they_are() -> None:
    values = np.ones(4, dtype=np.float32)
    adam = Adam(np.ones(4, dtype=np.float32))
    for _ in range(3):
        adam.update(values, np.ones(4, dtype=np.float32), 0.1, low=2)
    assert values[:2].tolist() == [1.0, 1.0]
    assert (values[2:] < 0.75).all()
