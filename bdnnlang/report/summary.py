"""What a run came to, as data. Every number about the network is computed from the network here."""

from __future__ import annotations

import importlib.metadata
import platform
from dataclasses import dataclass

from bdnnlang.data.types import Dataset, Part
from bdnnlang.network import Loss, Network, accuracy, outputs, sample_losses
from bdnnlang.runtime.attack import AttackResult, run_attacks
from bdnnlang.runtime.certificate import Certificate
from bdnnlang.runtime.robustness import certificate_of
from bdnnlang.runtime.types import Run
from bdnnlang.spec.types import Spec

PACKAGES = ("numpy", "scikit-learn", "pyscipopt", "highspy", "ortools")


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one network: training loss, and the share of right classes of each part (None: there is no such part)."""

    verified_loss: int
    train_accuracy: float
    validation_accuracy: float | None
    test_accuracy: float | None


@dataclass(frozen=True)
class Summary:
    """A run, the spec and data it was about, and the scores of its network (None: there is no network)."""

    spec: Spec
    spec_path: str
    data: Dataset
    run: Run
    loss: Loss
    scores: Scores | None
    versions: dict[str, str]
    certificate: Certificate | None = None  # of robust training
    attacks: tuple[AttackResult, ...] = ()

    @property
    def gap(self) -> float | None:
        """(loss − bound) / loss, 0 when they agree."""
        return relative_gap(self.scores.verified_loss, self.run.bound) if self.scores else None


def scores(network: Network, data: Dataset, loss: Loss) -> Scores:
    """Loss and accuracies, in exact arithmetic."""
    bits = outputs(network, data.train)
    return Scores(
        verified_loss=int(sample_losses(bits, data.train.y, loss).sum()),
        train_accuracy=accuracy(bits, data.train.y),
        validation_accuracy=_accuracy(network, data.validation),
        test_accuracy=_accuracy(network, data.test),
    )


def _accuracy(network: Network, part: Part | None) -> float | None:
    return None if part is None else accuracy(outputs(network, part), part.y)


def relative_gap(loss: int, bound: int | None) -> float | None:
    """(loss − bound) / loss; None without a bound."""
    if bound is None:
        return None
    return (loss - bound) / loss if loss > bound else 0.0


def summarise(spec: Spec, spec_path: str, data: Dataset, run: Run, loss: Loss) -> Summary:
    if run.best is None:
        return Summary(spec, spec_path, data, run, loss, None, versions())
    network = run.best.network
    certificate, attacks = certificate_of(spec, data, network), run_attacks(spec, data, network)
    return Summary(spec, spec_path, data, run, loss, scores(network, data, loss), versions(), certificate, attacks)


def versions() -> dict[str, str]:
    """Python and the packages that a result may depend on, as installed."""
    installed = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            installed[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return installed
