"""A header by which a device finds out whether it computes the network."""

from __future__ import annotations

from bdnnlang.device.c.straight.inputs import input_type
from bdnnlang.device.c.text.flash import flash_macros
from bdnnlang.device.c.text.numbers import IntType
from bdnnlang.device.c.text.pieces import Data
from bdnnlang.device.vectors import Vectors, golden_vectors
from bdnnlang.device.whole import WholeNetwork


def selftest(network: WholeNetwork, name: str) -> str:
    """The header `NAME_selftest.h`: rows whose classes are known, most of them on or one below a threshold."""
    vectors, macro = golden_vectors(network), name.upper()
    rows = Data("test_rows", input_type(network.readings), tuple(vectors.rows.ravel().tolist()))
    wanted = Data("test_classes", IntType(8), vectors.classes)
    lines = [
        *_about(vectors, name, rows.bytes + wanted.bytes),
        f"#ifndef {macro}_SELFTEST_H",
        f"#define {macro}_SELFTEST_H",
        "",
        f'#include "{name}.h"',
        "",
        *flash_macros(macro),
        *rows.declaration(name),
        "",
        *wanted.declaration(name),
        "",
        *_function(name, len(vectors.classes), rows.type),
        "",
        "#endif",
    ]
    return "\n".join(lines) + "\n"


def _about(vectors: Vectors, name: str, size: int) -> list[str]:
    all_ = vectors.noticed + vectors.unnoticed
    return [
        f"/* {name}: {len(vectors.classes)} rows whose classes are known, {size} bytes. Written by bdnnc export.",
        " *",
        " * Single mistakes (a weight one more or less, negated, left out or on the next input, a threshold one more or less):",
        f" * {vectors.noticed} of {all_} are noticed; the others changed no class on any row that was tried.",
        " */",
    ]


def _function(name: str, number: int, kind: IntType) -> list[str]:
    macro = name.upper()
    return [
        "/* 0 if all rows get their class, else which one, counted from 1, is the first that does not. */",
        f"static inline unsigned {name}_selftest(void)",
        "{",
        f"    {name}_input_t x[{macro}_INPUTS];",
        f"    for (unsigned row = 0u; row < {number}u; ++row) {{",
        f"        for (unsigned i = 0u; i < {macro}_INPUTS; ++i) {{",
        f"            x[i] = ({name}_input_t){macro}_READ{kind.bits}(&{name}_test_rows[row * {macro}_INPUTS + i]);",
        "        }",
        f"        if ({name}_predict(x) != {macro}_READ8(&{name}_test_classes[row])) {{",
        "            return (unsigned)(row + 1u);",
        "        }",
        "    }",
        "    return 0u;",
        "}",
    ]
