"""From a node to the value its row of the schema calls for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, assert_never

from bdnnlang.diagnostics import Diagnostic, Fix
from bdnnlang.language.kinds import (
    Choice,
    ClassWeights,
    Columns,
    Duration,
    FileName,
    Labels,
    Marks,
    Memory,
    Number,
    Numbers,
    OneColumn,
    Share,
    Switch,
    Text,
    ValueKind,
    Whole,
    Wholes,
    Words,
    describe,
    example,
)
from bdnnlang.language.reading.errors import GivenTwice, UnknownName, WrongKind, near
from bdnnlang.language.reading.foreign import nothing_advice
from bdnnlang.language.reading.value_errors import OutOfRange, QuotedWord, UnknownWord, WholeShare
from bdnnlang.language.reading.values import Amount, Items, Quoted, Result, Scope, Truth, Word, name_of
from bdnnlang.language.schema import below
from bdnnlang.language.spec import Column, Label
from bdnnlang.language.spec.row import Row
from bdnnlang.language.syntax import nodes

MAX_SECONDS = 10 * 365 * 86400
SECONDS = "more than 0s and at most 3650d"  # the same in words
MAX_COLUMNS = 1_000_000
MAX_PATH = 200  # characters
_PART = re.compile(r'[^./\\:*?"<>|\x00-\x1f][^/\\:*?"<>|\x00-\x1f]*')  # of a path, on every system; hidden files are not ours


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one value after another in one scope."""

    scope: Scope

    def report(self, error: Diagnostic) -> None:
        self.scope.diagnostics.append(error)

    def read(self, row: Row, kind: ValueKind, node: nodes.Value) -> Any:
        """An int, float, str, bool, Column or tuple, as `kind` says. None: an error has been reported."""
        found = self.scope.evaluate(node)
        if found is None:
            return None
        try:
            return self._convert(_Place(row, kind, node, self.scope), found)
        except _InvalidValue as refused:
            return self.report(refused.diagnostic)

    def column(self, row: Row, node: nodes.Value) -> Column | None:
        """One column; None: an error has been reported."""
        found: Column | None = self.read(row, OneColumn(), node)
        return found

    def label(self, row: Row, node: nodes.Value) -> Label | None:
        """One class; None: an error has been reported."""
        return self._label(_Place(row, Labels(), node, self.scope), node)

    def _convert(self, at: _Place, found: Result) -> Any:
        match at.kind:
            case Whole() as kind:
                return _whole(at, kind, found)
            case Share() as kind:
                return _share(at, kind, found)
            case Duration() as kind:
                return _duration(at, kind, found)
            case Memory():
                return _memory(at, found)
            case Choice():
                return _choice(at, found)
            case Words():
                return self._several(at, Choice(), found, least=1)
            case Text() as kind:
                return _text(at, kind, found)
            case FileName() as kind:
                return _file_name(at, kind, found)
            case Switch():
                return _switch(at, found)
            case Number() as kind:
                return _number(at, kind, found)
            case Numbers(low, high):
                return self._several(at, Number(low, high), found, least=1)
            case OneColumn():
                return _column(at, found)
            case Columns():
                return self._several(at, OneColumn(), found, least=1)
            case Labels():
                return self._several(at, None, found, least=2)
            case Marks():
                return self._several(at, None, found, least=0)
            case Wholes():
                return self._numbers(at, found)
            case ClassWeights():
                return _choice(at, found) if isinstance(found, Word | Quoted) else self._numbers(at, found, least=2)
            case _:
                assert_never(at.kind)

    def _several(self, at: _Place, kind: OneColumn | Number | Choice | None, found: Result, least: int) -> tuple[Any, ...] | None:
        """All items of a list; they are numbers, or columns each once, or classes each once if `kind` is None."""
        if not isinstance(found, Items):
            raise at.wrong(found)
        if len(found.items) < least:
            raise at.outside(f"a list of at least {least}", f"for example {example(at.kind)}")
        values = [self.read(at.row, kind, item) if kind else self._label(at, item) for item in found.items]
        known = [value for value in values if value is not None]
        if not isinstance(kind, Number | Choice):
            self._distinct(known)
        return tuple(known) if len(known) == len(values) else None

    def _label(self, at: _Place, node: nodes.Value) -> Label | None:
        match self.scope.evaluate(node):
            case None:
                return None
            case Quoted(text) | Word(text):
                return Label(text, span=node.span)
            case Amount(value, ""):
                return Label(int(value) if value.denominator == 1 else float(value), span=node.span)
            case found:
                wanted, advice = "numbers or strings", f"for example {example(at.kind)}"
                name = at.row.name
                self.report(WrongKind(span=node.span, name=name, wanted=wanted, found=name_of(found), advice=advice))
                return None

    def _numbers(self, at: _Place, found: Result, least: int = 1) -> tuple[Any, ...] | None:
        """All items of a list: whole numbers of at least 1, or positive ones for class weights."""
        if not isinstance(found, Items):
            raise at.wrong(found)
        if len(found.items) < least:
            raise at.outside(f"a list of at least {least}", f"for example {example(at.kind)}")
        values = [self._number(_Place(at.row, at.kind, item, self.scope)) for item in found.items]
        return None if None in values else tuple(values)

    def _number(self, at: _Place) -> int | float | None:
        found = self.scope.evaluate(at.node)
        if found is None:
            return None
        if isinstance(at.kind, Wholes):
            return _whole(at, Whole(1, 100_000), found)
        if not isinstance(found, Amount) or found.unit:
            raise at.wrong(found)
        if not found.value > 0:
            raise at.outside("a list of positive numbers", f"for example {example(at.kind)}")
        return float(found.value)

    def _distinct(self, items: Iterable[Column | Label]) -> None:
        first: dict[object, Column | Label] = {}
        for item in items:
            other = first.setdefault(item.key, item)
            if other is not item:
                self.report(GivenTwice(span=item.span, second=other.span, name=str(item.key)[:60]))


class _InvalidValue(Exception):  # noqa: N818  (it carries an error, and never leaves this file)
    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value of which kind is due."""

    row: Row
    kind: ValueKind
    node: nodes.Value
    scope: Scope

    def wrong(self, found: Result, advice: str = "") -> _InvalidValue:
        """Not of this kind. A bare word may be a misspelt param."""
        name, span = self.row.name, self.node.span
        if isinstance(found, Word) and not isinstance(self.kind, Text) and self.scope.declared:
            word, known = found.text, self.scope.declared
            suggestion = near(word, known)
            if suggestion:
                return _InvalidValue(UnknownName(span=span, name=word, declared=listed(sorted(known)), suggestion=suggestion))
        nothing = nothing_advice(self.row, found.text) if isinstance(found, Word) else ""
        wanted, advice = describe(self.kind), nothing or advice or f"for example {example(self.kind)}"
        return _InvalidValue(WrongKind(span=span, name=name, wanted=wanted, found=name_of(found), advice=advice))

    def outside(self, allowed: str, advice: str, fix: Fix | None = None) -> _InvalidValue:
        return _InvalidValue(OutOfRange(span=self.node.span, name=self.row.name, range=allowed, advice=advice, fix=fix))

    @property
    def bare_number(self) -> str:
        """The number as written, if it is short and nothing else."""
        return self.node.text if isinstance(self.node, nodes.Number) and len(self.node.text) < 20 else ""


def listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _whole(at: _Place, kind: Whole, found: Result) -> int:
    if not isinstance(found, Amount) or found.unit or found.value.denominator != 1:
        raise at.wrong(found)
    if found.value < kind.low or (kind.high is not None and found.value > kind.high):
        raise at.outside(describe(kind), f"for example `{at.row.example}`" if at.row.example else "choose another number")
    return int(found.value)


def _share(at: _Place, kind: Share, found: Result) -> float:
    if not isinstance(found, Amount) or found.unit not in ("", "share"):
        raise at.wrong(found, f'write `csv("{found.text}")`' if kind.or_file and isinstance(found, Quoted) else "")
    value = float(found.value)
    if value == 1 and not kind.below_one and not found.unit:
        at.scope.diagnostics.append(WholeShare(span=at.node.span, name=at.row.name, written=at.bare_number or "1"))
    if 0 <= value < 1 or (value == 1 and not kind.below_one):
        return value
    suggestion = at.bare_number if 1 < value < 100 else ""
    fix = Fix(at.node.span, f"{suggestion}%", is_said=True) if suggestion else None
    raise at.outside(describe(Share(kind.below_one)), "for example `20%`", fix)


def _number(at: _Place, kind: Number, found: Result) -> float:
    if not isinstance(found, Amount) or found.unit:
        raise at.wrong(found)
    value = float(found.value)  # the bounds are such numbers, too: `1e-09` is not below 1e-9
    if not kind.low <= value <= kind.high:
        raise at.outside(describe(kind), f"for example {example(kind)}")
    return value


def _duration(at: _Place, kind: Duration, found: Result) -> float | str:
    if kind.or_rest and found == Word("rest"):
        return "rest"
    if not isinstance(found, Amount) or found.unit != "time":
        number = at.bare_number
        raise at.wrong(found, f"write `{number}s` or `{number}min`" if number else "")
    if not 0 < found.value <= MAX_SECONDS:
        raise at.outside(SECONDS, "for example `10min`")
    return float(found.value)


def _memory(at: _Place, found: Result) -> int:
    if not isinstance(found, Amount) or found.unit != "size":
        number = at.bare_number
        raise at.wrong(found, f"write `{number}GB` or `{number}MB`" if number else "")
    if not 10**6 <= found.value <= 10**15:
        raise at.outside(describe(Memory()), f"for example {example(Memory())}")
    return int(found.value)


def _choice(at: _Place, found: Result) -> str:
    words, name, span = below(at.row.path, "word"), at.row.name, at.node.span
    match found:
        case Word(text) if text in words:
            return text
        case Word(text) if isinstance(at.row.kind, Choice) and text in at.row.kind.earlier:
            return at.row.kind.earlier[text]
        case Word(text):
            suggestion = near(text, [*words, *at.scope.declared])
            if not suggestion and nothing_advice(at.row, text):
                raise at.wrong(found)
            raise _InvalidValue(UnknownWord(span=span, name=name, word=text[:60], words=listed(words), suggestion=suggestion))
        case Quoted(text):
            suggestion = text if text in words else near(text, words)
            word = suggestion or next(iter(words))
            raise _InvalidValue(QuotedWord(span=span, name=name, word=word, fix=Fix(span, word, is_said=True)))
        case _:
            raise at.wrong(found, "write one of " + listed(words))


def _text(at: _Place, kind: Text, found: Result) -> str:
    if not isinstance(found, Quoted):
        raise at.wrong(found, f'write `"{found.text}"`' if isinstance(found, Word) else "")
    if not found.text:
        shown = at.row.default if at.row.default.startswith('"') else f"`{at.row.example}`" if at.row.example else example(kind)
        raise at.outside("a string that is not empty", f"for example {shown}")
    if kind.among and found.text not in kind.among:
        raise at.outside(describe(kind), f"for example {example(kind)}")
    if kind.length and len(found.text) != kind.length:
        raise at.outside(describe(kind), f"for example {at.row.default}")
    return found.text


def _file_name(at: _Place, kind: FileName, found: Result) -> str:
    if not isinstance(found, Quoted):
        raise at.wrong(found)
    if len(found.text) > MAX_PATH or not all(map(_PART.fullmatch, found.text.split("/"))):
        raise at.outside("a path that stays in the run folder", f"relative paths begin there: for example {example(kind)}")
    if not found.text.endswith(kind.ending) or found.text.lower() in kind.taken:
        advice = f"for example {example(kind)}" + (f"; {listed(kind.taken)} are of the run itself" if kind.taken else "")
        raise at.outside(describe(kind), advice)
    return found.text


def _switch(at: _Place, found: Result) -> bool:
    if not isinstance(found, Truth):
        raise at.wrong(found)
    return found.value


def _column(at: _Place, found: Result) -> Column:
    match found:
        case Quoted(text) | Word(text) if text:
            return Column(text, span=at.node.span)
        case Amount(value, "") if value.denominator == 1 and 1 <= value <= MAX_COLUMNS:
            return Column(int(value), span=at.node.span)
        case Amount(_, "") | Quoted():
            raise at.outside(f"a name, or a number from 1 to {MAX_COLUMNS}", "columns are counted from 1")
        case _:
            raise at.wrong(found)
