"""CPLEX: XML with one `CPLEXSolution` or several, of which the one with `solutionIndex="-1"` is the incumbent.

No document type is accepted, so there are no entities to expand, and what waits to be a whole tag is never long.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from xml.parsers import expat

from bdnnlang.solve.answers.base import (
    LONGEST_LINE,
    NUMBER,
    Again,
    AnswerError,
    AnswerFile,
    Header,
    Item,
    Kind,
    Line,
    Named,
    Place,
)

PROGRAM = "CPLEX"
INCUMBENT = "-1"
ROOTS = ("CPLEXSolution", "CPLEXSolutions")


def knows(head: str) -> bool:
    return head.lstrip().startswith("<")


def read(file: AnswerFile) -> Iterator[Item]:
    reader = _Reader()
    parser, fed = reader.parser, 0
    try:
        for chunk in file.chunks():
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > LONGEST_LINE + len(chunk):
                raise AnswerError(
                    Kind.DAMAGED, f"a tag in line {parser.CurrentLineNumber} has more than {LONGEST_LINE:,} characters"
                )
            yield from reader.taken()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        said = expat.errors.messages[error.code]
        raise AnswerError(Kind.DAMAGED, f"it is no XML in line {error.lineno}, column {error.offset + 1}: {said}") from None
    yield from reader.taken()


class _Reader:
    """Follows a parser, and collects what the solution that counts states."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8")  # whatever the file says that it is
        self.parser.StartElementHandler = self.start
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.items: list[Item] = []
        self.is_first, self.counts, self.has_incumbent, self.roots = True, True, False, 0

    def taken(self) -> list[Item]:
        """What has been collected, which is forgotten."""
        items, self.items = self.items, []
        return items

    def doctype(self, *_: object) -> None:
        raise AnswerError(Kind.DAMAGED, "it declares a document type: entities are not expanded", self.place("<!DOCTYPE"))

    def place(self, text: str) -> Place:
        return Place(self.parser.CurrentLineNumber, text, 0, len(text))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self.roots and tag not in ROOTS:
            raise AnswerError(
                Kind.UNKNOWN, f"its first tag is `<{tag[:40]}>`, not `<CPLEXSolution>`", self.place(f"<{tag[:40]}>")
            )
        self.roots += 1
        if tag == "header":
            self.header(attributes)
        elif tag == "variable" and self.counts:
            self.variable(attributes)

    def header(self, attributes: dict[str, str]) -> None:
        """Of a solution: it counts if it is the first one or the incumbent."""
        is_incumbent = attributes.get("solutionIndex") == INCUMBENT and not self.has_incumbent
        self.counts = self.is_first or is_incumbent
        if not self.counts:
            return
        if not self.is_first:
            self.items.append(Again())
        self.is_first, self.has_incumbent = False, is_incumbent
        stated = attributes.get("objectiveValue")
        objective = None if stated is None else self.number(stated, f'objectiveValue="{stated}"')
        self.items.append(Header(attributes.get("solutionStatusString", ""), objective))

    def variable(self, attributes: dict[str, str]) -> None:
        text = "<variable " + " ".join(f'{name}="{value}"' for name, value in attributes.items()) + "/>"
        if "name" not in attributes or "value" not in attributes:
            raise AnswerError(Kind.DAMAGED, "a variable has no `name` or no `value`", self.place(text[:200]))
        value = self.number(attributes["value"], text)
        line = Line(self.parser.CurrentLineNumber, text[:200])
        self.items.append(Named(line, 1, attributes["name"], value))

    def number(self, stated: str, text: str) -> float:
        if not NUMBER.fullmatch(stated) or not math.isfinite(float(stated)):
            raise AnswerError(Kind.DAMAGED, f"`{stated[:40]}` is not a number", self.place(text[:200]))
        return float(stated)
