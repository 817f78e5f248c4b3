"""Requirements on networks themselves in a search: what each weight may become while all others stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np

from bdnnlang.arrays import Floats, Ints, Mask
from bdnnlang.device.size.code_bytes import Uses, uses_of
from bdnnlang.language.spec import Bytes, Features, Inputs, Neurons, Nonzeros
from bdnnlang.problem.requirement.requirements import Requirements
from bdnnlang.problem.requirement.signs import Monotone, Never, through
from bdnnlang.problem.requirement.sizes import Size

Signs = tuple[Mask, Mask]  # may it be positive, may it be negative


@dataclass(frozen=True, eq=False)
class Support:
    """Weights are matrices with the biases last, (d_k, d_{k-1} + 1), and layers numbered from 0, as in a search."""

    never: Ints  # features
    monotone: tuple[Monotone, ...] = ()
    sizes: tuple[Size, ...] = ()

    @classmethod
    def of(cls, requirements: Requirements) -> Support | None:
        """None where nothing is asked of networks themselves."""
        never = [i for one in requirements.all if isinstance(one, Never) for i in one.features]
        monotone = tuple(one for one in requirements.all if isinstance(one, Monotone))
        sizes = tuple(one for one in requirements.all if isinstance(one, Size))
        return cls(np.array(never, dtype=np.int64), monotone, sizes) if never or monotone or sizes else None

    def allowed(self, weights: Sequence[Floats], k: int, neuron: int) -> Signs:
        """Which signs each weight of a neuron may have, both (d_{k-1} + 1,); its bias any."""
        row = weights[k][neuron]
        grows = (row != 0) | np.append(self._may_grow(weights, k, neuron), True)
        positive, negative = grows.copy(), grows.copy()
        if k == 0:
            positive[self.never] = negative[self.never] = False
        for one in self.monotone:
            rises, falls = signs_of_paths(one, weights, k, neuron)
            positive[:-1] &= rises
            negative[:-1] &= falls
        return positive, negative

    def _may_grow(self, weights: Sequence[Floats], k: int, neuron: int) -> Mask:
        """Which weights of 0 may become another number, (d_{k-1},)."""
        free = np.ones(weights[k].shape[1] - 1, dtype=bool)
        for size in self.sizes:
            free &= spare(size, weights, k, neuron)
        return free


def spare(size: Size, weights: Sequence[Floats], k: int, neuron: int) -> Mask:
    """Which weights of 0 of a neuron may become another number by one requirement, (d_{k-1},)."""
    used = [layer[:, :-1] != 0 for layer in weights]
    row = used[k][neuron]
    match size.statement:
        case Features(most=most):
            features = used[0].any(axis=0)
            return np.ones_like(row) if k or features.sum() < most else features
        case Inputs(most=most):
            return np.full(len(row), k > 0 or row.sum() < most)
        case Nonzeros(most=most):
            return np.full(len(row), sum(int(layer.sum()) for layer in used) < most)
        case Neurons(most=most):
            return np.asarray(sum(_spare_neurons(used, k, neuron), np.zeros(len(row))) <= most - sum(uses_of(used).neurons))
        case Bytes(most=most):
            return np.asarray(size.code.of(_uses_with(used, k, neuron)) <= most)
        case _:
            assert_never(size.statement)


def _uses_with(used: Sequence[Mask], k: int, neuron: int) -> Uses:
    """What is used with one more weight of a neuron that is not 0, for each of them that is, (d_{k-1},)."""
    now = uses_of(used)
    features = now.features + (0 if k else ~used[0].any(axis=0))
    weights = tuple(count + (number == k) for number, count in enumerate(now.weights))
    added = _spare_neurons(used, k, neuron)
    return Uses(features, weights, tuple(a + b for a, b in zip(now.neurons, added, strict=True)), now.outputs)


def _spare_neurons(used: Sequence[Mask], k: int, neuron: int) -> list[Ints]:
    """How many neurons of each hidden layer are used that were not, if a weight of this one is no longer 0, (d_{k-1},) each."""
    added = [np.zeros(used[k].shape[1], dtype=np.int64) for _ in used[1:]]
    if k + 1 < len(used):
        added[k] += used[k + 1][:, neuron].any() and not used[k][neuron].any()
    if k > 0:
        added[k - 1] += used[k - 1].any(axis=1) & ~used[k].any(axis=0)
    return added


def signs_of_paths(one: Monotone, weights: Sequence[Floats], k: int, neuron: int) -> Signs:
    """Which signs the weights of a neuron may have, both (d_{k-1},), so that no path from the feature gets a wrong one."""
    positive = np.arange(weights[0].shape[1] - 1) == one.feature
    negative = np.zeros_like(positive)
    for layer in weights[:k]:
        positive, negative = through(layer[:, :-1], positive, negative)
    here = np.arange(len(weights[k])) == neuron
    up, down = here, np.zeros_like(here)
    for layer in weights[k + 1 :]:
        up, down = through(layer[:, :-1], up, down)
    may_rise, may_fall = one.allowed(len(weights[-1]))
    no_more, no_less = bool((up & ~may_rise | down & ~may_fall).any()), bool((up & ~may_fall | down & ~may_rise).any())
    return ~(positive & no_more | negative & no_less), ~(positive & no_less | negative & no_more)
