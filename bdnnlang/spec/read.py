"""From a node to the value its row of the schema calls for. None: what is wrong has been told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, assert_never

from bdnnlang.diagnostics import Diagnostic
from bdnnlang.spec.errors import GivenTwice, WrongKind, near
from bdnnlang.spec.kinds import (
    Choice,
    Columns,
    Duration,
    Inner,
    Labels,
    OneColumn,
    Share,
    Switch,
    Text,
    Whole,
    describe,
    example,
)
from bdnnlang.spec.schema import Row, below
from bdnnlang.spec.types import Column, Label
from bdnnlang.spec.value_errors import OutOfRange, QuotedWord, UnknownWord
from bdnnlang.spec.values import Amount, Items, Quoted, Result, Scope, Truth, Word, name_of
from bdnnlang.syntax import nodes

MAX_SECONDS = 10 * 365 * 86400


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one value after another in one scope."""

    scope: Scope

    def read(self, row: Row, kind: Inner, node: nodes.Value) -> Any:
        """An int, float, str, bool, Column, tuple of Columns or tuple of Labels, as `kind` says."""
        result = self.scope.evaluate(node)
        if result is None:
            return None
        match kind:
            case Whole():
                return self._whole(row, kind, result, node)
            case Share():
                return self._share(row, kind, result, node)
            case Duration():
                return self._duration(row, kind, result, node)
            case Choice():
                return self._choice(row, result, node)
            case Text():
                return self._text(row, kind, result, node)
            case Switch():
                return result.value if isinstance(result, Truth) else self.wrong(row, kind, result, node)
            case OneColumn():
                return self._column(row, node, result)
            case Columns() | Labels():
                return self._several(row, kind, result, node)
            case _:
                assert_never(kind)

    def tell(self, error: Diagnostic) -> None:
        self.scope.told.append(error)

    def wrong(self, row: Row, kind: Inner, found: Result, node: nodes.Value, advice: str = "") -> None:
        """Not what the row calls for. A bare word may be a misspelt param."""
        if isinstance(found, Word) and isinstance(node, nodes.Name) and not isinstance(kind, Text):
            self.scope.unknown(node)
            return
        self.tell(
            WrongKind(
                span=node.span,
                name=row.name,
                wanted=describe(kind),
                found=name_of(found),
                advice=advice or f"for example {example(kind)}",
            )
        )

    def _whole(self, row: Row, kind: Whole, found: Result, node: nodes.Value) -> int | None:
        if not isinstance(found, Amount) or found.unit or found.value.denominator != 1:
            return self.wrong(row, kind, found, node)
        value = int(found.value)
        if value < kind.low or (kind.high is not None and value > kind.high):
            return self._outside(row, kind, node, f"write {describe(kind)}")
        return value

    def _share(self, row: Row, kind: Share, found: Result, node: nodes.Value) -> float | None:
        if not isinstance(found, Amount) or found.unit not in ("", "share"):
            return self.wrong(row, kind, found, node)
        if 0 <= found.value < 1 or (found.value == 1 and not kind.below_one):
            return float(found.value)
        meant = isinstance(node, nodes.Number) and 1 < found.value < 100
        return self._outside(row, kind, node, f"write `{node.text}%`" if meant else "for example `20%`")  # type: ignore[union-attr]

    def _duration(self, row: Row, kind: Duration, found: Result, node: nodes.Value) -> float | str | None:
        if kind.or_rest and found == Word("rest"):
            return "rest"
        if not isinstance(found, Amount) or found.unit != "time":
            bare = isinstance(node, nodes.Number) and len(node.text) < 20
            return self.wrong(row, kind, found, node, f"write `{node.text}s` or `{node.text}min`" if bare else "")  # type: ignore[union-attr]
        if not 0 < found.value <= MAX_SECONDS or float(found.value) == 0:
            return self._outside(row, kind, node, "for example `10min`", "more than 0s and at most 3650d")
        return float(found.value)

    def _choice(self, row: Row, found: Result, node: nodes.Value) -> str | None:
        words = below(row.path, "word")
        if isinstance(found, Quoted):
            meant = found.text if found.text in words else near(found.text, words)
            return self.tell(QuotedWord(span=node.span, name=row.name, word=meant or next(iter(words))))
        if not isinstance(found, Word):
            return self.wrong(row, Choice(), found, node, "write one of " + listed(words))
        if found.text in words:
            return found.text
        options = [*words, *self.scope.declared]
        meant = near(found.text, options)
        word = found.text[:60]
        return self.tell(UnknownWord(span=node.span, name=row.name, word=word, words=listed(words), suggestion=meant))

    def _text(self, row: Row, kind: Text, found: Result, node: nodes.Value) -> str | None:
        if not isinstance(found, Quoted):
            bare = isinstance(found, Word)
            return self.wrong(row, kind, found, node, f'write `"{found.text}"`' if bare else "")  # type: ignore[union-attr]
        if not found.text or (kind.length and len(found.text) != kind.length):
            return self._outside(row, kind, node, f"for example {row.default or example(kind)}", _not_empty(kind))
        return found.text

    def _column(self, row: Row, node: nodes.Value, found: Result) -> Column | None:
        match found:
            case Quoted(text) | Word(text) if text:
                return Column(text, span=node.span)
            case Amount(value, "") if value.denominator == 1 and 1 <= value <= 1_000_000:
                return Column(int(value), span=node.span)
            case Amount(_, "") | Quoted():
                return self._outside(row, OneColumn(), node, "columns are counted from 1", "a name or a number from 1")
        return self.wrong(row, OneColumn(), found, node)

    def _label(self, row: Row, node: nodes.Value, found: Result) -> Label | None:
        match found:
            case Quoted(text) | Word(text):
                return Label(text, span=node.span)
            case Amount(value, ""):
                return Label(int(value) if value.denominator == 1 else float(value), span=node.span)
        return self.wrong(row, Labels(), found, node, "a class is a number or a string")

    def _several(self, row: Row, kind: Columns | Labels, found: Result, node: nodes.Value) -> Any:
        """All items, each once."""
        if not isinstance(found, Items):
            return self.wrong(row, kind, found, node)
        read = self._label if isinstance(kind, Labels) else self._column
        results = [(item, self.scope.evaluate(item)) for item in found.items]
        values = [read(row, item, result) for item, result in results if result is not None]
        known = [value for value in values if value is not None]
        self._distinct(known)
        least = 2 if isinstance(kind, Labels) else 1
        if len(found.items) < least:
            self._outside(row, kind, node, f"for example {example(kind)}", f"a list of at least {least}")
        return tuple(known) if len(known) == len(found.items) else None

    def _distinct(self, items: Iterable[Column | Label]) -> None:
        first: dict[object, Column | Label] = {}
        for item in items:
            other = first.setdefault(item.key, item)
            if other is not item:
                self.tell(GivenTwice(span=item.span, second=other.span, name=str(item.key)[:60]))

    def _outside(self, row: Row, kind: Inner, node: nodes.Value, advice: str, allowed: str = "") -> None:
        allowed = allowed or describe(kind)
        self.tell(OutOfRange(span=node.span, name=row.name, range=allowed, advice=advice))


def listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _not_empty(kind: Text) -> str:
    return describe(kind) if kind.length else "a string that is not empty"
