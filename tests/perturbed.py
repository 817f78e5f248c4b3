"""Corners of perturbation sets, and what a network does at them, in plain fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product

from hypothesis import strategies as st
from oracle import PlainLayer, plain_activations

from bdnnlang.language.spec import L1, Box, BudgetSet, Column, Interval, Perturbation
from bdnnlang.problem.perturbation import BoxSet, BudgetedSet, L1Set, PerturbationSet

Row = Sequence[Fraction]
RADII = tuple(Fraction(text) for text in ("0", "1/10", "1/4", "1/2", "1", "3/2"))


def corners(delta: PerturbationSet, row: Row) -> list[tuple[Fraction, ...]]:
    """The vertices of a linear set around a sample; clipped boxes too."""
    n = len(delta.radius)
    if isinstance(delta, BoxSet):
        ranges = []
        for v, r in zip(row, delta.radius, strict=True):
            low, high = -r, r
            if delta.clip is not None:
                low, high = min(max(low, delta.clip[0] - v), 0), max(min(high, delta.clip[1] - v), 0)
            ranges.append(sorted({Fraction(low), Fraction(high)}))
        return list(product(*ranges))
    free = [j for j in range(n) if delta.radius[j]]
    many = min(delta.gamma, len(free))
    found = []
    for chosen in combinations(free, many):
        for signs in product((-1, 1), repeat=many):
            moves = dict(zip(chosen, signs, strict=True))
            found.append(tuple(moves.get(j, 0) * delta.r for j in range(n)))
    return found


def moved(row: Row, change: Row) -> list[Fraction]:
    return [v + d for v, d in zip(row, change, strict=True)]


def keeps_pattern(layers: list[PlainLayer], delta: PerturbationSet, row: Row) -> list[bool]:
    """Whether each neuron of the first layer is the same at all corners: pre-activations are linear, so within the set too."""
    own = plain_activations(layers, row)[0]
    there = [plain_activations(layers, moved(row, change))[0] for change in corners(delta, row)]
    return [all(bits[k] == own[k] for bits in there) for k in range(len(own))]


Ends = tuple[list[int], list[int]]  # surely on, possibly on: each neuron of a layer


def plain_pairs(layers: list[PlainLayer], delta: PerturbationSet, row: Row) -> list[Ends]:
    """For each layer which neurons fire at all corners, and which at some; above the first by intervals over the bits below."""
    there = [plain_activations(layers[:1], moved(row, change))[0] for change in corners(delta, row)]
    pairs = [([min(bits) for bits in zip(*there, strict=True)], [max(bits) for bits in zip(*there, strict=True)])]
    for layer in layers[1:]:
        pairs.append(plain_pair(layer, pairs[-1]))
    return pairs


def plain_pair(layer: PlainLayer, below: Ends) -> Ends:
    """Least and greatest pre-activations when every neuron below that may waver does so on its own."""
    ends = []
    for ws, b in zip(*layer, strict=True):
        terms = [sorted((w * sure, w * possible)) for w, sure, possible in zip(ws, *below, strict=True)]
        ends.append((int(sum(low for low, _ in terms) + b >= 0), int(sum(high for _, high in terms) + b >= 0)))
    return [sure for sure, _ in ends], [possible for _, possible in ends]


def worst_row(ends: Ends, label: int) -> list[int]:
    """Output bits that are worst for a sample of class `label`."""
    code = [label] if len(ends[0]) == 1 else [int(k == label) for k in range(len(ends[0]))]
    return [sure if bit else possible for sure, possible, bit in zip(*ends, code, strict=True)]


def perturbation_of(delta: PerturbationSet) -> Perturbation:
    """A linear set as a spec says it, on data by hand: their features are f0, f1, …"""
    columns = [Column(f"f{j}") for j in range(len(delta.radius))]
    if isinstance(delta, BoxSet):
        box = Box(tuple((column, float(r)) for column, r in zip(columns, delta.radius, strict=True)))
        return Perturbation(box, clip=None if delta.clip is None else Interval(*map(float, delta.clip)))
    r, features = float(delta.r), tuple(column for column, r in zip(columns, delta.radius, strict=True) if r)
    return Perturbation(L1(r) if isinstance(delta, L1Set) else BudgetSet(r, delta.gamma), features)


@st.composite
def deltas(draw: st.DrawFn, n: int) -> PerturbationSet:
    """Linear sets."""
    norm = draw(st.sampled_from(["box", "l1", "budget"]))
    if norm == "box":
        clip = draw(st.sampled_from([None, (Fraction(-1), Fraction(2)), (Fraction(0), Fraction(1, 2))]))
        return BoxSet(tuple(draw(st.sampled_from(RADII)) for _ in range(n)), clip)
    r = draw(st.sampled_from(RADII[1:]))
    which = draw(st.lists(st.booleans(), min_size=n, max_size=n).filter(any))
    radius = tuple(r if w else Fraction(0) for w in which)
    return L1Set(radius) if norm == "l1" else BudgetedSet(radius, gamma=draw(st.integers(1, 3)))
