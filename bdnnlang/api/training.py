"""A spec is trained, in a Python program."""

from __future__ import annotations

import math
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang import compiler
from bdnnlang.api.result import Result, result_of
from bdnnlang.api.specs import asked_of, spec_of, tell
from bdnnlang.budget import Abandoned, Interrupt, Patience
from bdnnlang.language.spec import Spec
from bdnnlang.run.facts import Emit, Fact

if TYPE_CHECKING:
    from bdnnlang.data.dataset import Dataset
    from bdnnlang.problem.training import TrainingProblem
    from bdnnlang.report.summary import Summary


def train(
    spec: Spec | str | Path,
    data: Dataset | None = None,
    *,
    time: float | None = None,
    on_fact: Callable[[Fact], None] | None = None,
) -> Result:
    """Execute the schedule of a spec (or of a file or text that holds one), and verify what it finds, as `bdnnc run` does.

    `data`: the samples; None: those of the spec's block `data`, which is not looked at otherwise. `time`: seconds for the whole
    schedule, in place of the spec's. `on_fact` is called with each fact as it becomes known (`bdnnlang.run.facts` has their
    kinds); what it raises ends the run. Nothing is written: `Result.save` does that. What is odd about spec and data is a
    `SpecWarning`, which Python's filters hide or make an error; what the run has to say of itself, say that a stage failed, is
    in `Result.notes`.

    Ctrl-C once ends the run and keeps the best network so far, twice does not wait. Raises SpecError, CannotRead, ValueError for
    a time that is none, KeyboardInterrupt if it is interrupted before there is a network.

    >>> import bdnnlang as bd
    >>> result = bd.train('''
    ... bdnn 1
    ... data iris { classes = ["versicolor", "virginica"], scale none }
    ... network { weights in {-1, 0, 1}, hidden 1 }
    ... train { exact 1min }
    ... ''', on_fact=lambda fact: None)
    >>> result.status.value, result.loss, result.bound, result.gap
    ('optimal', 3, 3, 0.0)
    """
    check_time(time)
    asked, samples, notes = asked_of(spec_of(spec), data)
    asked = asked if time is None else compiler.limited(asked, time)
    training = compiler.training_problem(asked, samples)
    tell(compiler.model_warnings(training))
    facts: list[Fact] = []

    def emit(fact: Fact) -> None:
        facts.append(fact)
        if on_fact is not None:
            on_fact(fact)

    return result_of(_summary(training, emit), facts, notes)


def check_time(time: float | None) -> None:
    """Raises ValueError for a time that is none; None is that of the spec."""
    if time is not None and not 0 < time < math.inf:
        raise ValueError(f"`time` must be seconds, more than 0, and not {time!r}")


def _summary(training: TrainingProblem, emit: Emit) -> Summary:
    from bdnnlang.compare.baselines import compare
    from bdnnlang.report.summary import Origin, attacked, summarise
    from bdnnlang.run.schedule import run

    interrupt, created = Interrupt(), datetime.now(UTC).isoformat(timespec="seconds")
    with interruptible(interrupt):
        done = run(training, emit=emit, interrupt=interrupt)
        baselines = () if interrupt.count else compare(training.spec, training.data)
        attacks = () if interrupt.count else attacked(training, done)
    done = done.stopped() if interrupt.count else done
    return summarise(training, Origin("", created), done, baselines, attacks)


@contextmanager
def interruptible(interrupt: Interrupt) -> Iterator[None]:
    """Within the block Ctrl-C asks the run to end; what is abandoned before there is a network is a KeyboardInterrupt."""
    if threading.current_thread() is not threading.main_thread():  # signals are not for others
        yield
        return

    def ask(number: int, frame: object) -> None:
        interrupt.request(number)
        if interrupt.count > 1 and interrupt.patience is not Patience.FULL:
            raise Abandoned

    earlier = signal.signal(signal.SIGINT, ask)
    try:
        yield
    except Abandoned:
        raise KeyboardInterrupt from None
    finally:
        signal.signal(signal.SIGINT, earlier)
