"""`bdnnc report`: the page of runs with names that are made to break it, and what is printed in its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from report.html.seen import Seen

from bdnnlang import cli

EVIL = "<script>alert('columns')</script>"
CLASSES = ('</td><script>alert("class")</script>', 'größer & "quoted" 花' + "w" * 80)
SPEC = """bdnn 1
data csv("rows.csv") {
  target = "y"
  scale none
  test = 25%
}
network {
  weights in {-1, 0, 1}
  hidden 1
}
robust linf(0.5) { method = certified }
require { nonzeros <= 3 }
train {
  local_search 60s { restarts = 0 }
}
evaluate {
  attack random_sign([0, 1, 2])
  attack linf(1)
}
"""


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of names that are dangerous, and of all that a report can hold."""
    folder = tmp_path_factory.mktemp("report")
    head = f"{quoted(EVIL)},b c,y\n"
    rows = "".join(f"{3 * (i % 7)},{3 * (i % 5)},{quoted(CLASSES[i % 7 > 3])}\n" for i in range(40))
    (folder / "rows.csv").write_text(head + rows, encoding="utf-8")
    (folder / "evil.bdnn").write_text(SPEC)
    assert cli.main(["run", str(folder / "evil.bdnn"), "--out", str(folder / "runs" / "evil")]) == 0
    return folder


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    place = folder / "out.html"
    assert cli.main(["report", str(folder / "runs" / "evil"), "--html", str(place)]) == 0
    return place.read_text(encoding="utf-8")


def test_a_page_is_whole(page: str) -> None:
    seen = Seen(page)
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert seen.of("h2") == [
        *("Result", "Network", "Class by class", "Robustness", "Requirements"),
        *("Loss and bound over time", "Bounds and proofs", "Sizes", "Data", "How to reproduce it"),
    ]
    names = {value for tag, name, value in seen.attributes if name == "id"}
    assert {value.removeprefix("#") for value in seen.values("a", "href")} <= names
    (style,) = seen.of("style")
    assert all(rule in style for rule in ("prefers-color-scheme:dark", "@media print", "max-width:40rem"))


def test_names_of_the_data_are_texts(page: str) -> None:
    seen = Seen(page)
    assert any("<script>" in text for text in seen.of("th"))
    assert any(EVIL in text for text in seen.of("title"))  # the rule of a neuron
    assert "größer" in seen.text
    assert "花" in seen.text


def test_every_heading_of_a_table_has_a_scope(page: str) -> None:
    seen = Seen(page)
    assert len(seen.values("th", "scope")) == seen.tags.count("th") > 20
    assert set(seen.values("th", "scope")) == {"row", "col"}
    assert seen.tags.count("svg") == len(seen.values("svg", "role")) == len(seen.of("desc")) == 3
    assert len(seen.values("div", "aria-label")) == len([name for _, name, value in seen.attributes if name == "tabindex"])


def test_the_page_says_what_run_json_says(page: str, folder: Path) -> None:
    run = json.loads((folder / "runs" / "evil" / "run.json").read_text())
    text = Seen(page).text
    assert run["result"]["network_sha256"] in text
    assert run["data"]["sha256"] in text
    assert f"numpy {run['versions']['numpy']}" in text
    for part in ("train", "test"):
        right = sum(row[k] for k, row in enumerate(run["confusion"][part]))
        assert f"{part}: {right:,} of {run['data'][part]:,} right" in text
    assert f"{run['result']['robust']['certified']} of {run['data']['train']} training samples certified right" in text
    assert run["requirements"][0]["text"] in text
    assert all(f"{100 * size['accuracy']:.1f} %" in text for size in run["attacks"][0]["sizes"])


def test_on_a_terminal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = str(folder / "runs" / "evil")
    capsys.readouterr()
    assert cli.main(["report", run]) == 0
    assert capsys.readouterr().out == (folder / "runs" / "evil" / "report.txt").read_text() + f"\nrun folder: {run}\n"
    assert cli.main(["report", run, run]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert next(line for line in lines if line.startswith("network")).split(maxsplit=1)[1].count("2 → 1 → 1") == 2


def test_refusals(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = folder / "runs" / "evil"
    before = (run / "run.json").read_bytes()
    assert cli.main(["report", str(run), "--html", str(run / "run.json")]) == 2
    assert (run / "run.json").read_bytes() == before
    assert cli.main(["report", str(tmp_path), "--html", str(tmp_path / "x.html")]) == 2
    assert cli.main(["report", str(run), "--html", str(tmp_path / "none" / "x.html")]) == 2
    assert not list(tmp_path.iterdir())
    capsys.readouterr()
