"""Loading specs in tests, without a file system."""

from collections.abc import Mapping
from typing import Any

from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.load import load
from bdnnlang.language.spec import Spec
from bdnnlang.source import Source, Span

MINIMAL = "bdnn 1\ndata iris\nnetwork { hidden 2 }\ntrain { exact 1min }\n"


def good(text: str, files: Mapping[str, str] = {}, **options: Any) -> Spec:
    """The spec of a text without errors or warnings."""
    spec, warnings = load(Source("x.bdnn", text), read=reader(files), **options)
    assert not warnings
    return spec


def diagnostics_of(text: str, files: Mapping[str, str] = {}, **options: Any) -> tuple[Diagnostic, ...]:
    """Everything that is said about a text."""
    try:
        return load(Source("x.bdnn", text), read=reader(files), **options)[1]
    except Rejected as rejected:
        return rejected.diagnostics


def codes(text: str, files: Mapping[str, str] = {}, **options: Any) -> list[str]:
    return [diagnostic.code for diagnostic in diagnostics_of(text, files, **options)]


def reader(files: Mapping[str, str]) -> Any:
    def read(path: str, span: Span) -> Source:
        if path not in files:
            raise FileNotFoundError(2, "No such file or directory", path)
        return Source(path, files[path])

    return read
