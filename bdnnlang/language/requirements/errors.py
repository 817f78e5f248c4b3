"""What can be wrong with a requirement as it is written."""

from __future__ import annotations

from dataclasses import dataclass

from bdnnlang.diagnostics import Diagnostic
from bdnnlang.language.reading.errors import GOOD


def _requiring(line: str) -> str:
    return GOOD.replace("train {", f"require {{ {line} }}\ntrain {{")


@dataclass(frozen=True, kw_only=True)
class UnknownRequirement(Diagnostic):
    """A requirement that does not exist"""

    code = "E131"
    title = "unknown requirement `{name}`"
    label = "nothing that can be required"
    help = "known here: {known}"
    why = "A requirement says something that can be checked exactly of any network; `bdnnc explain require` lists all there are."
    bad = _requiring("acuracy >= 95%")
    good = _requiring("accuracy >= 95%")

    name: str
    known: str


@dataclass(frozen=True, kw_only=True)
class WrongComparison(Diagnostic):
    """A requirement that is compared in the wrong way"""

    code = "E132"
    title = "`{name}` {takes}"
    label = "{problem}"
    help = "for example `{example}`"
    why = (
        "Each requirement has one direction: of what is good there has to be enough (`>=`), of errors, gaps and sizes there may "
        "be no more than a limit (`<=`). `increasing` and `decreasing` compare nothing."
    )
    bad = _requiring("accuracy <= 95%")
    good = _requiring("accuracy >= 95%")

    name: str
    takes: str
    problem: str
    example: str
