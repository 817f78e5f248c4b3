"""The typed middle: families of columns and blocks over them.

A `Problem` starts with `Step`, `Product` and `Margin` blocks and ends, after its passes, with `Linear` ones and cones only.
Columns are numbered at birth and passes only append, so a solution vector is a network by slicing.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Floats, Ints, Mask
from bdnnlang.model.affine import Affine
from bdnnlang.model.milp import Family
from bdnnlang.network.numbers import exact
from bdnnlang.problem.perturbation import PerturbationSet


class Role(Enum):
    """What the columns of a family are; the value is how files name them, with the number of the layer."""

    WEIGHTS = "W{}"
    BIASES = "b{}"
    WEIGHT_CHOICES = "yW{}"  # one binary for each value that a weight may take …
    BIAS_CHOICES = "yb{}"  # … or a bias
    ACTIVATIONS = "u{}"  # within a perturbation set: surely on
    POSSIBLE = "z{}"  # possibly on
    PRODUCTS = "s{}"  # weight · activation, or no more than that for every change within the set …
    GREATEST = "t{}"  # … and no less than that
    MARGIN = "rho{}"
    MARGIN_PARTS = "xi{}"
    MARGIN_THRESHOLD = "theta{}"
    ERRORS = "e"
    SIZES = "l1_W{}"  # absolute weights
    USES = "nz_W{}"  # whether weights are not 0
    CLASSES = "p"  # of requirements: whether a sample is put into a class, of more than two or of one-hot outputs …
    USED_FEATURES = "x"  # … whether any neuron uses a feature …
    FED = "in{}"  # … whether a hidden neuron has a weight from below …
    HEARD = "out{}"  # … or to above …
    USED_NEURONS = "nn{}"  # … or both …
    CODE_BYTES = "bytes"  # … how many bytes code takes …
    CODE_STYLE = "tables"  # … whether it walks tables …
    POSITIVE = "pos_W{}"  # … whether a weight is above 0 …
    NEGATIVE = "neg_W{}"  # … or below …
    RISES = "up{}"  # … whether a path from a feature to a neuron has a positive product …
    FALLS = "down{}"  # … or a negative one
    DISTANCE = "m{}"  # the least distance of the layer's pre-activations from 0


CHOICES = {Role.WEIGHTS: Role.WEIGHT_CHOICES, Role.BIASES: Role.BIAS_CHOICES}


@dataclass(frozen=True, eq=False)
class Columns:
    """A family of columns: `first`, …, `first + size - 1`, last index fastest. The quantity meant is unit · column.

    A bias on a lattice stands for its whole cell [unit · column, unit · (column + 1)); `least` is where the domain begins.
    """

    role: Role
    layer: int
    first: int
    shape: tuple[int, ...]
    lower: Floats  # shape
    upper: Floats  # shape
    integer: bool
    unit: Fraction = Fraction(1)
    points: Floats | None = None  # ascending; the only values that columns may take, by columns of choices
    least: float = -math.inf

    @property
    def name(self) -> str:
        return self.role.value.format(self.layer)

    @property
    def size(self) -> int:
        return int(self.lower.size)

    def encode(self, values: Floats) -> Floats:
        """The columns that stand for these quantities; on a lattice the next ones below."""
        if not self.integer:
            return values
        return _each_distinct(lambda v: math.floor(exact(v) / self.unit), values)

    def decode(self, column: Floats) -> Floats:
        """The quantities that values of the columns stand for: exact decimals where they are whole.

        Thirds, as biases on scaled data may be, are no decimals: of those the next one above, which fires where they do.
        """
        if not self.integer:
            return np.asarray(column + 0.0)  # no -0.0
        values = _each_distinct(lambda v: _from_above(int(v) * self.unit), np.rint(column))
        return np.asarray(np.maximum(values, self.least))

    @property
    def index(self) -> Ints:
        """Column numbers, in the family's shape."""
        return np.arange(self.first, self.first + self.size).reshape(self.shape)


def _each_distinct(f: Callable[[float], float], values: Floats) -> Floats:
    """A function of one number, of all, worked out once for each different one: weights on a lattice have few."""
    distinct, which = np.unique(values, return_inverse=True)
    return np.array([f(v) for v in distinct.tolist()], dtype=np.float64)[which].reshape(np.shape(values))


def _from_above(value: Fraction) -> float:
    """The number itself, or where its decimal would be too small the next float."""
    near = float(value)
    return near if exact(near) >= value else math.nextafter(near, math.inf)


@dataclass(frozen=True, eq=False)
class Step:
    """u = 1 ⇒ a ≥ 0 where `on`, u = 0 ⇒ a ≤ −threshold where `off`; a is a row of `affine` for each (sample or group, neuron).

    With `worst` the first holds of the least a that a perturbation can bring, the second of the greatest. With `possible`
    the second is said of those columns: a neuron may then be neither surely on nor surely off.
    """

    layer: int
    activations: Ints  # (rows, width), column of u; samples of one group share theirs
    affine: Affine  # rows · width rows, neuron fastest
    threshold: float
    on: Mask  # (rows, width)
    off: Mask  # (rows, width)
    unit: Fraction | None = None  # every a is an integer multiple of it, if given
    worst: tuple[Affine, Affine] | None = None  # least and greatest a, rows as in `affine`
    possible: Ints | None = None  # (rows, width), columns of z for the rows of `off`; None: they are those of u
    relative: float = 1e-4  # what the threshold is to be as a part of M, for rows that are scaled to M = 1
    margin_per_m: float = 1e-5  # … and at least, for any

    @property
    def off_columns(self) -> Ints:
        """The columns whose 0 says that a neuron is off, (rows, width)."""
        return self.activations if self.possible is None else self.possible

    @property
    def least(self) -> Affine:
        return self.affine if self.worst is None else self.worst[0]

    @property
    def greatest(self) -> Affine:
        return self.affine if self.worst is None else self.worst[1]


class MarginKind(Enum):
    """How the margin ρ of a neuron follows from the sizes z_j = factor_j · |w_j|."""

    SUM = "sum"  # ρ ≥ Σ z_j
    MAX = "max"  # ρ ≥ z_j
    LARGEST = "largest"  # ρ ≥ the sum of the `gamma` largest z_j, by duality
    CONE = "cone"  # ρ ≥ ‖z‖₂
    PART = "part"  # no ρ, but parts_j ≥ max(w_j, 0), for sets that differ from sample to sample


@dataclass(frozen=True, eq=False)
class Margin:
    """The greatest change of each neuron over a perturbation set."""

    layer: int
    kind: MarginKind
    weights: Ints  # (d_k, n'), columns of the weights of the n' features that may change
    factor: Floats  # (n',), the radius in units of the margin's columns
    rho: Ints  # (d_k, 1), or (d_k, 0) for PART
    parts: Ints  # (d_k, n') for SUM, LARGEST, PART; else (d_k, 0)
    theta: Ints  # (d_k, 1) for LARGEST, else (d_k, 0)
    gamma: int = 1
    unit: Fraction = Fraction(1)  # of ρ


class Extreme(Enum):
    """What the products of a column are to it, where several activations bound the same one."""

    ALL = "all"  # there is one, and the column is its product
    LEAST = "least"  # the column is no more than any of its products
    GREATEST = "greatest"  # no less


@dataclass(frozen=True, eq=False)
class Product:
    """s = w · u with binary u: bounded above by it where `upper`, below where `lower`."""

    layer: int
    products: Ints  # (rows, d_k, d_{k-1}), column of s
    weights: Ints  # (d_k, d_{k-1}), column of w
    activations: Ints  # (rows, d_{k-1}), column of u
    upper: Mask  # (rows, d_k)
    lower: Mask  # (rows, d_k)
    name: str = "s"  # what its rows are called after; no two of a layer share it
    extreme: Extreme = Extreme.ALL


@dataclass(frozen=True, eq=False)
class Linear:
    """lower ≤ affine ≤ upper; with `condition`, a row holds only where that binary column has `condition_value`.

    The columns `least` follow from the others: each is the least number, at least 0, that the rows allow, rounded up where it is
    integer. A row has at most one of them.
    """

    families: tuple[Family, ...]
    affine: Affine
    lower: Floats  # (rows,)
    upper: Floats  # (rows,)
    condition: Ints | None = None  # (rows,), -1: always
    condition_value: NDArray[np.int8] | None = None  # (rows,)
    least: Ints | None = None  # (n,)


Block = Step | Margin | Product | Linear


@dataclass(frozen=True, eq=False)
class InputScaling:
    """What the columns of layer 1 stand for, up to a positive factor a neuron: scale · w, and b + w · centre."""

    scale: Floats  # (n,), powers of two
    centre: Floats  # (n,), zeros where neurons share a bias
    weights: tuple[float, float]
    biases: tuple[float, float]
    shared: bool  # one factor for all neurons, because they share a bias


@dataclass(frozen=True, eq=False)
class Problem:
    """What is to be minimised: offset + Σ cost · column + Σ square · column², over the columns' boxes and the blocks."""

    columns: tuple[Columns, ...]
    blocks: tuple[Block, ...]
    cost_column: Ints  # (terms,)
    cost_value: Floats  # (terms,)
    offset: float
    depth: int  # L
    name: str = "bdnn"
    unit: Fraction = Fraction(1)  # the objective meant is unit · objective
    square_column: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # (squares,)
    square_value: Floats = field(default_factory=lambda: np.zeros(0))  # (squares,)
    perturbation: PerturbationSet | None = (
        None  # then columns u say that a neuron is surely on for every change in the set, z that it may be
    )
    samples: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # (rows of layer 1,), the sample of each row …
    groups: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # … and the row of u1 that it ties
    input_scaling: InputScaling | None = None  # None: the columns of layer 1 are weights and biases
    families: dict[tuple[Role, int], Columns] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "families", {(c.role, c.layer): c for c in self.columns})

    def find(self, role: Role, layer: int) -> Columns | None:
        """The family of this role in a layer, if there is one."""
        return self.families.get((role, layer))

    def weights(self, layer: int) -> Columns:
        return self.families[Role.WEIGHTS, layer]

    def biases(self, layer: int) -> Columns | None:
        """One a neuron or one for all; None where thresholds are 0."""
        return self.find(Role.BIASES, layer)

    def activations(self, layer: int) -> Columns:
        """Of each group of samples and each neuron; within a perturbation set what is surely on."""
        return self.families[Role.ACTIVATIONS, layer]

    def possible(self, layer: int) -> Columns:
        """What is possibly on: the activations themselves but within a perturbation set."""
        return self.find(Role.POSSIBLE, layer) or self.activations(layer)

    @property
    def size(self) -> int:
        """Number of columns."""
        return sum(c.size for c in self.columns)

    @property
    def has_integral_objective(self) -> bool:
        """Is the objective a whole number whatever the weights are?"""
        costs = np.append(self.cost_value, self.offset)
        return not len(self.square_value) and bool(self.integer[self.cost_column].all() and (costs == np.rint(costs)).all())

    def box(self) -> tuple[Floats, Floats]:
        """Lower and upper bounds of all columns."""
        return (
            np.concatenate([c.lower.ravel() for c in self.columns]),
            np.concatenate([c.upper.ravel() for c in self.columns]),
        )

    @property
    def integer(self) -> Mask:
        """Which columns are integer, (columns,)."""
        return np.repeat([c.integer for c in self.columns], [c.size for c in self.columns])

    def with_blocks(self, blocks: tuple[Block, ...]) -> Problem:
        return replace(self, blocks=blocks)

    def with_box(self, lower: Floats, upper: Floats) -> Problem:
        """The same with other bounds, both (columns,)."""
        columns = tuple(replace(c, lower=lower[c.index], upper=upper[c.index]) for c in self.columns)
        return replace(self, columns=columns)

    def step(self, layer: int) -> Step | None:
        """The step of a layer, unless it has been dropped or lowered."""
        return next((b for b in self.blocks if isinstance(b, Step) and b.layer == layer), None)


class Pass(ABC):
    """A rewriting of problems, which only appends columns; and what becomes of the points of networks.

    `before` is a problem, `after` what the pass makes of it. Where nothing is said, columns mean the same in both, and the point
    of a network stays as it is.
    """

    __slots__ = ()

    @abstractmethod
    def __call__(self, problem: Problem) -> Problem:
        """What the pass makes of a problem; the problem itself where its condition does not hold."""

    def represent(self, before: Problem, after: Problem, point: Floats) -> Floats:
        """The point of `after` that does what a network's point of `before` does; feasible if that one is."""
        return point

    def recover(self, before: Problem, after: Problem, point: Floats) -> Floats:
        """The point of `before` whose network is that of a point of `after`."""
        return point
