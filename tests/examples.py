"""How many examples a property test tries: some in every run of the tests, all of them in `make slow` and `make fuzz`."""

from __future__ import annotations

from hypothesis import settings

WHOLE = 100  # what hypothesis tries where a test does not say, hence a profile that tries all


def examples(number: int) -> int:
    """So many of `number` as the profile has of 100."""
    return max(1, number * settings.default.max_examples // WHOLE)
