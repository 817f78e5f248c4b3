"""Which samples are for training, which for validation and test: draws of the seed, by class or not, or a fold."""

from __future__ import annotations

from collections import Counter

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.data.diagnosis.errors import TooFewRows
from bdnnlang.data.draw import allocate, permutation, stratified_split
from bdnnlang.data.table import listed
from bdnnlang.data.target import Target, check_rows
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import Csv, DataSpec
from bdnnlang.source import Span

Parts = tuple[Ints, Ints, Ints]  # positions of the training, validation and test samples


def split(spec: DataSpec, target: Target) -> Parts:
    """Positions in `target`. Raises Rejected where a part would lack a class; where classes have no say, the training part."""
    strata = target.y if spec.stratify else np.zeros_like(target.y)
    m, counts = len(strata), np.bincount(strata)
    held_out = (("validation", spec.validation), ("test", spec.test))
    shares = {name: share for name, share in held_out if share and not isinstance(share, Csv)}
    names = ["training", *shares]
    parts = len(names)
    _check(spec, target, counts, parts, f"one for each part ({', '.join(names)})", "smaller parts")
    none = np.zeros_like(counts)
    test = allocate(_rows(shares["test"] * m), counts, counts - parts + 1) if "test" in shares else none
    left = counts - test - 1
    validation = allocate(_rows(shares["validation"] * m), counts, left) if "validation" in shares else none
    tested, validated, trained = stratified_split(strata, [test, validation], spec.split_seed)
    drawn = trained, validated, tested
    if spec.folds is not None and spec.fold is not None:
        drawn = _folded(spec, target, strata, np.sort(np.concatenate([trained, validated])), len(validated))
    _check_training(spec, target, drawn[0])
    return drawn


def _folded(spec: DataSpec, target: Target, strata: Ints, rows: Ints, validated: int) -> Parts:
    """The same of `rows`, those outside the test part, of which `validated` were for validation: its share stays the same."""
    assert spec.folds is not None
    assert spec.fold is not None
    own = strata[rows]
    counts = np.bincount(own, minlength=strata.max() + 1)
    each, why = (2, "two for each fold, as one is for validation") if validated else (1, "one for each fold")
    _check(spec, target, counts, each * spec.folds, why, "fewer folds")
    fold = folds_of(own, spec.folds, spec.split_seed)
    others, tested = rows[fold != spec.fold - 1], rows[fold == spec.fold - 1]
    if not validated:
        return others, others[:0], tested
    left = np.bincount(strata[others], minlength=len(counts))
    sizes = allocate(_rows(validated * len(others) / len(rows)), left, left - 1)
    chosen, trained = stratified_split(strata[others], [sizes], spec.split_seed)
    return others[trained], others[chosen], tested


def folds_of(y: Ints, folds: int, seed: int) -> Ints:
    """The fold of each sample, from 0, (m,): folds differ by one sample at most, and so do they in each class."""
    order = permutation(seed, len(y))
    by_class = order[np.argsort(y[order], kind="stable")]
    fold = np.empty(len(y), dtype=np.int64)
    fold[by_class] = np.arange(len(y)) % folds
    return fold


def _check(spec: DataSpec, target: Target, counts: Ints, needed: int, why: str, cure: str) -> None:
    """Does each stratum have the rows that are `needed`?"""
    advice = f"give more rows, {cure}, or fewer `classes`"
    if spec.stratify:
        rows = Counter(dict(zip(target.classes, counts.tolist(), strict=True)))
        diagnostics = check_rows(rows, needed, why, advice, _place(spec))
    else:
        problem = f"there are {counts[0]} rows, but {needed} are needed: {why}"
        diagnostics = [TooFewRows(problem=problem, advice=advice, span=_place(spec))] if counts[0] < needed else []
    if diagnostics:
        raise Rejected(diagnostics)


def _check_training(spec: DataSpec, target: Target, trained: Ints) -> None:
    """What is drawn without regard to classes may lack some, but a network learns those that it is shown."""
    drawn = np.bincount(target.y[trained], minlength=len(target.classes))
    lacking = [name for name, count in zip(target.classes, drawn, strict=True) if not count]
    advice = "remove `stratify = false`, or write another `split_seed` or smaller parts"
    if lacking:
        problem = f"none of the rows drawn for training has class {listed(lacking)}"
        raise Rejected([TooFewRows(problem=problem, advice=advice, span=spec.stratify_span or _place(spec))])


def _place(spec: DataSpec) -> Span | None:
    return spec.test_span or spec.validation_span or spec.source.span


def _rows(count: float) -> int:
    return max(1, round(count))
