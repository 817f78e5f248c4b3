"""Offsets as lines and characters in the three ways that editors count."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bdnnlang.lsp.places import Lines, Units

TEXT = "a = 1 # 🙂é\r\nb\u2028c\n🙂d\re"


@pytest.mark.parametrize(
    ("units", "characters"), [(Units.UTF8, [8, 12, 14]), (Units.UTF16, [8, 10, 11]), (Units.UTF32, [8, 9, 10])]
)
def test_a_character_beyond_the_basic_plane(units, characters):
    lines = Lines(TEXT, units)
    assert [lines.place(TEXT.index("🙂") + step)[1] for step in range(3)] == characters
    assert [lines.offset(0, character) - TEXT.index("🙂") for character in characters] == [0, 1, 2]


def test_lines_end_as_the_protocol_says_and_not_elsewhere():
    lines = Lines(TEXT)
    assert [lines.place(TEXT.index(letter)) for letter in "bcde"] == [(1, 0), (1, 2), (2, 2), (3, 0)]
    assert lines.place(len(TEXT)) == (3, 1)


def test_what_lies_beyond_is_the_end():
    lines = Lines("ab\r\ncd\n")
    assert [lines.offset(0, 99), lines.offset(1, 99), lines.offset(2, 5), lines.offset(99, 0)] == [2, 6, 7, 7]


def test_the_inside_of_a_character_is_its_beginning():
    assert Lines("🙂a").offset(0, 1) == 0
    assert Lines("éa", Units.UTF8).offset(0, 1) == 0


@given(st.text(st.sampled_from("a🙂é\r\n\u2028\ud800#")), st.sampled_from(Units))
@example("\r\n", Units.UTF16)
def test_there_and_back(text, units):
    lines = Lines(text, units)
    for offset in range(len(text) + 1):
        inside = text[offset - 1 : offset + 1] == "\r\n"  # no place is between the two
        assert lines.offset(*lines.place(offset)) == (offset - 1 if inside else offset)
