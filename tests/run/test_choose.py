"""What a run without CP-SAT is told about it, and the sizes of what stages build: never more than applies here."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from child_python import said_by
from fakes import install, says
from problems import SIGNS, dataset, network_spec, spec

from bdnnlang import solve
from bdnnlang.budget import Interrupt
from bdnnlang.compiler import training_problem
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.spec import DataSplit, Exact, Interval, LocalSearch, NetworkSpec, Penalty, Spec, StageSpec
from bdnnlang.model.blocks import Step
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.report.as_json import result_json
from bdnnlang.report.plan import make_plan, plan_text
from bdnnlang.report.summary import summarise
from bdnnlang.report.terminal import print_report
from bdnnlang.run.choose import Choice, check_whole, largest_problem, size_diagnostics
from bdnnlang.run.schedule import prepare, run
from bdnnlang.solve.outcome import Status

DATA = dataset([[1.0], [2.0], [3.0], [4.0], [5.0]], [0, 0, 1, 0, 1])
ODD = dataset([[1.0], [0.123456789012], [700.0]], [0, 1, 1])
INTEGER = network_spec((), SIGNS)
START = "integer network on lattice data: CP-SAT ("
PIP = "`pip install ortools`"


def without_cpsat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "available", lambda name: name != "cpsat")


def with_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "available", lambda name: True)


def choice(of: Spec) -> Choice:
    return prepare(training_problem(of, DATA))[0]


def test_nothing_is_advised_beside_cpsat(monkeypatch: pytest.MonkeyPatch) -> None:
    with_all(monkeypatch)
    for solver in ("auto", "cpsat"):
        assert (choice(spec(INTEGER, solver=solver)).solver, choice(spec(INTEGER, solver=solver)).advice) == ("cpsat", "")


def test_auto_without_cpsat_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    without_cpsat(monkeypatch)
    made = choice(spec(INTEGER))
    assert (made.solver, made.reason) == ("scip", "auto: integer network on data in units of 1")
    assert made.advice.startswith(f"{START}{PIP}) solves this without big-M")


@pytest.mark.parametrize("solver", ["scip", "highs"])
def test_a_wish_that_cpsat_would_beat(solver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_all(monkeypatch)
    made = choice(spec(INTEGER, solver=solver))
    assert (made.solver, made.reason) == (solver, "asked for")
    assert made.advice.startswith(f"{START}`solver = cpsat`) solves")
    assert "pip" not in made.advice
    without_cpsat(monkeypatch)
    assert choice(spec(INTEGER, solver=solver)).advice.startswith(f"{START}`solver = cpsat` after {PIP}) solves")


@pytest.mark.parametrize("solver", ["auto", "scip", "highs"])
def test_where_cpsat_does_not_apply_nothing_is_said(solver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    squares = spec(INTEGER, solver="auto" if solver == "highs" else solver)
    squares = replace(squares, train=replace(squares.train, penalties=(Penalty("l2", 0.5),)))
    for fake in (with_all, without_cpsat):
        fake(monkeypatch)
        assert choice(spec(network_spec((), Interval(-1.0, 1.0)), solver=solver)).advice == ""
        assert choice(squares).advice == ""
        assert prepare(training_problem(spec(INTEGER, solver=solver), ODD))[0].advice == ""


def report(of: Spec, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str | None]:
    """The report on one line, and what the json has."""
    install(monkeypatch, lambda call: says(Status.NO_SOLUTION))
    done = run(training_problem(of, DATA), emit=lambda fact: None, interrupt=Interrupt())
    summary = summarise(TrainingProblem(of, DATA), "x.bdnn", done)
    stream = io.StringIO()
    print_report(summary, stream)
    return " ".join(stream.getvalue().split()), result_json(summary, None)["solver_advice"]


def test_the_report_and_the_json_say_it(monkeypatch: pytest.MonkeyPatch) -> None:
    without_cpsat(monkeypatch)
    text, advice = report(spec(INTEGER), monkeypatch)
    assert advice is not None
    assert f" also {START}{PIP}) solves this without big-M or tolerances " in text  # brackets are no markup
    with_all(monkeypatch)
    text, advice = report(spec(INTEGER, solver="scip"), monkeypatch)
    assert advice is not None
    assert f" also {advice} " in text
    for quiet in (spec(INTEGER), spec(network_spec((), Interval(-1.0, 1.0)))):
        text, advice = report(quiet, monkeypatch)
        assert advice is None
        assert START not in text


def test_the_plan_says_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    without_cpsat(monkeypatch)
    plan = make_plan(training_problem(spec(INTEGER), DATA))
    assert plan.solver_advice is not None
    assert f"\nalso        {plan.solver_advice}\n" in plan_text(plan)
    with_all(monkeypatch)
    plan = make_plan(training_problem(spec(INTEGER), DATA))
    assert plan.solver_advice is None
    assert START not in plan_text(plan)


# ---- sizes

TWELVE = dataset([[float(v)] for v in range(12)], [0, 1] * 6)
WIDE = network_spec((2_500_000,), Interval(-1.0, 1.0))  # some 4 · 10⁸ nonzeros on twelve samples, 3.5 · 10⁷ on one


def said(*stages: StageSpec, of: NetworkSpec = WIDE) -> list[Diagnostic]:
    try:
        return list(size_diagnostics(spec(of, stages=stages), TWELVE))
    except Rejected as rejected:
        return list(rejected.diagnostics)


@pytest.mark.parametrize(
    ("stage", "codes"),
    [
        (LocalSearch(), []),
        (LocalSearch(method="alternate"), ["E219"]),
        (DataSplit(), ["E219"]),
        (DataSplit(splits=1, minibatch=1), ["W204"]),
        (Exact(), ["E219"]),
    ],
    ids=str,
)
def test_the_size_is_that_of_what_a_stage_builds(stage: StageSpec, codes: list[str]) -> None:
    found = said(LocalSearch(), stage)
    assert [diagnostic.code for diagnostic in found] == codes
    assert all(f"the model of `{stage.name}`" in diagnostic.message for diagnostic in found)


def test_every_stage_that_builds_too_much_is_named() -> None:
    found = said(Exact(), LocalSearch(), DataSplit(splits=1, minibatch=1), DataSplit())
    assert [(diagnostic.code, diagnostic.message.split("`")[1]) for diagnostic in found] == [
        ("E219", "exact"),
        ("E219", "data_split"),
    ]


def test_a_tied_model_has_few_patterns() -> None:
    """On twelve samples 12 · 2 · 3 · 10⁵ rows of layer 1, and two or twelve times 12 · 3 · 10⁵ · 10."""
    deep = network_spec((300_000, 10), Interval(-1.0, 1.0))
    assert [one.code for one in said(DataSplit(splits=1), of=deep)] == ["W204"]
    assert [one.code for one in said(DataSplit(splits=11), of=deep)] == ["E219"]


def test_a_file_holds_the_whole_whatever_the_stages_build() -> None:
    for stage in (LocalSearch(), DataSplit(splits=1, minibatch=1), Exact()):
        with pytest.raises(Rejected) as caught:
            check_whole(spec(WIDE, stages=(stage,)), TWELVE)
        assert [(d.code, d.message) for d in caught.value.diagnostics] == [
            ("E219", "the model would have about 4.2e+08 nonzeros")
        ]


def test_a_search_of_any_width_is_prepared_and_planned() -> None:
    own = spec(network_spec((3_000, 12), SIGNS), stages=(LocalSearch(1.0, restarts=0),))
    many = dataset([[float(v)] for v in range(300)], [0, 1] * 150)
    training = training_problem(own, many)
    made, start = prepare(training)
    assert (made.solver, made.is_asked, start.loss) == ("scip", False, 150)
    assert largest_problem(training) is None
    planned = make_plan(training_problem(own, many))
    assert planned.program is None
    assert "\nmodel       not worked out: no stage builds the exact one\n" in plan_text(planned)
    assert planned.as_json()["columns"] is planned.as_json()["layers"] is None


def test_margins_are_those_of_what_is_built() -> None:
    """All samples in one pattern, or the few of an outline."""
    shapes = {
        stage: [step.activations.shape[0] for step in problem.blocks if isinstance(step, Step)]
        for stage in (Exact(), DataSplit(splits=3), DataSplit(splits=3, minibatch=5))
        if (problem := largest_problem(TrainingProblem(spec(network_spec((2,)), stages=(LocalSearch(), stage)), TWELVE)))
    }
    assert list(shapes.values()) == [[12, 12], [12, 1], [3, 3]]


def test_no_search_is_imported() -> None:
    """`bdnnc check` asks stages what they build, and must not wait for what they search with."""
    code = "import sys, bdnnlang.run.choose; say([m for m in sys.modules if m in ('bdnnlang.search.multistart', 'scipy')])"
    assert said_by(code) == [[]]
