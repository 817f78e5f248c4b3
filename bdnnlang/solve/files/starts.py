"""A point of a program as a start for other solvers, in four forms; every value is written, exactly.

    .start.sol  `=obj= V`, then `name value`: SCIP, HiGHS, Gurobi, COPT, cbcbox      .start.mst  XML of CPLEX
    .start.cbc  `index name value cost`: CBC 2.10                                    .start.slx  Xpress

The column of the constant is among them: without it a start does not satisfy the program. GLPK takes none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

from bdnnlang.arrays import Floats
from bdnnlang.files import write_text
from bdnnlang.model.milp import Milp
from bdnnlang.solve.files import text
from bdnnlang.solve.files.text import Naming


@dataclass(frozen=True, slots=True)
class Start:
    """Columns as a file has them: names, values and costs, and what they come to."""

    title: str
    names: list[str]
    values: list[str]
    costs: list[str]
    objective: str


def start_of(milp: Milp, x: Floats, naming: Naming = "long") -> Start:
    """The point `x` (columns,) of a program."""
    whole, names = text.with_constant(milp, text.labels(milp, naming)[0])
    values = [*x.tolist(), *[1.0] * (whole.columns - milp.columns)]
    shown = [[_decimal(value) for value in column] for column in (values, whole.col_cost.tolist())]
    title = text.title(milp).decode()
    return Start(title, [name.decode() for name in names.tolist()], shown[0], shown[1], _decimal(milp.objective(x)))


def _decimal(value: float) -> str:
    """The shortest that reads back as the same number."""
    return repr(value + 0.0).removesuffix(".0")


def miplib(start: Start) -> Iterator[str]:
    yield f"=obj= {start.objective}"
    yield from (f"{name} {value}" for name, value in zip(start.names, start.values, strict=True))


def cplex(start: Start) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    yield '<CPLEXSolutions version="1.2">'
    yield ' <CPLEXSolution version="1.2">'
    yield f'  <header problemName={quoteattr(start.title)} solutionName="start" solutionIndex="0" MIPStartEffortLevel="0"/>'
    yield "  <variables>"
    for index, (name, value) in enumerate(zip(start.names, start.values, strict=True)):
        yield f'   <variable name="{name}" index="{index}" value="{value}"/>'
    yield "  </variables>"
    yield " </CPLEXSolution>"
    yield "</CPLEXSolutions>"


def cbc(start: Start) -> Iterator[str]:
    yield f"Feasible - objective value {start.objective}"
    rows = enumerate(zip(start.names, start.values, start.costs, strict=True))
    yield from (f"{index} {name} {value} {cost}" for index, (name, value, cost) in rows)


def xpress(start: Start) -> Iterator[str]:
    yield f"NAME {start.title}"
    yield from (f" C {name} {value}" for name, value in zip(start.names, start.values, strict=True))
    yield "ENDATA"


FORMS: dict[str, Callable[[Start], Iterator[str]]] = {  # by the ending of the file's name
    ".start.sol": miplib,
    ".start.mst": cplex,
    ".start.cbc": cbc,
    ".start.slx": xpress,
}


def paths(model: Path) -> dict[str, Path]:
    """Beside a model file, by the endings of their names: `x.start.sol` beside `x.mps.gz`."""
    stem = Path(str(model).removesuffix(".gz")).with_suffix("")
    return {ending: Path(f"{stem}{ending}") for ending in FORMS}


def save(milp: Milp, x: Floats, model: Path, *, names: Naming = "long") -> None:
    """Write all forms beside a model file. Raises OSError."""
    start = start_of(milp, x, names)
    for ending, path in paths(model).items():
        write_text(path, "".join(f"{line}\n" for line in FORMS[ending](start)))
