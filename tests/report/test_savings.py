"""What the plan says each pass saves, and that it describes the form that is solved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from problems import SIGNS, dataset, network_spec, spec

from bdnnlang import solve
from bdnnlang.compiler import training_problem
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Formulation, Interval, Solver, WeightDomain
from bdnnlang.model import passes
from bdnnlang.report import savings
from bdnnlang.report.plan import Plan, Program, make_plan, plan_text

GOLDEN = Path(__file__).parent / "golden"
REALS = Interval(-1.0, 1.0)
ROWS = [[400.0, 1.5], [-300.0, 0.5], [1000.0, 0.0], [400.0, 1.5], [8.0, 2.0]]
DATA = dataset(ROWS, [0, 1, 0, 0, 1])


def plan(
    formulation: Formulation = "tight",
    weights: WeightDomain = REALS,
    solver: Solver = "scip",
    without: tuple[str, ...] = (),
    data: Dataset = DATA,
) -> Plan:
    own = spec(network_spec((2,), weights), solver=solver)
    return make_plan(training_problem(replace(own, train=replace(own.train, formulation=formulation, without=without)), data))


def program(made: Plan) -> Program:
    assert made.program is not None
    return made.program


@pytest.mark.parametrize(
    ("name", "weights", "solver"), [("plan_reals", REALS, "scip"), ("plan_whole", SIGNS, "scip"), ("plan_cpsat", SIGNS, "cpsat")]
)
def test_the_table(name: str, weights: WeightDomain, solver: Solver, golden: Callable[[Path, str], None]) -> None:
    if not solve.available(solver):
        pytest.skip(f"{solver} is not installed")
    text = plan_text(plan(weights=weights, solver=solver))
    golden(GOLDEN / f"{name}.txt", text + "\n")
    table = text[text.index("savings") : text.index("passes")].splitlines()
    assert len(table) == 2 + len(passes.optional()) - (solver == "cpsat") + 1  # heads, passes but `lattice_gap`, the paper
    assert max(map(len, table)) <= 100


def test_the_last_line_is_the_model_and_the_first_has_none_of_the_passes() -> None:
    made = program(plan())
    assert made.savings is not None
    first, *_, last = made.savings.steps
    assert (last.rows, last.nonzeros) == (made.rows, made.nonzeros)
    assert [step.after for step in made.savings.steps] == ["nothing", *passes.optional()]
    paper = program(plan("paper"))
    assert made.savings.paper is not None
    assert (made.savings.paper.rows, made.savings.paper.nonzeros) == (paper.rows, paper.nonzeros) == (first.rows, first.nonzeros)
    assert plan().as_json()["savings"]["steps"][0]["after"] == "nothing"


def test_passes_that_are_left_out_have_no_line() -> None:
    made = program(plan(without=("polarity", "merge_samples")))
    assert made.savings is not None
    assert [step.after for step in made.savings.steps] == [
        "nothing",
        *(one for one in passes.optional() if one not in ("polarity", "merge_samples")),
    ]
    assert (made.savings.steps[-1].rows, made.savings.steps[-1].nonzeros) == (made.rows, made.nonzeros)


def test_paper_has_its_totals_only() -> None:
    made = plan("paper")
    assert program(made).savings is None
    assert "savings" not in plan_text(made)
    assert f"{program(made).rows} rows" in plan_text(made)


def test_of_a_large_model_there_are_totals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(savings, "MOST_NONZEROS", 50.0)
    made = plan()
    assert program(made).savings == savings.Savings((), None)
    assert "savings     not worked out: the model has more than 50 nonzeros" in plan_text(made)


def test_layers_are_described_in_the_form_that_is_solved() -> None:
    tight, paper = program(plan()).layers, program(plan("paper")).layers
    assert (tight[0].gap, tight[0].m) == (1e-4, pytest.approx((1.0, 1.0), rel=1e-3))
    assert paper[0].m[1] > 2000
    assert paper[0].gap == pytest.approx(1e-5 * paper[0].m[1])
    whole = program(plan(weights=SIGNS)).layers
    assert [(layer.gap, layer.lattice) for layer in whole] == [(1.0, "1"), (1.0, "1")]
