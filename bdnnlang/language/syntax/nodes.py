"""The syntax tree of a `.bdnn` file: shape without meaning, a span on every node.

Spans do not take part in comparisons: two texts that differ only in layout have equal trees. A `Name` whose text is
empty is a hole that error recovery left behind; no error is reported there: the syntax error has been.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bdnnlang.source import Span

# ---- expressions


@dataclass(frozen=True, slots=True)
class Name:
    """A bare word: a key, a param, or a word such as `scip`."""

    text: str
    span: Span = field(compare=False, repr=False)

    @property
    def is_hole(self) -> bool:
        return not self.text

    @property
    def is_quoted(self) -> bool:
        """As the names of a solver's parameters may be."""
        return self.span.text.startswith('"')


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, underscores and all."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a unit as written: `1h30min`, `20%`."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class String:
    """What stands between the quotes, escapes resolved."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Bool:
    value: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Negative:
    operand: Value
    span: Span = field(compare=False, repr=False)


Operator = Literal["+", "-", "*", "/"]


@dataclass(frozen=True, slots=True)
class Chain:
    """`a + b - c` or `a * b / c`, left to right; flat, so that a long sum is not a deep tree."""

    first: Value
    rest: tuple[tuple[Operator, Value], ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Argument:
    """A named argument of a call: `gamma=3`."""

    name: Name
    value: Value
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    name: Name
    items: tuple[Value | Argument, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class List:
    items: tuple[Value, ...]
    span: Span = field(compare=False, repr=False)


Value = Name | Number | Quantity | String | Bool | Negative | Chain | Call | List


# ---- domains


@dataclass(frozen=True, slots=True)
class IntervalDomain:
    """`[lower, upper]`, or `kind[lower, upper]`."""

    kind: Name | None
    lower: Value
    upper: Value
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class NamedDomain:
    name: Name
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SetDomain:
    items: tuple[Value, ...]
    span: Span = field(compare=False, repr=False)


Domain = IntervalDomain | NamedDomain | SetDomain


# ---- statements


@dataclass(frozen=True, slots=True)
class Fact:
    """`key = value`."""

    key: Name
    value: Value
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Member:
    """`key in domain`."""

    key: Name
    domain: Domain
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Block:
    """`{ … }`."""

    body: tuple[Statement, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Step:
    """`key args { … }`: a step, or at the top level a block."""

    key: Name
    args: tuple[Value, ...]
    block: Block | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Param:
    """`param key = value in domain`; `help` is the `##` comment above it."""

    key: Name
    value: Value
    domain: Domain | None
    help: str = field(compare=False)
    span: Span = field(compare=False, repr=False)


Side = Literal["<=", ">="]


@dataclass(frozen=True, slots=True)
class Relation:
    """`measure(items) >= limit per unit`, in the block `require`; `side` None: nothing is compared, as `increasing("dose")`."""

    measure: Call
    side: Side | None
    limit: Value | None
    per: Name | None
    span: Span = field(compare=False, repr=False)

    @property
    def key(self) -> Name:
        return self.measure.name


Statement = Fact | Member | Step | Param | Relation


@dataclass(frozen=True, slots=True)
class File:
    body: tuple[Statement, ...]
    span: Span = field(compare=False, repr=False)
