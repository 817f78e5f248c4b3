"""What a verb writes never destroys what it reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from bdnnlang import cli

SPEC = 'bdnn 1\nuse "shared.bdnn"\ndata csv("d.csv") { test = 0% }\nnetwork { hidden 1 }\ntrain { exact 1s }\n'


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    (tmp_path / "d.csv").write_text("a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,1\n")
    (tmp_path / "shared.bdnn").write_text("bdnn 1 fragment\ntrain { seed = 3 }\n")
    (tmp_path / "s.bdnn").write_text(SPEC)
    return tmp_path / "s.bdnn"


@pytest.mark.parametrize("name", ["s.bdnn", "shared.bdnn", "d.csv", "link"])
def test_compile_replaces_no_input(spec: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (spec.parent / "link").symlink_to("d.csv")
    before = {path.name: path.read_bytes() for path in spec.parent.iterdir()}
    assert cli.main(["compile", str(spec), "-o", str(spec.parent / name), "--to", "mps"]) == 2
    assert "is an input of this command" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in spec.parent.iterdir()} == before


def test_bench_replaces_no_spec(spec: Path) -> None:
    text = spec.read_text()
    assert cli.main(["bench", str(spec), "--time", "1s", "--json", str(spec)]) == 2
    assert spec.read_text() == text


def test_a_read_only_model_stays(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = spec.parent / "x.mps"
    model.write_text("mine")
    model.chmod(0o444)
    assert cli.main(["compile", str(spec), "-o", str(model)]) == 2
    assert "the file is read-only" in capsys.readouterr().err
    assert model.read_text() == "mine"
