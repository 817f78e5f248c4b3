"""Rows 7 and 8: specs at random, whole and broken."""

from __future__ import annotations

import random
import re
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from language.strategies import specs

from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.effective import effective
from bdnnlang.language.load import load
from bdnnlang.language.spec import Spec
from bdnnlang.source import Source, Span

ROOT = Path(__file__).parents[2]
SPECS_A_TRIAL = 20
MUTANTS_A_TRIAL = 100
SETTINGS = settings(
    max_examples=SPECS_A_TRIAL,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
TOKENS = re.compile(r'"[^"\n]*"|#[^\n]*|\w+%?|\S|\n')
PIECES = (
    *"=(){}[],:;@%*/+-\"'\\#\n\t",
    *"\x00\x0b\x0c\x1c\x85\xa0\u2028\u200b\u202e\ufeff\ud7ff\U0001f600",
    *(
        "in",
        "param",
        "true",
        "use",
        "rest",
        "1e400",
        "10m",
        "0x1F",
        "9" * 5000,
        "1_",
        "..",
        "=>",
        "//",
        "/*",
        "int[",
        "-",
        "nan",
        "25%",
    ),
)


def round_trip(number: int) -> str:
    """Row 7."""
    wrong: list[str] = []

    @seed(number)
    @SETTINGS
    @given(specs())
    def check(spec: Spec) -> None:
        text = effective(spec)
        again = load(Source("x.bdnn", text), read=_none)[0]
        if again != spec or effective(again) != text:
            wrong.append(text)

    check()
    return wrong[0] if wrong else ""


def mutants(number: int) -> str:
    """Row 8: one to four changes to a spec of ours, by characters and by tokens."""
    chance = random.Random(number)
    for _ in range(MUTANTS_A_TRIAL):
        text = chance.choice(TEXTS)
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            text = mutant(text, chance)
        try:
            found = load(Source("x.bdnn", text), read=_none)[1]
        except Rejected as rejected:
            found = rejected.diagnostics
        except Exception as error:
            return f"{type(error).__name__} on {text!r}"
        if unclear := [one for one in found if not _clear(one)]:
            return f"{unclear[0]} on {text!r}"
    return ""


def _clear(one: Diagnostic) -> bool:
    coded = re.fullmatch("[EW][0-9]{3}", one.code) and one.message and one.hint
    return bool(coded) and one.span is not None and one.span.first >= (1, 1)


def mutant(text: str, chance: random.Random) -> str:
    spans = [match.span() for match in TOKENS.finditer(text)]
    if not spans or chance.random() < 0.2:
        place = chance.randint(0, len(text))
        return text[:place] + chance.choice(PIECES) + text[place + chance.choice((0, 1)) :]
    (first, last), other = chance.choice(spans), chance.choice(spans)
    piece = chance.choice(("", text[other[0] : other[1]], chance.choice(PIECES), text[first:last] * 2))
    return text[:first] + piece + text[last:]


def _none(path: str, span: Span) -> Source:
    raise FileNotFoundError(2, "no such file", path)


TEXTS = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "specs").rglob("*.bdnn"))]
