"""How large the code of a network is, as columns and rows over bits that say which weights are not 0 (docs/models.md 11.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.device.size.code_bytes import CodeBytes, CodeStyle
from bdnnlang.language.spec import Penalty
from bdnnlang.model.blocks import Columns, Problem, Role
from bdnnlang.model.growing import Growing, terms
from bdnnlang.model.objectives.penalties import priced, with_uses
from bdnnlang.network.numbers import exact


def used_features(growing: Growing) -> Ints:
    """x_j ≥ z_ij for every neuron i, (d_0,)."""
    if (known := growing.problem.find(Role.USED_FEATURES, 0)) is not None:
        return known.index
    uses = uses_bits(growing, 1)
    features = growing.binaries(Role.USED_FEATURES, 0, (uses.shape[1],))
    growing.rows("used", terms(features.index, uses), np.array([1.0, -1.0]), 0.0, least=features.index)
    return features.index


def used_neurons(growing: Growing) -> list[Ints]:
    """Of each hidden layer, (d_k,)."""
    return [_used_neurons(growing, k) for k in range(1, growing.problem.depth)]


def uses_bits(growing: Growing, k: int) -> Ints:
    """The bits of the weights of a layer, (d_k, d_{k-1})."""
    growing.problem = with_uses(growing.problem)
    return growing.problem.families[Role.USES, k].index


def _used_neurons(growing: Growing, k: int) -> Ints:
    """in_j ≥ z_ji from below, out_j ≥ z_ij to above, n_j ≥ in_j + out_j − 1, (d_k,)."""
    if (known := growing.problem.find(Role.USED_NEURONS, k)) is not None:
        return known.index
    below, above = uses_bits(growing, k), uses_bits(growing, k + 1)
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


# ---- bytes


def with_priced_code(problem: Problem, penalties: Sequence[Penalty], code: CodeBytes) -> Problem:
    """With factor · B in the objective, where a penalty is `bytes`."""
    for penalty in penalties:
        if penalty.kind == "bytes":
            growing = Growing(problem)
            size = code_size(growing, code)
            problem = priced(growing.problem, size.index, float(exact(penalty.factor) / problem.unit))
    return problem


def code_size(growing: Growing, code: CodeBytes) -> Columns:
    """The one column B of the bytes, which goes as low as its rows let it: with the sums S of the two styles,

    B ≥ S₁ − M₁ t,  B ≥ S₂ − M₂ (1 − t),  M₁ t ≥ S₁ − S₂,  M₁ the most of S₁ − S₂ over all bits, M₂ that of S₂ − S₁.

    Where one style never takes more than the other, B ≥ S of that one is all.
    """
    if (known := growing.problem.find(Role.CODE_BYTES, 0)) is not None:
        return known
    bits = _bits(growing)
    outputs = growing.problem.weights(growing.problem.depth).shape[0]
    straight, tables = _sum(code.straight, bits, outputs), _sum(code.tables, bits, outputs)
    apart, back = (straight - tables).most, (tables - straight).most
    least, most = min(straight.least, tables.least), min(straight.most, tables.most)
    size = growing.whole(Role.CODE_BYTES, 0, least, most)
    columns = np.concatenate([size.index, *bits])
    if apart <= 0 or back <= 0:
        _at_least(growing, "bytes", columns, [((1.0,), straight if apart <= 0 else tables)], size)
        return size
    style = growing.binaries(Role.CODE_STYLE, 0, (1,))
    _at_least(growing, "tables", np.concatenate([style.index, *bits]), [((apart,), straight - tables)], style)
    both = [((1.0, apart), straight), ((1.0, -back), _Sum(tables.base - back, tables.value))]
    _at_least(growing, "bytes", np.concatenate([size.index, style.index, *bits]), both, size)
    return size


Bits = tuple[Ints, ...]  # of used features, of the weights of each layer, of the used neurons of each


def _bits(growing: Growing) -> Bits:
    layers = [uses_bits(growing, k).ravel() for k in range(1, growing.problem.depth + 1)]
    return used_features(growing), *layers, *used_neurons(growing)


@dataclass(frozen=True, eq=False)
class _Sum:
    """base + Σ value · bit, of a style of code."""

    base: float
    value: Floats

    def __sub__(self, other: _Sum) -> _Sum:
        return _Sum(self.base - other.base, self.value - other.value)

    @property
    def least(self) -> float:
        return self.base + float(np.minimum(self.value, 0.0).sum())

    @property
    def most(self) -> float:
        return self.base + float(np.maximum(self.value, 0.0).sum())


def _sum(style: CodeStyle, bits: Bits, outputs: int) -> _Sum:
    prices = (style.feature, *style.weights, *style.neurons)
    value = np.concatenate([np.full(len(index), float(price)) for price, index in zip(prices, bits, strict=True)])
    return _Sum(style.base + style.output * outputs, value)


def _at_least(growing: Growing, name: str, columns: Ints, sums: Sequence[tuple[tuple[float, ...], _Sum]], least: Columns) -> None:
    """A row for each sum: with the factors of the columns before the bits, Σ factor · column − Σ value · bit ≥ base."""
    value = np.array([np.concatenate([factors, -of.value]) for factors, of in sums])
    growing.rows(name, np.tile(columns, (len(sums), 1)), value, np.array([of.base for _, of in sums]), least=least.index)
