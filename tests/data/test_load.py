"""From a spec to a Dataset: classes, splits, steps, and the recipe that does it again."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdnnlang.data.dataset import Dataset, Part, equal_rows, irreducible_bits, irreducible_errors
from bdnnlang.data.draw import allocate, stratified_split
from bdnnlang.data.load import load
from bdnnlang.data.sources import read_table
from bdnnlang.language.spec import Builtin, Column, Csv, DataSpec, DataStep, Drop, Impute, Label, OneHot, Random, Sample, Scale

from .conftest import Loader
from .csv_files import FILES, PLAIN, write_files

HERE = Path()


def builtin(name: str, *steps: DataStep, **settings: object) -> Dataset:
    return load(DataSpec(Builtin(name), steps=steps, **settings), HERE)  # type: ignore[arg-type]


def same(a: Part | None, b: Part | None) -> bool:
    if a is None or b is None:
        return a is b
    return all(np.array_equal(getattr(a, n), getattr(b, n)) for n in ("x", "y", "raw", "rows"))


# ---- sources


@pytest.mark.parametrize(
    ("name", "rows", "features", "classes"),
    [
        ("breast_cancer", 569, 30, ("benign", "malignant")),
        ("iris", 150, 4, ("setosa", "versicolor", "virginica")),
        ("wine", 178, 13, ("class_0", "class_1", "class_2")),
        ("digits", 1797, 64, tuple("0123456789")),
    ],
)
def test_builtin(name: str, rows: int, features: int, classes: tuple[str, ...]) -> None:
    data = builtin(name)
    assert (data.source, data.rows, len(data.features), data.classes) == (name, rows, features, classes)
    assert data.test is not None
    assert data.validation is None
    assert len(data.train) + len(data.test) == rows
    assert len(data.test) == round(rows / 4)
    assert data.train.x.min() == 0
    assert data.train.x.max() == 1
    assert data.recipe.target == "target"
    assert all(name.isidentifier() for name in data.features)
    assert len(data.sha256) == 64


def test_names_of_builtin_columns_may_have_spaces() -> None:
    data = builtin("iris", Drop((Column("petal width (cm)"), Column("sepal_width_cm"), Column("petal length cm"))))
    assert data.features == ("sepal_length_cm",)


def test_lattices_of_builtins() -> None:
    digits = builtin("digits", Scale("none"))
    assert digits.lattice is not None
    assert digits.lattice.unit == 1
    iris = builtin("iris", Scale("none"))
    assert iris.lattice is not None
    assert str(iris.lattice.unit) == "1/10"
    assert builtin("breast_cancer").lattice is None


@pytest.mark.parametrize(("samples", "features"), [(200, 1), (200, 2), (1000, 10), (300, 64)])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_random(samples: int, features: int, seed: int) -> None:
    boxes = load(DataSpec(Random(samples, features, seed), test=0, steps=(Scale("none"),)), HERE)
    assert boxes.classes == ("0", "1")
    assert boxes.train.x.shape == (samples, features)
    assert 0.35 < boxes.train.y.mean() < 0.65
    assert np.abs(boxes.train.x).max() <= 10
    assert all(len(repr(value).split(".")[1]) <= 3 for value in boxes.train.x.ravel().tolist())
    noise = load(DataSpec(Random(samples, features, seed, "noise"), test=0, steps=(Scale("none"),)), HERE)
    assert np.array_equal(noise.train.x, boxes.train.x)
    assert (noise.train.y != boxes.train.y).sum() == samples // 10
    assert boxes.sha256 != noise.sha256


def test_csv_numbers_the_columns_without_a_header(load_csv: Loader) -> None:
    text = FILES["headless.csv"]
    assert load_csv(text, header=False, target=Column(1), classes=(Label(0), Label(1)), test=0).features == ("x2", "x3")
    assert load_csv(text, header=False, target=Column("x3")).features == ("x1", "x2")
    assert load_csv(text, header=False, steps=(Drop((Column(1),)),)).features == ("x2",)


def test_sha256_is_that_of_the_file(load_csv: Loader) -> None:
    from hashlib import sha256

    assert load_csv(PLAIN).sha256 == sha256(PLAIN.encode()).hexdigest()


# ---- classes


def test_numeric_labels_are_compared_as_numbers(load_csv: Loader) -> None:
    text = "a,y\n" + "".join(f"{i},{('1.0', '2', '10')[i % 3]}\n" for i in range(30))
    assert load_csv(text).classes == ("1", "2", "10")
    data = load_csv(text, classes=(Label("10.0"), Label(1)))
    assert data.classes == ("10", "1")
    assert {int(i) % 3 for i in data.train.rows} == {0, 2}
    assert np.array_equal(data.train.y, (data.train.rows % 3 == 0).astype(int))


def test_text_labels_ascend(load_csv: Loader) -> None:
    text = "a,y\n" + "".join(f"{i},{('b', 'a', '7')[i % 3]}\n" for i in range(30))
    assert load_csv(text).classes == ("7", "a", "b")
    assert load_csv(text, classes=(Label("b"), Label(7))).classes == ("b", "7")


def test_cells_of_classes_left_out_may_be_bad(load_csv: Loader) -> None:
    text = "a,y\n" + "".join(f"{i},{i % 2}\n" for i in range(20)) + "?,2\nx,2\n"
    assert load_csv(text, classes=(Label(0), Label(1))).rows == 22


# ---- splits and samples


@given(st.lists(st.integers(3, 60), min_size=2, max_size=6), st.floats(0.05, 0.45), st.floats(0, 0.45))
def test_allocation(counts: list[int], test: float, validation: float) -> None:
    sizes = np.array(counts)
    total = round(test * sizes.sum())
    share = allocate(total, sizes, sizes - 2)
    assert share.min() >= 1
    assert (share <= sizes - 2).all()
    roomy = len(counts) <= total <= (sizes - 2).sum()
    assert share.sum() == total or not roomy
    if roomy and (sizes > 20).all():
        assert np.abs(share - total * sizes / sizes.sum()).max() <= 2


@given(st.lists(st.integers(0, 2), min_size=1, max_size=50), st.integers(0, 1000))
def test_dealing_is_a_partition(labels: list[int], seed: int) -> None:
    y = np.array(labels)
    counts = np.bincount(y, minlength=3)
    first, second = counts // 3, counts // 4
    piles = stratified_split(y, [first, second], seed)
    assert sorted(np.concatenate(piles).tolist()) == list(range(len(y)))
    assert np.bincount(y[piles[0]], minlength=3).tolist() == first.tolist()
    assert np.bincount(y[piles[1]], minlength=3).tolist() == second.tolist()
    assert all((np.diff(pile) > 0).all() for pile in piles)


def test_three_parts_are_stratified_and_disjoint() -> None:
    data = builtin("iris", test=0.2, validation=0.2)
    assert data.validation is not None
    assert data.test is not None
    parts = (data.train, data.validation, data.test)
    assert [len(part) for part in parts] == [90, 30, 30]
    assert [np.bincount(part.y).tolist() for part in parts] == [[30] * 3, [10] * 3, [10] * 3]
    assert len(np.unique(np.concatenate([part.rows for part in parts]))) == 150


def test_no_test_part() -> None:
    data = builtin("iris", test=0)
    assert data.test is None
    assert len(data.train) == 150


def test_the_split_follows_its_seed() -> None:
    a, b, c = builtin("iris"), builtin("iris"), builtin("iris", split_seed=1)
    assert same(a.train, b.train)
    assert same(a.test, b.test)
    assert not np.array_equal(a.train.rows, c.train.rows)
    assert a.train.rows[:6].tolist() == [0, 4, 5, 6, 7, 8]  # pinned: the same on every machine


def test_sample() -> None:
    data = builtin("iris", Sample(61), test=0)
    assert len(data.train) == 61
    assert sorted(np.bincount(data.train.y).tolist()) == [20, 20, 21]
    assert data.rows == 150
    again = builtin("iris", Sample(61, seed=0), test=0)
    other = builtin("iris", Sample(61, seed=5), test=0)
    assert same(data.train, again.train)
    assert not np.array_equal(data.train.rows, other.train.rows)
    assert len(builtin("iris", Sample(150), test=0).train) == 150


# ---- steps


def test_fitting_sees_training_rows_only(load_csv: Loader) -> None:
    text = "a,c,y\n" + "".join(f"{i % 7},{'uv'[i % 2]},{i // 2 % 2}\n" for i in range(40))
    test = load_csv(text).test
    assert test is not None
    lines = text.splitlines()
    for row in test.rows:
        lines[row + 1] = f"{1000 + row},w,{lines[row + 1][-1]}"
    for method in ("minmax", "standard"):
        steps = (Impute("mean"), Scale(method))
        before, after = load_csv(text, steps=steps), load_csv("\n".join(lines), steps=steps)
        assert after.recipe == before.recipe
        assert np.array_equal(after.train.x, before.train.x)
        assert after.test is not None
        assert after.test.x[:, 0].min() > 1
        assert not after.test.x[:, 1:].any()  # an unknown category: all zeros


@pytest.mark.parametrize(("strategy", "value"), [("median", 3.0), ("mean", 4.0), ("most_frequent", 1.0)])
def test_impute(load_csv: Loader, strategy: str, value: float) -> None:
    cells = ["1", "1", "3", "7", "8", "?", "NA", ""]
    text = "a,c,y\n" + "".join(f"{cell},{c},{i % 2}\n" for i, (cell, c) in enumerate(zip(cells, "uvvu?vuv", strict=True)))
    data = load_csv(text, steps=(Impute(strategy), Scale("none")), test=0)  # type: ignore[arg-type]
    assert data.features == ("a", "c=u", "c=v")
    assert data.train.raw[5:, 0].tolist() == [value] * 3
    assert data.train.raw[4].tolist() == [8, 0, 1]


def test_onehot(load_csv: Loader) -> None:
    data = load_csv(PLAIN, steps=(OneHot((Column("a"),)), Scale("standard")), test=0)
    assert data.features[:4] == ("a=0", "a=1", "a=2", "a=3")
    assert data.features[10:] == ("a=10", "a=11", "b", "colour=blue", "colour=green", "colour=red")
    assert np.array_equal(data.train.x[:, :12], np.eye(12))
    assert abs(data.train.x[:, 12].mean()) < 1e-12
    assert abs(data.train.x[:, 12].std() - 1) < 1e-12


@pytest.mark.parametrize("value", ["5", "0.1", "0.30000000000000004", "-7.25", "1e16", "-1e99", "0"])
@pytest.mark.parametrize("method", ["minmax", "standard"])
def test_constant_columns_become_zero(load_csv: Loader, value: str, method: str) -> None:
    text = "a,b,y\n" + "".join(f"{value},{i},{i % 2}\n" for i in range(8))
    data = load_csv(text, steps=(Scale(method),))  # type: ignore[arg-type]
    assert data.test is not None
    assert not data.train.x[:, 0].any()
    assert not data.test.x[:, 0].any()
    assert data.recipe.lower[0] < data.recipe.upper[0]


def test_minmax_is_the_default() -> None:
    assert builtin("wine").recipe == builtin("wine", Scale("minmax")).recipe


@pytest.mark.parametrize("method", ["minmax", "standard", "none"])
def test_exact_rows_of_builtins(method: str) -> None:
    data = builtin("wine", Scale(method))  # type: ignore[arg-type]
    for i in range(0, len(data.train), 10):
        assert [float(value) for value in data.train.exact_row(i)] == data.train.x[i].tolist()


def test_arrays_are_read_only() -> None:
    train = builtin("iris").train
    for array in (train.x, train.y, train.raw, train.rows):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


# ---- what no network can mend


def part(rows: list[tuple[int, int]], y: list[int]) -> Part:
    raw = np.array(rows, dtype=np.float64)
    recipe = dataclasses.replace(load(DataSpec(Random(20, raw.shape[1])), HERE).recipe)
    return Part(x=raw.copy(), raw=raw, rows=np.arange(len(raw)), recipe=recipe, y=np.array(y))


def test_irreducible_errors() -> None:
    p = part([(0, 0), (0, 0), (0, 0), (1, 0), (1, 0), (0, 1)], [0, 1, 2, 1, 1, 0])
    assert irreducible_errors(p) == 2
    assert len(set(equal_rows(p))) == 3
    assert irreducible_bits(p, np.eye(3, dtype=np.int64)[p.y]) == 3
    assert irreducible_bits(p, (p.y > 0).astype(np.int64)[:, None]) == 1


def test_merged_rows(load_csv: Loader) -> None:
    data = load_csv("a,b,y\n" + "1,1,0\n1,1,0\n1,1,1\n2,1,1\n2,1,1\n" * 4, test=0)
    assert (data.merged_rows, data.irreducible_errors) == (2, 4)


# ---- steps find their columns in the table as read


def test_read_table_keeps_every_cell(tmp_path: Path) -> None:
    write_files(tmp_path)
    table = read_table(Csv("gaps.csv"), tmp_path)
    assert table.names == ("a", "b", "colour", "y")
    assert table.columns[0].missing.nonzero()[0].tolist() == [3, 5]
    assert table.lines.tolist() == list(range(2, 14))
