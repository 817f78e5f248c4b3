"""The training problem: what is asked, of which samples, and what a network comes to, in exact arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from bdnnlang.arrays import Ints
from bdnnlang.data.dataset import Dataset, Part
from bdnnlang.language.spec import Spec
from bdnnlang.network.loss_words import Loss
from bdnnlang.network.losses import sample_losses
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import Rational, total
from bdnnlang.problem.certificate import is_complete, worst_outputs_of
from bdnnlang.problem.costs import Costs, costs_of
from bdnnlang.problem.irreducible import irreducible_loss
from bdnnlang.problem.membership import belongs, shape
from bdnnlang.problem.outputs import default_loss
from bdnnlang.problem.perturbation import PerturbationSet
from bdnnlang.problem.perturbation.resolve import resolve
from bdnnlang.problem.requirement.base import Measured
from bdnnlang.problem.requirement.requirements import Requirements
from bdnnlang.problem.requirement.resolve import resolve as resolve_requirements

Rank = tuple[bool, Rational]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a network comes to in a training problem, in exact arithmetic.

    `certified`: it has the certificate that robust training asks for, if it asks for one. `per_class`: the loss of the training
    samples of each class; together they are `loss`. `broken`: the requirements of the spec that it does not satisfy.
    """

    loss: Rational
    penalty: Rational
    certified: bool
    per_class: tuple[Rational, ...]
    broken: tuple[Measured, ...] = ()

    @property
    def acceptable(self) -> bool:
        """Has it its certificate, and breaks it no requirement?"""
        return self.certified and not self.broken

    @property
    def fault(self) -> str:
        """Why it is not acceptable."""
        said = [f"it breaks `{one.text}`: {one.words}" for one in self.broken]
        return "; ".join([*([] if self.certified else ["no certificate"]), *said])

    @property
    def objective(self) -> Rational:
        """What is minimised: the loss and the penalties."""
        return self.loss + self.penalty

    @property
    def rank(self) -> Rank:
        """What networks are ordered by, the best first: one that is not acceptable comes after all that are."""
        return not self.acceptable, self.objective


@dataclass(frozen=True, slots=True)
class Incumbent:
    """A network and what it comes to, recomputed from it in exact arithmetic."""

    network: Network
    evaluation: Evaluation

    @property
    def loss(self) -> Rational:
        return self.evaluation.loss

    @property
    def penalty(self) -> Rational:
        return self.evaluation.penalty

    @property
    def objective(self) -> Rational:
        """What is minimised. Networks are compared by `rank`, and with bounds by `reaches`."""
        return self.evaluation.objective

    @property
    def certified(self) -> bool:
        """Has it the certificate that robust training asks for, if that asks for one?"""
        return self.evaluation.certified

    @property
    def acceptable(self) -> bool:
        """Has it that certificate, and satisfies it every requirement? Only such a network is ever the one of a run."""
        return self.evaluation.acceptable

    @property
    def rank(self) -> Rank:
        return self.evaluation.rank

    def reaches(self, objective: Rational | float) -> bool:
        """Is it acceptable, and its objective at most this?"""
        return self.acceptable and self.objective <= objective

    @property
    def accepted(self) -> Incumbent | None:
        """Itself; None if it is not acceptable."""
        return self if self.acceptable else None

    @property
    def stated(self) -> tuple[Rational | None, Rational | None]:
        """Loss and objective as a record states them: neither of a network that is not acceptable."""
        return (self.loss, self.objective) if self.acceptable else (None, None)


@dataclass(frozen=True, eq=False)
class TrainingProblem:
    """What a spec asks on given data. Raises SpecError for a robust set or a requirement that means nothing on them
    (E201, E203, E212, E251).

    `evaluate` says what any network comes to of which `contains` says that it is one of the spec.

    >>> import bdnnlang as bd
    >>> spec = bd.load_spec('''
    ... bdnn 1
    ... network { weights in {-1, 0, 1}, hidden 1 }
    ... train { local_search 1s { restarts = 0 } }
    ... ''')
    >>> problem = bd.TrainingProblem(spec, bd.Dataset.from_arrays([[0], [1], [1], [2]], ["a", "a", "b", "b"]))
    >>> problem.widths, problem.loss, problem.irreducible
    ((1, 1, 1), 'zero_one', 1)
    >>> network = bd.train(spec, problem.data).network
    >>> problem.contains(network), problem.evaluate(network).loss
    (True, 1)
    """

    spec: Spec
    data: Dataset
    part_of: Dataset | None = None  # all samples, where `data` has some of them: balanced class weights are those of all

    def __post_init__(self) -> None:
        _ = self.perturbation, self.requirements

    # ---- what is asked

    @property
    def samples(self) -> Part:
        """Of the training part."""
        return self.data.train

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """d_0, …, d_L of its networks: features, hidden neurons, outputs."""
        return shape(self.spec, self.data)

    @property
    def outputs(self) -> int:
        """K: one output for two classes unless one-hot is asked for, else one per class."""
        return self.widths[-1]

    @property
    def loss(self) -> Loss:
        return default_loss(self.spec.train.loss, self.outputs)

    @cached_property
    def costs(self) -> Costs:
        """Class weights, penalties, and the lattices of the weights' domains."""
        return costs_of(self.spec, self.part_of or self.data)

    @cached_property
    def perturbation(self) -> PerturbationSet | None:
        """The set of robust training."""
        return None if self.spec.robust is None else resolve(self.spec.robust.perturbation, self.data)

    @cached_property
    def requirements(self) -> Requirements:
        """What a network must satisfy; on some of the samples only, what speaks of no samples."""
        found = resolve_requirements(self.spec, self.part_of or self.data)
        return found if self.part_of is None else found.of_networks

    @cached_property
    def irreducible(self) -> Rational:
        """No network has a lesser loss, because equal samples have different labels."""
        return irreducible_loss(self.samples, self.loss, self.outputs, self.costs)

    def on(self, rows: Ints) -> TrainingProblem:
        """The same of some of the training samples only; what an error costs stays as it is."""
        return replace(self, data=self.data.train_on(rows), part_of=self.part_of or self.data)

    # ---- what a network comes to

    def contains(self, network: Network) -> bool:
        """Is it one of the networks that the spec stands for: its shape, and each weight and bias in its domain?"""
        return belongs(network, self.spec, self.data)

    def losses(self, network: Network) -> Ints:
        """Of each training sample, (m,); under `certified` those that no change within the set exceeds."""
        judged = worst_outputs_of(network, self.spec.robust, self.perturbation, self.samples)
        return sample_losses(judged, self.samples.y, self.loss)

    def evaluate(self, network: Network) -> Evaluation:
        """Loss and penalty of a network, whether it is certified, and which requirements it breaks; in exact arithmetic."""
        per_class = self.costs.per_class(self.losses(network), self.samples.y, len(self.data.classes))
        certified = is_complete(network, self.spec.robust, self.perturbation, self.samples)
        broken = self.requirements.broken(network, self.samples)
        return Evaluation(total(per_class), self.costs.penalty(network), certified, per_class, broken)

    def incumbent(self, network: Network) -> Incumbent:
        """A network with what it comes to."""
        return Incumbent(network, self.evaluate(network))
