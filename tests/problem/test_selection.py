"""Which network validation selects: by accuracy, then its certificate, then its objective."""

from __future__ import annotations

import numpy as np
from problems import dataset, part, with_loss

from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.selection import Selection

LINE = dataset([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1])
PART = part([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1], LINE.recipe)


def at_least(bias: float) -> Network:
    return Network((Layer(np.array([[1.0]]), np.array([-bias])),))


ALL, MOST, HALF = at_least(2.0), at_least(3.0), at_least(4.0)  # right on four, three and two of the part


def test_accuracy_comes_before_the_objective() -> None:
    selection = Selection(PART, with_loss(HALF, 0))
    assert selection.take(with_loss(MOST, 7))
    assert not selection.take(with_loss(HALF, 0))
    assert selection.take(with_loss(ALL, 9))
    assert selection.chosen == with_loss(ALL, 9)
    assert selection.accuracy(MOST) == 0.75


def test_of_equal_accuracy_a_certified_network_then_the_least_objective() -> None:
    selection = Selection(PART, with_loss(MOST, 1, certified=False))
    assert selection.take(with_loss(MOST, 5))
    assert not selection.take(with_loss(MOST, 5))
    assert not selection.take(with_loss(MOST, 0, certified=False))
    assert selection.take(with_loss(MOST, 4))


def test_only_what_is_as_accurate_may_be_taken() -> None:
    selection = Selection(PART, with_loss(MOST, 3))
    assert [selection.may_take(network) for network in (ALL, MOST, HALF)] == [True, True, False]
    assert Selection(PART, None).may_take(HALF)


def test_without_a_part_nothing_is_selected() -> None:
    selection = Selection(None, None)
    assert not selection.may_take(ALL)
    assert not selection.take(with_loss(ALL, 0))
    assert (selection.chosen, selection.accuracy(ALL)) == (None, None)
