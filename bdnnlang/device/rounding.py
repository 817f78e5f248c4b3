"""Rows in fewer bits, and where they may then decide in another way: proved for every reading in the declared ranges.

A row S = ΣA·s ≥ T in whole numbers becomes S' = ΣA'·s ≥ T' with A' = κA + e, |e| ≤ ½, so S' − T' = κ(S − T) + (Σe·s + κT − T').
Both decide alike unless S − T and S' − T' have different signs: then S − T lies in an interval that follows from the least and
the greatest Σe·s, which are known exactly (`width.py`). This interval is the zone; if no whole number lies in it, the row is
rounded and still exact.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from bdnnlang.arrays import Ints, Mask
from bdnnlang.device import many
from bdnnlang.device.fold import neuron as whole_neuron
from bdnnlang.device.whole import Neuron, WholeNetwork
from bdnnlang.device.width import sides, sum_range

FINER = Fraction(15, 16)  # by how much the scale of a row shrinks until it fits


@dataclass(frozen=True, slots=True)
class Zone:
    """A row that is no longer exact: where it may decide in another way, as Σ weight · input − threshold of the exact row."""

    layer: int
    place: int  # of the neuron in its layer
    exact: Neuron
    bits: tuple[int, int]  # of the exact row, and of the rounded one
    ends: tuple[int, int]  # least and greatest; from 0 on the exact row is 1
    spread: tuple[int, int]  # the least and the greatest over all readings

    def line(self) -> str:
        """For people: where the exact sum has to lie, as parts of its range."""
        size = self.spread[1] - self.spread[0] + 1
        below, above = (float(Fraction(count, size)) for count in (max(-self.ends[0], 0), max(self.ends[1] + 1, 0)))
        return (
            f"layer {self.layer + 1}, neuron {self.place + 1}: {self.bits[0]} bits became {self.bits[1]}; it may differ only"
            f" where its exact sum is less than {below:.2g} of its range below the threshold, or {above:.2g} above"
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "layer": self.layer,
            "neuron": self.place,
            "weights": [[place, str(weight)] for place, weight in self.exact.weights],
            "threshold": str(self.exact.threshold),
            "bits": list(self.bits),
            "zone": [str(end) for end in self.ends],
            "of": [str(end) for end in self.spread],
        }


@dataclass(frozen=True, slots=True)
class Rounding:
    """What rounding did: outside the zones every answer is as before."""

    bits: int
    zones: tuple[Zone, ...]
    rows: int  # of the data
    rows_in_zone: int  # of these, those whose sums lie in a zone
    rows_that_differ: int  # of these, those whose class is another one

    def lines(self) -> list[str]:
        """For people: the zones, and what they mean for the data."""
        if not self.zones:
            return [f"rounded to {self.bits} bits, and still exact for every input"]
        lines = [zone.line() for zone in self.zones]
        of = f"of {self.rows} rows of the data"
        return [*lines, f"{of} {self.rows_in_zone} lie where a neuron may differ, and {self.rows_that_differ} have another class"]

    def to_json(self) -> dict[str, Any]:
        return {
            "bits": self.bits,
            "zones": [zone.to_json() for zone in self.zones],
            "rows": self.rows,
            "rows_in_zone": self.rows_in_zone,
            "rows_that_differ": self.rows_that_differ,
        }


class TooFewBits(Exception):  # noqa: N818  (it says what happened)
    """A row cannot be rounded to so few bits; the message says which."""


def rounded(network: WholeNetwork, bits: int, rows: Sequence[tuple[int, ...]] = ()) -> tuple[WholeNetwork, Rounding]:
    """Rows of more than `bits` in so many; what becomes of `rows` is counted. Raises TooFewBits."""
    layers = tuple(
        tuple(_rounded(network, k, place, neuron, bits) for place, neuron in enumerate(layer))
        for k, layer in enumerate(network.layers)
    )
    zones = tuple(
        zone
        for k, layer in enumerate(layers)
        for place, neuron in enumerate(layer)
        if (zone := _zone(network, k, place, neuron)) is not None
    )
    result = replace(network, layers=layers)
    readings = np.array(rows, dtype=np.int64).reshape(len(rows), len(network.readings))
    inside = _inside(network, zones, readings)
    differ = int((many.predict(network, readings) != many.predict(result, readings)).sum())
    return result, Rounding(bits, zones, len(rows), int(inside.sum()), differ)


def _inside(network: WholeNetwork, zones: Sequence[Zone], readings: Ints) -> Mask:
    """The rows (m,) where a sum lies in a zone."""
    inside: Mask = np.zeros(len(readings), dtype=bool)
    inputs: many.Numbers = many.signals(network, readings)
    for k, layer in enumerate(network.layers):
        sums = many.sums(layer, inputs)
        for zone in zones:
            if zone.layer == k:
                past = sums[:, zone.place].astype(object) - zone.exact.threshold
                inside |= np.asarray((past >= zone.ends[0]) & (past <= zone.ends[1]), dtype=bool)
        inputs = many.reached(layer, sums)
    return inside


def _rounded(network: WholeNetwork, layer: int, place: int, exact: Neuron, bits: int) -> Neuron:
    """The row with the largest scale that fits."""
    if (most := sides(network, layer, exact)).bits <= bits:
        return exact
    scale = Fraction(1 << bits, max(most.left, most.right))
    while True:
        weights = {at: round(weight * scale) for at, weight in exact.weights}
        if not any(weights.values()):
            raise TooFewBits(f"neuron {place + 1} of layer {layer + 1} keeps no weight in {bits} bits")
        low, high = sum_range(network, layer, _errors(exact, weights, scale))
        middle = scale * (exact.threshold - Fraction(1, 2)) + Fraction(low + high) / 2
        neuron = whole_neuron(weights, -math.ceil(middle))
        if sides(network, layer, neuron).bits <= bits:
            return neuron
        scale *= FINER


def _errors(exact: Neuron, weights: Mapping[int, int], scale: Fraction) -> tuple[tuple[int, Fraction], ...]:
    """e of each input: what its rounded weight has more than the scaled one."""
    return tuple((place, weights.get(place, 0) - weight * scale) for place, weight in exact.weights)


def _zone(network: WholeNetwork, layer: int, place: int, neuron: Neuron) -> Zone | None:
    """Where the two rows may decide differently; None: nowhere. What is said holds for any κ > 0."""
    exact = network.layers[layer][place]
    if neuron == exact:
        return None
    weights = dict(neuron.weights)
    scale = Fraction(sum(w * weights.get(at, 0) for at, w in exact.weights), sum(w * w for _, w in exact.weights))
    least, greatest = sum_range(network, layer, _errors(exact, weights, scale))
    constant = scale * exact.threshold - neuron.threshold
    last = math.floor((-1 - least - constant) / scale)  # κx + D ≤ −1 although x ≥ 0
    first = math.ceil(-(greatest + constant) / scale)  # κx + D ≥ 0 although x < 0
    if first >= 0 and last < 0:
        return None
    bits = sides(network, layer, exact).bits, sides(network, layer, neuron).bits
    low, high = sum_range(network, layer, exact.weights)
    spread = int(low) - exact.threshold, int(high) - exact.threshold
    ends = max(min(first, 0), spread[0]), min(max(last, -1), spread[1])
    return Zone(layer, place, exact, bits, ends, spread) if ends[0] <= ends[1] else None
