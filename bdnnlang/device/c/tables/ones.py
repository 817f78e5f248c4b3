"""C functions that count the ones of a word, and the type of word that a device likes."""

from __future__ import annotations

_ONE_BY_ONE = """\
static inline uint_fast8_t {name}_ones{suffix}({type} bits)
{{
    uint_fast8_t ones = 0u;
    while (bits != 0u) {{
        bits = ({type})(bits & (bits - 1u));
        ++ones;
    }}
    return ones;
}}"""
# Sums of neighbours: of one bit each, then two, four, eight.
_16 = """\
static inline uint_fast8_t {name}_ones16(uint16_t bits)
{{
    bits = (uint16_t)(bits - ((bits >> 1) & 0x5555u));
    bits = (uint16_t)((bits & 0x3333u) + ((bits >> 2) & 0x3333u));
    bits = (uint16_t)((bits + (bits >> 4)) & 0x0f0fu);
    return (uint_fast8_t)((bits + (bits >> 8)) & 0x1fu);
}}"""
_WORDS = """\
static inline uint_fast8_t {name}_ones({name}_word_t bits)
{{
#if defined(__AVR__)
    bits = (uint8_t)(bits - ((bits >> 1) & 0x55u));
    bits = (uint8_t)((bits & 0x33u) + ((bits >> 2) & 0x33u));
    return (uint8_t)((bits + (bits >> 4)) & 0x0fu);
#else
    bits = bits - ((bits >> 1) & 0x55555555u);
    bits = (bits & 0x33333333u) + ((bits >> 2) & 0x33333333u);
    bits = (bits + (bits >> 4)) & 0x0f0f0f0fu;
    return (uint_fast8_t)((bits * 0x01010101u) >> 24);
#endif
}}"""
_TYPE = """\
#if defined(__AVR__)
typedef uint8_t {name}_word_t;
#define {macro}_WORD(a, b, c, d) a, b, c, d
#define {macro}_PAIR(a, b, c, d, e, f, g, h) a, e, b, f, c, g, d, h
#define {macro}_NEXT_WORD(p) {macro}_NEXT(p)
#define {macro}_WORDS(bits) (((bits) + 31u) / 32u * 4u)
#else
typedef uint32_t {name}_word_t;
#define {macro}_WORD(a, b, c, d) ((a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)
#define {macro}_PAIR(a, b, c, d, e, f, g, h) {macro}_WORD(a, b, c, d), {macro}_WORD(e, f, g, h)
#define {macro}_NEXT_WORD(p) (*(p)++)
#define {macro}_WORDS(bits) (((bits) + 31u) / 32u)
#endif"""


def word_type(name: str) -> str:
    """`NAME_word_t`: a byte on AVR, 32 bits elsewhere; `NAME_WORDS(bits)` of them hold so many bits."""
    return _TYPE.format(name=name, macro=name.upper())


def ones_of_a_word(name: str, *, fast: bool) -> str:
    """`NAME_ones16`, short or fast."""
    return _16.format(name=name) if fast else _ONE_BY_ONE.format(name=name, suffix="16", type="uint16_t")


def ones_of_words(name: str, *, fast: bool) -> str:
    """`NAME_ones`, of a `NAME_word_t`."""
    return _WORDS.format(name=name) if fast else _ONE_BY_ONE.format(name=name, suffix="", type=f"{name}_word_t")
