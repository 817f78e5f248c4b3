from __future__ import annotations

import pytest

from bdnnlang import targets


@pytest.fixture(params=list(targets.LIVE))
def live(request: pytest.FixtureRequest) -> str:
    """Each live target in turn; one that is not installed is skipped, and the report says so."""
    name: str = request.param
    if targets.available(name) is None:
        pytest.skip(f"{name} is not installed: {targets.LIVE[name].install}")
    return name
