from __future__ import annotations

from pathlib import Path

import pytest

from bdnnlang import solve
from bdnnlang.solve import Accepts, SolverModule


@pytest.fixture(params=list(solve.SOLVERS))
def solver(request: pytest.FixtureRequest) -> str:
    """Each solver in turn; one that is not installed is skipped, and the report says so."""
    name: str = request.param
    if not solve.available(name):
        pytest.skip(f"{name} is not installed: {solve.SOLVERS[name].install}")
    return name


@pytest.fixture
def fake_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.setitem(solve.SOLVERS, "fake", SolverModule("fake_solver", "fake_solver", "fake", "", Accepts()))
