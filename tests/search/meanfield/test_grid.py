"""Values of weights: moments between neighbours, and the nearest member."""

from __future__ import annotations

import numpy as np
import pytest

from bdnnlang.language.spec import Integers, Interval, Values, WeightDomain
from bdnnlang.search.meanfield.grid import Grid, grid_of

DOMAINS: tuple[WeightDomain, ...] = (
    Integers(-1, 1),
    Integers(0, 1),
    Integers(-3, 4),
    Integers(2, 2),
    Values((-1.0, 1.0)),
    Values((-0.5, 0.25, 4.0)),
    Values((-2.0, -0.5, 0.0, 0.25, 4.0)),
)


def mean(grid: Grid, latent: float, f: np.ufunc) -> float:
    """Of f(w) for w rounded at random, from the definition."""
    for a, b in zip(grid.nodes[:-1], grid.nodes[1:], strict=True):
        if a <= latent <= b:
            up = (latent - a) / (b - a)
            return float(up * f(b) + (1 - up) * f(a))
    return float(f(grid.nodes[0]))


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_means_of_rounded_weights(domain: WeightDomain) -> None:
    grid = grid_of(domain)
    latent = np.linspace(grid.lower, grid.upper, 53)
    assert np.allclose(grid.square(latent)[0], [mean(grid, v, np.square) for v in latent], atol=1e-6)
    inside = latent[1:-1]
    if len(grid.nodes) > 1:
        inside = inside[np.abs(inside[:, None] - grid.nodes).min(axis=1) > 1e-3]  # between neighbours
        step = 1e-5
        rise = [(mean(grid, v + step, np.square) - mean(grid, v - step, np.square)) / (2 * step) for v in inside]
        assert np.allclose(np.broadcast_to(grid.square(inside)[1], inside.shape), rise, atol=1e-5)
        steep = [(mean(grid, v + step, np.abs) - mean(grid, v - step, np.abs)) / (2 * step) for v in inside]
        assert np.allclose(grid.slopes(np.abs, inside), steep, atol=1e-5)


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_the_slope_at_an_end_is_that_of_the_inside(domain: WeightDomain) -> None:
    """A weight that has come to an end feels what leads back."""
    grid = grid_of(domain)
    if len(grid.nodes) > 1:
        ends = np.array([grid.lower, grid.upper])
        slopes = np.broadcast_to(grid.square(ends)[1], 2)
        assert np.allclose(slopes, [grid.nodes[0] + grid.nodes[1], grid.nodes[-2] + grid.nodes[-1]])


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_the_nearest_member(domain: WeightDomain) -> None:
    grid = grid_of(domain)
    wish = np.linspace(grid.lower - 1, grid.upper + 1, 97)
    assert np.array_equal(grid.nearest(wish), [grid.nodes[np.abs(grid.nodes - v).argmin()] for v in wish])


def test_real_weights_become_short_numbers_within_the_interval() -> None:
    grid = grid_of(Interval(-0.3, 0.7))
    near = grid.nearest(np.linspace(-0.3, 0.7, 999))
    assert near.min() == -0.3
    assert near.max() == 0.7
    inner = near[(near > -0.3) & (near < 0.7)]
    assert (inner * 2.0**12 == np.rint(inner * 2.0**12)).all()
    assert np.abs(near - np.linspace(-0.3, 0.7, 999)).max() <= 2.0**-13


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_the_mean_square_error_of_rounding(domain: WeightDomain) -> None:
    grid = grid_of(domain)
    even = np.linspace(grid.lower, grid.upper, 200_001)
    assert grid.spread == pytest.approx(float(((grid.nearest(even) - even) ** 2).mean()), rel=1e-3, abs=1e-9)
