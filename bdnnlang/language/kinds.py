"""What a setting can hold: the closed union that the schema table is written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Helps = Mapping[str, str]  # what each word means


@dataclass(frozen=True, slots=True)
class Nothing:
    """A block or step that takes no value."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `high`."""

    low: int
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A fraction from 0 to 1, written `0.2` or `20%`. `below_one`: 1 itself is refused; `or_file`: also `csv("…")`."""

    below_one: bool = False
    or_file: bool = False


@dataclass(frozen=True, slots=True)
class Duration:
    """Seconds, more than none. `or_rest`: also the word `rest`."""

    or_rest: bool = False


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes, from a megabyte to a million gigabytes."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these words. `earlier`: words of earlier versions, which are read and not offered, and what they are called now."""

    words: Helps = field(default_factory=dict)
    earlier: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutputRule:
    """One of these words; `threshold` with a whole number."""

    words: Helps


@dataclass(frozen=True, slots=True)
class Words:
    """A list of such words."""

    words: Helps


@dataclass(frozen=True, slots=True)
class Text:
    """A string. `length`: of so many characters exactly; `among`: one of these."""

    length: int | None = None
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileName:
    """A string: the path of a file below the run folder. `taken`: files there that are of the run itself."""

    ending: str
    taken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Switch:
    """`true` or `false`."""


@dataclass(frozen=True, slots=True)
class Number:
    """A plain number from `low` to `high`."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Numbers:
    """A list of at least one such number."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class WeightSet:
    """A domain after `in`. `interval`: only `[a, b]` will do."""

    interval: bool = False


@dataclass(frozen=True, slots=True)
class OneColumn:
    """A column by name, or by number from 1."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A list of columns."""


@dataclass(frozen=True, slots=True)
class Wholes:
    """A list of whole numbers of at least 1."""


@dataclass(frozen=True, slots=True)
class ClassWeights:
    """The word `balanced`, or a list of a positive number for each class."""

    words: Helps


@dataclass(frozen=True, slots=True)
class LossSum:
    """One of the losses, and penalties with a factor, added up."""

    losses: Helps
    penalties: Helps

    @property
    def words(self) -> Helps:
        return {**self.losses, **self.penalties}


@dataclass(frozen=True, slots=True)
class Parameters:
    """A block of names that are not of the language, each with a value."""


@dataclass(frozen=True, slots=True)
class Labels:
    """A list of at least two class names."""


@dataclass(frozen=True, slots=True)
class Marks:
    """A list of strings or numbers, which may be empty."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where data come from: one of these words, or a call that stands below this row in the table."""

    words: Helps = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PerturbationKind:
    """What may happen to a sample: a call that stands below `robust`, or below this row, in the table."""


@dataclass(frozen=True, slots=True)
class RequirementKind:
    """A line of `require`: a number that is compared with a limit, or nothing but a demand where `side` is None.

    `items`: what the brackets behind the name hold, of which the first `needed` cannot be left out; `per`: the word behind `per`.
    """

    side: Literal["<=", ">="] | None
    limit: Share | Whole | None = None
    items: tuple[Literal["class", "column"], ...] = ()
    needed: int = 0
    per: str = ""


# what an expression can give
ValueKind = (
    Whole
    | Share
    | Duration
    | Memory
    | Choice
    | Words
    | Text
    | FileName
    | Switch
    | Number
    | Numbers
    | OneColumn
    | Columns
    | Labels
    | Marks
    | Wholes
    | ClassWeights
)
Kind = ValueKind | Nothing | WeightSet | OutputRule | Origin | PerturbationKind | LossSum | Parameters | RequirementKind


def words_of(kind: Kind) -> Helps:
    """The words a value can be, each with its help."""
    match kind:
        case Choice() | Words() | OutputRule() | ClassWeights() | LossSum() | Origin():
            return kind.words
        case _:
            return {}


def describe(kind: Kind) -> str:
    """With its article, for messages and pages."""
    match kind:
        case Whole(low, high):
            return f"a whole number of at least {low}" if high is None else f"a whole number from {low} to {high}"
        case Share(below_one, or_file):
            return "a fraction from 0 to 1" + (", 1 excluded" if below_one else "") + (", or a text file" if or_file else "")
        case Duration(or_rest):
            return "a duration" + (" or `rest`" if or_rest else "")
        case Text(length, among):
            return "one of " + " ".join(f'`"{text}"`' for text in among) if among else _text(length)
        case FileName(ending):
            return f"the path of a file in the run folder that ends in `{ending}`"
        case Number(low, high):
            return f"a number from {low:g} to {high:g}"
        case Numbers(low, high):
            return f"a list of numbers from {low:g} to {high:g}"
        case WeightSet(True):
            return "an interval"
        case RequirementKind():
            return _requirement(kind)
        case _:
            return _PLAIN[type(kind)]


def _requirement(kind: RequirementKind) -> str:
    named = [f"a {item}" + (" in brackets" if i == kind.needed - 1 else "") for i, item in enumerate(kind.items[: kind.needed])]
    named += [f"if it shall be one only, a {item}" for item in kind.items[kind.needed :]]
    compared = [f"`{kind.side}`", describe(kind.limit)] if kind.limit else []
    said = ", ".join([*named, " and ".join(compared)] if compared else named)
    return f"{said}, behind which stands `per {kind.per}`" if kind.per else said


def _text(length: int | None) -> str:
    return "a string" + (f" of {length} character" if length else "")


def example(kind: Kind) -> str:
    """How such a value is written."""
    match kind:
        case Whole(low, _):
            return f"`{max(low, 1)}`"
        case Duration(or_rest):
            return "`10min`, `1h30min`" + (" or `rest`" if or_rest else "")
        case WeightSet(True):
            return "`[0, 1]`"
        case RequirementKind(side, limit, items, needed, per):
            named = f"({', '.join(_ITEMS[item] for item in items[:needed])})" if needed else ""
            compared = f" {side} {'95%' if isinstance(limit, Share) else '5'}" if limit else ""
            return f"`…{named}{compared}{f' per {per}' if per else ''}`"
        case Text(_, among) if among:
            return f'`"{among[0]}"`'
        case Words(words):
            return f"`[{next(iter(words))}]`"
        case FileName(ending):
            return f'`"report{ending}"`'
        case Share(or_file=True):
            return '`20%` or `csv("test.csv")`'
        case _:
            return _EXAMPLES[type(kind)]


_ITEMS = {"class": '"yes"', "column": '"age"'}
_PLAIN: dict[type[Kind], str] = {
    Nothing: "no value",
    Memory: "a size from 1MB to 1_000_000GB",
    Choice: "a word",
    OutputRule: "`any`, `all`, or `threshold` with a whole number",
    Words: "a list of words",
    Switch: "`true` or `false`",
    WeightSet: "a domain",
    OneColumn: "a column name or number",
    Columns: "a list of columns",
    Labels: "a list of classes",
    Marks: "a list of strings or numbers",
    Origin: "a data source",
    PerturbationKind: "a set",
    Wholes: "a list of whole numbers of at least 1",
    ClassWeights: "`balanced` or a list of positive numbers",
    Parameters: "parameters of the solver, under its own names",
    LossSum: "a loss, penalties, or a sum of them",
}
_EXAMPLES: dict[type[Kind], str] = {
    Nothing: "",
    Share: "`0.2` or `20%`",
    Memory: "`8GB` or `500MB`",
    Choice: "one of its words",
    OutputRule: "`any`, `all` or `threshold 2`",
    Text: '`"…"`',
    Switch: "`true` or `false`",
    Number: "`0.1`",
    Numbers: "`[0, 0.5, 1]`",
    WeightSet: "`[-1, 1]`, `int[-3, 3]`, `{-1, 0, 1}`, `binary` or `ternary`",
    OneColumn: '`"age"` or `3`',
    Columns: '`["sex", "age"]` or `[1, 4]`',
    Labels: '`[3, 8]` or `["yes", "no"]`',
    Marks: '`["-", -9]`',
    Origin: '`iris`, `csv("file.csv")` or `random(samples=20, features=3)`',
    PerturbationKind: "`linf(0.1)`, `box(age=0.2, pulse=0.1)` or `budget(0.1, gamma=3)`",
    Wholes: "`[50, 50]`",
    ClassWeights: "`balanced` or `[1, 2.5]`",
    Parameters: '`{ "limits/bestsol" = 3 }`',
    LossSum: "`zero_one + 0.01 * l1`",
}
