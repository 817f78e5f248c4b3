"""Stage `exact`: the whole problem to a solver, its claim to the verdict."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bdnnlang.milp import Milp
from bdnnlang.network import Rational, shown
from bdnnlang.runtime.floor import irreducible_loss
from bdnnlang.runtime.model import Model, Watch, ask, limits, make_model, margin, sizes, trusted_bound
from bdnnlang.runtime.types import Budget, Incumbent, Listener, StageRecord, StageStarted, Task, unsolved
from bdnnlang.spec.types import Exact
from bdnnlang.targets.outcome import Limits, Outcome, Status

# A claim that does not hold is tried again, with a wider margin and then with a finer tolerance as well (MODELS.md, section 8).
TRIES = ((1.0, 1e-6), (10.0, 1e-6), (10.0, 1e-9))


def run_exact(
    stage: Exact, task: Task, best: Incumbent, budget: Budget, listen: Listener, log: Path | None = None
) -> tuple[Incumbent, StageRecord]:
    """The best verified network after the stage, at least as good as `best`, and the record of the last try."""
    floor = irreducible_loss(task.data.train, task.loss, len(best.network.layers[-1].biases), task.costs)
    if best.objective <= floor:
        listen(StageStarted(stage.name, "", "", budget.seconds, 0, 0, 0, 0))
        return best, _settled(stage, task, best, floor, budget)
    notes: list[str] = []
    started, solving = False, 0.0
    for gap_factor, feasibility in TRIES:
        model = make_model(task, gap_factor)
        if not started:
            listen(_started(stage, task, budget, model.milp))
            started = True
        watch = Watch(task, model.problem, budget, listen, best, task.target)
        start = model.start(best.network, task)
        answer = ask(task, model, start, _limits(stage, task, budget, feasibility), watch, log, floor)
        outcome, claim, found, kept = answer.outcome, answer.claim, answer.found, answer.kept
        solving += outcome.seconds
        if found is not None:
            watch.consider(found)
        best = _best(best, found, watch.best, task)
        if kept or found is None or claim is None or budget.stopped() or budget.left == 0:
            break
        kind = "objective" if task.costs.penalties else "loss"
        result = shown(found.objective) if task.accepts(found) else "no certificate"
        notes.append(f"the network does not keep the claim of {shown(claim)}: its {kind} is {result}")
    bound, doubt = trusted_bound(outcome, best, model, task)
    kept |= outcome.status is Status.INTERRUPTED  # no time was left to try again
    record = _record(task, model, outcome, budget, claim, found, bound, [*notes, *doubt], kept)
    if outcome.status is Status.INTERRUPTED and best.objective <= floor:  # it was told that this is enough
        record = replace(record, status=str(Status.OPTIMAL), bound=floor, margin=None)
    return best, replace(record, solver_seconds=solving)


def _settled(stage: Exact, task: Task, best: Incumbent, floor: Rational, budget: Budget) -> StageRecord:
    """There is nothing to solve: no network has a lesser loss than the best one."""
    note = "no network has a lesser loss: there was nothing to solve"
    return unsolved(stage.name, budget.spent, str(Status.OPTIMAL), *task.stated(best), bound=floor, notes=(note,))


def _best(before: Incumbent, found: Incumbent | None, seen: Incumbent, task: Task) -> Incumbent:
    """Of equals the earlier network stays, and a polished one comes before one as the solver had it."""
    if found is not None and found.objective <= seen.objective + task.costs.slack(seen.objective):
        seen = found
    return min(before, seen, key=lambda incumbent: incumbent.objective)


def _limits(stage: Exact, task: Task, budget: Budget, feasibility: float) -> Limits:
    return replace(limits(task, budget.left), gap=stage.gap, nodes=stage.node_limit, feasibility=feasibility)


def _started(stage: Exact, task: Task, budget: Budget, milp: Milp) -> StageStarted:
    return StageStarted("exact", task.target, task.spec.train.formulation, budget.seconds, *sizes(milp))


def _record(
    task: Task,
    model: Model,
    outcome: Outcome,
    budget: Budget,
    claim: Rational | None,
    found: Incumbent | None,
    bound: Rational | None,
    notes: list[str],
    kept: bool,
) -> StageRecord:
    columns, binaries, rows, nonzeros = sizes(model.milp)
    loss, objective = task.stated(found)
    return StageRecord(
        stage="exact",
        solver=outcome.solver,
        formulation=task.spec.train.formulation,
        seconds=budget.spent,
        status="claim_rejected" if not kept else str(outcome.status),
        claimed_loss=None if task.costs.penalties else claim,
        verified_loss=loss,
        bound=bound,
        margin=margin(model.problem),
        nodes=outcome.nodes,
        columns=columns,
        binaries=binaries,
        rows=rows,
        nonzeros=nonzeros,
        notes=(*notes, *([outcome.reason] if outcome.reason and outcome.status is Status.FAILED else [])),
        claimed_objective=claim,
        verified_objective=objective,
    )
