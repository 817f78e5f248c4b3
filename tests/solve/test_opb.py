"""OPB files: golden text, what SCIP reads in them, and bits against columns."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from milps import INF, brute_force, knapsack, make, random_integer, random_mixed
from readers import SCIP, ask

from bdnnlang import solve
from bdnnlang.model.milp import Milp
from bdnnlang.solve.outcome import UnsupportedModelError
from bdnnlang.solve.pseudo_boolean import pseudo_boolean

GOLDEN = Path(__file__).parent.parent / "golden"
WIDE = make([[2, 1, -1], [1, 1, 1]], [-INF, 2], [4, 3], [1, 0.25, -0.5], [-3, 2, 0], [2, 2, 6], offset=1.5)


def text_of(milp: Milp, *comments: str) -> str:
    stream = io.BytesIO()
    solve.write("opb", milp, stream, comments=comments)
    return stream.getvalue().decode()


def test_golden(golden: Callable[[Path, str], None]) -> None:
    """A column of five bits' worth, one that is fixed, one with a pattern for each value; a row of two sides."""
    golden(GOLDEN / "wide.opb", text_of(WIDE, "made by hand"))


def optimum(text: str) -> Fraction | None:
    """Of a file by trying all bits, read by a road of its own."""
    lines = [line for line in text.splitlines() if not line.startswith("*")]
    n = int(re.findall(r"#variable= (\d+)", text)[0])
    rows = [line for line in lines if not line.startswith("min:")]
    assert len(rows) == int(re.findall(r"#constraint= (\d+)", text)[0])
    parsed = [(terms_of(row), ">=" in row, int(row.split()[-2])) for row in rows]
    cost = terms_of(next((line for line in lines if line.startswith("min:")), ""))
    best = None
    for bits in product((0, 1), repeat=n):
        sums = [(sum(a * bits[x] for a, x in terms), is_least, bound) for terms, is_least, bound in parsed]
        if all(total >= bound if is_least else total == bound for total, is_least, bound in sums):
            value = sum(a * bits[x] for a, x in cost)
            best = value if best is None else min(best, value)
    added, divided = re.findall(r"objective of this file (?:plus (-?\d+)|as it is)(?:, divided by (\d+))?:", text)[0]
    return None if best is None else Fraction(best + int(added or 0), int(divided or 1))


def terms_of(line: str) -> list[tuple[int, int]]:
    return [(int(a), int(x) - 1) for a, x in re.findall(r"([+-]\d+) x(\d+)", line)]


PROGRAMS = [knapsack(), WIDE, *(random_integer(seed) for seed in range(12))]


@pytest.mark.parametrize("milp", PROGRAMS, ids=map(str, range(len(PROGRAMS))))
def test_a_file_has_the_optimum_of_its_program(milp: Milp) -> None:
    assert optimum(text_of(milp)) == brute_force(milp)


def test_scip_reads_the_same(tmp_path: Path) -> None:
    paths = []
    for k, milp in enumerate(PROGRAMS):
        paths.append(tmp_path / f"{k}.opb")
        solve.save("opb", milp, paths[-1], comments=["a comment"])
    for said, path, milp in zip(ask(SCIP, *paths), paths, PROGRAMS, strict=True):
        best = brute_force(milp)
        assert said["status"] == ("optimal" if best is not None else "infeasible"), path
        if best is not None:
            program = pseudo_boolean(milp, "")
            assert (said["optimum"] + program.offset) / program.scale == pytest.approx(best)


@pytest.mark.parametrize("milp", PROGRAMS, ids=map(str, range(len(PROGRAMS))))
def test_bits_and_columns(milp: Milp) -> None:
    """Every point has bits of its own, and they are its own again; a row of bits says what a row of columns says."""
    program = pseudo_boolean(milp, "")
    ranges = [range(int(a), int(b) + 1) for a, b in zip(milp.col_lower, milp.col_upper, strict=True)]
    seen = set()
    for point in map(np.array, product(*ranges)):
        bits = program.encode(point)
        assert set(bits.tolist()) <= {0, 1}
        np.testing.assert_array_equal(program.decode(bits), point)
        seen.add(tuple(bits.tolist()))
        assert program.cost @ bits + program.offset == milp.objective(point) * program.scale
        activity = np.add.reduceat(np.append(program.value * bits[program.variable], 0), program.start[:-1]) * (
            np.diff(program.start) > 0
        )
        holds = np.where(program.is_equal, activity == program.bound, activity >= program.bound)
        assert holds.all() == milp.feasible(point.astype(np.float64))
    assert len(seen) == np.prod([len(r) for r in ranges])


def test_no_variable_and_no_row() -> None:
    fixed = make([[1]], [1], [INF], [3], [1], [1], offset=2.0)
    broken = make([[1]], [2], [INF], [3], [1], [1])
    assert (optimum(text_of(fixed)), optimum(text_of(broken))) == (5, None)
    assert "* x_0 = 1\n" in text_of(fixed)
    assert optimum(text_of(make(np.zeros((0, 0)), [], [], [], [], [], offset=4.0))) == 4


@pytest.mark.parametrize(
    ("milp", "why"),
    [
        (random_mixed(0), "integer columns"),
        (make([[0.5]], [0], [1], [1], [0], [1]), "integral coefficients"),
        (make([[1]], [0], [1], [1], [0], [INF]), "finite bounds"),
        (make([[1]], [0], [1], [1], [0], [2.0**45]), "40 bits"),
        (make([[1]], [0], [1], [1], [1], [0]), "with a value"),
        (random_integer(0, conditional=True), "plain rows"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_such_program(milp: Milp, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        text_of(milp)
    with pytest.raises(UnsupportedModelError, match=why):
        pseudo_boolean(milp, "it")


def test_packed(tmp_path: Path) -> None:
    solve.save("opb", WIDE, tmp_path / "x.opb.gz")
    assert gzip.decompress((tmp_path / "x.opb.gz").read_bytes()).decode() == text_of(WIDE)
