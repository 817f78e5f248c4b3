"""Run folders as earlier versions wrote them are read: schema 1 (0.1), schema 2 with a journal of networks (before the facts),
and with models compared by other rules.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bdnnlang import cli
from bdnnlang.run.journal import read_journal

RUNS = Path(__file__).parent / "runs"
SCHEMAS = ("schema_1", "schema_2", "schema_2_compare")


@pytest.fixture(params=SCHEMAS)
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of such a folder beside its data and its spec."""
    for name in ("rows.csv", "s.bdnn"):
        shutil.copy(RUNS / name, tmp_path)
    return Path(shutil.copytree(RUNS / request.param, tmp_path / request.param))


def test_verify(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", str(run)]) == 0
    assert "ok      result.verified_loss: " in capsys.readouterr().out


def test_bytes_by_earlier_rules_are_named(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    compared = len(json.loads((run / "run.json").read_text()).get("compare", []))
    cli.main(["verify", str(run)])
    assert capsys.readouterr().out.count("(earlier versions counted by other rules)") == compared


def test_a_falsified_one_is_found(run: Path) -> None:
    stated = json.loads((run / "run.json").read_text())
    stated["result"]["verified_loss"] += 1
    (run / "run.json").write_text(json.dumps(stated))
    assert cli.main(["verify", str(run)]) == 4


def test_predict(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["predict", str(run), str(run.parent / "rows.csv")]) == 0
    said = [line.split(",")[-1] for line in capsys.readouterr().out.split()[1:]]
    right = sum(a == line.split(",")[-1] for a, line in zip(said, (run.parent / "rows.csv").read_text().split()[1:], strict=True))
    assert len(said) - right == json.loads((run / "run.json").read_text())["result"]["verified_loss"]


def test_show(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Version 0.1 kept no report; its spec is there."""
    assert cli.main(["show", str(run / "spec.bdnn")]) == 0
    assert "hidden 2" in capsys.readouterr().out
    assert cli.main(["show", str(run)]) == (2 if run.name == "schema_1" else 0)


def test_its_journal(run: Path) -> None:
    lines = read_journal(run / "journal.jsonl")
    assert lines.damaged == ()
    assert len(lines.networks()) > 0


def test_resume_carries_on_with_its_networks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("rows.csv", "s.bdnn"):
        shutil.copy(RUNS / name, tmp_path)
    out = tmp_path / "r"
    out.mkdir()
    shutil.copy(RUNS / "schema_2" / "journal.jsonl", out)
    assert cli.main(["run", str(tmp_path / "s.bdnn"), "--out", str(out), "--resume"]) == 0
    assert "starts anew" not in capsys.readouterr().err
    before, after = (place.read_text().splitlines() for place in (RUNS / "schema_2" / "journal.jsonl", out / "journal.jsonl"))
    assert after[: len(before)] == before
    first = next(entry for line in after if (entry := json.loads(line)["entry"]).get("fact") == "NetworkFound")
    assert first["incumbent"]["objective"] == min(json.loads(line)["entry"].get("loss", 9) for line in before)
    assert cli.main(["verify", str(out)]) == 0
