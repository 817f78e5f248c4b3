"""COPT `.json`: the values of all columns by order, under `MIPSolution`; long vectors are packed in a way of its own."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from bdnnlang.solve.answers.base import AnswerError, AnswerFile, Header, Item, Kind, Numbered
from bdnnlang.strict_json import Json, Malformed, items, members, parse

PROGRAM = "COPT"
STATUS = {0: "unstarted", 1: "optimal", 2: "infeasible", 3: "unbounded", 4: "infeasible or unbounded", 6: "node limit"}
STATUS |= {8: "time limit", 9: "unfinished", 10: "interrupted"}


def knows(head: str) -> bool:
    return head.lstrip().startswith("{") and '"CoptVersion"' in head


def read(file: AnswerFile) -> Iterator[Item]:
    try:
        content = members(parse(file.text()), "")
        info = members(content.get("SolutionInfo"), "SolutionInfo")
        number = info.get("MipStatus")
        status = STATUS.get(number, f"status {number}") if isinstance(number, int) else "unknown"
        values = _values(content, status)
        objective = _number(info.get("BestObj"), "BestObj")
    except Malformed as error:
        raise AnswerError(Kind.DAMAGED, f"{error}") from None
    yield Header(status, objective)
    yield from (Numbered(None, place, value, len(values)) for place, value in enumerate(values, 1))


def _values(content: dict[str, Json], status: str) -> list[float]:
    if "MIPSolution" not in content:
        if "LPSolution" in content:
            raise AnswerError(Kind.RELAXATION, "it has `LPSolution` and no `MIPSolution`")
        raise AnswerError(Kind.NO_SOLUTION, f"it has no `MIPSolution`, and its status is: {status}")
    values = members(content["MIPSolution"], "MIPSolution").get("ColValue")
    if isinstance(values, str):
        raise AnswerError(
            Kind.FEW_DIGITS, "its values are packed in a way of COPT's own", way="write a `.sol` with COPT, and import that"
        )
    return [_number(value, f"ColValue[{place}]") for place, value in enumerate(items(values, "MIPSolution.ColValue"))]


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Malformed(f"`{name}` is not a number")
    return float(value)
