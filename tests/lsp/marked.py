"""Texts with a mark `|` where the pointer is."""

from __future__ import annotations

from bdnnlang.lsp.document import Document
from bdnnlang.source import Source, Span

SPEC = "bdnn 1\ndata iris { test = 20% }\nnetwork { hidden 2 }\ntrain { exact 1min }\n"


def opened(marked: str, **files: str) -> tuple[Document, int]:
    """The document without its mark, and the offset of the mark (0 if there is none); `files` by name without `.bdnn`."""

    def read(path: str, span: Span) -> Source:
        name = path.removesuffix(".bdnn")
        if name not in files:
            raise FileNotFoundError(2, "no such file", path)
        return Source(path, files[name])

    before, mark, after = marked.partition("|")
    return Document.of(Source("main.bdnn", before + after), read), len(before) if mark else 0
