"""The least loss under requirements, by brute force over all weights, against the program in both formulations.

Nothing of the package is used to say what a network does or which requirements it meets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest
from problems import dataset, network_spec, spec
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import (
    Accuracy,
    Bytes,
    Column,
    Decreasing,
    Errors,
    Features,
    Increasing,
    Inputs,
    Integers,
    Label,
    Neurons,
    Nonzeros,
    Precision,
    RateGap,
    Recall,
    RecallGap,
    Requirement,
    RequireSpec,
    Specificity,
)
from bdnnlang.model.milp import Milp
from bdnnlang.model.model import Model
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.training import TrainingProblem

# equal samples of both classes, and of one
ROWS = [[0, 0], [0, 0], [0, 1], [1, 0], [1, 0], [1, 1], [2, 1], [2, 1], [2, 2], [1, 2]]
GROUPS = np.array(list("fffmmfmmfm"), dtype=object)
LABELS = {2: [0, 1, 0, 1, 1, 0, 1, 0, 1, 0], 3: [0, 1, 0, 1, 2, 0, 2, 2, 1, 0]}


@dataclass(frozen=True)
class Shape:
    hidden: int
    outputs: int
    classes: int
    bias: int  # of outputs, both ways


SHAPES = {
    "two layers": Shape(2, 1, 2, 2),
    "one neuron": Shape(0, 1, 2, 2),
    "one hot": Shape(1, 2, 2, 1),
    "three classes": Shape(1, 3, 3, 1),
}
HIDDEN_BIAS = 3


@dataclass(frozen=True)
class All:
    """Every network of a shape: weights of each layer (networks, d_k, d_{k-1}), biases, and classes (networks, m)."""

    weights: list[Any]
    biases: list[Any]
    classes: Any
    labels: Any

    @property
    def losses(self) -> Any:
        return (self.classes != self.labels).sum(axis=1)


def neurons(inputs: int, bias: int) -> Any:
    """All weights and biases of one neuron, (count, inputs + 1)."""
    return np.array(list(product(*[(-1, 0, 1)] * inputs, range(-bias, bias + 1))))


def every(shape: Shape) -> All:
    x, labels = np.array(ROWS), np.array(LABELS[shape.classes])
    below, weights, biases = np.broadcast_to(x, (1, *x.shape)), [], []
    if shape.hidden:
        one = neurons(2, HIDDEN_BIAS)
        pick = np.array(list(product(range(len(one)), repeat=shape.hidden)))
        pick = pick[(np.diff(pick, axis=1) >= 0).all(axis=1)]  # in one order: exchanging neurons changes nothing
        hidden = one[pick]
        below = (np.einsum("ndj,mj->nmd", hidden[..., :2], x) + hidden[:, None, :, 2] >= 0).astype(int)
    last = neurons(below.shape[2], shape.bias)
    pick = np.array(list(product(range(len(last)), repeat=shape.outputs)))
    outputs = last[pick]  # (p, K, d + 1)
    bits = np.einsum("pkd,nmd->npmk", outputs[..., :-1], below) + outputs[None, :, None, :, -1] >= 0
    classes = bits[..., 0].astype(int) if shape.outputs == 1 else bits.argmax(axis=-1)
    n, p = classes.shape[:2]
    if shape.hidden:
        weights.append(np.repeat(hidden[..., :2], p, axis=0))
        biases.append(np.repeat(hidden[..., 2], p, axis=0))
    weights.append(np.tile(outputs[..., :-1], (n, 1, 1)))
    biases.append(np.tile(outputs[..., -1], (n, 1)))
    return All(weights, biases, classes.reshape(n * p, -1), labels)


ALL = {name: every(shape) for name, shape in SHAPES.items()}


# ---- what is required, in plain counting


def at_least(share: Any, of: Any, limit: float) -> Any:
    """share / of ≥ limit, in whole numbers."""
    exact = Fraction(str(limit))
    return share * exact.denominator >= of * exact.numerator


def recall(c: int, limit: float) -> Callable[[All], Any]:
    return lambda a: at_least((a.classes[:, a.labels == c] == c).sum(axis=1), (a.labels == c).sum(), limit)


def precision(c: int, limit: float) -> Callable[[All], Any]:
    def holds(a: All) -> Any:
        said = (a.classes == c).sum(axis=1)
        return at_least((a.classes[:, a.labels == c] == c).sum(axis=1), said, limit) & ((said > 0) | (limit == 0))

    return holds


def specificity(c: int, limit: float) -> Callable[[All], Any]:
    return lambda a: at_least((a.classes[:, a.labels != c] != c).sum(axis=1), (a.labels != c).sum(), limit)


def gap(limit: float, c: int | None, of_recall: bool) -> Callable[[All], Any]:
    def holds(a: All) -> Any:
        fine = np.ones(len(a.classes), dtype=bool)
        for label in range(a.labels.max() + 1) if c is None else (c,):
            f, m = ((g == GROUPS) & ((a.labels == label) | (not of_recall)) for g in "fm")
            if f.any() and m.any():
                one, other = ((a.classes[:, some] == label).sum(axis=1) for some in (f, m))
                apart = np.abs(one * int(m.sum()) - other * int(f.sum()))
                fine &= ~at_least(apart, int(m.sum()) * int(f.sum()), limit) | (
                    at_least(-apart, -int(m.sum()) * int(f.sum()), limit)
                )
        return fine

    return holds


def used(a: All) -> Any:
    return a.weights[0] != 0


def working(a: All) -> Any:
    if len(a.weights) == 1:
        return np.zeros(len(a.classes), dtype=int)
    return (used(a).any(axis=2) & (a.weights[1] != 0).any(axis=1)).sum(axis=1)


def size(a: All) -> Any:
    """As tests/plain_bytes.py, of straight-line code, which is the lesser one here."""
    above = sum((w != 0).sum(axis=(1, 2)) for w in a.weights[1:])
    return 4 + used(a).any(axis=1).sum(axis=1) + 5 * used(a).sum(axis=(1, 2)) + 4 * above + 4 * working(a)


def monotone(feature: int, sign: int) -> Callable[[All], Any]:
    """Of all paths to the first output of several the other sign; none to those in between."""

    def holds(a: All) -> Any:
        paths = a.weights[-1] if len(a.weights) == 1 else a.weights[1] * a.weights[0][:, None, :, feature]
        paths = paths[..., feature : feature + 1] if len(a.weights) == 1 else paths
        wanted = np.array([sign] if paths.shape[1] == 1 else [-sign, *[0] * (paths.shape[1] - 2), sign])
        allowed = (paths == 0) | (paths * wanted[None, :, None] > 0)
        return allowed.all(axis=(1, 2))

    return holds


F0, F1, SEX = Column("f0"), Column("f1"), Column("sex")
CASES: list[tuple[Requirement, Callable[[All], Any]]] = [
    (Recall(Label("c1"), 0.8), recall(1, 0.8)),
    (Recall(Label("c0"), 1.0), recall(0, 1.0)),
    (Precision(Label("c1"), 0.75), precision(1, 0.75)),
    (Precision(Label("c1"), 1.0), precision(1, 1.0)),
    (Precision(Label("c0"), 0.9), precision(0, 0.9)),
    (Specificity(Label("c1"), 0.8), specificity(1, 0.8)),
    (Accuracy(0.8), lambda a: (a.classes == a.labels).sum(axis=1) >= 8),
    (Accuracy(0.9), lambda a: (a.classes == a.labels).sum(axis=1) >= 9),
    (Errors(Label("c0"), 0), lambda a: (a.classes[:, a.labels == 0] != 0).sum(axis=1) <= 0),
    (Errors(None, 2), lambda a: (a.classes != a.labels).sum(axis=1) <= 2),
    (Features(1), lambda a: used(a).any(axis=1).sum(axis=1) <= 1),
    (Inputs(1), lambda a: used(a).sum(axis=2).max(axis=1) <= 1),
    (Nonzeros(2), lambda a: sum((w != 0).sum(axis=(1, 2)) for w in a.weights) <= 2),
    (Neurons(1), lambda a: working(a) <= 1),
    (Neurons(0), lambda a: working(a) <= 0),
    (Bytes(18), lambda a: size(a) <= 18),
    (Increasing(F0), monotone(0, 1)),
    (Decreasing(F0), monotone(0, -1)),
    (Decreasing(F1), monotone(1, -1)),
    (RateGap(SEX, None, 0.1), gap(0.1, None, of_recall=False)),
    (RateGap(SEX, Label("c1"), 0.0), gap(0.0, 1, of_recall=False)),
    (RecallGap(SEX, Label("c1"), 0.25), gap(0.25, 1, of_recall=True)),
    (RecallGap(SEX, None, 0.0), gap(0.0, None, of_recall=True)),
]
PAIRS = [(0, 5), (2, 13), (3, 14), (8, 2), (9, 16), (19, 0), (20, 4), (17, 12), (10, 18), (1, 3), (15, 10), (15, 13)]
SETS = [(i,) for i in range(len(CASES))] + PAIRS


def data(classes: int) -> Dataset:
    made = dataset([[float(v) for v in row] for row in ROWS], LABELS[classes], classes)
    recipe = replace(made.recipe, header=(*made.recipe.header, "sex"))
    return replace(made, recipe=recipe, train=replace(made.train, recipe=recipe, groups=(("sex", GROUPS),)))


def problem(shape: Shape, statements: tuple[Requirement, ...], formulation: str) -> TrainingProblem:
    encoding: Any = "one_hot" if shape.outputs > 1 else "auto"
    domains = network_spec((shape.hidden,) if shape.hidden else (), encoding=encoding)
    *hidden, last = domains.layers
    hidden = [replace(layer, biases=Integers(-HIDDEN_BIAS, HIDDEN_BIAS)) for layer in hidden]
    network = replace(domains, layers=(*hidden, replace(last, biases=Integers(-shape.bias, shape.bias))))
    plain = spec(network, "zero_one")
    train: Any = replace(plain.train, formulation=formulation)
    return TrainingProblem(replace(plain, train=train, require=RequireSpec(statements)), data(shape.classes))


def optimum(program: Milp) -> float | None:
    """By the HiGHS of scipy; None: there is no point."""
    matrix = csc_array((program.value, program.index, program.start), shape=(program.rows, program.columns))
    found = milp(
        program.col_cost,
        integrality=program.integrality,
        bounds=Bounds(program.col_lower, program.col_upper),
        constraints=LinearConstraint(matrix, program.row_lower, program.row_upper),
    )
    assert found.status in (0, 2), found.message
    return None if found.status == 2 else round(found.fun + program.offset)


@cache
def met(name: str, case: int) -> Any:
    return CASES[case][1](ALL[name])


def wanted(name: str, which: tuple[int, ...]) -> int | None:
    holds = np.logical_and.reduce([met(name, i) for i in which])
    return int(ALL[name].losses[holds].min()) if holds.any() else None


def title(which: tuple[int, ...]) -> str:
    return "+".join(type(CASES[i][0]).__name__ + str(i) for i in which)


EVERY = {"tight": 9, "paper": 30}  # which sets are tried on wider networks, unless all are asked for


def tried() -> list[Any]:
    found = []
    for name, formulation in product(SHAPES, ("tight", "paper")):
        for number, which in enumerate(SETS):
            is_quick = number % EVERY[formulation] == 0 or (name, formulation) == ("one neuron", "tight")
            marks = () if is_quick else (pytest.mark.slow,)
            found.append(pytest.param(name, which, formulation, marks=marks, id=f"{name}-{formulation}-{title(which)}"))
    return found


def test_some_sets_cannot_be_satisfied() -> None:
    """So that the programs below have optima of several kinds, and none."""
    optima = {wanted(name, which) for name in ALL for which in SETS}
    assert {None, 2, 3, 4} <= optima


@pytest.mark.parametrize(("name", "which", "formulation"), tried())
def test_the_least_loss(name: str, which: tuple[int, ...], formulation: str) -> None:
    shape = SHAPES[name]
    training = problem(shape, tuple(CASES[i][0] for i in which), formulation)
    assert optimum(Model.of(training, implications=False).milp) == wanted(name, which)


def points() -> list[Any]:
    """Each requirement on one shape; all on all shapes where all are asked for."""
    found = []
    for (at, name), (number, which) in product(enumerate(SHAPES), enumerate(SETS)):
        marks = () if number % len(SHAPES) == at else (pytest.mark.slow,)
        found.append(pytest.param(name, which, marks=marks, id=f"{name}-{title(which)}"))
    return found


@pytest.mark.parametrize(("name", "which"), points())
def test_a_network_is_a_point_iff_it_satisfies_them(name: str, which: tuple[int, ...]) -> None:
    """And the evaluator says the same as plain counting."""
    everything, shape = ALL[name], SHAPES[name]
    training = problem(shape, tuple(CASES[i][0] for i in which), "tight")
    model = Model.of(training, implications=False)
    holds = np.logical_and.reduce([met(name, i) for i in which])
    rng = np.random.default_rng(len(which) + 7)
    some = (
        [*rng.choice(np.flatnonzero(holds), 6), *rng.choice(np.flatnonzero(~holds), 4)] if holds.any() and not holds.all() else []
    )
    for i in some:
        layers = [
            Layer(w[i].astype(float), b[i].astype(float)) for w, b in zip(everything.weights, everything.biases, strict=True)
        ]
        network = Network(tuple(layers))
        assert training.contains(network)
        assert training.evaluate(network).acceptable == holds[i]
        point = model.encode(network)
        assert model.milp.feasible(point) == holds[i]
        if holds[i]:
            assert training.evaluate(model.decode(point)).acceptable
