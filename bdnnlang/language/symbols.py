"""The names that stand in a text, each with its place and with the place that says what it means.

An editor needs them to explain a name under the pointer, and to lead from where a name is used to where it is defined.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from bdnnlang.language.schema import ROWS
from bdnnlang.language.spec.row import Form, Row
from bdnnlang.language.spec.sweep_spec import SweepSpec
from bdnnlang.language.syntax import nodes
from bdnnlang.source import Source, Span


class Role(Enum):
    """What a name is."""

    BLOCK = "block"
    SETTING = "setting"
    STEP = "step"
    CALL = "call"
    OPTION = "option"
    WORD = "word"
    REQUIREMENT = "requirement"
    PARAM = "param"
    FILE = "file"


ROLES: dict[Form, Role] = {
    "block": Role.BLOCK,
    "fact": Role.SETTING,
    "domain": Role.SETTING,
    "step": Role.STEP,
    "call": Role.CALL,
    "option": Role.OPTION,
    "word": Role.WORD,
    "requirement": Role.REQUIREMENT,
}


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name at its place `span`, in a statement or value `extent`.

    `name`: the path of its row of the schema, the name of a param, or the path of a used file as it is written. `definition`:
    where a param is declared, or where a used file begins; None: the language itself defines it, or nobody does.
    """

    role: Role
    name: str
    span: Span
    extent: Span
    definition: Span | None = None

    @property
    def row(self) -> Row | None:
        """What the language knows of the name."""
        return None if self.role in (Role.PARAM, Role.FILE) else ROWS[self.name]


def symbols_of(bodies: Sequence[tuple[nodes.Statement, ...]], used: Mapping[Span, Source]) -> tuple[Symbol, ...]:
    """Of all files that make up a spec; `used`: the file behind the path at each of these places."""
    params = [statement for body in reversed(bodies) for statement in reversed(body) if isinstance(statement, nodes.Param)]
    names = _Names({param.key.text: param.key.span for param in params if _stands(param.key)}, used)
    return tuple(symbol for body in bodies for statement in body for symbol in names.of_statement("", statement))


@dataclass(frozen=True, slots=True)
class _Names:
    declared: Mapping[str, Span]  # of each param the first declaration
    used: Mapping[Span, Source]

    def of_statement(self, parent: str, statement: nodes.Statement) -> Iterator[Symbol]:
        """The name of a statement, and all names in it."""
        path = f"{parent}.{statement.key.text}" if parent else statement.key.text
        match statement:
            case nodes.Param(key, value, domain, _, span):
                if _stands(key):
                    yield Symbol(Role.PARAM, key.text, key.span, span, self.declared.get(key.text))
                yield from self._of_value("", value)
                yield from self._of_domain(domain)
            case nodes.Fact(key, value, span):
                yield from _of_row(path, key, span)
                yield from self._of_value(path, value)
            case nodes.Member(key, domain, span):
                is_swept = parent == SweepSpec.row.name and key.text in self.declared and _stands(key)
                if is_swept:
                    yield Symbol(Role.PARAM, key.text, key.span, span, self.declared[key.text])
                else:
                    yield from _of_row(path, key, span)
                yield from self._of_domain(domain)
            case nodes.Step(key, args, block, span):
                yield from _of_row(path, key, span)
                for arg in args:
                    yield from self._of_file(arg) if path == "use" else self._of_value(path, arg)
                for inner in block.body if block else ():
                    yield from self.of_statement(path, inner)
            case nodes.Relation(measure, _, limit, _, span):
                yield from _of_row(path, measure.name, span)
                for item in measure.items:
                    yield from self._of_item(path, item)
                yield from self._of_value(path, limit) if limit else ()
            case _:
                assert_never(statement)

    def _of_file(self, path: nodes.Value) -> Iterator[Symbol]:
        if isinstance(path, nodes.String):
            file = self.used.get(path.span)
            yield Symbol(Role.FILE, path.text, path.span, path.span, Span(file, 0, 0) if file else None)

    def _of_value(self, path: str, value: nodes.Value) -> Iterator[Symbol]:
        """`path`: of the row whose value it is."""
        match value:
            case nodes.Name():
                yield from self._of_word(path, value)
            case nodes.Call(name, items, span):
                inner = path_of_call(path, name.text)
                yield from _of_row(inner, name, span)
                for item in items:
                    yield from self._of_item(inner, item)
            case nodes.Negative(operand):
                yield from self._of_value(path, operand)
            case nodes.Chain(first, rest):
                for operand in (first, *(operand for _, operand in rest)):
                    yield from self._of_value(path, operand)
            case nodes.List(items):
                for item in items:
                    yield from self._of_value(path, item)
            case nodes.Number() | nodes.Quantity() | nodes.String() | nodes.Bool():
                return
            case _:
                assert_never(value)

    def _of_word(self, path: str, name: nodes.Name) -> Iterator[Symbol]:
        if name.text in self.declared and _stands(name):
            yield Symbol(Role.PARAM, name.text, name.span, name.span, self.declared[name.text])
        else:
            yield from _of_row(f"{path}.{name.text}", name, name.span)

    def _of_item(self, path: str, item: nodes.Value | nodes.Argument) -> Iterator[Symbol]:
        if isinstance(item, nodes.Argument):
            path = f"{path}.{item.name.text}"
            yield from _of_row(path, item.name, item.span)
            yield from self._of_value(path, item.value)
        else:
            yield from self._of_value(path, item)

    def _of_domain(self, domain: nodes.Domain | None) -> Iterator[Symbol]:
        match domain:
            case nodes.IntervalDomain(_, lower, upper):
                yield from self._of_value("", lower)
                yield from self._of_value("", upper)
            case nodes.SetDomain(items):
                for item in items:
                    yield from self._of_value("", item)
            case nodes.NamedDomain() | None:
                return
            case _:
                assert_never(domain)


def _stands(name: nodes.Name) -> bool:
    """Whether a name is written so: reading on after a syntax error may put one where brackets do not match."""
    return not name.is_hole and name.span.text == name.text


def _of_row(path: str, name: nodes.Name, extent: Span) -> Iterator[Symbol]:
    """Nothing for a name that the language does not know there."""
    row = ROWS.get(path)
    if row and _stands(name):
        yield Symbol(ROLES[row.form], path, name.span, extent)


def path_of_call(path: str, name: str) -> str:
    """Attacks take the sets of `robust`, and the parts of `data` its sources."""
    places = (path, path.partition(".")[0], "robust")
    return next((found for place in places if (found := f"{place}.{name}") in ROWS), f"{path}.{name}")
