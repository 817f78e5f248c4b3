"""Trainings as the starts of a search: their noises and steps by turns, counted, and dropped where they come to no end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

import numpy as np
import pytest
from problems import dataset, network_spec, spec

from bdnnlang.language.spec import LocalSearch
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search import meanfield_starts
from bdnnlang.search.meanfield import FALLING, NOISES, MeanFieldSettings, defaults
from bdnnlang.search.meanfield_starts import FEWEST, SHARE, MeanFieldStarts
from bdnnlang.search.multistart import never

NETWORK = Network((Layer(np.array([[1.0]]), np.array([0.0])),))
PROBLEM = TrainingProblem(spec(network_spec((40,))), dataset([[0.0], [1.0], [2.0], [3.0]], [0, 0, 0, 1]))
STEPS = defaults(PROBLEM).steps


@dataclass
class Trainer:
    """Stands for `train`; what it was asked for."""

    settings: list[MeanFieldSettings] = field(default_factory=list)
    seeds: list[tuple[int, ...]] = field(default_factory=list)
    networks: list[Network] = field(default_factory=lambda: [NETWORK])  # one after another

    def __call__(
        self, training: TrainingProblem, settings: MeanFieldSettings, seed: tuple[int, ...], is_over: Callable[[], bool]
    ) -> Network | None:
        self.settings.append(settings)
        self.seeds.append(seed)
        return None if is_over() else self.networks[(len(self.seeds) - 1) % len(self.networks)]


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> Trainer:
    made = Trainer()
    monkeypatch.setattr(meanfield_starts, "train", made)
    return made


def wrong_on(count: int) -> Network:
    """A network that is wrong on so many samples of PROBLEM."""
    return Network((Layer(np.array([[1.0]]), np.array([count - 3.0])),))


def noises_of(starts: MeanFieldStarts, trainer: Trainer, count: int) -> list[float]:
    """Of so many starts."""
    for _ in range(count):
        starts.train(never)
    return [one.noise for one in trainer.settings]


@pytest.mark.parametrize(
    ("losses", "trained", "best"), [([2, 1, 1], 3, 1), ([2, 2, 0], 2, 0), ([0, 1, 1], 1, 0), ([1, 2, 0], 2, 0), ([3, 2, 1], 3, 2)]
)
def test_the_first_start_falls_from_much_noise_until_the_loss_falls_no_further(
    trainer: Trainer, losses: list[int], trained: int, best: int
) -> None:
    trainer.networks = [wrong_on(count) for count in losses]
    starts = MeanFieldStarts(PROBLEM, LocalSearch())
    assert starts.train(never) is trainer.networks[best]
    assert [one.noise for one in trainer.settings] == list(FALLING[:trained])
    assert starts.count == trained


def test_a_loss_that_moves_make_up_for_is_near_enough(trainer: Trainer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meanfield_starts, "MADE_UP", 0.25)  # one of four samples
    trainer.networks = [wrong_on(count) for count in (2, 1, 0)]
    assert MeanFieldStarts(PROBLEM, LocalSearch()).train(never) is trainer.networks[1]


def test_narrow_networks_take_the_noises_by_turns(trainer: Trainer) -> None:
    """Moves do most of the work there, and begin after one training."""
    narrow = TrainingProblem(spec(network_spec((6,))), PROBLEM.data)
    starts = MeanFieldStarts(narrow, LocalSearch())
    assert noises_of(starts, trainer, len(NOISES) + 1) == [*NOISES, NOISES[0]]


def test_later_starts_take_the_best_noise_and_the_others_by_turns(trainer: Trainer) -> None:
    trainer.networks = [wrong_on(count) for count in (2, 1, 1)]
    starts = MeanFieldStarts(PROBLEM, LocalSearch())
    later = noises_of(starts, trainer, 1 + 2 * len(NOISES))[len(FALLING) :]
    assert later.count(FALLING[1]) == len(NOISES)
    assert set(later) == set(NOISES)
    assert len(set(trainer.seeds)) == len(trainer.seeds) == starts.count
    assert {one.steps for one in trainer.settings} == {STEPS}
    assert starts.effort == pytest.approx(starts.count * starts.next_effort)


def test_the_first_start_begins_no_training_that_there_is_no_time_for(trainer: Trainer) -> None:
    trainer.networks = [wrong_on(count) for count in (3, 2, 1)]
    effort = MeanFieldStarts(PROBLEM, LocalSearch()).next_effort
    assert MeanFieldStarts(PROBLEM, LocalSearch()).train(never, 2.5 * effort) is trainer.networks[1]
    trainer.settings.clear()
    MeanFieldStarts(PROBLEM, LocalSearch(), 1.5 * effort / SHARE).train(never)
    assert len(trainer.settings) == 1


def test_what_the_first_start_has_found_is_kept_when_the_next_training_comes_to_no_end(trainer: Trainer) -> None:
    trainer.networks = [wrong_on(count) for count in (3, 2, 1)]
    starts = MeanFieldStarts(PROBLEM, LocalSearch())
    late = iter([False, True])
    assert starts.train(lambda: next(late)) is trainer.networks[0]
    assert starts.count == 1


def test_settings_come_before_what_suits_the_problem(trainer: Trainer) -> None:
    starts = MeanFieldStarts(PROBLEM, LocalSearch(steps=7, noise=0.25), seconds=1e-6)
    for _ in range(2):
        starts.train(never)
    assert [(one.steps, one.noise) for one in trainer.settings] == [(7, 0.25)] * 2
    assert starts.note == "2 starts from mean-field training of 7 steps, noise 0.25"


def test_what_comes_to_no_end_does_not_count(trainer: Trainer) -> None:
    starts = MeanFieldStarts(PROBLEM, LocalSearch())
    assert starts.train(lambda: True) is None
    assert (starts.count, starts.effort) == (0, 0.0)
    assert starts.train(never) is NETWORK
    assert trainer.seeds[0] == trainer.seeds[1]  # the next one is the same again
    assert trainer.settings[0] == trainer.settings[1]


def test_a_short_limit_halves_the_steps(trainer: Trainer) -> None:
    def steps(seconds: float | None) -> int:
        return MeanFieldStarts(PROBLEM, LocalSearch(), seconds).usual.steps

    effort = MeanFieldStarts(PROBLEM, LocalSearch()).next_effort
    assert steps(None) == STEPS
    assert [steps(share * effort / SHARE) for share in (1.01, 0.99, 0.51, 0.49)] == [STEPS, STEPS // 2, STEPS // 2, STEPS // 4]
    fewest = next(STEPS // 2**n for n in count() if STEPS // 2**n <= FEWEST)
    assert steps(1e-9) == fewest
