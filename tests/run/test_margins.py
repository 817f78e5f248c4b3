"""E210 and W203: margins that the big-M of the rows swallows, or that it makes wide; in the form that is solved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from problems import SIGNS, dataset, network_spec, spec

from bdnnlang import cli
from bdnnlang.data.dataset import Dataset
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import Formulation, Interval, Spec, WeightDomain
from bdnnlang.model import passes
from bdnnlang.model.build import build_spec
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.run.choose import margin_diagnostics
from bdnnlang.run.errors import MarginTooSmall

WIDE = dataset([[400.0, 1.5], [-300.0, 0.5], [1000.0, 0.0]], [0, 1, 0])  # M = 2 · (1000 + …) beyond 2,000
UNIT = dataset([[0.4, 0.5], [-0.25, 0.5], [1.0, 0.0]], [0, 1, 0])


REALS = Interval(-1.0, 1.0)


def told(
    margin: float | None,
    formulation: Formulation = "tight",
    without: tuple[str, ...] = (),
    weights: WeightDomain = REALS,
    data: Dataset = WIDE,
    hidden: tuple[int, ...] = (2,),
) -> list[tuple[str, str]]:
    """Codes and hints."""
    own: Spec = spec(network_spec(hidden, weights))
    own = replace(own, train=replace(own.train, margin=margin, formulation=formulation, without=without))
    line = passes.pipeline(formulation, implications=False, without=without)
    try:
        found = margin_diagnostics(own, passes.lower(build_spec(TrainingProblem(own, data)), line.forms))
    except Rejected as rejected:
        found = rejected.diagnostics
    return [(one.code, one.hint or "") for one in found]


def codes(*args: object, **named: object) -> list[str]:
    return [code for code, _ in told(*args, **named)]  # type: ignore[arg-type]


@pytest.mark.parametrize(("formulation", "without"), [("paper", ()), ("tight", ("unit_rows",))])
def test_a_margin_below_the_tolerance_of_its_rows_is_refused(formulation: Formulation, without: tuple[str, ...]) -> None:
    ((code, hint),) = told(0.001, formulation, without)
    assert code == "E210"
    assert hint == "write `margin = 0.02`, `scale minmax`, or `formulation = tight` with its pass `unit_rows`"
    assert codes(0.02, formulation, without) == []


def test_with_unit_rows_the_margin_is_relative() -> None:
    assert codes(0.001) == codes(1e-4) == []
    assert codes(1e-5, hidden=()) == []  # 1e-5 of M = 1
    assert codes(9e-6, hidden=()) == ["E210"]


def test_deeper_layers_have_constants_of_their_own() -> None:
    """Two products of at most 1 and a bias that matters up to −2: M = 2, so that 1e-5 is too little."""
    ((code, hint),) = told(1e-5, data=UNIT)
    assert code == "E210"
    assert hint == "write `margin = 2e-05`"
    assert codes(2e-5, data=UNIT) == []


def test_all_layers_are_told_at_once() -> None:
    assert codes(1e-6, "paper") == ["E210", "E210"]


def test_on_a_lattice_with_its_pass_there_is_no_margin() -> None:
    assert codes(1e-9, "tight", weights=SIGNS) == []


@pytest.mark.parametrize(
    ("formulation", "without", "in_the_second"), [("paper", (), "5e-05"), ("tight", ("lattice_gap", "unit_rows"), "3e-05")]
)
def test_on_a_lattice_without_its_pass_a_small_margin_would_be_the_threshold(
    formulation: Formulation, without: tuple[str, ...], in_the_second: str
) -> None:
    """M of the second layer is 5, and 3 by the bounds of `tight`."""
    first, second = told(1e-9, formulation, without, SIGNS)
    assert (first[0], second) == ("E210", ("E210", f"write `margin = {in_the_second}`"))
    assert first[1].startswith("write `margin = 0.02`")
    assert codes(0.02, formulation, without, SIGNS) == []


def test_no_more_than_the_unit_of_a_lattice_is_asked_for() -> None:
    """A finer lattice than solvers can tell: its unit is all that there is, which is a warning by itself."""
    fine = dataset([[1000.0, 0.001], [0.0, 0.0], [500.0, 0.001]], [0, 1, 0])
    hint = told(1e-9, "paper", weights=SIGNS, data=fine)[0][1]
    assert hint.startswith("write `margin = 0.001`, ")
    assert codes(0.001, "paper", weights=SIGNS, data=fine) == codes(None, "paper", weights=SIGNS, data=fine) == ["W207"]


def test_a_wide_margin_by_default_is_a_warning_where_it_is_one() -> None:
    assert codes(None, "paper") == codes(None, "tight", ("unit_rows",)) == ["W203"]
    assert codes(None, "tight") == []
    assert codes(0.5, "paper") == []  # asked for


@pytest.mark.parametrize("verb", [["check"], ["plan"], ["compile", "-o", "-"], ["run"]], ids=lambda verb: verb[0])
def test_every_verb_that_needs_the_model_refuses(verb: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "small.bdnn").write_text(MarginTooSmall.bad)
    assert cli.main([verb[0], str(tmp_path / "small.bdnn"), *verb[1:]]) == 1
    assert "error[E210]" in capsys.readouterr().err
