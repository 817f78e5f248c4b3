"""What a text consists of: its blocks, steps and settings as a tree, and what can be folded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from bdnnlang.language.reading.repair import text_of
from bdnnlang.language.schema import below
from bdnnlang.language.symbols import Role
from bdnnlang.language.syntax import nodes
from bdnnlang.lsp.document import Document
from bdnnlang.source import Span

_COMMENTS = re.compile(r"(?:^[ \t]*#[^\n]*(?:\n|\Z)){2,}", re.MULTILINE)  # lines that hold nothing else


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement: its name at `place`, what stands behind the name, and what is in it."""

    name: str
    detail: str
    role: Role
    span: Span
    place: Span
    inner: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Fold:
    """What hides behind its first line."""

    span: Span
    is_comment: bool = False


def outline(document: Document) -> tuple[Entry, ...]:
    """The statements in their order."""
    return tuple(_entries(document.analysis.own))


def _entries(body: Iterable[nodes.Statement]) -> Iterator[Entry]:
    for statement in body:
        key = statement.key
        if key.is_hole or key.span.start == key.span.stop:
            continue
        match statement:
            case nodes.Param(_, value, _, _, span):
                yield Entry(key.text, value.span.text, Role.PARAM, span, key.span)
            case nodes.Fact(_, value, span):
                yield Entry(key.text, value.span.text, Role.SETTING, span, key.span)
            case nodes.Member(_, domain, span):
                yield Entry(key.text, domain.span.text, Role.SETTING, span, key.span)
            case nodes.Relation(span=span):
                yield Entry(key.text, span.text.removeprefix(key.text).strip(), Role.REQUIREMENT, span, key.span)
            case nodes.Step(_, args, block, span):
                role = Role.BLOCK if key.text in below("", "block") else Role.FILE if key.text == "use" else Role.STEP
                inner = tuple(_entries(block.body)) if block else ()
                yield Entry(key.text, text_of(args), role, span, key.span, inner)
            case _:
                assert_never(statement)


def folds(document: Document) -> tuple[Fold, ...]:
    """Blocks, lists of several lines, and comments of several lines, in the order of the text."""
    source = document.source
    found = [Fold(span) for span in _wide(document.analysis.own) if "\n" in span.text]
    for comment in _COMMENTS.finditer(source.text):
        found.append(Fold(Span(source, comment.start(), len(comment.group().rstrip()) + comment.start()), is_comment=True))
    return tuple(sorted(found, key=lambda fold: fold.span.start))


def _wide(body: Iterable[nodes.Statement]) -> Iterator[Span]:
    for statement in body:
        yield statement.span
        if isinstance(statement, nodes.Step) and statement.block:
            yield from _wide(statement.block.body)
