"""The comments at the head of a model file: which spec it is, what its objective counts, and how an answer comes home."""

from __future__ import annotations

import hashlib
import re
import textwrap

from bdnnlang import __version__
from bdnnlang.language.effective import effective, loss_terms
from bdnnlang.model import passes
from bdnnlang.model.blocks import Problem
from bdnnlang.model.model import Model
from bdnnlang.problem.training import TrainingProblem

WIDTH = 110  # characters of a line; readers of LP cut at 255


def heading(training: TrainingProblem, model: Model, spec_name: str) -> tuple[str, ...]:
    """Lines of ASCII without a mark of comments. They depend on spec, data and version only: no date, no path.

    `spec_name`: of the spec's file, without its folder.
    """
    name = re.sub(r"[^ -~]", "_", spec_name)
    entries = [
        ("made by", f"bdnnlang {__version__} from {name}"),
        ("spec", f"sha256 {spec_hash(training)}, as `bdnnc show` prints it"),
        ("data", f"sha256 {training.data.sha256}, {len(training.samples)} training samples"),
        ("formulation", f"{training.spec.train.formulation}: {', '.join(pass_names(training, model))}"),
        ("objective", _objective(training, model.problem)),
        *(("margin", text) for text in _margins(model.problem)),
        *(("layer 1", text) for text in _scaled(model.problem)),
        ("answer", f"bdnnc import {name} ANSWER, with the overrides of this file, if any, makes a verified network of it"),
    ]
    return tuple(line for entry in entries for line in _wrapped(*entry))


def _wrapped(key: str, text: str) -> list[str]:
    return textwrap.wrap(f"{key:<11} {text}", WIDTH, subsequent_indent=" " * 12)


def spec_hash(training: TrainingProblem) -> str:
    """The sha256 of the effective text of a spec: what the head of a model file states, and a run folder keeps."""
    return hashlib.sha256(effective(training.spec).encode()).hexdigest()


def pass_names(training: TrainingProblem, model: Model) -> tuple[str, ...]:
    """The passes that a model has gone through, in order; the merge of equal samples is the first."""
    merge = (passes.MERGE,) if training.spec.train.merges_samples else ()
    return (*merge, *map(passes.name, model.pipeline.passes))


def _objective(training: TrainingProblem, problem: Problem) -> str:
    """What is counted, what 1 is worth, and where the constant stands."""
    loss = " + ".join(loss_terms(training.spec.train, training.loss))
    worth = "" if problem.unit == 1 else f" in units of {problem.unit}: times {problem.unit} it is the loss with its penalties"
    constant = f"; the cost of column ONE, {problem.offset:g}, belongs to it" if problem.offset else ""
    return f"minimise {loss}{worth}{constant}"


def _margins(problem: Problem) -> list[str]:
    """Of each layer how far below 0 the pre-activation of a neuron that is off must be."""
    lines = []
    for k in range(1, problem.depth + 1):
        step = problem.step(k)
        if step is None:
            continue
        part = " of the largest sum of its row" if k == 1 and problem.input_scaling is not None else ""
        exact = "whole units, nothing is left out" if step.unit is not None else "networks with less are left out"
        lines.append(f"in layer {k} a neuron that is off is at least {step.threshold:g}{part} below 0: {exact}")
    return lines


def _scaled(problem: Problem) -> list[str]:
    if problem.input_scaling is None:
        return []
    return ["its columns are weights in other units than the network's (unit_rows); `bdnnc import` knows them"]
