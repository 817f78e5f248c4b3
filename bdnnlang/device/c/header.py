"""The C99 header of a network."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from fractions import Fraction

from bdnnlang.device.c.choice import Optimise, Style
from bdnnlang.device.c.straight.inputs import input_type
from bdnnlang.device.c.styles import body, live_weights
from bdnnlang.device.c.text.flash import flash_macros
from bdnnlang.device.c.text.names import comment, literal
from bdnnlang.device.c.text.pieces import Code, indented
from bdnnlang.device.whole import Reading, WholeNetwork


def header(
    network: WholeNetwork,
    name: str,
    style: Style = Style.AUTO,
    optimise: Optimise = Optimise.BYTES,
    notes: Sequence[str] = (),
) -> str:
    """The header `NAME.h`; `name` is made of small letters, digits and underscores, `notes` are lines of its first comment.

    Raises OverflowError where a sum takes more than 64 bits.
    """
    code = body(network, name, style, optimise)
    macro = name.upper()
    unread = [] if any("x[" in line for line in code.lines) else ["(void)x;"]
    lines = [
        *_about(network, name, code, notes),
        f"#ifndef {macro}_H",
        f"#define {macro}_H",
        "",
        "#include <stdint.h>",
        "",
        *_constants(network, name),
        *(flash_macros(macro) if code.tables else []),
        *(line for function in dict.fromkeys(code.functions) for line in [*function.splitlines(), ""]),
        *(line for table in code.tables for line in [*table.declaration(name), ""]),
        f"/* The number of the class, of {len(network.readings)} readings within the ranges above. */",
        f"static inline uint_fast8_t {name}_predict(const {name}_input_t x[])",
        "{",
        *indented([*unread, *code.lines]),
        "}",
        "",
        "#endif",
    ]
    return "\n".join(lines) + "\n"


def model_hash(network: WholeNetwork) -> str:
    """16 hexadecimal digits that another network does not have."""
    return hashlib.sha256(repr(network).encode()).hexdigest()[:16]


def _about(network: WholeNetwork, name: str, code: Code, notes: Sequence[str]) -> list[str]:
    kind = input_type(network.readings)
    widths = " -> ".join(str(n) for n in (len(network.readings), *map(len, network.layers)))
    weights = sum(live_weights(layer) for layer in network.layers)
    tables = sum(table.bytes for table in code.tables)
    read = {network.signals[place].reading for neuron in network.layers[0] for place, _ in neuron.weights}
    return [
        f"/* {name}: a network of step neurons, {widths}, {weights} weights other than 0. Written by bdnnc export.",
        " *",
        f" * {name}_predict(x) is the class of {len(network.readings)} whole numbers:",
        *(f" *   {line}" for k, r in enumerate(network.readings) for line in _reading(k, r, is_read=k in read)),
        " * A number outside its range has no meaning here: limit it before, or tell it as missing.",
        *(f" * {comment(note)}" for note in notes),
        " *",
        f" * Flash: {tables} bytes of tables beside the code. RAM: 0 bytes; stack: {code.stack} bytes of arrays.",
        f" * An input of {kind.bits} bits each: {kind.bytes * len(network.readings)} bytes. No floating point, no library.",
        " */",
    ]


def _reading(place: int, reading: Reading, *, is_read: bool) -> list[str]:
    x = f"x[{place}]"
    if not is_read:
        return [f"{x}  is not read: {comment(reading.column)}"]
    missing = [] if reading.missing is None else [f"    {x} = {reading.missing} where it is missing"]
    if reading.categories:
        texts = (f"{k} {comment(text)}" for k, text in enumerate(reading.categories))
        return [f"{x}  {comment(reading.column)}: {', '.join(texts)}, another number for any other value", *missing]
    meaning = _affine(x, reading.unit, reading.offset)
    return [f"{x}  in {reading.lower}..{reading.upper}: {comment(reading.column)} = {meaning}", *missing]


def _affine(x: str, unit: Fraction, offset: Fraction) -> str:
    scaled = x if unit == 1 else f"{x} / {unit.denominator}" if unit.numerator == 1 else f"{x} * {unit}"
    return scaled if not offset else f"{scaled} {'+' if offset > 0 else '-'} {abs(offset)}"


def _constants(network: WholeNetwork, name: str) -> list[str]:
    macro = name.upper()
    return [
        f"#define {macro}_INPUTS {len(network.readings)}",
        f"#define {macro}_CLASSES {len(network.classes)}",
        f'#define {macro}_MODEL "{model_hash(network)}"',
        "",
        f"/* static const char *const names[{macro}_CLASSES] = {{ {macro}_CLASS_NAMES }}; */",
        f"#define {macro}_CLASS_NAMES {', '.join(map(literal, network.classes))}",
        "",
        f"typedef {input_type(network.readings).name} {name}_input_t;",
        "",
    ]
