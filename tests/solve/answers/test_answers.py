"""Solution files as the real programs wrote them (`files/`), and what is read in them."""

from __future__ import annotations

import io
import random
from pathlib import Path

import numpy as np
import pytest

from bdnnlang import compiler
from bdnnlang.arrays import Floats
from bdnnlang.solve import answers
from bdnnlang.solve.answers import base, point
from bdnnlang.solve.answers.base import AnswerError, AnswerFile, Kind
from bdnnlang.solve.answers.point import Columns

FILES = Path(__file__).parent / "files"
SOLUTIONS = (  # every column's value, or all that are not 0
    *("cbc.csv", "cbc.sol", "cbc_all.sol", "cbcbox.sol", "copt.json", "copt.mst", "copt.sol", "cplex.sol", "cplex_pool.sol"),
    *("glpk.sol", "gurobi.json", "gurobi.sol", "highs.sol", "highs_1.15.sol", "highs_1.15_sparse.sol", "highs_glpsol.sol"),
    *("highs_sparse.sol", "scip.sol", "scip_zeros.sol", "xpress.slx"),
)
REFUSED = {
    "cbc_infeasible.sol": (Kind.NO_SOLUTION, "it says `Infeasible`, and its values break 4 of the 36 rows"),
    "cbc_relaxation.sol": (Kind.RELAXATION, "has to be a whole number"),
    "cbc_stopped.sol": (Kind.RELAXATION, "Stopped on iterations (no integer solution - continuous used)"),
    "copt_relaxation.json": (Kind.RELAXATION, "it has `LPSolution` and no `MIPSolution`"),
    "glpk_infeasible.sol": (Kind.NO_SOLUTION, "its status is n: no feasible solution"),
    "glpk_interior.sol": (Kind.RELAXATION, "its solution is a `ipt`"),
    "glpk_relaxation.sol": (Kind.RELAXATION, "its solution is a `bas`"),
    "glpk_table.sol": (Kind.FEW_DIGITS, "six digits"),
    "gurobi_infeasible.json": (Kind.NO_SOLUTION, "it holds no values, and says `infeasible`"),
    "gurobi_relaxation.json": (Kind.RELAXATION, "has to be a whole number"),
    "highs_infeasible.sol": (Kind.NO_SOLUTION, "HiGHS says: Infeasible"),
    "highs_relaxation.sol": (Kind.RELAXATION, "has to be a whole number"),
    "highs_table.sol": (Kind.FEW_DIGITS, "six digits"),
    "xpress_none.slx": (Kind.NO_SOLUTION, "it holds no values"),
}
STARTS = ("cplex.mst", "gurobi.mst")  # integer columns only
CLASP = "clasp.txt"  # of the OPB file of bits.bdnn
DAMAGES = 200


@pytest.fixture(scope="module")
def columns() -> Columns:
    spec, _ = compiler.read_spec(FILES / "pair.bdnn")
    return Columns(compiler.build_file(spec, compiler.read_data(spec, FILES), "mps").milp)


def stated(content: bytes, columns: Columns) -> point.Stated:
    return point.collect(answers.read(AnswerFile(io.BytesIO(content))), columns)


def read(content: bytes | str, columns: Columns) -> Floats:
    found = stated(content.encode() if isinstance(content, str) else content, columns)
    return point.check(found, columns.milp)


def refusal(content: bytes | str, columns: Columns) -> AnswerError:
    with pytest.raises(AnswerError) as caught:
        read(content, columns)
    return caught.value


def test_every_file_is_tried() -> None:
    assert {path.name for path in FILES.iterdir()} == {"pair.bdnn", "bits.bdnn", CLASP, *SOLUTIONS, *REFUSED, *STARTS}


@pytest.mark.parametrize("name", SOLUTIONS)
def test_a_solution_of_each_program(name: str, columns: Columns) -> None:
    x = read((FILES / name).read_bytes(), columns)
    assert columns.milp.objective(x) == 1
    assert columns.milp.feasible(x, 1e-5)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_solution(name: str, columns: Columns) -> None:
    kind, problem = REFUSED[name]
    refused = refusal((FILES / name).read_bytes(), columns)
    assert refused.kind is kind
    assert problem in refused.problem


@pytest.mark.parametrize("name", STARTS)
def test_a_start_has_the_integer_columns(name: str, columns: Columns) -> None:
    found = stated((FILES / name).read_bytes(), columns)
    np.testing.assert_array_equal(found.is_given, columns.milp.integrality == 1)
    assert refusal((FILES / name).read_bytes(), columns).kind is Kind.NOT_SATISFIED


def test_the_incumbent_of_a_pool_wherever_it_stands(columns: Columns) -> None:
    text = (FILES / "cplex_pool.sol").read_text()
    head, *solutions = text.replace("</CPLEXSolutions>", "").split(" <CPLEXSolution ")
    assert len(solutions) > 2
    turned = head + "".join(f" <CPLEXSolution {solution}" for solution in reversed(solutions)) + "</CPLEXSolutions>\n"
    np.testing.assert_array_equal(read(turned, columns), read(text, columns))
    without = turned.replace('solutionIndex="-1"', "")  # then the first one counts
    assert columns.milp.objective(read(without, columns)) > 1


def test_names_may_be_short_and_lines_may_end_as_on_windows(columns: Columns) -> None:
    text = (FILES / "gurobi.sol").read_text()
    places = {name.decode(): place for place, name in enumerate(columns.milp.col_names())}
    short = [f"x_{places[line.split()[0]]} {line.split()[1]}" for line in text.splitlines() if line.split()[0] in places]
    np.testing.assert_array_equal(read("\ufeff" + "\r\n".join([*short, ""]), columns), read(text, columns))


def test_zeros_may_be_missing(columns: Columns) -> None:
    text = (FILES / "gurobi.sol").read_text()
    kept = "".join(f"{line}\n" for line in text.splitlines() if not line.endswith(" 0"))
    assert len(kept) < len(text)
    np.testing.assert_array_equal(read(kept, columns), read(text, columns))


GOOD = (FILES / "scip.sol").read_text()
BOMB = '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>\n<CPLEXSolution>&c;</CPLEXSolution>\n'


@pytest.mark.parametrize(
    ("content", "kind", "problem", "line"),
    [
        (b"", Kind.UNKNOWN, "it is empty", None),
        (b" \n\n", Kind.UNKNOWN, "it is empty", None),
        (b"\x1f\x8b\x08\x00", Kind.UNKNOWN, "it is packed with gzip", None),
        (b"\x00\x01\x02", Kind.UNKNOWN, "it is not a text", None),
        ("W1_0_0 1\n".encode("utf-16"), Kind.UNKNOWN, "it is UTF-16 text", None),
        (b"W1_0_0 1\nb1_0 \xff\n", Kind.DAMAGED, "line 2 is not UTF-8 text", None),
        (b"W1_0_0 1\nb1_0 0\0\n", Kind.DAMAGED, "line 2 holds the character 0x00", None),
        (b"hello world, this is no solution\n", Kind.UNKNOWN, "it is no solution file that is known", None),
        (b"NAME x FREE\nROWS\n N COST\n", Kind.UNKNOWN, "it is a model, and no solution", None),
        (b"\\ x\nMinimize\n COST: x\n", Kind.UNKNOWN, "it is a model, and no solution", None),
        (b"bdnn 1\ndata iris\n", Kind.UNKNOWN, "it is a spec, and no solution", None),
        (b"W1_0_0 1\nW1_0_1\n", Kind.DAMAGED, "line 2 is not `name value`", 2),
        (b"W1_0_0 1\nW1_0_1 1.0x\n", Kind.DAMAGED, "`1.0x` in line 2 is not a number", 2),
        (b"W1_0_0 1\nW1_0_1 nan\n", Kind.DAMAGED, "`nan` in line 2 is not a number", 2),
        (b"# x\nW1_0_0 1e999\n", Kind.DAMAGED, "`1e999` in line 2", 2),
        (b"W1_0_0 1\nW1_0_0 1\n", Kind.DAMAGED, "`W1_0_0` has two values", 2),
        (b"W1_0_0 1\nW1_0_1 -0.5", Kind.DAMAGED, "cut off within line 2", 2),
        (b"W1_0_0 1\nX9 1\n", Kind.OTHER_MODEL, "`X9` is no column of the model", 2),
        (b"# nothing\n", Kind.NO_SOLUTION, "it holds no values", None),
        (b"=infeas=\n", Kind.NO_SOLUTION, "it says `=infeas=`", 1),
        (b"u1_0_0 7\n", Kind.NOT_SATISFIED, "`u1_0_0` is 7: its bounds are 0 and 1", None),
        (b"u1_0_0 0.5\n", Kind.RELAXATION, "`u1_0_0` is 0.5, and has to be a whole number", 1),
        (b"Model status\nOptimal\n", Kind.DAMAGED, "it has no section `# Columns`", None),
        (b"Model status\nOptimal\n# Columns 3\nW1_0_0 1\n", Kind.DAMAGED, "of the 3 columns of line 3 there are only 1", 3),
        (b"s mip 36 36 o 1\nj 1 0\n", Kind.DAMAGED, "it ends after 1 of 36 columns", None),
        (b"s mip 2 2 o 1\nj 1 0\nj 2 0\ne o f\n", Kind.OTHER_MODEL, "it has 2 columns, and the model 36", 2),
        (b"NAME x\n  C W1_0_0 1\n", Kind.DAMAGED, "it has no line `ENDATA`", None),
        (b'{"SolutionInfo": {"Status": 2}, "Vars": [', Kind.DAMAGED, "in line 1, column 42", None),
        (b'{"SolutionInfo": {"Status": "x"}}', Kind.DAMAGED, "`SolutionInfo.Status` is", None),
        (BOMB.encode(), Kind.DAMAGED, "it declares a document type", 2),
        (b"<html></html>", Kind.UNKNOWN, "its first tag is `<html>`", 1),
        (b"<CPLEXSolution><header/>", Kind.DAMAGED, "it is no XML in line 1", None),
        (b'<CPLEXSolution><variable name="W1_0_0"/></CPLEXSolution>', Kind.DAMAGED, "no `name` or no `value`", 1),
        (GOOD.replace("u2_1_0", "u9_1_0").encode(), Kind.OTHER_MODEL, "`u9_1_0` is no column", None),
    ],
)
def test_foreign_cut_off_and_hostile_files(content: bytes, kind: Kind, problem: str, line: int | None, columns: Columns) -> None:
    refused = refusal(content, columns)
    assert (refused.kind, problem in refused.problem) == (kind, True), refused.problem
    if line is not None:
        assert refused.place is not None
        assert refused.place.line == line


def test_a_file_that_has_lost_values_is_told_by_its_objective(columns: Columns) -> None:
    lines = GOOD.splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.startswith("u2_1_0 "))
    refused = refusal(kept, columns)
    assert refused.kind is Kind.NOT_SATISFIED
    assert "its values come to 2" in refused.problem


class _Endless(io.RawIOBase):
    """So many bytes of one line, made as they are read."""

    def __init__(self, begin: bytes, size: int) -> None:
        self.left, self.begin, self.given = size, begin, 0

    def read(self, most: int = -1) -> bytes:
        begin, self.begin = self.begin, b""
        made = begin + b"7" * (min(most, self.left) - len(begin))
        self.left -= len(made)
        self.given += len(made)
        return made


@pytest.mark.parametrize("begin", [b"W1_0_0 7", b"Model status\n7", b"s mip ", b"NAME x\n C ", b'<CPLEXSolution a="', b"7"])
def test_a_long_line_is_not_read_to_its_end(begin: bytes, columns: Columns) -> None:
    stream = _Endless(begin, 1 << 30)
    with pytest.raises(AnswerError):
        point.collect(answers.read(AnswerFile(stream)), columns)  # type: ignore[arg-type]
    assert stream.given < 1 << 19


def test_what_has_to_be_read_as_a_whole_is_bounded(columns: Columns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "MOST_AT_ONCE", 1 << 18)
    stream = _Endless(b'{"SolutionInfo": {"Status": ', 1 << 30)
    with pytest.raises(AnswerError, match="it has more than"):
        point.collect(answers.read(AnswerFile(stream)), columns)  # type: ignore[arg-type]
    assert stream.given < 1 << 20


def damaged(content: bytes, seed: int) -> bytes:
    """With a byte changed, bytes lost, a line lost, twice or somewhere else, or cut off."""
    chance = random.Random(seed)
    at, lines = chance.randrange(len(content)), content.splitlines(keepends=True)
    i, j = chance.randrange(len(lines)), chance.randrange(len(lines))
    match seed % 6:
        case 0:
            return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
        case 1:
            return content[:at] + content[at + chance.randrange(1, 40) :]
        case 2:
            return b"".join(lines[:i] + lines[i + 1 :])
        case 3:
            return b"".join([*lines[:i], lines[j], *lines[i:]])
        case 4:
            lines[i], lines[j] = lines[j], lines[i]
            return b"".join(lines)
        case _:
            return content[:at]


@pytest.mark.parametrize("name", [*SOLUTIONS, *REFUSED, *STARTS])
def test_damaged_copies_are_refused_or_satisfy_the_model(name: str, columns: Columns) -> None:
    content, refused = (FILES / name).read_bytes(), 0
    for seed in range(DAMAGES):
        try:
            assert columns.milp.feasible(read(damaged(content, seed), columns), 1e-4)
        except AnswerError:
            refused += 1
    assert refused > DAMAGES // 10


def test_an_answer_of_clasp_and_damaged_copies_of_it() -> None:
    spec, _ = compiler.read_spec(FILES / "bits.bdnn")
    whole = Columns(compiler.build_milp(spec, compiler.read_data(spec, FILES)))
    content, refused = (FILES / CLASP).read_bytes(), 0
    assert whole.milp.violation(read(content, whole)) == 0
    for seed in range(DAMAGES):
        try:
            assert whole.milp.feasible(read(damaged(content, seed), whole), 1e-4)
        except AnswerError:
            refused += 1
    assert refused > DAMAGES // 10
