"""Syntax trees as text: an indented dump for people, and `.bdnn` again for round trips."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, assert_never

from bdnnlang.language.syntax import nodes


def show_ast(file: nodes.File) -> str:
    """One node a line, children indented below their parent, with line and column."""
    return "\n".join(_dump("", file, 0)) + "\n"


def _dump(label: str, node: Any, depth: int) -> Iterator[str]:
    """Fields that are nodes go below; the others stand on the node's own line."""
    fields = [(field.name, getattr(node, field.name)) for field in dataclasses.fields(node) if field.name != "span"]
    plain = [repr(value) for _, value in fields if isinstance(value, str | bool) and value != ""]
    line, column = node.span.first
    head = " ".join([f"{label}{type(node).__name__}", *plain])
    yield f"{'  ' * depth}{head}  @{line}:{column}"
    for name, value in fields:
        if dataclasses.is_dataclass(value):
            yield from _dump(f"{name}: ", value, depth + 1)
        elif isinstance(value, tuple):
            for item in value:
                operator, child = item if isinstance(item, tuple) else ("", item)
                yield from _dump(f"{operator} " if operator else "", child, depth + 1)


# ---- back to `.bdnn`


def print_file(file: nodes.File) -> str:
    """A text with the same tree; comments and layout are not kept."""
    return "".join(f"{line}\n" for statement in file.body for line in _statement(statement))


def _statement(statement: nodes.Statement) -> list[str]:
    match statement:
        case nodes.Fact(key, value):
            return [f"{key.text} = {expression(value)}"]
        case nodes.Member(key, domain):
            return [f"{key.text} in {domain_text(domain)}"]
        case nodes.Param(key, value, domain):
            return [f"param {key.text} = {expression(value)}" + (f" in {domain_text(domain)}" if domain else "")]
        case nodes.Relation():
            return [_relation(statement)]
        case nodes.Step(key, args, block):
            head = " ".join([key.text, *map(expression, args)])
            if block is None:
                return [head]
            return [f"{head} {{", *("  " + line for inner in block.body for line in _statement(inner)), "}"]
        case _:
            assert_never(statement)


def _relation(statement: nodes.Relation) -> str:
    measure, side, limit, per = statement.measure, statement.side, statement.limit, statement.per
    shown = measure_text(measure) if side else expression(measure)
    compared = f" {side} {expression(limit)}" if side and limit else ""
    return shown + compared + (f" per {per.text}" if per else "")


def measure_text(measure: nodes.Call) -> str:
    """A name without anything in brackets needs none."""
    return expression(measure) if measure.items else measure.name.text


def expression(value: nodes.Value) -> str:
    match value:
        case nodes.Name(text) | nodes.Number(text) | nodes.Quantity(text):
            return text
        case nodes.String(text):
            return quote(text)
        case nodes.Bool(truth):
            return "true" if truth else "false"
        case nodes.Negative(operand):
            return f"-{_operand(operand)}"
        case nodes.Chain(first, rest):
            return " ".join([_operand(first), *(f"{operator} {_operand(operand)}" for operator, operand in rest)])
        case nodes.List(items):
            return f"[{', '.join(map(expression, items))}]"
        case nodes.Call(name, items):
            return f"{name.text}({', '.join(map(_item, items))})"
        case _:
            assert_never(value)


def domain_text(domain: nodes.Domain) -> str:
    match domain:
        case nodes.IntervalDomain(kind, lower, upper):
            return f"{kind.text if kind else ''}[{expression(lower)}, {expression(upper)}]"
        case nodes.NamedDomain(name):
            return name.text
        case nodes.SetDomain(items):
            return f"{{{', '.join(map(expression, items))}}}"
        case _:
            assert_never(domain)


def quote(text: str) -> str:
    """A string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return f'"{escaped}"'


def _item(item: nodes.Value | nodes.Argument) -> str:
    if isinstance(item, nodes.Argument):
        return f"{item.name.text}={expression(item.value)}"
    return expression(item)


def _operand(value: nodes.Value) -> str:
    compound = isinstance(value, nodes.Chain | nodes.Negative)
    return f"({expression(value)})" if compound else expression(value)
