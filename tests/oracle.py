"""The least loss of a tiny network by brute force, and a forward pass in plain fractions: nothing here imports the package.

For every layer the activation patterns that one neuron can have are enumerated over its whole domain of weights and biases,
combined over the width, and handed to the next layer as its inputs. A pattern over the samples is the bits of one integer.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement, product

Row = Sequence[Fraction | int]
Candidates = Sequence[Fraction | int]


@dataclass(frozen=True)
class Biases:
    """A finite set, an interval, or (both None) every number there is."""

    values: Candidates | None = None
    interval: tuple[Fraction | int, Fraction | int] | None = None

    def enough(self, sums: set[Fraction | int]) -> list[Fraction | int]:
        """Biases that bring every pattern which weighted inputs `sums` can have: a neuron fires iff b ≥ −sum."""
        steps = {-s for s in sums}
        if self.values is not None:  # one of those between the same two steps
            ordered = sorted(steps)
            return list({bisect_right(ordered, v): v for v in self.values}.values())
        if self.interval is None:
            return [min(steps) - 1, *steps]
        lower, upper = self.interval
        return [lower, *(s for s in steps if lower < s <= upper)]


@dataclass(frozen=True)
class OracleLayer:
    width: int
    weights: Candidates
    biases: Biases = Biases()


def least_loss(rows: Sequence[Row], labels: Sequence[int], layers: Sequence[OracleLayer], thresholds: str, loss: str) -> int:
    """The least loss of any network with these layers; `thresholds` is per_neuron, per_layer or zero."""
    inputs = {tuple(map(tuple, rows))}
    for layer in layers[:-1]:
        inputs = {
            tuple(zip(*(bits(p, len(rows)) for p in patterns), strict=True))
            for below in inputs
            for patterns in layer_patterns(below, layer, thresholds, ordered=False)
        }
    last = layers[-1]
    return min(
        pattern_loss(patterns, labels, loss)
        for below in inputs
        for patterns in layer_patterns(below, last, thresholds, ordered=True)
    )


def layer_patterns(rows: Sequence[Row], layer: OracleLayer, thresholds: str, *, ordered: bool) -> set[tuple[int, ...]]:
    """What the neurons of a layer can do together; hidden ones may be permuted, so their order need not be kept."""
    return {
        patterns
        for reachable in neuron_patterns(rows, layer, thresholds)
        for patterns in (
            product(sorted(reachable), repeat=layer.width)
            if ordered
            else combinations_with_replacement(sorted(reachable), layer.width)
        )
    }


def neuron_patterns(rows: Sequence[Row], layer: OracleLayer, thresholds: str) -> Iterator[set[int]]:
    """The patterns one neuron can have; for a shared bias a set for each value of it."""
    dots = {tuple(sum(w * v for w, v in zip(ws, row, strict=True)) for row in rows) for ws in weight_vectors(rows, layer)}
    everywhere = {s for dot in dots for s in dot}
    if thresholds == "zero":
        yield {fires(dot, 0) for dot in dots}
    elif thresholds == "per_layer":
        for bias in layer.biases.enough(everywhere):
            yield {fires(dot, bias) for dot in dots}
    else:
        yield {fires(dot, bias) for dot in dots for bias in layer.biases.enough(set(dot))}


def weight_vectors(rows: Sequence[Row], layer: OracleLayer) -> Iterator[tuple[Fraction | int, ...]]:
    return product(layer.weights, repeat=len(rows[0]))


def fires(dot: Sequence[Fraction | int], bias: Fraction | int) -> int:
    return sum(1 << i for i, s in enumerate(dot) if s + bias >= 0)


def bits(pattern: int, samples: int) -> list[int]:
    return [pattern >> i & 1 for i in range(samples)]


def pattern_loss(patterns: Sequence[int], labels: Sequence[int], loss: str) -> int:
    """Loss of output patterns, one for each output."""
    outputs, samples = len(patterns), len(labels)
    rows = list(zip(*(bits(p, samples) for p in patterns), strict=True))
    return sum(row_loss(row, label, loss, outputs) for row, label in zip(rows, labels, strict=True))


def row_loss(row: Sequence[int], label: int, loss: str, outputs: int) -> int:
    """Loss of one sample: wrong class, wrong bits, or any wrong bit."""
    code = [label] if outputs == 1 else [1 if k == label else 0 for k in range(outputs)]
    if loss == "hamming":
        return sum(a != b for a, b in zip(row, code, strict=True))
    if loss == "pattern":
        return int(list(row) != code)
    return int(decide(row) != label)


def decide(row: Sequence[int]) -> int:
    """One output: its bit. More: the first that is 1, class 0 if none is."""
    if len(row) == 1:
        return row[0]
    return next((k for k, bit in enumerate(row) if bit), 0)


# ---- a forward pass


PlainLayer = tuple[Sequence[Sequence[Fraction]], Sequence[Fraction]]  # weights, biases


def plain_activations(layers: Sequence[PlainLayer], row: Row) -> list[list[int]]:
    """u^1, …, u^L of one sample."""
    result: list[list[int]] = []
    values: Row = row
    for weights, biases in layers:
        values = [
            int(sum((w * v for w, v in zip(ws, values, strict=True)), start=Fraction(0)) + b >= 0)
            for ws, b in zip(weights, biases, strict=True)
        ]
        result.append(list(map(int, values)))
    return result
