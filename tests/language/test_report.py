"""The block `report`: files of their own, which stay in the run folder, and never those of the run itself."""

import pytest
from loading import MINIMAL, diagnostics_of, good

from bdnnlang.folder.storage import FILES
from bdnnlang.language.effective import effective
from bdnnlang.language.spec import HtmlPage, JsonMetrics, Plot, ReportSpec


def with_report(inside):
    return f"{MINIMAL}\nreport {{\n{inside}\n}}\n"


def test_it_is_read():
    spec = good(with_report('html "a.html"\njson "sub/b.json"\nplot [network, progress]\nmetrics = [recall]'))
    outputs = (HtmlPage("a.html"), JsonMetrics("sub/b.json"), Plot(("network", "progress")))
    assert spec.report == ReportSpec(("recall",), outputs)
    assert spec.report.files == ("a.html", "sub/b.json", "network.svg", "progress.svg")


def test_what_says_nothing_is_left_out():
    assert good(MINIMAL).report == good(with_report("")).report == ReportSpec(("accuracy", "recall", "precision"), ())
    assert "report" not in effective(good(with_report("metrics = [accuracy, recall, precision]")))


@pytest.mark.parametrize(
    "path",
    ["../a.html", "/a.html", "a/../../b.html", "C:/a.html", "a\\\\b.html", "~/../a.html", ".html", ".new/a.html", "a//b.html"],
)
def test_no_path_leaves_the_run_folder(path):
    (error,) = diagnostics_of(with_report(f'html "{path}"'))
    assert (error.code, error.message) == ("E114", "`html` must be a path that stays in the run folder")


@pytest.mark.parametrize("name", ["run.json", "Network.json", "a.txt", "a.html"])
def test_what_is_no_file_for_scores(name):
    (error,) = diagnostics_of(with_report(f'json "{name}"'))
    assert error.message == "`json` must be the path of a file in the run folder that ends in `.json`"


def test_a_path_is_no_longer_than_systems_bear():
    (error,) = diagnostics_of(with_report(f'html "{"a" * 196}.html"'))
    assert error.code == "E114"
    assert good(with_report(f'html "{"a" * 195}.html"'))


def test_all_files_of_a_run_are_taken():
    taken = {name for name in FILES if name.endswith((".html", ".json", ".svg"))}
    assert taken == {*JsonMetrics.row.kind.taken, *HtmlPage.row.kind.taken}


def test_two_outputs_are_two_files():
    (error,) = diagnostics_of(with_report('html "a.html"\nhtml "A.html"'))
    assert (error.code, error.name) == ("E105", "A.html")
    (error,) = diagnostics_of(with_report("plot [network]\nplot [progress, network]"))
    assert (error.code, error.name) == ("E105", "network.svg")


def test_a_bare_word_is_no_path():
    (error,) = diagnostics_of(with_report("html page"))
    assert error.code == "E111"
    (error,) = diagnostics_of(with_report("plot network"))
    assert error.code == "E111"
