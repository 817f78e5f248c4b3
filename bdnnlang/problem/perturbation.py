"""A perturbation set of the spec on given data: which features may change, and how far, as exact numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, assert_never

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.data.dataset import Dataset
from bdnnlang.data.diagnosis.errors import NoSuchColumn
from bdnnlang.data.table import Names, closest, listed
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.spec import L1, L2, Box, BudgetSet, Column, Linf, Perturbation, RobustSet, Spec
from bdnnlang.network.numbers import exact
from bdnnlang.problem.errors import MeaninglessSet
from bdnnlang.source import Span

Norm = Literal["box", "l1", "l2", "budget"]
FINE = 10**12  # how finely lengths are rounded down


@dataclass(frozen=True)
class PerturbationSet:
    """All δ with |δ_j| ≤ radius_j, and beyond that: `l1`: Σ|δ_j| ≤ r; `l2`: ‖δ‖₂ ≤ r; `budget`: Σ|δ_j| ≤ gamma · r.

    In scaled units. A feature of radius 0 stays; all other radii are equal (r) unless it is a `box`. With `clip` a change may
    not bring a feature out of that range, or further out of it; δ = 0 is always in the set.
    """

    norm: Norm
    radius: tuple[Fraction, ...]  # (n,)
    gamma: int = 1
    clip: tuple[Fraction, Fraction] | None = None

    @property
    def r(self) -> Fraction:
        return max(self.radius)

    @property
    def total(self) -> Fraction | None:
        """The greatest Σ|δ_j|, where that is limited."""
        match self.norm:
            case "l1":
                return self.r
            case "budget":
                return self.gamma * self.r
            case _:
                return None

    def limits(self, row: tuple[Fraction, ...]) -> list[tuple[Fraction, Fraction]]:
        """Least and greatest δ_j around an exact sample."""
        if self.clip is None:
            return [(-r, r) for r in self.radius]
        low, high = self.clip
        pairs = zip(row, self.radius, strict=True)
        return [(min(max(-r, low - v), Fraction(0)), max(min(r, high - v), Fraction(0))) for v, r in pairs]

    def limits_of(self, x: Floats) -> tuple[Floats, Floats]:
        """The same for samples x (m, n) in floating point, both (m, n), or (1, n) when the sample does not matter."""
        r = np.array([float(v) for v in self.radius])[None, :]
        if self.clip is None:
            return -r, r
        low, high = (float(v) for v in self.clip)
        return np.minimum(np.maximum(-r, low - x), 0.0) + 0.0, np.maximum(np.minimum(r, high - x), 0.0)

    def preactivation_change(self, weights: Floats, x: Floats) -> tuple[Floats, Floats]:
        """How far w · δ falls and rises over the set, for each sample and neuron: both (m or 1, d), not negative."""
        low, high = self.limits_of(x)
        if self.norm == "box":
            above, below = np.maximum(weights, 0.0).T, np.maximum(-weights, 0.0).T  # (n, d)
            return high @ below - low @ above, high @ above - low @ below
        sizes = np.abs(weights) * high.max(axis=0)  # (d, n)
        rho = {
            "l1": lambda: sizes.max(axis=1),
            "l2": lambda: np.sqrt((sizes**2).sum(axis=1)),
            "budget": lambda: np.sort(sizes, axis=1)[:, -self.gamma :].sum(axis=1),
        }[self.norm]()
        return rho[None, :], rho[None, :]

    def compare(self, weights: list[Fraction], row: tuple[Fraction, ...], limit: Fraction) -> int:
        """The sign of (greatest w · δ) − limit, exactly; of the Euclidean ball by squares."""
        if self.norm == "l2":
            square = self.r**2 * sum(w * w for w, r in zip(weights, self.radius, strict=True) if r)
            return 1 if limit < 0 else _sign(square - limit**2)
        best = zip(weights, self.extreme(weights, row), strict=True)
        return _sign(sum((w * d for w, d in best if d), Fraction(0)) - limit)

    def extreme(self, weights: list[Fraction], row: tuple[Fraction, ...]) -> list[Fraction]:
        """The δ of the greatest w · δ; for the Euclidean ball one very near it. The largest weights take what they can."""
        if self.norm == "l2":
            return self.inside([w * 2 * self.r / max(map(abs, weights)) if any(weights) else w for w in weights], row)
        limits = self.limits(row)
        result, left = [Fraction(0)] * len(weights), self.total
        for j in sorted((j for j, w in enumerate(weights) if w), key=lambda j: -abs(weights[j])):
            size = limits[j][1] if weights[j] > 0 else -limits[j][0]
            size = size if left is None else min(size, left)
            left = None if left is None else left - size
            result[j] = size if weights[j] > 0 else -size
        return result

    def inside(self, change: list[Fraction], row: tuple[Fraction, ...]) -> list[Fraction]:
        """The change, brought into the set by clipping and then by scaling."""
        if self.norm == "l2":
            kept = [d if r else Fraction(0) for d, r in zip(change, self.radius, strict=True)]
            square = sum(d * d for d in kept)
            shrink = Fraction(math.isqrt(int(self.r**2 / square * FINE**2)), FINE) if square > self.r**2 else Fraction(1)
            return [d * shrink for d in kept]
        clipped = [min(max(d, low), high) for d, (low, high) in zip(change, self.limits(row), strict=True)]
        size = sum(map(abs, clipped))
        return clipped if self.total is None or size <= self.total else [d * self.total / size for d in clipped]

    def contains(self, change: list[Fraction], row: tuple[Fraction, ...]) -> bool:
        """Is this δ in the set around the sample?"""
        pairs = zip(change, self.limits(row), strict=True)
        if not all(low <= d <= high for d, (low, high) in pairs):
            return False
        if self.norm == "l2":
            return sum(d * d for d in change) <= self.r**2
        return self.total is None or sum(map(abs, change)) <= self.total


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


# ---- from the spec


def robust_delta(spec: Spec, data: Dataset) -> PerturbationSet | None:
    """The set of robust training on these data. Raises Rejected."""
    return None if spec.robust is None else resolve(spec.robust.perturbation, data)


def resolve(wanted: Perturbation, data: Dataset) -> PerturbationSet:
    """The set on these data. Raises Rejected: a column that does not exist (E201), or that is a category (E203)."""
    diagnostics: list[Diagnostic] = []
    radius = _radii(wanted, data, diagnostics)
    if diagnostics:
        raise Rejected(diagnostics)
    clip = None if wanted.clip is None else (exact(wanted.clip.lower), exact(wanted.clip.upper))
    return PerturbationSet(_norm(wanted.set), tuple(radius), wanted.set.gamma if isinstance(wanted.set, BudgetSet) else 1, clip)


def _norm(around: RobustSet) -> Norm:
    match around:
        case Linf() | Box():
            return "box"
        case L1():
            return "l1"
        case L2():
            return "l2"
        case BudgetSet():
            return "budget"
        case _:
            assert_never(around)


def _radii(wanted: Perturbation, data: Dataset, diagnostics: list[Diagnostic]) -> list[Fraction]:
    """One for each feature; what cannot be is told."""
    names = [column.name for column in data.recipe.columns]
    around = wanted.set
    if isinstance(around, Box):
        given = [(_find(column, data, diagnostics), r, column.span) for column, r in around.radii]
    elif wanted.features is not None:
        given = [(_find(column, data, diagnostics), around.radius, column.span) for column in wanted.features]
    else:
        given = [(name, around.radius, around.span) for name in names]
    radii = {name: (exact(r), span) for name, r, span in given if name is not None}
    result: list[Fraction] = []
    for column in data.recipe.columns:
        r, span = radii.get(column.name, (Fraction(0), None))
        if column.categories and r and not any(isinstance(d, MeaninglessSet) for d in diagnostics):
            diagnostics.append(_meaningless(column.features[0], r, span, data, isinstance(around, Box)))
        result += [r] * len(column.features)
    return result


def _find(column: Column, data: Dataset, diagnostics: list[Diagnostic]) -> str | None:
    """The used column of the source that is meant."""
    header, names = data.recipe.header, [column.name for column in data.recipe.columns]
    at = Names(header).find(column.key)
    if at is not None and header[at] in names:
        return header[at]
    key, source = str(column.key), f"`{data.source.removeprefix('csv ')}`"
    error = NoSuchColumn(
        span=column.span,
        source=source,
        what="feature column",
        name=key,
        columns=listed(names),
        suggestion=closest(key, names),
    )
    diagnostics.append(error)
    return None


def _meaningless(feature: str, radius: Fraction, span: Span | None, data: Dataset, is_box: bool) -> MeaninglessSet:
    numbers = [f'"{column.name}"' for column in data.recipe.columns if not column.categories]
    if not numbers:
        advice = "remove `robust`: no column of these data is a number"
    elif is_box:
        advice = "leave this column out of `box`"
    else:
        advice = f"write `features = [{', '.join(numbers[:4])}{', …' if len(numbers) > 4 else ''}]`: the columns that are numbers"
    return MeaninglessSet(span=span, feature=feature, radius=f"{float(radius):g}", advice=advice)
