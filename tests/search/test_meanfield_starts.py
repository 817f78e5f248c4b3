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
from bdnnlang.search.meanfield import NOISES, MeanFieldSettings, defaults
from bdnnlang.search.meanfield_starts import FEWEST, SHARE, MeanFieldStarts
from bdnnlang.search.multistart import never

NETWORK = Network((Layer(np.array([[1.0]]), np.array([0.0])),))
PROBLEM = TrainingProblem(spec(network_spec((6,))), dataset([[0.0], [1.0], [2.0]], [0, 1, 0]))
STEPS = defaults(PROBLEM).steps


@dataclass
class Trainer:
    """Stands for `train`; what it was asked for."""

    settings: list[MeanFieldSettings] = field(default_factory=list)
    seeds: list[tuple[int, ...]] = field(default_factory=list)

    def __call__(
        self, training: TrainingProblem, settings: MeanFieldSettings, seed: tuple[int, ...], is_over: Callable[[], bool]
    ) -> Network | None:
        self.settings.append(settings)
        self.seeds.append(seed)
        return None if is_over() else NETWORK


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> Trainer:
    made = Trainer()
    monkeypatch.setattr(meanfield_starts, "train", made)
    return made


def test_noises_and_seeds_go_by_turns(trainer: Trainer) -> None:
    starts = MeanFieldStarts(PROBLEM, LocalSearch())
    networks = [starts.train(never) for _ in range(len(NOISES) + 1)]
    assert networks == [NETWORK] * len(networks)
    assert [one.noise for one in trainer.settings] == [*NOISES, NOISES[0]]
    assert len(set(trainer.seeds)) == len(networks)
    assert {one.steps for one in trainer.settings} == {STEPS}
    assert starts.count == len(networks)
    assert starts.effort == pytest.approx(len(networks) * starts.next_effort)


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
