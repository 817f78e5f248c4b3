"""The table and the claims of the paper, from runs with numbers of our own: every verdict can be each of the three."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "specs"))

from paper_claims import claims, is_constant, outperforms
from paper_table import Found, by_problem, counted, curve, splitting, spread, table

GOOD = [[5, 1], [0, 6]]
CONSTANT = [[6, 0], [6, 0]]


def model(name: str, epochs: int | None, test: float, size: int) -> dict[str, Any]:
    settings = {"hidden": [100], "epochs": epochs}
    shares = {"train_accuracy": 1.0, "test_accuracy": test}
    return {"model": name, "settings": settings, "bytes": size, "converged": epochs is None, "seconds": 2.0, **shares}


def run(test: float = 0.9, loss: float = 3, *, status: str = "feasible", **more: Any) -> dict[str, Any]:
    result = {"train_accuracy": 1.0, "test_accuracy": test, "verified_loss": loss, "bound": 0, "seconds": 1.5, "status": status}
    stage = {"verified_loss": loss, "binaries": 50, "status": status}
    bdnn = model("bdnn", None, test, 10)
    whole = {"result": result, "stages": [stage], "confusion": {"train": GOOD}, "compare": [bdnn]}
    return {**whole, **more}


def with_mlp(test: float, mlp: float, paper: float = 0.5) -> dict[str, Any]:
    rows = [model("mlp", None, mlp, 160), model("mlp_int8", None, mlp, 40), model("mlp", 30, paper, 160)]
    return run(test, compare=[model("bdnn", None, test, 10), *rows])


def found(**specs: list[dict[str, Any]]) -> dict[str, Found]:
    return {stem: Found(stem, None, tuple(runs)) for stem, runs in specs.items()}


def line(text: str, page: str) -> str:
    """The row of the claim with these words."""
    (row,) = [row for row in page.splitlines() if text in row]
    return row


# ---- the table


def test_numbers_over_splits() -> None:
    assert spread([0.5, 0.7], 100, " %") == "60.0 ± 14.1 %"
    assert spread([3]) == "3.0"
    assert spread([1234567], digits=0) == "1,234,567"
    assert spread([None, 2, 2]) == "2.0"
    assert spread([None]) == "–"
    assert counted(["b", "a", "b"]) == "1 a, 2 b"


def test_names_of_specs() -> None:
    deep, wide = Found("breast_cancer_search_zero_one_2x50", None, ()), Found("iris_exact", 10, ())
    assert (deep.data, deep.method, deep.shape, deep.title) == ("breast cancer", "search", "2 × 50", "search, loss `zero_one`")
    assert (wide.problem, wide.title) == ("iris, 1 × 10", "exact, as in the paper")
    assert Found("iris_exact_small", 10, ()).problem == wide.problem


def test_rows_stand_by_problem_and_method() -> None:
    specs = found(
        wine_search=[with_mlp(0.8, 0.7)], iris_search_2x50=[run()], iris_search=[run()], iris_exact=[run()], iris_added=[run()]
    )
    assert {name: [one.stem for one in ones] for name, ones in by_problem(specs).items()} == {
        "iris, 1 × 100": ["iris_exact", "iris_search"],
        "iris, 2 × 50": ["iris_search_2x50"],
        "wine, 1 × 100": ["wine_search"],
    }
    rows = [row for row in table(specs, {}, "command").splitlines() if row.startswith("|")][2:]
    assert [row.split("|")[1].strip() for row in rows] == ["iris, 1 × 100", "", "iris, 2 × 50", "wine, 1 × 100", "", "", ""]
    assert rows[-4:] == [
        "| wine, 1 × 100 | search | 1 | 100.0 % | 80.0 % | 3.0 | 0.0 | 10 | 1.5 | 1 feasible |",
        "|  | MLP, converged | 1 | 100.0 % | 70.0 % | – | – | 160 | 2.0 | 1 converged |",
        "|  | MLP, converged, int8 weights | 1 | 100.0 % | 70.0 % | – | – | 40 | 2.0 | 1 converged |",
        "|  | MLP, 30 passes as in the paper | 1 | 100.0 % | 50.0 % | – | – | 160 | 2.0 | 0 converged |",
    ]


def test_curves_of_attacks() -> None:
    sizes = [{"size": 0, "accuracy": 0.9}, {"size": 0.5, "accuracy": 0.75}]
    attacked = run(attacks=[{"attack": "random_sign", "sizes": sizes}, {"attack": "linf(0.1)", "robust": 3}])
    assert curve(Found("x", None, (attacked, attacked))) == ["- `x`: 0: 90.0 %, 0.5: 75.0 %"]
    assert curve(Found("x", None, (run(),))) == []


def test_what_splitting_adds() -> None:
    def stages(*losses: int) -> list[dict[str, Any]]:
        return [{"verified_loss": loss} for loss in losses]

    added = Found("wine_added", 4, (run(0.8, stages=stages(5, 5)), run(0.9, stages=stages(5, 2))))
    row = splitting({"a": added, **found(wine_search=[run()])}).splitlines()[-1]
    assert row == "| wine | 4 | 2 | 5.0 | 3.5 ± 2.1 | 1 of 2 | 85.0 ± 7.1 % | 1.5 |"


# ---- the claims


def test_nothing_is_tested_without_runs() -> None:
    rows = [row for row in claims({}).splitlines() if row.startswith("| ")][1:-1]
    assert len(rows) == 12
    assert all("| not tested |" in row for row in rows)


def test_memory() -> None:
    page = claims(found(wine_search=[with_mlp(0.8, 0.7)]))
    expected = "| confirmed | the ReLU network has 16.0 to 16.0 times the bytes as float32, 4.0 to 4.0 times the bytes as int8 |"
    assert expected in line("memory", page)
    rows = [model("bdnn", None, 0.9, 50), model("mlp", None, 0.9, 160), model("mlp_int8", None, 0.9, 40)]
    assert "| refuted |" in line("memory", claims(found(wine_search=[run(compare=rows)])))


def test_optimality() -> None:
    proved, open_ = run(status="optimal"), run()
    assert "| confirmed | 2 of 3 runs proved; on all splits: iris, 1 × 100 |" in line(
        "global optimality", claims(found(iris_exact=[proved, proved], wine_exact=[open_]))
    )
    assert "| not tested | 1 of 2 runs proved |" in line("global optimality", claims(found(iris_exact=[proved, open_])))


def test_local_optima() -> None:
    ended = run(status="local_optimum")
    assert "| confirmed | 1 of 2 runs ended" in line("locally optimal", claims(found(iris_alternate=[ended, run()])))
    assert "| not tested | 0 of 1 runs ended" in line("locally optimal", claims(found(iris_alternate=[run()])))


@pytest.mark.parametrize(("binaries", "verdict"), [(49, "confirmed"), (50, "refuted")])
def test_smaller_models(binaries: int, verdict: str) -> None:
    split = run(stages=[{"verified_loss": 3, "binaries": binaries}, {"verified_loss": 3, "binaries": 1}])
    row = line("integer variables", claims(found(iris_split=[split], iris_exact=[run()])))
    assert f"| {verdict} | {binaries} to {binaries} binaries in place of 50 to 50 |" in row


@pytest.mark.parametrize(("loss", "verdict"), [(2, "confirmed"), (3, "not tested"), (4, "refuted")])
def test_improvements(loss: int, verdict: str) -> None:
    page = claims(found(iris_split=[run(loss=loss)], iris_exact=[run(loss=3)]))
    assert f"| {verdict} | a lesser loss on {int(loss < 3)}, a greater one on {int(loss > 3)} of 1 problems |" in page


@pytest.mark.parametrize(
    ("certified", "matrix", "verdict"), [(6, GOOD, "confirmed"), (5, GOOD, "refuted"), (6, CONSTANT, "not tested")]
)
def test_robustness(certified: int, matrix: list[list[int]], verdict: str) -> None:
    robust = run(0.8, confusion={"train": matrix})
    robust["result"]["robust"] = {"certified": certified, "right": 10, "of": 10}
    page = claims(found(wine_robust_2x50=[robust], wine_certified_2x50=[robust]))
    assert line("A robust model", page).split("|")[2:] == line("certified networks", page).split("|")[2:]
    row = line("A robust model", page)
    assert f"| {verdict} | {10 * certified}.0 % of the training samples certified; wine, 2 × 50: test 80.0 % |" in row


def test_against_the_relu_network() -> None:
    """Near it on one problem of three, above it on one, below on one; and one method that stays where it began."""
    stuck = run(0.5, confusion={"train": CONSTANT})
    above = [with_mlp(0.9, 0.8), with_mlp(0.92, 0.8)]
    page = claims(
        found(a_search=[with_mlp(0.76, 0.77)], b_search=above, c_search=[with_mlp(0.7, 0.9)], a_exact=[stuck], b_exact=[stuck])
    )
    assert "| confirmed | competes on 2 and outperforms on 1 of 3 problems |" in line("search competes", page)
    expected = (
        "| not tested | competes on 0 and outperforms on 0 of 2 problems; on 2 it stays with the constant network in this time |"
    )
    assert expected in line("The exact model", page)
    assert "| a, 1 × 100 | search | -1.0 (+26.0) | competes |" in page
    assert "| b, 1 × 100 | search | +11.0 (+41.0) | outperforms |" in page
    assert "| c, 1 × 100 | search | -20.0 (+20.0) |  |" in page
    assert "| a, 1 × 100 | exact, as in the paper | -27.0 (+0.0) | constant network |" in page
    page = claims(found(a_search=[with_mlp(0.7, 0.8)]))
    assert "| refuted | competes on 0 and outperforms on 0 of 1 problems |" in line("search competes", page)


def test_outperforms() -> None:
    """0.02 ± 0.01 with four splits: a standard error of 0.005 …"""
    assert outperforms([0.01, 0.01, 0.03, 0.03])
    assert not outperforms([-0.02, 0.0, 0.03, 0.05])
    assert not outperforms([0.5])


def test_a_network_is_constant() -> None:
    constant = run(confusion={"train": CONSTANT})
    assert is_constant(Found("x", None, (constant, constant, run())))
    assert not is_constant(Found("x", None, (constant, run())))
