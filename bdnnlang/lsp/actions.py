"""What an editor can do about a problem: the change that its hint speaks of, or a line for the block `data`.

Nothing is offered that has not been read without that problem, and without a new one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bdnnlang.diagnostics import Fix
from bdnnlang.language.schema import below
from bdnnlang.lsp.document import Document
from bdnnlang.lsp.problems import Problem
from bdnnlang.source import Span

_QUOTED = re.compile(r"`((\w+)[^`]*)`")


@dataclass(frozen=True, slots=True)
class Action:
    """A change of the document. `is_preferred`: the one to take if nobody says otherwise."""

    title: str
    fix: Fix
    problem: Problem
    is_preferred: bool = False


def actions(document: Document, found: tuple[Problem, ...]) -> tuple[Action, ...]:
    """For each of these problems of the document."""
    return tuple(action for problem in found for action in _actions(document, problem))


def _actions(document: Document, problem: Problem) -> Iterator[Action]:
    fix = problem.diagnostic.repair
    if fix and fix.span.source.path == document.source.path:
        yield Action(_title(fix), fix, problem, is_preferred=True)
    for statement in _statements(problem.diagnostic.hint):
        added = add_to_data(document, statement)
        if added and _is_read(document, added):
            yield Action(f"add `{statement}` to `data`", added, problem)


def _title(fix: Fix) -> str:
    new, old = (" ".join(text.split()) for text in (fix.text, fix.span.text))
    if not new:
        return f"remove `{old[:60]}`"
    return f"replace `{old[:60]}` by `{new[:60]}`" if old else f"insert `{new[:60]}`"


def _statements(hint: str) -> Iterator[str]:
    """What a hint quotes, where it is a statement of the block `data`."""
    rows = below("data", "step", "fact")
    for statement, name in _QUOTED.findall(hint):
        if name in rows and statement != name:
            yield statement


def _is_read(document: Document, fix: Fix) -> bool:
    """Whether the text is right with this change."""
    return document.with_text(fix.apply(document.source.text)).analysis.spec is not None


def add_to_data(document: Document, statement: str) -> Fix | None:
    """The change that puts a statement first into the block `data`, before all other steps; None: there is no block."""
    data = document.block("data")
    if data is None:
        return None
    if data.block is None:
        return Fix(_at(data.span.stop, document), f" {{\n  {statement}\n}}")
    place, inside = data.block.span.start + 1, data.block.span.text[1:-1]
    if "\n" in inside:
        return Fix(_at(place, document), f"\n{_indent(inside)}{statement}")
    if not inside.strip():
        return Fix(Span(document.source, place, place + len(inside)), f" {statement} ")
    return Fix(_at(place, document), f" {statement},")


def _at(offset: int, document: Document) -> Span:
    return Span(document.source, offset, offset)


def _indent(inside: str) -> str:
    """As the first statement of the block has it."""
    found = re.search(r"\n([ \t]*)[^\s#}]", inside)
    return found[1] if found else "  "
