"""Encode and decode over every pipeline and all domains: the point of a network, and the network of that point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pytest
from examples import examples
from forms import PARTS, WHOLE, Form
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from oracle import plain_activations, row_loss
from perturbed import corners, deltas, keeps_pattern, moved, plain_pairs, worst_row
from problems import CONTINUOUS, FINITE, Case, cases, dataset, network_spec, plain, plain_rows

from bdnnlang.arrays import Ints
from bdnnlang.language.spec import Integers, Interval, Penalty, Values, WeightDomain
from bdnnlang.model.build import build
from bdnnlang.model.model import Model
from bdnnlang.model.passes import Pipeline
from bdnnlang.model.verify import verify
from bdnnlang.network.exact import outputs
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.costs import PLAIN, Costs
from bdnnlang.problem.perturbation import BoxSet, PerturbationSet

NEAR = Fraction(1, 50)  # more than every step threshold of these problems
TINY = 1e-9  # what real weights that are scaled, or biases that are cut off, leave of a sum of 0
ALL_FORMS = (*WHOLE, *PARTS)


@dataclass(frozen=True)
class Asked:
    """A network and all that a model may be asked of it."""

    case: Case
    costs: Costs = PLAIN
    delta: PerturbationSet | None = None
    certified: bool = False
    tied: bool = False  # samples whose first-layer activations agree share them

    @property
    def rows(self) -> list[list[Fraction]]:
        return plain_rows(self.case.data)

    @property
    def groups(self) -> Ints | None:
        if not self.tied:
            return None
        layers = plain(self.case.network)
        delta = self.delta if self.certified else None
        first = [str(plain_pairs(layers, delta, r)[0] if delta else plain_activations(layers, r)[0]) for r in self.rows]
        return np.unique(first, return_inverse=True)[1].reshape(-1)

    def model(self, form: Form) -> Model:
        case = self.case
        built = build(
            case.network_spec,
            case.loss,
            case.data,
            costs=self.costs,
            delta=self.delta,
            certified=self.certified,
            groups=self.groups,
            merge_samples=form.merge_samples,
        )
        return form.model(built, case.data.train)

    @property
    def loss(self) -> Fraction:
        """The network's own, by the oracle: under `certified` that which no change within the set exceeds."""
        layers, total = plain(self.case.network), Fraction(0)
        prices = self.costs.classes or [Fraction(1)] * 3
        for row, y in zip(self.rows, self.case.data.train.y.tolist(), strict=True):
            worst = self.certified and self.delta is not None
            bits = worst_row(plain_pairs(layers, self.delta, row)[-1], y) if worst else plain_activations(layers, row)[-1]  # type: ignore[arg-type]
            total += prices[y] * row_loss(bits, y, self.case.true_loss, len(bits))
        return total

    @property
    def has_squares(self) -> bool:
        return any(penalty.kind == "l2" for penalty in self.costs.penalties)

    @property
    def fits(self) -> bool:
        """Does the margin of every model allow the network? No neuron comes near 0 from below, nor wavers under `pattern`."""
        layers = plain(self.case.network)
        if (
            self.delta is not None
            and not self.certified
            and not all(all(keeps_pattern(layers, self.delta, r)) for r in self.rows)
        ):
            return False
        return all(a >= 0 or a <= -NEAR for row in self.rows for a in self.sums(self.case.network, row))

    def sums(self, network: Network, row: Sequence[Fraction]) -> list[Fraction]:
        """First-layer pre-activations of a sample and of what it may become."""
        weights, biases = plain(network)[0]
        there = [row, *(moved(row, change) for change in (corners(self.delta, row) if self.delta else []))]
        return [sum(w * v for w, v in zip(ws, x, strict=True)) + b for ws, b in zip(weights, biases, strict=True) for x in there]


SYMMETRIC = (Integers(-1, 1), Integers(-2, 2), Values((-0.5, 0.0, 0.5)), Interval(-1.0, 1.0))
WIDE = (None, Values(tuple(n / 2 for n in range(-60, 61))), Interval(-60.0, 60.0))
free_neurons = cases(SYMMETRIC, WIDE, ("per_neuron",), 2, ("auto",))  # that may be negated, and scaled where they are real


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    case = draw(cases() | free_neurons)
    factors = st.sampled_from([0.25, 1.0, 0.3, 2.0])
    kinds = draw(st.lists(st.sampled_from(["l1", "l2", "sparsity"]), max_size=2, unique=True))
    classes = len(case.data.classes)
    prices = draw(st.none() | st.lists(factors.map(lambda f: Fraction(str(f))), min_size=classes, max_size=classes).map(tuple))
    costs = draw(st.sampled_from([PLAIN, Costs(prices, tuple(Penalty(kind, draw(factors)) for kind in kinds))]))
    delta = draw(st.none() | deltas(case.data.train.x.shape[1]).filter(lambda d: any(d.radius)))
    return Asked(case, costs, delta, certified=delta is not None and draw(st.booleans()), tied=draw(st.booleans()))


def one_hidden(weights: WeightDomain, biases: WeightDomain, rows: Sequence[Sequence[float]], *values: float) -> Asked:
    """One hidden neuron w, b and an output v, c."""
    w, b, v, c = values
    layers = (Layer(np.full((1, len(rows[0])), w), np.array([b])), Layer(np.array([[v]]), np.array([c])))
    data = dataset(rows, [n % 2 for n in range(len(rows))])
    return Asked(Case(network_spec((1,), weights, biases), None, data, Network(layers)))


WAVERS = replace(
    one_hidden(Integers(-1, 1), None, [[0.0], [1.0]], 1.0, 0.0, -1.0, 0.0),
    delta=BoxSet((Fraction(1, 2),)),
    certified=True,
)
WIDE_GAPS = Values((-60.0, -1.5, 1.0, 60.0))  # cut off where a neuron is constant, the next member stays


@pytest.mark.parametrize("form", ALL_FORMS, ids=str)
@given(asked=asked())
@example(asked=one_hidden(Integers(-3, 3), Integers(-20, 20), [[0.1], [0.0]], 1.0, 0.0, -1.0, 0.0))
@example(asked=one_hidden(Integers(-3, 3), Integers(-20, 20), [[-0.1], [0.0]], 1.0, 0.0, -1.0, 0.0))
@example(asked=one_hidden(Values((-0.5, 0.0, 0.5)), Integers(-20, 20), [[1.0], [0.0]], 0.5, 0.0, -0.5, 0.0))
@example(asked=one_hidden(Integers(-1, 1), WIDE_GAPS, [[1.0], [0.0]], 1.0, 60.0, 1.0, -60.0))
@example(asked=one_hidden(Integers(-1, 1), None, [[1.0], [0.0]], 1.0, -1.0, -1.0, 0.0))
@example(asked=one_hidden(Interval(-1.0, 1.0), None, [[1.0], [0.0]], 1.0, -1.0, -1.0, 0.0))
@example(asked=one_hidden(Interval(-1.0, 1.0), None, [[100.0], [104.0]], 1.0, -102.0, 1.0, -1.0))
@example(asked=WAVERS)
@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_the_point_of_a_network_is_that_network(form: Form, asked: Asked) -> None:
    """Encoded and decoded, a network computes the same outputs; its point satisfies every row, with its own objective.

    Where the margin of the model does not allow a network, `start` says so, or the rows are satisfied all the same.
    """
    model, network, train = asked.model(form), asked.case.network, asked.case.data.train
    point = model.encode(network)
    start = model.start(network)
    assert start is not None or not asked.fits, model.milp.violation(point)
    decoded = model.decode(point)
    penalty, own = asked.costs.penalty(decoded), asked.costs.penalty(network)
    assert penalty == own or (penalty < own and asked.has_squares)  # a bias that only made a neuron constant was cut off
    if start is not None:
        assert float(model.problem.unit) * model.milp.objective(start) == pytest.approx(float(asked.loss + penalty), abs=1e-9)
    if asked.fits:
        clear = np.array([all(a == 0 or abs(a) > TINY for a in asked.sums(decoded, row)) for row in asked.rows])
        assert np.array_equal(outputs(decoded, train)[clear], outputs(network, train)[clear])


@given(asked=asked(), form=st.sampled_from(ALL_FORMS))
@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_every_pass_takes_points_to_points(asked: Asked, form: Form) -> None:
    """After each pass the problem is valid, no column is renumbered, and the point of the network satisfies the rows so far."""
    line, network, train = form.pipeline, asked.case.network, asked.case.data.train
    built = asked.model(form).built
    columns = [(c.role, c.layer, c.first) for c in built.columns]
    for count in range(len(line.forms) + 1):
        model = Model.through(built, Pipeline(line.forms[:count], line.rows), train)
        verify(model.problem)
        assert [(c.role, c.layer, c.first) for c in model.problem.columns[: len(columns)]] == columns
        assert model.start(network) is not None or not asked.fits


def test_the_domains_are_those_of_the_language() -> None:
    """Coarse lattices, sets with gaps, boxes without 0 and beside it: all are drawn."""
    assert Values((-3.0, -1.0, 2.0)) in FINITE
    assert Integers(1, 2) in FINITE
    assert any(one.lower > 0 for one in CONTINUOUS if not isinstance(one, Values))
