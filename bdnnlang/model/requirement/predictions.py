"""What requirements say of predictions, as rows over output bits, or over bits of classes that follow from them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.model.blocks import Columns, Role
from bdnnlang.model.growing import Growing, reduced
from bdnnlang.problem.requirement.base import Inequality


def add(growing: Growing, inequalities: Sequence[tuple[int, Inequality]], groups: Ints) -> None:
    """Σ over the samples of their weight for the class that they are put into ≤ most, for each requirement by its number.

    `groups` (m,): the row of outputs that each sample has. Of one output the class is the bit itself; of more there is a bit for
    each class. Samples of one group add up, also where their classes differ.
    """
    if not inequalities:
        return
    outputs = growing.problem.activations(growing.problem.depth)
    classes = outputs if outputs.shape[1] == 1 else class_bits(growing, outputs)
    for number in dict.fromkeys(number for number, _ in inequalities):
        own = [one for of, one in inequalities if of == number]
        rows = [_row(one, groups, classes) for one in own]
        width = max(len(columns) for columns, _, _ in rows)
        column, value = np.zeros((2, len(rows), width))
        for i, (columns, values, _) in enumerate(rows):
            column[i, : len(columns)], value[i, : len(columns)] = columns, values
        growing.rows(
            f"require{number}", column.astype(np.int64), -value, np.array([-most for *_, most in rows], dtype=np.float64)
        )


def _row(one: Inequality, groups: Ints, classes: Columns) -> tuple[Ints, Ints, int]:
    """Columns, coefficients and right side: the class of no bit is the first one."""
    weights = np.zeros((int(groups.max()) + 1, one.weights.shape[1]), dtype=np.int64)
    np.add.at(weights, groups, one.weights)
    change = weights[:, 1:] - weights[:, :1]
    some = change != 0
    values, most = reduced(change[some], one.most - int(weights[:, 0].sum()))
    return classes.index[some], values, most


def class_bits(growing: Growing, outputs: Columns) -> Columns:
    """p_c = 1 iff c is the first output that is on, c > 0:  u_c − Σ_{j<c} u_j ≤ p_c ≤ u_c,  p_c ≤ 1 − u_j for j < c.

    They are (groups, K − 1). The class is 0 where none of them is 1.
    """
    groups, width = outputs.shape
    bits = growing.binaries(Role.CLASSES, 0, (groups, width - 1))
    for c in range(1, width):
        own, first, earlier = bits.index[:, c - 1 : c], outputs.index[:, c : c + 1], outputs.index[:, :c]
        ones = np.ones(c)
        growing.rows(f"class{c}", np.hstack([own, first, earlier]), np.array([1.0, -1.0, *ones]), 0.0, least=own.ravel())
        growing.rows(f"class{c}_on", np.hstack([first, own]), np.array([1.0, -1.0]), 0.0)
        pairs = np.stack([np.repeat(own.ravel(), c), earlier.ravel()], axis=1)
        growing.rows(f"class{c}_first", pairs, np.array([-1.0, -1.0]), -1.0)
    return bits
