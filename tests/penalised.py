"""What a network costs, by brute force: every network of a tiny one's domains, its errors by class and its penalties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from oracle import PlainLayer, Row, plain_activations, row_loss
from plain_bytes import plain_bytes


@dataclass(frozen=True)
class Price:
    """Factors of the penalties, and what an error on each class costs."""

    l1: Fraction = Fraction(0)
    l2: Fraction = Fraction(0)
    sparsity: Fraction = Fraction(0)
    bytes: Fraction = Fraction(0)
    signs: Sequence[bool] = (True, True)  # of each layer, may weights be -1, 0 and 1 only?
    classes: Sequence[Fraction] = (Fraction(1), Fraction(1), Fraction(1))

    def penalty(self, layers: Sequence[PlainLayer]) -> Fraction:
        weights = [w for rows, _ in layers for row in rows for w in row]
        biases = [b for _, bs in layers for b in bs]
        squares = sum((v * v for v in (*weights, *biases)), Fraction(0))
        nonzero = sum(1 for w in weights if w != 0)
        size = plain_bytes([rows for rows, _ in layers], self.signs) if self.bytes else 0
        return self.l1 * sum(map(abs, weights)) + self.l2 * squares + self.sparsity * nonzero + self.bytes * size

    def loss(self, layers: Sequence[PlainLayer], rows: Sequence[Row], labels: Sequence[int], loss: str) -> Fraction:
        total = Fraction(0)
        for row, label in zip(rows, labels, strict=True):
            bits = plain_activations(layers, row)[-1]
            total += self.classes[label] * row_loss(bits, label, loss, len(bits))
        return total

    def objective(self, layers: Sequence[PlainLayer], rows: Sequence[Row], labels: Sequence[int], loss: str) -> Fraction:
        return self.loss(layers, rows, labels, loss) + self.penalty(layers)


def all_networks(widths: Sequence[int], weights: Sequence[Fraction], biases: Sequence[Fraction]) -> Iterator[list[PlainLayer]]:
    """Every network with these widths d_0, …, d_L and finite domains."""
    shapes = list(zip(widths[1:], widths[:-1], strict=True))
    layers = [
        [
            ([list(flat[r * inputs : (r + 1) * inputs]) for r in range(width)], list(bias))
            for flat in product(weights, repeat=width * inputs)
            for bias in product(biases, repeat=width)
        ]
        for width, inputs in shapes
    ]
    yield from map(list, product(*layers))


def least_objective(
    rows: Sequence[Row],
    labels: Sequence[int],
    widths: Sequence[int],
    domains: tuple[Sequence[Fraction], Sequence[Fraction]],
    loss: str,
    price: Price,
) -> Fraction:
    return min(price.objective(layers, rows, labels, loss) for layers in all_networks(widths, *domains))
