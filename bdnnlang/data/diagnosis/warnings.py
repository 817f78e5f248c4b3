"""What is doubtful about the columns of a text file (W241 … W247). No numpy here: `bdnnc explain` reads these pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bdnnlang.data.diagnosis.errors import spec_with
from bdnnlang.diagnostics import Diagnostic


@dataclass(frozen=True, kw_only=True)
class HeaderDecided(Diagnostic):
    """A first line taken for a sample"""

    code: ClassVar[str] = "W241"
    title: ClassVar[str] = "the first line of `{file}` looks like a sample: its columns are called {columns}"
    help: ClassVar[str] = "write `header = false` to settle it, or `header = true` if that line names the columns"
    why: ClassVar[str] = (
        "The first line is compared with those below it. Where it looks like them, it is read as a sample, and columns are "
        "called `x1`, `x2`, and so on."
    )
    bad: ClassVar[str] = spec_with('data csv("headless.csv")')
    good: ClassVar[str] = spec_with('data csv("headless.csv") {\n  header = false\n}')

    file: str
    columns: str


@dataclass(frozen=True, kw_only=True)
class EndsWithDelimiter(Diagnostic):
    """Lines that end with a delimiter"""

    code: ClassVar[str] = "W242"
    title: ClassVar[str] = "every line of `{file}` ends with `{delimiter}`: the empty column behind it is left out"
    help: ClassVar[str] = "remove the delimiter at the ends of the lines"
    why: ClassVar[str] = (
        "A delimiter separates two values, so one more at the end of each line, or of the header, makes a column without a "
        "name and without a value."
    )
    bad: ClassVar[str] = spec_with('data csv("trailing.csv")')
    good: ClassVar[str] = spec_with('data csv("plain.csv")')

    file: str
    delimiter: str


@dataclass(frozen=True, kw_only=True)
class Identifier(Diagnostic):
    """A column that only tells rows apart"""

    code: ClassVar[str] = "W243"
    title: ClassVar[str] = "column `{column}` looks like {what}"
    help: ClassVar[str] = "write `drop [{quoted}]`, unless it is a measurement"
    why: ClassVar[str] = (
        "A number or name that every row has for itself lets a network learn the training rows by heart: all of them are "
        "right, and new rows are guessed. So do dates and the order of rows. A text that repeats itself in fewer than half of "
        "the rows is such a column, and so are whole numbers that are all different where chance would have repeated some."
    )
    bad: ClassVar[str] = spec_with('data csv("ids.csv")')
    good: ClassVar[str] = spec_with('data csv("ids.csv") {\n  drop [id]\n}')

    column: str
    what: str
    quoted: str


@dataclass(frozen=True, kw_only=True)
class ConstantColumns(Diagnostic):
    """Columns with one value"""

    code: ClassVar[str] = "W244"
    title: ClassVar[str] = "one value in all rows: {columns}"
    help: ClassVar[str] = "write `drop [{quoted}]`"
    why: ClassVar[str] = (
        "A column with the same value in all rows tells no sample from another, and costs a weight for each neuron."
    )
    bad: ClassVar[str] = spec_with('data csv("constant.csv")')
    good: ClassVar[str] = spec_with('data csv("constant.csv") {\n  drop [unit]\n}')

    columns: str
    quoted: str
    names: tuple[str, ...]  # all of them


@dataclass(frozen=True, kw_only=True)
class TellsClass(Diagnostic):
    """A column that is the class in other words"""

    code: ClassVar[str] = "W245"
    title: ClassVar[str] = "column `{column}` tells the class of every row"
    help: ClassVar[str] = "write `drop [{quoted}]` if it was made from the class, or is known only after it"
    why: ClassVar[str] = (
        "Each value of the column stands with one class only, and each class with one value: most likely it is the class once "
        "more, in other words, and will not be known for new rows."
    )
    bad: ClassVar[str] = spec_with('data csv("copy.csv")')
    good: ClassVar[str] = spec_with('data csv("copy.csv") {\n  drop [answer]\n}')

    column: str
    quoted: str


@dataclass(frozen=True, kw_only=True)
class SuspectCode(Diagnostic):
    """A number that may stand for a missing value"""

    code: ClassVar[str] = "W246"
    title: ClassVar[str] = "column `{column}`: `{value}` in {count} rows stands far from all other numbers"
    help: ClassVar[str] = "if it marks a missing value, write `missing = [{marks}]` and `impute median`"
    why: ClassVar[str] = (
        "Files often mark a missing value by -9, -999 or 9999. Read as a number it stretches the range of the column, and a "
        "network learns the mark instead of the measurement."
    )
    bad: ClassVar[str] = spec_with('data csv("codes.csv")')
    good: ClassVar[str] = spec_with('data csv("codes.csv") {\n  missing = [-999]\n  impute median\n}')

    column: str
    value: str
    count: int
    marks: str


@dataclass(frozen=True, kw_only=True)
class PointMayGroup(Diagnostic):
    """A point that may group digits"""

    code: ClassVar[str] = "W247"
    title: ClassVar[str] = "column `{column}`: `{cell}` is read as {number}, less than `{other}`"
    help: ClassVar[str] = 'if the point groups digits, write `decimal = ","` and `thousands = "."`'
    why: ClassVar[str] = (
        "All numbers with a point have three digits behind it and three at most before it, and the others are whole and less "
        "than 1000: so are numbers whose thousands are separated by a point."
    )
    bad: ClassVar[str] = spec_with('data csv("points.csv")')
    good: ClassVar[str] = spec_with('data csv("points.csv") {\n  decimal = ","\n  thousands = "."\n}')

    column: str
    cell: str
    number: str
    other: str
