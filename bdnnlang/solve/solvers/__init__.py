"""The solvers: one file each in this folder, one entry each in the table below. Nothing is imported before it is used.

A solver's file has `solve(milp, limits, start, link)`. Of a *library* it imports the Python package; of a *program*
(`bdnnlang/solve/program.py` helps) it starts the command on a file, and reads its log and its answer.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from bdnnlang.solve.outcome import Abilities, Accepts

UNKNOWN_VERSION = "of unknown version"


@dataclass(frozen=True, slots=True)
class Library:
    """A Python package that the solver's process imports."""

    module: str  # what is imported
    package: str  # what brings it

    def is_here(self) -> bool:
        """Is it installed? It is not imported."""
        return importlib.util.find_spec(self.module.partition(".")[0]) is not None

    def version(self) -> str:
        from importlib import metadata  # slow

        try:
            return metadata.version(self.package)
        except metadata.PackageNotFoundError:
            return UNKNOWN_VERSION


@dataclass(frozen=True, slots=True)
class Program:
    """A command that the solver's process starts: one on the path, else that of a Python package."""

    command: str
    asks: tuple[str, ...] = ("--version",)  # makes it say its version
    package: str = ""  # has the command, too …
    inside: str = ""  # … under this path
    module: str = "subprocess"  # what the solver's process imports

    def path(self) -> str | None:
        """The command's own path, None if it is absent."""
        if found := shutil.which(self.command):
            return found
        package = importlib.util.find_spec(self.package) if self.package else None
        folders = [] if package is None else package.submodule_search_locations or []
        return next((str(file) for folder in folders if (file := Path(folder, self.inside)).is_file()), None)

    def is_here(self) -> bool:
        return self.path() is not None

    def version(self) -> str:
        """What it says itself."""
        command = self.path() or self.command
        try:
            said = subprocess.run([command, *self.asks], capture_output=True, text=True, timeout=10, stdin=subprocess.DEVNULL)
        except (OSError, subprocess.SubprocessError):
            return UNKNOWN_VERSION
        found = re.search(r"(?:Version:|Solver) +v?([0-9][0-9.]*)", said.stdout)
        return found[1] if found else UNKNOWN_VERSION


@dataclass(frozen=True, slots=True)
class Licence:
    """How large a program may be for who has no licence of his own."""

    columns: int | None = None
    rows: int | None = None
    together: int | None = None  # columns and rows

    @property
    def words(self) -> str:
        if self.together is not None:
            return f"{self.together:,} columns and rows together"
        return f"{self.columns:,} columns and {self.rows:,} rows"


@dataclass(frozen=True, slots=True)
class SolverModule:
    """A solver: its `module` has `solve(milp, limits, start, link)`, and runs in a process of its own."""

    module: str
    brought: Library | Program
    install: str  # what the user must type when it is absent
    accepts: Accepts
    abilities: Abilities = field(default_factory=Abilities)
    free: Licence | None = None  # None: it asks for no licence
    second: bool = False  # asked when what another one claims does not hold


SOLVERS: dict[str, SolverModule] = {
    "scip": SolverModule(
        "bdnnlang.solve.solvers.scip",
        Library("pyscipopt", "pyscipopt"),
        "pip install pyscipopt",
        Accepts(conditional=True, cones=True, squares=True, improve=True),
        second=True,
    ),
    "highs": SolverModule(
        "bdnnlang.solve.solvers.highs", Library("highspy", "highspy"), "pip install highspy", Accepts(), second=True
    ),
    "cpsat": SolverModule(
        "bdnnlang.solve.solvers.cpsat",
        Library("ortools.sat.python.cp_model", "ortools"),
        "pip install ortools",
        Accepts(conditional=True, integer_only=True),
        second=True,
    ),
    "exact": SolverModule(
        "bdnnlang.solve.solvers.exact",
        Library("exact", "exact"),
        "pip install exact",
        Accepts(integer_only=True),
        Abilities(nodes=False),
    ),
    "gurobi": SolverModule(
        "bdnnlang.solve.solvers.gurobi",
        Library("gurobipy", "gurobipy"),
        "pip install gurobipy",
        Accepts(),
        free=Licence(2000, 2000),
    ),
    "cbc": SolverModule(
        "bdnnlang.solve.solvers.cbc",
        Program("cbc", ("-quit",), "cbcbox", "cbc_dist/bin/cbc"),
        "pip install cbcbox",
        Accepts(),
    ),
    "glpk": SolverModule(
        "bdnnlang.solve.solvers.glpk",
        Program("glpsol"),
        "apt install glpk-utils",
        Accepts(paper=False),
        Abilities(start=False, keeps=False, nodes=False),
    ),
    "cplex": SolverModule(
        "bdnnlang.solve.solvers.cplex",
        Library("cplex", "cplex"),
        "pip install cplex",
        Accepts(),
        free=Licence(1000, 1000),
    ),
    "copt": SolverModule(
        "bdnnlang.solve.solvers.copt",
        Library("coptpy", "coptpy"),
        "pip install coptpy",
        Accepts(),
        free=Licence(2000, 2000),
    ),
    "xpress": SolverModule(
        "bdnnlang.solve.solvers.xpress",
        Library("xpress", "xpress"),
        "pip install xpress",
        Accepts(),
        free=Licence(together=5000),
    ),
}


def available(name: str) -> bool:
    """Is a solver installed? It is neither imported nor started."""
    return SOLVERS[name].brought.is_here()


def version(name: str) -> str | None:
    """The version of a solver, None if it is absent. No library is imported; a program is asked."""
    return SOLVERS[name].brought.version() if available(name) else None
