"""Each piece of a text and what it is."""

from itertools import pairwise

from marked import opened

from bdnnlang.lsp.semantic import Color, pieces

TEXT = """## radius # of change
param r = 0.1 in [0, 1]
data csv("a#b.csv", header=true) { scale none }  # 🙂
robust linf(r)
train { solver_options { "limits/bestsol" = 3 } }
"""


def colors(text):
    return [(piece.span.text, piece.color.name) for piece in pieces(opened(text)[0])]


def test_names_and_literals():
    assert colors(TEXT) == [
        ("## radius # of change", "COMMENT"),
        ("param", "KEYWORD"), ("r", "VARIABLE"), ("=", "OPERATOR"), ("0.1", "NUMBER"),
        ("in", "KEYWORD"), ("0", "NUMBER"), ("1", "NUMBER"),
        ("data", "NAMESPACE"), ("csv", "FUNCTION"), ('"a#b.csv"', "STRING"), ("header", "PARAMETER"),
        ("=", "OPERATOR"), ("true", "KEYWORD"),
        ("scale", "FUNCTION"), ("none", "ENUM_MEMBER"), ("# 🙂", "COMMENT"),
        ("robust", "NAMESPACE"), ("linf", "FUNCTION"), ("r", "VARIABLE"),
        ("train", "NAMESPACE"), ("solver_options", "FUNCTION"), ('"limits/bestsol"', "PROPERTY"),
        ("=", "OPERATOR"), ("3", "NUMBER"),
    ]  # fmt: skip


def test_the_declaration_of_a_param_is_its_definition():
    found = [piece.is_definition for piece in pieces(opened(TEXT)[0]) if piece.color is Color.VARIABLE]
    assert found == [True, False]


def test_a_setting_of_a_block():
    assert ("test", "PROPERTY") in colors("data iris { test = 20% }")


def test_pieces_stand_on_one_line_and_apart():
    for text in (TEXT, '"open\n# a\r\nb = "x', "a = [1,\n 2"):
        found = pieces(opened(text)[0])
        assert all(one.span.stop <= other.span.start for one, other in pairwise(found))
        assert not any("\n" in piece.span.text for piece in found)
