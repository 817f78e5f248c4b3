"""A network on whole numbers: what sensors deliver, signals of it, and layers of integer sums against integer thresholds.

Everything that leaves for a device is written from this form. It answers as `bdnnc predict` does, for every reading within the
declared ranges.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Reading:
    """What a device reads of a column: the whole number r, which stands for r · unit + offset in the column's units.

    Of a column of texts, or of numbers that stand for categories, r is the place of the value in `categories`; another r is an
    unknown one.
    """

    column: str
    lower: int  # the declared range of r, the code of a missing value included
    upper: int
    unit: Fraction = Fraction(1)
    offset: Fraction = Fraction(0)
    missing: int | None = None  # the r that stands for a missing value
    categories: tuple[str, ...] = ()

    @property
    def first(self) -> int:
        """The least r that stands for a value."""
        return self.lower + (self.lower == self.missing)

    @property
    def last(self) -> int:
        """The greatest r that stands for a value."""
        return self.upper - (self.upper == self.missing)


@dataclass(frozen=True, slots=True)
class Count:
    """r itself; 0 where it is missing."""

    reading: int  # which one


@dataclass(frozen=True, slots=True)
class AtLeast:
    """1 where r ≥ bound and it is not missing, else 0."""

    reading: int
    bound: int


@dataclass(frozen=True, slots=True)
class Equals:
    """1 where r = value, else 0; `value` may be that of a missing one."""

    reading: int
    value: int


@dataclass(frozen=True, slots=True)
class Level:
    """How many of the bounds, which ascend, are at most r; 0 where it is missing."""

    reading: int
    bounds: tuple[int, ...]


Signal = Count | AtLeast | Equals | Level


@dataclass(frozen=True, slots=True)
class Neuron:
    """1 where Σ weight · input ≥ threshold, else 0; of an input that is not named the weight is 0.

    Weights are never 0 and have no common divisor but 1. No inputs: always 1 if threshold ≤ 0, else never.
    """

    weights: tuple[tuple[int, int], ...]  # (place of the input, weight), places ascending
    threshold: int


@dataclass(frozen=True, slots=True)
class WholeNetwork:
    """Readings, signals, and layers: the first is over the signals, each other one over the neurons before it.

    One output: the second class if it is 1, else the first. An output for each class: the class of the first that is 1, the
    first class if none is.
    """

    readings: tuple[Reading, ...]
    signals: tuple[Signal, ...]
    layers: tuple[tuple[Neuron, ...], ...]
    classes: tuple[str, ...]

    def value(self, signal: Signal, r: int) -> int:
        """Of a signal, for its reading."""
        missing = self.readings[signal.reading].missing
        match signal:
            case Count():
                return 0 if r == missing else r
            case AtLeast(_, bound):
                return int(r != missing and r >= bound)
            case Equals(_, value):
                return int(r == value)
            case Level(_, bounds):
                return 0 if r == missing else bisect_right(bounds, r)

    def predict(self, readings: tuple[int, ...]) -> int:
        """The number of the class, for one reading of each column."""
        values = [self.value(signal, readings[signal.reading]) for signal in self.signals]
        for layer in self.layers:
            values = [int(sum(w * values[place] for place, w in n.weights) >= n.threshold) for n in layer]
        return values[0] if len(values) == 1 else next((k for k, on in enumerate(values) if on), 0)
