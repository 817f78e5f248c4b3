"""A result becomes a run folder, as `bdnnc run` writes one; samples that were given become a csv file in it."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from bdnnlang.api.specs import tell_text
from bdnnlang.data.dataset import Dataset
from bdnnlang.data.load import load as load_data
from bdnnlang.data.table import short
from bdnnlang.files import write_text
from bdnnlang.folder import storage
from bdnnlang.folder.execute import write_run
from bdnnlang.folder.storage import JOURNAL, Intent
from bdnnlang.language.effective import effective
from bdnnlang.language.spec import Column, Csv, DataSpec, Label, Scale, Spec
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.report.summary import Summary
from bdnnlang.run.facts import Fact
from bdnnlang.run.journal import Journal

DATA = "data.csv"


def save(summary: Summary, facts: Iterable[Fact], folder: Path) -> Path:
    """Write the run folder; the folder that it is. What is odd is a SpecWarning. Raises CannotRead, OSError, ValueError."""
    training, text = summary.training, ""
    if training.spec.data.span is None:
        training, text = _as_csv(training.spec, training.data)
    spec = training.spec
    started = storage.started(spec, training.data)
    with storage.opened(folder, Intent.NEW, started.question, effective(spec), ()) as place:
        with Journal(place.work / JOURNAL) as journal:
            for fact in (started, *facts):
                journal.write(fact)
        if text:
            write_text(place.folder / DATA, text)
        origin = replace(summary.origin, spec=_seen_from(place.folder, spec))
        return write_run(training, summary.run, place, origin, summary.baselines, summary.attacks, say=tell_text).folder


def _seen_from(folder: Path, spec: Spec) -> str:
    """The file of the spec; `-` for a text."""
    path = Path(spec.span.source.path if spec.span else "-")
    return Path(os.path.relpath(path, folder)).as_posix() if path.exists() else "-"


def _as_csv(spec: Spec, data: Dataset) -> tuple[TrainingProblem, str]:
    """The same question about the same samples, as a file that holds them, and the text of the file."""
    classes = tuple(map(Label, data.classes))
    source = Csv(DATA, header=True, missing=())
    block = DataSpec(source, Column(data.recipe.target), classes, test=0.0, steps=(Scale("none"),))
    text = _csv(data)
    with tempfile.TemporaryDirectory() as folder:
        write_text(Path(folder) / DATA, text)
        again = load_data(block, Path(folder), spec.require.groups)
    same = np.array_equal(again.train.raw, data.train.raw) and np.array_equal(again.train.y, data.train.y)
    if not same or (again.features, again.classes) != (data.features, data.classes):
        raise ValueError("these samples are not the same once they are written as a csv file")
    return TrainingProblem(replace(spec, data=block), again), text


def _csv(data: Dataset) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*data.features, data.recipe.target])
    for row, y in zip(data.train.raw.tolist(), data.train.y.tolist(), strict=True):
        writer.writerow([*map(short, row), data.classes[y]])
    return text.getvalue()
