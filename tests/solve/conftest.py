from __future__ import annotations

from pathlib import Path

import pytest

from bdnnlang import solve
from bdnnlang.solve import Accepts, Library, SolverModule


@pytest.fixture(params=list(solve.SOLVERS))
def solver(request: pytest.FixtureRequest) -> str:
    """Each solver in turn; one that is not installed is skipped, and the report says so."""
    name: str = request.param
    if not solve.available(name):
        pytest.skip(f"{name} is not installed: {solve.SOLVERS[name].install}")
    return name


@pytest.fixture
def library(solver: str) -> str:
    """Each solver that is a library."""
    if not isinstance(solve.SOLVERS[solver].brought, Library):
        pytest.skip(f"{solver} is a program, which starts anew for each solve")
    return solver


@pytest.fixture
def fake_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.setitem(solve.SOLVERS, "fake", SolverModule("fake_solver", Library("fake_solver", "fake"), "", Accepts()))
