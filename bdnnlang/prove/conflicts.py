"""Conflicts: samples that no neuron tells apart, each with whole numbers that show it (docs/proofs.md, section 2.2)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Rows = Sequence[tuple[int, ...]]  # samples in whole numbers


@dataclass(frozen=True, slots=True)
class Conflict:
    """No neuron is on for all of `on` and off for all of `off`: Σ λ_a x_a = Σ μ_b x_b with whole λ, μ > 0 and Σ λ = Σ μ.

    `multipliers` are λ and μ; None where hidden weights are from a finite set, all of which fail.
    """

    on: tuple[int, ...]
    off: tuple[int, ...]
    multipliers: tuple[tuple[int, ...], tuple[int, ...]] | None

    def side(self, label: int) -> tuple[int, ...]:
        """The samples of a class."""
        return self.on if label == 1 else self.off


def proved_conflict(rows: Rows, on: Sequence[int], off: Sequence[int]) -> Conflict | None:
    """With its multipliers, if these samples have the unique ones of a least conflict; None otherwise. In whole numbers."""
    columns = [(*rows[a], 1) for a in on] + [tuple(-v for v in (*rows[b], 1)) for b in off]
    null = null_vector(columns)
    if null is None or not all(null) or (min(null) < 0 < max(null)):
        return None
    factor = math.gcd(*null) * (1 if null[0] > 0 else -1)
    whole = [v // factor for v in null]
    return Conflict(tuple(on), tuple(off), (tuple(whole[: len(on)]), tuple(whole[len(on) :])))


def null_vector(columns: Sequence[Sequence[int]]) -> list[int] | None:
    """The whole numbers v with Σ v_k columns_k = 0, unique but for a factor; None if there are none or others.

    Elimination without fractions (Bareiss 1968): every number is a minor of the matrix, and every division exact.
    """
    k = len(columns)
    rows = [list(row) for row in zip(*columns, strict=True)]
    before, free = 1, -1
    for c in range(k):
        done = c - (free >= 0)
        pivot = next((r for r in range(done, len(rows)) if rows[r][c]), None)
        if pivot is None:
            if free >= 0:
                return None
            free = c
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        top, p = rows[done][c:], rows[done][c]
        for r in range(done + 1, len(rows)):
            f = rows[r][c]
            rows[r][c:] = [(p * v - f * t) // before for v, t in zip(rows[r][c:], top, strict=True)]
        before = p
    return None if free < 0 else _back(rows, free, k, before)


def _back(rows: list[list[int]], free: int, k: int, last: int) -> list[int]:
    """The null vector of a matrix triangular without column `free`, whose part is the `last` minor (Cramer's rule)."""
    v = [0] * k
    v[free] = -last
    bound = [c for c in range(k) if c != free]
    for r, c in reversed(list(enumerate(bound))):
        v[c] = -sum(rows[r][j] * v[j] for j in range(c + 1, k)) // rows[r][c]
    return v
