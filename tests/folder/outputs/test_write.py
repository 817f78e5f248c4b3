"""The files of the block `report` in a run folder: with the run they speak of, or not at all, and never over another file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import bdnnlang as bd
from bdnnlang.api.specs import SpecWarning
from bdnnlang.cli.entry import main
from bdnnlang.folder.outputs.write import remove_outputs, write_outputs
from bdnnlang.language.spec import HtmlPage, JsonMetrics, Plot, ReportSpec

SPEC = """bdnn 1
data iris { classes = ["versicolor", "virginica"], scale none }
network { weights in {-1, 0, 1}, hidden 1 }
train { local_search 20s { restarts = 0 } }
report {
  html "pages/out.html"
  json "out.json"
  plot [network]
  metrics = [accuracy]
}
"""
ALL = {"pages/out.html", "out.json", "network.svg"}


def outputs(folder: Path) -> set[str]:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return {name for name in found if name.endswith((".html", ".svg")) or name == "out.json"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("outputs")
    (place / "a.bdnn").write_text(SPEC)
    assert main(["run", str(place / "a.bdnn"), "--out", str(place / "run")]) == 0
    return place / "run"


def test_they_lie_in_the_run_folder(folder: Path) -> None:
    assert outputs(folder) == ALL
    stated = json.loads((folder / "run.json").read_bytes())
    made = json.loads((folder / "out.json").read_bytes())
    assert made["parts"]["test"]["accuracy"] == stated["result"]["test_accuracy"]
    assert made["parts"]["train"]["confusion"] == stated["confusion"]["train"]
    assert main(["verify", str(folder)]) == 0


def test_the_page_is_that_of_the_verb(folder: Path, tmp_path: Path) -> None:
    assert main(["report", str(folder), "--html", str(tmp_path / "page.html")]) == 0
    assert (folder / "pages" / "out.html").read_bytes() == (tmp_path / "page.html").read_bytes()


def test_the_printed_report_shows_what_is_asked_for(folder: Path) -> None:
    printed = (folder / "report.txt").read_text()
    assert "accuracy  train " in printed
    assert "recall" not in printed
    assert "samples" not in printed


def test_a_run_that_replaces_another_leaves_none_of_its_files(tmp_path: Path) -> None:
    spec, out = tmp_path / "a.bdnn", tmp_path / "run"
    spec.write_text(SPEC)
    assert main(["run", str(spec), "--out", str(out)]) == 0
    (out / "out.json").write_text("of the earlier run")
    spec.write_text(SPEC.replace('  html "pages/out.html"\n', "").replace("plot [network]", "plot [progress]"))
    assert main(["run", str(spec), "--out", str(out), "--force"]) == 0
    assert outputs(out) == {"out.json", "progress.svg"}
    assert json.loads((out / "out.json").read_bytes())["schema"] == 1


def test_files_of_others_stay(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.bdnn").write_text(SPEC)
    out = tmp_path / "run"
    out.mkdir()
    (out / "out.json").write_text("mine")
    assert main(["run", str(tmp_path / "a.bdnn"), "--out", str(out)]) == 0
    assert (out / "out.json").read_text() == "mine"
    assert f"warning: {out / 'out.json'} is not written: a file that is not of this run is there" in capsys.readouterr().err
    assert outputs(out) == ALL


def test_nothing_is_written_or_removed_through_a_link(tmp_path: Path, folder: Path) -> None:
    inside, outside = tmp_path / "run", tmp_path / "outside"
    outside.mkdir()
    inside.mkdir()
    for name in ("run.json", "network.json", "journal.jsonl", "spec.bdnn"):
        (inside / name).write_bytes((folder / name).read_bytes())
    (inside / "pages").symlink_to(outside)
    said: list[str] = []
    write_outputs(inside, ReportSpec(outputs=(HtmlPage("pages/out.html"), JsonMetrics("x.json"))), said.append)
    assert said == [f"warning: {inside / 'pages' / 'out.html'} is not written: it leads out of the run folder"]
    assert list(outside.iterdir()) == []
    assert (inside / "x.json").exists()
    (outside / "out.html").write_text("mine")
    remove_outputs(inside)
    assert (outside / "out.html").read_text() == "mine"


def test_what_a_run_without_a_network_leaves(tmp_path: Path, folder: Path) -> None:
    for name in ("journal.jsonl", "spec.bdnn"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    stated = json.loads((folder / "run.json").read_bytes())
    nothing = dict.fromkeys(("network", "network_sha256", "verified_loss", "verified_objective", "gap", "train_accuracy"))
    stated["result"] |= {**nothing, "status": "no_network", "test_accuracy": None}
    stated |= {"confusion": None, "per_class": None}
    (tmp_path / "run.json").write_text(json.dumps(stated))
    said: list[str] = []
    write_outputs(tmp_path, ReportSpec(outputs=(Plot(("network", "confusion")), JsonMetrics("x.json"))), said.append)
    assert [line.rpartition("/")[2] for line in said] == [
        "network.svg is not written: the run found no network",
        "confusion.svg is not written: the run found no network",
    ]
    made = json.loads((tmp_path / "x.json").read_bytes())
    assert (made["status"], made["loss"], made["parts"]) == ("no_network", {"name": "zero_one", "value": None}, {})


def test_a_result_that_is_saved_has_them(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "network.svg").write_text("mine")
    with pytest.warns(SpecWarning, match=r"network\.svg is not written"):
        out = bd.train(SPEC).save(tmp_path / "run")
    assert outputs(out) == ALL
    assert (out / "network.svg").read_text() == "mine"
