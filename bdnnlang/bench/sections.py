"""Sections of a page that programs write: each stands between two markers, and what is around them stays."""

from __future__ import annotations

from pathlib import Path


def rewrite(page: Path, name: str, content: str, *, title: str = "") -> None:
    """Replace the section of a page; where it has none, add it at the end, below the title."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    if begin not in text or end not in text:
        text = "\n\n".join(filter(None, [text.rstrip(), title, f"{begin}\n{end}\n"]))
    head, tail = text.split(begin)[0], text.split(end, 1)[1]
    page.write_text(f"{head}{begin}\n{content}\n{end}{tail}", encoding="utf-8")
