"""What can be wrong with the data of a spec (E201 … E223). No numpy here: `bdnnc explain` reads these pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bdnnlang.diagnostics import Diagnostic

_REST = """
network {
  hidden 2
}
train {
  exact 10s
}
"""


def spec_with(data: str) -> str:
    """A complete spec around a `data` block."""
    return f"bdnn 1\n{data}{_REST}"


@dataclass(frozen=True, kw_only=True)
class NoSuchColumn(Diagnostic):
    """A column that the data do not have"""

    code: ClassVar[str] = "E201"
    title: ClassVar[str] = "{source} has no {what} `{name}`"
    label: ClassVar[str] = "not a column"
    help: ClassVar[str] = "the columns are {columns}"
    why: ClassVar[str] = (
        "Columns are named as in the header of the file, or by their number from 1. Steps can name neither the target "
        "nor a column that an earlier step dropped."
    )
    bad: ClassVar[str] = spec_with("data iris {\n  drop [petal_widht_cm]\n}")
    good: ClassVar[str] = spec_with("data iris {\n  drop [petal_width_cm]\n}")

    source: str
    what: str  # "column" or "feature column"
    name: str
    columns: str


@dataclass(frozen=True, kw_only=True)
class TooFewRows(Diagnostic):
    """Too few rows for the parts that are wanted"""

    code: ClassVar[str] = "E206"
    title: ClassVar[str] = "{problem}"
    help: ClassVar[str] = "{advice}"
    why: ClassVar[str] = (
        "Splits are stratified: each part (training, and validation and test if they are wanted) gets at least one row "
        "of each class; with `stratify = false` training needs one of each. And there must be two classes at least, or "
        "there is nothing to learn."
    )
    bad: ClassVar[str] = spec_with("data iris {\n  sample 4\n}")
    good: ClassVar[str] = spec_with("data iris {\n  sample 40\n}")

    problem: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class BadCell(Diagnostic):
    """A cell that cannot be read"""

    code: ClassVar[str] = "E209"
    title: ClassVar[str] = "line {line} of `{file}`, column `{column}`: {problem}{more}"
    help: ClassVar[str] = "{advice}"
    why: ClassVar[str] = (
        "Every value must be a finite decimal number or the name of a category. An empty cell is a missing value, and so is "
        "what `missing` lists (by default `NA`, `N/A`, `#N/A`, `?`, `NaN` and `null`): `impute` fills them in. A column with "
        "more numbers than texts is one of numbers."
    )
    bad: ClassVar[str] = spec_with('data csv("gaps.csv")')
    good: ClassVar[str] = spec_with('data csv("gaps.csv") {\n  impute median\n}')

    file: str
    line: int
    column: str
    problem: str
    advice: str
    more: str = ""  # ", and in 3 more lines"


@dataclass(frozen=True, kw_only=True)
class TooManyDigits(Diagnostic):
    """A number with more digits than can be kept"""

    code: ClassVar[str] = "E241"
    title: ClassVar[str] = "line {line} of `{file}`, column `{column}`: `{cell}` would be read as `{number}`{other}{more}"
    help: ClassVar[str] = "write `round_to = 15` to round the numbers of the file, or `drop [{quoted}]`"
    why: ClassVar[str] = (
        "What is proved is proved for the numbers of the file, to the last digit. A number is kept as a float64, which tells "
        "decimals of up to 15 digits apart, and some of 17; one that it cannot hold is refused, unless `round_to` says that "
        "its last digits do not matter."
    )
    bad: ClassVar[str] = spec_with('data csv("digits.csv")')
    good: ClassVar[str] = spec_with('data csv("digits.csv") {\n  round_to = 15\n}')

    file: str
    line: int
    column: str
    cell: str
    number: str
    other: str  # ", and so would `0.10000000000000001` in line 7"
    more: str
    quoted: str


@dataclass(frozen=True, kw_only=True)
class HoldsDates(Diagnostic):
    """A column of dates"""

    code: ClassVar[str] = "E242"
    title: ClassVar[str] = "column `{column}` of `{file}` holds dates: `{cell}` in line {line}{more}"
    help: ClassVar[str] = "write `drop [{quoted}]`, or replace it by a number such as the days since an event"
    why: ClassVar[str] = (
        "A date is no measurement: as a category nearly every row would have its own, and new rows have new ones. Numbers made "
        "from it can be features. `onehot` takes dates as categories all the same."
    )
    bad: ClassVar[str] = spec_with('data csv("dates.csv")')
    good: ClassVar[str] = spec_with('data csv("dates.csv") {\n  drop [day]\n}')

    file: str
    line: int
    column: str
    cell: str
    more: str
    quoted: str


@dataclass(frozen=True, kw_only=True)
class HoldsUnits(Diagnostic):
    """A column of numbers with units"""

    code: ClassVar[str] = "E243"
    title: ClassVar[str] = "column `{column}` of `{file}` holds numbers with a unit: `{cell}` in line {line}{more}"
    help: ClassVar[str] = "write `units [{quoted}]` to read the numbers alone, or `onehot [{quoted}]` to take them as categories"
    why: ClassVar[str] = (
        "`12%`, `$1.20` and `40kg` are texts, and as categories their order is lost. `units` reads the number alone, where all "
        "values of a column have the same unit."
    )
    bad: ClassVar[str] = spec_with('data csv("units.csv")')
    good: ClassVar[str] = spec_with('data csv("units.csv") {\n  units [dose]\n}')

    file: str
    line: int
    column: str
    cell: str
    more: str
    quoted: str


@dataclass(frozen=True, kw_only=True)
class UnreadableFile(Diagnostic):
    """A data file that cannot be read"""

    code: ClassVar[str] = "E211"
    title: ClassVar[str] = "cannot read `{file}`: {problem}"
    help: ClassVar[str] = "{advice}"
    why: ClassVar[str] = (
        "A data file is a plain UTF-8 text file, or one of NumPy arrays, of at most 1,000 MB in the folder of the spec or "
        "below it, so that a spec and its folder can be moved, shared and trusted together."
    )
    bad: ClassVar[str] = spec_with('data csv("../plain.csv")')
    good: ClassVar[str] = spec_with('data csv("plain.csv")')

    file: str
    problem: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class NoSuchClass(Diagnostic):
    """A class that the target does not have"""

    code: ClassVar[str] = "E212"
    title: ClassVar[str] = "the target has no class `{name}`"
    label: ClassVar[str] = "no row has this class"
    help: ClassVar[str] = "the classes are {classes}"
    why: ClassVar[str] = "`classes` picks classes that occur in the target, and sets their order."
    bad: ClassVar[str] = spec_with("data iris {\n  classes = [setosa, versicolour]\n}")
    good: ClassVar[str] = spec_with("data iris {\n  classes = [setosa, versicolor]\n}")

    name: str
    classes: str


@dataclass(frozen=True, kw_only=True)
class RaggedRow(Diagnostic):
    """A row of another length"""

    code: ClassVar[str] = "E213"
    title: ClassVar[str] = "line {line} of `{file}` has {found}, where {expected} are expected{more}"
    help: ClassVar[str] = "{advice}"
    why: ClassVar[str] = "Every row of a table has as many values as its first line. Empty lines are skipped."
    bad: ClassVar[str] = spec_with('data csv("ragged.csv")')
    good: ClassVar[str] = spec_with('data csv("plain.csv")')

    file: str
    line: int
    found: str
    expected: int
    more: str = ""  # ", and in 3 more lines"
    advice: str = "complete the line, or quote the values that contain the delimiter"


@dataclass(frozen=True, kw_only=True)
class BadHeader(Diagnostic):
    """A first line that does not name the columns"""

    code: ClassVar[str] = "E214"
    title: ClassVar[str] = "the first line of `{file}` {problem}"
    help: ClassVar[str] = "{advice}"
    why: ClassVar[str] = (
        "The first line names the columns, each differently, if it differs from the lines below it: a text above numbers is "
        "a name, a text that occurs again below is a sample's. `header = true` or `header = false` settles it."
    )
    bad: ClassVar[str] = spec_with('data csv("unclear.csv")')
    good: ClassVar[str] = spec_with('data csv("unclear.csv") {\n  header = true\n}')

    file: str
    problem: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class NotClasses(Diagnostic):
    """A target with too many values to be classes"""

    code: ClassVar[str] = "E215"
    title: ClassVar[str] = "the target `{column}` has {values} different values in {rows} rows, too many to be classes"
    label: ClassVar[str] = "not a class"
    help: ClassVar[str] = "name a column of classes with `target = …`, or pick some values with `classes = […]`"
    why: ClassVar[str] = (
        "A binarized network tells classes apart, it does not estimate numbers. A target may have up to 50 values, and "
        "each should stand in two rows or more."
    )
    bad: ClassVar[str] = spec_with("data wine {\n  target = alcohol\n}")
    good: ClassVar[str] = spec_with("data wine")

    column: str
    values: int
    rows: int


@dataclass(frozen=True, kw_only=True)
class SampleTooLarge(Diagnostic):
    """A sample larger than the data"""

    code: ClassVar[str] = "E216"
    title: ClassVar[str] = "cannot sample {count} rows out of {rows}"
    label: ClassVar[str] = "more than there are"
    help: ClassVar[str] = "write `sample {rows}` or less, or leave the step out"
    why: ClassVar[str] = "`sample` draws rows without putting them back, so it cannot draw more than the data has."
    bad: ClassVar[str] = spec_with("data iris {\n  sample 1000\n}")
    good: ClassVar[str] = spec_with("data iris {\n  sample 100\n}")

    count: int
    rows: int


@dataclass(frozen=True, kw_only=True)
class TooManyCategories(Diagnostic):
    """A column of texts with too many values"""

    code: ClassVar[str] = "E217"
    title: ClassVar[str] = "column `{column}` has {categories} different values, too many for one feature each"
    help: ClassVar[str] = "it looks like a name or an identifier: write `drop [{quoted}]`"
    why: ClassVar[str] = "A column of texts becomes one 0/1 feature per category; more than 1000 teach nothing."
    bad: ClassVar[str] = spec_with('data csv("names.csv")')
    good: ClassVar[str] = spec_with('data csv("names.csv") {\n  drop [name]\n}')

    column: str
    categories: int
    quoted: str  # the name as the language writes it


@dataclass(frozen=True, kw_only=True)
class TooMuchData(Diagnostic):
    """More data than can be worked on"""

    code: ClassVar[str] = "E222"
    title: ClassVar[str] = "{what} has more than {limit}"
    help: ClassVar[str] = "use fewer rows or fewer columns"
    why: ClassVar[str] = (
        "Tables of more than 200,000 rows, 50,000 columns or 60,000,000 values are refused before they fill the memory."
    )
    bad: ClassVar[str] = spec_with("data random(samples = 500_000, features = 10)")
    good: ClassVar[str] = spec_with("data random(samples = 100, features = 10)")

    what: str
    limit: str  # "200,000 rows"


@dataclass(frozen=True, kw_only=True)
class WrongDelimiter(Diagnostic):
    """A table that its delimiter does not split"""

    code: ClassVar[str] = "E223"
    title: ClassVar[str] = "`{file}` has {found} when it is split at `{delimiter}`"
    help: ClassVar[str] = "{advice}"
    why: ClassVar[str] = "A table needs a column for the target and one feature at least."
    bad: ClassVar[str] = spec_with('data csv("semicolons.csv")')
    good: ClassVar[str] = spec_with('data csv("semicolons.csv") {\n  delimiter = ";"\n}')

    file: str
    found: str
    delimiter: str
    advice: str
    better: str | None = None  # the delimiter that splits its lines, if one does


@dataclass(frozen=True, kw_only=True)
class NoFeatures(Diagnostic):
    """Data without a feature"""

    code: ClassVar[str] = "E220"
    title: ClassVar[str] = "no feature is left"
    help: ClassVar[str] = "drop fewer columns"
    why: ClassVar[str] = "Without a feature every sample looks the same, and no network can tell them apart."
    bad: ClassVar[str] = spec_with("data iris {\n  drop [sepal_length_cm, sepal_width_cm, petal_length_cm, petal_width_cm]\n}")
    good: ClassVar[str] = spec_with("data iris {\n  drop [sepal_length_cm, sepal_width_cm]\n}")


@dataclass(frozen=True, kw_only=True)
class RepeatedClass(Diagnostic):
    """A class listed twice"""

    code: ClassVar[str] = "E221"
    title: ClassVar[str] = "class `{name}` is listed twice"
    label: ClassVar[str] = "listed again"
    second_label: ClassVar[str] = "first listed here"
    help: ClassVar[str] = "leave one of the two out"
    why: ClassVar[str] = "`classes` gives each class its place, so each stands there once; `1` and `1.0` are one."
    bad: ClassVar[str] = spec_with('data digits {\n  classes = [1, 7, "1.0"]\n}')
    good: ClassVar[str] = spec_with("data digits {\n  classes = [1, 7]\n}")

    name: str
