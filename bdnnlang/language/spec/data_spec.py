"""The block `data`: where the samples come from and how they are prepared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal, get_args

from bdnnlang.language.kinds import Choice, Columns, Labels, Marks, Nothing, Number, OneColumn, Origin, Share, Switch, Text, Whole
from bdnnlang.language.spec.row import ABOUT, Calls, Row, block, call, described, setting, step, steps
from bdnnlang.language.spec.sweep_spec import FOLDS
from bdnnlang.source import Span

_SEED = Whole(0, 2**31 - 1)


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

    row: ClassVar[Row] = call(
        "csv",
        Text(),
        "A text file, its path relative to the spec",
        example='data csv("heart.csv") { delimiter = ";", header = false }',
    )
    path: str
    delimiter: str = setting(
        Text(1),
        'Column separator of a text file; `" "`: any run of blanks',
        ",",
        example='delimiter = ";"',
        aliases=("sep", "separator"),
    )
    header: bool | None = setting(
        Switch(),
        "Whether the first line names the columns",
        None,
        shown="detected from the file, and reported",
        example="header = false",
    )
    decimal: str = setting(Text(1, (",", ".")), "Decimal point of the file's numbers", ".", example='decimal = ","')
    thousands: str | None = setting(
        Text(1, (",", ".", " ", "'")),
        "Thousands separator of the file's numbers",
        None,
        shown="none",
        example='thousands = ","',
    )
    missing: tuple[Label, ...] | None = setting(  # None: `data.text.cells.MISSING`
        Marks(),
        "Marks of a missing value, besides an empty cell; capitals do not matter",
        None,
        shown='`["NA", "N/A", "#N/A", "?", "NaN", "null"]`',
        example='missing = ["-", -9]',
        aliases=("na_values", "na"),
    )
    comment: str | None = setting(
        Text(), "Lines that begin with this text are skipped", None, shown="none", example='comment = "#"'
    )
    round_to: int | None = setting(
        Whole(1, 15),
        "Rounds the file's numbers to this many significant digits",
        None,
        shown="no rounding; a number with more digits than float64 keeps (17) is refused",
        example="round_to = 15",
        aliases=("precision", "round"),
    )
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Npz:
    """A file of NumPy arrays, its path relative to the folder of the spec."""

    row: ClassVar[Row] = call(
        "npz",
        Text(),
        "A file of NumPy arrays: `x`, a row for each sample, or pictures, and `y`, their classes",
        example='data npz("digits.npz") { scale none }',
    )
    path: str
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Random:
    """Synthetic data. `boxes`: uniform points, classed by random boxes; `noise`: a tenth of the labels flipped."""

    row: ClassVar[Row] = call(
        "random", Nothing(), "Synthetic samples in the unit cube", example="data random(samples=20, features=3, seed=1)"
    )
    samples: int = field(metadata=described(Whole(2, 1_000_000), "Number of samples"))
    features: int = field(metadata=described(Whole(1, 10_000), "Number of features"))
    seed: int = setting(_SEED, "Seed of the samples", 0)
    kind: Literal["boxes", "noise"] = setting(
        Choice({"boxes": "A class is membership in random boxes", "noise": "As `boxes`, with a tenth of the labels flipped"}),
        "How the classes are made",
        "boxes",
    )
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


DataSource = Builtin | Csv | Npz | Random


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name, or by its number from 1 when the file has no header."""

    key: str | int
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


# ---- steps; `before_discretizing`: it must stand before a `Discretization`, whose whole numbers are what the network gets


@dataclass(frozen=True, slots=True)
class Drop:
    row: ClassVar[Row] = step("drop", Columns(), "Removes columns", example='drop ["id"]', aliases=("remove", "exclude"))
    before_discretizing: ClassVar[bool] = False
    columns: tuple[Column, ...]
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Impute:
    row: ClassVar[Row] = step(
        "impute",
        Choice(
            {
                "median": "The median of the column",
                "mean": "The mean of the column",
                "most_frequent": "The most frequent value of the column",
            }
        ),
        "Replaces missing values; fitted on the training part",
        example="impute median",
        aliases=("fill",),
    )
    before_discretizing: ClassVar[bool] = True
    strategy: Literal["median", "mean", "most_frequent"]
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class OneHot:
    row: ClassVar[Row] = step(
        "onehot",
        Columns(),
        "A column of zeros and ones for each value",
        example='onehot ["sex"]',
        aliases=("one_hot", "dummies"),
    )
    before_discretizing: ClassVar[bool] = True
    columns: tuple[Column, ...]
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Units:
    """Columns of numbers that each have the same unit, which is not read."""

    row: ClassVar[Row] = step(
        "units",
        Columns(),
        "Reads `40kg`, `12%` or `$1.20` as a number; one unit for each column",
        example='units ["price"]',
        aliases=("unit", "currency"),
    )
    before_discretizing: ClassVar[bool] = True
    columns: tuple[Column, ...]
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Scale:
    row: ClassVar[Row] = step(
        "scale",
        Choice({"minmax": "To the range from 0 to 1", "standard": "To mean 0 and standard deviation 1", "none": "No scaling"}),
        "Scales the features; fitted on the training part",
        default="minmax",
        example="scale standard",
        aliases=("normalize", "normalise"),
    )
    before_discretizing: ClassVar[bool] = True
    method: Literal["minmax", "standard", "none"]
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Quantize:
    """Each number becomes one of the levels 0 … 2^bits − 1, evenly spaced over its range in the training part."""

    row: ClassVar[Row] = step(
        "quantize",
        Whole(1, 16),
        "Rounds numbers to whole levels, 0 to 2^bits - 1 over their range in the training part; beyond it, to the nearer end",
        example="quantize 4",
        aliases=("quantise", "discretize", "levels", "bits"),
    )
    before_discretizing: ClassVar[bool] = False
    bits: int
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Binarize:
    row: ClassVar[Row] = step(
        "binarize",
        Number(-1e15, 1e15),
        "Turns each number into 1 where it is at least this value, in the units of the data, and into 0 elsewhere",
        example="binarize 0.5",
        aliases=("binarise",),
    )
    before_discretizing: ClassVar[bool] = False
    at_least: float
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Thermometer:
    """Each number becomes at most so many features of 0 and 1: whether it is at least a threshold of the training part."""

    row: ClassVar[Row] = step(
        "thermometer",
        Whole(1, 255),
        "Turns each column of numbers into so many of 0 and 1, 1 from thresholds upwards that part the training rows evenly; "
        "fewer where it has fewer values",
        example="thermometer 4",
        aliases=("thermo", "bins"),
    )
    before_discretizing: ClassVar[bool] = False
    thresholds: int
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


Discretization = Quantize | Binarize | Thermometer


@dataclass(frozen=True, slots=True)
class Sample:
    """Keep `count` rows, drawn before the split, stratified by class. `seed` None: `split_seed`."""

    row: ClassVar[Row] = step(
        "sample",
        Whole(2, 10_000_000),
        "Keeps this many samples, stratified by class and drawn before the split",
        example="sample 120 { seed = 3 }",
        aliases=("subsample",),
    )
    before_discretizing: ClassVar[bool] = False
    count: int
    seed: int | None = setting(_SEED, "Seed of the draw", None, shown="`data.split_seed`")
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


DataStep = Drop | Impute | OneHot | Units | Scale | Discretization | Sample


@dataclass(frozen=True, slots=True)
class DataSpec:
    row: ClassVar[Row] = block(
        "data",
        Origin(
            {
                "breast_cancer": "569 tumours, 30 measurements, 2 classes; ships with scikit-learn",
                "iris": "150 flowers, 4 measurements, 3 classes; ships with scikit-learn",
                "wine": "178 wines, 13 measurements, 3 classes; ships with scikit-learn",
                "digits": "1,797 digits of 8 × 8 pixels, 10 classes; ships with scikit-learn",
            }
        ),
        "Where the samples come from and how they are prepared",
        example="data iris",
        aliases=("dataset",),
    )
    source: DataSource = field(metadata={ABOUT: Calls((Csv, Npz, Random), also_facts=(Csv,))})
    target: Column | None = setting(
        OneColumn(),
        "Column with the classes",
        None,
        shown="the last one",
        example='target = "disease"',
        aliases=("label", "y"),
    )
    classes: tuple[Label, ...] | None = setting(
        Labels(), "Keeps the samples of these classes only", None, shown="all", example="classes = [3, 8]"
    )
    test: float | Csv = setting(
        Share(True, or_file=True),
        "Share of the samples kept aside for testing, or a text file with them",
        0.25,
        example="test = 25%",
        aliases=("test_size", "test_split", "test_fraction"),
    )
    validation: float | Csv = setting(
        Share(True, or_file=True),
        "Share of the samples kept aside for choosing networks, or a text file with them",
        0.0,
        example='validation = csv("valid.csv")',
    )
    split_seed: int = setting(_SEED, "Seed of the split", 0, example="split_seed = 3", aliases=("random_state",))
    stratify: bool = setting(
        Switch(),
        "Whether each part and fold has the same shares of the classes; `false`: drawn without regard to classes",
        True,
        example="stratify = false",
        aliases=("stratified",),
    )
    folds: int | None = setting(
        FOLDS,
        "Parts the samples outside the test part in so many folds; the test part is left out, unseen",
        None,
        shown="no folds",
        example="folds = 5",
        aliases=("k_fold", "kfold", "n_splits"),
    )
    fold: int | None = setting(
        Whole(1, FOLDS.high),
        "The fold, counted from 1, that takes the place of the test part",
        None,
        shown="must be given with `folds`",
        example="fold = 2",
    )
    steps: tuple[DataStep, ...] = field(default=(), metadata=steps(*get_args(DataStep)))
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    test_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    validation_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    stratify_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def draws(self) -> bool:
        """Is there a part, or a fold, that is drawn from the samples?"""
        return bool(self.folds) or any(part and not isinstance(part, Csv) for part in (self.test, self.validation))

    @property
    def part_files(self) -> dict[str, Csv]:
        """The parts that are files of their own, by name; that of a test part which a fold leaves out is not read."""
        parts = {"validation": self.validation, "test": 0.0 if self.folds else self.test}
        return {name: part for name, part in parts.items() if isinstance(part, Csv)}
