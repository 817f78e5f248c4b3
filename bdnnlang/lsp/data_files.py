"""The data that a text names, read beside the editor: columns and classes to offer, and what the data have wrong with them.

Reading may take seconds, so that it happens in another thread; what has been read is kept until a file changes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdnnlang import compiler
from bdnnlang.diagnostics import Diagnostic, Enough, Rejected
from bdnnlang.language.reading.read import Reader
from bdnnlang.language.reading.source import read_source
from bdnnlang.language.reading.values import Scope
from bdnnlang.language.schema import below
from bdnnlang.language.spec import Csv, DataSource, DataSpec, Npz, Spec
from bdnnlang.language.syntax import nodes
from bdnnlang.lsp.document import Document
from bdnnlang.source import Span

if TYPE_CHECKING:
    from bdnnlang.data.dataset import Dataset

MOST_BYTES = 20_000_000  # of a file that is read whole; of a larger one the columns are known
MOST_KEPT = 50  # answers; then all are forgotten
MOST_DATA = 3  # data sets
Stamp = tuple[tuple[str, int, int], ...]  # path, time of the last change in ns, size


@dataclass(frozen=True, slots=True)
class DataFacts:
    """`spec` is the one whose places the diagnostics have; `too_large`: a file that was not read whole."""

    spec: Spec
    classes: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    too_large: str = ""

    def placed(self, spec: Spec) -> tuple[Diagnostic, ...]:
        """The diagnostics at their places in an equal spec of another text."""
        moved = {old: new for old, new in zip(_spans(self.spec), _spans(spec), strict=True) if old and new}
        source = spec.data.source.span
        return tuple(
            replace(
                error,
                span=moved.get(error.span, source) if error.span else source,
                second=moved.get(error.second) if error.second else None,
                fix=replace(error.fix, span=moved[error.fix.span]) if error.fix and error.fix.span in moved else None,
            )
            for error in self.diagnostics
        )


@dataclass(slots=True)
class DataFiles:
    """What has been read so far. Methods may be called from any one thread at a time."""

    _columns: dict[tuple[DataSource, Stamp], tuple[str, ...]] = field(default_factory=dict)
    _facts: dict[tuple[Spec, Stamp], DataFacts] = field(default_factory=dict)
    _data: dict[tuple[DataSpec, Stamp], Dataset | Rejected] = field(default_factory=dict)

    def columns(self, source: DataSource, folder: Path) -> tuple[str, ...]:
        """The names of all columns of a source; none if it cannot be read."""
        key = source, _stamp([source], folder)
        if key not in self._columns:
            _make_room(self._columns, MOST_KEPT)
            self._columns[key] = _read_columns(source, folder)
        return self._columns[key]

    def facts(self, spec: Spec, folder: Path) -> DataFacts:
        """What is to be said about the data of a spec."""
        stamp = _stamp(_sources(spec.data), folder)
        large = next((path for path, _, size in stamp if size > MOST_BYTES), "")
        if large:
            return DataFacts(spec, too_large=large)
        if (spec, stamp) not in self._facts:
            _make_room(self._facts, MOST_KEPT)
            self._facts[spec, stamp] = _judged(spec, self._read(spec, stamp, folder))
        return self._facts[spec, stamp]

    def _read(self, spec: Spec, stamp: Stamp, folder: Path) -> Dataset | Rejected:
        """The data, which are the same whatever else the spec says."""
        if (spec.data, stamp) not in self._data:
            _make_room(self._data, MOST_DATA)
            try:
                self._data[spec.data, stamp] = compiler.read_data(spec, folder)
            except Rejected as rejected:
                self._data[spec.data, stamp] = rejected
        return self._data[spec.data, stamp]


def source_of(document: Document) -> DataSource | None:
    """The source that the block `data` names, as far as it can be read: the rest of the text may be half typed."""
    step = document.block("data")
    if step is None:
        return None
    reader = Reader(Scope({}, is_trial=True))
    try:
        source = read_source(step, reader).origin
        return _with_options(source, step, reader) if isinstance(source, Csv) and step.block else source
    except Enough:
        return None


def _with_options(source: Csv, step: nodes.Step, reader: Reader) -> Csv:
    """How the file is written may stand in the block, too."""
    rows: dict[str, Any] = {**below("data.csv", "option")}
    found: dict[str, Any] = {}
    for fact in step.block.body if step.block else ():
        if isinstance(fact, nodes.Fact) and (row := rows.get(fact.key.text)):
            value = reader.read(row, row.kind, fact.value)
            found |= {row.name: value} if value is not None else {}
    return replace(source, **found)


def _read_columns(source: DataSource, folder: Path) -> tuple[str, ...]:
    from bdnnlang.data.sources import open_source

    try:
        return tuple(open_source(source, folder).names)
    except Rejected:
        return ()


def _judged(spec: Spec, data: Dataset | Rejected) -> DataFacts:
    """What is wrong with the data, or with this spec on them."""
    if isinstance(data, Rejected):
        return DataFacts(spec, diagnostics=data.diagnostics)
    try:
        compiler.training_problem(spec, data)
    except Rejected as rejected:
        return DataFacts(spec, data.classes, (*data.warnings, *rejected.diagnostics))
    return DataFacts(spec, data.classes, data.warnings)


def _sources(data: DataSpec) -> Iterator[DataSource]:
    yield data.source
    yield from (part for part in (data.test, data.validation) if isinstance(part, Csv))


def _stamp(sources: Any, folder: Path) -> Stamp:
    """Of the files among these sources, as far as they are there."""
    paths = [folder / source.path for source in sources if isinstance(source, Csv | Npz)]
    return tuple(_stamped(path) for path in paths)


def _stamped(path: Path) -> tuple[str, int, int]:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return str(path), 0, 0
    return str(path), status.st_mtime_ns, status.st_size


def _make_room(kept: dict[Any, Any], most: int) -> None:
    if len(kept) >= most:
        kept.clear()


def _spans(made: Any) -> Iterator[Span | None]:
    """All places that a spec knows, in an order that equal specs share."""
    if isinstance(made, Span) or made is None:
        yield made
    elif dataclasses.is_dataclass(made):
        for part in dataclasses.fields(made):
            if part.compare or part.name.endswith("span"):
                yield from _spans(getattr(made, part.name))
    elif isinstance(made, tuple):
        for item in made:
            yield from _spans(item)
