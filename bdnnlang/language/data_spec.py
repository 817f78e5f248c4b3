"""The `data` block of a typed spec; `types` has these names too, so that a spec is read from one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bdnnlang.source import Span


@dataclass(frozen=True, slots=True)
class Builtin:
    """A data set that scikit-learn ships."""

    name: Literal["breast_cancer", "iris", "wine", "digits"]
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Label:
    """A class as the user names it in `classes`."""

    key: str | int | float
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Csv:
    """A text file, its path relative to the folder of the spec."""

    path: str
    delimiter: str = ","  # " ": any run of blanks
    header: bool | None = None  # None: decided from the file
    decimal: str = "."
    thousands: str | None = None  # None: digits are not grouped
    missing: tuple[Label, ...] | None = None  # what counts as missing besides an empty cell; None: `data.cells.MISSING`
    comment: str | None = None  # what a line begins with that is skipped
    round_to: int | None = None  # significant digits of its numbers; None: a number is what is written
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Random:
    """Synthetic data. `boxes`: uniform points, classed by random boxes; `noise`: a tenth of the labels flipped."""

    samples: int
    features: int
    seed: int = 0
    kind: Literal["boxes", "noise"] = "boxes"
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


DataSource = Builtin | Csv | Random


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name, or by its number from 1 when the file has no header."""

    key: str | int
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Drop:
    columns: tuple[Column, ...]
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Impute:
    strategy: Literal["median", "mean", "most_frequent"]
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class OneHot:
    columns: tuple[Column, ...]
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Units:
    """Columns of numbers that each have the same unit, which is not read."""

    columns: tuple[Column, ...]
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Scale:
    method: Literal["minmax", "standard", "none"]
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Sample:
    """Keep `count` rows, drawn before the split, stratified by class. `seed` None: `split_seed`."""

    count: int
    seed: int | None = None
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Quantize:
    """Each number becomes one of the levels 0 … 2^bits − 1, evenly spaced over its range in the training part."""

    bits: int
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


DataStep = Drop | Impute | OneHot | Units | Scale | Sample | Quantize


@dataclass(frozen=True, slots=True)
class DataSpec:
    source: DataSource
    target: Column | None = None  # None: the last column
    classes: tuple[Label, ...] | None = None  # None: all, in ascending order
    test: float | Csv = 0.25  # a share of the samples, or a file with samples of its own
    validation: float | Csv = 0.0
    split_seed: int = 0
    steps: tuple[DataStep, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    test_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    validation_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
