"""Stage `exact` with a solver that crashes, lies, gives up or is interrupted: what comes out is verified all the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fakes import Call, FakeSolver, install, says
from problems import SIGNS, dataset, network_spec, plain_loss, spec, with_loss
from staged import staged

from bdnnlang import solve
from bdnnlang.arrays import Floats
from bdnnlang.budget import Budget, Interrupt
from bdnnlang.language.spec import Exact, Formulation, Interval, Solver, Spec, WeightDomain
from bdnnlang.model.build import build
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.run.facts import ModelBuilt
from bdnnlang.run.records import StageRecord
from bdnnlang.run.solving import make_model
from bdnnlang.run.status import StageStatus
from bdnnlang.search.constant_networks import constant_incumbent
from bdnnlang.solve.outcome import FoundSolution, NewBound, Outcome, Status

DATA = dataset([[1.0], [2.0], [3.0], [4.0]], [0, 0, 1, 1])
PERFECT = Network((Layer(np.array([[1.0]]), np.array([-3.0])),))
SILENT = Network((Layer(np.array([[0.0]]), np.array([-1.0])),))  # two errors
MIDDLING = Network((Layer(np.array([[1.0]]), np.array([-4.0])),))  # one error

# a network that no weights and biases keep a margin of
NARROW = dataset([[1.0], [1.000001], [2.0], [3.0]], [0, 1, 1, 0])
THIN = Network((Layer(np.array([[1.0]]), np.array([-1.0000005])),))  # one error


def training(weights: WeightDomain = SIGNS, solver: Solver = "scip") -> TrainingProblem:
    return TrainingProblem(unguided(spec(network_spec((), weights), solver=solver)), DATA)


def unguided(own: Spec) -> Spec:
    """Without a search of ours, so that what the solver says is all there is."""
    return replace(own, train=replace(own.train, without=("guide_solver",)))


def point(network: Network, of: TrainingProblem) -> Floats:
    return make_model(of, of.spec.train.solver).encode(network)


class Stage:
    """Runs the stage and keeps what happened."""

    def __init__(self, of: TrainingProblem, best: Incumbent | None = None, budget: Budget | None = None, **stage: object) -> None:
        start = constant_incumbent(build(of.spec.network, None, of.data), of)
        settings = Exact(**stage)  # type: ignore[arg-type]
        self.done = staged(settings, of, best or start, budget or Budget(60.0, Interrupt()))
        self.best, self.record, self.events = self.done.best, self.done.record, self.done.facts
        assert self.best.loss == plain_loss(self.best.network, of.data, "zero_one") <= (best or start).loss

    @property
    def incumbents(self) -> list[int]:
        return [incumbent.loss for incumbent in self.done.better]


def finds(network: Network, of: TrainingProblem, status: Status, bound: float | None = None) -> Outcome:
    x = point(network, of)
    return says(status, x, float(plain_loss(network, of.data, "zero_one")), bound)


def check(record: StageRecord, **expected: object) -> None:
    assert {name: getattr(record, name) for name in expected} == expected


def test_an_honest_solver_is_believed_after_checking(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = install(monkeypatch, lambda call: finds(PERFECT, training(), Status.OPTIMAL, 0.0))
    stage = Stage(training(), gap=0.25, node_limit=9)
    assert stage.best.loss == 0
    check(stage.record, status=StageStatus.OPTIMAL, claimed_loss=0, verified_loss=0, bound=0, margin=None, nodes=7, notes=())
    assert stage.incumbents == [0]  # what the verdict found is told, so that it is journalled
    (call,) = fake.calls
    assert call.start is not None
    assert call.milp.feasible(call.start)
    assert (call.limits.gap, call.limits.nodes, call.limits.feasibility) == (0.25, 9, 1e-6)
    assert call.limits.seconds == pytest.approx(60.0, abs=5.0)
    check(stage.record, columns=call.milp.columns, rows=call.milp.rows, nonzeros=call.milp.nonzeros)
    assert isinstance(stage.events[0], ModelBuilt)


def test_solutions_and_bounds_are_told_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    def solve(call: Call) -> Outcome:
        call.on_event(FoundSolution(0.1, 0.0, point(MIDDLING, training())))  # claims 0: one error in truth
        call.on_event(NewBound(0.2, 0.0, 5))
        call.on_event(FoundSolution(0.3, 1.0, point(MIDDLING, training())))
        return says(Status.NO_SOLUTION)

    install(monkeypatch, solve)
    stage = Stage(training())
    assert stage.incumbents == [1]
    assert stage.done.reported == [0.0]
    assert stage.best.loss == 1


def test_a_solver_that_did_not_get_to_branch_is_no_use_in_such_time(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, lambda call: replace(says(Status.NO_SOLUTION), nodes=1))
    note = "the time was up before the solver had branched: in such time a stage `local_search` may find more"
    assert Stage(training(), budget=Budget(0.0, Interrupt())).record.notes == (note,)
    assert note not in Stage(training()).record.notes


def test_a_crash_leaves_the_best_network_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def solve(call: Call) -> Outcome:
        x = point(MIDDLING, training())
        call.on_event(FoundSolution(0.1, 1.0, x))
        return says(Status.FAILED, x, 1.0, None, "solver process ended by signal 11 (SIGSEGV)")

    fake = install(monkeypatch, solve)
    stage = Stage(training())
    assert len(fake.calls) == 1
    assert stage.incumbents[0] == 1
    assert stage.best.loss <= 1
    check(stage.record, status=StageStatus.FAILED, claimed_loss=1, verified_loss=stage.best.loss, bound=None)
    assert stage.record.notes == ("solver process ended by signal 11 (SIGSEGV)",)


@pytest.mark.parametrize("status", [Status.NO_SOLUTION, Status.INFEASIBLE, Status.FAILED, Status.INTERRUPTED])
def test_without_a_solution_the_start_stays(monkeypatch: pytest.MonkeyPatch, status: Status) -> None:
    fake = install(monkeypatch, lambda call: says(status, reason="so it is"))
    start = with_loss(MIDDLING, 1)
    stage = Stage(training(), start)
    assert stage.best is start
    assert len(fake.calls) == 1
    check(stage.record, status=str(status), claimed_loss=None, verified_loss=1, bound=None)


def test_the_earlier_network_stays_among_equals(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, lambda call: finds(PERFECT, training(), Status.OPTIMAL, 0.0))
    start = with_loss(Network((Layer(np.array([[1.0]]), np.array([-2.5])),)), 0)
    stage = Stage(training(), start)
    assert stage.best is start
    assert stage.incumbents == []


# ---- false claims


HARD = dataset([[1.0], [2.0], [3.0], [4.0]], [0, 1, 0, 1])
ONE_ERROR = Network((Layer(np.array([[1.0]]), np.array([-2.0])),))  # the least there is
CLOSE = Network((Layer(np.array([[1.0]]), np.array([-1.0 - 1e-6])),))  # the same, with a pre-activation of −1e-6 at 1


def hard(weights: WeightDomain = SIGNS, solver: Solver = "scip", formulation: Formulation = "tight") -> TrainingProblem:
    own = unguided(spec(network_spec((), weights), solver=solver))
    return TrainingProblem(replace(own, train=replace(own.train, formulation=formulation)), HARD)


def false_point(of: TrainingProblem) -> Floats:
    x = point(PERFECT, of)
    x[make_model(of, of.spec.train.solver).problem.activations(1).index] = [[0], [1], [0], [1]]
    return x


@pytest.fixture
def only_scip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "available", lambda name: name == "scip")


@pytest.mark.usefixtures("only_scip")
@pytest.mark.parametrize(
    ("formulation", "weights", "margins"),
    [
        ("paper", SIGNS, [1e-4, 1e-3, 1e-3, 1e-4, 1e-4]),
        ("paper", Interval(-1.0, 1.0), [1e-4, 1e-3, 1e-3, 1e-4, 1e-4]),
        ("tight", SIGNS, [1.0, 1.0, 1.0, 1.0]),  # on a lattice there is no wider margin than a unit
        ("tight", Interval(-1.0, 1.0), [1e-4, 1e-3, 1e-3, 1e-4, 1e-4]),
    ],
    ids=str,
)
def test_a_false_claim_is_tried_in_other_ways_and_then_rejected(
    monkeypatch: pytest.MonkeyPatch, formulation: Formulation, weights: WeightDomain, margins: list[float]
) -> None:
    of = hard(weights, formulation=formulation)
    fake = install(monkeypatch, lambda call: says(Status.OPTIMAL, false_point(of), 0.0, 0.0))
    stage = Stage(of)
    check(stage.record, status=StageStatus.CLAIM_REJECTED, claimed_loss=0, verified_loss=stage.best.loss)
    assert stage.best.loss >= 1
    gaps = [-call.milp.row_upper[np.isfinite(call.milp.row_upper)].max() for call in fake.calls]
    assert gaps == pytest.approx(margins)
    assert [call.limits.feasibility for call in fake.calls][-3:] == [1e-9, 1e-6, 1e-6]
    assert [call.start is None for call in fake.calls][-3:] == [False, True, True]
    assert [call.limits.presolve for call in fake.calls][-3:] == [True, True, False]
    assert len([note for note in stage.record.notes if note.startswith("tried again")]) == len(gaps) - 1
    assert stage.record.notes[-1].startswith("tried again without a start and without presolve")
    assert sum(isinstance(event, ModelBuilt) for event in stage.events) == len(fake.calls)


def misstates(call: Call) -> Outcome:
    """As HiGHS 1.16.0 does with a start: the objective is less than what the point is worth."""
    if call.start is None:
        return finds(ONE_ERROR, hard(), Status.OPTIMAL, 1.0)
    return says(Status.OPTIMAL, point(SILENT, hard()), 0.0, 0.0)


def test_a_solver_that_misstates_its_objective_is_asked_without_a_start(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = install(monkeypatch, misstates)
    stage = Stage(hard())
    assert len(fake.calls) == 2
    check(stage.record, status=StageStatus.OPTIMAL, claimed_loss=1, verified_loss=1, bound=1)
    assert stage.record.notes == (
        "the network does not keep the claim of 0 by fake 1: its loss is 2",
        "tried again without a start",
    )


def test_another_solver_is_asked_where_its_own_program_is_to_its_taste(monkeypatch: pytest.MonkeyPatch) -> None:
    """CP-SAT gets implications, and nothing of continuous weights."""
    monkeypatch.setattr(solve, "available", lambda name: name in ("scip", "cpsat"))
    of = hard()

    def answer(call: Call) -> Outcome:
        if call.milp.conditional:
            x = make_model(of, "cpsat").encode(ONE_ERROR)
            return says(Status.OPTIMAL, x, 1.0, 1.0)
        return says(Status.OPTIMAL, false_point(of), 0.0, 0.0)

    fake = install(monkeypatch, answer)
    stage = Stage(of)
    assert fake.names == ["scip"] * 4 + ["cpsat"]
    check(stage.record, status=StageStatus.OPTIMAL, claimed_loss=1, verified_loss=1, bound=1)
    assert stage.record.notes[-1] == "tried again by cpsat"
    real = hard(Interval(-1.0, 1.0))
    fake = install(monkeypatch, lambda call: says(Status.OPTIMAL, false_point(real), 0.0, 0.0))
    assert Stage(real).record.status is StageStatus.CLAIM_REJECTED
    assert set(fake.names) == {"scip"}


def test_a_claim_that_the_best_network_keeps_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    of = hard()
    fake = install(monkeypatch, lambda call: says(Status.OPTIMAL, false_point(of), 1.0, 1.0))
    stage = Stage(of, with_loss(ONE_ERROR, 1))
    assert len(fake.calls) == 1
    check(stage.record, status=StageStatus.OPTIMAL, claimed_loss=1, verified_loss=1, bound=1)


def test_a_retry_that_brings_nothing_leaves_the_claim_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    of = hard()
    install(
        monkeypatch,
        lambda call: says(Status.OPTIMAL, false_point(of), 0.0, 0.0),
        lambda call: says(Status.FAILED, reason="it fell over"),
    )
    stage = Stage(of)
    check(stage.record, status=StageStatus.CLAIM_REJECTED, claimed_loss=0, verified_loss=stage.best.loss)
    assert "it fell over" in stage.record.notes


def test_a_solver_that_refuses_the_program_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(call: Call) -> Outcome:
        raise solve.UnsupportedModelError("not my kind")

    install(monkeypatch, refuse)
    check(Stage(training()).record, status=StageStatus.FAILED, verified_loss=2, notes=("scip refused the program: not my kind",))


def test_the_second_try_may_keep_its_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    of = hard()
    fake = install(
        monkeypatch,
        lambda call: says(Status.OPTIMAL, false_point(of), 0.0, 0.0),
        lambda call: finds(ONE_ERROR, of, Status.OPTIMAL, 1.0),
    )
    stage = Stage(of)
    assert len(fake.calls) == 2
    check(stage.record, status=StageStatus.OPTIMAL, claimed_loss=1, verified_loss=1, bound=1)
    assert len(stage.record.notes) == 2


def test_a_false_claim_is_not_tried_again_without_time(monkeypatch: pytest.MonkeyPatch) -> None:
    of = hard()
    fake = install(monkeypatch, lambda call: says(Status.FEASIBLE, false_point(of), 0.0, 0.0))
    stage = Stage(of, budget=Budget(0.0, Interrupt()))
    assert len(fake.calls) == 1
    check(stage.record, status=StageStatus.CLAIM_REJECTED)


def test_a_false_claim_is_not_tried_again_after_an_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    of, interrupt = hard(), Interrupt()

    def solve(call: Call) -> Outcome:
        assert not call.stop()
        interrupt.request()
        assert call.stop()
        return says(Status.INTERRUPTED, false_point(of), 0.0, 0.0)

    fake = install(monkeypatch, solve)
    Stage(of, budget=Budget(60.0, interrupt))
    assert len(fake.calls) == 1


def test_a_nearly_whole_claim_is_the_whole_one(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, lambda call: says(Status.OPTIMAL, point(ONE_ERROR, hard()), 1 - 1e-9, 1 - 1e-9))
    check(Stage(hard()).record, claimed_loss=1, verified_loss=1, bound=1)


# ---- bounds


def test_a_bound_above_a_network_in_the_model_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, lambda call: says(Status.OPTIMAL, point(SILENT, training()), 2.0, 2.0))
    stage = Stage(training(), with_loss(MIDDLING, 1))
    check(stage.record, bound=None, claimed_loss=2, status=StageStatus.CLAIM_REJECTED)
    assert stage.record.notes[0] == "fake 1 claims a bound of 2, but a network with loss 1 satisfies its model"
    assert stage.best.network == MIDDLING


def test_a_claim_that_the_start_refutes_is_told_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = install(
        monkeypatch,
        lambda call: replace(finds(SILENT, training(), Status.FEASIBLE), refuted="it claims an optimum of 3"),
        lambda call: finds(PERFECT, training(), Status.OPTIMAL, 0.0),
    )
    stage = Stage(training())
    assert len(fake.calls) == 2
    check(stage.record, status=StageStatus.OPTIMAL, bound=0)
    assert stage.record.notes[0] == "it claims an optimum of 3"


def test_a_bound_above_a_network_within_the_margin_is_lowered(monkeypatch: pytest.MonkeyPatch) -> None:
    of = replace(training(Interval(-1.0, 1.0)), data=NARROW)
    install(monkeypatch, lambda call: finds(SILENT, of, Status.OPTIMAL, 2.0))
    stage = Stage(of, with_loss(THIN, 1))
    check(stage.record, bound=1, margin=1e-4)
    assert stage.record.notes[-1] == "the bound of 2 speaks of networks with a wider margin"


def test_a_bound_above_a_network_that_can_be_widened_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    of = hard(Interval(-1.0, 1.0))
    install(monkeypatch, lambda call: finds(SILENT, of, Status.OPTIMAL, 2.0))
    stage = Stage(of, with_loss(CLOSE, 1))
    check(stage.record, bound=None, status=StageStatus.CLAIM_REJECTED)


@pytest.mark.parametrize(("weights", "margin"), [(SIGNS, None), (Interval(-1.0, 1.0), 1e-4)], ids=str)
def test_the_margin_of_a_bound_is_told(monkeypatch: pytest.MonkeyPatch, weights: WeightDomain, margin: float | None) -> None:
    of = training(weights)
    install(monkeypatch, lambda call: finds(PERFECT, of, Status.OPTIMAL, 0.0))
    assert Stage(of).record.margin == margin


# ---- what a solver starts from


def test_a_network_outside_the_model_stays_beside_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver starts from the constant network, and the record ends no worse than the stage began."""
    of = replace(training(Interval(-1.0, 1.0)), data=NARROW)
    fake: FakeSolver = install(monkeypatch, lambda call: finds(SILENT, of, Status.FEASIBLE))
    stage = Stage(of, with_loss(THIN, 1))
    assert fake.calls[0].start is not None
    assert fake.calls[0].milp.objective(fake.calls[0].start) == 2
    assert stage.best.network == THIN
    check(stage.record, claimed_loss=2, verified_loss=1)
    (note,) = stage.record.notes
    assert note.startswith("the best network so far, of loss 1, does not satisfy the model")


def test_a_network_within_the_margin_is_widened(monkeypatch: pytest.MonkeyPatch) -> None:
    of = hard(Interval(-1.0, 1.0))
    fake: FakeSolver = install(monkeypatch, lambda call: says(Status.NO_SOLUTION))
    stage = Stage(of, with_loss(CLOSE, 1))
    assert fake.calls[0].start is not None
    assert fake.calls[0].milp.feasible(fake.calls[0].start)
    assert fake.calls[0].milp.objective(fake.calls[0].start) <= 1
    assert stage.record.notes[0] == "the best network so far got wider margins, so that it satisfies the model"


def test_nothing_is_asked_of_a_solver_where_the_loss_is_irreducible(monkeypatch: pytest.MonkeyPatch) -> None:
    fake: FakeSolver = install(monkeypatch)
    stage = Stage(training(Interval(-1.0, 1.0)), with_loss(PERFECT, 0))
    assert not fake.calls
    check(stage.record, solver="", status=StageStatus.OPTIMAL, verified_loss=0, claimed_loss=None, bound=0, margin=None, rows=0)


def test_nothing_is_asked_of_a_solver_where_a_search_before_it_meets_that_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    fake: FakeSolver = install(monkeypatch)
    of = TrainingProblem(spec(network_spec((), Interval(-1.0, 1.0)), solver="scip"), DATA)
    stage = Stage(of)
    assert not fake.calls
    assert stage.incumbents[-1] == 0
    check(stage.record, solver="", status=StageStatus.OPTIMAL, verified_loss=0, bound=0, margin=None)


def test_who_stops_a_search_before_the_solve_does_not_wait_for_a_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    fake: FakeSolver = install(monkeypatch)
    interrupt = Interrupt()
    interrupt.request()
    stage = Stage(TrainingProblem(spec(network_spec((), SIGNS), solver="scip"), HARD), budget=Budget(60.0, interrupt))
    assert not fake.calls
    check(stage.record, status=StageStatus.INTERRUPTED, verified_loss=stage.best.loss, bound=None)


def test_a_search_goes_along_unless_no_start_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    guided = TrainingProblem(spec(network_spec((), SIGNS), solver="scip"), HARD)
    fake = install(monkeypatch, misstates)
    Stage(guided)
    assert [call.improve is None for call in fake.calls] == [False, True]


def test_a_solve_ends_when_its_network_meets_the_irreducible_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver may know nothing of that bound: then we stop it."""
    of = training(Interval(-1.0, 1.0))

    def finds_and_is_stopped(call: Call) -> Outcome:
        assert not call.stop()
        call.on_event(FoundSolution(0.1, 0.0, point(PERFECT, of)))
        assert call.stop()
        return says(Status.INTERRUPTED, point(PERFECT, of), 0.0, -3.0)

    install(monkeypatch, finds_and_is_stopped)
    check(Stage(of).record, status=StageStatus.OPTIMAL, verified_loss=0, bound=0, margin=None)


def test_integer_targets_get_implications() -> None:
    assert make_model(training(), "cpsat").milp.conditional
    assert not make_model(training(), "scip").milp.conditional
