"""What a cell of a text file is: missing, a number, a quantity, a date, or another text. No numpy here."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from enum import Enum, auto

MISSING = ("", "NA", "N/A", "#N/A", "?", "NaN", "null")  # by default; in small or capital letters
CODES = frozenset({"-", "--", ".", "*", "none", "nil", "missing", "unknown", "n.a.", "#null!", "#value!", "#div/0!"})

_SPACES, _APOSTROPHES = " \u00a0\u2009\u202f", "'\u2019"
_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[AaPp][Mm])?(?:\s?(?:Z|UTC|[+-]\d{2}:?\d{2}))?"
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"\d{4}"
_NAME = r"(?:jan|feb|mar|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]*\.?"
_DATE = "|".join(
    (
        rf"{_YEAR}([-/.]){_MONTH}(?:\1{_DAY})?",
        rf"{_DAY}([-/.]){_MONTH}\2(?:{_YEAR}|\d{{2}})",
        rf"{_MONTH}([-/]){_DAY}\3(?:{_YEAR}|\d{{2}})",
        rf"{_DAY}[-. ]+{_NAME}[-, ]+(?:{_YEAR}|\d{{2}})",
        rf"{_NAME} {_DAY}(?:st|nd|rd|th)?,? {_YEAR}",
        rf"{_YEAR}-?W\d{{2}}(?:-?\d)?",
    )
)
_MOMENT = re.compile(rf"(?:{_DATE})(?:[T ]\s*{_TIME})?|{_TIME}", re.IGNORECASE)
_GROUPED = re.compile(rf"[+-]?\d{{1,3}}([.,{_APOSTROPHES}{_SPACES}])\d{{3}}(?:\1\d{{3}})*(?:[.,]\d+)?")
_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
_SYMBOL = "[$€£¥₹₩₽฿]"
_CODE = "USD|EUR|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|AUD|CAD|NZD|BRL|RUB|KRW|ZAR|MXN|Rs|kr"
_BEFORE = rf"(?:[A-Z]{{0,2}}{_SYMBOL}|{_CODE})\.?"
_AFTER = rf"{_SYMBOL}|[%‰]|°[CF]?|[°µμ]?[A-Za-zΩ]{{1,7}}[²³]?(?:[/·][A-Za-z0-9²³]{{1,8}})?"
_DIGITS = rf"(?:\d[\d.,{_APOSTROPHES}{_SPACES}]*|[.,]\d+)(?:[eE][+-]?\d+)?"
_QUANTITY = re.compile(rf"([+-]?)(?:({_BEFORE})\s*([+-]?{_DIGITS}?)\s*|({_DIGITS}?)\s*({_AFTER}))")


class Kind(Enum):
    """What a cell looks like; a quantity is a number with a unit, or one that another country writes."""

    MISSING = auto()
    NUMBER = auto()
    QUANTITY = auto()
    DATE = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A cell such as `$1.20` or `40 kg`: the number as written, and its unit before or behind."""

    number: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Style:
    """How a file writes its cells; `missing` in small letters."""

    missing: frozenset[str] = field(default_factory=lambda: frozenset(text.casefold() for text in MISSING))

    def is_missing(self, text: str) -> bool:
        return text.casefold() in self.missing

    def kind(self, text: str) -> Kind:
        """Of a cell without blanks around it."""
        if self.is_missing(text):
            return Kind.MISSING
        if read_number(text) is not None:
            return Kind.NUMBER
        if _MOMENT.fullmatch(text):
            return Kind.DATE
        if quantity(text) or is_foreign(text):
            return Kind.QUANTITY
        return Kind.TEXT


def read_number(cell: str) -> float | None:
    """The number a cell is written as, which may be infinite; None: not a number."""
    try:
        number = float(cell)
    except ValueError:
        return None
    return None if math.isnan(number) or "_" in cell else number


def quantity(text: str) -> Quantity | None:
    """A number with its unit."""
    found = _QUANTITY.fullmatch(text) if len(text) <= 60 else None
    if found is None:
        return None
    sign, before, behind, ahead, after = (part or "" for part in found.groups())
    return Quantity(sign + (behind or ahead).strip(), before, after)


def is_foreign(text: str) -> bool:
    """A number with a decimal comma, with thousands apart, or in base 16."""
    return bool(_COMMA.fullmatch(text) or _GROUPED.fullmatch(text)) or text.lower().startswith("0x")
