"""The rows of `bytes`: for every network of a tiny one the least of their column is what plain counting says."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from problems import dataset, network_spec
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from bdnnlang.device.size.code_bytes import CodeBytes, CodeStyle, uses_of
from bdnnlang.language.spec import Integers
from bdnnlang.model.blocks import Linear, Problem, Role
from bdnnlang.model.build import build
from bdnnlang.model.growing import Growing
from bdnnlang.model.milp import Milp
from bdnnlang.model.objectives.code_size import code_size
from bdnnlang.model.point import completed
from bdnnlang.model.stack import stack

STEEP, FLAT = CodeStyle(1, 2, (3, 5), (4,), 1), CodeStyle(9, 0, (1, 2), (1,), 2)
STYLES = {
    "they cross": (STEEP, FLAT),
    "the first is the lesser one": (STEEP, CodeStyle(40, 2, (3, 5), (4,), 1)),
    "the second is": (CodeStyle(40, 2, (3, 5), (4,), 1), STEEP),
    "equal": (STEEP, STEEP),
    "they cross on features": (CodeStyle(0, 6, (1, 1), (0,), 0), CodeStyle(7, 0, (1, 1), (0,), 1)),
    "on neurons": (CodeStyle(0, 0, (1, 1), (6,), 0), CodeStyle(5, 0, (1, 1), (0,), 1)),
}


def problem(code: CodeBytes) -> Problem:
    """Of the bytes of a network 2 → 2 → 1 alone."""
    domains = network_spec((2,), Integers(-1, 1), Integers(0, 0))
    growing = Growing(build(domains, None, dataset([[0.0, 1.0], [1.0, 0.0]], [0, 1])))
    code_size(growing, code)
    blocks = [block for block in growing.problem.blocks if isinstance(block, Linear)]
    return growing.problem.with_blocks(tuple(blocks))


def least(program: Milp, column: int) -> float | None:
    """The least of a column; None: there is no point."""
    matrix = csc_array((program.value, program.index, program.start), shape=(program.rows, program.columns))
    found = milp(
        np.eye(1, program.columns, column)[0],
        integrality=program.integrality,
        bounds=Bounds(program.col_lower, program.col_upper),
        constraints=LinearConstraint(matrix, program.row_lower, program.row_upper),
    )
    return None if found.x is None else round(found.fun)


def counted(code: CodeBytes, first: np.ndarray, second: np.ndarray) -> int:
    nonzero, features = [int((w != 0).sum()) for w in (first, second)], int((first != 0).any(axis=0).sum())
    neurons = int(((first != 0).any(axis=1) & (second[0] != 0)).sum())
    return min(
        s.base + s.feature * features + s.weights[0] * nonzero[0] + s.weights[1] * nonzero[1] + s.neurons[0] * neurons + s.output
        for s in (code.straight, code.tables)
    )


@pytest.mark.parametrize("name", STYLES)
def test_the_least_of_the_column(name: str) -> None:
    """Over all choices of the other columns; and that is where `completed` puts it."""
    code = CodeBytes(*STYLES[name])
    of = problem(code)
    size, (first, second) = of.families[Role.CODE_BYTES, 0], (of.weights(1), of.weights(2))
    for values in product((0.0, 1.0), repeat=6):
        weights = np.array(values) * np.array([1, -1, -1, 1, 1, -1])
        wanted = counted(code, weights[:4].reshape(2, 2), weights[4:].reshape(1, 2))
        assert wanted == code.of(uses_of([weights[:4].reshape(2, 2) != 0, weights[4:].reshape(1, 2) != 0]))
        lower, upper = of.box()
        columns = np.concatenate([first.index.ravel(), second.index.ravel()])
        lower[columns] = upper[columns] = weights
        fixed = of.with_box(lower, upper)
        assert least(stack(fixed), size.first) == wanted
        point = np.zeros(of.size)
        point[columns] = weights
        assert completed(of, point)[size.first] == wanted
        assert stack(of).feasible(completed(of, point))


@pytest.mark.parametrize("name", STYLES)
def test_no_network_above_a_limit_is_a_point(name: str) -> None:
    code = CodeBytes(*STYLES[name])
    of = problem(code)
    size, columns = of.families[Role.CODE_BYTES, 0], np.concatenate([of.weights(k).index.ravel() for k in (1, 2)])
    for weights in ([0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 1, 0], [1, 1, 0, -1, 0, 1], [1, 1, 1, 1, 1, 1]):
        wanted = counted(code, np.array(weights[:4]).reshape(2, 2), np.array(weights[4:]).reshape(1, 2))
        for limit, holds in ((wanted, True), (wanted - 1, False)):
            lower, upper = of.box()
            lower[columns] = upper[columns] = weights
            upper[size.first] = min(upper[size.first], limit)
            if lower[size.first] > upper[size.first]:
                assert not holds
                continue
            assert (least(stack(of.with_box(lower, upper)), size.first) is not None) == holds


def test_a_style_that_never_pays_has_no_bit() -> None:
    assert problem(CodeBytes(*STYLES["the second is"])).find(Role.CODE_STYLE, 0) is None
    assert problem(CodeBytes(*STYLES["they cross"])).find(Role.CODE_STYLE, 0) is not None
