"""Each code of `import` has a pair in `tests/errors`: the bad example of its page, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import bdnnlang as bd
from bdnnlang.data.load import load as load_data
from bdnnlang.diagnostics import registered
from bdnnlang.imports import errors
from bdnnlang.imports.bring import bring
from bdnnlang.imports.errors import FileRefused
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.render import render
from bdnnlang.solve.answers.base import Kind

Golden = Callable[[Path, str], None]
FOLDER = Path(__file__).parents[1] / "errors"
PAGES = registered(errors.__name__)


@pytest.fixture(scope="module")
def training() -> TrainingProblem:
    spec = bd.load_spec(errors.SPEC)
    return TrainingProblem(spec, load_data(spec.data, FOLDER))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_what_is_said(
    page: type[FileRefused], training: TrainingProblem, golden: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = Path(f"{page.code}.sol")
    file.write_text(page.bad)
    with pytest.raises(bd.SpecError) as caught:
        bring(training, file)
    assert [found.code for found in caught.value.diagnostics] == [page.code]
    golden(FOLDER / f"{page.code}.sol", page.bad)
    golden(FOLDER / f"{page.code}.err", render(caught.value.diagnostics, "full"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_the_good_example_is_a_network(page: type[FileRefused], training: TrainingProblem, tmp_path: Path) -> None:
    (tmp_path / "good.sol").write_text(page.good)
    assert bring(training, tmp_path / "good.sol").kept


def test_each_kind_of_refusal_has_a_page() -> None:
    assert set(errors.PAGES) == set(Kind)
    assert {page for page, _ in errors.PAGES.values()} | {errors.OtherNetwork} == set(PAGES)
