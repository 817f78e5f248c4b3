"""The process of the solver that will be asked starts as soon as that one is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from child_python import said_by
from problems import SIGNS, dataset, network_spec, spec

from bdnnlang import cli, compiler, solve
from bdnnlang.language.spec import Interval, LocalSearch, NetworkSpec, Spec
from bdnnlang.run.schedule import prepare
from bdnnlang.run.start_ahead import foreseen, start_ahead
from bdnnlang.solve import pool

DATA = dataset([[1.0], [2.0], [3.0], [4.0], [5.0]], [0, 0, 1, 0, 1])
ODD = dataset([[1.0], [0.123456789012], [700.0]], [0, 1, 1])
INTEGER, REAL = network_spec((), SIGNS), network_spec((1,), Interval(-1.0, 1.0))


@pytest.mark.parametrize("cpsat", [False, True])
@pytest.mark.parametrize("network", [INTEGER, REAL])
@pytest.mark.parametrize("solver", ["auto", "scip", "highs"])
def test_what_is_foreseen_is_chosen(solver: str, network: NetworkSpec, cpsat: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "available", lambda name: cpsat or name != "cpsat")
    own = spec(network, solver=solver)
    guess = foreseen(own)
    assert (guess is None) == (solver == "auto" and network is INTEGER and cpsat)
    for data in (DATA, ODD):
        assert guess in (None, prepare(compiler.training_problem(own, data))[0].solver)


def test_no_stage_that_asks_no_process() -> None:
    own = spec(REAL)
    assert foreseen(replace(own, train=replace(own.train, stages=(LocalSearch(),)))) is None


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[str, ...]]]:
    calls: list[tuple[str, tuple[str, ...]]] = []
    monkeypatch.setattr(solve, "prepare", lambda name, ahead: calls.append((name, ahead)))
    return calls


def train(own: Spec, **settings: Any) -> Spec:
    return replace(own, train=replace(own.train, **settings))


def test_the_search_beside_the_solver_is_imported_where_there_is_one(prepared: list[tuple[str, tuple[str, ...]]]) -> None:
    own = spec(REAL, solver="scip")
    for other in (own, train(own, without=("guide_solver",)), train(own, formulation="paper"), train(own, solver="highs")):
        start_ahead(other)
    start_ahead(spec(INTEGER), "cpsat")
    start_ahead(spec(INTEGER), "scip")
    search = "bdnnlang.search.solver_heuristic"
    assert prepared == [
        ("scip", (search, "scipy.optimize")),
        ("scip", ()),
        ("scip", ()),
        ("highs", ()),
        ("cpsat", ()),
        ("scip", (search,)),
    ]


def test_a_run_starts_it_before_data_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pool.close_all()
    waiting: list[str] = []
    read = compiler.read_data

    def reads(*args: Any) -> Any:
        waiting.extend(needs.solver for needs in pool._spares)
        return read(*args)

    monkeypatch.setattr(compiler, "read_data", reads)
    path = tmp_path / "s.bdnn"
    path.write_text("bdnn 1\ndata random(samples=8, features=2)\nnetwork { hidden 1 }\ntrain { exact 1min }")
    assert cli.main(["run", str(path), "--out", str(tmp_path / "r")]) == 0
    assert waiting == ["scip"]


def test_starting_it_imports_nothing_heavy() -> None:
    """It is to start while they are imported."""
    code = "import sys, bdnnlang.run.start_ahead; say([m for m in ('numpy', 'scipy', 'sklearn') if m in sys.modules])"
    assert said_by(code) == [[]]
