"""A solver's claim → a network with a verified loss. Nothing a solver says about a network gets past this file."""

from __future__ import annotations

import math

import numpy as np

from bdnnlang.ir.blocks import Mask, Problem
from bdnnlang.ir.build import output_width
from bdnnlang.ir.complete import read_activations, read_network
from bdnnlang.milp import Floats, Milp
from bdnnlang.network import Network, label_bits
from bdnnlang.runtime.polish import polish, snap
from bdnnlang.runtime.types import Incumbent, Task

INTEGRAL = 1e-6  # losses are integers: a bound of 3 + 1e-7 says 3, and 3 + 1e-5 says 4


def judge(task: Task, problem: Problem, x: Floats, claim: int) -> Incumbent:
    """The best network that stands behind solution `x` of a built `problem`, with its loss in exact arithmetic.

    Tried in this order, and kept as soon as the loss is at most `claim`: polished and snapped to few bits; polished; the solver's
    own weights. If none keeps the claim, the best of them: the caller compares.
    """
    specs = task.spec.network.layers
    tried = []
    for network in (_polished(task, problem, x), read_network(problem, x)):
        incumbent = Incumbent(network, task.evaluate(network))
        short = snap(network, specs, lambda candidate, own=incumbent: task.evaluate(candidate) <= own.loss)  # type: ignore[misc]
        tried.append(Incumbent(short, task.evaluate(short)) if short is not None else incumbent)
        if tried[-1].loss <= claim:
            break
    return min(tried, key=lambda incumbent: incumbent.loss)


def _polished(task: Task, problem: Problem, x: Floats) -> Network:
    return polish(problem, task.spec.network.layers, x, task.data.train.x, _wrong(task, problem, x))


def _wrong(task: Task, problem: Problem, x: Floats) -> Mask:
    """Output bits that the claim already counts as errors; none are known where samples share activations."""
    claimed = read_activations(problem, x)[-1]
    y = task.data.train.y
    if len(claimed) != len(y):
        return np.zeros(claimed.shape, dtype=bool)
    return np.asarray(claimed != label_bits(y, output_width(task.spec.network, len(task.data.classes))))


def whole_bound(bound: float | None) -> int | None:
    """The least integer loss that a bound allows."""
    return None if bound is None else max(0, math.ceil(bound - INTEGRAL))


def contradicts(bound: int, incumbent: Incumbent, milp: Milp, point: Floats) -> bool:
    """Is a lower bound above the loss of a network that satisfies every row of the model? Then the solver is wrong."""
    return bound > incumbent.loss and milp.feasible(point, 1e-9)
