"""Every pass as two texts: a small problem as `show` prints it, and what the pass makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from problems import SIGNS, dataset

from bdnnlang.diagnostics import InternalError
from bdnnlang.language.spec import Integers, Interval, LayerSpec, NetworkSpec, Thresholds, Values, WeightDomain
from bdnnlang.model.blocks import Problem, Product, Step
from bdnnlang.model.build import build
from bdnnlang.model.passes import PAPER, PAPER_IMPLICATIONS, TIGHT, Pass, lower, name
from bdnnlang.model.text import show
from bdnnlang.model.verify import verify
from bdnnlang.network.loss_words import Loss
from bdnnlang.problem.perturbation import BoxSet, BudgetedSet, L1Set, PerturbationSet

FOLDER = Path(__file__).parent / "fixtures"
PASSES: dict[str, Pass] = {name(one): one for one in (*TIGHT, *PAPER, *PAPER_IMPLICATIONS)}
BOXES = ("unit_rows", "orient_neurons", "fix_output", "tighten_bounds", "polarity")  # passes that narrow columns
AGAIN = ("order_neurons",)  # its rows name themselves: `verify` refuses a second set, so nothing can run it twice unseen
ARROW = "\n==>\n\n"


def problem(first: WeightDomain, second: WeightDomain, *, unit: float = 1.0, delta: PerturbationSet | None = None) -> Problem:
    """Two samples of two features, one of them 0, and a layer of two neurons; every mask has a gap somewhere."""
    data = dataset([[round(v * unit, 1) for v in row] for row in ((2, -1), (0, 3))], [0, 1])
    layers = (LayerSpec(2, first), LayerSpec(None, second, Interval(-1.5, 2.0)))
    built = build(NetworkSpec(layers), None, data, delta=delta)
    return built.with_blocks(tuple(_with_gaps(block) for block in built.blocks))


def after(which: tuple[str, ...], before: Problem) -> Problem:
    return lower(before, tuple(PASSES[one] for one in which))


def whole(*widths: int, weights: WeightDomain = SIGNS, loss: Loss | None = None, classes: int = 2) -> Problem:
    """One sample of each class and hidden layers of these widths, as built."""
    rows = [[2.0, -1.0], [0.0, 3.0], [1.0, 1.0]][:classes]
    data = dataset(rows, list(range(classes)), classes)
    layers = tuple(LayerSpec(width, weights) for width in (*widths, None))
    return build(NetworkSpec(layers), loss, data)


def offset(*hidden: int, delta: PerturbationSet | None = None, thresholds: Thresholds = "per_neuron") -> Problem:
    """Two features of different size, one of them far from 0, and neurons with a box of their own."""
    data = dataset([[100.0, -1.0], [104.0, 3.0]], [0, 1])
    layers = tuple(LayerSpec(width, Interval(-0.5, 2.0)) for width in (*hidden, None))
    return build(NetworkSpec(layers, thresholds), None, data, delta=delta)


def _with_gaps(block: object) -> object:
    match block:
        case Step(layer=1):
            return replace(block, on=np.array([[True, False], [True, True]]), off=np.array([[True, True], [False, True]]))
        case Product():
            return replace(block, upper=np.array([[True], [False]]))
    return block


HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)
INPUTS: dict[str, Callable[[], Problem]] = {
    "margins_to_rows": lambda: problem(SIGNS, SIGNS, delta=BudgetedSet((HALF, HALF), gamma=1)),
    "lattice_gap": lambda: problem(Values((-0.5, 0.0, 1.0)), SIGNS, unit=0.1),
    "products_to_rows": lambda: problem(SIGNS, Interval(-1.0, 0.5)),
    "products_to_implications": lambda: problem(SIGNS, SIGNS),
    "steps_to_big_m": lambda: problem(Interval(-1.0, 1.0), Interval(0.0, 0.5)),
    "steps_to_implications": lambda: problem(SIGNS, Interval(-1.0, 1.0)),
    "error_bits": lambda: whole(1),
    "fix_output": lambda: problem(Interval(-1.0, 1.0), Integers(1, 1)),
    "unit_rows": offset,
    "orient_neurons": lambda: whole(1),
    "tighten_bounds": lambda: after(("orient_neurons",), whole(2, weights=Interval(-1.0, 1.0))),
    "polarity": lambda: after(("error_bits", "orient_neurons"), whole(2)),
    "order_neurons": lambda: whole(3, loss="pattern", classes=3),
}


MORE: dict[str, tuple[str, Callable[[], Problem]]] = {
    "error_bits_hamming": ("error_bits", lambda: whole(1, classes=3)),
    "error_bits_pattern": ("error_bits", lambda: whole(1, classes=3, loss="pattern")),
    "error_bits_zero_one": ("error_bits", lambda: whole(1, classes=3, loss="zero_one")),
    "polarity_three": ("polarity", lambda: after(("error_bits",), whole(1, classes=3, loss="zero_one"))),
    "polarity_deep": ("polarity", lambda: after(("error_bits", "orient_neurons"), whole(1, 2))),
    "polarity_positive": ("polarity", lambda: after(("error_bits",), whole(1, 2, weights=Integers(0, 2)))),
    "order_alike": ("order_neurons", lambda: after(("fix_output",), problem(Interval(-1.0, 1.0), Integers(1, 1)))),
    "polarity_fixed": ("polarity", lambda: after(("error_bits", "fix_output"), problem(SIGNS, Integers(1, 1)))),
    "order_deep": ("order_neurons", lambda: whole(2, 2)),
    "unit_rows_shared": ("unit_rows", lambda: offset(2, thresholds="per_layer")),
    "unit_rows_sum": ("unit_rows", lambda: offset(delta=BoxSet((HALF, QUARTER)))),
    "unit_rows_part": (
        "unit_rows",
        lambda: offset(delta=BoxSet((HALF, QUARTER), (Fraction(-1), Fraction(104)))),
    ),
}
ROBUST: dict[str, tuple[str, Callable[[], Problem]]] = {
    "robust_sum": ("margins_to_rows", lambda: problem(Interval(-1.0, 1.0), SIGNS, delta=BoxSet((HALF, QUARTER)))),
    "robust_max": ("margins_to_rows", lambda: problem(Interval(-1.0, 1.0), SIGNS, delta=L1Set((HALF, HALF)))),
    "robust_part": (
        "steps_to_big_m",
        lambda: problem(SIGNS, SIGNS, delta=BoxSet((HALF, HALF), (-HALF, 5 * HALF))),
    ),
    "robust_lattice": ("lattice_gap", lambda: problem(SIGNS, SIGNS, unit=0.1, delta=BoxSet((QUARTER, HALF)))),
}


ALL: dict[str, tuple[str, Callable[[], Problem]]] = {which: (which, make) for which, make in INPUTS.items()} | MORE | ROBUST


@pytest.mark.parametrize("which", sorted(ALL))
def test_pass_makes_what_its_fixture_says(which: str, golden: Callable[[Path, str], None]) -> None:
    one, make = ALL[which]
    before = make()
    made = PASSES[one](before)
    verify(before)
    verify(made)
    golden(FOLDER / f"{which}.txt", show(before) + ARROW + show(made))


def test_no_fixture_is_missing_or_unused() -> None:
    assert set(INPUTS) == set(PASSES)
    assert {path.name for path in FOLDER.iterdir()} == {f"{which}.txt" for which in ALL}


@pytest.mark.parametrize("which", sorted(ALL))
def test_passes_append_only(which: str) -> None:
    """Nothing is renumbered, and a pass that is run again finds nothing left to do."""
    one, make = ALL[which]
    before = make()
    made = PASSES[one](before)
    if one in BOXES:
        kept = [(c.name, c.first, c.shape, c.integer, c.unit) for c in before.columns]
        assert [(c.name, c.first, c.shape, c.integer, c.unit) for c in made.columns[: len(kept)]] == kept
    else:
        assert made.columns[: len(before.columns)] == before.columns
    if one not in AGAIN:
        assert show(PASSES[one](made)) == show(made)
    else:
        with pytest.raises(InternalError, match="names of columns and rows are unique"):
            verify(PASSES[one](made))
    assert (made.cost_column is before.cost_column, made.offset) == (True, before.offset)


@pytest.mark.parametrize("which", sorted(which for which, (one, _) in ALL.items() if one in BOXES and one != "unit_rows"))
def test_boxes_only_narrow(which: str) -> None:
    """Those of unit rows stand for other quantities."""
    one, make = ALL[which]
    before = make()
    for old, new in zip(before.columns, PASSES[one](before).columns, strict=False):
        assert (old.lower <= new.lower).all()
        assert (new.upper <= old.upper).all()


def test_lattice_gap_leaves_steps_on_no_lattice_alone() -> None:
    before = problem(Interval(-1.0, 1.0), SIGNS)
    steps = [(a, b) for a, b in zip(before.blocks, PASSES["lattice_gap"](before).blocks, strict=True) if isinstance(a, Step)]
    assert [a is b for a, b in steps] == [True, False]
    assert steps[1][1].unit == Fraction(1)
