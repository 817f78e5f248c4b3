"""What a notebook shows, and pages: well-formed, self-contained, and nothing in them comes from the data unescaped."""

from dataclasses import replace
from pathlib import Path

import pytest
from report.html.seen import Seen

import bdnnlang as bd
from api.texts import IRIS
from bdnnlang.api.html import COLORS
from bdnnlang.run.status import RunStatus


@pytest.fixture(scope="module")
def iris() -> bd.Result:
    return bd.train(IRIS)


def test_it_says_what_the_result_says(iris: bd.Result) -> None:
    seen = Seen(iris._repr_html_())
    assert set(seen.tags) == {
        *("div", "p", "span", "table", "tr", "th", "td", "pre", "details", "summary"),
        *("svg", "title", "desc", "g", "path", "rect", "circle", "text"),
    }
    assert not {"class", "id", "href"} & {name for _, name, _ in seen.attributes}  # a notebook has its own
    assert seen.of("text") == ["petal_length_cm", "petal_width_cm", "h1", "virginica"]
    assert "feasible" in seen.text
    assert "train 96.0 %, test 96.0 %" in seen.text
    assert "h1 if petal_length_cm + petal_width_cm >= 6.5" in seen.text
    assert iris.summary() in seen.text


def test_texts_of_the_data_are_escaped(iris: bd.Result) -> None:
    evil = "<script>alert('1')</script>&amp;"
    assert iris.file is not None
    file = replace(iris.file, classes=(evil, "b"))
    seen = Seen(replace(iris, notes=(evil,), report=evil, file=file)._repr_html_())
    assert seen.text.count(evil) == 3


@pytest.mark.parametrize("status", RunStatus)
def test_every_status_has_a_colour(status: RunStatus, iris: bd.Result) -> None:
    assert COLORS[status] in replace(iris, status=status)._repr_html_()


def test_pages(iris: bd.Result, tmp_path: Path) -> None:
    """Of a result, and of the folder that it was saved in."""
    first = Seen(iris.report_html(tmp_path / "a.html").read_text(encoding="utf-8"))
    folder = iris.save(tmp_path / "run")
    second = Seen(bd.read_run(folder).report_html(str(tmp_path / "b.html")).read_text(encoding="utf-8"))
    assert first.of("h1") == ["iris"]
    assert second.of("h1") == ["run"]
    assert first.of("h2") == second.of("h2")
    assert first.values("path", "d") == second.values("path", "d")  # the network, and the time that it took
    assert f"bdnnc verify {folder}" in second.text


def test_a_run_without_a_network(iris: bd.Result, tmp_path: Path) -> None:
    assert iris.run is not None
    none = replace(iris.run.run, best=None, status=RunStatus.NO_NETWORK)
    empty = replace(iris, file=None, run=replace(iris.run, run=none, scores=None, confusions={}), status=RunStatus.NO_NETWORK)
    seen = Seen(empty.report_html(tmp_path / "none.html").read_text(encoding="utf-8"))
    assert "The run found no network." in seen.text
    assert "Class by class" not in seen.of("h2")
    assert "svg" not in Seen(empty._repr_html_()).tags
