"""Rows 1 to 4: what solvers claim, what networks do."""

from __future__ import annotations

import random

import numpy as np
from problems import plain_loss
from run.test_false_optima import RAW, check, large_m, six_decades

from bdnnlang import solve
from bdnnlang.arrays import Floats
from bdnnlang.budget import Interrupt
from bdnnlang.compiler import training_problem
from bdnnlang.language.spec import LocalSearch, Solver
from bdnnlang.network.exact import outputs
from bdnnlang.network.network import Network
from bdnnlang.run.records import Run
from bdnnlang.run.schedule import run
from bdnnlang.run.status import RunStatus, StageStatus
from score.instances import Instance, instance

ORDERS = 5
FALSE_OPTIMA = 128
MAKERS = (six_decades, large_m)


def claims(number: int) -> str:
    """Row 1, on the three solvers in turn; CP-SAT takes integer networks only."""
    problem = instance(number)
    solver = (*_solvers(problem),)[number % len(_solvers(problem))]
    done = _run(problem, solver)
    stage = done.stages[-1]
    if done.best is None:
        return f"{solver}: no network"
    true = plain_loss(done.best.network, problem.data, _loss(problem, done.best.network))
    if done.best.loss != true:
        return f"{solver}: loss {done.best.loss} stated, {true} by the oracle"
    kept = stage.claimed_loss is None or stage.verified_loss is None or stage.verified_loss <= stage.claimed_loss
    return (
        ""
        if kept or stage.status is StageStatus.CLAIM_REJECTED
        else f"{solver}: {stage.claimed_loss} claimed, {stage.verified_loss} verified"
    )


def float_pass(number: int) -> str:
    """Row 2: float64 products summed in five orders of the features."""
    problem = instance(number)
    training = training_problem(problem.spec("auto", LocalSearch(time=5.0, restarts=1, sweeps=4)), problem.data)
    done = run(training, emit=_deaf, interrupt=Interrupt())
    if done.best is None:
        return "no network"
    exact = outputs(done.best.network, problem.data.train)
    for seed in range(ORDERS):
        order = list(range(problem.data.train.x.shape[1]))
        random.Random(seed).shuffle(order)
        if not np.array_equal(_float_outputs(done.best.network, problem.data.train.x, order), exact):
            return f"order {order} gives other outputs"
    return ""


def false_optima(number: int) -> str:
    """Row 3: data on which the published form, unpolished, claims what its networks do not keep."""
    seed, rest = divmod(number, 8)
    solver: Solver = ("scip", "highs")[rest % 2]
    if not solve.available(solver):
        return f"{solver} is not installed"
    check(MAKERS[rest // 2 % 2](seed, 18), RAW[rest // 4], (2,) if seed % 2 else (1,), solver, 20.0)
    return ""


def bounds(number: int) -> str:
    """Row 4: three solves with other solvers or seeds; those that speak of the same margin must not contradict each other."""
    problem = instance(number + 10_000, samples=(6, 10))
    solvers = _solvers(problem)
    done = [_run(problem, solvers[seed % len(solvers)], seed) for seed in range(3)]
    return next((said for one in done for other in done if (said := _contradiction(one, other))), "")


def _contradiction(one: Run, other: Run) -> str:
    """Is the bound of one run above what the other has found, both speaking of the same networks?"""
    if one.bound is None or other.best is None:
        return ""
    if one.margin is None and one.bound > other.best.objective:
        return f"a bound of {one.bound} for all networks, a network with {other.best.objective}"
    claim = other.claimed_objective if other.status is not RunStatus.CLAIM_REJECTED else None
    if one.margin == other.margin and claim is not None and one.bound > claim:
        return f"a bound of {one.bound} at margin {one.margin}, a kept claim of {claim}"
    return ""


def _run(problem: Instance, solver: Solver, seed: int = 0) -> Run:
    return run(training_problem(problem.spec(solver, seed=seed), problem.data), emit=_deaf, interrupt=Interrupt())


def _solvers(problem: Instance) -> tuple[Solver, ...]:
    wanted: tuple[Solver, ...] = ("scip", "highs", "cpsat") if problem.finite else ("scip", "highs")
    return tuple(solver for solver in wanted if solve.available(solver))


def _loss(problem: Instance, network: Network) -> str:
    return problem.loss or ("zero_one" if network.widths[-1] == 1 else "hamming")


def _float_outputs(network: Network, x: Floats, order: list[int]) -> Floats:
    values = x[:, order]
    for k, layer in enumerate(network.layers):
        weights = layer.weights[:, order] if k == 0 else layer.weights
        values = (values @ weights.T + layer.biases >= 0).astype(np.float64)
    return values


def _deaf(event: object) -> None:
    """Nobody listens."""
