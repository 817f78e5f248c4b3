"""The training problem: what is asked, of which samples, and how a network is judged, in exact arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from bdnnlang.arrays import Ints
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Spec
from bdnnlang.network.losses import Loss, sample_losses
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import Rational
from bdnnlang.problem.certificate import certify, judged_outputs
from bdnnlang.problem.costs import Costs, costs_of
from bdnnlang.problem.perturbation import PerturbationSet


@dataclass(frozen=True, slots=True)
class Incumbent:
    """A network, its training loss and its penalty, which have been recomputed from it in exact arithmetic."""

    network: Network
    loss: Rational
    penalty: Rational = 0

    @property
    def objective(self) -> Rational:
        """What is minimised, and what networks are compared by."""
        return self.loss + self.penalty


@dataclass(frozen=True)
class TrainingProblem:
    """What every stage works on."""

    spec: Spec
    data: Dataset
    loss: Loss
    target: str  # the live target that solves
    delta: PerturbationSet | None = None  # the set of robust training

    @property
    def unacceptable(self) -> int:
        """A loss that no network has, whatever the weights and penalties; one that may not be used at all has more."""
        return 10**12

    @cached_property
    def costs(self) -> Costs:
        return costs_of(self.spec, self.data)

    def losses(self, network: Network) -> Ints:
        """Of each training sample, (m,); under `certified` those that no change within the set exceeds."""
        train = self.data.train
        return sample_losses(judged_outputs(network, self.spec.robust, self.delta, train), train.y, self.loss)

    def evaluate(self, network: Network) -> Rational:
        """Training loss of a network, in exact arithmetic.

        In robust training a network without its certificate is worse than every other one, so nothing ever prefers it.
        """
        train, robust = self.data.train, self.spec.robust
        loss = self.costs.loss(self.losses(network), train.y)
        if self.delta is None or robust is None or certify(network, robust, self.delta, train).complete:
            return loss
        return self.unacceptable + loss

    def accepts(self, incumbent: Incumbent) -> bool:
        """Has it the certificate that robust training asks for?"""
        return incumbent.loss < self.unacceptable

    def nominal(self, incumbent: Incumbent) -> Incumbent:
        """The same with the loss it has on the samples as they are, whatever its certificate."""
        return incumbent if self.accepts(incumbent) else replace(incumbent, loss=incumbent.loss - self.unacceptable)

    def stated(self, incumbent: Incumbent | None) -> tuple[Rational | None, Rational | None]:
        """The loss and the objective that a record states; none of a network that is not there or not accepted."""
        return (None, None) if incumbent is None or not self.accepts(incumbent) else (incumbent.loss, incumbent.objective)

    def incumbent(self, network: Network) -> Incumbent:
        """A network with all that it costs, in exact arithmetic."""
        return Incumbent(network, self.evaluate(network), self.costs.penalty(network))
