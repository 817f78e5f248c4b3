"""Which samples are for training, which for validation and test: stratified draws of the seed, or a fold."""

from __future__ import annotations

from collections import Counter

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.data.draw import allocate, permutation, stratified_split
from bdnnlang.data.target import Target, check_rows
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import Csv, DataSpec

Parts = tuple[Ints, Ints, Ints]  # positions of the training, validation and test samples


def split(spec: DataSpec, target: Target) -> Parts:
    """Positions in `target`. Raises Rejected where a part would lack a class."""
    m, counts = len(target.y), target.counts
    held_out = (("validation", spec.validation), ("test", spec.test))
    shares = {name: share for name, share in held_out if share and not isinstance(share, Csv)}
    names = ["training", *shares]
    parts = len(names)
    _check(spec, target, counts, parts, f"one for each part ({', '.join(names)})", "smaller parts")
    none = np.zeros_like(counts)
    test = allocate(_rows(shares["test"] * m), counts, counts - parts + 1) if "test" in shares else none
    left = counts - test - 1
    validation = allocate(_rows(shares["validation"] * m), counts, left) if "validation" in shares else none
    tested, validated, trained = stratified_split(target.y, [test, validation], spec.split_seed)
    if spec.folds is None or spec.fold is None:
        return trained, validated, tested
    return _folded(spec, target, np.sort(np.concatenate([trained, validated])), len(validated))


def _folded(spec: DataSpec, target: Target, rows: Ints, validated: int) -> Parts:
    """The same of `rows`, those outside the test part, of which `validated` were for validation: its share stays the same."""
    assert spec.folds is not None
    assert spec.fold is not None
    y = target.y[rows]
    counts = np.bincount(y, minlength=len(target.classes))
    each, why = (2, "two for each fold, as one is for validation") if validated else (1, "one for each fold")
    _check(spec, target, counts, each * spec.folds, why, "fewer folds")
    fold = folds_of(y, spec.folds, spec.split_seed)
    others, tested = rows[fold != spec.fold - 1], rows[fold == spec.fold - 1]
    if not validated:
        return others, others[:0], tested
    left = np.bincount(target.y[others], minlength=len(target.classes))
    sizes = allocate(_rows(validated * len(others) / len(rows)), left, left - 1)
    chosen, trained = stratified_split(target.y[others], [sizes], spec.split_seed)
    return others[trained], others[chosen], tested


def folds_of(y: Ints, folds: int, seed: int) -> Ints:
    """The fold of each sample, from 0, (m,): folds differ by one sample at most, and so do they in each class."""
    order = permutation(seed, len(y))
    by_class = order[np.argsort(y[order], kind="stable")]
    fold = np.empty(len(y), dtype=np.int64)
    fold[by_class] = np.arange(len(y)) % folds
    return fold


def _check(spec: DataSpec, target: Target, counts: Ints, needed: int, why: str, cure: str) -> None:
    span = spec.test_span or spec.validation_span or spec.source.span
    rows = Counter(dict(zip(target.classes, counts.tolist(), strict=True)))
    diagnostics = check_rows(rows, needed, why, f"give more rows, {cure}, or fewer `classes`", span)
    if diagnostics:
        raise Rejected(diagnostics)


def _rows(count: float) -> int:
    return max(1, round(count))
