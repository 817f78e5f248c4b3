"""All requirements of a spec on given data: what a network comes to, exactly, and which of them it breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from bdnnlang.data.dataset import Part
from bdnnlang.language.kinds import Columns
from bdnnlang.language.printing import requirement_text, value_text
from bdnnlang.network.exact import outputs
from bdnnlang.network.losses import classify
from bdnnlang.network.network import Network
from bdnnlang.problem.requirement.base import Inequality, Measured
from bdnnlang.problem.requirement.gaps import Gap
from bdnnlang.problem.requirement.predictions import Rate
from bdnnlang.problem.requirement.signs import Monotone, Never
from bdnnlang.problem.requirement.sizes import Size
from bdnnlang.source import Span

Resolved = Rate | Gap | Size | Monotone | Never


@dataclass(frozen=True)
class Requirements:
    """`all`: in the order of the spec. Of predictions are those that speak of samples, of the network itself the others."""

    all: tuple[Resolved, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.all)

    @property
    def of_predictions(self) -> tuple[Rate | Gap, ...]:
        return tuple(one for one in self.all if isinstance(one, Rate | Gap))

    @property
    def of_networks(self) -> Requirements:
        """Those that speak of no samples."""
        return Requirements(tuple(one for one in self.all if not isinstance(one, Rate | Gap)))

    def measured(self, network: Network, part: Part) -> tuple[Measured, ...]:
        """What each comes to on some samples, in exact arithmetic."""
        predicted = classify(outputs(network, part)) if self.of_predictions else None
        found = []
        for one in self.all:
            match one:
                case Rate() | Gap():
                    assert predicted is not None
                    value = one.measure(predicted, part)
                case Size() | Monotone() | Never():
                    value = one.measure(network)
                case _:
                    assert_never(one)
            found.append(Measured(text_of(one), value, one.limit, span_of(one)))
        return tuple(found)

    def broken(self, network: Network, part: Part) -> tuple[Measured, ...]:
        """Those that a network does not satisfy."""
        return tuple(one for one in self.measured(network, part) if not one.holds) if self.all else ()

    def inequalities(self, part: Part) -> list[tuple[Rate | Gap, Sequence[Inequality]]]:
        """Those of predictions in whole numbers."""
        return [(one, one.inequalities(part)) for one in self.of_predictions]


def text_of(one: Resolved) -> str:
    """As the spec has it."""
    if isinstance(one, Never):
        return f"never = {value_text(Columns(), one.columns)}"
    return requirement_text(one.statement)


def span_of(one: Resolved) -> Span | None:
    """Its place in the spec."""
    return one.columns[0].span if isinstance(one, Never) else one.statement.span
