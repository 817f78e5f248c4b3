"""The texts that an editor has open, what they mean, and what their data say, each worked out once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bdnnlang import compiler
from bdnnlang.diagnostics import Diagnostic
from bdnnlang.language.merge import FileReader
from bdnnlang.language.spec import DataSource
from bdnnlang.lsp.completion import Surroundings
from bdnnlang.lsp.data_files import DataFacts, DataFiles, source_of
from bdnnlang.lsp.document import Document
from bdnnlang.source import Source, Span

MOST_FILES = 1000  # of a folder


@dataclass(slots=True)
class Opened:
    """A text in the editor. `path` None: it is no file yet. `data`: what was last said about its data."""

    name: str
    text: str
    path: Path | None
    version: int | None = None
    document: Document | None = None
    data: DataFacts | None = None

    @property
    def folder(self) -> Path:
        return self.path.parent if self.path else Path()


@dataclass(slots=True)
class Workspace:
    """By URI, as the editor names texts."""

    opened: dict[str, Opened] = field(default_factory=dict)
    files: DataFiles = field(default_factory=DataFiles)

    def put(self, uri: str, path: str | None, text: str, version: int | None) -> None:
        """A text was opened or changed; what it means, and what those mean that may use it, is to be found out anew."""
        before = self.opened.get(uri)
        opened = Opened(path or uri, text, Path(path) if path else None, version, data=before.data if before else None)
        self.opened[uri] = opened
        for other in self.opened.values():
            other.document = None

    def remove(self, uri: str) -> None:
        self.opened.pop(uri, None)

    def document(self, uri: str) -> Document:
        """What a text means. Raises KeyError for one that is not open."""
        opened = self.opened[uri]
        if opened.document is None:
            opened.document = Document.of(Source(opened.name, opened.text), self._reader(opened))
        return opened.document

    def _reader(self, opened: Opened) -> FileReader:
        """Files are as the editor has them, saved or not."""

        def read(relative: str, span: Span) -> Source:
            if opened.path is None:
                raise FileNotFoundError(2, "the text is no file yet", relative)
            found = compiler.read_source_beside(opened.folder, relative, span)
            place = Path(found.path).resolve()
            unsaved = (other.text for other in self.opened.values() if other.path and other.path.resolve() == place)
            return Source(found.path, next(unsaved, found.text))

        return read

    def data_diagnostics(self, uri: str) -> tuple[Diagnostic, ...]:
        """What the data have wrong with them, if that is known of this very spec."""
        opened, spec = self.opened[uri], self.document(uri).analysis.spec
        return opened.data.placed(spec) if opened.data and spec and opened.data.spec == spec else ()

    def read_data(self, uri: str, document: Document) -> None:
        """Finds out about the data of a document; takes as long as reading them."""
        opened, spec = self.opened.get(uri), document.analysis.spec
        if opened and spec:
            opened.data = self.files.facts(spec, opened.folder)

    def data_source(self, uri: str) -> DataSource | None:
        return source_of(self.document(uri))

    def surroundings(self, uri: str, columns: Sequence[str]) -> Surroundings:
        """What completion is to know besides the text."""
        opened = self.opened[uri]
        return Surroundings(columns, opened.data.classes if opened.data else (), lambda: _files_of(opened.folder))


def _files_of(folder: Path) -> list[str]:
    """Those in a folder and in the folders right below it, their paths relative to it."""
    try:
        found = [path for pattern in ("*", "*/*") for path in folder.glob(pattern) if path.is_file()]
    except OSError:
        return []
    return sorted(path.relative_to(folder).as_posix() for path in found[:MOST_FILES])
