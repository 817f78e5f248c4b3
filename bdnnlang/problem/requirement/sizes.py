"""Requirements on how much of a network there is: features, inputs, nonzeros, neurons, bytes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import assert_never

from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.language.spec import Bytes, Features, Inputs, NetworkSpec, Neurons, Nonzeros
from bdnnlang.network.network import Network
from bdnnlang.problem.memory import network_bytes, preprocessing_bytes
from bdnnlang.problem.requirement.base import Limit

Statement = Features | Inputs | Nonzeros | Neurons | Bytes


@dataclass(frozen=True, slots=True)
class Size:
    """A number of weights, features, neurons or bytes, which has to be at most the limit."""

    statement: Statement
    spec: NetworkSpec
    recipe: Recipe

    @property
    def limit(self) -> Limit:
        return Limit(self.statement.most)

    def measure(self, network: Network) -> int:
        used = [layer.weights != 0 for layer in network.layers]
        match self.statement:
            case Features():
                return int(used[0].any(axis=0).sum())
            case Inputs():
                return int(used[0].sum(axis=1).max())
            case Nonzeros():
                return sum(int(layer.sum()) for layer in used)
            case Neurons():  # of hidden layers: a neuron needs a weight to it and one from it
                return sum(int((below.any(axis=1) & above.any(axis=0)).sum()) for below, above in pairwise(used))
            case Bytes():
                return network_bytes(network, self.spec) + preprocessing_bytes(self.recipe)
            case _:
                assert_never(self.statement)
