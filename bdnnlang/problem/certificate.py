"""What is proved of a network within a perturbation set, sample by sample, in exact arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Bits
from bdnnlang.data.dataset import Part
from bdnnlang.language.spec import RobustSpec
from bdnnlang.network.exact import activations, outputs
from bdnnlang.network.losses import classify, label_bits
from bdnnlang.network.network import Network
from bdnnlang.problem.perturbation import PerturbationSet
from bdnnlang.problem.sure_and_possible import keeps, sure_and_possible


@dataclass(frozen=True, slots=True)
class Certificate:
    """Of `of` samples, `kept` keep all first-layer activations within the set, and `certified` a right class whatever changes.

    `right` are of the right class as they are. `demands` tells whether the method asks for the activations of all of them.
    """

    kept: int
    certified: int
    right: int
    of: int
    demands: bool

    @property
    def complete(self) -> bool:
        return self.kept == self.of or not self.demands


def certify(network: Network, robust: RobustSpec, delta: PerturbationSet, part: Part) -> Certificate:
    """The certificate of the spec's method on the samples of `part`."""
    bits = activations(network, part)
    steady = keeps(network.layers[0], delta, part, bits[0]).all(axis=1)
    right = classify(bits[-1]) == part.y
    demands = robust.method == "pattern"
    sure = steady & right if demands else classify(worst_outputs(network, delta, part)) == part.y
    return Certificate(int(steady.sum()), int(sure.sum()), int(right.sum()), len(part.y), demands)


def worst_outputs(network: Network, delta: PerturbationSet, part: Part) -> Bits:
    """Output bits (m, K) that are as bad for each sample as intervals allow: its own one surely on, the others possibly.

    What is right of them, class or bit, is right for every change within the set.
    """
    sure, possible = sure_and_possible(network, delta, part)[-1]
    return np.where(label_bits(part.y, sure.shape[1]) == 1, sure, possible)


def is_complete(network: Network, robust: RobustSpec | None, delta: PerturbationSet | None, part: Part) -> bool:
    """Has the network the certificate that training with this set asks for, on all samples? True where none is asked for."""
    if robust is None or delta is None or robust.method != "pattern":
        return True
    first = network.layers[0]
    return bool(keeps(first, delta, part, activations(Network((first,)), part)[0]).all())


def worst_outputs_of(network: Network, robust: RobustSpec | None, delta: PerturbationSet | None, part: Part) -> Bits:
    """The output bits (m, K) that the training loss counts: under `certified` the worst ones, else those of the samples."""
    if robust is None or delta is None or robust.method != "certified":
        return outputs(network, part)
    return worst_outputs(network, delta, part)
