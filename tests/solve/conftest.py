from __future__ import annotations

import pytest

from bdnnlang import solve


@pytest.fixture(params=list(solve.LIVE))
def live(request: pytest.FixtureRequest) -> str:
    """Each live target in turn; one that is not installed is skipped, and the report says so."""
    name: str = request.param
    if solve.available(name) is None:
        pytest.skip(f"{name} is not installed: {solve.LIVE[name].install}")
    return name
