from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bdnnlang.data.dataset import Dataset
from bdnnlang.data.load import load
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.reading.build import CSV_OPTIONS
from bdnnlang.language.spec import Csv, DataSpec
from bdnnlang.source import Source, Span

TEXT = 'bdnn 1\ndata csv("t.csv") {\n  test = 25%\n}\n'


def span_of(part: str) -> Span:
    """Where `part` stands in a spec, for nodes made by hand."""
    start = TEXT.index(part)
    return Span(Source("t.bdnn", TEXT), start, start + len(part))


Loader = Callable[..., Dataset]
Refuser = Callable[..., tuple[Diagnostic, ...]]


@pytest.fixture
def load_csv(tmp_path: Path) -> Loader:
    """Load a csv file with this text: what is an option of `Csv` goes to the source, the rest to the DataSpec."""

    def run(text: str | bytes, **settings: object) -> Dataset:
        data = text.encode() if isinstance(text, str) else text
        (tmp_path / "t.csv").write_bytes(data)
        options = {name: settings.pop(name) for name in CSV_OPTIONS & settings.keys()}
        source = Csv("t.csv", **options, span=span_of('csv("t.csv")'))  # type: ignore[arg-type]
        return load(DataSpec(source, **settings), tmp_path)  # type: ignore[arg-type]

    return run


@pytest.fixture
def refuse_csv(load_csv: Loader) -> Refuser:
    """The same for a file that must be refused: its diagnostics, each of which has a place and a hint."""

    def run(text: str | bytes, **settings: object) -> tuple[Diagnostic, ...]:
        with pytest.raises(Rejected) as caught:
            load_csv(text, **settings)
        for diagnostic in caught.value.diagnostics:
            assert diagnostic.hint
            assert diagnostic.span is not None
            assert diagnostic.message[0] != diagnostic.message[0].upper() or diagnostic.message[0] in "`"
            assert not diagnostic.message.endswith(".")
        return caught.value.diagnostics

    return run
