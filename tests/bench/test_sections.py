"""A section of a page is rewritten, and nothing around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bdnnlang.bench.sections import rewrite


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# A\n\n<!-- x: begin -->\nold\n<!-- x: end -->\n\nb\n", "# A\n\n<!-- x: begin -->\nnew\n<!-- x: end -->\n\nb\n"),
        ("# A\n", "# A\n\n## X\n\n<!-- x: begin -->\nnew\n<!-- x: end -->\n"),
        (None, "## X\n\n<!-- x: begin -->\nnew\n<!-- x: end -->\n"),
    ],
)
def test_only_the_section_is_rewritten(tmp_path: Path, before: str | None, after: str) -> None:
    page = tmp_path / "page.md"
    if before is not None:
        page.write_text(before)
    for _ in range(2):
        rewrite(page, "x", "new", title="## X")
        assert page.read_text() == after
