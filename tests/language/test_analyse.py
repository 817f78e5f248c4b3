"""What an editor and the command line ask of a text: never an exception, the same diagnostics, and the place of every name."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loading import MINIMAL, diagnostics_of, reader
from score.language import PIECES, TEXTS, mutant

from bdnnlang.diagnostics import has_errors
from bdnnlang.language.analyse import Analysis, analyse
from bdnnlang.language.symbols import Role, Symbol
from bdnnlang.source import Source

FILES = {"common.bdnn": "bdnn 1 fragment\nparam width = 3\ntrain { seed = width }\n", "loop.bdnn": 'use "loop.bdnn"\n'}
FULL = """bdnn 1
use "common.bdnn"
param rate = 0.1 in [0, 1]
data csv("a.csv", delimiter=";") { test = csv("t.csv", header=true), scale none, sample 9 { seed = 2 * width } }
network { weights in {-1, rate, 1}, hidden width { biases in [-rate, 1] }, output { encoding = single } }
robust budget(rate, gamma=width) { method = pattern }
evaluate { attack linf(rate), attack random_sign([rate, 1]) }
train { loss = hamming + rate * l1, without = [polarity], exact 1min { gap = 1% } }
compare { mlp { hidden = [width, 2] } }
"""


def analysed(text: str) -> Analysis:
    return analyse(Source("x.bdnn", text), read=reader(FILES))


@st.composite
def broken(draw: st.DrawFn) -> str:
    """A spec of ours or `FULL` after up to nine changes to its characters and tokens."""
    chance = random.Random(draw(st.integers(0, 2**32 - 1)))
    text = draw(st.sampled_from([*TEXTS, FULL, FULL]))
    for _ in range(draw(st.integers(0, 9))):
        text = mutant(text, chance)
    return text


scraps = st.lists(st.sampled_from([*PIECES, *FULL.split(" "), "\n"]) | st.text(max_size=3), max_size=40).map(" ".join)


@given(broken() | scraps | st.text())
def test_any_text_can_be_analysed(text: str) -> None:
    found = analysed(text)
    assert found.diagnostics == diagnostics_of(text, FILES)
    assert (found.spec is None) == has_errors(found.diagnostics)
    for symbol in found.symbols:
        written = symbol.span.text
        assert symbol.role is Role.FILE or written == symbol.name.rpartition(".")[2]
        assert (symbol.row is None) == (symbol.role in (Role.PARAM, Role.FILE))
        assert symbol.extent.start <= symbol.span.start < symbol.span.stop <= symbol.extent.stop


@pytest.mark.parametrize(
    "text", ["(" * 10_000, "{" * 10_000, "data [" * 2_000, "param a = " + "-" * 5_000 + "1", "use " * 999, "\x00"]
)
def test_depth_is_no_danger(text: str) -> None:
    assert analysed(text).diagnostics == diagnostics_of(text, FILES)


def test_a_name_that_is_not_written_is_no_symbol() -> None:
    found = analysed(MINIMAL.replace("data iris", "data random((samples=400, features=10, kind=boxes) {\n  test = 25%\n}"))
    assert found.symbols
    assert all(symbol.span.text == symbol.name.rpartition(".")[2] for symbol in found.symbols)


@pytest.mark.parametrize("domain", ["-1_, 1", "1_..2", "-1__0, 1", "1_ to 2", "[1_, 2, 3]", "(1_, 2)"])
def test_no_number_that_is_none_in_a_domain_like_text(domain: str) -> None:
    text = MINIMAL.replace("hidden 2", f"weights in {domain}, hidden 2")
    assert analysed(text).diagnostics == diagnostics_of(text)


def test_a_text_that_stands_alone_uses_no_files() -> None:
    found = analyse(Source("x.bdnn", 'use "other.bdnn"\n' + MINIMAL))
    assert [error.code for error in found.diagnostics] == ["E109"]
    assert found.spec is None


def named(found: Analysis, role: Role) -> list[str]:
    return [symbol.name for symbol in found.symbols if symbol.role is role and symbol.span.source.path == "x.bdnn"]


def test_every_name_has_a_place() -> None:
    found = analysed(FULL)
    assert named(found, Role.BLOCK) == ["data", "network", "robust", "evaluate", "train", "compare"]
    assert named(found, Role.STEP) == [
        *("bdnn", "use", "data.scale", "data.sample", "network.hidden", "network.output"),
        *("evaluate.attack", "evaluate.attack", "train.exact", "compare.mlp"),
    ]
    assert named(found, Role.SETTING) == [
        *("data.test", "data.sample.seed", "network.weights", "network.hidden.biases", "network.output.encoding"),
        *("robust.method", "train.loss", "train.without", "train.exact.gap", "compare.mlp.hidden"),
    ]
    assert named(found, Role.CALL) == ["data.csv", "data.csv", "robust.budget", "robust.linf", "evaluate.attack.random_sign"]
    assert named(found, Role.OPTION) == ["data.csv.delimiter", "data.csv.header", "robust.budget.gamma"]
    assert named(found, Role.WORD) == [
        *("data.scale.none", "network.output.encoding.single", "robust.method.pattern"),
        *("train.loss.hamming", "train.loss.l1", "train.without.polarity"),
    ]
    assert named(found, Role.FILE) == ["common.bdnn"]


def test_from_a_use_to_the_definition() -> None:
    found = analysed(FULL)
    params = [symbol for symbol in found.symbols if symbol.role is Role.PARAM]
    rate = [symbol for symbol in params if symbol.name == "rate"]
    assert [symbol.span.first[0] for symbol in rate] == [3, 5, 5, 6, 7, 7, 8]
    assert {symbol.definition and symbol.definition.first for symbol in rate} == {(3, 7)}
    width = [symbol for symbol in params if symbol.name == "width"]
    assert len(width) == 6
    assert all(place(symbol) == ("common.bdnn", (2, 7)) for symbol in width)
    (file,) = (symbol for symbol in found.symbols if symbol.role is Role.FILE)
    assert place(file) == ("common.bdnn", (1, 1))


def place(symbol: Symbol) -> tuple[str, tuple[int, int]]:
    assert symbol.definition is not None
    return symbol.definition.source.path, symbol.definition.first


def test_a_broken_text_still_has_its_names() -> None:
    found = analysed(FULL.replace("gap = 1%", "gap = = 1%, node_limit = 5"))
    assert found.spec is None
    assert "train.exact" in named(found, Role.STEP)


def test_a_page_for_the_name_under_the_pointer() -> None:
    found = analysed(MINIMAL)
    gap = next(symbol for symbol in found.symbols if symbol.name == "network.hidden")
    assert gap.row is not None
    assert gap.row.help == "A hidden layer with this many neurons"
    assert gap.extent.text == "hidden 2"
