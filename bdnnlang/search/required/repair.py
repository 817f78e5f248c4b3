"""A network made to satisfy what is required of networks themselves: signs, and what costs the least left out.

Source  docs/models.md 4.5, ours. Of what is too much half is left out at a time, or the last one: the features, neurons or
        weights without which loss and requirements on predictions come to the least. Descents keep what was reached.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

import numpy as np

from bdnnlang.arrays import Floats, Ints, Mask
from bdnnlang.data.draw import RandomStream, Seed
from bdnnlang.device.size.code_bytes import uses_of
from bdnnlang.language.spec import Bytes, Features, Inputs, Neurons, Nonzeros
from bdnnlang.network.network import Network
from bdnnlang.problem.requirement.signs import Monotone
from bdnnlang.problem.requirement.sizes import Size
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.certified_descent import state_of
from bdnnlang.search.descent import SearchState
from bdnnlang.search.hyperplanes import as_network, as_weights
from bdnnlang.search.required.support import signs_of_paths
from bdnnlang.search.search_problem import SearchProblem, search_problem_of

Part = tuple[int, Ints | slice, Ints | slice]  # layer, neurons, inputs: weights that become 0 together


def repaired(problem: SearchProblem, weights: Sequence[Floats], rng: RandomStream) -> Sequence[Floats]:
    """The same where nothing is required; else as near to it as the domains allow."""
    if (support := problem.support) is None:
        return weights
    found = [layer.copy() for layer in weights]
    if _holds_0(problem, 0):
        found[0][:, support.never] = 0.0
    for one in support.monotone:
        turn(problem, one, found, rng)
    for size in support.sizes:
        prune(problem, size, found, rng)
    return found


def repaired_network(training: TrainingProblem, network: Network, seed: Seed) -> Network:
    """The same of a network, which is itself where nothing is required of networks."""
    if not training.requirements.of_networks:
        return network
    problem = search_problem_of(training)
    weights = repaired(problem, as_weights(network, problem), RandomStream(seed))
    return as_network(weights, problem, training.spec.network.layers)


# ---- signs


def turn(problem: SearchProblem, one: Monotone, weights: list[Floats], rng: RandomStream) -> None:
    """Give the weights of a feature signs that they may have, or 0; where neither will do, every neuron gets a sign."""
    if _has_way(problem, one, weights):
        _turn_first(problem, one, weights)
        return
    signs = [np.where(rng.uniform((len(layer),)) < 0.5, -1.0, 1.0) for layer in weights[:-1]]
    may_rise, may_fall = one.allowed(len(weights[-1]))
    signs.append(np.where(may_rise, 1.0, np.where(may_fall, -1.0, 0.0)))
    for k in range(1, len(weights)):
        part = weights[k][:, :-1]
        part[:] = problem.layers[k].weights.nearest(np.abs(part) * np.outer(signs[k], signs[k - 1]))
    _turn_first(problem, one, weights)


def _has_way(problem: SearchProblem, one: Monotone, weights: Sequence[Floats]) -> bool:
    """Is there a sign, or 0, for the weight of the feature in each neuron of the first layer?"""
    if _holds_0(problem, 0):
        return True
    signs = [signs_of_paths(one, weights, 0, neuron) for neuron in range(len(weights[0]))]
    return all(rises[one.feature] or falls[one.feature] for rises, falls in signs)


def _turn_first(problem: SearchProblem, one: Monotone, weights: list[Floats]) -> None:
    allowed = problem.layers[0].weights
    for neuron, own in enumerate(weights[0]):
        rises, falls = (bool(side[one.feature]) for side in signs_of_paths(one, weights, 0, neuron))
        value = own[one.feature]
        if (value > 0 and not rises) or (value < 0 and not falls):
            wish = -value if rises or falls else 0.0
            own[one.feature] = allowed.nearest(np.full(len(allowed.rows), wish))[one.feature]


# ---- sizes


def prune(problem: SearchProblem, size: Size, weights: list[Floats], rng: RandomStream) -> None:
    """Make weights 0, in place, until there are few enough."""
    while (excess := _excess(size, weights)) > 0:
        parts = _parts(problem, size, weights)
        if not parts:
            return
        state = state_of(problem, weights)
        costs = np.array([_cost_without(state, part) for part in parts])
        order = rng.order(len(parts))
        cheapest = order[np.argsort(costs[order], kind="stable")]
        for at in cheapest[: max(1, excess // 2)]:
            _leave_out(weights, parts[at])


def _excess(size: Size, weights: Sequence[Floats]) -> int:
    """How many are too many."""
    used = [layer[:, :-1] != 0 for layer in weights]
    match size.statement:
        case Features(most=most):
            return int(used[0].any(axis=0).sum()) - most
        case Inputs(most=most):
            return int(np.maximum(used[0].sum(axis=1) - most, 0).sum())
        case Nonzeros(most=most):
            return sum(int(layer.sum()) for layer in used) - most
        case Neurons(most=most):
            return int(sum(uses_of(used).neurons)) - most
        case Bytes():
            return _excess_bytes(size, used)
        case _:
            assert_never(size.statement)


def _excess_bytes(size: Size, used: Sequence[Mask]) -> int:
    """About how many neurons are too many for code that walks tables, or how many weights for other code."""
    excess = int(size.code.of(uses_of(used))) - size.statement.most
    return math.ceil(excess / max(size.code.tables.neurons if _are_tables(size, used) else size.code.straight.weights))


def _are_tables(size: Size, used: Sequence[Mask]) -> bool:
    """Is the code that walks tables the shorter one, and short enough with fewer neurons?"""
    uses, tables = uses_of(used), size.code.tables
    without = replace(uses, weights=(0,) * len(uses.weights), neurons=(0,) * len(uses.neurons))
    is_shorter = tables.total(uses) <= size.code.straight.total(uses)
    return bool(tables.neurons) and is_shorter and tables.total(without) <= size.statement.most


def _parts(problem: SearchProblem, size: Size, weights: Sequence[Floats]) -> list[Part]:
    """What can be left out for that."""
    used = [layer[:, :-1] != 0 for layer in weights]
    free = [_holds_0(problem, k) for k in range(len(weights))]
    match size.statement:
        case Features():
            return [(0, slice(None), np.array([i])) for i in np.flatnonzero(used[0].any(axis=0))] if free[0] else []
        case Inputs(most=most):
            crowded = used[0] & (used[0].sum(axis=1, keepdims=True) > most)
            return _single(0, crowded) if free[0] else []
        case Bytes() if _are_tables(size, used):
            return _neurons(used, free)
        case Nonzeros() | Bytes():
            return [part for k, layer in enumerate(used) if free[k] for part in _single(k, layer)]
        case Neurons():
            return _neurons(used, free)
        case _:
            assert_never(size.statement)


def _single(k: int, used: Mask) -> list[Part]:
    return [(k, np.array([j]), np.array([i])) for j, i in np.argwhere(used)]


def _neurons(used: Sequence[Mask], free: Sequence[bool]) -> list[Part]:
    """Of each hidden neuron that is used the weights above it, or those below where these cannot be 0."""
    found: list[Part] = []
    for k in range(1, len(used)):
        both = np.flatnonzero(used[k - 1].any(axis=1) & used[k].any(axis=0))
        if free[k]:
            found += [(k, slice(None), np.array([j])) for j in both]
        elif free[k - 1]:
            found += [(k - 1, np.array([j]), slice(0, used[k - 1].shape[1])) for j in both]
    return found


def _cost_without(state: SearchState, part: Part) -> float:
    """What a network comes to without some of its weights."""
    k, neurons, inputs = part
    a = state.a[k].copy()
    a[neurons] -= state.weights[k][neurons][:, inputs] @ state.inputs[k].values[inputs]
    return float(state.costs_above(k, a))


def _leave_out(weights: list[Floats], part: Part) -> None:
    k, neurons, inputs = part
    layer = weights[k][neurons]
    layer[:, inputs] = 0.0
    weights[k][neurons] = layer


def _holds_0(problem: SearchProblem, k: int) -> bool:
    return not problem.layers[k].weights.nearest(np.zeros(len(problem.layers[k].weights.rows))).any()
