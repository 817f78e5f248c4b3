"""What a run without CP-SAT is told about it: never more than applies here."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from fakes import install, says
from problems import SIGNS, dataset, network_spec, spec

from bdnnlang import solve
from bdnnlang.budget import Interrupt
from bdnnlang.language.spec import Interval, Penalty, Spec
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.report.as_json import result_json
from bdnnlang.report.plan import make_plan, plan_text
from bdnnlang.report.summary import summarise
from bdnnlang.report.terminal import print_report
from bdnnlang.run.choose import Choice
from bdnnlang.run.schedule import prepare, run
from bdnnlang.solve.outcome import Status

DATA = dataset([[1.0], [2.0], [3.0], [4.0], [5.0]], [0, 0, 1, 0, 1])
ODD = dataset([[1.0], [0.123456789012], [700.0]], [0, 1, 1])
INTEGER = network_spec((), SIGNS)
START = "integer network on lattice data: CP-SAT ("
PIP = "`pip install ortools`"


def without_cpsat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "available", lambda name: None if name == "cpsat" else "1.0")


def with_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "available", lambda name: "1.0")


def choice(of: Spec) -> Choice:
    return prepare(of, DATA)[1]


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
        assert prepare(spec(INTEGER, solver=solver), ODD)[1].advice == ""


def report(of: Spec, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str | None]:
    """The report on one line, and what the json has."""
    install(monkeypatch, lambda call: says(Status.NO_SOLUTION))
    done = run(of, DATA, emit=lambda fact: None, interrupt=Interrupt())
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
    plan = make_plan(spec(INTEGER), DATA)
    assert plan.solver_advice is not None
    assert f"\nalso        {plan.solver_advice}\n" in plan_text(plan)
    with_all(monkeypatch)
    plan = make_plan(spec(INTEGER), DATA)
    assert plan.solver_advice is None
    assert START not in plan_text(plan)
