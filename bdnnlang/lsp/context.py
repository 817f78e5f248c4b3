"""Where in a text something is typed: the blocks around, what of the statement is there, and the word that is begun."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bdnnlang.language.syntax.parser import lex
from bdnnlang.language.syntax.tokens import END, NEWLINE, Layout, Token
from bdnnlang.source import Source, Span

_STRINGS = ("STRING", "BAD_STRING", "QUOTED")
_BEGUN = frozenset({*_STRINGS, "NAME", "IN", "PARAM", "TRUE", "FALSE", "BAD_WORD"})  # what a completion takes the place of


@dataclass(frozen=True, slots=True)
class Context:
    """`path`: the names of the blocks around. `statement`: its tokens before `word`, of the innermost block.

    `call`: inside the brackets of a call, its name. `word`: what is begun, which may be nothing. `given`: the names of the
    statements before this one in the same block.
    """

    path: tuple[str, ...]
    statement: tuple[Token, ...]
    word: Span
    given: frozenset[str]
    call: str | None = None
    items: tuple[Token, ...] = ()  # what stands inside the innermost bracket
    is_list: bool = False
    is_string: bool = False

    @property
    def name(self) -> str:
        """Of the statement, or nothing before it has one."""
        return self.statement[0].text if self.statement else ""

    @property
    def row_path(self) -> str:
        """Of the statement, in the schema."""
        return ".".join((*self.path, self.name))


def context_at(source: Source, offset: int) -> Context | None:
    """None: inside a comment, or behind the end of a number."""
    tokens = [token for token in lex(source) if token.span.start < offset]
    word = tokens.pop() if tokens and _touches(tokens[-1], offset) else None
    if word is None and _in_comment(source, tokens, offset):
        return None
    if word is not None and word.type in ("NUMBER", "QUANTITY", "BAD_NUMBER"):
        return None
    is_string = word is not None and word.type in _STRINGS
    stop = word.span.stop if word and word.type in ("STRING", "QUOTED") else offset
    begun = Span(source, word.span.start if word else offset, stop)
    return _placed(tokens, begun, is_string)


def _touches(token: Token, offset: int) -> bool:
    """Whether the offset stands in a word or number, or at its end; behind a string's last quote nothing is begun."""
    if token.type in ("STRING", "QUOTED"):
        return offset < token.span.stop
    is_word = token.type in _BEGUN or token.type in ("NUMBER", "QUANTITY", "BAD_NUMBER")
    return is_word and offset <= token.span.stop


def _in_comment(source: Source, tokens: list[Token], offset: int) -> bool:
    """Comments are no tokens: they stand between them."""
    return "#" in source.text[tokens[-1].span.stop if tokens else 0 : offset]


def _placed(tokens: Iterable[Token], word: Span, is_string: bool) -> Context:
    """Reads the tokens as the parser does, without minding their order."""
    layout = Layout(tokens, word, {})
    given: list[set[str]] = [set()]
    last: Token | None = None
    while (token := layout.next()).type != END:
        layout.track(token)
        del given[len(layout.blocks) + 1 :]
        given += [set() for _ in range(len(layout.blocks) + 1 - len(given))]
        if len(layout.statement) == 1 and token.type not in ("LBRACE", NEWLINE):
            given[-1].add(token.text)
        last = token
    is_begun = layout.inner or (last and last.type not in (NEWLINE, "COMMA", "LBRACE"))
    statement = tuple(layout.statement) if is_begun else ()
    others = given[-1] - {statement[0].text} if statement else given[-1]
    context = Context(layout.path, statement, word, frozenset(others), is_string=is_string)
    return _inside(context, layout) if layout.inner else context


def _inside(context: Context, layout: Layout) -> Context:
    """With what the innermost bracket says."""
    assert layout.inner
    opener = layout.inner.token
    place = context.statement.index(opener) if opener in context.statement else 0
    before = context.statement[place - 1] if place else None
    call = before.text if opener.type == "LPAR" and before and before.type in ("NAME", "MEASURE") else None
    return Context(
        context.path, context.statement, context.word, context.given, call,
        context.statement[place + 1 :], opener.type == "LSQB", context.is_string,
    )  # fmt: skip
