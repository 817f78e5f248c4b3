"""Every named invariant of a problem has a problem that breaks it, and it alone is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from problems import SIGNS, dataset, network_spec

from bdnnlang.diagnostics import InternalError
from bdnnlang.model.affine import Affine
from bdnnlang.model.blocks import InputScaling, Linear, Margin, MarginKind, Problem, Product, Role, Step
from bdnnlang.model.build import build
from bdnnlang.model.passes import PAPER_IMPLICATIONS, lower
from bdnnlang.model.verify import INVARIANTS, verify
from bdnnlang.problem.perturbation import BudgetedSet


def built() -> Problem:
    return build(network_spec((2,), SIGNS, encoding="one_hot"), "pattern", dataset([[2, -1], [0, 3]], [0, 1]))


def lowered() -> Problem:
    return lower(built(), PAPER_IMPLICATIONS)


def changed(problem: Problem, kind: type, change: Callable[[Any], Any]) -> Problem:
    """The problem with its first block of a kind changed."""
    place = next(i for i, block in enumerate(problem.blocks) if isinstance(block, kind))
    blocks = list(problem.blocks)
    blocks[place] = change(blocks[place])
    return problem.with_blocks(tuple(blocks))


def first_columns(**changes: Any) -> Problem:
    problem = built()
    return replace(problem, columns=(replace(problem.columns[0], **changes), *problem.columns[1:]))


def other(affine: Affine, **changes: np.ndarray) -> Affine:
    """The same rows from triplets, of which some are changed."""
    triplets = {"row": affine.row, "column": affine.column, "value": affine.value} | changes
    return Affine.of(affine.rows, **triplets)


def affine(**changes: np.ndarray) -> Problem:
    return changed(built(), Step, lambda step: replace(step, affine=other(step.affine, **changes)))


def with_first(array: np.ndarray, value: float) -> np.ndarray:
    copy = array.copy()
    copy.flat[0] = value
    return copy


STEP: Any = next(block for block in built().blocks if isinstance(block, Step))
CONDITIONAL: Any = next(b for b in lowered().blocks if isinstance(b, Linear) and b.condition is not None)
TWO_BY_TWO = np.full((2, 2), 1.0)


def twice() -> Problem:
    row, column = STEP.affine.row.copy(), STEP.affine.column.copy()
    row[1], column[1] = row[0], column[0]
    return affine(row=row, column=column)


BROKEN: dict[str, list[Callable[[], Problem]]] = {
    "columns are numbered one after another": [lambda: first_columns(first=1)],
    "bounds have the shape of their family": [lambda: first_columns(shape=(4,))],
    "lower bounds are at most upper bounds": [
        lambda: first_columns(lower=2 * TWO_BY_TWO),
        lambda: first_columns(lower=np.nan * TWO_BY_TWO, integer=False),
    ],
    "integer columns have whole, finite bounds": [
        lambda: first_columns(lower=-0.5 * TWO_BY_TWO),
        lambda: first_columns(upper=1.5 * TWO_BY_TWO),
        lambda: first_columns(upper=np.inf * TWO_BY_TWO),
    ],
    "names of columns and rows are unique": [
        lambda: first_columns(role=Role.ACTIVATIONS),
        lambda: replace(built(), blocks=(*built().blocks, built().blocks[-1])),
    ],
    "rows of blocks exist": [lambda: affine(row=with_first(STEP.affine.row, STEP.affine.rows))],
    "columns of blocks exist": [
        lambda: affine(column=with_first(STEP.affine.column, built().size)),
        lambda: affine(column=with_first(STEP.affine.column, -1)),
    ],
    "coefficients are finite and not zero": [
        lambda: affine(value=with_first(STEP.affine.value, 0.0)),
        lambda: changed(built(), Linear, lambda b: replace(b, affine=other(b.affine, value=with_first(b.affine.value, np.inf)))),
    ],
    "no row has a column twice": [twice],
    "steps have one row, two masks and a positive threshold": [
        lambda: changed(built(), Step, lambda step: replace(step, threshold=0.0)),
        lambda: changed(built(), Step, lambda step: replace(step, on=step.on[:1])),
        lambda: changed(built(), Step, lambda step: replace(step, affine=replace(step.affine, rows=step.affine.rows + 1))),
    ],
    "possibly on has a column for each row of its step": [
        lambda: changed(built(), Step, lambda step: replace(step, possible=step.activations[:1])),
        lambda: changed(built(), Step, lambda step: replace(step, possible=step.activations + built().size)),
    ],
    "rows of layer 1 have a sample and a group": [
        lambda: replace(built(), samples=built().samples[:1]),
        lambda: replace(built(), samples=built().samples - 1),
        lambda: replace(built(), groups=0 * built().groups),
        lambda: replace(built(), groups=built().groups[::-1].copy()),
    ],
    "the scaling of inputs has a power of two for each feature": [
        lambda: scaled(scale=np.ones(3)),
        lambda: scaled(scale=np.array([1.0, 3.0])),
        lambda: scaled(centre=np.array([0.0, np.nan])),
        lambda: scaled(weights=(0.0, 1.0)),
        lambda: scaled(biases=(-1.0, 0.0)),
        lambda: scaled(shared=True),
    ],
    "products pair each weight with its activation": [
        lambda: changed(built(), Product, lambda p: replace(p, upper=p.upper[:1])),
        lambda: changed(built(), Product, lambda p: replace(p, weights=p.weights[:1])),
    ],
    "margins have the columns of their kind": [
        lambda: changed(robust(), Margin, lambda m: replace(m, theta=m.theta[:, :0])),
        lambda: changed(robust(), Margin, lambda m: replace(m, kind=MarginKind.SUM)),
        lambda: changed(robust(), Margin, lambda m: replace(m, factor=0 * m.factor)),
        lambda: changed(robust(), Margin, lambda m: replace(m, rho=m.rho + robust().size)),
    ],
    "lattice steps are whole multiples of their unit": [
        lambda: changed(built(), Step, lambda step: replace(step, unit=Fraction(2, 3)))
    ],
    "row families name every row": [lambda: changed(built(), Linear, lambda b: replace(b, families=b.families[:1]))],
    "conditions are values of binary columns": [
        lambda: conditional(condition=np.zeros_like(CONDITIONAL.condition)),  # W1_0_0 may be −1
        lambda: conditional(condition_value=np.full_like(CONDITIONAL.condition_value, 2)),
        lambda: conditional(condition=CONDITIONAL.condition[:-1]),
        lambda: conditional(condition_value=None),
    ],
}


def robust() -> Problem:
    return build(network_spec((2,)), None, dataset([[2, -1], [0, 3]], [0, 1]), delta=BudgetedSet((Fraction(1, 2),) * 2))


def scaled(**changes: Any) -> Problem:
    input_scaling = InputScaling(np.array([1.0, 2.0]), np.array([0.5, 0.0]), (-1.0, 1.0), (-2.0, 2.0), shared=False)
    verify(replace(built(), input_scaling=input_scaling))
    return replace(built(), input_scaling=replace(input_scaling, **changes))


def conditional(**changes: Any) -> Problem:
    """The first block of conditional rows changed."""
    problem = lowered()
    place = next(i for i, b in enumerate(problem.blocks) if isinstance(b, Linear) and b.condition is not None)
    blocks = list(problem.blocks)
    blocks[place] = replace(CONDITIONAL, **changes)
    return problem.with_blocks(tuple(blocks))


def test_every_invariant_has_a_problem_that_breaks_it() -> None:
    assert list(BROKEN) == [name for name, _ in INVARIANTS]


def test_sound_problems_are_silent() -> None:
    verify(built())
    verify(lowered())


@pytest.mark.parametrize(
    ("name", "make"),
    [pytest.param(name, make, id=f"{name} {i}") for name, makes in BROKEN.items() for i, make in enumerate(makes)],
)
def test_a_broken_invariant_is_named(name: str, make: Callable[[], Problem]) -> None:
    with pytest.raises(InternalError) as caught:
        verify(make())
    assert str(caught.value) == f"invalid problem: {name}"
