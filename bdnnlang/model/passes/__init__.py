"""The pipelines: what a formulation is, as tuples to be read from top to bottom."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from bdnnlang.model.blocks import Pass, Problem
from bdnnlang.model.passes.error_bits import ErrorBits
from bdnnlang.model.passes.fix_output import FixOutput
from bdnnlang.model.passes.lattice_gap import LatticeGap
from bdnnlang.model.passes.margins_to_rows import MarginsToRows
from bdnnlang.model.passes.order_neurons import OrderNeurons
from bdnnlang.model.passes.orient_neurons import OrientNeurons
from bdnnlang.model.passes.polarity import Polarity
from bdnnlang.model.passes.products_to_implications import ProductsToImplications
from bdnnlang.model.passes.products_to_rows import ProductsToRows
from bdnnlang.model.passes.steps_to_big_m import StepsToBigM
from bdnnlang.model.passes.steps_to_implications import StepsToImplications
from bdnnlang.model.passes.tighten_bounds import TightenBounds
from bdnnlang.model.passes.unit_rows import UnitRows


@dataclass(frozen=True, slots=True)
class Pipeline:
    """`forms` choose the shape of the problem, `rows` write its steps and products as linear rows."""

    forms: tuple[Pass, ...]
    rows: tuple[Pass, ...]

    @property
    def passes(self) -> tuple[Pass, ...]:
        return self.forms + self.rows


IMPLICATIONS: tuple[Pass, ...] = (
    ProductsToImplications(),  # what steps add up comes before the steps
    MarginsToRows(),  # robust training only
    StepsToImplications(),  # last: their rows stand at the end, and speak of all the others' columns
)

PAPER: tuple[Pass, ...] = (
    FixOutput(),  # where the spec fixes the output, which the paper does not know
    ProductsToRows(),  # while the columns still have their boxes: McCormick needs them
    MarginsToRows(),  # robust training only
    StepsToBigM(slack=1.0),  # the paper's M_i = ‖x_i‖₁ + B + 1
)

PAPER_IMPLICATIONS: tuple[Pass, ...] = (
    FixOutput(),  # as for plain rows
    LatticeGap(),  # integer coefficients, before any row is written
    *IMPLICATIONS,  # in integers only
)

TIGHT_FORMS: tuple[Pass, ...] = (
    ErrorBits(),  # what the loss asks for, from which polarity goes on
    LatticeGap(),  # whole numbers, before anything else is scaled …
    UnitRows(),  # … and rows of size 1 where there is no lattice
    OrientNeurons(),  # after unit rows, which make more boxes symmetric
    FixOutput(),  # while every product still has its rows
    TightenBounds(),  # after orientation, which halves the range of the output
    Polarity(),  # after orientation, so that weights have a sign
    OrderNeurons(),  # only adds rows
)
FORMS = tuple(map(type, TIGHT_FORMS))

TIGHT: tuple[Pass, ...] = (
    *TIGHT_FORMS,  # boxes and masks are final before a row is written
    ProductsToRows(),  # from the boxes of weights that orientation has halved
    MarginsToRows(),  # robust training only
    StepsToBigM(),  # M from the tightened boxes, and no more
)

TIGHT_IMPLICATIONS: tuple[Pass, ...] = (
    *TIGHT_FORMS,  # as for plain rows
    *IMPLICATIONS,  # in integers, which `lattice_gap` has made
)

MERGE = "merge_samples"  # the first of the passes of `tight` by name, but an input of `build`


def pipeline(formulation: str, *, implications: bool, without: Container[str] = (), output: FixOutput | None = None) -> Pipeline:
    """The passes of a formulation, for a solver that takes conditional rows in integers or for one that takes plain rows.

    Of `tight`, those named in `without` are left out; but conditional rows need the integer coefficients of `lattice_gap`.
    `output`: in the place of the pass of this kind.
    """
    plain, conditional = (PAPER, PAPER_IMPLICATIONS) if formulation == "paper" else (TIGHT, TIGHT_IMPLICATIONS)
    passes = conditional if implications else plain
    forms = (rewrite for rewrite in passes if isinstance(rewrite, FORMS))
    if output is not None:
        forms = (output if isinstance(form, FixOutput) else form for form in forms)
    kept = (form for form in forms if name(form) not in without or (implications and isinstance(form, LatticeGap)))
    return Pipeline(tuple(kept), tuple(rewrite for rewrite in passes if not isinstance(rewrite, FORMS)))


def lower(problem: Problem, passes: tuple[Pass, ...]) -> Problem:
    """Every pass in turn."""
    for rewrite in passes:
        problem = rewrite(problem)
    return problem


def name(rewrite: Pass) -> str:
    """The name of a pass on the command line: that of its file."""
    return type(rewrite).__module__.rpartition(".")[2]


def names(formulation: str) -> tuple[str, ...]:
    """The names of all passes that a formulation may run, each once, in order."""
    both = (rewrite for side in (False, True) for rewrite in pipeline(formulation, implications=side).passes)
    return tuple(dict.fromkeys(map(name, both)))


def optional() -> tuple[str, ...]:
    """The names that `without` may hold."""
    return (MERGE, *map(name, TIGHT_FORMS))
