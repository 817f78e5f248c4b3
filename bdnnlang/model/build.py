"""Spec × data × groups → Problem: the network's weights, its activations on every sample, and the loss.

[KB], for any depth and any number of outputs (docs/models.md 2). Samples of one group share their activations (2.5 there); with
groups of one sample this is the exact model.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from bdnnlang.arrays import Floats, Ints, row_blocks
from bdnnlang.data.dataset import Dataset, Part, equal_rows
from bdnnlang.device.size.code_bytes import code_bytes
from bdnnlang.language.spec import Integers, Interval, LayerSpec, NetworkSpec, Thresholds, Values, WeightDomain
from bdnnlang.model.activation_bounds import Bits, bound_costs, bound_products
from bdnnlang.model.activity_bounds import LEAST_MARGIN, MARGIN_PER_M
from bdnnlang.model.affine import Affine, Shared, merge
from bdnnlang.model.blocks import CHOICES, Block, Columns, Linear, Problem, Product, Role, Step
from bdnnlang.model.milp import Family
from bdnnlang.model.objectives.code_size import with_priced_code
from bdnnlang.model.objectives.penalties import penalise
from bdnnlang.model.requirement.required import required
from bdnnlang.model.robust_margin import margin_columns, robust_unit, worst_rows
from bdnnlang.network.loss_words import Loss
from bdnnlang.network.losses import LOSSES, label_bits
from bdnnlang.network.numbers import exact
from bdnnlang.problem.costs import PLAIN, Costs
from bdnnlang.problem.lattice import common_unit, lattice_unit
from bdnnlang.problem.outputs import default_loss, output_width
from bdnnlang.problem.perturbation import PerturbationSet
from bdnnlang.problem.training import TrainingProblem


def build_spec(
    training: TrainingProblem,
    *,
    groups: Ints | None = None,
    margin_factor: float = 1.0,
    margin_per_m: float = MARGIN_PER_M,
    real_biases: bool = False,
) -> Problem:
    """`build` with all that a training problem asks: its class weights, penalties and perturbation set too."""
    train = training.spec.train
    built = build(
        training.spec.network,
        training.loss,
        training.data,
        costs=training.costs,
        delta=training.perturbation,
        certified=training.spec.certified,
        groups=groups,
        margin=train.margin,
        margin_factor=margin_factor,
        margin_per_m=margin_per_m,
        merge_samples=train.merges_samples,
        real_biases=real_biases,
    )
    if not training.requirements:
        return built
    return required(built, training, model_rows(training.samples, groups, train.merges_samples)[2])


def outline(training: TrainingProblem) -> Problem:
    """The problem of a few of the samples, with the domains, boxes and units of the whole, whatever its size.

    Of each class there is a sample, and there are those whose features or weighted sums are the largest: biases and margins
    depend on them.
    """
    x, weights = training.samples.x, training.spec.network.layers[0].weights
    ends = (weights.values[0], weights.values[-1]) if isinstance(weights, Values) else (weights.lower, weights.upper)
    extremes = np.concatenate([_extremes(x[some], *ends) for some in row_blocks(*x.shape)])  # (m, 3)
    classes = np.unique(training.samples.y, return_index=True)[1]
    return build_spec(training.on(np.unique([*extremes.argmax(axis=0), *classes])))


def _extremes(x: Floats, lower: float, upper: float) -> Floats:
    """Of samples (m, n) the greatest weighted sum, the least, negative, and the greatest feature, (m, 3)."""
    low, high = x * lower, x * upper
    sums = np.maximum(low, high).sum(axis=1), -np.minimum(low, high).sum(axis=1)
    return np.stack([*sums, np.abs(x).max(axis=1, initial=0.0)], axis=1)


def build(
    network: NetworkSpec,
    loss: Loss | None,
    data: Dataset,
    *,
    costs: Costs = PLAIN,
    delta: PerturbationSet | None = None,
    certified: bool = False,
    groups: Ints | None = None,
    margin: float | None = None,
    margin_factor: float = 1.0,
    margin_per_m: float = MARGIN_PER_M,
    merge_samples: bool = False,
    real_biases: bool = False,
) -> Problem:
    """The training problem of `network` on the training part of `data`.

    `groups` (m,) numbers the group of each sample, 0..G-1, every number used; None: each sample its own. `margin` is what
    neurons on no lattice keep from 0, times `margin_factor`; None: as little as solvers can tell, `margin_per_m` of M at least.
    With `merge_samples` equal samples of a group are one row and one activation pattern (docs/models.md 3.1): the cost of its
    output is the sum of theirs, whose lesser side is a constant that no network avoids. With `delta` no activation of the first
    layer may change for any change of a sample within that set ([KB], method `pattern`; deeper layers see activations only);
    with `certified` as well each activation is two columns, u that says surely on and z that says possibly on, and the loss is
    the greatest that they leave open. `real_biases`: those in an interval are
    themselves, and on a lattice no cells of it. Sample i of layer k has row i · d_k + neuron in its `Step`.
    """
    rows, place, groups = model_rows(data.train, groups, merge_samples)
    costs = costs.of(network, data.train.x.shape[1])
    outputs = output_width(network, len(data.classes))
    squared = any(penalty.kind == "l2" for penalty in costs.penalties)
    around = delta if delta and any(delta.radius) else None
    build = _Builder(
        network.thresholds,
        margin,
        margin_factor,
        margin_per_m,
        around,
        certified=certified and around is not None,
        real_biases=real_biases or squared,
    )
    below = build.first_layer(network.layers[0], data, rows, groups[rows], network.layers[0].width or outputs)
    for k, layer in enumerate(network.layers[1:], start=2):
        below = build.deeper_layer(k, layer, below, layer.width or outputs)
    weights = costs.classes or (Fraction(1),) * len(data.classes)
    each = np.array([float(w / costs.scale) for w in weights])[data.train.y]
    build.loss(default_loss(loss, outputs), data.train.y, each, place, groups[rows], below)
    problem = replace(build.problem(len(network.layers), costs.scale), samples=rows, groups=groups[rows])
    problem = penalise(replace(problem, perturbation=around) if build.certified else problem, costs.penalties)
    return with_priced_code(problem, costs.penalties, code_bytes(network, data.train.x.shape[1]))


def model_rows(part: Part, groups: Ints | None, merge_samples: bool) -> tuple[Ints, Ints, Ints]:
    """The samples that layer 1 has rows for, ascending, and the row and the group of every sample, both (m,)."""
    every = np.arange(len(part))
    if not merge_samples:
        return every, every, every if groups is None else groups
    equal = equal_rows(part)
    pairs = np.stack([equal if groups is None else groups, equal])
    _, rows, place = np.unique(pairs, axis=1, return_index=True, return_inverse=True)
    order = np.argsort(rows)  # numbered as they come
    place = np.argsort(order)[place.ravel()]
    return rows[order], place, place if groups is None else groups


@dataclass
class _Builder:
    thresholds: Thresholds
    margin: float | None
    margin_factor: float
    margin_per_m: float
    delta: PerturbationSet | None = None
    certified: bool = False
    real_biases: bool = False  # a bias on a lattice would stand for a cell of it, whose members have different squares
    columns: list[Columns] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    cost: list[tuple[Ints, Floats]] = field(default_factory=list)
    offset: float = 0.0
    size: int = 0

    def problem(self, depth: int, unit: Fraction) -> Problem:
        column = np.concatenate([c for c, _ in self.cost])
        value = np.concatenate([v for _, v in self.cost])
        return Problem(tuple(self.columns), tuple(self.blocks), column, value, self.offset, depth, unit=unit)

    def add(
        self,
        role: Role,
        layer: int,
        shape: tuple[int, ...],
        bounds: tuple[float, float],
        *,
        integer: bool = True,
        unit: Fraction = Fraction(1),
        points: Floats | None = None,
        least: float = -math.inf,
    ) -> Columns:
        lower, upper = (np.full(shape, bound, dtype=np.float64) for bound in bounds)
        family = Columns(role, layer, self.size, shape, lower, upper, integer, unit, points, least)
        self.columns.append(family)
        self.size += family.size
        return family

    def domain(self, role: Role, layer: int, shape: tuple[int, ...], domain: WeightDomain) -> Columns:
        """Columns that range over a domain; finite ones as integers in units of their lattice."""
        match domain:
            case Interval(lower, upper):
                return self.add(role, layer, shape, (lower, upper), integer=False)
            case Integers(lower, upper):
                return self.add(role, layer, shape, (lower, upper))
            case Values(values):
                unit = lattice_unit(values)
                points = np.array([int(exact(v) / unit) for v in values], dtype=np.float64)
                gappy = points[-1] - points[0] >= len(points)
                ends = (points[0], points[-1])
                family = self.add(role, layer, shape, ends, unit=unit, points=points if gappy else None)
                if gappy:
                    self._choice(family, points)
                return family

    def _choice(self, family: Columns, points: Floats) -> None:
        """w is one of `points`: w − Σ points_c · y_c = 0, Σ y_c = 1."""
        choice = self.add(CHOICES[family.role], family.layer, (*family.shape, len(points)), (0, 1))
        rows = np.arange(family.size)
        each = np.repeat(rows, len(points))
        y, ones = choice.index.ravel(), np.ones(choice.size)
        equal = Affine.of(
            family.size,
            np.concatenate([rows, each]),
            np.concatenate([family.index.ravel(), y]),
            np.concatenate([np.ones(family.size), -np.tile(points, family.size)]),
        )
        sides = np.concatenate([np.zeros(family.size), np.ones(family.size)])
        names = (Family(f"value_{family.name}", family.shape), Family(f"choice_{family.name}", family.shape))
        self.blocks.append(Linear(names, merge([_without_zeros(equal), Affine.of(family.size, each, y, ones)]), sides, sides))

    def first_layer(self, layer: LayerSpec, data: Dataset, rows: Ints, groups: Ints, width: int) -> Bits:
        """`rows` are samples, `groups` the row of u1 that each of them ties."""
        x = data.train.x[rows]
        m, n = x.shape
        weights = self.domain(Role.WEIGHTS, 1, (width, n), layer.weights)
        row = np.arange(m * width).reshape(m, width)
        affine = Affine(m * width, (Shared(row, weights.index, x * float(weights.unit)),))
        unit = data.lattice.unit * weights.unit if data.lattice and weights.integer else None
        if self.delta is None:
            return self._steps(1, layer, affine, groups, width, unit)
        unit = robust_unit(self.delta, weights, x, data.lattice.unit) if unit and data.lattice else None
        margin = margin_columns(self.add, self.delta, weights, unit)
        self.blocks.append(margin)
        return self._steps(1, layer, affine, groups, width, unit, worst_rows(self.delta, margin, weights, affine, x))

    def deeper_layer(self, k: int, layer: LayerSpec, below: Bits, width: int) -> Bits:
        rows, inputs = below.sure.shape
        weights = self.domain(Role.WEIGHTS, k, (width, inputs), layer.weights)
        shape = (rows, width, inputs)
        low, high = weights.lower.min(), weights.upper.max()
        bounds = (min(low, 0.0), max(high, 0.0))
        unit, lattice = weights.unit, weights.unit if weights.integer else None
        products = self.add(Role.PRODUCTS, k, shape, bounds, integer=weights.integer, unit=unit)
        if not self.certified:
            both = np.ones((rows, width), dtype=bool)
            self.blocks.append(Product(k, products.index, weights.index, below.sure.index, both, both))
            return self._steps(k, layer, _sums(products, unit), np.arange(rows), width, lattice)
        greatest = self.add(Role.GREATEST, k, shape, bounds, integer=weights.integer, unit=unit)
        self.blocks += bound_products(k, weights, (products, greatest), below)
        worst = (_sums(products, unit), _sums(greatest, unit))
        return self._steps(k, layer, worst[0], np.arange(rows), width, lattice, worst)

    def _steps(
        self,
        k: int,
        layer: LayerSpec,
        affine: Affine,
        groups: Ints,
        width: int,
        unit: Fraction | None,
        worst: tuple[Affine, Affine] | None = None,
    ) -> Bits:
        """The layer's biases, activations and `Step`, given its rows of weighted inputs (neuron fastest), and their extremes."""
        rows = [affine, *(worst or ())]
        if self.thresholds != "zero":
            biases = self._biases(k, layer, width, max(map(self._largest, rows)), unit)
            unit = common_unit(unit, biases.unit) if unit and biases.integer else None
            rows = [_with_bias(affine, biases, width) for affine in rows]
        u = self.add(Role.ACTIVATIONS, k, (int(groups.max()) + 1, width), (0, 1))
        threshold = self.margin_factor * (self.margin or max(LEAST_MARGIN, self.margin_per_m * max(map(self._largest, rows))))
        both = np.ones((len(groups), width), dtype=bool)
        threshold = min(threshold, float(unit)) if unit else threshold
        z = self.add(Role.POSSIBLE, k, u.shape, (0, 1)) if self.certified else u
        possible = z.index[groups] if self.certified else None
        extremes = (rows[1], rows[2]) if worst else None
        relative = self.margin_factor * (self.margin or LEAST_MARGIN)
        margins = (relative, self.margin_per_m)
        self.blocks.append(Step(k, u.index[groups], rows[0], threshold, both, both, unit, extremes, possible, *margins))
        return Bits(u, z)

    def _biases(self, k: int, layer: LayerSpec, width: int, largest: float, unit: Fraction | None) -> Columns:
        """Biases of layer k. On a lattice (`unit`) an interval is as good as the lattice points below its members."""
        shape = (width,) if self.thresholds == "per_neuron" else (1,)
        wide = largest + max(1.0, largest * 1e-3)  # beyond every weighted sum: constant neurons exist, and nothing is lost
        domain = layer.biases or Interval(-wide, wide)
        if unit is None or self.real_biases or not isinstance(domain, Interval):
            return self.domain(Role.BIASES, k, shape, domain)
        points = (math.floor(exact(domain.lower) / unit), math.floor(exact(domain.upper) / unit))
        return self.add(Role.BIASES, k, shape, points, unit=unit, least=domain.lower)

    def _largest(self, affine: Affine) -> float:
        """The largest absolute value that a row can take."""
        lower, upper = (np.concatenate([getattr(c, side).ravel() for c in self.columns]) for side in ("lower", "upper"))
        low, high = affine.activity_bounds(lower, upper)
        return float(max(-low.min(initial=0.0), high.max(initial=0.0)))

    def loss(self, loss: Loss, y: Ints, each: Floats, place: Ints, groups: Ints, outputs: Bits) -> None:
        """`each` (m,) is what an error on each sample costs, `place` (m,) its row, `groups` the group of each row."""
        width = outputs.sure.shape[1]
        if LOSSES[loss].per_bit or width == 1:
            bits = label_bits(y, width).astype(np.float64)
            if self.certified:
                self.cost += bound_costs(outputs, bits * each[:, None], (1 - bits) * each[:, None], groups[place])
            else:
                cost = np.zeros((len(groups), width))
                np.add.at(cost, place, (1 - 2 * bits) * each[:, None])  # [KB]: |t − u| = (1 − 2t) u + t
                self._costs(cost, groups, outputs.sure)
            self.offset = float(each @ bits.sum(axis=1))
            return
        pairs, which = np.unique(np.stack([groups[place], y], axis=1), axis=0, return_inverse=True)
        errors = self.add(Role.ERRORS, 0, (len(pairs),), (0, 1))
        self.cost.append((errors.index, np.bincount(which.ravel(), weights=each).astype(np.float64)))
        self.blocks.append(_error_rows(loss, errors, outputs, pairs[:, 0], pairs[:, 1]))

    def _costs(self, cost: Floats, groups: Ints, outputs: Columns) -> None:
        """`cost` (rows, K) of an output that is 1, added up by group.

        Unlike rows of one group do not cancel out: they are two terms, because each needs its own direction.
        """
        down, up = np.zeros(outputs.shape), np.zeros(outputs.shape)
        np.add.at(down, groups, np.minimum(cost, 0.0))
        np.add.at(up, groups, np.maximum(cost, 0.0))
        both = (down < 0) & (up > 0)
        self.cost.append((outputs.index.ravel(), np.where(both, down, down + up).ravel()))
        self.cost.append((outputs.index[both], up[both]))


def _sums(products: Columns, unit: Fraction) -> Affine:
    """The weighted inputs of each neuron, from its products (rows, d_k, d_{k-1})."""
    rows = products.shape[0] * products.shape[1]
    row = np.repeat(np.arange(rows), products.shape[2])
    return Affine.of(rows, row, products.index.ravel(), np.full(products.size, float(unit)))


def _error_rows(loss: Loss, errors: Columns, outputs: Bits, group: Ints, label: Ints) -> Linear:
    """e = 1 unless the group's outputs say `label`.

    `pattern`: e ≥ 1 − u_label, and e ≥ u_j for every other j. `zero_one`: the class is the first output that is 1, or class 0
    when none is; so label c > 0 needs u_c = 1 and u_j = 0 for j < c, and label 0 fails only if some u_j = 1 while u_0 = 0.
    Within a perturbation set the label's own bit is to be surely on, and the others not even possibly.
    All rows are exact for binary u (docs/models.md 1.4), so the loss `zero_one` is linear for any K.
    """
    width = outputs.sure.shape[1]
    j = np.arange(width)
    is_label = j == label[:, None]  # (pairs, K)
    counts = ~is_label if LOSSES[loss].whole_code else (j < label[:, None]) | (label == 0)[:, None] & ~is_label
    hits = is_label if LOSSES[loss].whole_code else is_label & (label > 0)[:, None]
    pair_hit, bit_hit = np.nonzero(hits)
    pair_bad, bit_bad = np.nonzero(counts)
    hit = _pairs(errors.index[pair_hit], outputs.sure.index[group[pair_hit], bit_hit], 1.0)
    bad = _pairs(errors.index[pair_bad], outputs.possible.index[group[pair_bad], bit_bad], -1.0)
    if not LOSSES[loss].whole_code:
        zero = np.flatnonzero(label[pair_bad] == 0)
        bad = Affine.of(
            bad.rows,
            np.concatenate([bad.row, zero]),
            np.concatenate([bad.column, outputs.sure.index[group[pair_bad[zero]], 0]]),
            np.concatenate([bad.value, np.ones(len(zero))]),
        )
    lower = np.concatenate([np.ones(hit.rows), np.zeros(bad.rows)])
    families = (Family("miss", (hit.rows,)), Family("wrong", (bad.rows,)))
    return Linear(families, merge([hit, bad]), lower, np.full(len(lower), np.inf), least=errors.index)


def _pairs(left: Ints, right: Ints, factor: float) -> Affine:
    """Rows left + factor · right."""
    rows = np.arange(len(left))
    values = np.repeat([1.0, factor], len(left))
    return Affine.of(len(left), np.tile(rows, 2), np.concatenate([left, right]), values)


def _with_bias(affine: Affine, biases: Columns, width: int) -> Affine:
    rows = np.arange(affine.rows)
    column = biases.first + (rows % width if biases.size > 1 else np.zeros_like(rows))
    return affine.with_column(column, np.full(affine.rows, float(biases.unit)))


def _without_zeros(affine: Affine) -> Affine:
    return affine if affine.value.all() else affine.kept(affine.value != 0)
