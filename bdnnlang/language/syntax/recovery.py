"""Reading on after a syntax error, so that one run tells all errors of a file.

A broken statement is abandoned: tokens are skipped to the end of its line, to the `}` of its block, or to the `{` that
opens its own. Then the cheapest tokens are made up that bring the parser to where what follows makes sense.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Protocol

from bdnnlang.diagnostics import MAX_DIAGNOSTICS, Diagnostic
from bdnnlang.language.syntax.diagnose import diagnose
from bdnnlang.language.syntax.errors import TooMany
from bdnnlang.language.syntax.tokens import END, NEWLINE, SIDES, Layout, Token
from bdnnlang.source import Source, Span

_MAX_ATTEMPTS = (
    500  # at reading on, whether an error is reported or not: a line of thousands of brackets is one error and as many attempts
)
_MAX_INSERTED = 8
_NOWHERE = Span(Source("", ""), 0, 0)
_STAND_IN = {
    "BAD_STRING": "STRING",
    "BAD_QUOTE": "STRING",
    "BAD_NUMBER": "NUMBER",
    "BAD_WORD": "NAME",
    **dict.fromkeys(("BAD_OPERATOR", *SIDES), "EQUAL"),
}


class Machine(Protocol):
    """An LALR parser that can be asked what if."""

    def accepts(self) -> Set[str]: ...
    def feed(self, token: Token) -> bool:
        """Takes the token, or leaves it and says False."""

    def imagine(self) -> Machine:
        """A copy for trying things out; it builds no nodes."""

    def state(self) -> tuple[object, ...]: ...


class Recovery:
    """Drives a machine through all tokens, whatever they are."""

    def __init__(self, machine: Machine, layout: Layout) -> None:
        self.errors: list[Diagnostic] = []
        self.bad_lines: set[int] = set()
        self._machine, self._layout = machine, layout
        self._attempts = 0

    def run(self) -> bool:
        """True if the end was reached; False after too many errors."""
        while len(self.errors) < MAX_DIAGNOSTICS and self._attempts < _MAX_ATTEMPTS:
            token = self._layout.next()
            if not self._take(token):
                self._tell(token)
                if self._is_enclosed(token):
                    return True
                token = self._add_fix(token)
            if token.type == END:
                return True
        self.errors.append(TooMany(span=self.errors[-1].span))
        return False

    def _is_enclosed(self, token: Token) -> bool:
        """Whether all of the text stands in braces, as JSON does: nothing inside is worth a word."""
        return token.type == "LBRACE" and all(before.type == NEWLINE for before in self._layout.history[:-1])

    def run_once(self) -> None:
        """Stops at the first error: what a command line holds is short."""
        while True:
            token = self._layout.next()
            if not self._take(token):
                self._tell(token)
            if self.errors or token.type == END:
                return

    def _take(self, token: Token) -> bool:
        if not self._machine.feed(token):
            return False
        self._layout.track(token)
        return True

    def _tell(self, token: Token) -> None:
        """One error for each broken line."""
        error = diagnose(token, self._layout, self._machine.accepts())
        lines = {token.line} if token.type not in (NEWLINE, END) else set()
        if error.span is not None:
            lines.add(error.span.first[0])
        if not lines & self.bad_lines:
            self.errors.append(error)
        self.bad_lines |= lines

    def _add_fix(self, token: Token) -> Token:
        """Brings the parser past the error; gives the last token dealt with."""
        stand_in = _STAND_IN.get(token.type)
        if stand_in and self._take(Token(stand_in, "", token.span)):
            return token
        if token.text in (":", ";") and NEWLINE in self._machine.accepts():
            self._attempts += 1
            return token  # it ends nothing, but it does no harm either
        at_statement = "PARAM" in self._machine.accepts()
        while True:
            token = self._skip(token, at_statement or bool(self._layout.blocks))
            self._attempts += 1
            if self._resume(token, at_statement) or token.type == END or self._attempts >= _MAX_ATTEMPTS:
                return token
            token = self._layout.next_raw()

    def _skip(self, token: Token, to_brace: bool) -> Token:
        """To the end of the line, the `}` of this block, a `{` that opens one, or the end, over whole blocks."""
        depth = 0
        while token.type != END:
            if token.type == "LBRACE":
                if not depth and self._layout.peek().type == NEWLINE:
                    return token
                depth += 1
            elif token.type == "RBRACE":
                if not depth and to_brace:
                    return token
                depth = max(0, depth - 1)
            elif token.type == NEWLINE and not depth:
                return token
            token = self._layout.next_raw()
        return token

    def _resume(self, token: Token, at_statement: bool) -> bool:
        """Makes up what is missing before `token` and takes it."""
        if token.type == END:
            return self._finish(token)
        if token.type == "RBRACE" and not self._layout.blocks:
            return at_statement  # the stray one is dropped; a broken statement is skipped further
        missing = self._missing(lambda machine: machine.feed(token) and _at_statement(machine, token.type))
        if missing is None:
            return False
        self._insert(missing, token)
        return self._take(token)

    def _finish(self, token: Token) -> bool:
        """Closes what is open at the end of the file."""
        while self._layout.blocks:
            closer = Token("RBRACE", "", token.span)
            missing = self._missing(lambda machine, closer=closer: machine.feed(closer))  # type: ignore[misc]
            if missing is None:
                return False
            self._insert(missing, token)
            self._take(closer)
        missing = self._missing(lambda machine: END in machine.accepts())
        if missing is None:
            return False
        self._insert(missing, token)
        return self._take(token)

    def _missing(self, goal: Callable[[Machine], bool]) -> list[str] | None:
        """The fewest tokens that lead to the goal, found breadth first."""
        frontier: list[tuple[Machine, list[str]]] = [(self._machine.imagine(), [])]
        seen: set[tuple[object, ...]] = set()
        for _ in range(_MAX_INSERTED):
            found = next((inserted for machine, inserted in frontier if goal(machine.imagine())), None)
            if found is not None:
                return found
            frontier = [step for machine, inserted in frontier for step in _steps(machine, inserted, seen)]
        return None

    def _insert(self, types: list[str], before: Token) -> None:
        for kind in types:
            self._take(Token(kind, "", before.span))


def _at_statement(machine: Machine, after: str) -> bool:
    """A `}` of a block is followed by the end of the line; after the others a statement may begin."""
    accepts = machine.accepts()
    return NEWLINE in accepts if after == "RBRACE" else "PARAM" in accepts


def _steps(machine: Machine, inserted: list[str], seen: set[tuple[object, ...]]) -> list[tuple[Machine, list[str]]]:
    result = []
    for kind in ("RSQB", "RPAR", "NAME", "COMMA", "EQUAL", "RBRACE", NEWLINE):
        after = machine.imagine()
        if not after.feed(Token(kind, "", _NOWHERE)) or after.state() in seen:
            continue
        seen.add(after.state())
        result.append((after, [*inserted, kind]))
    return result
