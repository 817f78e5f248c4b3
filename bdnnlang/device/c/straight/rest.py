"""All that follows a few neurons, as a table of classes."""

from __future__ import annotations

from collections.abc import Sequence

from bdnnlang.device.c.straight.conditions import FALSE, TRUE, inside
from bdnnlang.device.c.straight.truth import DecisionList, Table, decision_list, restricted
from bdnnlang.device.c.text.numbers import IntType
from bdnnlang.device.c.text.pieces import Code, Data

_IN_CODE = 8  # bits of a table that stands in the code as a number
_UNPACKING = 14  # bytes or so that it takes to read a part of a byte


def answer(table: Table, conditions: Sequence[str], name: str, *, fast: bool) -> Code:
    """The class of each pattern of the conditions: by choices if they are a decision list, else from a table."""
    table, conditions = _without_constants(table, conditions)
    steps = decision_list(table)
    if steps is not None:
        return Code(tuple(_choices(steps, conditions)))
    lines = ["uint_fast8_t k = 0u;"]
    lines += [
        line for place, text in enumerate(conditions) for line in (f"if ({inside(text)}) {{", f"    k |= {1 << place}u;", "}")
    ]
    return Code(tuple(lines)).then(look_up(table, name, fast=fast))


def _without_constants(table: Table, conditions: Sequence[str]) -> tuple[Table, list[str]]:
    left = list(conditions)
    for at in reversed(range(len(left))):
        if left[at] in (TRUE, FALSE):
            table = restricted(table, at, int(left.pop(at) == TRUE))
    return table, left


def _choices(steps: DecisionList, conditions: Sequence[str]) -> list[str]:
    if len(steps.steps) == 1:
        step = steps.steps[0]
        yes, no = (step.result, steps.otherwise) if step.value else (steps.otherwise, step.result)
        return [f"return (uint_fast8_t)(({inside(conditions[step.bit])}) ? {yes}u : {no}u);"]
    lines = []
    for step in steps.steps:
        condition = inside(conditions[step.bit]) if step.value else f"!({inside(conditions[step.bit])})"
        lines += [f"if ({condition}) {{", f"    return {step.result}u;", "}"]
    return [*lines, f"return {steps.otherwise}u;"]


def look_up(table: Table, name: str, *, fast: bool) -> Code:
    """The class at place `k` of the table, which several of them share a byte of where that is smaller."""
    bits = next(bits for bits in (1, 2, 4, 8) if max(table) < 1 << bits)
    if len(table) * bits <= _IN_CODE:
        number = sum(result << place * bits for place, result in enumerate(table))
        return Code((f"return (uint_fast8_t)(({number}u >> {_times('k', bits)}) & {(1 << bits) - 1}u);",))
    if fast or len(table) <= _UNPACKING + len(table) * bits // 8:
        return Code((f"return {name.upper()}_READ8(&{name}_class[k]);",), (Data("class", IntType(8), table),))
    each = 8 // bits  # classes in a byte
    packed = tuple(sum(table[at + k] << k * bits for k in range(each)) for at in range(0, len(table), each))
    read = f"{name.upper()}_READ8(&{name}_class[k / {each}u])"
    line = f"return (uint_fast8_t)(((unsigned){read} >> {_times(f'(k % {each}u)', bits)}) & {(1 << bits) - 1}u);"
    return Code((line,), (Data("class", IntType(8), packed),))


def _times(text: str, number: int) -> str:
    return text if number == 1 else f"({text} * {number}u)"
