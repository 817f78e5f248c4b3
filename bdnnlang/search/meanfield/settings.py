"""How one start of mean-field training goes, and what has proved good for a size and a loss."""

from __future__ import annotations

from dataclasses import dataclass

from bdnnlang.problem.training import TrainingProblem

NOISES = (0.5, 0.1, 0.3, 0.0, 0.7)  # of one start after another: much and little, as one of the two is far better on most data
STEPS = 1_500


@dataclass(frozen=True, slots=True)
class MeanFieldSettings:
    """`steps`: minibatch updates. `noise`: of the inputs, in their standard deviations. `batch`: samples of a minibatch.

    `rate`: of Adam at the beginning, in halves of a domain's range; it falls to 0 by a cosine.
    """

    steps: int = STEPS
    noise: float = NOISES[0]
    batch: int = 64
    rate: float = 0.05


def defaults(training: TrainingProblem) -> MeanFieldSettings:
    """Good for the size and the loss of a problem; later starts take the other NOISES in turn."""
    return MeanFieldSettings()
