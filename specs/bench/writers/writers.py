"""What it costs to write model L, side by side with the writers of other packages and with `os.write`, into BENCHMARKS.md.

    python specs/bench/writers/writers.py --rounds 3

Each writer gets the arrays of the same program in a process of its own, where building its model counts too: CPU seconds from
arrays to file, and the growth of memory over the arrays meanwhile, as Linux tells it. They take turns. Packages that are absent
(the extra `bench` brings them), and writers that fail or need more than two minutes, are named in the table.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import pickle
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata, util
from pathlib import Path
from typing import Any

import numpy as np

import bdnnlang as bd
from bdnnlang import solve
from bdnnlang.bench.sections import rewrite
from bdnnlang.compiler import build_milp, read_data
from bdnnlang.model.milp import Milp

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
SPEC = HERE / "model_l.bdnn"
LIMIT = 120  # CPU seconds of a writer
PATIENCE = 10 * LIMIT  # seconds, on a machine with much else to do
SMALL = 40  # samples of the program that shows whether numbers are written to their last bit


# ---- the writers: from a Milp to a file


def ours(ending: str) -> Callable[[Milp, Path], None]:
    """As others do it: without waiting until the file is on the disk."""

    def write(milp: Milp, folder: Path) -> None:
        opened = gzip.open if ending.endswith(".gz") else open
        options = {"compresslevel": 1} if ending.endswith(".gz") else {}
        with opened(folder / f"model.{ending}", "wb", **options) as stream:
            solve.write(ending.removesuffix(".gz"), milp, stream)

    return write


def rows_of(milp: Milp) -> Any:
    from scipy.sparse import csc_array

    return csc_array((milp.value, milp.index, milp.start), shape=(milp.rows, milp.columns)).tocsr()


def polars(milp: Milp, folder: Path) -> None:
    """The columns section only, as a table of three columns."""
    import polars as pl

    names = pl.Series([name.decode() for name in milp.col_names()]), pl.Series([name.decode() for name in milp.row_names()])
    table = pl.DataFrame({"column": names[0].gather(milp.column_of), "row": names[1].gather(milp.index), "value": milp.value})
    table.write_csv(folder / "model.mps", separator=" ", include_header=False)


def highspy(milp: Milp, folder: Path) -> None:
    import highspy as hp

    lp = hp.HighsLp()
    lp.num_col_, lp.num_row_, lp.offset_ = milp.columns, milp.rows, milp.offset
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = milp.col_cost, milp.col_lower, milp.col_upper
    lp.row_lower_, lp.row_upper_ = milp.row_lower, milp.row_upper
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = milp.start, milp.index, milp.value
    lp.integrality_ = [hp.HighsVarType.kInteger if kind else hp.HighsVarType.kContinuous for kind in milp.integrality]
    lp.col_names_ = [name.decode() for name in milp.col_names()]
    lp.row_names_ = [name.decode() for name in milp.row_names()]
    model = hp.Highs()
    model.silent()
    model.passModel(lp)
    model.writeModel(str(folder / "model.mps"))


def linopy(milp: Milp, folder: Path) -> None:
    """Columns and rows by kind of relation, as linopy has them in arrays; its own writer, to LP."""
    import linopy as lo
    import pandas as pd
    import xarray as xr

    model, matrix = lo.Model(), rows_of(milp)
    x = model.add_variables(milp.col_lower, milp.col_upper, coords=[pd.RangeIndex(milp.columns, name="j")], name="x")
    length = np.diff(matrix.indptr)
    for size in np.unique(length):
        rows = np.flatnonzero(length == size)
        entries = matrix.indptr[rows][:, None] + np.arange(size)
        terms = {"coeffs": (("i", "_term"), matrix.data[entries]), "vars": (("i", "_term"), matrix.indices[entries])}
        left = lo.LinearExpression(xr.Dataset(terms, coords={"i": rows}).assign(const=("i", np.zeros(len(rows)))), model)
        has_upper = np.isfinite(milp.row_upper[rows])
        right = np.where(has_upper, milp.row_upper[rows], milp.row_lower[rows])
        sign, right = (xr.DataArray(v, dims="i", coords={"i": rows}) for v in (np.where(has_upper, "<=", ">="), right))
        model.add_constraints(left, sign, right)
    model.add_objective((x * milp.col_cost).sum())
    model.to_file(folder / "model.lp", io_api="lp")


def pyscipopt(milp: Milp, folder: Path) -> None:
    from bdnnlang.solve.solvers.scip import _Built

    _Built(milp, lambda: None).model.writeProblem(str(folder / "model.mps"), verbose=False)


def pyomo(milp: Milp, folder: Path) -> None:
    import pyomo.environ as pe
    from pyomo.core.expr import LinearExpression

    model, matrix = pe.ConcreteModel(), rows_of(milp)
    model.x = pe.Var(range(milp.columns))
    x = [model.x[j] for j in range(milp.columns)]
    for j, variable in enumerate(x):
        variable.domain = pe.Integers if milp.integrality[j] else pe.Reals
        variable.setlb(float(milp.col_lower[j]))
        variable.setub(float(milp.col_upper[j]))
    model.rows = pe.ConstraintList()
    for i in range(milp.rows):
        some = slice(matrix.indptr[i], matrix.indptr[i + 1])
        left = LinearExpression(linear_coefs=matrix.data[some].tolist(), linear_vars=[x[j] for j in matrix.indices[some]])
        upper = milp.row_upper[i]
        model.rows.add(left <= float(upper) if np.isfinite(upper) else left >= float(milp.row_lower[i]))
    model.cost = pe.Objective(expr=LinearExpression(linear_coefs=milp.col_cost.tolist(), linear_vars=x))
    model.write(str(folder / "model.mps"), io_options={"symbolic_solver_labels": False})


def os_write(milp: Milp, folder: Path) -> None:
    """The bytes of our MPS file, which were read into memory before."""
    content = memoryview(folder.joinpath(READ).read_bytes())
    handle = os.open(folder / "model.mps", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    began = Taken.now()
    while content:
        content = content[os.write(handle, content) :]
    os.close(handle)
    raise Measured(began.until_now())


OURS, PLAIN, COMPILE = "bdnnlang, MPS", "`os.write` of the same bytes", "`bdnnc compile`"
READ = "ours.mps"  # the file whose bytes `os.write` writes
WRITERS: dict[str, tuple[Callable[[Milp, Path], None], str]] = {  # with the package that it needs
    OURS: (ours("mps"), "numpy"),
    PLAIN: (os_write, "numpy"),
    "bdnnlang, LP": (ours("lp"), "numpy"),
    "bdnnlang, MPS.gz": (ours("mps.gz"), "numpy"),
    "polars `write_csv`, the columns section only": (polars, "polars"),
    "highspy": (highspy, "highspy"),
    "linopy, LP": (linopy, "linopy"),
    "PySCIPOpt": (pyscipopt, "pyscipopt"),
    "Pyomo": (pyomo, "pyomo"),
}
SLOW = ("PySCIPOpt", "Pyomo")  # once is enough


# ---- measuring


@dataclass(frozen=True)
class Taken:
    """CPU seconds and bytes of memory."""

    seconds: float
    memory: int

    @classmethod
    def now(cls) -> Taken:
        """The CPU time of this process, and the memory that it has; its peak is forgotten."""
        Path("/proc/self/clear_refs").write_text("5")
        return cls(time.process_time(), _status("VmRSS"))

    def until_now(self) -> Taken:
        """What has passed since, and how far memory rose in between."""
        return Taken(time.process_time() - self.seconds, max(0, _status("VmHWM") - self.memory))


class Measured(Exception):  # noqa: N818  (it says what happened)
    """A writer has measured itself."""


def _status(field: str) -> int:
    """Bytes."""
    found = re.search(rf"{field}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) * 1024 if found else 0


def measure(name: str, milp: Milp, folder: Path) -> Taken:
    """Write it, here."""
    writer, package = WRITERS[name]
    __import__(package)
    began = Taken.now()
    try:
        writer(milp, folder)
    except Measured as measured:
        return measured.args[0]  # type: ignore[no-any-return]
    return began.until_now()


def child(name: str, program: Path, folder: Path) -> None:
    """In a process of its own: write, and print what it took as JSON."""
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT + 1))
    with program.open("rb") as stream:
        milp = pickle.load(stream)
    taken = measure(name, milp, folder)
    print("\n" + json.dumps([taken.seconds, taken.memory]))


def run(command: list[str]) -> str:
    """The last line that it prints. Raises SubprocessError."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, *command], env=environment, check=True, capture_output=True, timeout=PATIENCE)
    return done.stdout.decode().strip().splitlines()[-1]


@dataclass
class Row:
    """Of a writer: its rounds, the bytes of its file, whether it writes numbers to their last bit, and why it has no more."""

    name: str
    taken: list[Taken]
    size: int = 0
    exact: bool | None = None
    failed: str = ""

    @property
    def seconds(self) -> float:
        return statistics.median(taken.seconds for taken in self.taken)

    @property
    def mebibytes(self) -> float:
        return statistics.median(taken.memory for taken in self.taken) / (1 << 20)


def one_round(row: Row, program: Path, folder: Path) -> None:
    """One more measurement, unless there was none to be had before."""
    if row.failed or (row.taken and row.name in SLOW):
        return
    try:
        seconds, memory = json.loads(run([__file__, "--child", row.name, "--program", str(program), "--folder", str(folder)]))
    except subprocess.SubprocessError as error:
        row.failed = why(error)
        return
    finally:
        files = list(folder.glob("model.*"))
        row.size = sum(file.stat().st_size for file in files)
        for file in files:
            file.rename(folder / READ) if row.name == OURS else file.unlink()
    row.taken.append(Taken(seconds, memory))


def why(error: subprocess.SubprocessError) -> str:
    """Why a process gave no result."""
    if isinstance(error, subprocess.CalledProcessError) and error.returncode not in (-signal.SIGXCPU, -signal.SIGKILL):
        last = (error.stderr or b"").decode(errors="replace").strip().splitlines()[-1:]
        return f"failed: {''.join(last)[:100] or error.returncode}".replace("|", "/")
    return f"more than {LIMIT} s"


def is_exact(name: str, milp: Milp, folder: Path) -> bool:
    """Does every coefficient stand in its file to the last bit?"""
    measure(name, milp, folder)
    (file,) = folder.glob("model.*")
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    file.unlink()
    numbers = {float(word) for word in re.findall(rb"(?<![\w.])\d+\.?\d*(?:[eE][-+]?\d+)?(?!\w)", content)}
    return set(np.abs(milp.value).tolist()) <= numbers


def compiling(folder: Path) -> Taken:
    """`bdnnc compile` of the spec, imports and all."""
    peak = "open('/proc/self/status').read().split('VmHWM:')[1].split()[0]"
    code = f"import sys; from bdnnlang import cli; cli.main(sys.argv[1:]); print({peak})"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    memory = int(run(["-c", code, "compile", str(SPEC), "-o", str(folder / "compiled.mps")])) * 1024
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Taken(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, memory)


def program_of(text: str) -> Milp:
    spec = bd.load_spec(text)
    return build_milp(spec, read_data(spec, HERE), "model_l")


def main(argv: list[str] | None = None) -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--only", nargs="*", help="writers whose name has one of these words, and the first two")
    arguments.add_argument("--page", type=Path, default=ROOT / "BENCHMARKS.md")
    for name in ("--child", "--program", "--folder"):
        arguments.add_argument(name, help=argparse.SUPPRESS)
    asked = arguments.parse_args(argv)
    if asked.child:
        child(asked.child, Path(asked.program), Path(asked.folder))
        return 0
    wanted = [n for n in WRITERS if n in (OURS, PLAIN) or not asked.only or any(word in n for word in asked.only)]
    with tempfile.TemporaryDirectory() as place:
        table = compared(wanted, SPEC.read_text(), asked.rounds, Path(place))
    print(table)
    rewrite(asked.page, "writers", table, title="## Writers of model files")
    return 0


def compared(wanted: list[str], text: str, rounds: int, folder: Path) -> str:
    """The section, measured."""
    load = os.getloadavg()[0]
    milp, small = program_of(text), program_of(re.sub(r"samples = \d+", f"samples = {SMALL}", text))
    size = f"{milp.columns:,} columns, {milp.rows:,} rows, {milp.nonzeros:,} coefficients"
    program = folder / "program"
    program.write_bytes(pickle.dumps(milp))
    del milp
    rows = [Row(name, [], failed="" if util.find_spec(WRITERS[name][1]) else "not here") for name in wanted]
    whole = [compiling(folder) for _ in range(rounds)]
    for _ in range(rounds):
        for row in rows:
            one_round(row, program, folder)
    for row in rows:
        if not row.failed and row.name != PLAIN:
            row.exact = is_exact(row.name, small, folder)
    return page(rows, Row(COMPILE, whole), size, rounds, load)


# ---- the page


def page(rows: list[Row], compiled: Row, size: str, rounds: int, load: float) -> str:
    """The section in Markdown."""
    known = {row.name: row for row in rows}
    ours, plain = known[OURS], known[PLAIN]
    lines = [
        f"- `make bench-writers`, {datetime.now(UTC):%Y-%m-%d}, medians of rounds in which the writers take turns: {rounds}"
        f" ({' and '.join(SLOW)}: 1); load {load:.1f} at the start",
        f"- [model L](specs/bench/writers/model_l.bdnn): {size}",
        "- CPU seconds from arrays to file, and by how much memory rises above that with the arrays meanwhile;"
        f" ours is {ours.seconds / plain.seconds:.1f} × `os.write`",
        f"- exact: every coefficient stands in the file to its last bit ({SMALL} samples)",
        f"- {COMPILE} of its spec, imports and all: {compiled.seconds:.2f} s of CPU, {compiled.mebibytes:.0f} MiB at most",
        "",
        "| writer | version | CPU s | × ours | MB | MiB of memory | exact |",
        "|---|---|---:|---:|---:|---:|---|",
    ]
    return "\n".join([*lines, *(line_of(row, ours) for row in rows)])


def line_of(row: Row, ours: Row) -> str:
    package = WRITERS[row.name][1]
    version = "" if package == "numpy" or row.failed == "not here" else metadata.version(package)
    if row.failed:
        return f"| {row.name} | {version} | {row.failed} | | | | |"
    exact = {True: "yes", False: "**no**", None: ""}[row.exact]
    figures = f"{row.seconds:.2f} | {row.seconds / ours.seconds:.2f} | {row.size / 1e6:.0f} | {row.mebibytes:.0f}"
    return f"| {row.name} | {version} | {figures} | {exact} |"


if __name__ == "__main__":
    sys.exit(main())
