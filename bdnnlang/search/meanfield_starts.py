"""The starts of a search that are trained by mean-field training, with much noise or little.

Source  docs/models.md 4.4. The first start of a wide network falls from much noise to none until the loss is near its floor or
        falls no further, and is the best of these trainings: the most noise that the samples can be learned with generalises
        best, and moves cannot make up for too much of it. Later starts take that noise and the others by turns. Trainings are
        counted, as lines are: in the seconds that an ordinary machine takes. One has as many steps as suit the problem; where
        the limit of the stage is short, half as many, or half of that again: so the same limit gives the same steps on every
        machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import inf, prod

from bdnnlang.language.spec import LocalSearch
from bdnnlang.network.network import Network
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.search.meanfield import FALLING, NOISES, defaults, is_wide, train

STREAM = 2  # beside the seed: other draws than those of descents
STEP, STEP_WEIGHT = 1.5e-4, 4e-8  # seconds for a step, and for each weight of the network in it, measured
SHARE = 0.4  # of the time of a stage, at most, for one training …
SHARE_FIRST = 0.5  # … and until when the first start begins another one
MADE_UP = 0.01  # of the samples: a loss that moves make up for
FEWEST = 100  # steps


@dataclass
class MeanFieldStarts:
    """Trainings of one problem; `seconds`: the limit of the stage, None without one."""

    training: TrainingProblem
    settings: LocalSearch
    seconds: float | None = None
    count: int = 0  # of those that came to their end
    effort: float = 0.0
    used: list[float] = field(default_factory=list)  # noises, of each that came to its end

    def __post_init__(self) -> None:
        usual, own = defaults(self.training), self.settings
        self.noises: tuple[float, ...] = NOISES if own.noise is None else (own.noise,)
        step = STEP + STEP_WEIGHT * sum(map(prod, pairwise(self.training.widths)))
        steps = usual.steps if own.steps is None else own.steps
        while own.steps is None and self.seconds is not None and steps > FEWEST and steps * step > SHARE * self.seconds:
            steps //= 2
        self.usual, self.next_effort = replace(usual, steps=steps), steps * step

    def train(self, is_over: Callable[[], bool], effort: float = inf) -> Network | None:
        """The network of the next start, which begins no training beyond so much effort; None: none came to its end."""
        if self.count or self.settings.noise is not None or not is_wide(self.training):
            return self._train(self.noises[self.count % len(self.noises)], is_over)
        return self._first(is_over, effort if self.seconds is None else min(effort, SHARE_FIRST * self.seconds))

    def _first(self, is_over: Callable[[], bool], effort: float) -> Network | None:
        """The best network of falling noise, which then takes turns with the others."""
        best: Incumbent | None = None
        few = float(self.training.irreducible) + MADE_UP * len(self.training.samples)
        for noise in FALLING:
            network = self._train(noise, is_over)
            found = None if network is None else self.training.incumbent(network)
            if found is None or (best is not None and best.rank <= found.rank):
                break
            best, self.noises = found, _by_turns(noise)
            if found.reaches(few) or self.effort + self.next_effort > effort:
                break
        return None if best is None else best.network

    def _train(self, noise: float, is_over: Callable[[], bool]) -> Network | None:
        seed = (self.training.spec.train.seed, STREAM, self.count)
        network = train(self.training, replace(self.usual, noise=noise), seed, is_over)
        if network is not None:
            self.count, self.effort = self.count + 1, self.effort + self.next_effort
            self.used.append(noise)
        return network

    @property
    def note(self) -> str:
        """What was done."""
        noises = ", ".join(f"{noise:g}" for noise in dict.fromkeys(self.used))
        return f"{self.count:,} starts from mean-field training of {self.usual.steps:,} steps, noise {noises}"


def _by_turns(best: float) -> tuple[float, ...]:
    """One noise, and after it each of the others."""
    return tuple(noise for other in NOISES if other != best for noise in (best, other))
