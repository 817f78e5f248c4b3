"""Text → syntax tree. The only file that knows lark."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from lark import Lark
from lark import Token as LarkToken
from lark.exceptions import UnexpectedToken

from bdnnlang.diagnostics import MAX_DIAGNOSTICS, Diagnostic
from bdnnlang.language.syntax import nodes
from bdnnlang.language.syntax.builder import Builder
from bdnnlang.language.syntax.errors import Unclosed
from bdnnlang.language.syntax.recovery import Recovery
from bdnnlang.language.syntax.tokens import END, NEWLINE, Layout, Token, clean, too_big, unclosed_blocks
from bdnnlang.source import Source, Span

Start = Literal["file", "expr", "domain"]


def parse(source: Source) -> tuple[nodes.File, tuple[Diagnostic, ...]]:
    """The tree of a whole file, with a hole wherever something is wrong, and all that is wrong."""
    whole = Span(source, 0, len(source.text))
    refused = too_big(source)
    if refused:
        return nodes.File((), whole), (refused,)
    text, errors = clean(source, MAX_DIAGNOSTICS)
    found = list(errors)
    machine, recovery, layout = _attempt(source, text, {})
    if any(isinstance(error, Unclosed) and error.is_block for error in recovery.errors):
        lost = unclosed_blocks(layout.history)
        found += [
            Unclosed(span=opener.span, second=before.span, bracket="{", closer="}", is_block=True) for opener, before in lost
        ]
        machine, recovery, layout = _attempt(source, text, Counter(before.span.start for _, before in lost))
    known = {error.span.first[0] for error in found if error.span}
    found += [error for error in recovery.errors if error.span and error.span.first[0] not in known]
    return nodes.File(machine.result or (), whole), tuple(found)


def parse_value(
    source: Source, start: Literal["expr", "domain"], offset: int = 0
) -> tuple[nodes.Value | nodes.Domain | None, tuple[Diagnostic, ...]]:
    """A single value, as it comes from the command line; it begins at `offset`."""
    refused = too_big(source)
    if refused:
        return None, (refused,)
    text, errors = clean(source, 1)
    if errors:
        return None, errors
    machine = _Machine(start)
    recovery = Recovery(machine, Layout(_lex(source, text, offset), _end(source), {}))
    recovery.run_once()
    return machine.result, tuple(recovery.errors)


def lex(source: Source) -> Iterator[Token]:
    """The tokens of a text, whatever it is, with all newlines; comments lie in the gaps between them."""
    return _lex(source, clean(source, 1)[0])


def _attempt(source: Source, text: str, closed_early: Mapping[int, int]) -> tuple[_Machine, Recovery, Layout]:
    machine = _Machine("file")
    layout = Layout(_with_last_newline(_lex(source, text)), _end(source), closed_early)
    recovery = Recovery(machine, layout)
    recovery.run()
    return machine, recovery, layout


def _end(source: Source) -> Span:
    return Span(source, len(source.text), len(source.text))


def _lex(source: Source, text: str, offset: int = 0) -> Iterator[Token]:
    for token in _lark().lex(text[offset:]):
        start = offset + cast(int, token.start_pos)
        yield Token(token.type, str(token), Span(source, start, start + len(token)))


def _with_last_newline(tokens: Iterator[Token]) -> Iterator[Token]:
    last = None
    for last in tokens:
        yield last
    if last is not None and last.type != NEWLINE:
        yield Token(NEWLINE, "\n", Span(last.span.source, last.span.stop, last.span.stop))


class _KeepBad:
    """Lark drops terminals that no rule uses, unless a postlexer asks for them."""

    always_accept = ("BAD_STRING", "BAD_QUOTE", "BAD_COMMENT", "BAD_NUMBER", "BAD_OPERATOR", "BAD_WORD", "BAD_CHAR")

    def process(self, stream: Iterator[LarkToken]) -> Iterator[LarkToken]:
        return stream


@cache
def _lark() -> Lark:
    return Lark(
        grammar(),
        parser="lalr",
        lexer="basic",
        start=["file", "expr", "domain"],
        maybe_placeholders=False,
        postlex=cast(Any, _KeepBad()),
        transformer=cast(Any, Builder()),
    )


def terminals() -> dict[str, str]:
    """The pattern of each kind of token."""
    return {terminal.name: terminal.pattern.to_regexp() for terminal in _lark().terminals}


def grammar() -> str:
    """The text of `bdnn.lark`: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[2]
    inside = package / "bdnn.lark"
    path = inside if inside.is_file() else package.parent / "grammar" / "bdnn.lark"
    return path.read_text(encoding="utf-8")


class _Machine:
    """lark's interactive parser behind the four questions that recovery asks."""

    def __init__(self, start: Start) -> None:
        self._parser = _lark().parse_interactive("", start=start)
        self.result: Any = None

    def accepts(self) -> set[str]:
        return cast(set[str], self._parser.accepts())  # type: ignore[no-untyped-call]

    def feed(self, token: Token) -> bool:
        try:
            result = self._parser.feed_token(cast(Any, token))
        except UnexpectedToken:
            return False
        if token.type == END:
            self.result = result
        return True

    def imagine(self) -> _Machine:
        """Without callbacks: lark's lists share their storage, so even a trial reduction would damage the tree."""
        copied = copy.copy(self)
        copied._parser = self._parser.copy(deepcopy_values=False)  # type: ignore[no-untyped-call]
        state = copied._parser.parser_state
        state.parse_conf = copy.copy(state.parse_conf)
        state.parse_conf.callbacks = {}
        return copied

    def state(self) -> tuple[object, ...]:
        return tuple(self._parser.parser_state.state_stack)
