"""The comments at the head of a model file: which spec it is, what its objective counts, and how an answer comes home."""

from __future__ import annotations

import hashlib

from bdnnlang import __version__
from bdnnlang.language.effective import effective, loss_terms
from bdnnlang.model import passes
from bdnnlang.model.blocks import Problem
from bdnnlang.model.model import Model
from bdnnlang.problem.training import TrainingProblem


def heading(training: TrainingProblem, model: Model, spec_name: str) -> tuple[str, ...]:
    """A comment an entry, without a mark. They depend on spec, data and version only: no date, no path.

    `spec_name`: of the spec's file, without its folder. The unit of the objective is said by the writers of files.
    """
    return (
        f"made by: bdnnlang {__version__} from {spec_name}",
        f"spec: sha256 {spec_hash(training)}, as `bdnnc show` prints it",
        f"data: sha256 {training.data.sha256}, {len(training.samples)} training samples",
        f"formulation: {training.spec.train.formulation}, by {', '.join(pass_names(training, model))}",
        _objective(training, model.problem),
        *_margins(model.problem),
        *_scaled(model.problem),
        f"answer: `bdnnc import {spec_name} ANSWER` makes a verified network of it; overrides of this file are to be given again",
    )


def spec_hash(training: TrainingProblem) -> str:
    """The sha256 of the effective text of a spec: what the head of a model file states, and a run folder keeps."""
    return hashlib.sha256(effective(training.spec).encode()).hexdigest()


def pass_names(training: TrainingProblem, model: Model) -> tuple[str, ...]:
    """The passes that a model has gone through, in order; the merge of equal samples is the first."""
    merge = (passes.MERGE,) if training.spec.train.merges_samples else ()
    return (*merge, *map(passes.name, model.pipeline.passes))


def _objective(training: TrainingProblem, problem: Problem) -> str:
    """What is counted, and where the constant stands."""
    loss = " + ".join(loss_terms(training.spec.train, training.loss))
    constant = f"; {problem.offset:g} of it is a constant, where there is one the cost of column ONE" if problem.offset else ""
    return f"objective: least {loss}{constant}"


def _margins(problem: Problem) -> list[str]:
    """Of each layer how far below 0 the pre-activation of a neuron that is off must be."""
    lines = []
    for k in range(1, problem.depth + 1):
        step = problem.step(k)
        if step is None:
            continue
        part = " of the largest sum of its row" if k == 1 and problem.input_scaling is not None else ""
        exact = "sums lie on a lattice, so nothing is left out" if step.unit is not None else "networks with less are left out"
        lines.append(f"margin: in layer {k} a neuron that is off is at least {step.threshold:g}{part} below 0: {exact}")
    return lines


def _scaled(problem: Problem) -> list[str]:
    if problem.input_scaling is None:
        return []
    return ["layer 1: its columns are weights in other units than the network's (unit_rows); `bdnnc import` knows them"]
