"""Stages one after another under one budget, and the status that a run ends with."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import Call, install, says
from oracle import OracleLayer, least_loss
from problems import SIGNS, dataset, network_spec, part, plain_rows, spec

from bdnnlang.arrays import Floats
from bdnnlang.budget import Abandoned, Budget, Interrupt, Patience
from bdnnlang.compiler import training_problem
from bdnnlang.data.dataset import Dataset
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import DataSplit, Exact, FixedOutput, Integers, Interval, LocalSearch, Prove, Spec, StageSpec, Values
from bdnnlang.model.build import build
from bdnnlang.model.point import encode_built
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.irreducible import irreducible_loss
from bdnnlang.run.facts import BoundProved, Fact, ModelBuilt, NetworkFound, StageEnded, StageStarted
from bdnnlang.run.facts_json import Judge
from bdnnlang.run.records import Run
from bdnnlang.run.schedule import prepare, run
from bdnnlang.run.state import RunState, fold
from bdnnlang.run.status import RunStatus, StageStatus
from bdnnlang.solve.outcome import FoundSolution, Outcome, Status

DATA = dataset([[1.0], [2.0], [3.0], [4.0], [5.0]], [0, 0, 1, 0, 1])
THRESHOLD = Network((Layer(np.array([[1.0]]), np.array([-3.0])),))  # one error, the least there is
NOISY = dataset([[1.0], [1.0], [2.0]], [0, 1, 1])  # no network does better than one error


def own(*stages: StageSpec, time: float | None = 60.0) -> Spec:
    made = spec(network_spec((), SIGNS), solver="scip", stages=stages or (Exact(),), time=time)
    return replace(made, train=replace(made.train, without=("guide_solver",)))  # what the solver says is all there is


def point(data: Dataset = DATA) -> Floats:
    return encode_built(build(own().network, None, data), THRESHOLD, data.train)


def optimal(call: Call) -> Outcome:
    return says(Status.OPTIMAL, point(), 1.0, 1.0)


def feasible(call: Call) -> Outcome:
    return says(Status.FEASIBLE, point(), 1.0, 0.0)


class Done:
    def __init__(self, of: Spec, data: Dataset = DATA, interrupt: Interrupt | None = None, start: Network | None = None) -> None:
        self.facts: list[Fact] = []

        def recall(judge: Judge) -> RunState:
            return RunState(best=None if start is None else judge(start))

        self.run: Run = run(training_problem(of, data), emit=self.facts.append, interrupt=interrupt or Interrupt(), recall=recall)
        assert fold(self.facts).stages[:-1] == self.run.stages[:-1]  # of the last one, notes are added

    @property
    def kinds(self) -> list[type]:
        return [type(fact) for fact in self.facts]


# ---- how a run ends


def test_optimal_when_the_bound_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, optimal)
    done = Done(own())
    assert done.run.status is RunStatus.OPTIMAL
    assert (done.run.bound, done.run.claimed_loss, done.run.margin) == (1, 1, None)
    assert done.run.best is not None
    assert done.run.best.loss == 1
    assert done.kinds == [BoundProved, NetworkFound, StageStarted, ModelBuilt, NetworkFound, BoundProved, StageEnded]


def test_feasible_when_it_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, feasible)
    assert Done(own()).run.status is RunStatus.FEASIBLE


def test_a_claim_of_optimality_is_not_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, lambda call: says(Status.OPTIMAL, point(), 1.0, None))
    assert Done(own()).run.status is RunStatus.FEASIBLE


def test_errors_that_no_network_avoids_close_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the solver manages to prove."""
    install(monkeypatch, lambda call: says(Status.NO_SOLUTION, bound=0.0))
    done = Done(own(), NOISY)
    assert done.run.status is RunStatus.OPTIMAL
    assert (done.run.bound, done.run.margin) == (1, None)


def test_a_bound_that_counting_proves_needs_no_margin(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, lambda call: says(Status.NO_SOLUTION, bound=1.0))
    of = replace(own(), network=network_spec((), Interval(-1.0, 1.0)))
    done = Done(of, dataset([[1.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1]))
    assert done.run.stages[0].margin is not None
    assert (done.run.bound, done.run.margin) == (1, None)


def test_a_rejected_claim_stands_in_its_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    false = point()
    false[build(own().network, None, DATA).activations(1).index] = [[0], [0], [1], [0], [1]]
    install(monkeypatch, lambda call: says(Status.OPTIMAL, false, 0.0, 0.0))
    done = Done(own())
    assert done.run.stages[0].status is StageStatus.CLAIM_REJECTED
    assert done.run.stages[0].claimed_loss == 0
    assert done.run.status is RunStatus.FEASIBLE  # there is a network, and it is verified
    assert done.run.claimed_loss is None
    assert done.run.best is not None
    assert done.run.best.loss >= 1


def test_a_failed_solver_leaves_the_constant_network(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, lambda call: says(Status.FAILED, reason="it fell over"))
    done = Done(own())
    assert done.run.status is RunStatus.FEASIBLE
    assert done.run.best is not None
    assert done.run.best.loss == 2
    assert done.run.stages[0].notes[-1] == "it fell over"  # why it failed comes last, after the note on constant networks


def test_the_best_bound_of_all_stages_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, optimal, lambda call: says(Status.NO_SOLUTION, bound=0.0))
    done = Done(own(Exact(), Exact()))
    assert (done.run.status, done.run.bound, len(done.run.stages)) == (RunStatus.OPTIMAL, 1, 2)


def test_a_bound_that_a_later_stage_refutes_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first solver's bound is 2, as is its network's loss; then a network with one error is found."""
    install(monkeypatch, lambda call: says(Status.NO_SOLUTION, bound=2.0), feasible)
    done = Done(own(Exact(), Exact()))
    assert [stage.bound for stage in done.run.stages] == [2, 0]
    assert (done.run.status, done.run.bound) == (RunStatus.FEASIBLE, 0)


def test_a_start_is_used_when_it_is_better(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = install(monkeypatch, lambda call: says(Status.NO_SOLUTION))
    done = Done(own(), start=THRESHOLD)
    assert done.run.best is not None
    assert done.run.best.network == THRESHOLD
    assert fake.calls[0].start is not None
    assert fake.calls[0].milp.objective(fake.calls[0].start) == 1
    worse = Network((Layer(np.array([[-1.0]]), np.array([3.0])),))
    best = Done(own(), start=worse).run.best
    assert best is not None
    assert best.loss == 2


@pytest.mark.parametrize(
    "layers",
    [
        (Layer(np.array([[0.5]]), np.array([-1.5])),),  # no integer weight
        (Layer(np.array([[1.0, 0.0]]), np.array([-3.0])),),
        (Layer(np.array([[1.0]]), np.array([-3.0])), Layer(np.array([[1.0]]), np.array([-1.0]))),
    ],
)
def test_a_start_of_another_spec_is_passed_over(monkeypatch: pytest.MonkeyPatch, layers: tuple[Layer, ...]) -> None:
    """Else its loss would be reported for a class of networks that it is not in."""
    install(monkeypatch, lambda call: says(Status.NO_SOLUTION))
    best = Done(own(), start=Network(layers)).run.best
    assert best is not None
    assert best.loss == 2


# ---- time


def test_each_stage_gets_its_time_and_no_more_than_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = install(monkeypatch, feasible)
    Done(own(Exact(time=5.0), Exact(time="rest"), Exact(time=100.0), Exact(), time=20.0))
    limits = [call.limits.seconds for call in fake.calls]
    assert limits == pytest.approx([5.0, 20.0, 20.0, 20.0], abs=2.0)
    assert limits[0] == pytest.approx(5.0, abs=0.5)


def test_without_a_limit_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = install(monkeypatch, feasible)
    Done(own(Exact(), Exact(time="rest"), Exact(time=3.0), time=None))
    first, second, third = (call.limits.seconds for call in fake.calls)
    assert (first, second) == (None, None)
    assert third == pytest.approx(3.0, abs=0.5)


def test_stages_without_time_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(call: Call) -> Outcome:
        time.sleep(0.06)
        return feasible(call)

    fake = install(monkeypatch, slow)
    done = Done(own(Exact(), Exact(), Exact(), time=0.05))
    assert len(fake.calls) == len(done.run.stages) == 1
    assert done.run.seconds >= 0.05


def test_a_share_is_at_most_what_is_left() -> None:
    whole = Budget(10.0, Interrupt())
    assert whole.share(100.0).seconds == pytest.approx(10.0, abs=0.5)
    assert whole.share(1.0).seconds == 1.0
    assert whole.share(None).seconds == pytest.approx(10.0, abs=0.5)
    assert Budget(None, Interrupt()).share(None).left is None
    assert Budget(0.0, Interrupt()).left == 0.0
    assert Budget(-5.0, Interrupt()).left == 0.0


# ---- interrupts


def asks(interrupt: Interrupt, times: int) -> object:
    """A solver during which the user asks to stop so many times, and which obeys."""

    def solve(call: Call) -> Outcome:
        call.on_event(FoundSolution(0.1, 1.0, point()))
        for _ in range(times):
            interrupt.request()
        return says(Status.INTERRUPTED, point(), 1.0, 0.0) if call.stop() else feasible(call)

    return solve


def test_an_interrupt_ends_the_run_and_keeps_the_best_network(monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt = Interrupt()
    fake = install(monkeypatch, asks(interrupt, 1))  # type: ignore[arg-type]
    done = Done(own(Exact(), Exact()), interrupt=interrupt)
    assert len(fake.calls) == 1
    assert [stage.status for stage in done.run.stages] == [StageStatus.INTERRUPTED]
    assert done.run.status is RunStatus.INTERRUPTED
    assert done.run.best is not None
    assert done.run.best.loss == 1


def test_an_abandoned_stage_keeps_what_it_had_found(monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt = Interrupt()

    def abandoned(call: Call) -> Outcome:
        call.on_event(FoundSolution(0.1, 1.0, point()))
        assert interrupt.patience is Patience.SHORT
        interrupt.request()
        raise Abandoned

    fake = install(monkeypatch, abandoned)  # type: ignore[arg-type]
    done = Done(own(Exact(), Exact()), interrupt=interrupt)
    assert len(fake.calls) == 1
    assert interrupt.patience is Patience.FULL
    assert done.run.status is RunStatus.INTERRUPTED
    (stage,) = done.run.stages
    assert (stage.stage, stage.status, stage.verified_loss, stage.bound) == ("exact", StageStatus.INTERRUPTED, 1, None)
    assert stage.columns > 0
    assert done.run.best is not None
    assert done.run.best.loss == 1


def test_an_interrupt_after_the_proof_leaves_it_optimal(monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt = Interrupt()

    def proved(call: Call) -> Outcome:
        interrupt.request()
        return optimal(call)

    fake = install(monkeypatch, proved)  # type: ignore[arg-type]
    done = Done(own(Exact(), Exact()), interrupt=interrupt)
    assert len(fake.calls) == 1
    assert done.run.status is RunStatus.OPTIMAL


def test_an_interrupt_before_the_start_leaves_the_constant_network(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = install(monkeypatch, optimal)
    done = Done(own(), interrupt=Interrupt(1))
    assert fake.calls == []
    assert done.run.status is RunStatus.INTERRUPTED
    assert (done.run.stages, done.run.claimed_loss, done.run.solver) == ((), None, "scip")
    assert done.run.best is not None
    assert done.run.best.loss == 2


# ---- what is decided before anything is solved


def test_the_solver_of_auto_is_chosen_by_the_network() -> None:
    assert prepare(training_problem(spec(network_spec((), SIGNS)), DATA))[0].solver == "cpsat"
    for weights, why in ((Interval(-1.0, 1.0), "continuous weights"), (Values((-0.5, 1.0)), "")):
        choice = prepare(training_problem(spec(network_spec((), weights)), DATA))[0]
        assert (choice.solver == "scip") is bool(why)
        assert why in choice.reason
    odd = dataset([[1.0], [0.123456789012], [700.0]], [0, 1, 1])
    choice, _ = prepare(training_problem(spec(network_spec((), SIGNS)), odd))
    assert choice.reason == "auto: the features are on no common lattice"


def test_cpsat_is_refused_continuous_weights() -> None:
    for of in (network_spec((), Interval(-1.0, 1.0)), network_spec((2,), Interval(-1.0, 1.0), Integers(-1, 1))):
        with pytest.raises(Rejected) as caught:
            prepare(training_problem(spec(of, solver="cpsat"), DATA))
        assert [d.code for d in caught.value.diagnostics] == ["E207"]


def test_one_output_cannot_tell_three_classes_apart() -> None:
    three = dataset([[1.0], [2.0], [3.0]], [0, 1, 2], 3)
    with pytest.raises(Rejected) as caught:
        prepare(training_problem(spec(network_spec(encoding="single")), three))
    assert [d.code for d in caught.value.diagnostics] == ["E218"]


def test_a_fixed_output_cannot_either_and_says_what_to_write() -> None:
    """`encoding` is not what the user wrote, so it is not what is spoken of."""
    three = dataset([[1.0], [2.0], [3.0]], [0, 1, 2], 3)
    with pytest.raises(Rejected) as caught:
        prepare(training_problem(spec(network_spec((2,), output=FixedOutput("any"))), three))
    (error,) = caught.value.diagnostics
    assert (error.code, error.message) == ("E218", "`output any` cannot tell 3 classes apart")
    assert error.hint == "write `output` alone, or keep two classes with `classes = [...]` in `data`"


def test_a_model_too_large_is_refused_before_it_is_built() -> None:
    with pytest.raises(Rejected) as caught:
        prepare(training_problem(spec(network_spec((10**9,))), DATA))
    assert [d.code for d in caught.value.diagnostics] == ["E219"]


def test_the_log_of_the_solver_goes_where_it_is_told(tmp_path: Path) -> None:
    log = tmp_path / "solver.log"
    run(training_problem(own(), DATA), emit=lambda fact: None, interrupt=Interrupt(), log=log)
    assert log.exists()


# ---- the loss that no network avoids


@pytest.mark.parametrize(
    ("raw", "y", "loss", "irreducible"),
    [
        ([1, 1, 1, 2], [0, 1, 1, 0], "zero_one", 1),
        ([1, 1, 1, 2], [0, 1, 1, 0], "pattern", 1),
        ([1, 1, 1, 1, 1], [0, 1, 2, 2, 2], "zero_one", 2),
        ([1, 1, 1, 1, 1], [0, 1, 2, 2, 2], "pattern", 2),
        ([1, 1, 1, 1, 1], [0, 1, 2, 2, 2], "hamming", 4),
        ([1, 1, 1], [0, 1, 2], "hamming", 3),  # no output at all: less than the 4 of any one class
        ([1, 2, 3], [0, 1, 2], "hamming", 0),
    ],
)
def test_equal_samples_of_different_classes_cost_what_they_must(
    raw: list[int], y: list[int], loss: str, irreducible: int
) -> None:
    data = dataset([[float(v)] for v in raw], y, 3)
    assert irreducible_loss(data.train, loss, 3) == irreducible  # type: ignore[arg-type]


# ---- all kinds of stages, with a solver


def validated(raw: list[float], y: list[int]) -> Dataset:
    return replace(DATA, validation=part([[v] for v in raw], y, DATA.recipe))


def test_no_stage_is_worse_than_the_one_before() -> None:
    kinds = (LocalSearch(method="alternate", restarts=1), DataSplit(splits=3), Exact())
    of = spec(network_spec((2, 2), SIGNS), stages=kinds, time=30.0)
    done = Done(of)
    assert [stage.stage for stage in done.run.stages] == ["local_search", "data_split", "exact"]
    losses = [stage.verified_loss for stage in done.run.stages]
    assert losses == sorted(losses, reverse=True)  # type: ignore[type-var]
    assert all(stage.verified_loss <= stage.claimed_loss for stage in done.run.stages)  # type: ignore[operator]
    assert [stage.bound for stage in done.run.stages][:2] == [None, None]
    assert done.run.best is not None
    layers = [OracleLayer(width, (-1, 0, 1)) for width in (2, 2, 1)]
    least = least_loss(plain_rows(DATA), DATA.train.y.tolist(), layers, "per_neuron", "zero_one")
    assert (done.run.best.loss, done.run.status) == (least, RunStatus.OPTIMAL)
    assert done.run.seconds == pytest.approx(sum(stage.seconds for stage in done.run.stages), abs=1.0)


def test_a_run_ends_with_the_network_that_its_last_stage_selects() -> None:
    """All of the training data says 1 from 3 on, the validation data never."""
    data = validated([4.0, 5.0, 6.0], [0, 0, 0])
    done = Done(own(DataSplit()), data)
    assert done.run.best is not None
    assert done.run.best.loss == 2  # the constant network, which is right on the validation part
    assert done.run.stages[0].validation_accuracy == 1.0
    assert done.run.status is RunStatus.FEASIBLE
    assert any(isinstance(fact, NetworkFound) and fact.incumbent.loss == 1 for fact in done.facts)


def test_after_our_own_proof_no_solver_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = install(monkeypatch, optimal)
    done = Done(replace(own(Prove(), Exact(), LocalSearch()), network=network_spec((1,), SIGNS)))
    assert (done.run.status, done.run.bound, fake.calls) == (RunStatus.OPTIMAL, 1, [])
    nothing = ("no network has a lesser loss: there was nothing to do",)
    assert [(stage.stage, stage.status, stage.notes) for stage in done.run.stages[1:]] == [
        ("exact", StageStatus.OPTIMAL, nothing),
        ("local_search", StageStatus.OPTIMAL, nothing),
    ]


def test_after_our_own_proof_a_stage_selects_by_validation_nevertheless() -> None:
    asked = replace(own(Prove(), DataSplit()), network=network_spec((1,), SIGNS))
    done = Done(asked, validated([4.0, 5.0, 6.0], [0, 0, 0]))
    assert [stage.stage for stage in done.run.stages] == ["prove", "data_split"]


def test_a_later_stage_starts_from_the_least_training_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = install(monkeypatch, lambda call: says(Status.NO_SOLUTION))
    data = validated([4.0, 5.0, 6.0], [0, 0, 0])
    done = Done(own(DataSplit(splits=1), Exact()), data, start=THRESHOLD)
    assert done.run.best is not None
    assert done.run.best.network == THRESHOLD
    last = fake.calls[-1]
    assert last.start is not None
    assert last.milp.objective(last.start) == 1


def test_what_decides_nothing_has_no_weights_after_a_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second neuron is not read: its weight becomes 0, and the network stays otherwise."""
    install(monkeypatch, lambda call: says(Status.NO_SOLUTION, bound=0.0))
    hidden = Layer(np.array([[1.0], [1.0]]), np.array([-3.0, -4.0]))
    start = Network((hidden, Layer(np.array([[1.0, 0.0]]), np.array([-1.0]))))
    of = replace(own(), network=network_spec((2,), SIGNS))
    done = Done(of, start=start)
    assert done.run.best is not None
    assert [layer.weights.tolist() for layer in done.run.best.network.layers] == [[[1.0], [0.0]], [[1.0, 0.0]]]
    assert done.run.best.loss == 1
    assert [fact.by for fact in done.facts if isinstance(fact, NetworkFound)][-1] == "simplified"
    assert done.kinds[-2:] == [NetworkFound, StageEnded]
