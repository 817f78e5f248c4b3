from __future__ import annotations

from pathlib import Path

import pytest

from bdnnlang import solve
from bdnnlang.solve import Accepts, Live


@pytest.fixture(params=list(solve.LIVE))
def live(request: pytest.FixtureRequest) -> str:
    """Each live target in turn; one that is not installed is skipped, and the report says so."""
    name: str = request.param
    if solve.available(name) is None:
        pytest.skip(f"{name} is not installed: {solve.LIVE[name].install}")
    return name


@pytest.fixture
def fake_target(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.setitem(solve.LIVE, "fake", Live("fake_target", "fake_target", "fake", "", Accepts()))
