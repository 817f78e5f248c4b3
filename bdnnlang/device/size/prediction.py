"""How much flash the C code of a network takes on AVR, told from the code before a compiler runs.

Source  ours, docs/code_size.md. Tables are counted; the code of loops is the same for all networks of a kind and was measured. Of
        straight-line code each part has a weight, in half bytes: the nearest to what avr-gcc 5.4 with `-Os` made of 75 networks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bdnnlang.device.c.choice import Optimise, Style
from bdnnlang.device.c.styles import body, chosen_style
from bdnnlang.device.c.text.pieces import Code
from bdnnlang.device.whole import Count, WholeNetwork

NAME = "n"
LONG = re.compile(r"u?int(32|64)_t")  # of sums that were not measured

# ---- loops: what the answer looks like, and bytes beside the tables

LOOPS = (
    (re.compile(r"\(sum & 128u\) == 0u\) \? 1u : 0u\);$"), 62),  # the only neuron, its sum of 8 bits
    (re.compile(r"\(sum & 32768u\) == 0u\) \? 1u : 0u\);$"), 72),  # or of 16, as in all below
    (re.compile(r"\(2u >> k\) & 1u"), 72),  # one neuron, which is the class
    (re.compile(r"\(1u >> k\) & 1u"), 86),  # or its opposite
    (re.compile(r"\(\d+u >> k\) & 1u"), 98),  # a table in the code
    (re.compile(r"return N_READ8\(&n_class\[k\]\);"), 88),  # one in flash
    (re.compile(r"N_READ8\(&n_class\[k / "), 126),  # of which several places share a byte
)
TWO_LOOPS, WALK_ONE, WALK, WALK_TWO = 176, 2, 8, 10  # of lists; what masks take more

# ---- straight-line code, in half bytes

PROGRAM, TERM_16, READING_8, SIDE_8, NUMBER_16, CONSTANT, COMPARISON = 16, 12, 5, 6, 2, 3, 5
FACTOR, ODD_FACTOR, RETURN, BIT, SHIFT, TABLE = 8, 4, 3, 7, 32, 22
SHARED, SPILLED = -12, 12  # a sum that a neuron before has made; a reading that is kept, and finds no register
REGISTERS = 4


def predicted_flash(network: WholeNetwork, style: Style = Style.AUTO, optimise: Optimise = Optimise.BYTES) -> int | None:
    """About how many bytes; None where code of that kind was not measured.

    So it is with sums of more than 16 bits, and with loops over other readings than plain ones of a byte, over weights beyond ±1,
    or over three layers.
    """
    style = chosen_style(network, optimise) if style is Style.AUTO else style
    code = body(network, NAME, style, optimise)
    tables = sum(table.bytes for table in code.tables)
    if style is not Style.UNROLL:
        loop = _loop(code, len(network.layers[0]), is_walk=style is Style.WALK) if _is_plain(network) else None
        return None if loop is None else tables + loop
    text = "\n".join(code.lines)
    return None if LONG.search(text) else tables + round(sum(_half_bytes(text, has_table=bool(code.tables))) / 2)


def _is_plain(network: WholeNetwork) -> bool:
    """Readings of a byte as they are, and weights of -1, 0 and 1."""
    bytes_only = all(0 <= reading.lower <= reading.upper < 256 and reading.missing is None for reading in network.readings)
    weights = all(abs(weight) == 1 for layer in network.layers for neuron in layer for _, weight in neuron.weights)
    return bytes_only and weights and all(isinstance(signal, Count) for signal in network.signals)


def _loop(code: Code, neurons: int, *, is_walk: bool) -> int | None:
    text = "\n".join(code.lines)
    layers = sum(table.suffix.startswith("layer") for table in code.tables)
    if layers == 2 and not any(table.suffix == "class" for table in code.tables):
        return TWO_LOOPS + WALK_TWO * is_walk
    found = next((bytes_ for ending, bytes_ in LOOPS if ending.search(text)), None)
    if layers != 1 or found is None or ("sum & 128u" in text and found != LOOPS[0][1]):
        return None
    return found + (WALK_ONE if neurons == 1 else WALK) * is_walk


def _half_bytes(text: str, *, has_table: bool) -> Iterator[int]:
    """Of each kind of part of straight-line code."""

    def count(pattern: str) -> int:
        return len(re.findall(pattern, text))

    long, short = re.findall(r"\(unsigned\)x\[(\d+)\]", text), re.findall(r"(?<!\(unsigned\))x\[(\d+)\]", text)
    kept = sum(times > 1 for times in Counter(long + short).values())
    factors = [int(factor) for factor in re.findall(r"\b(\d+)u? \*", text)]
    yield PROGRAM
    yield TERM_16 * len(long)
    yield READING_8 * len(set(short))
    yield SIDE_8 * count(r"\(uint_fast8_t\)\((?!\()")
    yield NUMBER_16 * count(r"[+-] \d+u\b")
    yield CONSTANT * count(r"[<>]= \(?\d+u")
    yield COMPARISON * count("[<>]=")
    yield FACTOR * len(factors)
    yield ODD_FACTOR * sum(factor not in (2, 4, 8) for factor in factors)
    yield RETURN * count(r"\breturn\b")
    yield BIT * count(r"\|=")
    yield SHIFT * (">>" in text)
    yield TABLE * has_table
    yield SHARED * _shared(text)
    yield SPILLED * max(0, kept - REGISTERS)


def _shared(text: str) -> int:
    """How many sums begin as an earlier one does, each term after the first counted."""
    sides = re.findall(r"\((?:unsigned|uint_fast8_t)\)\(((?:[^()]|\((?:unsigned|uint_fast8_t)\))*)\)", text)
    terms = [side.split(" + ") for side in sides]
    begun = Counter(tuple(parts[:size]) for parts in terms for size in range(2, len(parts) + 1))
    return sum(times - 1 for times in begun.values())
