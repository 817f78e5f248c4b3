"""How one start of mean-field training goes, and what has proved good for a size and a loss."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bdnnlang.problem.training import TrainingProblem

FALLING = (0.5, 0.1, 0.0)  # noises of the first start, until the loss falls no further
NOISES = (0.5, 0.1, 0.3, 0.0, 0.7)  # of later starts: much and little, as one of the two is far better on most data
STEPS = 1_500
FEW = 32  # hidden neurons up to which larger and more steps pay: on ten digits 10 neurons are left with half the errors
STEPS_OF_FEW, RATE_OF_FEW = 6_000, 0.1
EPOCHS, MOST_STEPS = 10, 20_000  # how often each sample is seen at least, if that takes no more than so many steps


@dataclass(frozen=True, slots=True)
class MeanFieldSettings:
    """`steps`: minibatch updates. `noise`: of each input, in its standard deviations. `batch`: samples of a minibatch.

    `rate`: of Adam at the beginning, in halves of a domain's range; it falls to 0 by a cosine.
    """

    steps: int = STEPS
    noise: float = NOISES[0]
    batch: int = 64
    rate: float = 0.05


def is_wide(training: TrainingProblem) -> bool:
    """Has a hidden layer so many neurons that one training is nearly all there is to do?"""
    return max(training.widths[1:-1], default=0) > FEW


def defaults(training: TrainingProblem) -> MeanFieldSettings:
    """Good for the size of a problem; the noise is that of the first training.

    Much noise is best for accuracy on pictures (0.5 on digits, for `zero_one` and `hamming`), little for a small loss, and where
    few features matter (0 to 0.1 on iris and random sets).
    """
    usual = MeanFieldSettings()
    epochs = min(EPOCHS * -(-len(training.samples) // usual.batch), MOST_STEPS)
    if is_wide(training):
        return replace(usual, steps=max(STEPS, epochs))
    return replace(usual, steps=max(STEPS_OF_FEW, epochs), rate=RATE_OF_FEW)
