"""The front of loss and bytes, from runs that each may use so many bytes; nothing is solved here.

Source  the ε-constraint method (Haimes, Lasdon and Wismer 1971): the least objective under `bytes <= k`, k below the bytes of the
        network before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from bdnnlang.network.numbers import Rational


@dataclass(frozen=True, slots=True)
class Solved:
    """What a run under `bytes <= limit` came to, without a limit where that is None.

    No network within the limit, of those with at least `margin` if that is not None, has a lesser objective than `bound`; there
    is none at all where that is infinite. Loss, objective and bytes are recomputed from the network, None where there is none.
    """

    limit: int | None
    loss: Rational | None
    objective: Rational | None
    bytes: int | None
    bound: Rational | float
    margin: float | None = None
    seconds: float = 0.0
    accuracies: tuple[tuple[str, float], ...] = ()  # of the parts there are
    nonzeros: int = 0
    folder: str = ""
    interrupted: bool = False

    def holds_for(self, size: int) -> bool:
        """Does the bound speak of all networks of at most so many bytes?"""
        return self.limit is None or self.limit >= size


@dataclass(frozen=True, slots=True)
class FrontPoint:
    """A network that none of the others beats in both; `bound`: of all networks of at most its bytes."""

    solved: Solved
    bound: Rational | float
    margin: float | None  # the bound is of networks with at least this; None: of all
    is_least: bool  # no network of fewer bytes has as little an objective, proved

    @property
    def is_optimal(self) -> bool:
        """No network of at most as many bytes has a lesser objective: proved, for the margin."""
        return self.solved.objective is not None and self.bound >= self.solved.objective


@dataclass
class Tracing:
    """The runs so far; `least`: bytes that any network takes, `most`: how many runs there may be."""

    least: int
    most: int
    solved: list[Solved] = field(default_factory=list)

    def trace(self, solve: Callable[[int | None, int], Solved]) -> Iterator[Solved]:
        """Run after run, each with fewer bytes than the network before; `solve` is told the limit and how many runs are left.

        All bytes are gone through if there are enough runs, else steps are as wide as to reach the least.
        """
        limit: int | None = None
        for left in range(self.most, 0, -1):
            found = solve(limit, left)
            self.solved.append(found)
            yield found
            if found.interrupted or found.bytes is None or found.bytes <= self.least or left == 1:
                return
            limit = found.bytes - max(1, (found.bytes - self.least) // (left - 1))


def front(solved: Sequence[Solved], least: int) -> list[FrontPoint]:
    """The networks that no other beats, most bytes first."""
    found: list[FrontPoint] = []
    for one in solved:
        if one.bytes is not None and not any(_beats(other, one, earlier=k < i) for i, k, other in _others(solved, one)):
            bound, margin = _bound(solved, one, one.bytes)
            found.append(FrontPoint(one, bound, margin, _is_least(solved, one, least)))
    return sorted(found, key=lambda point: -(point.solved.bytes or 0))


def _others(solved: Sequence[Solved], one: Solved) -> Iterator[tuple[int, int, Solved]]:
    place = next(i for i, other in enumerate(solved) if other is one)
    return ((place, k, other) for k, other in enumerate(solved) if other is not one)


def _beats(other: Solved, one: Solved, *, earlier: bool) -> bool:
    """Is it no worse in both, and better in one, or the same and known before?"""
    if other.bytes is None or other.objective is None or one.bytes is None or one.objective is None:
        return False
    no_worse = other.bytes <= one.bytes and other.objective <= one.objective
    return no_worse and (earlier or (other.bytes, other.objective) != (one.bytes, one.objective))


def _bound(solved: Sequence[Solved], one: Solved, size: int) -> tuple[Rational | float, float | None]:
    """The greatest bound that speaks of networks of so many bytes; of all networks, if that is enough."""
    speaking = [other for other in solved if other.holds_for(size)]
    of_all = max((other.bound for other in speaking if other.margin is None), default=Fraction(0))
    best = max(speaking, key=lambda other: other.bound)
    if (one.objective is not None and of_all >= one.objective) or best.bound <= of_all:
        return of_all, None
    return best.bound, best.margin


def _is_least(solved: Sequence[Solved], one: Solved, least: int) -> bool:
    if one.bytes is None or one.objective is None:
        return False
    return one.bytes <= least or any(
        other.bound > one.objective for other in solved if other.margin is None and other.holds_for(one.bytes - 1)
    )
