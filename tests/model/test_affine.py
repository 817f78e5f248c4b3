"""Rows of linear expressions: shared coefficients are those of the triplets that they stand for, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from bdnnlang.arrays import Floats, Ints
from bdnnlang.model.affine import Affine, Shared, merge
from bdnnlang.model.stack import by_column

M, WIDTH, N = 7, 3, 5


def shared(seed: int, first_column: int = 0) -> Affine:
    """Some rows and coefficients missing, as after a pass that drops rows; and one more coefficient in each row."""
    rng = np.random.default_rng(seed)
    row = np.arange(M * WIDTH).reshape(M, WIDTH)
    row = np.where(rng.random(row.shape) < 0.3, -1, row)
    value = np.where(rng.random((M, N)) < 0.3, 0.0, rng.normal(size=(M, N)) * 10.0 ** rng.integers(-4, 5, (M, N)))
    column = first_column + np.arange(WIDTH * N).reshape(WIDTH, N)
    affine = Affine(M * WIDTH, (Shared(row, column, value),))
    return affine.with_column(np.full(M * WIDTH, first_column + WIDTH * N), rng.integers(0, 3, M * WIDTH).astype(np.float64))


def flat(affine: Affine) -> Affine:
    return Affine.of(affine.rows, affine.row, affine.column, affine.value)


def dense(affine: Affine, columns: int = 40) -> Floats:
    out = np.zeros((affine.rows, columns))
    np.add.at(out, (affine.row, affine.column), affine.value)
    return out


def equal(a: tuple[np.ndarray, ...], b: tuple[np.ndarray, ...]) -> None:
    for one, other in zip(a, b, strict=True):
        np.testing.assert_array_equal(one, other)


def test_triplets_come_row_by_row() -> None:
    part = Shared(np.array([[0, 1], [-1, 3]]), np.array([[4, 5], [6, 7]]), np.array([[1.0, 2.0], [0.0, 3.0]])).triplets
    assert part.row.tolist() == [0, 0, 1, 1, 3]
    assert part.column.tolist() == [4, 5, 6, 7, 7]
    assert part.value.tolist() == [1, 2, 1, 2, 3]


@pytest.mark.parametrize("same_boxes", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_sums_are_rounded_as_those_of_triplets(seed: int, same_boxes: bool) -> None:
    rng = np.random.default_rng(seed)
    box = np.sort(rng.normal(size=(2, WIDTH * N + 1)), axis=0)
    if same_boxes:
        box = np.broadcast_to(box[:, :1], box.shape)
    affine = shared(seed)
    equal(affine.activity_bounds(*box), flat(affine).activity_bounds(*box))
    equal((affine.at(box[0]),), (flat(affine).at(box[0]),))


@pytest.mark.parametrize("rows", [[], [0], [2, 3, 11, 20], list(range(M * WIDTH))])
def test_rows_are_selected(rows: list[int]) -> None:
    some: Ints = np.array(rows, dtype=np.int64)
    assert shared(0).selected(some).rows == len(rows)
    np.testing.assert_array_equal(dense(shared(0).selected(some)), dense(shared(0))[some])


def test_affine_rows_stand_one_below_the_other() -> None:
    parts = [shared(0), shared(1), shared(2, 17)]
    np.testing.assert_array_equal(dense(merge(parts)), np.concatenate([dense(part) for part in parts]))


def test_sizes_of_coefficients() -> None:
    affine, sizes = shared(3), np.ones(M * WIDTH)
    for part in affine.parts:
        part.largest(sizes)
    np.testing.assert_array_equal(sizes, np.maximum(1.0, np.abs(dense(affine)).max(axis=1)))
    least = np.abs(affine.value).min()
    for factor, is_below in ((1.0, False), (1.0001, True)):
        assert any(part.has_below(np.full(M * WIDTH, least * factor)) for part in affine.parts) is is_below


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_by_column_is_that_of_triplets(order: tuple[int, ...]) -> None:
    """Also where a column has shared and single coefficients, whichever come first."""
    parts = [shared(0), shared(1), flat(shared(2))]
    affine = merge([parts[k] for k in order])
    start, index, value = by_column(affine, 40)
    equal((start, index, value), by_column(flat(affine), 40))
    for j in range(40):
        rows = index[start[j] : start[j + 1]]
        assert rows.tolist() == sorted(set(rows.tolist())) == np.flatnonzero(dense(affine)[:, j]).tolist()
        np.testing.assert_array_equal(value[start[j] : start[j + 1]], dense(affine)[rows, j])


def test_without_rows_nothing_is_below() -> None:
    none = Shared(np.full((M, WIDTH), -1), np.arange(WIDTH * N).reshape(WIDTH, N), np.ones((M, N)))
    assert not none.has_below(np.zeros(0))
