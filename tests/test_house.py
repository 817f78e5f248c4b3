"""The sizes of the house: rooms of fifteen files, files of 400 lines, functions of sixty and mostly of ten."""

from __future__ import annotations

import ast
import runpy
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "bdnnlang"
FILES = sorted(PACKAGE.rglob("*.py"))
ROOMS = sorted({file.parent for file in FILES})


def short(path: Path) -> str:
    return str(path.relative_to(PACKAGE.parent))


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """In lines, without decorators."""
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


@pytest.mark.parametrize("room", ROOMS, ids=short)
def test_a_room_has_at_most_fifteen_files(room: Path) -> None:
    assert len([file for file in room.glob("*.py") if file.name != "__init__.py"]) <= 15


def test_a_file_has_at_most_400_lines() -> None:
    assert {short(file): n for file in FILES if (n := len(file.read_text(encoding="utf-8").splitlines())) > 400} == {}


def test_a_function_has_at_most_sixty_lines_and_most_have_ten() -> None:
    lengths = {f"{short(file)}:{node.lineno}": length(node) for file in FILES for node in functions(file)}
    assert {place: n for place, n in lengths.items() if n > 60} == {}
    assert statistics.median(lengths.values()) <= 10


def test_the_graph_of_rooms_is_that_of_today() -> None:
    """`make imports` writes it."""
    page = PACKAGE.parent / "docs" / "architecture.md"
    imports = runpy.run_path(str(PACKAGE.parent / ".ci" / "imports.py"))
    assert imports["written"](page.read_text(encoding="utf-8")) == page.read_text(encoding="utf-8")
