"""What README, CONTRIBUTING and docs point to is there, and so is each section of docs that the code cites."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PLACE = re.compile(r"`((?:bdnnlang|grammar|tests|specs|docs|\.ci)/[\w./*-]*)`")


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """What GitHub makes of headings."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_a_relative_link_leads_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    for link in links:
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), f"{short(page)}: {link}"
        assert not anchor or anchor in anchors(target), f"{short(page)}: {link}"


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_a_path_in_backticks_exists(page: Path) -> None:
    missing = [place for place in PLACE.findall(page.read_text(encoding="utf-8")) if not list(ROOT.glob(place.rstrip("/")))]
    assert missing == []
