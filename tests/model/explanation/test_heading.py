"""The comments at the head of a file: what they say, and that no reader minds them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from readers import HIGHS, SCIP, ask, cbc, glpsol

from bdnnlang import solve
from model.explanation.specs import built

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", ["whole", "real", "priced", "published"])
def test_a_heading(name: str, golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / f"{name}.head.txt", "\n".join(built(name).comments()) + "\n")


def test_it_does_not_know_where_or_when() -> None:
    first, again = (built("whole").comments() for _ in range(2))
    assert first == again
    assert not [line for line in first if "/" in line.replace("bdnnc", "")]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The same program as MPS and as LP, each with the heading and without."""
    folder, file = tmp_path_factory.mktemp("headed"), built("whole")
    paths = [folder / f"{name}.{form}" for form in ("mps", "lp") for name in ("with", "without")]
    for path in paths:
        solve.save(path.suffix[1:], file.milp, path, comments=file.comments() if path.stem == "with" else ())
    return paths


@pytest.mark.parametrize("script", [HIGHS, SCIP], ids=["HiGHS", "SCIP"])
def test_libraries_pass_over_it(script: str, files: list[Path]) -> None:
    assert [said["optimum"] for said in ask(script, *files)] == [1.0] * 4


@pytest.mark.parametrize("reader", [cbc, glpsol], ids=["cbc", "glpsol"])
def test_programs_pass_over_it(reader: Callable[[Path, int], float | None], files: list[Path]) -> None:
    if shutil.which(reader.__name__) is None:
        pytest.skip(f"{reader.__name__} is not installed")
    assert [reader(path, 20) for path in files] == [1.0] * 4
