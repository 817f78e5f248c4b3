"""Folds: each sample outside the test part is in one of them, classes are spread evenly, and the test part is left out."""

from pathlib import Path

import numpy as np
import pytest

from bdnnlang.data.dataset import Dataset
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
