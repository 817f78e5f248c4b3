"""Texts and their trees."""

import pytest

from bdnnlang.language.syntax.nodes import (
    Argument,
    Call,
    Chain,
    Fact,
    IntervalDomain,
    List,
    Member,
    Name,
    NamedDomain,
    Negative,
    Number,
    Param,
    Quantity,
    SetDomain,
    Step,
    String,
)
from bdnnlang.language.syntax.parser import grammar, parse, parse_value
from bdnnlang.language.syntax.show import print_file, show_ast
from bdnnlang.source import Source

ALL = """\
bdnn 1  # a comment
use "common.bdnn"

## neurons of the
## hidden layer
param width = 8 in int[1, 2 * 32]
param on = true
data csv("a\\"b\\\\.csv", delimiter="\\t", header=false,
         more=[1, "x",
               y,]) {
  test = 25%, classes = [-3, (1 + 2) * 3 - -4 / 2]
  sample 1_000 { seed = 3, }
}
network {
  weights in {-1,
              0.5, 1e-4}
  hidden width, hidden -2 { biases in binary }
}
sweep { width in {2, 4} }
evaluate { attack linf(0.1) [1, 2] ; }
train { exact 1h30min { gap = 1% } }
""".replace(" ;", "")


def tree(text):
    file, errors = parse(Source("x.bdnn", text))
    assert not errors
    return file


def names(text):
    return [statement.key.text for statement in tree(text).body]


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("a = 3", Fact(Name("a", None), Number("3", None), None)),
        ("a = -x", Fact(Name("a", None), Negative(Name("x", None), None), None)),
        ("a = (3)", Fact(Name("a", None), Number("3", None), None)),
        ("a = []", Fact(Name("a", None), List((), None), None)),
        ("a in [0, b]", Member(Name("a", None), IntervalDomain(None, Number("0", None), Name("b", None), None), None)),
        ("a in {1}", Member(Name("a", None), SetDomain((Number("1", None),), None), None)),
        ("a in {1\n# one\n\n# more\n}", Member(Name("a", None), SetDomain((Number("1", None),), None), None)),
        ("a in binary", Member(Name("a", None), NamedDomain(Name("binary", None), None), None)),
        ("a 20% 'x'".replace("'", '"'), Step(Name("a", None), (Quantity("20%", None), String("x", None)), None, None)),
        ("param a = 1", Param(Name("a", None), Number("1", None), None, "", None)),
        (
            "a = 1 + 2 * 3",
            Fact(
                Name("a", None),
                Chain(
                    Number("1", None),
                    (("+", Chain(Number("2", None), (("*", Number("3", None)),), None)),),
                    None,
                ),
                None,
            ),
        ),
        (
            "a f(1, b=2)",
            Step(
                Name("a", None),
                (Call(Name("f", None), (Number("1", None), Argument(Name("b", None), Number("2", None), None)), None),),
                None,
                None,
            ),
        ),
    ],
)
def test_statements(text, statement):
    assert tree(text).body == (statement,)


def test_printed_trees_parse_again():
    file = tree(ALL)
    assert tree(print_file(file)) == file
    assert print_file(tree(print_file(file))) == print_file(file)


def test_spans_are_the_text_of_the_nodes():
    source = Source("x.bdnn", ALL)
    data = parse(source)[0].body[4]
    assert data.span.text.startswith("data csv(")
    assert data.span.text.endswith("}\n}")
    assert data.args[0].items[1].span.text == 'delimiter="\\t"'
    assert data.args[0].items[1].value.text == "\t"
    assert data.block.body[1].value.items[1].span.text == "(1 + 2) * 3 - -4 / 2"


def test_help_of_a_param():
    assert tree(ALL).body[2].help == "neurons of the hidden layer"


def test_line_ends_and_byte_order_mark():
    plain = tree(ALL)
    for text in (ALL.replace("\n", "\r\n"), "\ufeff" + ALL, ALL.rstrip("\n"), "\n\n" + ALL.replace("\n", "\n\n \n")):
        assert tree(text) == plain


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "\ufeff", "   \n\t\n"])
def test_nothing(text):
    assert tree(text).body == ()


def test_words_that_begin_like_keywords():
    assert names("input = 1\nparams = 2\ntrue_ = 3\n") == ["input", "params", "true_"]


def test_values_of_the_command_line():
    source = Source("--set a=1% ", "a=1% ")
    value, errors = parse_value(source, "expr", 2)
    assert (value, errors) == (Quantity("1%", None), ())
    assert value.span.first == (1, 3)
    assert parse_value(Source("", "int[1, 2]"), "domain")[0].kind.text == "int"
    assert [error.code for error in parse_value(Source("", ""), "expr")[1]] == ["E007"]


def test_dump():
    assert show_ast(tree("data iris { test = 1 + 2% }")) == (
        "File  @1:1\n"
        "  Step  @1:1\n"
        "    key: Name 'data'  @1:1\n"
        "    Name 'iris'  @1:6\n"
        "    block: Block  @1:11\n"
        "      Fact  @1:13\n"
        "        key: Name 'test'  @1:13\n"
        "        value: Chain  @1:20\n"
        "          first: Number '1'  @1:20\n"
        "          + Quantity '2%'  @1:24\n"
    )


def test_grammar_is_found():
    assert grammar().startswith("// bdnn.lark")
