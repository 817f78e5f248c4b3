"""Every pass as two texts: a small problem as `show` prints it, and what the pass makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from problems import SIGNS, dataset

from bdnnlang.ir.blocks import Problem, Product, Step
from bdnnlang.ir.build import build
from bdnnlang.ir.delta import Delta
from bdnnlang.ir.show import show
from bdnnlang.ir.verify import verify
from bdnnlang.passes import PAPER, PAPER_IMPLICATIONS, Pass, name
from bdnnlang.spec.types import Interval, LayerSpec, NetworkSpec, Values, WeightDomain

FOLDER = Path(__file__).parent / "fixtures"
PASSES: dict[str, Pass] = {name(one): one for one in (*PAPER, *PAPER_IMPLICATIONS)}
ARROW = "\n==>\n\n"


def problem(first: WeightDomain, second: WeightDomain, *, unit: float = 1.0, delta: Delta | None = None) -> Problem:
    """Two samples of two features, one of them 0, and a layer of two neurons; every mask has a gap somewhere."""
    data = dataset([[round(v * unit, 1) for v in row] for row in ((2, -1), (0, 3))], [0, 1])
    layers = (LayerSpec(2, first), LayerSpec(None, second, Interval(-1.5, 2.0)))
    built = build(NetworkSpec(layers), None, data, delta=delta)
    return built.with_blocks(tuple(_with_gaps(block) for block in built.blocks))


def _with_gaps(block: object) -> object:
    match block:
        case Step(layer=1):
            return replace(block, on=np.array([[True, False], [True, True]]), off=np.array([[True, True], [False, True]]))
        case Product():
            return replace(block, upper=np.array([[True], [False]]))
    return block


HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)
INPUTS: dict[str, Callable[[], Problem]] = {
    "margins_to_rows": lambda: problem(SIGNS, SIGNS, delta=Delta("budget", (HALF, HALF), 1)),
    "lattice_gap": lambda: problem(Values((-0.5, 0.0, 1.0)), SIGNS, unit=0.1),
    "products_to_rows": lambda: problem(SIGNS, Interval(-1.0, 0.5)),
    "products_to_implications": lambda: problem(SIGNS, SIGNS),
    "steps_to_big_m": lambda: problem(Interval(-1.0, 1.0), Interval(0.0, 0.5)),
    "steps_to_implications": lambda: problem(SIGNS, Interval(-1.0, 1.0)),
}


ROBUST: dict[str, tuple[str, Callable[[], Problem]]] = {
    "robust_sum": ("margins_to_rows", lambda: problem(Interval(-1.0, 1.0), SIGNS, delta=Delta("box", (HALF, QUARTER)))),
    "robust_max": ("margins_to_rows", lambda: problem(Interval(-1.0, 1.0), SIGNS, delta=Delta("l1", (HALF, HALF)))),
    "robust_part": ("steps_to_big_m", lambda: problem(SIGNS, SIGNS, delta=Delta("box", (HALF, HALF), 1, (-HALF, 5 * HALF)))),
    "robust_lattice": ("lattice_gap", lambda: problem(SIGNS, SIGNS, unit=0.1, delta=Delta("box", (QUARTER, HALF)))),
}


@pytest.mark.parametrize("which", sorted(ROBUST))
def test_pass_makes_of_robust_rows_what_its_fixture_says(which: str, golden: Callable[[Path, str], None]) -> None:
    one, make = ROBUST[which]
    before = make()
    after = PASSES[one](before)
    verify(after)
    golden(FOLDER / f"{which}.txt", show(before) + ARROW + show(after))


@pytest.mark.parametrize("which", sorted(PASSES))
def test_pass_makes_what_its_fixture_says(which: str, golden: Callable[[Path, str], None]) -> None:
    before = INPUTS[which]()
    after = PASSES[which](before)
    verify(after)
    golden(FOLDER / f"{which}.txt", show(before) + ARROW + show(after))


def test_no_fixture_is_missing_or_unused() -> None:
    assert set(INPUTS) == set(PASSES)
    assert {path.name for path in FOLDER.iterdir()} == {f"{which}.txt" for which in (*PASSES, *ROBUST)}


@pytest.mark.parametrize("which", sorted(PASSES))
def test_passes_append_only(which: str) -> None:
    """Nothing is renumbered, and a pass that is run again finds nothing left to do."""
    before = INPUTS[which]()
    after = PASSES[which](before)
    assert after.columns[: len(before.columns)] == before.columns
    assert show(PASSES[which](after)) == show(after)
    assert (after.cost_column is before.cost_column, after.offset) == (True, before.offset)


def test_lattice_gap_leaves_steps_on_no_lattice_alone() -> None:
    before = problem(Interval(-1.0, 1.0), SIGNS)
    steps = [(a, b) for a, b in zip(before.blocks, PASSES["lattice_gap"](before).blocks, strict=True) if isinstance(a, Step)]
    assert [a is b for a, b in steps] == [True, False]
    assert steps[1][1].unit == Fraction(1)
