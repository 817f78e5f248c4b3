"""Blocks that are marked by indentation, as in YAML and Python."""

from __future__ import annotations

from collections.abc import Iterator

from bdnnlang.diagnostics import Fix
from bdnnlang.language.merge import Body
from bdnnlang.language.reading.read import Reader
from bdnnlang.language.reading.value_errors import MissingOrExtra
from bdnnlang.language.schema import below
from bdnnlang.language.syntax import nodes
from bdnnlang.source import Span


def with_braces(body: Body, reader: Reader) -> Iterator[nodes.Statement]:
    """The statements, those that are indented below the name of a block taken into it, which is an error."""
    blocks, known = below("", "block"), below("", "block", "step")
    position = 0
    while position < len(body):
        head = body[position]
        position += 1
        inside: list[nodes.Statement] = []
        if isinstance(head, nodes.Step) and head.block is None and head.key.text in blocks:
            while position < len(body) and _is_inside(body[position], head) and body[position].key.text not in known:
                inside.append(body[position])
                position += 1
        if not (inside and isinstance(head, nodes.Step)):
            yield head
            continue
        reader.report(_no_braces(head, inside))
        span = inside[0].span.to(inside[-1].span)
        yield nodes.Step(head.key, head.args, nodes.Block(tuple(inside), span), head.span.to(span))


def _is_inside(statement: nodes.Statement, head: nodes.Step) -> bool:
    """A `param` stands at the top level however it is indented, and a hole is no statement."""
    if isinstance(statement, nodes.Param) or statement.key.is_hole or statement.span.source is not head.span.source:
        return False
    (line, column), (head_line, head_column) = statement.span.first, head.span.first
    return line > head_line and column > head_column


def _no_braces(head: nodes.Step, inside: list[nodes.Statement]) -> MissingOrExtra:
    source, start, stop = head.span.source, head.span.stop, inside[-1].span.stop
    name = head.span.text
    return MissingOrExtra(
        span=head.key.span,
        second=inside[0].span,
        name=head.key.text,
        takes="needs braces around its lines",
        problem="no `{` follows",
        advice=f"write `{name} {{`, and `}}` behind the indented lines",
        fix=Fix(Span(source, start, stop), f" {{{source.text[start:stop]}\n}}"),
    )
