"""Which network a stage ends with where validation accuracy decides. The next one starts from that of least training loss."""

from __future__ import annotations

from dataclasses import dataclass

from bdnnlang.data.dataset import Part
from bdnnlang.network.exact import outputs
from bdnnlang.network.losses import accuracy
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import Rational
from bdnnlang.problem.training import Incumbent

HANDED_ON = "selected by validation accuracy; a network of less training loss, {}, is handed on"


@dataclass
class Selection:
    """The network of greatest accuracy on a part, of equals one that is acceptable, of these the one of least objective.

    `part` None: training objectives decide, and nothing is selected here. `chosen` None: there is no network yet.
    """

    part: Part | None
    chosen: Incumbent | None

    def accuracy(self, network: Network) -> float | None:
        """On the part, if there is one."""
        return None if self.part is None else accuracy(outputs(network, self.part), self.part.y)

    def may_take(self, network: Network) -> bool:
        """Is it at least as accurate as the chosen one, if accuracy counts?"""
        return self.part is not None and (self.chosen is None or self._score(network) >= self._score(self.chosen.network))

    def is_as_accurate(self, network: Network, other: Network) -> bool:
        """As the other one, if accuracy counts?"""
        return self.part is None or self._score(network) >= self._score(other)

    def take(self, found: Incumbent) -> bool:
        """Choose a network if it comes before the chosen one; never one that breaks a requirement."""
        may_be = self.part is not None and not found.evaluation.broken
        is_first = may_be and (self.chosen is None or self._order(found) > self._order(self.chosen))
        self.chosen = found if is_first else self.chosen
        return is_first

    def _order(self, one: Incumbent) -> tuple[float, bool, Rational]:
        return self._score(one.network), one.acceptable, -one.objective

    def _score(self, network: Network) -> float:
        return self.accuracy(network) or 0.0
