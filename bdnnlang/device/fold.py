"""From a network and its preprocessing to whole numbers, exactly: for every reading the class is that of `bdnnc predict`.

A feature is affine in what the device reads, or 0 or 1. So is a pre-activation of the first layer, with rational coefficients.
Times the lcm of their denominators, divided by the gcd of what comes out, Σ a·s + b ≥ 0 becomes Σ A·s ≥ ⌈−B⌉, which is the
same decision as the signals s are whole numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bdnnlang.data.preprocessing.binarize import Bit
from bdnnlang.data.preprocessing.impute import Fill
from bdnnlang.data.preprocessing.quantize import Levels
from bdnnlang.data.preprocessing.recipe import Encoding, Recipe
from bdnnlang.data.preprocessing.thermometer import FittedThresholds
from bdnnlang.device.readings import readings_of
from bdnnlang.device.whole import AtLeast, Count, Equals, Level, Neuron, Reading, Signal, WholeNetwork
from bdnnlang.network.export.network_json import NetworkFile
from bdnnlang.network.network import Layer
from bdnnlang.network.numbers import exact


def fold(file: NetworkFile, readings: Sequence[Reading] | None = None) -> WholeNetwork:
    """The network on whole numbers. `readings`: one for each used column, in order; None: as `readings_of` makes them.

    Raises CannotDeclare where the file does not say what values a column has, Malformed for a damaged preprocessing.
    """
    recipe = Recipe.from_json(file.preprocessing)
    readings = readings_of(recipe) if readings is None else tuple(readings)
    features = _features(recipe, readings)
    first, *deeper = file.network.layers
    sums = [_sum_of(features, weights, bias) for weights, bias in _rows(first)]
    signals = sorted({signal for terms, _ in sums for signal in terms}, key=_order)
    place = {signal: number for number, signal in enumerate(signals)}
    layers = [tuple(neuron({place[signal]: c for signal, c in terms.items()}, bias) for terms, bias in sums)]
    layers += [tuple(neuron(dict(enumerate(weights)), bias) for weights, bias in _rows(layer)) for layer in deeper]
    return WholeNetwork(readings, tuple(signals), tuple(layers), file.classes)


def neuron(weights: Mapping[int, Fraction | int], bias: Fraction | int) -> Neuron:
    """1 where Σ weight · input + bias ≥ 0, of whole inputs: in whole numbers without a common divisor."""
    used = {place: Fraction(weight) for place, weight in sorted(weights.items()) if weight}
    if not used:
        return Neuron((), int(bias < 0))
    lcm = math.lcm(*(weight.denominator for weight in used.values()))
    whole = {place: int(weight * lcm) for place, weight in used.items()}
    gcd = math.gcd(*whole.values())
    return Neuron(tuple((place, weight // gcd) for place, weight in whole.items()), math.ceil(-bias * lcm / gcd))


def _rows(layer: Layer) -> Iterator[tuple[list[Fraction], Fraction]]:
    """Weights and bias of each neuron, as the decimals that they are."""
    for weights, bias in zip(layer.weights, layer.biases, strict=True):
        yield [exact(weight) for weight in weights], exact(bias)


def _order(signal: Signal) -> tuple[int, str, int]:
    """By reading, then by kind."""
    match signal:
        case Count() | Level():
            return signal.reading, type(signal).__name__, 0
        case AtLeast(reading, bound):
            return reading, "AtLeast", bound
        case Equals(reading, value):
            return reading, "Equals", value


# ---- features as sums of signals


@dataclass(frozen=True, slots=True)
class _Affine:
    """A feature: Σ coefficient · signal + constant."""

    terms: tuple[tuple[Signal, Fraction], ...]
    constant: Fraction = Fraction(0)


def _sum_of(features: Sequence[_Affine], weights: Iterable[Fraction], bias: Fraction) -> tuple[dict[Signal, Fraction], Fraction]:
    """Σ weight · feature + bias, over signals."""
    terms: dict[Signal, Fraction] = {}
    for feature, weight in zip(features, weights, strict=True):
        if weight:
            bias += weight * feature.constant
            for signal, coefficient in feature.terms:
                terms[signal] = terms.get(signal, Fraction(0)) + weight * coefficient
    return {signal: coefficient for signal, coefficient in terms.items() if coefficient}, bias


def _features(recipe: Recipe, readings: Sequence[Reading]) -> list[_Affine]:
    """All features of a recipe, in order."""
    columns = enumerate(zip(recipe.columns, readings, strict=True))
    features = [feature for number, (column, reading) in columns for feature in _of_column(column, number, reading)]
    bounds = zip(map(exact, recipe.lower), map(exact, recipe.upper), strict=True)
    return [_scaled(feature, *ends) for feature, ends in zip(features, bounds, strict=True)]


def _scaled(feature: _Affine, lower: Fraction, upper: Fraction) -> _Affine:
    size = upper - lower
    return _Affine(tuple((signal, c / size) for signal, c in feature.terms), (feature.constant - lower) / size)


def _of_column(column: Encoding, number: int, reading: Reading) -> list[_Affine]:
    """The features of a column before they are scaled."""
    fill = column.step(Fill)
    absent = None if fill is None or reading.missing is None else Equals(number, reading.missing)
    if (thresholds := _thresholds(column)) is not None:
        return [_reached(threshold, fill, number, reading, absent) for threshold in thresholds]
    if not column.categories:
        return [_number(column, number, reading, absent)]
    stands_for = None if fill is None else fill.value
    return [
        _Affine(
            tuple((signal, Fraction(1)) for signal in (Equals(number, place), absent if value == stands_for else None) if signal)
        )
        for place, value in enumerate(column.categories)
    ]


def _thresholds(column: Encoding) -> tuple[float, ...] | None:
    """From which numbers upwards each feature of the column is 1; None: its features are something else."""
    bit, fitted = column.step(Bit), column.step(FittedThresholds)
    return (bit.at_least,) if bit else fitted.values if fitted else None


def _reached(threshold: float, fill: Fill | None, number: int, reading: Reading, absent: Equals | None) -> _Affine:
    """Whether a number is at least a threshold; what is filled in may be."""
    signals: list[Signal] = [AtLeast(number, math.ceil((exact(threshold) - reading.offset) / reading.unit))]
    if fill is not None and absent is not None and exact(float(fill.value)) >= exact(threshold):
        signals.append(absent)
    return _Affine(tuple((signal, Fraction(1)) for signal in signals))


def _number(column: Encoding, number: int, reading: Reading, absent: Equals | None) -> _Affine:
    """A number, or its level; what is filled in where it is absent, and its signal 0."""
    levels, fill = column.step(Levels), column.step(Fill)
    signal = Count(number) if levels is None else _level(levels, number, reading)
    coefficient, constant = (reading.unit, reading.offset) if levels is None else (Fraction(1), Fraction(0))
    terms: list[tuple[Signal, Fraction]] = [] if signal is None else [(signal, coefficient)]
    if fill is not None and absent is not None:
        value = exact(float(fill.value)) if levels is None else Fraction(level_of(levels, exact(float(fill.value))))
        terms.append((absent, value - constant))
    return _Affine(tuple(terms), constant)


def _level(levels: Levels, number: int, reading: Reading) -> Signal | None:
    """The level of a reading as a signal; None where it is 0 for all."""
    if levels.least == levels.greatest:
        return None
    least, step = exact(levels.least), (exact(levels.greatest) - exact(levels.least)) / levels.top
    if reading.offset == least and reading.unit == step and reading.lower >= 0 and reading.last <= levels.top:
        return Count(number)
    places = (least + (2 * k - 1) * step / 2 for k in range(1, levels.top + 1))
    bounds = tuple(math.ceil((place - reading.offset) / reading.unit) for place in places)
    return Level(number, bounds) if len(bounds) > 1 else AtLeast(number, bounds[0])


def level_of(levels: Levels, value: Fraction) -> int:
    """The level of a number, in exact arithmetic."""
    least, greatest = exact(levels.least), exact(levels.greatest)
    if least == greatest:
        return 0
    place = (min(max(value, least), greatest) - least) / (greatest - least)
    return math.floor(place * levels.top + Fraction(1, 2))
