"""Requirements on how much of a network there is: features, inputs, nonzeros, neurons, bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from bdnnlang.device.size.code_bytes import CodeBytes, uses_of
from bdnnlang.language.spec import Bytes, Features, Inputs, Neurons, Nonzeros
from bdnnlang.network.network import Network
from bdnnlang.problem.requirement.base import Limit

Statement = Features | Inputs | Nonzeros | Neurons | Bytes


@dataclass(frozen=True, slots=True)
class Size:
    """A number of weights, features, neurons or bytes, which has to be at most the limit."""

    statement: Statement
    code: CodeBytes

    @property
    def limit(self) -> Limit:
        return Limit(self.statement.most)

    def measure(self, network: Network) -> int:
        used = [layer.weights != 0 for layer in network.layers]
        uses = uses_of(used)
        match self.statement:
            case Features():
                return int(uses.features)
            case Inputs():
                return int(used[0].sum(axis=1).max())
            case Nonzeros():
                return int(sum(uses.weights))
            case Neurons():  # of hidden layers: a neuron needs a weight to it and one from it
                return int(sum(uses.neurons))
            case Bytes():
                return int(self.code.of(uses))
            case _:
                assert_never(self.statement)
