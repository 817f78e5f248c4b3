"""How much of a network there may be, as rows over bits that say which weights are not 0."""

from __future__ import annotations

from typing import assert_never

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.language.spec import Bytes, Features, Inputs, Neurons, Nonzeros
from bdnnlang.model.blocks import Columns, Role
from bdnnlang.model.objectives.penalties import with_uses
from bdnnlang.model.requirement.growing import Growing, terms
from bdnnlang.problem.requirement.sizes import Size


def add(growing: Growing, number: int, size: Size) -> None:
    """`bytes` has no rows: its exact count is no linear function of weights and biases, so bounds are those without it."""
    if isinstance(size.statement, Bytes):
        return
    growing.problem = with_uses(growing.problem)
    uses = [_uses(growing, k) for k in range(1, growing.problem.depth + 1)]
    match size.statement:
        case Features(most=most):
            counted = _features(growing, uses[0])[None, :]
        case Inputs(most=most):
            counted = uses[0]
        case Nonzeros(most=most):
            counted = np.concatenate([layer.ravel() for layer in uses])[None, :]
        case Neurons(most=most):
            hidden = [_neurons(growing, k, *uses[k - 1 : k + 1]) for k in range(1, growing.problem.depth)]
            counted = np.concatenate(hidden)[None, :] if hidden else np.zeros((1, 0), dtype=np.int64)
        case _:
            assert_never(size.statement)
    growing.at_most(f"require{number}", counted, most)


def _uses(growing: Growing, k: int) -> Ints:
    """The bits of the weights of a layer, (d_k, d_{k-1})."""
    return growing.problem.families[Role.USES, k].index


def _features(growing: Growing, uses: Ints) -> Ints:
    """x_j ≥ z_ij for every neuron i, (d_0,)."""
    features = growing.binaries(Role.USED_FEATURES, 0, (uses.shape[1],))
    growing.rows("used", terms(features.index, uses), np.array([1.0, -1.0]), 0.0, least=features.index)
    return features.index


def _neurons(growing: Growing, k: int, below: Ints, above: Ints) -> Ints:
    """in_j ≥ z_ji from below, out_j ≥ z_ij to above, n_j ≥ in_j + out_j − 1, (d_k,)."""
    width = (len(below),)
    fed, heard, used = (growing.binaries(role, k, width) for role in (Role.FED, Role.HEARD, Role.USED_NEURONS))
    _any(growing, f"fed{k}", fed, below.T)
    _any(growing, f"heard{k}", heard, above)
    both = terms(used.index, fed.index, heard.index)
    growing.rows(f"live{k}", both, np.array([1.0, -1.0, -1.0]), -1.0, least=used.index)
    return used.index


def _any(growing: Growing, name: str, bits: Columns, of: Ints) -> None:
    """Each bit is at least all of its column of bits (n, d)."""
    growing.rows(name, terms(bits.index, of), np.array([1.0, -1.0]), 0.0, least=bits.index)
