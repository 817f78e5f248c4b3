"""What can be wrong with a file that is imported (E301 … E308). No numpy here: `bdnnc explain` reads these pages.

The examples are files for the spec `SPEC`; tests read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.solve.answers.base import AnswerError, Kind, Place
from bdnnlang.source import Source, Span

SPEC = """bdnn 1
data random(samples=4, features=1, kind=noise, seed=1) { test = 0% }
network {
  weights in {-1, 0, 1}
  hidden 1
}
train { exact 10s }
"""
GOOD = (
    "# Objective value = 0\nW1_0_0 1\nb1_0 -7354\nu1_1_0 1\nu1_3_0 1\nW2_0_0 1\ns2_1_0_0 1\ns2_3_0_0 1\nb2_0 -1\n"
    "u2_1_0 1\nu2_3_0 1\n"
)


@dataclass(frozen=True, kw_only=True)
class FileRefused(Diagnostic):
    """Base: a file, what is wrong with it, and what helps."""

    title: ClassVar[str] = "`{file}`: {problem}"
    label: ClassVar[str] = "here"
    help: ClassVar[str] = "{way}"
    good: ClassVar[str] = GOOD

    file: str
    problem: str
    way: str


@dataclass(frozen=True, kw_only=True)
class UnknownFile(FileRefused):
    """A file that is no solution file that is known"""

    code: ClassVar[str] = "E301"
    why: ClassVar[str] = (
        "A file is recognised by how it begins, whatever its name is. Packed files, models and files of other programs are not "
        "guessed at."
    )
    bad: ClassVar[str] = "The optimum is 3.\n"


@dataclass(frozen=True, kw_only=True)
class DamagedFile(FileRefused):
    """A solution file that is damaged or cut off"""

    code: ClassVar[str] = "E302"
    why: ClassVar[str] = (
        "Every line has to be what its format asks for, every value a finite number, and what a format ends with has to be "
        "there. XML with a document type is refused: it could name other files, or grow without end."
    )
    bad: ClassVar[str] = GOOD.replace("u1_3_0 1", "u1_3_0 one")


@dataclass(frozen=True, kw_only=True)
class OtherModel(FileRefused):
    """The solution of another model"""

    code: ClassVar[str] = "E303"
    why: ClassVar[str] = (
        "Values go to columns by their names, and in files without names by their order (`--permute`). The same spec with the "
        "same options (`--formulation`, `--without`, `-D`, `--set`) makes the same model; another spec, other data or another "
        "version may make another one, and a solution of that is none of this."
    )
    bad: ClassVar[str] = GOOD.replace("u1_3_0", "u1_7_0")


@dataclass(frozen=True, kw_only=True)
class NoSolution(FileRefused):
    """A file without a solution"""

    code: ClassVar[str] = "E304"
    why: ClassVar[str] = (
        "Programs write a file also when they have found nothing, some of them with the values that they had last. That a "
        "program says `infeasible` proves nothing here: some say so when their time is up."
    )
    bad: ClassVar[str] = "solution status: time limit reached\nno solution available\n"


@dataclass(frozen=True, kw_only=True)
class Relaxation(FileRefused):
    """A solution of the continuous relaxation"""

    code: ClassVar[str] = "E305"
    why: ClassVar[str] = (
        "Where a column has to be a whole number, a fraction is a solution of the program without that demand. Its objective is "
        "a bound and not the loss of a network. Some programs write it under the word `Optimal`, or when they are stopped."
    )
    bad: ClassVar[str] = GOOD.replace("u1_3_0 1", "u1_3_0 0.5")


@dataclass(frozen=True, kw_only=True)
class FewDigits(FileRefused):
    """A file for people, with too few digits"""

    code: ClassVar[str] = "E306"
    why: ClassVar[str] = (
        "Tables for people round to six or seven digits, which breaks rows, cut names off, or pack numbers in a way of their "
        "own. "
        "Every program also writes a file for programs."
    )
    bad: ClassVar[str] = "Problem:    bdnn\nRows:       8\nColumns:    9 (9 integer, 8 binary)\n"


@dataclass(frozen=True, kw_only=True)
class NotSatisfied(FileRefused):
    """Values that are no solution of the model"""

    code: ClassVar[str] = "E307"
    why: ClassVar[str] = (
        "No program is believed: bounds, whole numbers and rows are tried with the values themselves (rows to 1e-5 of their "
        "largest term), and so is the objective that the file states. Where they do not fit, values are missing or changed, or "
        "they are of a model with the same names: another margin, seed or `class_weight`."
    )
    bad: ClassVar[str] = GOOD.replace("u1_1_0 1\n", "")


@dataclass(frozen=True, kw_only=True)
class OtherNetwork(FileRefused):
    """A network that is none of the spec"""

    code: ClassVar[str] = "E308"
    why: ClassVar[str] = (
        "A network has as many inputs as the data have features, the layers of the spec, and each weight in its domain; "
        "`network.json` also says which features and classes it is about. As csv a line is a neuron: its layer from 1, its bias, "
        "then a weight for each input, in the order of the features or of the neurons before."
    )
    bad: ClassVar[str] = "layer,bias,x1\n1,0,2\n2,-1,1\n"
    good: ClassVar[str] = "layer,bias,x1\n1,0,1\n2,-1,1\n"


PAGES: dict[Kind, tuple[type[FileRefused], str]] = {  # with what helps, where nothing better is known
    Kind.UNKNOWN: (UnknownFile, "import the file that the solver wrote its solution to"),
    Kind.DAMAGED: (DamagedFile, "write the file again, or copy it again"),
    Kind.OTHER_MODEL: (OtherModel, "give the spec and the options that the model was compiled with"),
    Kind.NO_SOLUTION: (NoSolution, "give the solver more time, or a start with `bdnnc compile --start`"),
    Kind.RELAXATION: (Relaxation, "solve the program with its integer columns, and write the file after that"),
    Kind.FEW_DIGITS: (FewDigits, "write a file for programs"),
    Kind.NOT_SATISFIED: (
        NotSatisfied,
        "give the spec and the options (also `--permute`) that the model was compiled with, and the whole file",
    ),
}


def rejection(refused: AnswerError, file: Path) -> Rejected:
    """What readers say, as users are told it."""
    page, way = PAGES[refused.kind]
    span = None if refused.place is None else span_of(refused.place, file)
    return Rejected([page(file=str(file), problem=refused.problem, way=refused.way or way, span=span)])


def span_of(place: Place, file: Path) -> Span:
    """A part of a line of a file that is not kept."""
    return Span(Source(str(file), place.text, place.line), place.start, place.stop)
