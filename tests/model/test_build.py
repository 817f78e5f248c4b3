"""What `build` decides: columns, boxes, units, margins; and that what it prints is what it means."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from problems import SIGNS, dataset, network_spec

from bdnnlang.diagnostics import InternalError
from bdnnlang.language.spec import Integers, Interval, Thresholds, Values, WeightDomain
from bdnnlang.model.blocks import Problem, Role, Step
from bdnnlang.model.build import LEAST_MARGIN, MARGIN_PER_M, build, lattice_unit
from bdnnlang.model.passes import PAPER, PAPER_IMPLICATIONS, TIGHT, TIGHT_IMPLICATIONS, lower, names, pipeline
from bdnnlang.model.stack import stack
from bdnnlang.model.text import show, show_milp
from bdnnlang.problem.outputs import default_loss, output_width

DATA = dataset([[2.0, -1.0], [0.0, 3.0]], [0, 1])
TENTHS = dataset([[0.2, -0.1], [0.0, 0.3]], [0, 1])
REALS = Interval(-1.0, 1.0)


def steps(problem: Problem) -> list[Step]:
    return [block for block in problem.blocks if isinstance(block, Step)]


@pytest.mark.parametrize(
    ("weights", "biases", "tenths", "unit"),
    [
        (SIGNS, None, False, Fraction(1)),
        (SIGNS, None, True, Fraction(1, 10)),
        (Values((-0.5, 0.0, 0.5)), None, False, Fraction(1, 2)),
        (Values((-0.5, 0.0, 0.5)), None, True, Fraction(1, 20)),
        (SIGNS, Interval(-2.0, 2.0), True, Fraction(1, 10)),
        (SIGNS, Integers(-3, 3), True, Fraction(1, 10)),
        (SIGNS, Values((-0.25, 0.5)), True, Fraction(1, 20)),
        (REALS, None, False, None),
        (REALS, Integers(-3, 3), False, None),
    ],
)
def test_the_unit_of_a_layer(weights: WeightDomain, biases: WeightDomain | None, tenths: bool, unit: Fraction | None) -> None:
    problem = build(network_spec((), weights, biases), None, TENTHS if tenths else DATA)
    assert [step.unit for step in steps(problem)] == [unit]


def test_without_a_lattice_in_the_data_only_deeper_layers_have_one() -> None:
    data = dataset([[1.0, 0.123456789], [1e6, 0.3]], [0, 1])
    assert data.lattice is None
    assert [step.unit for step in steps(build(network_spec((2,), SIGNS), None, data))] == [None, Fraction(1)]


@pytest.mark.parametrize(("scale", "threshold"), [(1.0, LEAST_MARGIN), (1000.0, None)])
def test_the_margin_grows_with_what_a_row_can_reach(scale: float, threshold: float | None) -> None:
    data = dataset([[2.0 * scale, -1.0 * scale], [0.0, 3.0 * scale]], [0, 1])
    (step,) = steps(build(network_spec((), REALS), None, data))
    reach = 3 * scale + 3 * scale + max(1.0, 3 * scale * 1e-3)  # weights, and the default bias that goes beyond them
    assert step.threshold == pytest.approx(threshold or MARGIN_PER_M * reach)
    (wider,) = steps(build(network_spec((), REALS), None, data, margin_factor=10.0))
    assert wider.threshold == pytest.approx(10 * step.threshold)


def test_the_margin_on_a_lattice_never_leaves_a_network_out() -> None:
    (step,) = steps(build(network_spec((), SIGNS), None, TENTHS, margin_factor=1e9))
    assert step.threshold == 0.1


@pytest.mark.parametrize(
    ("interval", "lower", "upper", "least"),
    [
        (Interval(-0.5, 0.5), -1, 0, -0.5),
        (Interval(-2.0, 2.0), -2, 2, -2.0),
        (Interval(0.25, 0.75), 0, 0, 0.25),
        (Interval(-1.75, 3.5), -2, 3, -1.75),
    ],
)
def test_biases_of_an_interval_on_a_lattice(interval: Interval, lower: int, upper: int, least: float) -> None:
    biases = build(network_spec((), SIGNS, interval), None, DATA).biases(1)
    assert (biases.integer, biases.lower.tolist(), biases.upper.tolist()) == (True, [lower], [upper])
    assert biases.decode(biases.lower).tolist() == [least]
    assert interval.lower <= biases.decode(biases.upper)[0] <= interval.upper


def test_whole_columns_mean_exact_decimals() -> None:
    weights = build(network_spec((), Values((0.1, 0.2, 0.3))), None, DATA).weights(1)
    assert weights.decode(np.array([1.0, 2.0, 3.0])).tolist() == [0.1, 0.2, 0.3]
    assert weights.points is None


@pytest.mark.parametrize(
    ("values", "points"),
    [((-2.0, 1.0), [-2, 1]), ((-2.0, 0.0, 1.0), [-2, 0, 1]), ((-1.0, 1.0), [-1, 1]), ((-0.5, 1.5), [-1, 3])],
)
def test_gappy_domains_have_choice_columns(values: tuple[float, ...], points: list[int]) -> None:
    problem = build(network_spec((), Values(values)), None, DATA)
    found = problem.weights(1).points
    assert found is not None
    assert found.tolist() == points
    assert problem.find(Role.WEIGHT_CHOICES, 1).shape == (1, 2, len(points))


@pytest.mark.parametrize(("thresholds", "shape"), [("per_neuron", (3,)), ("per_layer", (1,)), ("zero", None)])
def test_biases_by_threshold_kind(thresholds: Thresholds, shape: tuple[int, ...] | None) -> None:
    problem = build(network_spec((3,), SIGNS, thresholds=thresholds), None, DATA)
    assert (biases.shape if (biases := problem.biases(1)) is not None else None) == shape


@pytest.mark.parametrize(
    ("values", "unit"),
    [((0.0,), 1), ((2.0, 4.0), 2), ((-0.5, 0.75), Fraction(1, 4)), ((0.1, 0.25), Fraction(1, 20)), ((-3.0, 0.0), 3)],
)
def test_lattice_unit(values: tuple[float, ...], unit: Fraction | int) -> None:
    assert lattice_unit(values) == unit


def test_outputs_and_losses_by_default() -> None:
    assert [output_width(network_spec(encoding=e), 2) for e in ("auto", "single", "one_hot")] == [1, 1, 2]  # type: ignore[arg-type]
    assert output_width(network_spec(), 3) == 3
    assert (default_loss(None, 1), default_loss(None, 3), default_loss("pattern", 1)) == ("zero_one", "hamming", "pattern")


# ---- groups


def test_samples_of_a_group_share_columns_and_weigh_together() -> None:
    data = dataset([[1.0], [1.5], [2.0], [9.0]], [1, 0, 1, 1])
    problem = build(network_spec((2,), SIGNS), None, data, groups=np.array([1, 1, 1, 0]))
    assert problem.activations(1).shape == (2, 2)
    assert problem.activations(2).shape == (2, 1)
    assert steps(problem)[0].activations.shape == (4, 2)
    assert problem.cost_column.tolist() == [*problem.activations(2).index.ravel(), problem.activations(2).index[1, 0]]
    assert problem.cost_value.tolist() == [-1.0, -2.0, 1.0]  # of the three, two with label 1 and one with 0
    assert problem.offset == 3


def test_errors_of_a_group_are_counted_by_label() -> None:
    data = dataset([[1.0], [1.5], [2.0], [9.0]], [2, 0, 2, 1], 3)
    problem = build(network_spec((), SIGNS), "pattern", data, groups=np.array([0, 0, 0, 1]))
    assert problem.find(Role.ERRORS, 0).shape == (3,)
    assert problem.cost_value.tolist() == [1.0, 2.0, 1.0]


# ---- pipelines and text


def test_pipelines_by_name() -> None:
    assert pipeline("paper", implications=False).passes == PAPER
    assert pipeline("paper", implications=True).passes == PAPER_IMPLICATIONS
    assert pipeline("tight", implications=False).passes == TIGHT
    assert pipeline("tight", implications=True).passes == TIGHT_IMPLICATIONS
    assert names("paper") == (
        "fix_output",
        "products_to_rows",
        "margins_to_rows",
        "steps_to_big_m",
        "lattice_gap",
        "products_to_implications",
        "steps_to_implications",
    )


def test_a_forgotten_pass_is_our_mistake() -> None:
    with pytest.raises(InternalError, match="a pass is missing"):
        stack(lower(build(network_spec((2,)), None, DATA), PAPER[2:]))


def test_show_leaves_out_what_is_beyond_the_limit_and_says_so() -> None:
    problem = build(network_spec((2,), SIGNS), None, DATA)
    short = show(problem, 1)
    assert "  … 3 more" in short.splitlines()
    assert "…" not in show(problem)
    assert len(show(problem).splitlines()) > len(short.splitlines())


def test_a_stacked_problem_prints_its_rows_and_conditions() -> None:
    text = show_milp(stack(lower(build(network_spec((), SIGNS), None, DATA), PAPER_IMPLICATIONS)))
    assert (
        text
        == """\
minimise
  u1_0_0 - u1_1_0 + 1
columns 5
  -1 <= W1_0_0 <= 1 integer
  -1 <= W1_0_1 <= 1 integer
  -4 <= b1_0 <= 4 integer
  0 <= u1_0_0 <= 1 integer
  0 <= u1_1_0 <= 1 integer
rows 4, nonzeros 10
  on1_0_0: u1_0_0 = 1 => 2 W1_0_0 - W1_0_1 + b1_0 >= 0
  on1_1_0: u1_1_0 = 1 => 3 W1_0_1 + b1_0 >= 0
  off1_0_0: u1_0_0 = 0 => 2 W1_0_0 - W1_0_1 + b1_0 <= -1
  off1_1_0: u1_1_0 = 0 => 3 W1_0_1 + b1_0 <= -1
"""
    )
    assert "  … 3 more" in show_milp(stack(lower(build(network_spec((), SIGNS), None, DATA), PAPER)), 1).splitlines()
