"""What a device reads of each column: the unit of its whole numbers, their declared range, and the code of a missing value."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from bdnnlang.data.exact import decimal
from bdnnlang.data.preprocessing.impute import Fill
from bdnnlang.data.preprocessing.quantize import Levels
from bdnnlang.data.preprocessing.recipe import Encoding, Recipe
from bdnnlang.data.table import short
from bdnnlang.device.whole import Reading
from bdnnlang.network.numbers import exact

EVERY = "*"  # in place of a column: all columns of numbers that are not named


class CannotDeclare(Exception):  # noqa: N818  (it says what happened)
    """The columns do not fit what is declared of them; the message says which and why."""


class InputType(Enum):
    """The type of the whole numbers that a device reads."""

    UINT8 = "uint8"
    INT8 = "int8"
    UINT16 = "uint16"
    INT16 = "int16"
    UINT32 = "uint32"
    INT32 = "int32"
    INT64 = "int64"

    @property
    def bits(self) -> int:
        return int(self.value.removeprefix("u").removeprefix("int"))

    @property
    def is_signed(self) -> bool:
        return not self.value.startswith("u")

    @property
    def lower(self) -> int:
        return -(1 << self.bits - 1) if self.is_signed else 0

    @property
    def upper(self) -> int:
        return (1 << self.bits - self.is_signed) - 1

    def holds(self, lower: int, upper: int) -> bool:
        return self.lower <= lower and upper <= self.upper


def smallest_type(lower: int, upper: int) -> InputType | None:
    """The first that holds all whole numbers of a range."""
    return next((kind for kind in InputType if kind.holds(lower, upper)), None)


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared of the inputs; of a column without a range it is that of the type.

    Without a type either, of the smallest type that holds what the data have: the one thing that is taken from them.
    """

    inputs: InputType | None = None
    ranges: Mapping[str, tuple[Fraction, Fraction]] = field(default_factory=dict)  # in the units of the column; EVERY: of others
    units: Mapping[str, Fraction] = field(default_factory=dict)  # of the last place of a column's whole numbers
    is_level: bool = False  # columns of `quantize` are read as their levels

    @property
    def columns(self) -> set[str]:
        """Those that it names."""
        return {*self.ranges, *self.units} - {EVERY}

    def range_of(self, column: str) -> tuple[Fraction, Fraction] | None:
        """That of a column of numbers; None: it has none."""
        return self.ranges.get(column, self.ranges.get(EVERY))


def readings_of(recipe: Recipe, declared: Declared | None = None, places: Mapping[str, int] | None = None) -> tuple[Reading, ...]:
    """One for each used column, in order. `places`: the most decimals in the data of a column; else what the recipe shows.

    Raises CannotDeclare.
    """
    declared = declared or Declared()
    names = [column.name for column in recipe.columns]
    if unknown := sorted(declared.columns - set(names)):
        raise CannotDeclare(f"no column `{unknown[0]}` is used; there are {', '.join(f'`{name}`' for name in names)}")
    return tuple(_reading(column, declared, places or {}) for column in recipe.columns)


def _reading(column: Encoding, declared: Declared, places: Mapping[str, int]) -> Reading:
    if column.categories:
        return _category_reading(column, declared)
    unit, offset = _scale(column, declared, places)
    can_miss = column.step(Fill) is not None
    if (values := _declared_values(column, declared, unit, offset)) is not None:
        code = values[1] + 1 if can_miss else None
        _check_type(column.name, declared, values[0], values[1] + can_miss)
        return Reading(column.name, values[0], values[1] + can_miss, unit, offset, code)
    kind = _type_of(column, declared, unit, offset)
    code = (kind.lower if kind.is_signed else kind.upper) if can_miss else None
    return Reading(column.name, kind.lower, kind.upper, unit, offset, code)


def _category_reading(column: Encoding, declared: Declared) -> Reading:
    """Places from 0, then the code of an unknown category, then that of a missing one."""
    if column.name in declared.columns:
        raise CannotDeclare(f"`{column.name}` has categories, which are read as their places: it takes no range or unit")
    names = tuple(value if isinstance(value, str) else short(value) for value in column.categories)
    missing = len(names) + 1 if column.step(Fill) is not None else None
    return Reading(column.name, 0, len(names) if missing is None else missing, missing=missing, categories=names)


def _scale(column: Encoding, declared: Declared, places: Mapping[str, int]) -> tuple[Fraction, Fraction]:
    """Unit and offset. A level is read with the unit of the levels, any other number in its last decimal."""
    levels = column.step(Levels)
    if levels is not None and declared.is_level:
        if column.name in declared.columns:
            raise CannotDeclare(f"`{column.name}` is read as its level, from 0 to {levels.top}: it takes no range or unit")
        least, greatest = exact(levels.least), exact(levels.greatest)
        return (greatest - least) / levels.top or Fraction(1), least
    if (unit := declared.units.get(column.name)) is not None:
        if unit <= 0:
            raise CannotDeclare(f"the unit of `{column.name}` is {decimal(unit)}, which is not above 0")
        return unit, Fraction(0)
    seen = places.get(column.name)
    return Fraction(1, 10 ** (most_places(_known_numbers(column)) if seen is None else seen)), Fraction(0)


def most_places(numbers: Collection[float]) -> int:
    """The most decimals of any of them; 0: they are whole."""
    exponents = (Decimal(repr(number)).normalize().as_tuple().exponent for number in numbers if not float(number).is_integer())
    return max((-int(exponent) for exponent in exponents), default=0)


def _known_numbers(column: Encoding) -> tuple[float, ...]:
    """Numbers of the data that the recipe of a column has kept: least and greatest."""
    levels = column.step(Levels)
    return column.seen or ((levels.least, levels.greatest) if levels else ())


def _declared_values(column: Encoding, declared: Declared, unit: Fraction, offset: Fraction) -> tuple[int, int] | None:
    """The least and the greatest whole number that stands for a value; None: whatever the type holds."""
    levels = column.step(Levels)
    if levels is not None and declared.is_level:
        return 0, levels.top if levels.least < levels.greatest else 0
    ends = declared.range_of(column.name)
    if ends is None:
        return None
    low, high = ends
    lower, upper = math.ceil((low - offset) / unit), math.floor((high - offset) / unit)
    if lower > upper:
        raise CannotDeclare(
            f"the range of `{column.name}`, {decimal(low)}..{decimal(high)}, has no number in whole units of {decimal(unit)}"
        )
    return lower, upper


def _check_type(name: str, declared: Declared, lower: int, upper: int) -> None:
    if declared.inputs is not None and not declared.inputs.holds(lower, upper):
        raise CannotDeclare(
            f"`{name}` is read as whole numbers from {lower} to {upper}, which {declared.inputs.value} does not hold"
        )


def _type_of(column: Encoding, declared: Declared, unit: Fraction, offset: Fraction) -> InputType:
    """The declared type, or the smallest, that holds what the data have, and the code of a missing value besides."""
    can_miss = column.step(Fill) is not None
    known = [(exact(number) - offset) / unit for number in _known_numbers(column)]
    if not known and declared.inputs is None:
        raise CannotDeclare(f"the run folder does not say what values `{column.name}` has: give `--range` or `--inputs`")
    least, greatest = math.floor(min(known, default=0)), math.ceil(max(known, default=0))
    for kind in InputType if declared.inputs is None else (declared.inputs,):
        if kind.holds(least - (can_miss and kind.is_signed), greatest + (can_miss and not kind.is_signed)):
            return kind
    where = "a type of 64 bits" if declared.inputs is None else declared.inputs.value
    missing = " besides the code of a missing value" if can_miss else ""
    raise CannotDeclare(
        f"`{column.name}` has the whole numbers {least} to {greatest} in units of {decimal(unit)}, which {where} does not hold"
        f"{missing}: declare another type, `--unit` or `--range`"
    )
