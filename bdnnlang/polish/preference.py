"""What a network comes to in what is preferred among networks of one objective (docs/models.md 9)."""

from __future__ import annotations

from typing import assert_never

from bdnnlang.language.spec import PreferenceKind
from bdnnlang.network.margin import layer_margins
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import Rational, total
from bdnnlang.problem.training import TrainingProblem


def preference_value(training: TrainingProblem, network: Network, kind: PreferenceKind) -> Rational:
    """The margin of a network, or how many of its weights are not 0."""
    match kind:
        case "margin":
            return total(margins(training, network))
        case "sparsity":
            return sum(int((layer.weights != 0).sum()) for layer in network.layers)
        case _:
            assert_never(kind)


def margins(training: TrainingProblem, network: Network) -> tuple[Rational, ...]:
    """Of its layers, on the training samples."""
    spec = training.spec.network
    free = [layer.biases is None and spec.thresholds != "zero" for layer in spec.layers]
    return layer_margins(network, training.samples, free)
