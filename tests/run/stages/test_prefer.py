"""Preferences among networks of the least loss, against every network of small domains."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from fakes import install, says
from problems import SIGNS, dataset, network_spec, spec
from staged import Staged, staged

from bdnnlang import cli
from bdnnlang.budget import Budget, Interrupt
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Exact, Integers, Interval, LocalSearch, Preference, PreferenceKind, Spec
from bdnnlang.model.build import outline
from bdnnlang.network.network import Layer, Network
from bdnnlang.polish.preference import preference_value
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.run.facts import Fact, NetworkFound
from bdnnlang.run.schedule import run
from bdnnlang.run.status import StageStatus
from bdnnlang.search.constant_networks import constant_incumbent
from bdnnlang.solve.outcome import Status

SPEC = """bdnn 1
data iris { classes = ["setosa", "versicolor"], sample 20, test = 0% }
network { weights in {-1, 0, 1}, hidden 1 }
train { time = 30s, prefer = [margin, sparsity], local_search }
"""
HALF = Fraction(1, 2)


def some(seed: int, features: int = 2) -> Dataset:
    """Eight samples on a lattice, labelled by a threshold of their sum but for one."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, 4, size=(8, features)).astype(float)
    rows[0], rows[1] = 0.0, 3.0
    labels = (rows.sum(axis=1) > rows.sum(axis=1).mean()).astype(int)
    labels[int(rng.integers(2, 8))] ^= 1
    return dataset(rows.tolist(), labels.tolist())


def one_neuron(data: Dataset) -> list[tuple[int, Fraction, int]]:
    """Loss, margin and nonzero weights of each network of one neuron with weights -1, 0, 1 and a bias that changes something."""
    found = []
    x, y = data.train.raw.astype(int).tolist(), data.train.y.tolist()
    for w in product((-1, 0, 1), repeat=len(x[0])):
        sums = [sum(a * b for a, b in zip(w, row, strict=True)) for row in x]
        for low, high in pairwise(sorted(set(sums))):
            loss = sum((s >= high) != label for s, label in zip(sums, y, strict=True))
            found.append((loss, Fraction(high - low, 2), sum(map(bool, w))))
    return found


def asked(hidden: tuple[int, ...], *prefer: PreferenceKind) -> Spec:
    own = spec(network_spec(hidden, SIGNS), solver="scip", stages=(Exact(),))
    return replace(own, train=replace(own.train, prefer=prefer))


def done(of: TrainingProblem) -> list[Staged]:
    """The stage `exact` and then each preference, from the network before it."""
    best, stages = constant_incumbent(outline(of), of), []
    for settings in of.spec.train.schedule:
        stages.append(staged(settings, of, best, Budget(60.0, Interrupt())))
        best = stages[-1].best
    return stages


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("hidden", [(), (1,)])
def test_the_greatest_margin_of_all_networks_of_the_least_loss(seed: int, hidden: tuple[int, ...]) -> None:
    data = some(seed)
    least = min(loss for loss, _, _ in one_neuron(data))
    widest = max(margin for loss, margin, _ in one_neuron(data) if loss == least) + HALF * len(hidden)
    first, wide = done(TrainingProblem(asked(hidden, "margin"), data))
    assert first.best.loss == wide.best.loss == least
    assert wide.record.preferred is not None
    assert (wide.record.preferred.value, wide.record.status) == (widest, StageStatus.OPTIMAL)


@pytest.mark.parametrize("seed", range(3))
def test_then_the_fewest_weights_of_all_of_that_margin(seed: int) -> None:
    data = some(seed, features=3)
    least = min(one_neuron(data), key=lambda one: (one[0], -one[1], one[2]))
    stages = done(TrainingProblem(asked((), "margin", "sparsity"), data))
    found = [stage.record.preferred for stage in stages[1:]]
    assert [one and one.value for one in found] == [least[1], least[2]]
    assert [stage.record.status for stage in stages[1:]] == [StageStatus.OPTIMAL] * 2
    assert stages[-1].best.loss == least[0]


@pytest.mark.parametrize("seed", range(3))
def test_the_other_way_round(seed: int) -> None:
    data = some(seed, features=3)
    least = min(one_neuron(data), key=lambda one: (one[0], one[2], -one[1]))
    stages = done(TrainingProblem(asked((), "sparsity", "margin"), data))
    found = [stage.record.preferred for stage in stages[1:]]
    assert [one and one.value for one in found] == [least[2], least[1]]


def test_real_weights_take_the_widest_gap_between_the_classes() -> None:
    """Of the nearest samples (1, 0) and (2, 2): w = (1, 1) of the box parts them by 3, half of it on each side."""
    data = dataset([[0.0, 0.0], [1.0, 0.0], [2.0, 2.0], [3.0, 2.0]], [0, 0, 1, 1])
    own = asked((), "margin")
    own = replace(own, network=network_spec((), Interval(-1.0, 1.0)))
    _, wide = done(TrainingProblem(own, data))
    assert wide.record.preferred is not None
    assert float(wide.record.preferred.value) == pytest.approx(1.5, rel=1e-5)
    assert wide.record.preferred.closes


def test_biases_of_a_domain_stay_in_it() -> None:
    """The middle of 1 and 4 is no whole number: 1 is what a bias of -2 leaves of 3, or -3 without the 0 of an active neuron."""
    data = dataset([[0.0], [1.0], [4.0]], [0, 0, 1])
    own = asked((), "margin")
    own = replace(own, network=network_spec((), SIGNS, biases=Integers(-9, 9)))
    _, wide = done(TrainingProblem(own, data))
    assert wide.best.network.layers[0].biases.tolist() in ([-2.0], [-3.0])
    assert wide.record.preferred is not None
    assert (wide.record.preferred.value, wide.record.status) == (1, StageStatus.OPTIMAL)


def test_a_neuron_that_never_changes_counts_only_where_its_bias_has_limits() -> None:
    data = dataset([[0.0], [1.0], [4.0]], [0, 0, 1])
    network = Network((Layer(np.array([[1.0], [0.0]]), np.array([-2.5, 0.125])), Layer(np.array([[1.0, 0.0]]), np.array([-1.0]))))
    free = TrainingProblem(spec(network_spec((2,), Interval(-1.0, 1.0))), data)
    bound = TrainingProblem(spec(network_spec((2,), Interval(-1.0, 1.0), biases=Interval(-9.0, 9.0))), data)
    assert preference_value(free, network, "margin") == Fraction(3, 2)  # the output is on its threshold
    assert preference_value(bound, network, "margin") == Fraction(1, 8)


def test_biases_go_to_the_middle_before_a_solver_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """2.5 between 1 and 4, where they are free; a solver that finds nothing leaves it so."""
    install(monkeypatch, lambda call: says(Status.NO_SOLUTION))
    of = TrainingProblem(asked((), "margin"), dataset([[0.0], [1.0], [4.0]], [0, 0, 1]))
    start = of.incumbent(Network((Layer(np.array([[1.0]]), np.array([-4.0])),)))
    wide = staged(Preference("margin"), of, start, Budget(60.0, Interrupt()))
    assert wide.best.network.layers[0].biases.tolist() == [-2.5]
    assert [fact.by for fact in wide.facts if isinstance(fact, NetworkFound)] == ["polish"]
    assert wide.record.preferred is not None
    assert (wide.record.preferred.value, wide.record.preferred.bound) == (Fraction(3, 2), None)


def test_a_schedule_ends_with_what_is_preferred_even_where_there_was_nothing_to_solve() -> None:
    facts: list[Fact] = []
    own = spec(network_spec((), SIGNS), solver="scip", stages=(LocalSearch(restarts=0), Exact()))
    own = replace(own, train=replace(own.train, prefer=("margin",)))
    data = dataset([[0.0, 5.0], [1.0, 5.0], [4.0, 5.0]], [0, 0, 1])
    ended = run(TrainingProblem(own, data), emit=facts.append, interrupt=Interrupt())
    assert [stage.stage for stage in ended.stages] == ["local_search", "exact", "prefer margin"]
    assert ended.stages[-1].preferred is not None
    assert ended.stages[-1].preferred.value == Fraction(3, 2)
    assert ended.best is not None
    assert preference_value(TrainingProblem(own, data), ended.best.network, "margin") == Fraction(3, 2)


def test_without_time_it_says_so_and_keeps_the_network() -> None:
    of = TrainingProblem(asked((), "margin"), some(0))
    start = constant_incumbent(outline(of), of)
    over = staged(Preference("margin"), of, start, Budget(0.0, Interrupt()))
    assert over.selected is start
    assert over.record.notes == ("no time was left for it",)
    assert over.record.preferred is not None
    assert over.record.preferred.bound is None


def test_the_folder_says_what_is_preferred_and_verify_recomputes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.bdnn").write_text(SPEC)
    assert cli.main(["run", str(tmp_path / "a.bdnn"), "--out", str(tmp_path / "run")]) == 0
    assert "prefer    margin" in capsys.readouterr().out
    assert cli.main(["verify", str(tmp_path / "run")]) == 0
    text = (tmp_path / "run" / "run.json").read_text()
    stages = json.loads(text)["stages"]
    assert ["preferred" in stage for stage in stages] == [False, True, True]
    stated = stages[1]["preferred"]["value"]
    (tmp_path / "run" / "run.json").write_text(text.replace(f'"value": {stated}', f'"value": {stated + 0.001}'))
    assert cli.main(["verify", str(tmp_path / "run")]) == 4
    assert "stages[1].preferred.value" in capsys.readouterr().out
