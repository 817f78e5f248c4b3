"""Warnings about new rows (W251 … W255): `bdnnc predict` says so, and refuses them with `--strict`; of a file that is a
part, `check` and `run` say so. No numpy here.

The examples are files of new rows for a network that was trained on `TRAINED`; tests read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bdnnlang.diagnostics import Diagnostic

TRAINED = "age,colour,state\n" + "".join(f"{20 + 5 * i},{('red', 'blue')[i % 2]},{('well', 'ill')[i // 5]}\n" for i in range(10))


@dataclass(frozen=True, kw_only=True)
class ByPosition(Diagnostic):
    """New rows without a header"""

    code: ClassVar[str] = "W251"
    title: ClassVar[str] = "the first line of `{file}` is a row: its columns are taken to be {columns}"
    help: ClassVar[str] = "write their names in the first line"
    why: ClassVar[str] = (
        "Without a header columns can only go by their order: all columns of the training data, or all but the target, or the "
        "used ones. Nothing would tell if they stood in another order."
    )
    bad: ClassVar[str] = "41,red\n44,blue\n"
    good: ClassVar[str] = "age,colour\n41,red\n44,blue\n"

    file: str
    columns: str


@dataclass(frozen=True, kw_only=True)
class UnseenCategory(Diagnostic):
    """A category that training has not seen"""

    code: ClassVar[str] = "W252"
    title: ClassVar[str] = "line {line} of `{file}`, column `{column}`: `{value}` is not in the training data{more}"
    help: ClassVar[str] = "it counts as none of {known}"
    why: ClassVar[str] = "The network knows the categories of its training part; to it, every other one is none of them."
    bad: ClassVar[str] = "age,colour\n41,Red\n44,purple\n"
    good: ClassVar[str] = "age,colour\n41,red\n44,blue\n"

    file: str
    line: int
    column: str
    value: str
    known: str
    more: str = ""


@dataclass(frozen=True, kw_only=True)
class FarOutside(Diagnostic):
    """A number far outside the training range"""

    code: ClassVar[str] = "W253"
    title: ClassVar[str] = "line {line} of `{file}`, column `{column}`: {value} is far outside the training range{more}"
    help: ClassVar[str] = "training values are {least} to {greatest}: check the unit and the decimal mark"
    why: ClassVar[str] = (
        "What lies outside by more than the width of the range is more often a slip, another unit or another decimal mark than a "
        "measurement, and nothing in training says how the network does there."
    )
    bad: ClassVar[str] = "age,colour\n410,red\n44,blue\n"
    good: ClassVar[str] = "age,colour\n41,red\n44,blue\n"

    file: str
    line: int
    column: str
    value: str
    least: str
    greatest: str
    more: str = ""


@dataclass(frozen=True, kw_only=True)
class ColumnTwice(Diagnostic):
    """A column that is there twice"""

    code: ClassVar[str] = "W254"
    title: ClassVar[str] = "line {line} of `{file}` names two columns `{column}`"
    help: ClassVar[str] = "the first of them is read: remove or rename the other"
    why: ClassVar[str] = "Columns go by name, and two of one name may hold different things."
    bad: ClassVar[str] = "age,colour,age\n41,red,14\n44,blue,44\n"
    good: ClassVar[str] = "age,colour\n41,red\n44,blue\n"

    file: str
    line: int
    column: str


@dataclass(frozen=True, kw_only=True)
class UnknownLabel(Diagnostic):
    """A class that the network does not know"""

    code: ClassVar[str] = "W255"
    title: ClassVar[str] = "line {line} of `{file}`, column `{column}`: `{value}` is no class of the network{more}"
    help: ClassVar[str] = "it is left out of the accuracy; the classes are {known}"
    why: ClassVar[str] = "Where new rows have their class, predictions are compared with it, as far as the network can know it."
    bad: ClassVar[str] = "age,colour,state\n41,red,dead\n44,blue,ill\n"
    good: ClassVar[str] = "age,colour,state\n41,red,well\n44,blue,ill\n"

    file: str
    line: int
    column: str
    value: str
    known: str
    more: str = ""
