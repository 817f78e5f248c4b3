"""Lines as the formatter writes them: a text with everything in it, and each rule alone."""

from pathlib import Path

import pytest

from bdnnlang.language.format.canonical import laid_out
from bdnnlang.source import Source

HERE = Path(__file__).parent
LONG = [f"{chr(ord('a') + n) * 9}" for n in range(9)]


def layout(text: str) -> str:
    return laid_out(Source("x.bdnn", text))


def test_a_text_with_everything(golden):
    golden(HERE / "tidy.bdnn", layout((HERE / "ugly.bdnn").read_text()))


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("", ""),
        (" \n\n", ""),
        ("a=3", "a = 3\n"),
        ("a = -3 - -4*2", "a = -3 - -4 * 2\n"),
        ("a=(1+2)", "a = (1 + 2)\n"),
        ("a b - 3", "a b -3\n"),
        ("a in int [1,2]", "a in int[1, 2]\n"),
        ("a in{1,2,}", "a in {1, 2}\n"),
        ("a [1]", "a [1]\n"),
        ("a{inputs<=5-3 per neuron}", "a { inputs <= 5 - 3 per neuron }\n"),
        ('a{recall ( "x" )>=-1-2%,features<=3}', 'a { recall("x") >= -1 - 2%, features <= 3 }\n'),
        ("a f ( x = 1,[ 2 ], )", "a f(x=1, [2])\n"),
        ("a = f(b(c = -1))", "a = f(b(c=-1))\n"),
        ('"a/b"=1', '"a/b" = 1\n'),
        ("param a=1 in[0,1]", "param a = 1 in [0, 1]\n"),
        ("a{b}", "a { b }\n"),
        ("a{b, c{d=1,},}", "a { b, c { d = 1 } }\n"),
        ("a{}", "a {}\n"),
        ("a {\n}", "a {}\n"),
        ("a { b\n}", "a {\n  b\n}\n"),
        ("a {\n\n\n b\n\n\n c\n\n}", "a {\n  b\n\n  c\n}\n"),
        ("a {\n b, c = 1,\n}", "a {\n  b\n  c = 1\n}\n"),
        ("a = [1,\n\n 2\n]", "a = [1, 2]\n"),
    ],
)
def test_a_text_without_comments(text, tidy):
    assert layout(text) == tidy
    assert layout(tidy) == tidy


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("#a", "#a\n"),
        ("\n\n  # a \t\n\n\n\n# b", "# a\n\n# b\n"),
        ("a # b", "a  # b\n"),
        ("a{b}# c", "a { b }  # c\n"),
        ("a{# b\n}", "a {  # b\n}\n"),
        ("a{ b # c\n}", "a {\n  b  # c\n}\n"),
        ("a{ b, # c\n}", "a {\n  b  # c\n}\n"),
        ("a{\n# b\n}", "a {\n  # b\n}\n"),
        ("a = [# b\n]", "a = [  # b\n]\n"),
        ("a = [1 # b\n,2]", "a = [\n  1,  # b\n  2,\n]\n"),
        ("a = [1, 2, # b\n\n3, 4]", "a = [\n  1, 2,  # b\n\n  3, 4,\n]\n"),
        ("a = [[1, # b\n2], [3]]", "a = [\n  [\n    1,  # b\n    2,\n  ], [3],\n]\n"),
        ("a = [1\n# b\n, # c\n2]", "a = [\n  1,\n  # b\n  # c\n  2,\n]\n"),
        ("a in {1\n# b\n}", "a in {\n  1,\n  # b\n}\n"),
        ("a in [0, # b\n1]", "a in [\n  0,  # b\n  1\n]\n"),  # no comma: an interval has two ends
        ("a = (1 # b\n+ 2)", "a = (\n  1  # b\n    + 2\n)\n"),
        ("a = f(b= # c\n1)", "a = f(\n  b=  # c\n    1,\n)\n"),
        ("a # b\n  # c\n  # d", "a  # b\n   # c\n   # d\n"),
        ("a # b\n # c", "a  # b\n# c\n"),
        ("a # b\n\n  # c", "a  # b\n\n# c\n"),
    ],
)
def test_a_comment_keeps_its_place(text, tidy):
    assert layout(text) == tidy
    assert layout(tidy) == tidy


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("a     # one\nbb=2  # two", "a       # one\nbb = 2  # two\n"),
        ("a  # one\nbb = 2  # two", "a  # one\nbb = 2  # two\n"),
        ("a       # one\nbb = 2  # two\n        # more\nc # 3", "a       # one\nbb = 2  # two\n        # more\nc  # 3\n"),
        ("a       # one\n\nbb = 2  # two", "a  # one\n\nbb = 2  # two\n"),
        ("a{      # one\nb = 2   # two\n}       # end", "a {      # one\n  b = 2  # two\n}        # end\n"),
    ],
)
def test_comments_in_a_column_stay_in_one(text, tidy):
    assert layout(text) == tidy
    assert layout(tidy) == tidy


def test_a_column_ends_where_lines_come_between():
    second = f"b = [{', '.join(LONG)}]"
    text = f"{'a':<{len(second)}}# one\n{second}# two"
    assert layout(text).splitlines()[0] == "a  # one"
    assert layout(text).splitlines()[-1] == "]  # two"
    assert layout(layout(text)) == layout(text)


def test_a_list_breaks_at_100_columns():
    row = ", ".join(LONG[:8])
    exact = f"{'z' * (100 - len(f' = [{row}]'))} = [{row}]\n"
    assert len(exact) == 101
    assert layout(exact) == exact
    assert layout(f"z{exact}") == f"z{exact.partition('[')[0]}[\n  {row},\n]\n"


def test_a_broken_list_has_rows_of_100_columns():
    row = ", ".join(LONG[:8]) + f", {'j' * 6}"
    assert layout(f"a = [{row}, k]") == f"a = [\n  {row}, k,\n]\n"
    assert len(f"  {row}, k,") == 100
    assert layout(f"a = [{row}, kk]") == f"a = [\n  {row},\n  kk,\n]\n"


def test_a_block_on_one_line_breaks_at_100_columns():
    facts = ", ".join(f"{name} = 1" for name in LONG[:6])
    exact = f"{'z' * (100 - len(f' {{ {facts} }}'))} {{ {facts} }}\n"
    assert layout(exact) == exact
    assert len(exact) == 101
    assert layout(f"z{exact}").splitlines()[1:] == [*(f"  {name} = 1" for name in LONG[:6]), "}"]


def test_what_cannot_be_broken_stays_long():
    text = f"a = {' + '.join(LONG)} + {'j' * 20}\n"
    assert layout(text) == text


def test_of_brackets_side_by_side_those_break_that_do_not_fit():
    first, second = ", ".join(LONG[:5]), ", ".join(LONG[5:])
    assert layout(f"z [{first}] [{second}]") == f"z [{first}] [\n  {second},\n]\n"
    assert layout(f"z [{first}] {{ a = [{second}] }}") == f"z [{first}] {{\n  a = [{second}]\n}}\n"


@pytest.mark.parametrize("text", ["\ufeffa=1\r\n\r\n\r\n# b\r\nc [\r\n1]", "\ufeff"])
def test_the_byte_order_mark_and_line_ends_stay(text):
    assert layout(text) == ("\ufeffa = 1\r\n\r\n# b\r\nc [1]\r\n" if "a" in text else "\ufeff")
