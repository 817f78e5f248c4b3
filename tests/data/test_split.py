"""Folds: each sample outside the test part is in one of them, classes are spread evenly, and the test part is left out."""

from pathlib import Path

import numpy as np
import pytest

from bdnnlang.data.dataset import Dataset
from bdnnlang.data.draw import permutation
from bdnnlang.data.load import load
from bdnnlang.data.split import folds_of
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import Builtin, DataSpec, Random, Sample

IRIS = DataSpec(Builtin("iris"), split_seed=3)


def read(**more: object) -> Dataset:
    return load(DataSpec(Builtin("iris"), split_seed=3, **more), Path())  # type: ignore[arg-type]


@pytest.mark.parametrize(("test", "validation"), [(0.25, 0.0), (0.25, 0.25), (0.0, 0.0), (0.0, 0.2)])
def test_folds_part_what_is_outside_the_test_part(test: float, validation: float) -> None:
    plain = read(test=test, validation=validation)
    outside = np.concatenate([part.rows for part in (plain.train, plain.validation) if part])
    folds = [read(test=test, validation=validation, folds=4, fold=number) for number in range(1, 5)]
    held = np.concatenate([one.test.rows for one in folds if one.test])
    assert sorted(held) == sorted(outside), "each once, and nothing of the test part"
    for one in folds:
        parts = [part.rows for part in (one.train, one.validation, one.test) if part]
        assert sorted(np.concatenate(parts)) == sorted(outside)
        assert (one.validation is None) == (validation == 0)
        if one.validation and plain.validation:
            share = len(plain.validation) / len(outside)
            assert abs(len(one.validation) - share * (len(outside) - len(one.test or ()))) <= 0.5
        for part in (one.train, one.validation, one.test):
            assert part is None or set(part.y) == {0, 1, 2}


def test_folds_differ_by_one_sample_and_so_do_their_classes() -> None:
    y = np.array([0] * 11 + [1] * 6 + [2] * 7)
    fold = folds_of(y, 5, seed=1)
    assert sorted(np.bincount(fold)) == [4, 5, 5, 5, 5]
    for label in (0, 1, 2):
        sizes = np.bincount(fold[y == label], minlength=5)
        assert sizes.max() - sizes.min() <= 1
    assert (fold == folds_of(y, 5, seed=1)).all()
    assert (fold != folds_of(y, 5, seed=2)).any()


@pytest.mark.parametrize(
    ("rows", "folds", "validation", "words"),
    [(30, 9, 0.0, "9 are needed: one for each fold"), (30, 5, 0.2, "10 are needed: two")],
)
def test_a_fold_lacks_no_class(rows: int, folds: int, validation: float, words: str) -> None:
    with pytest.raises(Rejected) as rejected:
        read(steps=(Sample(rows),), folds=folds, fold=1, validation=validation)
    assert words in rejected.value.diagnostics[0].message
    assert "fewer folds" in rejected.value.diagnostics[0].hint


def test_preprocessing_sees_the_training_part_of_a_fold_only() -> None:
    one = load(DataSpec(Random(40, 2, 1), folds=2, fold=1), Path())
    assert one.train.x.min() == 0
    assert one.train.x.max() == 1
    assert one.test is not None
    assert len(one.train) == len(one.test) == 15


# ---- without regard to classes


def parts(read_as: Dataset) -> list[np.ndarray]:
    return [part.rows for part in (read_as.train, read_as.validation, read_as.test) if part]


def test_strata_keep_the_shares_of_the_classes_and_plain_draws_do_not() -> None:
    """Iris has 50 flowers of each of three classes: 10 in each part of 30, and 30 in training."""
    by_class, plain = read(test=0.2, validation=0.2), read(test=0.2, validation=0.2, stratify=False)
    counts = [np.bincount(part.y).tolist() for part in (by_class.train, by_class.validation, by_class.test) if part]
    assert counts == [[30, 30, 30], [10, 10, 10], [10, 10, 10]]
    assert [len(rows) for rows in parts(plain)] == [90, 30, 30]
    assert sorted(np.concatenate(parts(plain))) == list(range(150)), "each once"
    assert np.bincount(plain.train.y).tolist() != [30, 30, 30]


def test_a_plain_draw_is_the_beginning_of_a_permutation() -> None:
    """So that it is the same everywhere, and no class has a say."""
    order = permutation(3, 150)
    train, validation, test = parts(read(test=0.2, validation=0.1, stratify=False))
    assert (test == np.sort(order[:30])).all()
    assert (validation == np.sort(order[30:45])).all()
    assert (train == np.sort(order[45:])).all()


def test_plain_folds_are_dealt_from_what_is_outside_the_test_part() -> None:
    outside = np.sort(permutation(3, 150)[30:])
    dealt = outside[permutation(3, 120)]
    for number in (1, 2, 3, 4):
        train, validation, test = parts(read(test=0.2, validation=0.25, folds=4, fold=number, stratify=False))
        assert (test == np.sort(dealt[number - 1 :: 4])).all()
        assert sorted([*train, *validation, *test]) == outside.tolist()
        assert abs(len(validation) - 90 * 38 / 120) <= 0.5, "the share that it is without folds: 38 of 120"


def test_what_is_shown_has_each_class() -> None:
    """Two flowers of each class: a draw of three for testing may take both of one, and then nothing can be learnt of it."""
    outcomes = {_of_six(seed) for seed in range(40)}
    advice = "remove `stratify = false`, or write another `split_seed` or smaller parts"
    lacking = {
        (f"none of the rows drawn for training has class `{name}`", advice) for name in ("setosa", "versicolor", "virginica")
    }
    assert outcomes == {*lacking, (3, "")}


def _of_six(seed: int) -> tuple[object, str]:
    few = DataSpec(Builtin("iris"), steps=(Sample(6),), test=0.5, split_seed=seed, stratify=False)
    try:
        return len(set(load(few, Path()).train.y)), ""
    except Rejected as rejected:
        return rejected.diagnostics[0].message, rejected.diagnostics[0].hint


def test_more_plain_folds_than_rows() -> None:
    with pytest.raises(Rejected) as rejected:
        read(steps=(Sample(3),), test=0.0, folds=5, fold=1, stratify=False)
    assert rejected.value.diagnostics[0].message == "there are 3 rows, but 5 are needed: one for each fold"
