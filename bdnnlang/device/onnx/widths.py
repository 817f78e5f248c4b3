"""How large numbers become in each layer, and the narrowest arithmetic of ONNX that computes it exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from bdnnlang.device.whole import Count, Neuron, Signal, WholeNetwork

Range = tuple[int, int]  # least and greatest
BIT: Range = (0, 1)
FLOAT_LIMIT = 2**24  # floats of 32 bits hold every whole number up to it
WHOLE_LIMIT = 2**63 - 1
PAIR_LIMIT = 2**15 - 1  # onnxruntime adds two products of 8 × 8 bits in 16 bits, on processors with AVX2 only


class Arithmetic(Enum):
    """Of a layer: its inputs, its weights and its sums."""

    BYTES = "inputs and weights of 8 bits, sums of 32"
    LONG = "whole numbers of 64 bits"
    FLOAT = "floats of 32 bits"


@dataclass(frozen=True, slots=True)
class Extent:
    """Of a layer: the ranges of its inputs, and a bound of every partial sum of any neuron, in whatever order it is added."""

    inputs: tuple[Range, ...]
    weight: int  # the largest, as an absolute value
    reach: int

    @property
    def arithmetic(self) -> Arithmetic:
        """The narrowest exact one in whole numbers."""
        largest = max(max(-lower, upper) for lower, upper in self.inputs)
        is_narrow = self.is_unsigned or all(lower >= -128 and upper <= 127 for lower, upper in self.inputs)
        fits = self.weight <= 127 and 2 * largest * self.weight <= PAIR_LIMIT and self.reach < 2**31 - 1
        return Arithmetic.BYTES if is_narrow and fits else Arithmetic.LONG

    @property
    def is_unsigned(self) -> bool:
        """Are all inputs within 0 … 255?"""
        return all(lower >= 0 and upper <= 255 for lower, upper in self.inputs)


def extents(network: WholeNetwork) -> tuple[Extent, ...]:
    """Of each layer of a network whose levels are spread."""
    inputs = [tuple(_range(network, signal) for signal in network.signals)]
    inputs += [(BIT,) * len(before) for before, _ in pairwise(network.layers)]
    return tuple(_extent(ranges, layer) for ranges, layer in zip(inputs, network.layers, strict=True))


def within(neuron: Neuron, inputs: tuple[Range, ...]) -> int:
    """The threshold, or one that decides the same and lies at most 1 beyond what the sum can be."""
    ends = [sorted((w * inputs[place][0], w * inputs[place][1])) for place, w in neuron.weights]
    return min(max(neuron.threshold, sum(least for least, _ in ends)), sum(greatest for _, greatest in ends) + 1)


def _range(network: WholeNetwork, signal: Signal) -> Range:
    if not isinstance(signal, Count):
        return BIT
    reading = network.readings[signal.reading]
    return (reading.lower, reading.upper) if reading.missing is None else (min(reading.lower, 0), max(reading.upper, 0))


def _extent(inputs: tuple[Range, ...], layer: tuple[Neuron, ...]) -> Extent:
    weight = max((abs(w) for neuron in layer for _, w in neuron.weights), default=0)
    return Extent(inputs, weight, max(_reaches(inputs, layer)))


def _reaches(inputs: tuple[Range, ...], layer: tuple[Neuron, ...]) -> Iterator[int]:
    for neuron in layer:
        yield sum(abs(w) * max(1, -inputs[place][0], inputs[place][1]) for place, w in neuron.weights)
