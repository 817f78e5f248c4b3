"""Where a name is defined and used, and what a new name for a param changes."""

from __future__ import annotations

import re

from bdnnlang.diagnostics import Fix
from bdnnlang.language.printing import RESERVED
from bdnnlang.language.symbols import Role, Symbol
from bdnnlang.lsp.document import Document
from bdnnlang.source import Source, Span


class CannotRename(Exception):  # noqa: N818  (it says what happened)
    """The new name would not do; the message says why."""


def definition(document: Document, offset: int) -> Span | None:
    """Where a param is declared, or the beginning of a used file."""
    symbol = document.symbol_at(offset)
    return symbol.definition if symbol else None


def occurrences(document: Document, offset: int) -> tuple[Span, ...]:
    """All places of a param, in all files of the spec; of another name nothing."""
    symbol = document.symbol_at(offset)
    return tuple(same.span for same in document.analysis.symbols if _is_same(same, symbol)) if symbol else ()


def _is_same(one: Symbol, other: Symbol) -> bool:
    return one.role is Role.PARAM is other.role and one.definition == other.definition


def renamed(document: Document, offset: int, name: str) -> tuple[Fix, ...]:
    """The changes that give a param another name. Raises CannotRename where the spec would mean something else, or nothing."""
    places = occurrences(document, offset)
    if not places:
        raise CannotRename("only params can be renamed")
    if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name) or name in RESERVED:
        raise CannotRename(f"`{name}` cannot be the name of a param: letters, digits and `_`, and no word of the grammar")
    if name in document.params:
        raise CannotRename(f"there is a param `{name}` already")
    fixes = tuple(Fix(place, name) for place in places)
    _check_meaning(document, fixes)
    return fixes


def _check_meaning(document: Document, fixes: tuple[Fix, ...]) -> None:
    """Reads all files as they would be."""
    changed: dict[str, str] = {}
    for fix in sorted(fixes, key=lambda fix: -fix.span.start):
        source = fix.span.source
        changed[source.path] = fix.apply(changed.get(source.path, source.text))

    def read(path: str, span: Span) -> Source:
        source = document.read(path, span)
        return Source(source.path, changed.get(source.path, source.text))

    main = document.source
    after = Document.of(Source(main.path, changed.get(main.path, main.text)), read).analysis
    before = document.analysis
    new = [error for error in after.diagnostics if error.code not in {old.code for old in before.diagnostics}]
    if new:
        raise CannotRename(f"with this name: {new[0].message}")
    if after.spec != before.spec:
        raise CannotRename("with this name the spec would mean something else")
