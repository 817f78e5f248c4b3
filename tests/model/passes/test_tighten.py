"""The step threshold of a layer on no lattice follows its tightened constants, unless the user has set it."""

from __future__ import annotations

import pytest
from problems import SIGNS, dataset, network_spec

from bdnnlang.language.spec import Interval
from bdnnlang.model import passes
from bdnnlang.model.activity_bounds import row_constants
from bdnnlang.model.build import build
from bdnnlang.model.passes.tighten_bounds import TightenBounds

DATA = dataset([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 0])
REALS = Interval(-1.0, 1.0)


def thresholds(width: int, margin: float | None = None, factor: float = 1.0, without: tuple[str, ...] = ()) -> list[float]:
    """Of the output layer, as built and after the passes of `tight`."""
    built = build(network_spec((width,), REALS), None, DATA, margin=margin, margin_factor=factor)
    problem = passes.lower(built, passes.pipeline("tight", implications=False, without=without).forms)
    steps = [one.step(2) for one in (built, problem)]
    return [step.threshold for step in steps if step is not None]


@pytest.mark.parametrize("factor", [1.0, 10.0])
def test_the_threshold_of_a_deeper_layer_is_what_its_constants_ask_for(factor: float) -> None:
    """Eight products of at most 1 and a bias that matters up to −8: M = 8, below 10; with thirty it is 30."""
    assert thresholds(8, factor=factor) == pytest.approx([1.7e-4 * factor, 1e-4 * factor])
    assert thresholds(30, factor=factor) == pytest.approx([6.1e-4 * factor, 3e-4 * factor], rel=1e-3)


def test_it_is_never_below_what_the_rows_can_tell() -> None:
    problem = passes.lower(build(network_spec((30,), REALS), None, DATA), passes.TIGHT_FORMS)
    step = problem.step(2)
    assert step is not None
    assert step.threshold >= 1e-5 * row_constants(problem, step).max() * (1 - 1e-9)


def test_a_margin_that_is_asked_for_stays() -> None:
    assert thresholds(30, margin=0.002) == [0.002, 0.002]
    assert thresholds(8, without=("tighten_bounds",)) == pytest.approx([1.7e-4, 1.7e-4])


def test_on_a_lattice_there_is_no_gap_to_narrow() -> None:
    built = build(network_spec((30,), SIGNS), None, DATA)
    before, after = built.step(2), TightenBounds()(built).step(2)
    assert before is not None
    assert after is not None
    assert before.threshold == after.threshold
