"""All that one neuron can do on a few points, and the least errors of small networks by brute force; without the package."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, permutations
from math import gcd

import numpy as np
from numpy.typing import NDArray

Points = Sequence[tuple[int, ...]]


def dichotomies(points: Points) -> set[int]:
    """Sets of points, bit i for point i, that a neuron with real weights is on for, and off for the others; 1 to 3 features.

    The directions that order the points alike form a cone, whose sides are normal to differences of points. Each cone has a
    flag: a ray w₁ normal to n − 1 differences, a plane normal to n − 2 of them with w₁ and w₂, …. So w₁ + ε w₂ + ε² w₃ for all
    flags and signs are directions of all cones, and the lexicographic order of (w₁ x, w₂ x, w₃ x) is that of w x.
    """
    x = np.array(points, dtype=np.int64)
    found = {0, (1 << len(points)) - 1}
    for flag in _flags(x):
        values = [tuple(row) for row in (x @ np.array(flag).T).tolist()]
        order = sorted(range(len(points)), key=lambda i: values[i])
        above = (1 << len(points)) - 1
        for place, i in enumerate(order):
            above &= ~(1 << i)
            if place + 1 == len(order) or values[order[place + 1]] != values[i]:
                found.add(above)
    return found


def _flags(x: NDArray[np.int64]) -> list[tuple[NDArray[np.int64], ...]]:
    n = x.shape[1]
    differences = {_primitive(tuple((a - b).tolist())) for a, b in combinations(x, 2)} | set(
        map(tuple, np.eye(n, dtype=int).tolist())
    )
    sides = [np.array(d) for d in sorted(differences) if any(d)]
    if n == 1:
        return [(np.array([s]),) for s in (1, -1)]
    if n == 2:
        return [(s * np.array([-u[1], u[0]]), t * u) for u in sides for s in (1, -1) for t in (1, -1)]
    flags = []
    for u, v in permutations(sides, 2):
        ray = np.cross(u, v)
        if ray.any():
            flags += [(s * ray, t * np.cross(ray, u), r * u) for s in (1, -1) for t in (1, -1) for r in (1, -1)]
    return flags


def _primitive(d: tuple[int, ...]) -> tuple[int, ...]:
    """The shortest whole vector of this direction or the opposite one."""
    factor = gcd(*d) * (1 if d >= (0,) * len(d) else -1) or 1
    return tuple(v // factor for v in d)


def least_errors(points: Points, labels: Sequence[int], weights: Sequence[int], neurons: int) -> int:
    """Of all networks with so many hidden neurons and one output; on negated sides, too, as these are dichotomies again."""
    sets = np.array(sorted(dichotomies(points)), dtype=np.int64)
    right = sum(label << i for i, label in enumerate(labels))
    cost = np.array([sum(w for i, w in enumerate(weights) if wrong >> i & 1) for wrong in range(1 << len(points))])
    return min(int(cost[outputs ^ right].min()) for outputs in _outputs(sets, neurons))


def _outputs(u: NDArray[np.int64], neurons: int) -> list[NDArray[np.int64]]:
    """What the outputs can be: all monotone functions that need all neurons, which all are thresholds for up to 3 of them."""
    if neurons == 1:
        return [u]
    a, b = u[:, None], u[None, :]
    if neurons == 2:
        return [a | b, a & b]
    a, b, c = u[:, None, None], u[None, :, None], u[None, None, :]
    return [a | b | c, a & b & c, a & (b | c), a | (b & c), (a & b) | (a & c) | (b & c)]


def separable(points: Points, on: Sequence[int], off: Sequence[int]) -> bool:
    """Is a neuron on for all of `on` and off for all of `off`?"""
    mask, wanted = sum(1 << i for i in {*on, *off}), sum(1 << i for i in on)
    return any(s & mask == wanted for s in dichotomies(points))
