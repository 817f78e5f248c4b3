"""What can be wrong with the shape of a spec."""

from __future__ import annotations

from dataclasses import dataclass

from bdnnlang.characters import LINE_ENDS, REFUSED, named, plain
from bdnnlang.diagnostics import Diagnostic, Fix
from bdnnlang.source import Span

_GOOD = "bdnn 1\ndata iris\nnetwork { hidden 2 }\ntrain { exact 1min }\n"
_INSTEAD = {
    **dict.fromkeys("“”„«»‘’", '"'),
    **dict.fromkeys("–—−", "-"),
    **dict.fromkeys("×·", "*"),
    "∈": "in",
}
_ADVICE = {
    "\\": "a statement that goes on stands inside brackets, where newlines do not count",
    "\r": "end lines with `\\n` or `\\r\\n`: an editor does that on saving",
    "$": "a `param` is used by its bare name",
    "%": "a comment starts with `#`, and `20%` is written without a blank",
}
_OTHERWISE = "remove it, or put the text in double quotes"


@dataclass(frozen=True, kw_only=True)
class UnexpectedCharacter(Diagnostic):
    """A character that the language does not use"""

    code = "E001"
    title = "unexpected character {char}"
    label = "not part of the language"
    help = "{advice}"
    why = (
        "Names consist of ASCII letters, digits and `_`. Control characters and marks that change the direction of\n"
        "text are refused everywhere, even in comments, because they can make a spec look different from what it says."
    )
    bad = _GOOD.replace("hidden 2", "hidden 2 @")
    good = _GOOD

    char: str
    advice: str

    @classmethod
    def at(cls, char: str, span: Span) -> UnexpectedCharacter:
        """Names the character; says what to write in its place, if that can be known."""
        instead = _INSTEAD.get(char) or plain(char)
        advice = "use a plain space" if instead == " " else f"write a plain `{instead}`" if instead else _OTHERWISE
        if REFUSED.match(char) or not (instead or char.isprintable()):
            advice, instead = f"remove this {'line separator' if char in LINE_ENDS else 'invisible character'}", ""
        fix = Fix(span, instead) if instead is not None and char not in _ADVICE else None
        return cls(span=span, char=named(char), advice=_ADVICE.get(char, advice), fix=fix)

    @classmethod
    def within(cls, word: str, span: Span) -> UnexpectedCharacter:
        """A word with a letter or digit that is not ASCII."""
        char = next(char for char in word if not char.isascii())
        simple = plain(word)
        advice = f'names are ASCII: choose another, or put it in double quotes: `"{word[:40]}"`'
        return cls(span=span, char=named(char), advice=advice, fix=Fix(span, simple, is_said=True) if simple else None)


@dataclass(frozen=True, kw_only=True)
class UnterminatedString(Diagnostic):
    """A string without its closing quote"""

    code = "E002"
    title = "unterminated string"
    label = 'no closing `"` on this line'
    help = 'close the string with `"` before the line ends'
    why = "A string begins and ends on one line."
    bad = _GOOD.replace("data iris", 'data csv("iris.csv)')
    good = _GOOD.replace("data iris", 'data csv("iris.csv")')


@dataclass(frozen=True, kw_only=True)
class SingleQuotes(Diagnostic):
    """A string in other quotes"""

    code = "E003"
    title = "strings use double quotes"
    label = "{marks} quotes"
    help = 'write `"{text}"`'
    why = "There is one way to write a string: double quotes. Words that the language knows, such as `scip`, need none."
    bad = _GOOD.replace("data iris", "data csv('iris.csv')")
    good = _GOOD.replace("data iris", 'data csv("iris.csv")')

    text: str
    marks: str


@dataclass(frozen=True, kw_only=True)
class ForeignComment(Diagnostic):
    """A comment of another language"""

    code = "E004"
    title = "comments start with `#`"
    label = "`{mark}` starts no comment here"
    help = "write `#` in place of `{mark}`"
    why = "A comment runs from `#` to the end of its line."
    bad = _GOOD.replace("data iris", "data iris // flowers")
    good = _GOOD.replace("data iris", "data iris # flowers")

    mark: str


@dataclass(frozen=True, kw_only=True)
class MalformedNumber(Diagnostic):
    """A number that cannot be read"""

    code = "E005"
    title = "malformed number `{text}`"
    label = "{problem}"
    help = "{advice}"
    why = "Numbers look like `8`, `1_000`, `-3.5` or `1e-4`: digits on both sides of the point, at most 400 characters."
    bad = _GOOD.replace("data iris", "data iris { test = .25 }")
    good = _GOOD.replace("data iris", "data iris { test = 0.25 }")

    text: str
    problem: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class ForeignOperator(Diagnostic):
    """An operator of another language"""

    code = "E006"
    title = "`{operator}` is not an operator in a spec"
    label = "unknown here"
    help = "{advice}"
    why = "A setting is written `key = value` or `key in domain`. Statements end with their line."
    bad = _GOOD.replace("exact 1min", "seed: 1, exact 1min")
    good = _GOOD.replace("exact 1min", "seed = 1, exact 1min")

    operator: str
    advice: str
    path: tuple[str, ...] = ()  # of the blocks around
    key: str = ""  # what stands before it, if the statement begins so …
    rest: str = ""  # … and what follows
    is_block: bool = False  # it may begin one


@dataclass(frozen=True, kw_only=True)
class Unexpected(Diagnostic):
    """Something else was expected here"""

    code = "E007"
    title = "expected {expected}, found {found}"
    label = "unexpected here"
    help = "{advice}"
    why = (
        "A statement is a setting (`key = value`, `key in domain`), a step (`name arguments { … }`) or a `param`,\n"
        "and stands on its own line or, within a block, between commas."
    )
    bad = _GOOD.replace("exact 1min", "seed = = 1, exact 1min")
    good = _GOOD.replace("exact 1min", "seed = 1, exact 1min")

    expected: str
    found: str
    advice: str
    is_block: bool = False  # a block may have been meant


@dataclass(frozen=True, kw_only=True)
class Unclosed(Diagnostic):
    """A bracket that is never closed"""

    code = "E008"
    title = "unclosed `{bracket}`"
    label = "opened here and never closed"
    second_label = "it seems to end before this"
    help = "add the missing `{closer}`"
    why = "Every bracket needs its partner. Where the missing one belongs is guessed from indentation and line ends."
    bad = _GOOD.replace("hidden 2 }", "hidden 2")
    good = _GOOD

    bracket: str
    closer: str
    is_block: bool = False


@dataclass(frozen=True, kw_only=True)
class Unmatched(Diagnostic):
    """A closing bracket that closes nothing"""

    code = "E009"
    title = "unmatched `{bracket}`"
    label = "closes nothing"
    help = "remove it, or open the block it should close"
    why = "Every bracket needs its partner."
    bad = _GOOD.replace("hidden 2 }", "hidden 2 } }")
    good = _GOOD

    bracket: str


@dataclass(frozen=True, kw_only=True)
class ReservedWord(Diagnostic):
    """A reserved word used as a name"""

    code = "E010"
    title = "`{word}` is a reserved word"
    label = "cannot be a name"
    help = "{advice}"
    why = "Four words are reserved: `param`, `in`, `true`, `false`."
    bad = _GOOD.replace("data iris", "param in = 2\ndata iris")
    good = _GOOD.replace("data iris", "param inputs = 2\ndata iris")

    word: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class MisspeltKeyword(Diagnostic):
    """A keyword with a typing error"""

    code = "E011"
    title = "unknown keyword `{word}`"
    label = "not a keyword"
    help = "write `param`"
    why = "Only a declaration has the shape `param name = value`."
    bad = _GOOD.replace("data iris", "parm width = 2\ndata iris")
    good = _GOOD.replace("data iris", "param width = 2\ndata iris")

    word: str


@dataclass(frozen=True, kw_only=True)
class TooDeep(Diagnostic):
    """A text beyond what a spec can mean"""

    code = "E012"
    title = "{what}"
    label = "the limit is reached here"
    help = "break it up, or check that this file is a spec"
    why = "No meaningful spec nests 64 brackets, has 100,000 characters or 50,000 on a line; reading on would take long."
    bad = _GOOD.replace("hidden 2", "hidden " + "[" * 70 + "2" + "]" * 70)
    good = _GOOD

    what: str


@dataclass(frozen=True, kw_only=True)
class NotADomain(Diagnostic):
    """A set or an interval in another notation"""

    code = "E014"
    title = "`{text}` is not a domain"
    label = "not a domain"
    help = "write an interval `[a, b]`, whole numbers `int[a, b]` or a set `{{a, b, c}}`"
    why = "After `in` stands an interval with its two ends in `[ ]`, or a set with all its values in `{ }`."
    bad = _GOOD.replace("hidden 2", "weights in [-1, 0, 1], hidden 2")
    good = _GOOD.replace("hidden 2", "weights in {-1, 0, 1}, hidden 2")

    text: str


@dataclass(frozen=True, kw_only=True)
class Unquoted(Diagnostic):
    """A text without quotes"""

    code = "E015"
    title = "`{text}` needs double quotes"
    label = "neither a name nor a number"
    help = 'write `"{text}"`'
    why = "Names have ASCII letters, digits and `_` only. Paths, titles and other columns are texts: they stand in double quotes."
    bad = _GOOD.replace("data iris", "data csv(iris.csv)")
    good = _GOOD.replace("data iris", 'data csv("iris.csv")')

    text: str
    key: str = ""  # the name right before it, at the top level


@dataclass(frozen=True, kw_only=True)
class TwoStatements(Diagnostic):
    """Two statements with nothing between them"""

    code = "E016"
    title = "nothing stands between this statement and `{name}`"
    label = "another statement begins here"
    help = "{advice}"
    why = "A statement ends with its line or, within a block, at a comma."
    bad = _GOOD.replace("exact 1min", "seed = 1 exact 1min")
    good = _GOOD.replace("exact 1min", "seed = 1, exact 1min")

    name: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class TooMany(Diagnostic):
    """More mistakes than anyone reads"""

    code = "E013"
    title = "too many mistakes: what follows is not checked"
    label = "checking ended here"
    help = "mend those above, then check again"
    why = "Beyond fifty mistakes, most of what could be said follows from the first ones. Often the file is no spec at all."
    bad = _GOOD.replace("hidden 2", "hidden 2" + ", a = 1" * 60)
    good = _GOOD
