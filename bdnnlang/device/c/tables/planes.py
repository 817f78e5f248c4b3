"""Layers over bits, by counting bits: Σ of inputs with weight 1 minus Σ of those with weight -1.

Where S are the inputs of weight -1 and L all that count, #((h ^ S) & L) = Σ weight · h + #S, and so one count will do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bdnnlang.device.c.tables.loops import Layer, little_endian, read, repeated
from bdnnlang.device.c.tables.ones import ones_of_a_word, ones_of_words, word_type
from bdnnlang.device.c.tables.sinks import Sink
from bdnnlang.device.c.text.numbers import IntType, smallest
from bdnnlang.device.c.text.pieces import Code, Data, WordData
from bdnnlang.device.whole import Neuron

ONE_WORD = 16  # inputs at most that are one word on every device


@dataclass(frozen=True, slots=True)
class Masked:
    """A neuron as #((h ^ sign) & live) ≥ least."""

    sign: int
    live: int
    least: int


def is_ternary(layer: Layer) -> bool:
    return all(abs(w) == 1 for neuron in layer for _, w in neuron.weights)


def masked(neuron: Neuron) -> Masked:
    sign = sum(1 << place for place, w in neuron.weights if w < 0)
    live = sum(1 << place for place, _ in neuron.weights)
    return Masked(sign, live, min(max(neuron.threshold + sign.bit_count(), 0), live.bit_count() + 1))


@dataclass(frozen=True, slots=True)
class Planes:
    """How the bits of a layer are read: the name of its word or words, how many bits there are, and how ones are counted."""

    bits: str
    inputs: int
    fast: bool


def planes(layer: Layer, read_from: Planes, sink: Sink, name: str, suffix: str) -> Code:
    """A layer over bits: over a word (up to 16 of them, kept by `OneWord`), or over words (by `Words`)."""
    neurons = [masked(neuron) for neuron in layer]
    full = all(neuron.live == (1 << read_from.inputs) - 1 for neuron in neurons)
    over = _over_a_word if read_from.inputs <= ONE_WORD else _over_words
    return sink.finish(over(neurons, read_from, full, sink, name, suffix))


def _over_a_word(neurons: Sequence[Masked], source: Planes, full: bool, sink: Sink, name: str, suffix: str) -> Code:
    word, byte = IntType(16), IntType(8)
    stored: list[int] = []
    for neuron in neurons:
        numbers = [(neuron.sign, word), *([] if full else [(neuron.live, word)]), (neuron.least, byte)]
        stored += [b for number, kind in numbers for b in little_endian(number, kind)]
    ones = f"{source.bits} ^ sign" if full else f"({source.bits} ^ sign) & live"
    one = [
        *read("sign", word, name),
        *([] if full else read("live", word, name)),
        f"const uint_fast8_t least = {name.upper()}_NEXT(row);",
        *sink.after_one(f"{name}_ones16((uint16_t)({ones})) >= least"),
    ]
    lines = [f"const uint8_t *row = {name}_{suffix};", *sink.before, *repeated(len(neurons), one)]
    return Code(tuple(lines), (Data(suffix, byte, tuple(stored)),), (ones_of_a_word(name, fast=source.fast),))


def _over_words(neurons: Sequence[Masked], source: Planes, full: bool, sink: Sink, name: str, suffix: str) -> Code:
    macro, kind = name.upper(), smallest([max(neuron.least for neuron in neurons)])
    least = Data(f"{suffix}_least", kind, tuple(neuron.least for neuron in neurons))
    only_live = [] if full else [f"    ones = ({name}_word_t)(ones & {macro}_NEXT_WORD(mask));"]
    count = [
        f"{kind.sum} count = 0u;",
        f"for (uint_fast8_t w = 0u; w < {macro}_WORDS({source.inputs}u); ++w) {{",
        f"    {name}_word_t ones = ({name}_word_t)({source.bits}[w] ^ {macro}_NEXT_WORD(mask));",
        *only_live,
        f"    count = ({kind.sum})(count + {name}_ones(ones));",
        "}",
    ]
    at = f"{macro}_READ{kind.bits}(&{name}_{least.suffix}[{'j' if len(neurons) > 1 else '0'}])"
    one = [*count, *sink.after_one(f"count >= {at}")]
    lines = [f"const {name}_word_t *mask = {name}_{suffix};", *sink.before, *repeated(len(neurons), one)]
    return Code(
        tuple(lines),
        (WordData(suffix, _words(neurons, source.inputs, full), paired=not full), least),
        (word_type(name), ones_of_words(name, fast=source.fast)),
    )


def _words(neurons: Sequence[Masked], inputs: int, full: bool) -> tuple[int, ...]:
    """Of each neuron, for 32 inputs after another, the signs and which of them are live."""
    parts = range(0, inputs, 32)
    masks = ((n.sign,) if full else (n.sign, n.live) for n in neurons)
    return tuple(mask >> part & 0xFFFFFFFF for both in masks for part in parts for mask in both)
