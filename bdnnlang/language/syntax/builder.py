"""From grammar rules to nodes: one method a rule, called as soon as the rule is complete."""

from __future__ import annotations

import dataclasses
import re
from typing import Any, cast

from bdnnlang.language.syntax import nodes
from bdnnlang.language.syntax.tokens import Token
from bdnnlang.source import Span

Children = list[Any]  # the class below has a method of that name
Tokens = list[Token]
_ESCAPE = re.compile(r'\\(["\\t])')
_ESCAPED = {'"': '"', "\\": "\\", "t": "\t"}


class Builder:
    """Children are tokens and nodes; punctuation arrives only in rules marked with `!`."""

    def file(self, children: Children) -> tuple[nodes.Statement, ...]:
        return tuple(children)

    def fact(self, children: Children) -> nodes.Fact:
        return nodes.Fact(_name(children[0]), children[1], _cover(children))

    def quoted(self, children: Children) -> nodes.Fact:
        return nodes.Fact(nodes.Name(_unescaped(children[0]), children[0].span), children[1], _cover(children))

    def member(self, children: Children) -> nodes.Member:
        return nodes.Member(_name(children[0]), children[1], _cover(children))

    def step(self, children: Children) -> nodes.Step:
        block = children[-1] if isinstance(children[-1], nodes.Block) else None
        args = children[1:-1] if block else children[1:]
        return nodes.Step(_name(children[0]), tuple(args), block, _cover(children))

    def param(self, children: Children) -> nodes.Param:
        domain = children[5] if len(children) > 4 else None
        return nodes.Param(_name(children[1]), children[3], domain, _help(children[0].span), _cover(children))

    def relation(self, children: Children) -> nodes.Relation:
        measure, *compared = children
        side = cast(nodes.Side, compared[0].text) if compared else None
        per = _name(compared[3]) if len(compared) > 3 else None
        return nodes.Relation(measure, side, compared[1] if compared else None, per, _cover(children))

    def measure(self, children: Children) -> nodes.Call:
        return self.call(children)

    def block(self, children: Children) -> nodes.Block:
        return nodes.Block(_only(children, nodes.Statement), _cover(children))

    # ---- domains

    def interval(self, children: Children) -> nodes.IntervalDomain:
        return nodes.IntervalDomain(None, children[1], children[3], _cover(children))

    def typed_interval(self, children: Children) -> nodes.IntervalDomain:
        return nodes.IntervalDomain(_name(children[0]), children[2], children[4], _cover(children))

    def named_domain(self, children: Children) -> nodes.NamedDomain:
        return nodes.NamedDomain(_name(children[0]), _cover(children))

    def set(self, children: Children) -> nodes.SetDomain:
        return nodes.SetDomain(_only(children, nodes.Value), _cover(children))

    # ---- expressions

    def sum(self, children: Children) -> nodes.Chain:
        operators = [cast(nodes.Operator, token.text) for token in children[1::2]]
        return nodes.Chain(children[0], tuple(zip(operators, children[2::2], strict=True)), _cover(children))

    def product(self, children: Children) -> nodes.Chain:
        return self.sum(children)

    def negative(self, children: Children) -> nodes.Negative:
        return nodes.Negative(children[1], _cover(children))

    def group(self, children: Children) -> Any:
        return dataclasses.replace(children[1], span=_cover(children))

    def call(self, children: Children) -> nodes.Call:
        items = _only(children[1:], nodes.Value | nodes.Argument)
        return nodes.Call(_name(children[0]), items, _cover(children))

    def argument(self, children: Children) -> nodes.Argument:
        return nodes.Argument(_name(children[0]), children[1], _cover(children))

    def list(self, children: Children) -> nodes.List:
        return nodes.List(_only(children, nodes.Value), _cover(children))

    # ---- scalars; an empty text is a token that recovery made up

    def number(self, children: Tokens) -> nodes.Number | nodes.Name:
        token = children[0]
        return nodes.Number(token.text, token.span) if token.text else _name(token)

    def quantity(self, children: Tokens) -> nodes.Quantity:
        return nodes.Quantity(children[0].text, children[0].span)

    def string(self, children: Tokens) -> nodes.String | nodes.Name:
        token = children[0]
        if not token.text:
            return _name(token)
        return nodes.String(_unescaped(token), token.span)

    def bool(self, children: Tokens) -> nodes.Bool:
        return nodes.Bool(children[0].type == "TRUE", children[0].span)

    def name(self, children: Tokens) -> nodes.Name:
        return _name(children[0])


def _unescaped(token: Token) -> str:
    """What stands between the quotes of a string."""
    return _ESCAPE.sub(lambda m: _ESCAPED[m.group(1)], token.text[1:-1])


def _name(token: Token) -> nodes.Name:
    return nodes.Name(token.text, token.span)


def _cover(children: Children) -> Span:
    first: Span = children[0].span
    return first.to(children[-1].span)


def _only(children: Children, kind: Any) -> tuple[Any, ...]:
    return tuple(child for child in children if isinstance(child, kind))


def _help(span: Span) -> str:
    """The `##` comments on the lines right above."""
    lines: list[str] = []
    for number in range(span.first[0] - 1, 0, -1):
        line = span.source.line(number).strip()
        if not line.startswith("##"):
            break
        lines.append(line.lstrip("#").strip())
    return " ".join(reversed(lines))
