"""Bytes of models, each counted by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from problems import network_spec

from bdnnlang import compiler
from bdnnlang.language.spec import Integers, Interval, NetworkSpec, Values
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.memory import class_bytes, float32_bytes, int8_bytes, network_bytes, preprocessing_bytes, tree_bytes


def net(*layers: tuple[list[list[float]], list[float]]) -> Network:
    return Network(tuple(Layer(np.array(w), np.array(b)) for w, b in layers))


TERNARY = network_spec((), Integers(-1, 1))


@pytest.mark.parametrize(
    ("network", "spec", "expected"),
    [
        (net(([[1.0, 0.0, -1.0]], [1.0])), TERNARY, 1),  # 3 · 2 + 2 bits
        (net(([[1.0, 0.0, -1.0]], [2.0])), TERNARY, 2),  # 3 · 2 + 3 bits
        (net(([[1.0, 0.0, -1.0]] * 4, [3.0, -4.0, 0.0, 1.0])), TERNARY, 5),  # 12 · 2 + 4 · 3: −4 … 3 are three bits
        (net(([[1.0, 0.0, -1.0]] * 4, [4.0, -4.0, 0.0, 1.0])), TERNARY, 5),  # 12 · 2 + 4 · 4
        (net(([[1.0, 0.0, -1.0]] * 4, [3.0, -5.0, 0.0, 1.0])), TERNARY, 5),  # the same
        (net(([[0.0] * 8], [0.0])), TERNARY, 3),  # 8 · 2 + 1: weights that are all 0 cost as much
        (net(([[1.0] * 9], [0.0])), network_spec((), Values((-1.0, 1.0)), Integers(-8, 7)), 2),  # 9 · 1 + 1
        (net(([[1.0] * 9], [-8.0])), network_spec((), Values((-1.0, 1.0)), Integers(-900, 900)), 2),  # 9 · 1 + 4
        (net(([[0.5, -0.25]], [0.0])), network_spec((), Interval(-1.0, 1.0)), 2),  # quarters −1 and 2: 2 · 3 + 8, and 1
        (net(([[0.75, -0.75, 0.0]], [0.0])), network_spec((), Interval(-1.0, 1.0)), 3),  # quarters −3 and 3: 3 · 3 + 8, and 1
        (net(([[2.0, -1.0]], [0.0])), network_spec((), Interval(-9.0, 9.0)), 1),  # whole: 2 · 3 + 1
        (net(([[0.1, 0.3]], [0.0])), network_spec((), Interval(-1.0, 1.0)), 17),  # no multiples: 2 · 64 + 1
        (net(([[2.0**60, 2.0**-10]], [0.0])), network_spec((), Interval(-(2.0**61), 2.0**61)), 17),  # 72 bits: 2 · 64 + 1
        (net(([[1.0], [1.0]], [5.0, 5.0])), network_spec((), Integers(-1, 1), thresholds="per_layer"), 1),  # 2 · 2 + 4
        (net(([[1.0], [1.0]], [0.0, 0.0])), network_spec((), Integers(-1, 1), thresholds="zero"), 1),  # 2 · 2
        (net(([[1.0]] * 4, [5.0] * 4), ([[1.0] * 4], [-1.0])), network_spec((4,), Integers(-1, 1)), 5),  # 8 + 16 + 8 + 1
    ],
)
def test_networks(network: Network, spec: NetworkSpec, expected: int) -> None:
    assert network_bytes(network, spec) == expected


def test_ten_digits_of_the_page() -> None:
    """The last paragraph of docs/comparison.md."""
    hidden = ([[1.0] * 64] * 100, [511.0, *[0.0] * 99])
    output = ([[-1.0] * 100] * 10, [-512.0, *[0.0] * 9])
    assert network_bytes(net(hidden, output), network_spec((100,), Integers(-1, 1))) == 1850 + 138
    assert (float32_bytes(7510), int8_bytes(7510, 4)) == (30040, 7526)


def test_trees() -> None:
    assert tree_bytes(0, 4, 2) == 1  # a node and a class: 2 bits
    assert tree_bytes(1, 4, 2) == 6  # 3 nodes, 32 + 2 + 2, 2 leaves of 1 bit: 41 bits are 6 bytes


def test_classes() -> None:
    assert [class_bytes(classes) for classes in (2, 10, 256, 257)] == [1, 1, 1, 2]


STEPS = [
    ("scale none", 0),
    ("scale minmax", 2 * 2 * 4),  # two numbers
    ("scale none, impute median", 2 * 4),
    ('scale minmax, onehot ["size"]', 2 * 4 + 2 * 4),  # one number scaled, two values
    ("scale none, quantize 3", 2 * 2 * 4),
]


@pytest.mark.parametrize(("steps", "expected"), STEPS)
def test_preprocessing(tmp_path: Path, steps: str, expected: int) -> None:
    rows = "".join(f"{size},{weight},{label}\n" for size, weight, label in [(1, 0.5, "a"), (2, 1.5, "b")] * 4)
    (tmp_path / "x.csv").write_text(f"size,weight,class\n{rows}")
    text = f'bdnn 1\ndata csv("x.csv") {{ target = class, {steps} }}\nnetwork {{ hidden 1 }}\ntrain {{ exact 1s }}\n'
    (tmp_path / "x.bdnn").write_text(text)
    spec, _ = compiler.read_spec(tmp_path / "x.bdnn")
    assert preprocessing_bytes(compiler.read_data(spec, tmp_path).recipe) == expected
