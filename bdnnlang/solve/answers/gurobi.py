"""Gurobi `.json`: `SolutionInfo` with a status by number, and `Vars`, zeros left out. It is written without a solution too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from bdnnlang.solve.answers.base import AnswerError, AnswerFile, Header, Item, Kind, Named
from bdnnlang.strict_json import Malformed, parse
from bdnnlang.strict_json import read as read_as

PROGRAM = "Gurobi"
STATUS = {
    2: "optimal",
    3: "infeasible",
    4: "infeasible or unbounded",
    5: "unbounded",
    7: "iteration limit",
    8: "node limit",
    9: "time limit",
    10: "solution limit",
    11: "interrupted",
    12: "numerical trouble",
    13: "suboptimal",
    15: "objective limit",
}


@dataclass(frozen=True, slots=True)
class _Info:
    OTHERS: ClassVar = True

    Status: int
    ObjVal: Any = None


@dataclass(frozen=True, slots=True)
class _Variable:
    OTHERS: ClassVar = True

    VarName: str
    X: Any = 0


@dataclass(frozen=True, slots=True)
class _File:
    OTHERS: ClassVar = True

    SolutionInfo: _Info
    Vars: tuple[_Variable, ...] = ()


def knows(head: str) -> bool:
    return head.lstrip().startswith("{") and '"SolutionInfo"' in head and '"CoptVersion"' not in head


def read(file: AnswerFile) -> Iterator[Item]:
    try:
        stated: _File = read_as(_File, parse(file.text()))
        values = [(variable.VarName, _number(variable.X, variable.VarName)) for variable in stated.Vars]
        objective = None if stated.SolutionInfo.ObjVal is None else _number(stated.SolutionInfo.ObjVal, "ObjVal")
    except Malformed as error:
        raise AnswerError(Kind.DAMAGED, f"{error}") from None
    status = STATUS.get(stated.SolutionInfo.Status, "unknown")
    yield Header(status, objective)
    yield from (Named(None, 0, name, value) for name, value in values)


def _number(value: Any, name: str) -> float:
    """As a float; digits beyond its own are nothing to complain about."""
    if isinstance(value, bool | str | list | dict | None):
        raise Malformed(f"the value of `{name[:60]}` is not a number")
    return float(value)
