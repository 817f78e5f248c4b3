"""Where tables lie and how they are read: on AVR, flash has addresses of its own."""

from __future__ import annotations

_AVR = {
    8: "pgm_read_byte(p)",
    16: "pgm_read_word(p)",
    32: "pgm_read_dword(p)",
    64: "(pgm_read_dword(p) | (uint64_t)pgm_read_dword((const uint8_t *)(p) + 4) << 32)",
}


def flash_macros(macro: str) -> list[str]:
    """`MACRO_FLASH` behind a table's name, `MACRO_READ8(p)` … for its numbers, `MACRO_NEXT(p)` for a byte, moving p behind it.

    They may stand in several headers. On AVR only Z reads flash: the compiler keeps p there if reading moves it.
    """
    return [
        f"#ifndef {macro}_FLASH",
        "#if defined(__AVR__)",
        "#include <avr/pgmspace.h>",
        f"#define {macro}_FLASH PROGMEM",
        *(f"#define {macro}_READ{bits}(p) {read}" for bits, read in _AVR.items()),
        "#if defined(__AVR_HAVE_LPMX__)",
        f"#define {macro}_NEXT(p) (__extension__({{ uint8_t b_; \\",
        '    __asm__("lpm %0, Z+" : "=r"(b_), "+z"(p)); b_; }))',
        "#else",
        f"#define {macro}_NEXT(p) pgm_read_byte((p)++)",
        "#endif",
        "#else",
        f"#define {macro}_FLASH",
        *(f"#define {macro}_READ{bits}(p) (*(p))" for bits in _AVR),
        f"#define {macro}_NEXT(p) (*(p)++)",
        "#endif",
        "#endif",
        "",
    ]
