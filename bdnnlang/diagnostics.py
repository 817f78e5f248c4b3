"""What a user is told about a spec or its data: facts in, prose out.

A diagnostic is a frozen dataclass: its fields are facts, its class variables are templates over them. Subclasses stand
beside the phase that raises them and are registered by being defined; `bdnnlang.catalogue` lists the modules.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from bdnnlang.render import render
from bdnnlang.source import Span


@dataclass(frozen=True, slots=True)
class Fix:
    """A text that takes the place of a span and mends the mistake; an editor can apply it.

    `is_said`: the text is all that is to be written, so that the hint says it.
    """

    span: Span
    text: str
    is_said: bool = False

    def apply(self, text: str) -> str:
        return text[: self.span.start] + self.text + text[self.span.stop :]


_registry: dict[str, type[Diagnostic]] = {}  # by code


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """Base of all diagnostics. `title`, `label`, `help` are `str.format` templates over the fields."""

    code: ClassVar[str]
    title: ClassVar[str]
    label: ClassVar[str] = ""
    second_label: ClassVar[str] = ""  # text under `second`, when it is given
    help: ClassVar[str]
    why: ClassVar[str]  # `bdnnc explain CODE`: why this is refused …
    bad: ClassVar[str]  # … a complete spec that earns it …
    good: ClassVar[str]  # … and the same spec mended. Tests run both.

    span: Span | None = None  # None: about a file as a whole, or the command line
    second: Span | None = None
    suggestion: str | None = None  # what was probably meant in place of `span`; replaces `help`
    fix: Fix | None = None

    def __init_subclass__(cls) -> None:
        if "code" not in vars(cls):
            return  # a base of others
        same = _registry.setdefault(cls.code, cls)
        if (same.__module__, same.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"{cls.__qualname__} and {same.__qualname__} both have the code {cls.code}")

    @property
    def severity(self) -> str:
        return "warning" if self.code.startswith("W") else "error"

    @property
    def message(self) -> str:
        return self._fill(self.title)

    @property
    def primary(self) -> str:
        return self._fill(self.label)

    @property
    def secondary(self) -> str:
        return self._fill(self.second_label)

    @property
    def hint(self) -> str:
        if self.suggestion:
            return f"did you mean `{self.suggestion}`?"
        return f"write `{self.fix.text}`" if self.fix and self.fix.is_said else self._fill(self.help)

    @property
    def repair(self) -> Fix | None:
        """The hint as a change of the text, where it is one."""
        return Fix(self.span, self.suggestion) if self.suggestion and self.span else self.fix

    def _fill(self, template: str) -> str:
        return template.format_map({f.name: getattr(self, f.name) for f in dataclasses.fields(self)})


def registered(package: str) -> tuple[type[Diagnostic], ...]:
    """The diagnostics that the imported modules of a package define, in the order of their codes."""
    inside = (error for error in _registry.values() if f"{error.__module__}.".startswith(f"{package}."))
    return tuple(sorted(inside, key=lambda error: error.code))


class SpecError(Exception):
    """A spec or its data are wrong: all errors, and warnings beside them, are in `diagnostics`, in the order of their places.

    Each has `code`, `severity`, `message`, `hint` and, where there is one, a place (`span`, whose `first` is line and column
    from 1) and a `repair` of the text. As text they read as the command line prints them.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = in_order(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return render(self.diagnostics, "full").rstrip("\n")


SpecError.__module__ = "bdnnlang"  # where users find it, and what a traceback says
Rejected = SpecError  # what the phases call it


class InternalError(Exception):
    """A bug of ours. Never caused by input, never shown as the user's mistake."""


MAX_DIAGNOSTICS = 50  # of one text: nobody reads more, and the rest mostly follows from the first ones


class Enough(Exception):  # noqa: N818  (it says what happened)
    """More was told than anyone reads: there is no use in checking on."""


class DiagnosticList(list[Diagnostic]):
    """What was wrong so far. Appending raises `Enough` beyond the limit."""

    def append(self, diagnostic: Diagnostic) -> None:
        if len(self) >= MAX_DIAGNOSTICS:
            raise Enough
        super().append(diagnostic)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by file and position, one copy of each."""
    unique = dict.fromkeys(diagnostics)
    return tuple(sorted(unique, key=lambda d: (d.span.source.path, d.span.start, d.code) if d.span else ("", 0, d.code)))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(d.severity == "error" for d in diagnostics)
