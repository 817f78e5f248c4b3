"""The one place that sequences the phases from text to a program: text → Spec → Dataset → TrainingProblem → Problem → Milp.

Heavy imports stand inside the functions, so that checking a spec starts no numerics.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.files import reason
from bdnnlang.language.composition.points import Point
from bdnnlang.language.load import load, load_points
from bdnnlang.language.spec import Csv, Npz, Prove, Spec, StageStep
from bdnnlang.source import Source, Span

if TYPE_CHECKING:
    from bdnnlang.data.dataset import Dataset
    from bdnnlang.model.blocks import Problem
    from bdnnlang.model.milp import Milp
    from bdnnlang.model.model import Model
    from bdnnlang.problem.training import TrainingProblem

LARGEST_SPEC = 4_000_000  # bytes
STANDARD_INPUT = "-"  # in place of the path of a spec


class CannotRead(Exception):  # noqa: N818  (it says what happened)
    """A file that the command line names is not there or not what it should be; the message says which and why."""


# ---- text → Spec


def read_source(path: Path) -> Source:
    """A spec's text; `-` is standard input. Raises CannotRead."""
    try:
        if str(path) == STANDARD_INPUT:
            return _source("<stdin>", sys.stdin.buffer.read(LARGEST_SPEC + 1))
        if path.is_dir() or (path.exists() and not path.is_file()):
            raise CannotRead(f"{path} is not a file")
        with path.open("rb") as stream:
            return _source(str(path), stream.read(LARGEST_SPEC + 1))
    except OSError as error:
        raise CannotRead(f"cannot read {path}: {reason(error)}") from None
    except ValueError:
        raise CannotRead(f"cannot read {path}: the path is not valid") from None


def _source(name: str, text: bytes) -> Source:
    if len(text) > LARGEST_SPEC:
        raise CannotRead(f"{name} is larger than {LARGEST_SPEC:,} bytes: is it a spec?")
    try:
        return Source(name, text.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise CannotRead(f"{name} is not UTF-8 text (byte {error.start}): save it as UTF-8") from None


def read_spec(path: Path, defines: Sequence[str] = (), sets: Sequence[str] = ()) -> tuple[Spec, tuple[Diagnostic, ...]]:
    """The spec in a file and its warnings. Raises Rejected with every error, CannotRead."""
    return load(read_source(path), read=reader_of(path.parent), defines=defines, sets=sets)


def read_points(
    path: Path, defines: Sequence[str] = (), sets: Sequence[str] = ()
) -> tuple[Spec, tuple[Point, ...], tuple[Diagnostic, ...]]:
    """The same with the points of its sweep, none where it has none. Raises Rejected, CannotRead."""
    return load_points(read_source(path), read=reader_of(path.parent), defines=defines, sets=sets)


def limited(spec: Spec, seconds: float) -> Spec:
    """The spec with this limit for the whole schedule; stages that no longer fit take what is left."""
    stages: list[StageStep] = []
    fixed = 0.0  # added up as a spec's are when it is read
    for stage in spec.train.stages:
        if isinstance(stage.time, float | int) and fixed + stage.time > seconds:
            stages.append(replace(stage, time="rest"))
        else:
            fixed += stage.time if isinstance(stage.time, float | int) else 0.0
            stages.append(stage)
    return replace(spec, train=replace(spec.train, time=seconds, stages=tuple(stages)))


def shared_out(spec: Spec, workers: int | None) -> Spec:
    """The spec with so many workers in each stage that shares its work out; None: as many as it says itself."""
    stages = (replace(s, workers=workers) if workers and isinstance(s, Prove) else s for s in spec.train.stages)
    return replace(spec, train=replace(spec.train, stages=tuple(stages)))


def reader_of(folder: Path) -> Any:
    def read(relative: str, span: Span) -> Source:
        return read_source_beside(folder, relative, span)

    return read


def read_source_beside(folder: Path, relative: str, span: Span) -> Source:
    """A used file; its path is relative to the file that uses it. Raises OSError."""
    user = Path(span.source.path).parent
    path = (user if span.source.path else folder) / relative
    root = folder.resolve()
    if not path.resolve().is_relative_to(root):
        raise OSError(f"{relative} lies outside the folder of the spec")
    try:
        return read_source(folder / path.resolve().relative_to(root))  # one name for a file, whoever uses it
    except CannotRead as error:
        raise OSError(str(error)) from None


def inputs(path: Path, spec: Spec) -> list[Path]:
    """The files that a spec is made of: its own, those that it uses, and its data."""
    files = [path] if str(path) != STANDARD_INPUT else []

    def read(relative: str, span: Span) -> Source:
        source = read_source_beside(path.parent, relative, span)
        files.append(Path(source.path))
        return source

    if str(path) != STANDARD_INPUT:  # that can be read once only
        with suppress(Rejected, CannotRead):  # with overrides it may hold where it does not without them
            load(read_source(path), read=read)
    sources = (getattr(spec.data, f.name) for f in fields(spec.data))
    return files + [path.parent / source.path for source in sources if isinstance(source, Csv | Npz)]


# ---- Spec → Dataset → TrainingProblem → Problem → Milp


def read_data(spec: Spec, folder: Path) -> Dataset:
    """The data of a spec. Raises Rejected with every error."""
    from bdnnlang.data.load import load as load_data

    return load_data(spec.data, folder, spec.require.groups)


def training_problem(spec: Spec, data: Dataset) -> TrainingProblem:
    """What a spec asks on its data; all that a run does is about this one. Raises Rejected where they do not fit together."""
    from bdnnlang.problem.requirement.impossible import check_requirements
    from bdnnlang.problem.training import TrainingProblem
    from bdnnlang.run.choose import check_shape

    check_shape(spec, data)
    training = TrainingProblem(spec, data)
    check_requirements(training)
    return training


def model_warnings(training: TrainingProblem) -> tuple[Diagnostic, ...]:
    """What can be said of the model without solving it; raises Rejected when it cannot be built or solved as asked."""
    from bdnnlang.model.build import outline
    from bdnnlang.model.model import Model
    from bdnnlang.run.choose import choose, largest_problem, margin_diagnostics, size_diagnostics

    spec, data = training.spec, training.data
    warnings = data.warnings + size_diagnostics(spec, data)
    if choose(spec, data, outline(training)).solver == "cpsat":
        return warnings
    built = largest_problem(training)
    if built is None:
        return warnings
    return warnings + margin_diagnostics(spec, Model.of(training, built, implications=False).problem)


def _whole_problem(spec: Spec, data: Dataset) -> TrainingProblem:
    """The training problem of a spec whose model can be built whole. Raises Rejected."""
    from bdnnlang.run.choose import check_whole

    training = training_problem(spec, data)
    check_whole(spec, data)
    return training


def build_problem(spec: Spec, data: Dataset, *, after: str | None = None) -> Problem:
    """The problem as built, or after the named pass of the formulation's plain pipeline. Raises KeyError for no such pass."""
    from bdnnlang.model import passes
    from bdnnlang.model.build import build_spec

    problem = build_spec(_whole_problem(spec, data))
    if after is None:
        return problem
    if after == passes.MERGE and spec.train.formulation == "tight":
        return problem
    for side in (False, True):
        line = passes.pipeline(spec.train.formulation, implications=side, without=spec.train.without).passes
        names = [passes.name(one) for one in line]
        if after in names:
            return passes.lower(problem, line[: names.index(after) + 1])
    raise KeyError(after)


def plain_model(spec: Spec, data: Dataset) -> tuple[TrainingProblem, Model]:
    """What a spec asks on its data, and its model as files have it. Raises Rejected for one that cannot be built."""
    from bdnnlang.model.model import Model

    training = _whole_problem(spec, data)
    return training, Model.for_file(training)


def build_milp(spec: Spec, data: Dataset, name: str = "bdnn") -> Milp:
    """The plain mixed-integer program of a spec."""
    return replace(plain_model(spec, data)[1].milp, name=name)


@dataclass(frozen=True)
class ModelFile:
    """A model for a file; `spec_name` is that of the spec's file, `permute` the seed of another order of columns and rows."""

    training: TrainingProblem
    model: Model
    spec_name: str
    warnings: tuple[Diagnostic, ...] = ()
    permute: int | None = None

    @property
    def milp(self) -> Milp:
        return replace(self.model.program(self.permute), name=re.sub(r"\W", "_", Path(self.spec_name).stem))

    def comments(self) -> tuple[str, ...]:
        """What the head of the file says."""
        from bdnnlang.model.explanation.heading import heading

        said = heading(self.training, self.model, self.spec_name)
        if self.permute is None:
            return said
        return (
            *said,
            f"columns and rows are in another order, drawn with seed {self.permute}: they are known by their names,"
            f" and answers without names by `bdnnc import --permute {self.permute}`",
        )

    def legend(self) -> str:
        """What its columns and rows are, as JSON."""
        from bdnnlang.model.explanation.legend import legend

        return legend(self.training, self.model, self.spec_name)


def build_file(spec: Spec, data: Dataset, form: str, spec_name: str = "bdnn", *, permute: int | None = None) -> ModelFile:
    """The model of a spec; raises Rejected where such a file could not hold it."""
    from bdnnlang.run.choose import check_linear, check_ratio, check_whole_numbers, margin_diagnostics
    from bdnnlang.solve import FILE_FORMATS

    if FILE_FORMATS[form].is_linear:
        check_linear(spec)
    check_ratio(spec, data)  # whatever the stages: some solver will get the file
    training, model = plain_model(spec, data)
    if FILE_FORMATS[form].is_whole:
        check_whole_numbers(spec, data, model)
    return ModelFile(training, model, spec_name, margin_diagnostics(spec, model.problem), permute)
