"""What each pass of `formulation = tight` saves, and what the paper's model of the same spec would have."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

from bdnnlang.language.spec import TrainSpec
from bdnnlang.model import passes
from bdnnlang.model.activity_bounds import row_constants
from bdnnlang.model.blocks import Problem, Step
from bdnnlang.model.model import Model
from bdnnlang.model.size import nonzeros
from bdnnlang.problem.training import TrainingProblem

MOST_NONZEROS = 2e6  # beyond, building the model once for every pass takes too long


@dataclass(frozen=True, slots=True)
class Saving:
    """The program once a pass has been added to those before it.

    `binaries` are those that are built as such and not fixed since. `m` is the largest constant of a row and `gap_to_m` the
    smallest step threshold of a layer as a part of its own; both None where rows are conditional and need none.
    """

    after: str
    rows: int
    binaries: int
    nonzeros: int
    m: float | None
    gap_to_m: float | None


@dataclass(frozen=True, slots=True)
class Savings:
    """`steps` begin with the program without any pass of `tight`; `paper` is that of the other formulation."""

    steps: tuple[Saving, ...]  # empty for a large model
    paper: Saving | None


def saved(training: TrainingProblem, *, implications: bool) -> Savings | None:
    """Switch the passes on one after another, those of `train.without` left out; None under `paper`, which has none."""
    train = training.spec.train
    if train.formulation == "paper":
        return None
    if nonzeros(training.spec, training.data) > MOST_NONZEROS:
        return Savings((), None)
    order = [name for name in passes.optional() if name not in train.without and not (implications and name == "lattice_gap")]
    steps = [
        _measured(_with(training, replace(train, without=(*train.without, *order[count:]))), name, implications)
        for count, name in enumerate(["nothing", *order])
    ]
    paper = _with(training, replace(train, formulation="paper", without=()))
    return Savings(tuple(steps), _measured(paper, "paper", implications))


def _with(training: TrainingProblem, train: TrainSpec) -> TrainingProblem:
    return replace(training, spec=replace(training.spec, train=train))


def _measured(training: TrainingProblem, after: str, implications: bool) -> Saving:
    model = Model.of(training, implications=implications)
    constants = (None, None) if implications else _constants(model.problem)
    return Saving(after, model.milp.rows, _binaries(model.built, model.problem), model.milp.nonzeros, *constants)


def _binaries(built: Problem, problem: Problem) -> int:
    """Integer columns of the problem as built that are 0 or 1 and not fixed."""
    pairs = zip(built.columns, problem.columns, strict=False)  # passes only append
    unfixed = [(now.lower < now.upper) & (c.lower >= 0) & (c.upper <= 1) for c, now in pairs if now.integer]
    return sum(int(free.sum()) for free in unfixed)


def _constants(problem: Problem) -> tuple[float | None, float | None]:
    """The largest M of all rows, and the smallest step threshold as a part of its M."""
    steps = [b for b in problem.blocks if isinstance(b, Step)]
    largest = [(step.threshold, float(row_constants(problem, step).max(initial=0.0))) for step in steps]
    ratios = [threshold / m for threshold, m in largest if m > 0]
    return max((m for _, m in largest), default=None), min(ratios, default=None)


HEAD = ("after", "rows", "binaries", "nonzeros", "largest M", "gap / M")
WIDTHS = (16, 11, 11, 13, 11, 10)


def savings_lines(savings: Savings | None) -> list[str]:
    """A table, a line a pass; a dot where a pass changes nothing."""
    if savings is None:
        return []
    if not savings.steps or savings.paper is None:
        return [f"savings     not worked out: the model has more than {MOST_NONZEROS:,.0f} nonzeros"]
    cells = [_cells(step) for step in savings.steps]
    lines = [_line(HEAD), _line(cells[0])]
    for before, now in itertools.pairwise(cells):
        lines.append(_line((now[0], *("·" if a == b else b for a, b in zip(before[1:], now[1:], strict=True)))))
    paper = savings.paper
    would = f"paper would have {paper.rows:,} rows, {paper.nonzeros:,} nonzeros"
    return [f"{'savings' if not i else '':12}{line}" for i, line in enumerate(lines)] + [" " * 12 + would]


def _cells(step: Saving) -> tuple[str, ...]:
    m, ratio = (f"{v:.4g}" if v is not None else "–" for v in (step.m, step.gap_to_m))
    return step.after, f"{step.rows:,}", f"{step.binaries:,}", f"{step.nonzeros:,}", m, ratio


def _line(cells: tuple[str, ...]) -> str:
    first, *rest = cells
    return f"{first:{WIDTHS[0]}}" + "".join(f"{cell:>{width}}" for cell, width in zip(rest, WIDTHS[1:], strict=True))
