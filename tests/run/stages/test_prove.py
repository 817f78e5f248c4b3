"""Stage `prove`: its bounds are those of brute force, its networks are of the spec, and interrupted it keeps both."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from dichotomies import least_errors
from problems import SIGNS, dataset, inside, network_spec, plain_loss, spec
from staged import Staged, staged

from bdnnlang.budget import Budget, Interrupt
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import ClassWeight, FixedOutput, Integers, Interval, LayerSpec, Prove, WeightDomain
from bdnnlang.model.build import outline
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.prove import master
from bdnnlang.prove_check.check import check
from bdnnlang.prove_check.lines import Unproved
from bdnnlang.prove_check.question import difference
from bdnnlang.run.context import Context
from bdnnlang.run.facts import PROOF_FILE, BoundProved, Fact, Whole
from bdnnlang.run.stages import stage_of
from bdnnlang.run.status import StageStatus
from bdnnlang.search.constant_networks import constant_incumbent

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
    bounds = [fact for fact in done.facts if isinstance(fact, BoundProved)]
    assert all(fact.scope == Whole() for fact in bounds)
    assert all(a.value < b.value for a, b in pairwise(bounds))
    assert bounds[-1].value == done.record.bound
    return done


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


def written(of: TrainingProblem, stage: Prove, path: Path) -> tuple[BoundProved, list[str]]:
    """The last bound and the lines of the proof."""
    facts: list[Fact] = []
    start = constant_incumbent(outline(of), of)
    stage_of(stage).run(Context(stage, of, "scip", start, Budget(None, Interrupt()), facts.append, proof=path))
    return [fact for fact in facts if isinstance(fact, BoundProved)][-1], path.read_text().splitlines()


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
