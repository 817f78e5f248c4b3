"""Two specs, two run folders, or one of each, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang import compiler
from bdnnlang.compiler import CannotRead
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.folder.contents import RunFolder, read_run
from bdnnlang.language.load import load
from bdnnlang.language.spec import Spec
from bdnnlang.source import Source

if TYPE_CHECKING:
    from bdnnlang.data.dataset import Dataset
    from bdnnlang.network.network import Network
    from bdnnlang.report.differences.change import Change
    from bdnnlang.report.differences.difference import Difference
    from bdnnlang.report.differences.sample_changes import SampleChanges


@dataclass(frozen=True)
class Side:
    """A spec, or a run folder and the spec in it."""

    path: Path
    spec: Spec
    warnings: tuple[Diagnostic, ...] = ()
    run: RunFolder | None = None


def side_of(path: Path) -> Side:
    """Raises Rejected for a spec with mistakes, CannotRead, Damaged."""
    if not path.is_dir():
        return Side(path, *compiler.read_spec(path))
    run = read_run(path)
    spec, _ = load(Source(str(path / "spec.bdnn"), run.spec_text), read=compiler.reader_of(path))
    return Side(path, spec, run=run)


def compared(a: Side, b: Side, *, with_data: bool) -> Difference:
    """What differs. With data also the sizes of models, or of two runs the samples. Raises Rejected, CannotRead."""
    from bdnnlang.report.differences.difference import Difference
    from bdnnlang.report.differences.spec_changes import spec_changes

    names, spec = (str(a.path), str(b.path)), spec_changes(a.spec, b.spec)
    if a.run is None or b.run is None:
        return Difference(*names, spec, model=_model(a, b) if with_data else None)
    samples, notes = _samples(a.run, a.spec, b.run, b.spec) if with_data else (None, ())
    return Difference(*names, spec, run=_run(a.run, b.run), samples=samples, notes=notes)


def _model(a: Side, b: Side) -> tuple[Change, ...]:
    """What `bdnnc plan` says otherwise of the second."""
    from bdnnlang.report.differences.model_changes import model_changes
    from bdnnlang.report.plan import make_plan

    first, second = (make_plan(compiler.training_problem(side.spec, _data(side))) for side in (a, b))
    return model_changes(first, second)


def _data(side: Side) -> Dataset:
    if side.run is None:
        return compiler.read_data(side.spec, side.path.parent)
    return _data_of_run(side.run, side.spec)


def _data_of_run(run: RunFolder, spec: Spec) -> Dataset:
    """The data that a run had. Raises CannotRead where they are not there, or not the same."""
    from bdnnlang.folder.data import checked

    place, altered = checked(run, spec, None)
    if altered:
        raise CannotRead(f"the data of {run.path} are others than the run had")
    return compiler.read_data(spec, place)


def _run(a: RunFolder, b: RunFolder) -> tuple[Change, ...]:
    from bdnnlang.report.differences.run_changes import run_changes

    first, second = (None if run.network is None else run.network.network for run in (a, b))
    return run_changes(a.run, b.run, (first, second))


def _samples(a: RunFolder, a_spec: Spec, b: RunFolder, b_spec: Spec) -> tuple[SampleChanges | None, tuple[str, ...]]:
    """Where the networks differ, or why that is not known."""
    from bdnnlang.report.differences.sample_changes import sample_changes

    try:
        first, second = _answering(a, a_spec), _answering(b, b_spec)
    except CannotRead as error:
        return None, (f"no sample is compared: {error}",)
    except Rejected as rejected:
        return None, (f"no sample is compared: {rejected.diagnostics[0].message}",)
    return sample_changes(first, second), ()


def _answering(run: RunFolder, spec: Spec) -> tuple[Dataset, Network]:
    """The data of a run and its network, the one that `run.json` speaks of and of the width of the data."""
    data, network = _data_of_run(run, spec), run.trusted().network
    if network.widths[0] != len(data.features):
        raise CannotRead(f"the network of {run.path} does not fit its data")
    return data, network
