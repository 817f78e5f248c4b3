"""Stage `prove`: its bounds are those of brute force, its networks are of the spec, and interrupted it keeps both."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from dichotomies import least_errors
from problems import SIGNS, dataset, inside, network_spec, plain_loss, spec
from staged import Staged, staged
from workers import local

from bdnnlang.budget import Budget, Interrupt
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import ClassWeight, FixedOutput, Integers, Interval, LayerSpec, Prove, WeightDomain
from bdnnlang.model.build import outline
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.prove import master
from bdnnlang.prove_check.check import MOST_LITERALS, Checked, check
from bdnnlang.prove_check.lines import Unproved
from bdnnlang.prove_check.question import difference
from bdnnlang.run.context import Context
from bdnnlang.run.facts import PROOF_FILE, BoundProved, Fact, NetworkFound, Samples, StageEnded, Whole
from bdnnlang.run.stages import prove, stage_of
from bdnnlang.run.status import StageStatus
from bdnnlang.run.ways.provers import Progress, Report
from bdnnlang.search.constant_networks import constant_incumbent
from bdnnlang.workers.jobs import GRACE, Workers
from run.stages import dying

REAL = Interval(-1.0, 1.0)
pytestmark = pytest.mark.skipif(not master.available(), reason="python-sat is not installed")


def lattice(seed: int, samples: int = 16, box: int = 4) -> Dataset:
    """With equal rows of both classes."""
    rng = np.random.default_rng(seed)
    return dataset(rng.integers(0, box, (samples, 2)).astype(float).tolist(), rng.integers(0, 2, samples).tolist())


def problem(
    data: Dataset, weights: WeightDomain = REAL, width: int = 2, class_weight: ClassWeight | None = None
) -> TrainingProblem:
    own = spec(network_spec((width,), weights))
    return TrainingProblem(replace(own, train=replace(own.train, class_weight=class_weight)), data)


def proved(of: TrainingProblem, stage: Prove | None = None, interrupt: Interrupt | None = None) -> Staged:
    start = constant_incumbent(outline(of), of)
    done = staged(stage or Prove(), of, start, Budget(None, interrupt or Interrupt()))
    assert done.best == of.incumbent(done.best.network)
    assert inside(done.best.network, of.spec.network)
    bounds = whole_bounds(done.facts)
    assert all(a.value < b.value for a, b in pairwise(bounds))
    assert bounds[-1].value == done.record.bound
    return done


def whole_bounds(facts: Sequence[Fact]) -> list[BoundProved]:
    return [fact for fact in facts if isinstance(fact, BoundProved) and fact.scope == Whole()]


def least(of: TrainingProblem) -> int:
    """Merged by hand; in units of a half."""
    each = of.costs.classes or (1, 1)
    costs: dict[tuple[int, ...], list[int]] = {}
    for row, label in zip(of.samples.raw.tolist(), of.samples.y.tolist(), strict=True):
        costs.setdefault(tuple(map(int, row)), [0, 0])[label] += int(2 * each[label])
    points = [x for x, (a, b) in costs.items() if a != b]
    labels = [int(b > a) for a, b in costs.values() if a != b]
    weights = [abs(a - b) for a, b in costs.values() if a != b]
    return sum(map(min, costs.values())) + least_errors(points, labels, weights, of.widths[1])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("class_weight", [None, (0.5, 1.5), (2.0, 1.0)])
def test_it_proves_the_least_loss_and_finds_its_network(seed: int, class_weight: ClassWeight | None) -> None:
    of = problem(lattice(seed), class_weight=class_weight)
    done = proved(of)
    assert done.record.status is StageStatus.OPTIMAL
    assert 2 * done.best.loss == 2 * (done.record.bound or 0) == least(of)
    if class_weight is None:
        assert plain_loss(done.best.network, of.data, of.loss) == done.best.loss


def test_networks_that_cannot_have_the_errors_leave_the_bound_below() -> None:
    """No bias: all networks give the origin the same class as everything on one side of it."""
    own = spec(network_spec((1,), REAL, thresholds="zero"))
    done = proved(TrainingProblem(own, dataset([[1.0], [2.0], [3.0]], [0, 1, 1])))
    assert done.record.status is StageStatus.FEASIBLE
    assert (done.record.bound, done.best.loss) == (0, 1)


def test_bounds_of_parts_add_up_to_no_more_than_the_least_loss() -> None:
    of = problem(lattice(1, samples=40, box=6))
    whole, halves = proved(of), proved(of, Prove(parts=2))
    assert whole.record.bound is not None
    assert halves.record.bound is not None
    assert of.irreducible <= halves.record.bound <= whole.record.bound == whole.best.loss <= halves.best.loss


def test_nothing_is_left_to_prove_where_equal_samples_say_it_all() -> None:
    done = proved(problem(dataset([[0.0], [0.0], [1.0]], [0, 1, 1])))
    assert (done.record.status, done.record.bound) == (StageStatus.OPTIMAL, 1)


def test_stopped_at_once_it_keeps_what_counting_proves() -> None:
    stopped = Interrupt()
    stopped.request()
    of = problem(lattice(0))
    done = proved(of, interrupt=stopped)
    assert (done.record.status, done.record.bound) == (StageStatus.INTERRUPTED, of.irreducible)


@pytest.mark.parametrize("seed", range(3))
def test_integer_weights_have_a_bound_of_their_own(seed: int) -> None:
    of = problem(lattice(seed, samples=30, box=6), SIGNS)
    done, real = proved(of), proved(problem(of.data))
    assert done.record.status is StageStatus.OPTIMAL
    assert done.record.bound == done.best.loss >= real.best.loss


def test_the_network_it_ends_with_has_few_bits() -> None:
    done = proved(problem(lattice(0)))
    found = [fact for fact in done.facts if isinstance(fact, NetworkFound)]
    assert [fact.polished for fact in found[-2:]] == [False, True]
    assert found[-1].incumbent == done.best
    assert all((layer.weights * 2**10 % 1 == 0).all() for layer in done.best.network.layers)
    assert any((layer.weights * 2**10 % 1 != 0).any() for layer in found[-2].incumbent.network.layers)


@pytest.mark.parametrize("width", [1, 2])
def test_a_proof_by_trying_all_asks_no_solver(width: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(master, "available", lambda: False)
    of = problem(lattice(1, samples=30, box=6), SIGNS, width, class_weight=(0.5, 1.5))
    done = proved(of)
    assert (done.record.status, done.record.solver) == (StageStatus.OPTIMAL, "")
    last, lines = written(of, Prove(), tmp_path / "proof.jsonl")
    assert (last.evidence, last.value > of.irreducible) == (PROOF_FILE, True)
    checked = check(lines)
    assert (checked.total, checked.enumerations, checked.conflicts) == (done.best.loss, width, 0)
    assert difference(checked.head, of) is None


def test_biases_that_are_bounded_leave_the_bound_below() -> None:
    """The bound is of all biases, the network of those of the spec."""
    data = dataset([[1.0], [2.0], [3.0]], [0, 1, 1])
    bounded = replace((own := spec(network_spec((1,), SIGNS))).network, layers=_with_biases(own.network.layers, Integers(-1, 1)))
    done = proved(TrainingProblem(replace(own, network=bounded), data))
    assert (done.record.bound, done.best.loss, done.record.status) == (0, 1, StageStatus.FEASIBLE)


def _with_biases(layers: tuple[LayerSpec, ...], biases: WeightDomain) -> tuple[LayerSpec, ...]:
    return (replace(layers[0], biases=biases), *layers[1:])


def test_where_it_does_not_apply_it_says_why() -> None:
    done = staged(Prove(), of := problem(lattice(0), width=5), constant_incumbent(outline(of), of), Budget(None, Interrupt()))
    assert done.record.notes == ("nothing was proved: the network has 5 hidden neurons, and proofs are for at most 4",)
    assert (done.record.status, done.record.bound, done.record.solver) == (StageStatus.FEASIBLE, None, "")


def test_without_python_sat_a_solver_of_programs_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(master, "available", lambda: False)
    of = problem(lattice(3, samples=10), width=1)
    done = proved(of)
    assert done.record.solver in ("scip", "cpsat")
    assert 2 * (done.record.bound or 0) == 2 * done.best.loss == least(of)


def ring(word: Literal["any", "all"]) -> TrainingProblem:
    """A ring and two neurons: `any` of two half-planes leaves errors that `all` does not."""
    points = [[x, y] for x in range(5) for y in range(5)]
    data = dataset([[float(v) for v in p] for p in points], [int(1 <= x + y <= 4) for x, y in points])
    return TrainingProblem(spec(network_spec((2,), REAL, output=FixedOutput(word))), data)


def test_a_fixed_output_is_the_only_function() -> None:
    losses = {}
    words: tuple[Literal["any", "all"], ...] = ("any", "all")
    for word in words:
        done = proved(ring(word))
        assert done.record.status is StageStatus.OPTIMAL
        losses[word] = done.best.loss
    assert losses["all"] == 0 < losses["any"]


def test_the_proof_is_written_and_replayed(tmp_path: Path) -> None:
    of = problem(lattice(1, samples=40, box=6))
    last, lines = written(of, Prove(parts=2), tmp_path / "proof.jsonl")
    assert (last.evidence, last.value > of.irreducible) == (PROOF_FILE, True)
    checked = check(lines)
    assert (checked.total, checked.replayed) == (last.value, True)
    assert difference(checked.head, of) is None


def test_a_long_proof_is_written_and_left_to_verify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bdnnlang.run.stages.prove.MOST_REPLAYED", -1)
    monkeypatch.setattr("bdnnlang.prove_check.check.check", None)  # it is not asked
    of = problem(lattice(1, samples=40, box=6))
    last, lines = written(of, Prove(parts=2), tmp_path / "proof.jsonl")
    assert (last.value > of.irreducible, last.is_shown) == (True, False)
    assert check(lines).total == last.value


def test_a_proof_is_replayed_while_there_is_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then it is left to `verify`, and the bound is the word of the solver."""
    of, path, asked = problem(lattice(1, samples=40, box=6)), tmp_path / "proof.jsonl", []

    def late(texts: Sequence[str], most: int, stop: Callable[[], bool]) -> Checked:
        """The time of the stage ends when the check begins."""
        asked.append(stop())
        return check(texts, most, lambda: True)

    monkeypatch.setattr("bdnnlang.prove_check.check.check", late)
    last, lines = written(of, Prove(), path)
    assert (asked, last.value > of.irreducible, last.is_shown) == ([False], True, False)
    assert check(lines).total == last.value


def test_a_proof_that_nobody_replays_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert master.MOST_LITERALS == MOST_LITERALS
    monkeypatch.setattr(master, "MOST_LITERALS", 3)
    of, path = problem(lattice(1, samples=40, box=6)), tmp_path / "proof.jsonl"
    facts: list[Fact] = []
    stage_of(Prove()).run(
        Context(Prove(), of, "scip", constant_incumbent(outline(of), of), Budget(None, Interrupt()), facts.append, proof=path)
    )
    last = whole_bounds(facts)[-1]
    assert (last.value > of.irreducible, last.is_shown, path.exists()) == (True, False, False)
    ended = facts[-1]
    assert isinstance(ended, StageEnded)
    assert ended.notes[-1] == "the proof is too long to be kept: what was proved stays, on the word of the solver"


def written(of: TrainingProblem, stage: Prove, path: Path) -> tuple[BoundProved, list[str]]:
    """The last bound and the lines of the proof."""
    facts: list[Fact] = []
    start = constant_incumbent(outline(of), of)
    stage_of(stage).run(Context(stage, of, "scip", start, Budget(None, Interrupt()), facts.append, proof=path))
    return whole_bounds(facts)[-1], path.read_text().splitlines()


def test_the_proof_of_a_fixed_output_is_none_of_all_outputs(tmp_path: Path) -> None:
    """Where some other output has no errors, nothing else may be proved of it."""
    of = ring("any")
    last, lines = written(of, Prove(), tmp_path / "proof.jsonl")
    checked = check(lines)
    assert (last.evidence, checked.replayed, checked.head.threshold) == (PROOF_FILE, True, 1)
    assert checked.total == last.value > 0
    assert difference(checked.head, of) is None
    assert difference(checked.head, ring("all")) is not None
    for other in (None, 2):
        head = {**json.loads(lines[0]), "threshold": other, "output": None}
        with pytest.raises(Unproved, match="functions of the output are missing"):
            check([json.dumps(head), *lines[1:]])


# ---- several workers, and what is known of parts


def test_two_workers_prove_what_one_does_and_their_proof_is_replayed(tmp_path: Path) -> None:
    """Of one part, whose functions they share."""
    of, path = problem(lattice(1, samples=40, box=6)), tmp_path / "proof.jsonl"
    alone = proved(of)
    last, lines = written(of, Prove(workers=2), path)
    assert (last.value, last.evidence) == (alone.record.bound, PROOF_FILE)
    checked = check(lines)
    assert (checked.total, checked.replayed) == (alone.record.bound, True)
    assert difference(checked.head, of) is None


def test_no_bound_rests_on_a_worker_that_has_said_nothing() -> None:
    """One may be done before the other has begun: that proved bounds of half of the functions to be bounds of all."""
    of = problem(lattice(1, samples=40, box=6))
    stage, facts = Prove(workers=2), list[Fact]()
    start = constant_incumbent(outline(of), of)
    going = prove._Proof(Context(stage, of, "scip", start, Budget(None, Interrupt()), facts.append), Workers(2))
    first, second = (
        Report(job, (Progress(lower, going.parts[0].upper, is_open=False, asks_solver=True),), None)
        for job, lower in enumerate((3, 2))
    )
    assert (going.hear(first).stop, going.bound, going.parts[0].goal) == (False, of.irreducible, 3)
    assert (going.hear(second).stop, going.bound) == (True, of.irreducible + 2)


def test_workers_that_are_to_stop_leave_a_bound_and_its_proof(tmp_path: Path) -> None:
    """Asked as soon as there is a bound that counting does not prove, long before the least loss is proved."""
    of, path, interrupt = problem(lattice(2, samples=60, box=20)), tmp_path / "proof.jsonl", Interrupt()
    facts: list[Fact] = []

    def emit(fact: Fact) -> None:
        facts.append(fact)
        if isinstance(fact, BoundProved) and fact.value > of.irreducible:
            interrupt.request()

    stage = Prove(parts=2, workers=2)
    start = constant_incumbent(outline(of), of)
    stage_of(stage).run(Context(stage, of, "scip", start, Budget(60, interrupt), emit, proof=path))
    last, ended = whole_bounds(facts)[-1], facts[-1]
    assert isinstance(ended, StageEnded)
    assert (ended.status, last.evidence) == (StageStatus.INTERRUPTED, PROOF_FILE)
    assert check(path.read_text().splitlines()).total == last.value > of.irreducible
    assert all(fact.incumbent == of.incumbent(fact.incumbent.network) for fact in facts if isinstance(fact, NetworkFound))


def test_a_worker_that_is_ended_takes_its_part_with_it_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prove, "_masters", lambda context: (master.NAME, dying.of_odd_parts))
    of = problem(lattice(1, samples=61, box=90))
    done = proved(of, Prove(parts=2, workers=2))
    parts = {
        fact.scope.numbers: fact.value for fact in done.facts if isinstance(fact, BoundProved) and isinstance(fact.scope, Samples)
    }
    assert done.record.status is StageStatus.FEASIBLE
    assert done.record.bound == sum(parts.values()) > of.irreducible
    assert "worker 1 of 2: its process was ended: what it proved stays, without its proof" in done.record.notes


@pytest.mark.parametrize(("workers", "spent", "is_late"), [(1, 56.0, False), (1, 57.5, True), (2, 53.0, False), (2, 54.5, True)])
def test_workers_stop_in_time_to_hand_over_what_they_learnt(workers: int, spent: float, is_late: bool) -> None:
    """Of a minute the last three seconds are for the proof; workers have the three before to end and to hand it over."""
    of, interrupt = problem(lattice(1)), Interrupt()
    budget = Budget(60, interrupt, time.monotonic() - spent)
    context = Context(Prove(workers=workers), of, "scip", constant_incumbent(outline(of), of), budget, [].append)
    going = prove._Proof(context, Workers(workers))
    assert going.is_late == is_late
    assert going.grace() == pytest.approx(max(GRACE, 60 - spent - GRACE), abs=0.4)
    interrupt.request()
    assert (going.is_late, going.grace()) == (True, GRACE)


def test_bounds_of_parts_are_facts_that_add_up_to_that_of_all() -> None:
    of = problem(lattice(1, samples=40, box=6), class_weight=(0.5, 1.5))
    done = proved(of, Prove(parts=3))
    parts = {fact.scope: fact.value for fact in done.facts if isinstance(fact, BoundProved) and isinstance(fact.scope, Samples)}
    numbers = [set(scope.numbers) for scope in parts]
    assert len(parts) == 3
    assert sorted(chain.from_iterable(numbers)) == list(range(40))
    assert sum(parts.values()) == done.record.bound
    for scope, value in parts.items():
        rows = list(scope.numbers)
        assert (
            value
            <= least(problem(dataset(of.data.train.raw[rows].tolist(), of.data.train.y[rows].tolist()), class_weight=(0.5, 1.5)))
            / 2
        )


def test_what_was_proved_before_is_not_lost_and_not_proved_again() -> None:
    """By a stage that was stopped: its bounds are those that the next one begins with."""
    of = problem(lattice(1, samples=40, box=6))
    stage, start = Prove(parts=2), constant_incumbent(outline(of), of)
    known = tuple(fact for fact in proved(of, stage).facts if isinstance(fact, BoundProved))
    stopped, facts = Interrupt(), list[Fact]()
    stopped.request()
    stage_of(stage).run(Context(stage, of, "scip", start, Budget(None, stopped), facts.append, proved=known))
    assert [fact.value for fact in whole_bounds(facts)] == [whole_bounds(known)[-1].value]
    assert isinstance(ended := facts[-1], StageEnded)
    assert ended.notes[0].startswith("0 conflicts")


@pytest.mark.slow
def test_the_workers_of_a_cluster_prove_what_one_does(tmp_path: Path) -> None:
    """All that it has, as the stage says no number."""
    of, path, facts = problem(lattice(1, samples=40, box=6)), tmp_path / "proof.jsonl", list[Fact]()
    stage, start = Prove(parts=2), constant_incumbent(outline(of), of)
    with local.cluster() as address:
        context = Context(stage, of, "scip", start, Budget(60, Interrupt()), facts.append, proof=path, dask=address)
        stage_of(stage).run(context)
    last = whole_bounds(facts)[-1]
    assert (last.value, last.evidence) == (proved(of, stage).record.bound, PROOF_FILE)
    assert check(path.read_text().splitlines()).total == last.value


@pytest.mark.slow
def test_where_no_cluster_answers_the_stage_fails_and_says_so() -> None:
    pytest.importorskip("distributed", reason="dask is not installed")
    of, facts = problem(lattice(1)), list[Fact]()
    context = Context(
        Prove(), of, "scip", constant_incumbent(outline(of), of), Budget(60, Interrupt()), facts.append, dask="tcp://127.0.0.1:1"
    )
    stage_of(Prove()).run(context)
    assert isinstance(ended := facts[-1], StageEnded)
    assert ended.status is StageStatus.FAILED
    assert ended.notes[0].startswith("no Dask scheduler answers at tcp://127.0.0.1:1")
