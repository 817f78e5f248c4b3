"""Plain words: the private language that the first edition spoke occurs no more, in names or in prose."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "bdnnlang"
FILES = sorted(PACKAGE.rglob("*.py"))

# Words that have no ordinary meaning here. Those that have one (worth, reach, told, whole) are left to the reader.
PRIVATE = ("terrain", "epitaph", "heed", "heeds", "sway", "sways", "dearest", "twin", "twins", "silences")
WORD = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(PRIVATE)})(?![A-Za-z])", re.IGNORECASE)
# What was renamed: as names of classes and functions these say nothing.
RENAMED = {
    *("Ours", "Halt", "Refused", "Frame", "Delta", "Terrain", "Position", "Guide", "Improve", "Around", "Gamma", "Task"),
    *("epitaph", "heed", "worth", "sound", "meant", "silences", "sway", "wanted", "twins", "turned", "arranged"),
    *("reach", "floor", "cone", "deal", "bell", "told"),
}


def defined(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name


def private_words(text: str) -> list[str]:
    return [found[0] for found in WORD.finditer(text)]


@pytest.mark.parametrize("text", ["a_twin = 1", "# the dearest of them", "class Terrain:"])
def test_a_private_word_is_found(text: str) -> None:
    assert private_words(text)


@pytest.mark.parametrize("text", ["between", "Epitaphs of intertwined", "heeded"])
def test_a_part_of_a_word_is_not(text: str) -> None:
    assert private_words(text) == []


def test_no_private_word_is_left() -> None:
    lines = (
        f"{file.relative_to(PACKAGE.parent)}:{number}: {line.strip()}"
        for file in FILES
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if private_words(line)
    )
    assert list(lines) == []


def test_no_old_name_is_defined_anew() -> None:
    assert {str(file.relative_to(PACKAGE.parent)): old for file in FILES if (old := RENAMED & set(defined(file)))} == {}
