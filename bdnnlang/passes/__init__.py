"""The pipelines: what a formulation is, as tuples to be read from top to bottom. A pass is `Problem → Problem`."""

from __future__ import annotations

from collections.abc import Callable

from bdnnlang.ir.blocks import Problem
from bdnnlang.passes.lattice_gap import LatticeGap
from bdnnlang.passes.margins_to_rows import MarginsToRows
from bdnnlang.passes.products_to_implications import ProductsToImplications
from bdnnlang.passes.products_to_rows import ProductsToRows
from bdnnlang.passes.steps_to_big_m import StepsToBigM
from bdnnlang.passes.steps_to_implications import StepsToImplications

Pass = Callable[[Problem], Problem]

PAPER: tuple[Pass, ...] = (
    ProductsToRows(),  # while the columns still have their boxes: McCormick needs them
    MarginsToRows(),  # robust training only
    StepsToBigM(slack=1.0),  # the paper's M_i = ‖x_i‖₁ + B + 1
)

PAPER_IMPLICATIONS: tuple[Pass, ...] = (
    LatticeGap(),  # integer coefficients, before any row is written
    ProductsToImplications(),
    MarginsToRows(),  # robust training only
    StepsToImplications(),
)


def pipeline(formulation: str, *, implications: bool) -> tuple[Pass, ...]:
    """The passes of a formulation, for a target that takes conditional rows in integers or for one that takes plain rows."""
    return {"paper": PAPER_IMPLICATIONS if implications else PAPER}[formulation]


def lower(problem: Problem, passes: tuple[Pass, ...]) -> Problem:
    """Every pass in turn."""
    for one in passes:
        problem = one(problem)
    return problem


def name(one: Pass) -> str:
    """The name of a pass on the command line: that of its file."""
    return type(one).__module__.rpartition(".")[2]


def names(formulation: str) -> tuple[str, ...]:
    """The names of all passes that a formulation may run, each once, in order."""
    both = (one for side in (False, True) for one in pipeline(formulation, implications=side))
    return tuple(dict.fromkeys(name(one) for one in both))
