"""Texts that are almost specs, and specs that nobody has tidied; each a function of its number, the same on every machine."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SPECS = [path.read_text() for path in sorted((ROOT / "specs").glob("*.bdnn"))]
TEXTS = [*SPECS, (ROOT / "tests" / "language" / "format" / "ugly.bdnn").read_text()]
TOKEN = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"|#[^\n]*|[0-9.]+[eE]-[0-9]+|[\w.%]+|[<>=]=|\n|[^\s\w]')
STRANGE = ["=", "in", "{", "}", "[", "]", "(", ")", ",", "\n", "3", "10m", '"x"', '"', "'", "param", "true", "-", ":", "@", "=="]
STRANGE += ["//", ";", "1..2", "0x1", "\\", "é", "𝔸", "\u202e", "\x00", "\r", "\t", "\ufeff", "# c", "#", "## h\n", "1e999", "$x"]
REMARKS = ["#", "# why", "## how far", "#! {", '# "', "# [1,", "#\t= 𝔸 "]


def mutant(number: int) -> str:
    """A text with one to four changes of tokens or of bytes."""
    chance = random.Random(number)
    text = chance.choice(TEXTS)
    for _ in range(chance.choice((1, 1, 2, 4))):
        text = chance.choice((_token_changed, _token_changed, _bytes_changed))(text, chance)
    return text


def _token_changed(text: str, chance: random.Random) -> str:
    tokens = list(TOKEN.finditer(text))
    if not tokens:
        return chance.choice(STRANGE)
    one, other = chance.choice(tokens), chance.choice(tokens)
    strange = chance.choice((chance.choice(STRANGE), other.group()))
    before, after = text[: one.start()], text[one.end() :]
    changes = (
        before + after,
        f"{before}{one.group()} {one.group()}{after}",
        f"{before}{strange}{after}",
        f"{before}{strange} {one.group()}{after}",
        before + one.group(),
    )
    return chance.choices(changes, (4, 4, 4, 4, 1))[0]


def _bytes_changed(text: str, chance: random.Random) -> str:
    """Of the UTF-8; what is none any more becomes a sign that says so."""
    content = bytearray(text.encode("utf-8", "surrogatepass"))
    first = chance.randrange(len(content) + 1)
    last = min(len(content), first + chance.choice((1, 1, 1, 2, 9, 80)))
    changes = (
        b"",
        bytes(chance.randrange(256) for _ in range(last - first)),
        bytes(byte ^ 1 << chance.randrange(8) for byte in content[first:last]),
        bytes(content[first:last]) * 2,
    )
    content[first:last] = chance.choice(changes)
    return content.decode("utf-8", "replace")


def untidy(number: int) -> tuple[str, str]:
    """A spec, and the same in another layout, with more comments."""
    chance = random.Random(number)
    text = chance.choice(SPECS)
    other = "".join(_untidied(text, chance))
    return text, chance.choice((other, other, other.replace("\n", "\r\n"), "\ufeff" + other, other.rstrip("\n")))


def _untidied(text: str, chance: random.Random) -> Iterator[str]:
    """Its tokens and comments, with anything between them that may stand there."""
    tokens = TOKEN.findall(text)
    inside: list[bool] = []  # of the open brackets: whether newlines mean nothing there
    before = "\n"
    for number, token in enumerate(tokens):
        is_inside = bool(inside) and inside[-1]
        if token == "\n":
            if before.startswith("#"):
                yield "\n"
            if not is_inside:
                yield _end_of_statement(before, tokens[number + 1 : number + 2], bool(inside), chance)
            before = "\n" if not is_inside else before if not before.startswith("#") else ","
            continue
        if is_inside and (before in tuple("[({,+*") or token in tuple("])},+*")):
            yield "".join(chance.choice(("", " ", "\n", "\n\n\n ", _remark(chance))) for _ in range(chance.choice((1, 1, 2))))
        elif before != "\n":
            yield chance.choice(("", " ", "  ", "\t")) if _may_touch(before, token) else " "
        yield token
        if token in tuple("[({"):
            inside.append(token != "{" or before == "in")
        elif token in tuple("])}"):
            inside.pop()
        before = token


def _remark(chance: random.Random) -> str:
    return chance.choice(("", " ", "\n   ")) + chance.choice(REMARKS) + "\n" * chance.choice((1, 1, 3))


def _end_of_statement(before: str, after: list[str], is_in_block: bool, chance: random.Random) -> str:
    """At a newline that ends a statement or stands behind a comment, an opening brace or another newline."""
    indent = " " * chance.choice((0, 2, 9))
    if before.startswith("#"):
        return indent
    if is_in_block and chance.random() < 0.2 and before != "\n":
        if before == "{" or after == ["}"]:
            return " "
        if not after[0].startswith("#") and after != ["\n"]:
            return chance.choice((", ", ",\n", f",{_remark(chance)}"))
    return chance.choice(("\n", "\n", "\n\n\n", f"\n{_remark(chance)}", _remark(chance))) + indent


def _may_touch(before: str, token: str) -> bool:
    return not (re.search(r'[\w.%"]$', before) and re.match(r'[\w.%"#]', token))
