"""`bdnnlang/device/c/`: compiled with all warnings as errors, C answers as the network does, on ties and off."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from conftest import Golden

from bdnnlang.arrays import Ints
from bdnnlang.device import many
from bdnnlang.device.c.header import header
from bdnnlang.device.c.styles import Optimise, Style
from bdnnlang.device.vectors import draw, near_ties
from bdnnlang.device.whole import Count, Equals, Neuron, Reading, WholeNetwork
from device.c.compilers import SANITISED, classes, compiler
from device.random_networks import counts, mixed, network


def rows_of(net: WholeNetwork, number: int) -> Ints:
    """Rows of which at least a fifth are on or next to a threshold."""
    rng = np.random.default_rng(3)
    near = near_ties(net, number // (10 * len(net.layers[0])) + 1, rng)[:number]
    return np.concatenate([near, draw(net, number - len(near), rng)])


def networks() -> dict[str, WholeNetwork]:
    """A network for each thing that the code does differently."""
    rng = random.Random(5)
    return {
        "bytes": network(counts(4, 0, 60), [1, 1], rng),
        "shifted": network(counts(5, 100, 180), [3, 1], rng),
        "negative": network(counts(6, -50, 90), [3, 2, 1], rng),
        "short": network(counts(6, 0, 4000), [4, 1], rng, largest=9),
        "long_sums": network(counts(6, 0, 60000), [4, 3], rng, largest=30000),
        "longest": network(counts(4, -(1 << 31), (1 << 31) - 1), [3, 3], rng, largest=1 << 24),
        "single": network(counts(5, -9, 9), [5], rng),
        "mixed": network(mixed(6, rng), [4, 2, 1], rng, largest=3),
        "bits": network(mixed(4, rng, span=4), [8, 5, 4], rng),
        "integers": network(mixed(5, rng), [11, 9, 10], rng, largest=2),
        "one_word": network(counts(9, 0, 16), [13, 4], rng),
        "full": network(counts(11, 0, 1), [12, 1], rng, density=1),
        "words": network(counts(9, 0, 16), [34, 41, 20, 3], rng),
        "full_words": network(counts(20, -3, 3), [40, 6, 1], rng, density=1),
        "outputs": network(counts(7, 0, 9), [10], rng),
        "many": network(counts(600, 0, 16), [2, 1], rng, density=0.9),
        "many_integers": network(counts(300, 0, 16), [9, 1], rng, largest=300),
    }


NETWORKS = networks()
LONG = ("words", "many", "many_integers")  # not as straight-line code, but by `make slow`


def check(command: tuple[str, ...], asked: Sequence[tuple[str, Style]], optimise: Optimise, number: int, folder: Path) -> None:
    """Networks and styles, all in one program."""
    headers = {f"{n}_{style.value}": header(NETWORKS[n], f"{n}_{style.value}", style, optimise) for n, style in asked}
    drawn = {n: rows_of(NETWORKS[n], number if n not in LONG else number // 10) for n in dict(asked)}
    found = classes(headers, {f"{n}_{style.value}": drawn[n] for n, style in asked}, command, folder)
    right = {n: many.predict(NETWORKS[n], rows) for n, rows in drawn.items()}
    wrong = {(n, style.value): int((found[f"{n}_{style.value}"] != right[n]).sum()) for n, style in asked}
    assert {pair: count for pair, count in wrong.items() if count} == {}


ALL = [(n, style) for n in NETWORKS for style in Style]
SOME = [(n, style) for n, style in ALL if style is not Style.AUTO and not (style is Style.UNROLL and n in LONG)]


def test_c_answers_as_the_network_does(tmp_path: Path) -> None:
    check((*compiler("gcc"), *SANITISED), SOME, Optimise.BYTES, 300, tmp_path)


@pytest.mark.parametrize("name", ["g++", "clang"])
def test_other_compilers_agree(name: str, tmp_path: Path) -> None:
    check(compiler(name), SOME, Optimise.CYCLES, 100, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gcc", "g++", "clang"])
@pytest.mark.parametrize("optimise", Optimise)
def test_ten_thousand_rows(name: str, optimise: Optimise, tmp_path: Path) -> None:
    check((*compiler(name), *SANITISED, "-O1"), ALL, optimise, 10000, tmp_path)


def test_a_fifth_of_the_rows_is_on_or_next_to_a_threshold() -> None:
    """Of networks whose weights reach every sum."""
    for name in ("bytes", "shifted", "negative", "single"):
        net, rows = NETWORKS[name], rows_of(NETWORKS[name], 10000)
        total = many.sums(net.layers[0], many.signals(net, rows))
        distance = total - np.array([neuron.threshold for neuron in net.layers[0]])
        assert ((distance == 0) | (distance == -1)).any(axis=1).sum() >= 2000


def test_the_header_of_a_small_network_is_the_one_that_was_read(golden: Golden) -> None:
    readings = (
        Reading("petal width (µm)", 1, 25, Fraction(1, 10)),
        Reading("temperature */", -20, 40, offset=Fraction(-1, 2), missing=-20),
        Reading("colour", 0, 2, categories=("blue", "red??/")),
        Reading("noise", 0, 9),
    )
    signals = (Count(0), Count(1), Equals(2, 1))
    first = (Neuron(((0, 2), (1, -1)), 7), Neuron(((2, 1),), 1))
    net = WholeNetwork(readings, signals, (first, (Neuron(((0, 1), (1, -1)), 1),)), ("no", 'a "yes"\n'))
    golden(Path(__file__).with_name("small.h"), header(net, "small", Style.UNROLL))


def test_a_network_that_always_says_the_same(tmp_path: Path) -> None:
    readings, signals = counts(2, 0, 9)
    net = WholeNetwork(readings, signals, ((Neuron((), 0),), (Neuron(((0, 1),), 1),)), ("a", "b"))
    found = classes({"same": header(net, "same")}, {"same": np.array([[0, 9]])}, compiler("gcc"), tmp_path)
    assert found["same"].tolist() == [1]


def test_nothing_is_computed_that_is_not_read(tmp_path: Path) -> None:
    readings, signals = counts(9, 0, 9)
    first = tuple(Neuron(((k, 1),), 5) for k in range(9))
    second = (Neuron(((0, 1), (1, 1)), 2), *(Neuron(((k, 2), (8, 2)), 5) for k in range(2, 7)), Neuron(((7, 3), (6, 1)), 3))
    net = WholeNetwork(readings, signals, (first, second, (Neuron(((0, 1), (1, 1), (6, 1)), 1),)), ("a", "b"))
    text = header(net, "part", Style.UNROLL)
    assert [name for k in range(1, 10) if (name := f"h1_{k}") in text] == ["h1_1", "h1_2", "h1_8"]
    found = classes({"part": text}, {"part": np.eye(9, dtype=np.int64) * 9}, compiler("gcc"), tmp_path)
    assert found["part"].tolist() == [0, 0, 0, 0, 0, 0, 0, 1, 0]


def test_sums_of_more_than_64_bits_are_refused() -> None:
    readings, signals = counts(2, 0, (1 << 60))
    net = WholeNetwork(readings, signals, ((Neuron(((0, 31), (1, 30)), 1 << 62),),), ("a", "b"))
    with pytest.raises(OverflowError, match="64 bits"):
        header(net, "long")
