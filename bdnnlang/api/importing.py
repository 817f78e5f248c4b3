"""A network that somebody brings, for Python programs."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bdnnlang import compiler
from bdnnlang.api.result import Result, result_of
from bdnnlang.api.specs import asked_of, spec_of, tell
from bdnnlang.folder.importing import brought_from
from bdnnlang.language.spec import Spec

if TYPE_CHECKING:
    from bdnnlang.data.dataset import Dataset


def import_solution(
    spec: Spec | str | Path,
    file: str | Path,
    data: Dataset | None = None,
    *,
    bound: float | None = None,
    by: str = "",
    permute: int | None = None,
    names: Literal["long", "short"] | None = None,
) -> Result:
    """The network in a file, verified: what `bdnnc import` does, but that nothing is written (`Result.save` does that).

    `file`: the solution that any solver wrote for the model of this spec (SCIP, HiGHS, Gurobi, COPT, CPLEX, Xpress, CBC, GLPK,
    MIPLIB; recognised by content), a `network.json`, or weights as csv. `data`: the samples; None: those of the spec's block
    `data`. `bound` is the least objective that the solver `by` claims, in units of its own objective: it is recorded as its word,
    and proves nothing. `permute`: the seed of the model file's order (`bdnnc compile --permute`), which answers without names
    (GLPK `-w`, COPT `.json`) go by; `names`: those of the model file (`--names`), or None: they are recognised. Loss and
    objective are recomputed from the network in exact arithmetic; what a file claims and its network does not keep is in
    `Result.notes`. Raises SpecError (E301 … E308 for the file), CannotRead, ValueError.

    >>> import bdnnlang as bd
    >>> result = bd.import_solution('''
    ... bdnn 1
    ... data iris { classes = ["versicolor", "virginica"], scale none }
    ... network { weights in {-1, 0, 1}, hidden 1 }
    ... train { exact 10s }
    ... ''', "weights.csv")
    Traceback (most recent call last):
    bdnnlang.compiler.CannotRead: cannot read weights.csv: no such file or directory
    """
    from bdnnlang.compare.baselines import compare
    from bdnnlang.imports.bring import Word, facts_of, run_of
    from bdnnlang.report.summary import Origin, attacked, summarise

    if (bound is None) != (not by):
        raise ValueError("`bound` and `by` go together: a bound, and the solver whose word it is")
    asked, samples, notes = asked_of(spec_of(spec), data)
    training = compiler.training_problem(asked, samples)
    tell(samples.warnings)
    began, created = time.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
    brought = brought_from(training, Path(file), permute, names)
    facts = list(facts_of(brought, training, None if bound is None else Word(bound, by)))
    done = run_of(facts, training, time.monotonic() - began)
    rejected = done.imported.rejected if done.imported else ()
    summary = summarise(training, Origin("", created), done, compare(asked, samples), attacked(training, done))
    return result_of(summary, facts, (*notes, *brought.notes, *rejected))
