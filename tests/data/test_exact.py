from __future__ import annotations

import time
from fractions import Fraction
from math import gcd, lcm

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdnnlang.data.dataset import Rows
from bdnnlang.data.exact import MAX_POINT, common_decimals, find_lattice, scaled_feature, scaled_features
from bdnnlang.data.preprocessing.recipe import Encoding, Recipe
from bdnnlang.network.numbers import exact as decimal

VALUES = st.one_of(
    st.floats(-1e6, 1e6).filter(lambda v: v == 0 or abs(v) > 1e-100),
    st.integers(-1000, 1000).map(float),
    st.integers(-1000, 1000).map(lambda v: v / 10),
    st.sampled_from([1e100, -1e100, 1e-100, 1e15, 1e16, 0.1, 0.30000000000000004]),
)


@given(st.lists(VALUES, min_size=1))
def test_common_decimals_are_the_decimals_times_one_power_of_ten(values: list[float]) -> None:
    integers = common_decimals(values)
    ratios = {Fraction(i) / decimal(v) for i, v in zip(integers, values, strict=True) if v}
    assert len(ratios) <= 1
    assert all((i == 0) == (v == 0) for i, v in zip(integers, values, strict=True))


@given(st.lists(VALUES, min_size=1), VALUES, VALUES)
def test_scaled_floats_are_correctly_rounded(values: list[float], one: float, other: float) -> None:
    lower, upper = sorted([one, other])
    if lower == upper:
        return
    floats = scaled_feature(np.array(values) + 0.0, lower, upper).floats()
    exact = [(decimal(v) - decimal(lower)) / (decimal(upper) - decimal(lower)) for v in values]
    assert floats.tolist() == [float(value) for value in exact]


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1))
def test_exact_row_is_rational_arithmetic(rows: list[tuple[float, float]]) -> None:
    raw = np.array(rows) + 0.0
    recipe = Recipe("y", ("a", "b", "y"), (Encoding("a"), Encoding("b")), (-0.1, 0.0), (0.2, 3.0))
    part = Rows(x=recipe.scale(raw), raw=raw, rows=np.arange(len(raw)), recipe=recipe)
    for i, (a, b) in enumerate(rows):
        exact = ((Fraction(repr(a)) + Fraction(1, 10)) / Fraction(3, 10), Fraction(repr(b)) / 3)
        assert part.exact_row(i) == exact
        assert part.x[i].tolist() == [float(value) for value in exact]


TENTHS = st.integers(-99, 99).map(lambda v: v / 10)


@given(st.lists(st.tuples(TENTHS, TENTHS), min_size=1), st.integers(1, 9), st.integers(1, 9))
def test_lattice_is_exact_and_its_unit_the_largest(rows: list[tuple[float, float]], p: int, q: int) -> None:
    raw = np.array(rows) + 0.0
    upper = np.array([float(p), float(q)])
    lattice = find_lattice(scaled_features(raw, np.zeros(2), upper))
    assert lattice is not None
    points = [decimal(v) / u / lattice.unit for row in rows for v, u in zip(row, (p, q), strict=True)]
    assert all(point.denominator == 1 for point in points)
    assert gcd(*(int(point) for point in points)) in (0, 1)


def test_lattice_of_zeros() -> None:
    lattice = find_lattice(scaled_features(np.zeros((3, 2)), np.zeros(2), np.ones(2)))
    assert lattice is not None
    assert lattice.unit == 1


def test_lattice_may_be_coarser_than_one() -> None:
    lattice = find_lattice(scaled_features(np.array([[4.0, 6.0], [8.0, 0.0]]), np.zeros(2), np.ones(2)))
    assert lattice is not None
    assert lattice.unit == 2


@pytest.mark.parametrize(("largest", "found"), [(MAX_POINT, True), (MAX_POINT + 1, False)])
def test_lattice_ends_at_a_million_points(largest: int, found: bool) -> None:
    lattice = find_lattice(scaled_features(np.array([[1.0], [largest]]), np.zeros(1), np.ones(1)))
    assert (lattice is not None) == found


def test_lattice_units_of_features_combine() -> None:
    raw = np.array([[0.0, 0.0], [1.0, 1.0]])
    lattice = find_lattice(scaled_features(raw, np.zeros(2), np.array([4.0, 6.0])))
    assert lattice is not None
    assert lattice.unit == Fraction(1, lcm(4, 6))


@pytest.mark.parametrize("shape", [(569, 30), (2000, 64)])
def test_no_lattice_is_found_out_quickly(shape: tuple[int, int]) -> None:
    raw = np.random.default_rng(0).normal(size=shape)
    features = scaled_features(raw, raw.min(axis=0), raw.max(axis=0))
    start = time.perf_counter()
    assert find_lattice(features) is None
    assert time.perf_counter() - start < 0.3
