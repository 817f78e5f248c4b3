"""The report of a sweep's folder, on the terminal and as a page."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from report.html.seen import Seen
from sweep.test_verify import SPEC, XOR

from bdnnlang import cli


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep of two points."""
    place = tmp_path_factory.mktemp("reported")
    (place / "xor.csv").write_text(XOR)
    (place / "s.bdnn").write_text(SPEC.replace("seed in int[0, 1]", "seed in {0}"))
    assert cli.main(["run", str(place / "s.bdnn"), "--out", str(place / "runs")]) == 0
    return place / "runs"


def page(*folders: Path, place: Path) -> Seen:
    assert cli.main(["report", *map(str, folders), "--html", str(place)]) == 0
    return Seen(place.read_text(encoding="utf-8"))


def test_a_page(finished: Path, tmp_path: Path) -> None:
    seen = page(finished, place=tmp_path / "s.html")
    assert seen.of("h2")[:3] == ["Sweep", "Points", "Result"]
    names = [path.name for path in sorted(finished.iterdir()) if path.is_dir()]
    assert len(names) == 2
    assert all(seen.of("h3").count(name) >= 5 for name in names)
    assert "2 points: 2 ended" in seen.text
    assert "Every run is shown in full below." in seen.text


def test_beside_others_its_runs_are_runs(finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = next(path for path in sorted(finished.iterdir()) if path.is_dir())
    assert page(finished, run, place=tmp_path / "s.html").of("h1") == ["3 runs side by side"]
    capsys.readouterr()
    assert cli.main(["report", str(finished), str(run)]) == 0
    assert capsys.readouterr().out.splitlines()[0].startswith("run ")


def test_on_a_terminal(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert cli.main(["report", str(finished)]) == 0
    assert capsys.readouterr().out == (finished / "report.txt").read_text() + f"\nsweep folder: {finished}\n"


def test_damage(finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = Path(shutil.copytree(finished, tmp_path / "copy"))
    content = json.loads((copy / "sweep.json").read_text())
    content["points"][0]["folder"] = "../elsewhere"
    (copy / "sweep.json").write_text(json.dumps(content))
    assert cli.main(["report", str(copy), "--html", str(tmp_path / "s.html")]) == 1
    assert "a point has no folder of its own" in capsys.readouterr().err
    assert not (tmp_path / "s.html").exists()
