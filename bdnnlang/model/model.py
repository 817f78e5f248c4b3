"""A training problem as a solver gets it, and both ways between networks and the points of its program."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.data.draw import permutation
from bdnnlang.model import passes
from bdnnlang.model.activity_bounds import FILE_MARGIN_PER_M
from bdnnlang.model.blocks import Pass, Problem
from bdnnlang.model.build import build_spec
from bdnnlang.model.milp import Milp
from bdnnlang.model.passes.fix_output import FixOutput, Sizes, sizes
from bdnnlang.model.point import decode_built, encode_built
from bdnnlang.model.stack import stack
from bdnnlang.network.network import Network, Samples
from bdnnlang.network.numbers import Rational, simple
from bdnnlang.problem.training import TrainingProblem

RELATIVE = 1e-9  # of a number, or of 1: what solvers do not tell apart
ROUNDING = 2.0**-46  # of the sum of all costs: some roundings to 53 bits
INTEGRAL = 1e-6  # losses are integers: a bound of 3 + 1e-7 says 3, and 3 + 1e-5 says 4


@dataclass(frozen=True, eq=False)
class Model:
    """A problem as built, and after each pass that changes its form.

    `encode` takes a network to the point that it is in the last of these problems, shape (columns,); `decode` takes any point
    to the network that its columns stand for. A point that `milp.feasible` accepts satisfies every row.
    """

    built: Problem
    forms: tuple[Problem, ...]  # after each of `pipeline.forms`
    pipeline: passes.Pipeline
    samples: Samples  # that the problem was built for

    @classmethod
    def through(cls, built: Problem, pipeline: passes.Pipeline, samples: Samples) -> Model:
        """The problem, and what the passes of a pipeline make of it."""
        forms: list[Problem] = []
        for rewrite in pipeline.forms:
            forms.append(rewrite(forms[-1] if forms else built))
        return cls(built, tuple(forms), pipeline, samples)

    @classmethod
    def of(
        cls,
        training: TrainingProblem,
        built: Problem | None = None,
        *,
        implications: bool,
        without: tuple[str, ...] = (),
        output: FixOutput | None = None,
    ) -> Model:
        """A training problem, as built or as `built`, in the formulation of its spec; `without` leaves out further passes.

        `output`: with this function of the hidden neurons.
        """
        train = training.spec.train
        left_out = (*train.without, *without)
        pipeline = passes.pipeline(train.formulation, implications=implications, without=left_out, output=output)
        return cls.through(build_spec(training) if built is None else built, pipeline, training.data.train)

    @classmethod
    def for_file(cls, training: TrainingProblem) -> Model:
        """In plain rows, with margins that any solver can tell."""
        return cls.of(training, build_spec(training, margin_per_m=FILE_MARGIN_PER_M), implications=False)

    @property
    def problem(self) -> Problem:
        """The problem in the form that goes to a solver."""
        return self.forms[-1] if self.forms else self.built

    @property
    def sizes(self) -> Sizes | None:
        """Which sizes output weights may have, if the problem may be parted by the functions of the output."""
        problems = [before for form, before, _ in self._steps() if isinstance(form, FixOutput)]
        return sizes(problems[0]) if problems else None

    @cached_property
    def milp(self) -> Milp:
        """The program: all steps, products and margins as rows."""
        return stack(passes.lower(self.problem, self.pipeline.rows))

    def program(self, permute: int | None = None) -> Milp:
        """`milp`, or that in an order of columns and of rows that is drawn with this seed."""
        milp = self.milp
        if permute is None:
            return milp
        return milp.permuted(permutation((permute, 0), milp.columns), permutation((permute, 1), milp.rows))

    def encode(self, network: Network) -> Floats:
        """The point that a network is, (columns,)."""
        point = encode_built(self.built, network, self.samples)
        for form, before, after in self._steps():
            point = form.represent(before, after, point)
        return point

    def decode(self, point: Floats) -> Network:
        """The network of a point (columns,): integer columns rounded, values in the user's units."""
        point = np.clip(point, *self.problem.box())
        for form, before, after in reversed(self._steps()):
            point = form.recover(before, after, point)
        return decode_built(self.built, point)

    def _steps(self) -> list[tuple[Pass, Problem, Problem]]:
        """The passes in order, each with the problems before and after it."""
        problems = pairwise((self.built, *self.forms))
        return [(form, before, after) for form, (before, after) in zip(self.pipeline.forms, problems, strict=True)]

    def start(self, network: Network) -> Floats | None:
        """The point of a network if it satisfies the program."""
        point = self.encode(network)
        return point if self.milp.feasible(point) else None

    def claim(self, objective: float | None) -> Rational | None:
        """What a solver's objective stands for: exact where all objectives are whole numbers of units."""
        if objective is None:
            return None
        unit = self.problem.unit
        return simple(unit * (round(objective) if self.problem.has_integral_objective else Fraction(objective)))

    def bound(self, bound: float | None) -> Rational | None:
        """What a solver's bound stands for: rounded up where objectives are whole numbers of units, else a little down.

        Large costs that cancel out leave roundings of their own size.
        """
        if bound is None:
            return None
        unit, rounding = self.problem.unit, ROUNDING * (abs(self.problem.offset) + float(np.abs(self.problem.cost_value).sum()))
        if self.problem.has_integral_objective:
            return simple(unit * whole_bound(bound, rounding))
        return simple(unit * Fraction(max(0.0, bound - RELATIVE * max(1.0, abs(bound)) - rounding)))


def whole_bound(bound: float, rounding: float = 0.0) -> int:
    """The least integer loss that a bound allows; `rounding` is what the sums behind it may be off by."""
    return max(0, math.ceil(bound - max(INTEGRAL, RELATIVE * abs(bound)) - rounding))
