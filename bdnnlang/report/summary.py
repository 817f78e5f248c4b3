"""What a run came to, as data. Every number about the network is computed from the network here."""

from __future__ import annotations

import importlib.metadata
import platform
from dataclasses import dataclass, field, replace
from fractions import Fraction

from bdnnlang.compare.baselines import Compared
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Spec
from bdnnlang.network.export.network_json import NetworkFile
from bdnnlang.network.loss_words import Loss
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import Rational, shown
from bdnnlang.problem.attack import AttackResult, run_attacks
from bdnnlang.problem.certificate import Certificate
from bdnnlang.problem.class_scores import Confusion, confusions_of
from bdnnlang.problem.memory import network_bytes, preprocessing_bytes
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.report.robustness_json import certificate_of
from bdnnlang.run.records import Run

PACKAGES = ("numpy", "scikit-learn", "pyscipopt", "highspy", "ortools", "python-sat", "rich")


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one network: training loss, and the share of right classes of each part (None: there is no such part)."""

    verified_loss: Rational
    train_accuracy: float
    validation_accuracy: float | None
    test_accuracy: float | None
    verified_objective: Rational  # the loss and the penalties


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a run comes from: its spec as seen from the run folder, when it began, and the command line, if there was one."""

    spec: str
    created: str = ""  # ISO 8601, UTC
    command: str = ""


@dataclass(frozen=True)
class Summary:
    """A run, the problem it was about, and the scores of its network (None: there is no network)."""

    training: TrainingProblem
    origin: Origin
    run: Run
    scores: Scores | None
    versions: dict[str, str]
    certificate: Certificate | None = None  # of robust training
    attacks: tuple[AttackResult, ...] = ()
    baselines: tuple[Compared, ...] = ()
    confusions: dict[str, Confusion] = field(default_factory=dict)  # of each part there is; empty: there is no network

    def network_file(self, network: Network) -> NetworkFile:
        """What `network.json` holds."""
        return NetworkFile(network, self.data.features, self.data.classes, self.data.recipe.to_json())

    @property
    def spec(self) -> Spec:
        return self.training.spec

    @property
    def data(self) -> Dataset:
        return self.training.data

    @property
    def loss(self) -> Loss:
        return self.training.loss

    @property
    def irreducible(self) -> Rational:
        return self.training.irreducible

    @property
    def gap(self) -> float | None:
        """(objective − bound) / objective, 0 when they agree."""
        return relative_gap(self.scores.verified_objective, self.run.bound) if self.scores else None

    @property
    def compared(self) -> tuple[Compared, ...]:
        """The network and, after it, the models of the block `compare`; nothing if there are none."""
        if not self.baselines or self.run.best is None or self.scores is None:
            return self.baselines
        network, scores = self.run.best.network, self.scores
        preprocessing = preprocessing_bytes(self.data.recipe)
        bdnn = Compared(
            model="bdnn",
            settings=(("hidden", tuple(network.widths[1:-1])),),
            train_accuracy=scores.train_accuracy,
            validation_accuracy=scores.validation_accuracy,
            test_accuracy=scores.test_accuracy,
            bytes=network_bytes(network, self.spec.network) + preprocessing,
            preprocessing_bytes=preprocessing,
            seconds=self.run.seconds,
        )
        return (bdnn, *self.baselines)


def scores(network: Network, training: TrainingProblem, confusions: dict[str, Confusion]) -> Scores:
    """Loss and objective as in training, and accuracies of the samples as they are, in exact arithmetic."""
    evaluation = training.evaluate(network)
    return Scores(
        verified_loss=evaluation.loss,
        train_accuracy=confusions["train"].accuracy,
        validation_accuracy=_accuracy(confusions.get("validation")),
        test_accuracy=_accuracy(confusions.get("test")),
        verified_objective=evaluation.objective,
    )


def _accuracy(found: Confusion | None) -> float | None:
    return None if found is None else found.accuracy


def relative_gap(objective: Rational, bound: Rational | None) -> float | None:
    """(objective − bound) / objective, of both as they are written; None without a bound."""
    if bound is None:
        return None
    objective, bound = (Fraction(repr(shown(value))) for value in (objective, bound))
    return float((objective - bound) / objective) if objective > bound else 0.0


def attacked(training: TrainingProblem, run: Run) -> tuple[AttackResult, ...]:
    """The attacks of the spec on the network of a run."""
    return () if run.best is None else run_attacks(training.spec, training.data, run.best.network)


def summarise(
    training: TrainingProblem,
    origin: Origin,
    run: Run,
    baselines: tuple[Compared, ...] = (),
    attacks: tuple[AttackResult, ...] = (),
) -> Summary:
    """Times are rounded here, so that `run.json` and what is printed of it speak of the same ones."""
    run = replace(run, seconds=round(run.seconds, 3))
    baselines = tuple(replace(one, seconds=round(one.seconds, 3)) for one in baselines)
    if run.best is None:
        return Summary(training, origin, run, None, versions(), baselines=baselines)
    network = run.best.network
    confusions = confusions_of(network, training.data)
    found = scores(network, training, confusions)
    certificate = certificate_of(training, network)
    return Summary(training, origin, run, found, versions(), certificate, attacks, baselines, confusions)


def versions() -> dict[str, str]:
    """Python and the packages that a result may depend on, as installed."""
    installed = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            installed[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return installed
