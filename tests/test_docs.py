"""What README, CONTRIBUTING and docs point to is there, and so is each section of docs that the code cites."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from bdnnlang.cli.verbs import VERBS

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


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_verbs_and_targets_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`bdnnc ([a-z]+)", text)) <= set(VERBS)
    assert set(re.findall(r"`make ([a-z]+)", text)) <= targets


# ---- sections that are cited

CITING = [
    *(file for folder in ("bdnnlang", "tests", "specs") for file in sorted((ROOT / folder).rglob("*.py"))),
    *(ROOT / name for name in ("pyproject.toml", "Makefile", "grammar/bdnn.lark")),
    *PAGES,
]
CITING.remove(Path(__file__))
PAGE_NAMES = "models|architecture|solvers|glossary|reliability|language"
CITED = re.compile(rf"\b({PAGE_NAMES})\.md\)?,? (?:sections? )?(\d[\d., and]*)")
NUMBERED = re.compile(r"^#+ (\d+(?:\.\d+)*)\.? ", re.MULTILINE)
ELSEWHERE = re.compile(r"\b(?:MODELS|RELIABILITY|SOLVERS|LANGUAGE|HOUSE|USERS)\.md")


def prose(file: Path) -> str:
    """The text in one line: a citation may go over the end of one."""
    return re.sub(r"\s*\n\s*(?:#|//)?\s*", " ", file.read_text(encoding="utf-8"))


@cache
def sections(page: str) -> set[str]:
    path = ROOT / "docs" / f"{page}.md"
    return set(NUMBERED.findall(path.read_text(encoding="utf-8"))) if path.exists() else set()


def missing_sections(text: str) -> list[str]:
    cited = ((page, number) for page, numbers in CITED.findall(text) for number in re.findall(r"\d+(?:\.\d+)*", numbers))
    return [f"docs/{page}.md {number}" for page, number in cited if number not in sections(page)]


def test_a_cited_section_exists() -> None:
    missing = {short(file): found for file in CITING if (found := missing_sections(prose(file)))}
    assert missing == {}


def test_no_page_outside_this_repository_is_cited() -> None:
    assert [short(file) for file in CITING if ELSEWHERE.search(prose(file))] == []


def test_what_is_missing_is_found() -> None:
    assert missing_sections("see docs/models.md 3.99, and docs/solvers.md, sections 1 and 77") == [
        "docs/models.md 3.99",
        "docs/solvers.md 77",
    ]


def test_the_models_are_cited_where_they_are_made() -> None:
    passes = [file for file in (ROOT / "bdnnlang" / "model" / "passes").glob("*.py") if file.name != "__init__.py"]
    assert [file.name for file in passes if "docs/models.md" not in prose(file)] == []


# ---- the glossary


def glossary() -> list[list[str]]:
    """The words of each section, as they stand."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    tables = re.split(r"^## .*$", text, flags=re.MULTILINE)[1:]
    return [re.findall(r"^\| (?!word |-)(.+?) \|", table, re.MULTILINE) for table in tables]


def test_a_word_has_one_entry() -> None:
    words = [word.strip(" `") for table in glossary() for entry in table for word in entry.split(",")]
    assert len(words) > 80
    assert sorted(words) == sorted(set(words))


def test_words_are_in_order() -> None:
    for table in glossary():
        plain = [entry.lower().replace("`", "").replace("-", " ") for entry in table]
        assert plain == sorted(plain)
