"""Exact: what it takes, and that integer networks have their optimum."""

from __future__ import annotations

import numpy as np
import pytest
from milps import INF, make, random_mixed

import bdnnlang as bd
from bdnnlang import solve
from bdnnlang.model.milp import Milp
from bdnnlang.solve.outcome import Limits, OptionRefusedError, Status

pytestmark = pytest.mark.skipif(not solve.available("exact"), reason="exact is not installed: pip install exact")
SPEC = """
bdnn 1
data iris { classes = ["versicolor", "virginica"], scale none }
network { weights in {-1, 0, 1}, hidden 1 }
train { solver = exact, exact 60s }
"""


def test_a_network_is_proved_optimal() -> None:
    """Plain rows of whole numbers, as in its OPB file: conditional rows it takes none."""
    result = bd.train(SPEC)
    assert (result.status.value, result.loss, result.bound) == ("optimal", 3, 3)


@pytest.mark.parametrize("change", ["formulation = paper", "without = [lattice_gap]"])
def test_rows_in_fractions_are_refused_by_name(change: str) -> None:
    with pytest.raises(bd.SpecError, match="not divided by the unit of the data") as caught:
        bd.train(SPEC.replace("solver = exact", f"solver = exact, {change}"))
    assert [one.code for one in caught.value.diagnostics] == ["E207"]


def run(milp: Milp, limits: Limits) -> solve.Outcome:
    return solve.solve("exact", milp, limits, None, on_event=lambda event: None, stop=lambda: False)


def test_it_counts_in_whole_numbers_only() -> None:
    for milp, why in (
        (random_mixed(0), "integer columns"),
        (make([[1]], [0], [1], [1], [0], [INF]), "finite bounds"),
        (make([[0.25]], [0], [1], [1], [0], [1]), "integral coefficients"),
    ):
        assert why in str(solve.refusal("exact", milp))


def test_bounded_integers_and_fractions_in_costs() -> None:
    milp = make([[2, 1, -1], [1, 1, 1]], [-INF, 2], [4, 3], [1, 0.25, -0.5], [-3, 2, 0], [2, 2, 6], offset=1.5)
    outcome = run(milp, Limits(seconds=20))
    assert (outcome.status, outcome.objective, outcome.bound) == (Status.OPTIMAL, -3.0, -3.0)
    np.testing.assert_array_equal(outcome.x, [-3, 2, 4])


def test_its_own_parameters() -> None:
    milp = make([[1]], [1], [INF], [1], [0], [3])
    assert run(milp, Limits(seconds=20, options=(("inp_probing", False),))).objective == 1
    for name, value in (("no_such", 1), ("luby_base", 0), ("verbosity", 2)):
        with pytest.raises(OptionRefusedError) as caught:
            run(milp, Limits(options=((name, value),)))
        assert caught.value.option == name
