"""A row of the language's table, and how the field of a spec type carries its own.

A setting is said once, on the field that holds its value: `gap: float = setting(Share(), "…", 0.0)`. Reading it, its
default, printing it, its page and its line of the manual all follow from there. A type that stands for a block, a step or a
call has its own row as the class variable `row`; its first field is the value behind the name, if the row takes one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import Field, dataclass, field, fields
from typing import Any, Literal, TypeVar

from bdnnlang.language.kinds import Kind, Parameters, WeightSet

Form = Literal["block", "step", "fact", "domain", "word", "call", "option", "requirement"]
T = TypeVar("T")
ABOUT = "about"  # the key of a field's metadata under which one of the following stands


@dataclass(frozen=True, slots=True)
class Row:
    """What the language knows of one name. `path` names the row; its parent is the path without the last part."""

    path: str
    form: Form
    kind: Kind
    help: str
    default: str = ""  # as a user would write it
    optional: bool = False  # a step whose value may be missing
    required: bool = False  # an option that must be given
    example: str = ""  # a whole statement
    aliases: tuple[str, ...] = ()  # what other tools call it
    shared: str = ""  # help of the same setting in the block around, where it is for all steps that do not say otherwise
    inside: str = ""  # the step of the block that the setting stands in

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def parent(self) -> str:
        return self.path.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Steps:
    """The field holds the steps of a block, each of one of these types; `row` of each is its name."""

    steps: tuple[tuple[Row, type[Any]], ...]


@dataclass(frozen=True, slots=True)
class Calls:
    """The field holds the value behind the name of a block or step: a call, of one of these types.

    `also_facts`: those whose options may stand in the block as facts, too.
    """

    calls: tuple[type[Any], ...]
    also_facts: tuple[type[Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """The settings of the field's type, `kind`, stand in the block or step itself.

    `calls`: what may stand behind the name. `base`: the block that has the defaults of the settings.
    """

    kind: type[Any]
    calls: tuple[type[Any], ...] = ()
    base: str = ""


def setting(
    kind: Kind,
    help: str,  # noqa: A002
    default: T,
    *,
    shown: str = "",
    example: str = "",
    aliases: tuple[str, ...] = (),
    inside: str = "",
) -> T:
    """A field with a row. `shown`: what stands for a default that cannot be written."""
    about = described(kind, help, shown=shown, example=example, aliases=aliases, inside=inside)
    return field(default=default, metadata=about)


def described(
    kind: Kind,
    help: str,  # noqa: A002
    *,
    shown: str = "",
    example: str = "",
    aliases: tuple[str, ...] = (),
    shared: str = "",
    inside: str = "",
) -> dict[str, Row]:
    """The metadata of a field with a row, for fields without a default: `field(metadata=described(…))`."""
    form: Form = "domain" if isinstance(kind, WeightSet) else "step" if isinstance(kind, Parameters) else "fact"
    return {ABOUT: Row("", form, kind, help, shown, example=example, aliases=aliases, shared=shared, inside=inside)}


def steps(*types: type[Any]) -> dict[str, Steps]:
    """The metadata of a field that holds steps."""
    return {ABOUT: Steps(tuple((kind.row, kind) for kind in types))}


def block(name: str, kind: Kind, help: str, *, example: str, aliases: tuple[str, ...] = ()) -> Row:  # noqa: A002
    return Row(name, "block", kind, help, example=example, aliases=aliases)


def step(
    name: str,
    kind: Kind,
    help: str,  # noqa: A002
    *,
    example: str,
    default: str = "",
    optional: bool = False,
    aliases: tuple[str, ...] = (),
) -> Row:
    return Row(name, "step", kind, help, default, optional=optional, example=example, aliases=aliases)


def requirement(name: str, kind: Kind, help: str, *, example: str, aliases: tuple[str, ...] = ()) -> Row:  # noqa: A002
    return Row(name, "requirement", kind, help, example=example, aliases=aliases)


def call(name: str, kind: Kind, help: str, *, example: str, aliases: tuple[str, ...] = ()) -> Row:  # noqa: A002
    return Row(name, "call", kind, help, example=example, aliases=aliases)


def described_fields(kind: type[Any]) -> Iterator[tuple[Field[Any], Row]]:
    """The fields of a type that are settings."""
    for part in fields(kind):
        if isinstance(row := part.metadata.get(ABOUT), Row):
            yield part, row


def abouts(kind: type[Any], about: type[T]) -> Iterator[tuple[str, T]]:
    """The fields of a type that have such metadata, by name."""
    for part in fields(kind):
        if isinstance(found := part.metadata.get(ABOUT), about):
            yield part.name, found
