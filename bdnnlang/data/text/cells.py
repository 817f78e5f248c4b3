"""What a cell of a text file is: missing, a number, a quantity, a date, or another text. No numpy here."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum, auto
from functools import cached_property

from bdnnlang.language.spec import Csv

MISSING = ("", "NA", "N/A", "#N/A", "?", "NaN", "null")  # by default; in small or capital letters
LONGEST = 60  # characters of a date or a quantity
CODES = frozenset(  # that other tools and people write
    {"-", "--", "---", "–", "—", ".", "..", "*", "none", "nil", "missing", "(missing)", "unknown", "n.a.", "<na>", "nat", "tbd"}
    | {"#null!", "#value!", "#div/0!", "#ref!", "#name?", "#num!"}
)

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
_GROUPED = re.compile(rf"[+-]?[1-9]\d{{0,2}}([.,{_APOSTROPHES}{_SPACES}])\d{{3}}(?:\1\d{{3}})*(?:[.,]\d+)?")
_THREES = re.compile(r"[1-9]\d{0,2}\.\d{3}|\d{1,3}")
_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
_HEX = re.compile(r"[+-]?0[xX][0-9a-fA-F]+")
_SYMBOL = "[$€£¥₹₩₽฿]"
_CODE = "USD|EUR|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|AUD|CAD|NZD|BRL|RUB|KRW|ZAR|MXN|Rs|kr"
_BEFORE = rf"(?:[A-Z]{{0,2}}{_SYMBOL}|{_CODE})\.?"
_AFTER = rf"(?!(?:st|nd|rd|th)$)(?:{_SYMBOL}|[%‰]|°[CF]?|[°µμ]?[A-Za-zΩ]{{1,7}}[²³]?(?:[/·][A-Za-z0-9²³]{{1,8}})?)"
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
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Marks:
    """How a number is written: its decimal point, what groups its digits. Not `is_clear`: the mark of `1,250` may be either."""

    decimal: str | None = None
    thousands: str | None = None
    is_clear: bool = True


@dataclass(frozen=True)
class Style:
    """How a file writes its cells. `missing` None: by default; `round_to` None: a number is exactly what is written."""

    decimal: str = "."
    thousands: str | None = None
    missing: tuple[str | int | float, ...] | None = None
    round_to: int | None = None

    @classmethod
    def of(cls, source: Csv) -> Style:
        missing = None if source.missing is None else tuple(label.key for label in source.missing)
        return cls(source.decimal, source.thousands, missing, source.round_to)

    @cached_property
    def _marks(self) -> frozenset[str]:
        return frozenset(str(mark).casefold() for mark in ("", *(MISSING if self.missing is None else self.missing)))

    @cached_property
    def _numbers(self) -> frozenset[float]:
        """Those that stand for a missing value, however they are written."""
        return frozenset(float(mark) for mark in self.missing or () if not isinstance(mark, str))

    @cached_property
    def _grouped(self) -> re.Pattern[str]:
        apart = {" ": f"[{_SPACES}]", "'": f"[{_APOSTROPHES}]"}.get(self.thousands or "", re.escape(self.thousands or ""))
        return re.compile(rf"[+-]?\d{{1,3}}(?:{apart}\d{{3}})+(?:{re.escape(self.decimal)}\d*)?")

    def marks_with(self, mark: str | float) -> str:
        """What `missing` lists, and one more text or number as a spec writes it."""
        return ", ".join(
            f'"{one}"' if isinstance(one, str) else repr(one).removesuffix(".0") for one in (*(self.missing or ()), mark)
        )

    def is_missing(self, text: str) -> bool:
        """Of a cell without blanks around it."""
        return text.casefold() in self._marks or bool(self._numbers and self.number(text) in self._numbers)

    def plain(self, text: str) -> str | None:
        """A number as Python writes it, rounded if `round_to` says so; None: not a number."""
        text = text.replace("\u2212", "-")
        if self.thousands is not None and self._grouped.fullmatch(text):
            text = "".join(character for character in text if character.isdigit() or character in f"+-{self.decimal}")
        if self.decimal != ".":
            text = "x" if "." in text else text.replace(self.decimal, ".")
        if read_number(text) is None:
            return None
        return _rounded(text, self.round_to) if self.round_to and len(text) > self.round_to else text

    def number(self, text: str) -> float | None:
        """The number a cell is written as, which may be infinite; None: not a number."""
        plain = self.plain(text)
        return None if plain is None else float(plain)

    def kind(self, text: str) -> Kind:
        """Of a cell without blanks around it."""
        if self.is_missing(text):
            return Kind.MISSING
        if self.number(text) is not None:
            return Kind.NUMBER
        if len(text) <= LONGEST and _MOMENT.fullmatch(text):
            return Kind.DATE
        if quantity(text) or is_foreign(text):
            return Kind.QUANTITY
        return Kind.TEXT


PLAIN = Style()


def _rounded(text: str, digits: int) -> str:
    return f"{Decimal(text):.{digits - 1}e}" if math.isfinite(float(text)) else text


def is_exact(plain: str, number: float) -> bool:
    """Is a number the very decimal that `plain` writes? At most 15 digits always come back."""
    if len(plain) <= 15 and 1e-300 < abs(number) < 1e300:
        return True
    try:
        return not math.isfinite(number) or Decimal(plain) == Decimal(repr(number))
    except InvalidOperation:  # an exponent beyond all bounds
        return False


def read_number(cell: str) -> float | None:
    """The number a cell is written as, which may be infinite; None: not a number."""
    try:
        number = float(cell)
    except ValueError:
        return None
    return None if math.isnan(number) or "_" in cell else number


def quantity(text: str) -> Quantity | None:
    """A number with its unit."""
    match = _QUANTITY.fullmatch(text) if len(text) <= LONGEST else None
    if match is None:
        return None
    sign, before, behind, ahead, after = (part or "" for part in match.groups())
    return Quantity(sign + (behind or ahead).strip(), before, after)


def is_foreign(text: str) -> bool:
    """A number with a decimal comma, with its digits grouped, or in base 16."""
    return is_hex(text) or bool(_COMMA.fullmatch(text)) or marks_of(text) is not None


def is_hex(text: str) -> bool:
    return _HEX.fullmatch(text) is not None


def marks_of(text: str) -> Marks | None:
    """How a number that Python does not read is written; None: it is no such number."""
    if _GROUPED.fullmatch(text):
        marks = ["\x20" if mark in _SPACES else "'" if mark in _APOSTROPHES else mark for mark in re.findall(r"[^\d+-]", text)]
        first, last = marks[0], marks[-1]
        if first != last:
            return Marks(decimal=last, thousands=first)
        return Marks(thousands=first, is_clear=len(marks) > 1 or first in " '")
    return Marks(decimal=",") if _COMMA.fullmatch(text) else None


def grouped_by_point(texts: Collection[str]) -> tuple[str, str] | None:
    """`1.250` and `950`, if in all of these texts a point may group digits and such a pair is among them."""
    numbers = [text for text in texts if text]
    if not all(map(_THREES.fullmatch, numbers)):
        return None
    pointed, whole = [text for text in numbers if "." in text], [text for text in numbers if "." not in text]
    if not pointed or not whole or max(map(int, whole)) < 100:
        return None
    cell, other = min(pointed, key=float), max(whole, key=int)
    return (cell, other) if float(cell) < int(other) else None
