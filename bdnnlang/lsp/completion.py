"""What may be typed at a place, from the schema, the params, and the data that the spec names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from bdnnlang.language.kinds import (
    Columns,
    Kind,
    Labels,
    Nothing,
    OneColumn,
    Origin,
    PerturbationKind,
    RequirementKind,
    Share,
    Switch,
    Text,
    WeightSet,
    Words,
    describe,
    example,
    words_of,
)
from bdnnlang.language.schema import ROWS, below
from bdnnlang.language.spec.row import Row
from bdnnlang.language.symbols import ROLES, Role, path_of_call
from bdnnlang.language.syntax.show import quote
from bdnnlang.language.syntax.tokens import SIDES
from bdnnlang.lsp.context import Context, context_at
from bdnnlang.lsp.document import Document
from bdnnlang.source import Span

_FILES = {"csv": (".csv", ".tsv", ".txt", ".data"), "npz": (".npz",), "use": (".bdnn",)}


class Shape(Enum):
    """What a completion is, beyond the roles of names."""

    VALUE = auto()
    COLUMN = auto()
    PATH = auto()


@dataclass(frozen=True, slots=True)
class Item:
    """`text` takes the place of `span`; the rest is for people."""

    label: str
    text: str
    span: Span
    shape: Role | Shape
    detail: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of the data: their columns, their classes as they are written, and the files in the folder of the spec."""

    columns: Sequence[str] = ()
    classes: Sequence[str] = ()
    files: Callable[[], Sequence[str]] = tuple


def complete(document: Document, offset: int, around: Surroundings = Surroundings()) -> tuple[Item, ...]:
    """In the order in which they should be offered; an editor leaves out what does not begin as the word does."""
    context = context_at(document.source, offset)
    if context is None:
        return ()
    found = _Candidates(document, context, around)
    return tuple({item.label: item for item in found.all()}.values())


@dataclass(frozen=True, slots=True)
class _Candidates:
    document: Document
    context: Context
    around: Surroundings

    def all(self) -> Iterator[Item]:
        context = self.context
        kinds = [token.type for token in context.statement]
        row = ROWS.get(context.row_path)
        if context.is_string:
            yield from self._strings(row)
        elif not kinds:
            yield from self._statements()
        elif kinds[0] == "PARAM":
            yield from self._domains(None) if kinds[-1] == "IN" else ()
        elif context.call is not None:
            yield from self._arguments(context.call)
        elif row and kinds[-1] == "IN":
            yield from self._domains(row)
        elif row and isinstance(row.kind, RequirementKind):
            yield from self._limits(row.kind) if kinds[-1] in SIDES else ()
        elif row and (kinds[-1] in ("EQUAL", "PLUS", "MINUS", "STAR", "SLASH") or context.is_list or len(kinds) == 1):
            yield from self._values(row)

    # ---- statements

    def _statements(self) -> Iterator[Item]:
        path = ".".join(self.context.path)
        rows = below(path, "step", "fact", "domain", "requirement", "block").values()
        is_once = {row.name for row in rows if row.form not in ("step", "requirement")} | {"bdnn"}
        for row in rows:
            if row.name not in self.context.given & is_once:
                yield self._row(row, row.name + _behind(row))
        if path == "sweep":
            yield from (self._item(name, f"{name} = ", Role.PARAM, "param") for name in self.document.params)
        if not path:
            yield self._item("param", "param ", Role.PARAM, "a value with a name", "Set by `-D name=value` for one run.")

    def _row(self, row: Row, text: str) -> Item:
        shown = f"\n\n```bdnn\n{row.example}\n```" if row.example else ""
        return self._item(row.name, text, ROLES[row.form], _detail(row), f"{row.help}.{shown}")

    def _item(self, label: str, text: str, shape: Role | Shape, detail: str = "", help: str = "") -> Item:  # noqa: A002
        return Item(label, text, self.context.word, shape, detail, help)

    # ---- values

    def _values(self, row: Row) -> Iterator[Item]:
        kind = row.kind
        for word, text in words_of(kind).items():
            is_bare = not isinstance(kind, Words) or self.context.is_list
            yield self._item(word, word if is_bare else f"[{word}]", Role.WORD, row.path, text)
        for call in _calls(row):
            yield self._row(call, f"{call.name}(")
        yield from self._of_data(kind)
        yield from self._plain(row)
        if not isinstance(kind, Nothing):
            for name in self.document.params:
                yield self._item(name, name, Role.PARAM, "param")

    def _of_data(self, kind: Kind) -> Iterator[Item]:
        """Columns and classes as they are written there."""
        is_list = isinstance(kind, Columns | Labels)
        opener, closer = ("[", "]") if is_list and not self.context.is_list else ("", "")
        if isinstance(kind, OneColumn | Columns):
            for column in self.around.columns:
                yield self._item(column, f"{opener}{quote(column)}{closer}", Shape.COLUMN, "column")
        elif isinstance(kind, Labels) and self.context.is_list:
            for label in self.around.classes:
                yield self._item(label, quote(label), Shape.VALUE, "class")

    def _plain(self, row: Row) -> Iterator[Item]:
        """Values that the row itself shows."""
        match row.kind:
            case Switch():
                shown: Iterable[str] = ("true", "false")
            case Text(_, among):
                shown = map(quote, among)
            case Columns() | OneColumn() | Labels() | Words() | Nothing() | Origin() | PerturbationKind() | RequirementKind():
                shown = ()
            case _ if words_of(row.kind) or self.context.is_list:
                shown = ()
            case kind:
                shown = [row.default] * _is_value(row.default) + example(kind).split("`")[1::2]
        for text in shown:
            yield self._item(text, text, Shape.VALUE, describe(row.kind))

    def _limits(self, kind: RequirementKind) -> Iterator[Item]:
        for text in example(kind.limit).split("`")[1::2] if kind.limit else ():
            yield self._item(text, text, Shape.VALUE, describe(kind.limit) if kind.limit else "")

    def _domains(self, row: Row | None) -> Iterator[Item]:
        kind = row.kind if row else WeightSet()
        for text in example(kind).split("`")[1::2]:
            yield self._item(text, text, Shape.VALUE, describe(kind))

    # ---- in brackets and strings

    def _arguments(self, name: str) -> Iterator[Item]:
        """Of a call: the value of the option before, or options that are not there yet."""
        row = ROWS.get(self.context.row_path)
        if row and isinstance(row.kind, RequirementKind):
            yield from self._measured(row.kind)
            return
        path = path_of_call(self.context.row_path, name)
        items = self.context.items
        if items and items[-1].type == "EQUAL" and len(items) > 1:
            option = ROWS.get(f"{path}.{items[-2].text}")
            yield from self._values(option) if option else ()
            return
        given = {item.text for item, after in pairwise(items) if after.type == "EQUAL"}
        for option in below(path, "option").values():
            if option.name not in given:
                yield self._row(option, f"{option.name}=")
        if path == "robust.box":
            for column in (column for column in self.around.columns if column.isidentifier()):
                yield self._item(column, f"{column}=", Shape.COLUMN, "column")

    def _measured(self, kind: RequirementKind) -> Iterator[Item]:
        """What a requirement is about: its next column or class."""
        place = sum(item.type == "COMMA" for item in self.context.items)
        if kind.items[place:][:1] == ("column",):
            yield from self._of_data(OneColumn())
        elif kind.items[place:]:
            yield from (self._item(label, quote(label), Shape.VALUE, "class") for label in self.around.classes)

    def _strings(self, row: Row | None) -> Iterator[Item]:
        """The whole string, with its quotes."""
        suffixes = _FILES.get(self.context.call or self.context.name)
        if suffixes:
            for file in self.around.files():
                if file.endswith(suffixes):
                    yield self._item(file, quote(file), Shape.PATH, "file")
        elif row and isinstance(row.kind, RequirementKind):
            yield from self._measured(row.kind)
        elif row:
            yield from (item for item in (*self._of_data(row.kind), *self._plain(row)) if item.text.startswith('"'))


def _calls(row: Row) -> Iterator[Row]:
    """Calls that a value can be; attacks take the sets of `robust`, and a part of the data may be a file."""
    yield from below(row.path, "call").values()
    if isinstance(row.kind, PerturbationKind) and row.path != "robust":
        yield from below("robust", "call").values()
    if isinstance(row.kind, Share) and row.kind.or_file:
        yield ROWS["data.csv"]


def _behind(row: Row) -> str:
    """What follows a name as a statement."""
    if isinstance(row.kind, RequirementKind):
        return "(" if row.kind.needed else f" {row.kind.side} "
    if row.form in ("fact", "domain"):
        return " = " if row.form == "fact" else " in "
    return " " if not isinstance(row.kind, Nothing) or row.form == "block" else ""


def _detail(row: Row) -> str:
    """What it takes and what holds without it."""
    takes = "" if isinstance(row.kind, Nothing) else describe(row.kind)
    return takes + (f", default {row.default}".replace("`", "") if row.default else "")


def _is_value(default: str) -> bool:
    """Whether a default is written so, and no remark about it."""
    return bool(default) and " " not in default and "`" not in default
