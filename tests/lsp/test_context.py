"""Where something is typed, in half a text as in a whole one."""

import pytest

from bdnnlang.lsp.context import context_at
from bdnnlang.source import Source


def at(marked):
    before, _, after = marked.partition("|")
    return context_at(Source("a.bdnn", before + after), len(before))


@pytest.mark.parametrize(
    ("marked", "path", "statement", "word"),
    [
        ("|", (), [], ""),
        ("bdnn 1\nda|", (), [], "da"),
        ("data iris {\n te|", ("data",), [], "te"),
        ("data iris { test = 2%, s| }", ("data",), [], "s"),
        ("train {\n exact 1min { ga|", ("train", "exact"), [], "ga"),
        ("train { exact 1min {\n gap = 1%\n no|de = 3 }", ("train", "exact"), [], "no"),
        ("network { weights in |", ("network",), ["weights", "in"], ""),
        ("train { solver = sc|", ("train",), ["solver", "="], "sc"),
        ("data iris { drop [\n\"a\",\n|", ("data",), ["drop", "[", '"a"', ","], ""),
        ("data iris { drop [|\n test = 2 }", ("data",), ["drop", "["], ""),
        ("train { exact 1min }\n|", (), [], ""),
        ("param x = 1 i|", (), ["param", "x", "=", "1"], "i"),
    ],
)  # fmt: skip
def test_blocks_statement_and_word(marked, path, statement, word):
    context = at(marked)
    assert (context.path, [token.text for token in context.statement], context.word.text) == (path, statement, word)


@pytest.mark.parametrize("marked", ["# a|", "data iris # b|", "hidden 2|", "test = 25%|"])
def test_nothing_is_typed_in_comments_and_numbers(marked):
    assert at(marked) is None


def test_what_is_given_already():
    assert at("data iris {\n test = 2%\n split_seed = 1, |").given == {"test", "split_seed"}
    assert at("data iris { test = 2% }\n|").given == {"data"}
    assert at("data iris { test = 2% }\ntrain {\n|").given == set()


def test_calls_lists_and_strings():
    assert at('data csv("x.csv", he|').call == "csv"
    assert at('data csv("|').is_string
    inside = at('data iris { drop ["a", "b|')
    assert (inside.is_list, inside.is_string, [token.text for token in inside.items]) == (True, True, ['"a"', ","])


def test_a_whole_string_is_replaced_and_half_a_one_up_to_the_pointer():
    assert at('data iris { drop ["a|b"] }').word.text == '"ab"'
    assert at('data iris { drop ["a|b] }').word.text == '"a'
    assert not at('data iris { drop ["a"|').is_string
