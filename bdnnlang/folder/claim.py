"""A statement of a run folder beside what it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bdnnlang.strict_json import same


@dataclass(frozen=True, slots=True)
class Claim:
    """What a run folder says, beside what it comes to now; `why_not`: the reason why that cannot be checked."""

    name: str
    stated: Any
    found: Any
    why_not: str = ""

    @property
    def holds(self) -> bool:
        return same(self.stated, self.found)
