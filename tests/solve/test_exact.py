"""Exact: what it takes, and that integer networks have their optimum."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from milps import INF, make, random_mixed

import bdnnlang as bd
from bdnnlang import cli, solve
from bdnnlang.model.milp import Milp
from bdnnlang.solve.options import OPB_FILE, VERIPB_FILE
from bdnnlang.solve.outcome import Limits, OptionRefusedError, Status
from bdnnlang.solve.solvers import exact

pytestmark = pytest.mark.skipif(not solve.available("exact"), reason="exact is not installed: pip install exact")
SPEC = """
bdnn 1
data iris { classes = ["versicolor", "virginica"], scale none }
network { weights in {-1, 0, 1}, hidden 1 }
train { solver = exact, exact 60s }
"""


def test_a_network_is_proved_optimal() -> None:
    """Plain rows of whole numbers, as in its OPB file: conditional rows it takes none."""
    result = bd.train(SPEC)
    assert (result.status.value, result.loss, result.bound) == ("optimal", 3, 3)


@pytest.mark.parametrize("change", ["formulation = paper", "without = [lattice_gap]"])
def test_rows_in_fractions_are_refused_by_name(change: str) -> None:
    with pytest.raises(bd.SpecError, match="not divided by the unit of the data") as caught:
        bd.train(SPEC.replace("solver = exact", f"solver = exact, {change}"))
    assert [one.code for one in caught.value.diagnostics] == ["E207"]


def run(milp: Milp, limits: Limits, log: Path | None = None) -> solve.Outcome:
    return solve.solve("exact", milp, limits, None, on_event=lambda event: None, stop=lambda: False, log=log)


def test_it_counts_in_whole_numbers_only() -> None:
    for milp, why in (
        (random_mixed(0), "integer columns"),
        (make([[1]], [0], [1], [1], [0], [INF]), "finite bounds"),
        (make([[0.25]], [0], [1], [1], [0], [1]), "integral coefficients"),
    ):
        assert why in str(solve.refusal("exact", milp))


def test_bounded_integers_and_fractions_in_costs() -> None:
    milp = make([[2, 1, -1], [1, 1, 1]], [-INF, 2], [4, 3], [1, 0.25, -0.5], [-3, 2, 0], [2, 2, 6], offset=1.5)
    outcome = run(milp, Limits(seconds=20))
    assert (outcome.status, outcome.objective, outcome.bound) == (Status.OPTIMAL, -3.0, -3.0)
    np.testing.assert_array_equal(outcome.x, [-3, 2, 4])


def test_its_own_parameters() -> None:
    milp = make([[1]], [1], [INF], [1], [0], [3])
    assert run(milp, Limits(seconds=20, options=(("inp_probing", False),))).objective == 1
    for name, value in (("no_such", 1), ("luby_base", 0), ("verbosity", 2), ("proof-log", "/tmp/x"), ("proof-assumptions", 1)):
        with pytest.raises(OptionRefusedError) as caught:
            run(milp, Limits(options=((name, value),)))
        assert caught.value.option == name


# ---- the proof and what it is about

PROOF_LOG = (("proof-log", True),)
PROVING = SPEC.replace("exact 60s", 'exact 60s, solver_options { "proof-log" = true }')


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that keeps the proof."""
    folder = tmp_path_factory.mktemp("proof")
    (folder / "x.bdnn").write_text(PROVING)
    assert cli.main(["run", str(folder / "x.bdnn"), "--out", str(folder / "run")]) == 0
    return folder / "run"


def test_a_proof_is_kept_with_what_it_is_about(proved: Path) -> None:
    assert {path.name for path in proved.glob("exact*")} == {OPB_FILE, VERIPB_FILE}
    lines = (proved / VERIPB_FILE).read_text().splitlines()
    assert lines[0].startswith("pseudo-Boolean proof version")
    assert lines[-1].startswith("c "), "whole, to its contradiction"
    said = json.loads((proved / "run.json").read_text())
    assert any(VERIPB_FILE in note and OPB_FILE in note for note in said["stages"][0]["notes"])
    assert VERIPB_FILE in (proved / "report.txt").read_text()


def test_scip_finds_the_same_optimum_in_the_file(proved: Path) -> None:
    scip = pytest.importorskip("pyscipopt").Model()
    scip.hideOutput()
    scip.readProblem(str(proved / OPB_FILE))
    scip.optimize()
    text = (proved / OPB_FILE).read_text()
    added = re.search(r"objective of this file (?:plus (-?\d+)|as it is)(?:, divided by (\d+))?:", text)
    assert added is not None
    assert (scip.getObjVal() + int(added[1] or 0)) / int(added[2] or 1) == pytest.approx(3)


def test_the_solutions_of_the_proof_are_of_the_file(proved: Path) -> None:
    """`soli` lists a point by its literals: of the variables x1, x2, … of the file it satisfies every row."""
    rows = [
        line for line in (proved / OPB_FILE).read_text().splitlines() if line.endswith(" ;") and not line.startswith(("*", "min"))
    ]
    points = [line.split()[1:] for line in (proved / VERIPB_FILE).read_text().splitlines() if line.startswith("soli ")]
    assert points
    for point in points:
        value = {literal.removeprefix("~"): not literal.startswith("~") for literal in point}
        for row in rows:
            left, relation, bound = re.fullmatch(r"(.*?) (>=|=) (-?\d+) ;", row).groups()  # type: ignore[union-attr]
            words = left.split()
            total = sum(int(a) * value[x] for a, x in zip(words[::2], words[1::2], strict=True))
            assert total >= int(bound) if relation == ">=" else total == int(bound)


def test_rows_are_numbered_as_in_the_file(tmp_path: Path) -> None:
    """The proof speaks of rows by number, `l 1`, `l 2`, …, and an equation counts twice."""
    milp = make([[1, 1, 1], [2, 1, 1], [1, -1, 0]], [2, 2, 0], [INF, 2, INF], [1, 1, 3], [0, 0, 0], [1, 1, 1])
    assert run(milp, Limits(seconds=20, options=PROOF_LOG), tmp_path / "log").status is Status.INFEASIBLE
    assert (tmp_path / OPB_FILE).read_text().splitlines()[-3:] == [
        "+1 x1 +1 x2 +1 x3 >= 2 ;",
        "+2 x1 +1 x2 +1 x3 = 2 ;",
        "+1 x1 -1 x2 >= 0 ;",
    ]
    lines = (tmp_path / VERIPB_FILE).read_text().splitlines()
    assert [line for line in lines if line.startswith("l ")] == ["l 1", "l 2", "l 3", "l 4"]
    assert lines[-1].startswith("c ")


def test_a_proof_is_the_last_solves_and_of_the_users_choice(tmp_path: Path) -> None:
    milp = make([[1, 1]], [1], [INF], [1, 2], [0, 0], [1, 1])
    for options in ((), (("proof-log", False),)):
        run(milp, Limits(seconds=20, options=options), tmp_path / "log")
        assert {path.name for path in tmp_path.iterdir()} == {"log"}
    for name in (OPB_FILE, VERIPB_FILE):
        (tmp_path / name).write_text("of another solve")
    outcome = run(milp, Limits(seconds=20, options=PROOF_LOG), tmp_path / "log")
    assert (outcome.objective, outcome.notes) == (1, (exact.KEPT,))
    assert not any("another" in path.read_text() for path in tmp_path.iterdir())
    assert run(milp, Limits(seconds=20, options=PROOF_LOG)).notes == (exact.NOT_KEPT,)


def test_verify_lists_the_proof_as_not_checked(proved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", str(proved)]) == 0
    said = capsys.readouterr().out
    assert f"`veripb {OPB_FILE} {VERIPB_FILE}` checks it, bdnnc does not" in said
