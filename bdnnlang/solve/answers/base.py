"""What readers of solution files share: the items that a file states, the ways in which it can be wrong, and its lines.

A file is read once, within bounds and without trust: lines are short, characters are text, numbers are finite.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO, Protocol

from bdnnlang.strict_json import printable

CHUNK = 1 << 16  # bytes that are read at once
LONGEST_LINE = 1 << 16  # bytes; a name has at most 100 characters
MOST_BYTES = 1 << 28  # of a file that is read line by line: 100 for each of 2.6 million columns …
MOST_AT_ONCE = 1 << 26  # … and of one that has to be read as a whole
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,4})?", re.ASCII)
WORD = re.compile(r"\S+")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


# ---- what is wrong with a file


class Kind(Enum):
    """Why a file is refused."""

    UNKNOWN = "no solution file that is known"
    DAMAGED = "not what its format asks for, or cut off"
    OTHER_MODEL = "of another model"
    NO_SOLUTION = "without a solution"
    RELAXATION = "a solution of the continuous relaxation"
    FEW_DIGITS = "with too few digits"
    NOT_SATISFIED = "values that are no solution"


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a line: its number from 1, its text, and offsets in it."""

    line: int
    text: str
    start: int = 0
    stop: int = 1


class AnswerError(Exception):
    """A file is no solution: `problem` says what is wrong with it, `way` what helps, where that is not the same for its kind."""

    def __init__(self, kind: Kind, problem: str, place: Place | None = None, way: str = "") -> None:
        super().__init__(problem)
        self.kind, self.problem, self.place, self.way = kind, problem, place, way


# ---- lines


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file, without its ending."""

    number: int
    text: str

    def words(self) -> list[str]:
        return self.text.split()

    def place(self, word: int = 0) -> Place:
        """That of a word, counted from 0; of the whole line if it has fewer words."""
        spans = [match.span() for match in WORD.finditer(self.text)]
        return Place(self.number, self.text, *(spans[word] if word < len(spans) else (0, max(1, len(self.text)))))

    def number_at(self, word: int) -> float:
        """The number that a word is. Raises AnswerError."""
        words = self.words()
        if word >= len(words):
            raise self.damaged("a value is missing in {line}")
        if not NUMBER.fullmatch(words[word]) or not math.isfinite(value := float(words[word])):
            raise self.damaged(f"`{printable(words[word], 40)}` in {{line}} is not a number", word)
        return value

    def damaged(self, problem: str, word: int | None = None) -> AnswerError:
        """The error at a word or, without one, at the whole line; `{line}` in its text is the line's number."""
        place = Place(self.number, self.text, 0, max(1, len(self.text))) if word is None else self.place(word)
        return AnswerError(Kind.DAMAGED, problem.replace("{line}", f"line {self.number}"), place)


# ---- what a file states


@dataclass(frozen=True, slots=True)
class Header:
    """What is said of the values, and believed by nobody."""

    status: str = ""
    objective: float | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """The value of a column by its name, which is a word of a line."""

    line: Line | None
    word: int
    name: str
    value: float

    @property
    def place(self) -> Place | None:
        return None if self.line is None else self.line.place(self.word)


@dataclass(frozen=True, slots=True)
class Numbered:
    """The value of a column by its number from 1; such files have all columns, `of` of them."""

    line: Line | None
    number: int
    value: float
    of: int

    @property
    def place(self) -> Place | None:
        return None if self.line is None else self.line.place(1)


@dataclass(frozen=True, slots=True)
class Bits:
    """The variables x1, x2, … of an OPB file, by their numbers, and its objective, which has no constant."""

    line: Line
    values: dict[int, bool]
    objective: int | None


@dataclass(frozen=True, slots=True)
class Again:
    """What was stated so far is of a solution that matters less: a better one begins."""


Item = Header | Named | Numbered | Bits | Again


class Family(Protocol):
    """A file of this folder: the solution files of one program."""

    PROGRAM: str  # in words

    def knows(self, head: str, /) -> bool:
        """Is a file that begins like this one of these?"""

    def read(self, file: AnswerFile, /) -> Iterator[Item]:
        """All that it states, in order. Raises AnswerError."""


# ---- a file


class AnswerFile:
    """A stream of bytes that is read once. `head` is how it begins; `sha256`, once it has been read, that of its contents."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._hash = stream, hashlib.sha256()
        self._first = stream.read(CHUNK)
        self.head = self._first.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
        self._refuse_foreign()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def _refuse_foreign(self) -> None:
        first = self._first
        packed = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
        if not first.strip():
            raise AnswerError(Kind.UNKNOWN, "it is empty", way="see what the program said: it may have written no solution")
        if kind := next((name for magic, name in packed.items() if first.startswith(magic)), None):
            raise AnswerError(Kind.UNKNOWN, f"it is packed with {kind}", way="unpack it, and import what comes out")
        if first.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise AnswerError(Kind.UNKNOWN, "it is UTF-16 text", way="save it as UTF-8")
        if b"\0" in first[: first.find(b"\n") if b"\n" in first else None]:
            raise AnswerError(Kind.UNKNOWN, "it is not a text")

    def chunks(self, most: int = MOST_BYTES) -> Iterator[bytes]:
        """All bytes, a part at a time. Raises AnswerError beyond `most`."""
        total, chunk = 0, self._first
        while chunk:
            total += len(chunk)
            if total > most:
                raise AnswerError(Kind.UNKNOWN, f"it has more than {most >> 20} MiB", way="is it the right file?")
            self._hash.update(chunk)
            yield chunk
            chunk = self._stream.read(CHUNK)

    def text(self) -> str:
        """All of it. Raises AnswerError."""
        content = b"".join(self.chunks(MOST_AT_ONCE)).removeprefix(b"\xef\xbb\xbf")
        return _decoded(content, 1)

    def lines(self) -> Iterator[Line]:
        """Line by line, with blank ones. Raises AnswerError."""
        number, rest = 0, b""
        for chunk in self.chunks():
            *whole, rest = (rest + chunk).split(b"\n")
            for number, line in enumerate(whole, number + 1):  # noqa: B020  (it goes on counting)
                yield _line(number, line)
            if len(rest) > LONGEST_LINE:
                raise _too_long(number + 1)
        if rest.strip():
            last = _line(number + 1, rest)
            raise last.damaged("the file is cut off within {line}, which has no end")

    def filled(self) -> Iterator[Line]:
        """The lines that are not blank."""
        return (line for line in self.lines() if line.text.strip())


def _line(number: int, raw: bytes) -> Line:
    if len(raw) > LONGEST_LINE:
        raise _too_long(number)
    return Line(number, _decoded(raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw, number).rstrip("\r"))


def _too_long(number: int) -> AnswerError:
    return AnswerError(Kind.DAMAGED, f"line {number} has more than {LONGEST_LINE:,} characters")


def _decoded(raw: bytes, first_line: int) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = first_line + raw.count(b"\n", 0, error.start)
        raise AnswerError(Kind.DAMAGED, f"line {line} is not UTF-8 text") from None
    if control := CONTROL.search(text):
        line = first_line + text.count("\n", 0, control.start())
        raise AnswerError(Kind.DAMAGED, f"line {line} holds the character {ord(control[0]):#04x}, which is no text")
    return text


def status_lines(head: str) -> list[str]:
    """The lines with something in them that a file begins with."""
    return [line for line in head.splitlines() if line.strip()]
