"""The starts of a search that are trained: one mean-field training after another, the noises by turns.

Source  docs/models.md 4.4. Trainings are counted, as lines are: in the seconds that an ordinary machine takes. One has as many
        steps as suit the problem; where the limit of the stage is short, half as many, or half of that again: so the same limit
        gives the same steps on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from math import prod

from bdnnlang.language.spec import LocalSearch
from bdnnlang.network.network import Network
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.meanfield import NOISES, defaults, train

STREAM = 2  # beside the seed: other draws than those of descents
STEP, STEP_WEIGHT = 1.5e-4, 4e-8  # seconds for a step, and for each weight of the network in it, measured
SHARE = 0.3  # of the time of a stage, at most, for one training
FEWEST = 100  # steps


@dataclass
class MeanFieldStarts:
    """Trainings of one problem; `seconds`: the limit of the stage, None without one."""

    training: TrainingProblem
    settings: LocalSearch
    seconds: float | None = None
    count: int = 0  # of those that came to their end
    effort: float = 0.0

    def __post_init__(self) -> None:
        usual, own = defaults(self.training), self.settings
        self.noises = NOISES if own.noise is None else (own.noise,)
        step = STEP + STEP_WEIGHT * sum(map(prod, pairwise(self.training.widths)))
        steps = usual.steps if own.steps is None else own.steps
        while own.steps is None and self.seconds is not None and steps > FEWEST and steps * step > SHARE * self.seconds:
            steps //= 2
        self.usual, self.next_effort = replace(usual, steps=steps), steps * step

    def train(self, is_over: Callable[[], bool]) -> Network | None:
        """The network of the next training; None: it was over before its end."""
        noise = self.noises[self.count % len(self.noises)]
        seed = (self.training.spec.train.seed, STREAM, self.count)
        network = train(self.training, replace(self.usual, noise=noise), seed, is_over)
        if network is not None:
            self.count, self.effort = self.count + 1, self.effort + self.next_effort
        return network

    @property
    def note(self) -> str:
        """What was done."""
        noises = ", ".join(f"{noise:g}" for noise in self.noises[: self.count])
        return f"{self.count:,} starts from mean-field training of {self.usual.steps:,} steps, noise {noises}"
