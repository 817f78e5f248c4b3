"""One run of a benchmark."""

from __future__ import annotations

import math

from bdnnlang.bench.cells import Attempt, Number
from bdnnlang.budget import Abandoned, Interrupt, Patience
from bdnnlang.compiler import training_problem
from bdnnlang.data.dataset import Dataset
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import Spec
from bdnnlang.network.numbers import Rational, shown
from bdnnlang.run.errors import SolverLacksCapability
from bdnnlang.run.records import Run
from bdnnlang.run.schedule import run
from bdnnlang.solve.outcome import UnsupportedModelError

INTERRUPTED = "interrupted before it began"


def measure(spec: Spec, data: Dataset, interrupt: Interrupt) -> Attempt | str:
    """Execute the schedule of `spec`, or say why that cannot be."""
    try:
        with interrupt.within(Patience.SHORT):
            training = training_problem(spec, data)
        done = run(training, emit=lambda fact: None, interrupt=interrupt)
    except Rejected as rejected:
        first = rejected.diagnostics[0]
        return first.reason if isinstance(first, SolverLacksCapability) else first.message.replace("`", "")
    except UnsupportedModelError as refused:
        return str(refused)
    except Abandoned:
        return INTERRUPTED
    return _attempt(spec.train.seed, done) if done.stages else INTERRUPTED


def _attempt(seed: int, done: Run) -> Attempt:
    last = done.stages[-1]
    solving = [stage.solver_seconds for stage in done.stages if stage.solver_seconds is not None]
    return Attempt(
        seed=seed,
        proved=done.status.is_proved,
        ended=last.status,
        seconds=done.seconds,
        solver_seconds=math.fsum(solving) if solving else None,
        claimed=_number(last.claimed_objective),
        bound=_number(done.bound),
        verified=_number(done.best.objective) if done.best is not None else None,
        margin=done.margin,
        nodes=last.nodes,
        columns=last.columns,
        binaries=last.binaries,
        rows=last.rows,
        nonzeros=last.nonzeros,
        solver=last.solver,
        notes=tuple(note for stage in done.stages if stage.solver for note in stage.notes),
    )


def _number(value: Rational | None) -> Number | None:
    return None if value is None else shown(value)
