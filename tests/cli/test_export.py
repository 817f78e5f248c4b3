"""`bdnnc export`: what it writes, what it says of ranges and bits, and what it refuses."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from device.c.compilers import build, compiler

from bdnnlang import cli

ROWS = "t,n,colour,y\n" + "".join(
    f"{20 + i * 0.7:.1f},{i % 4 - 2},{('red', 'blue')[i % 2]},{'hot' if 0.7 * i + 3 * (i % 4) > 12 else 'cold'}\n"
    for i in range(24)
)
SPEC = """\
bdnn 1
data csv("d.csv") { test = 0%, STEPS }
network { weights in {-1, 0, 1}, hidden 1 }
train { local_search 2s { restarts = 30 } }
"""
Captured = pytest.CaptureFixture[str]


def run(folder: Path, steps: str) -> Path:
    (folder / "d.csv").write_text(ROWS)
    (folder / "s.bdnn").write_text(SPEC.replace("STEPS", steps))
    assert cli.main(["run", str(folder / "s.bdnn"), "--out", str(folder / "r")]) == 0
    return folder / "r"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(tmp_path_factory.mktemp("plain"), "scale none")


@pytest.fixture(scope="module")
def scaled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(tmp_path_factory.mktemp("scaled"), "scale standard")


def test_json_on_standard_output(plain: Path, capsys: Captured) -> None:
    capsys.readouterr()
    assert cli.main(["export", str(plain), "--format", "json", "--range", "n=-2..1"]) == 0
    out, said = capsys.readouterr()
    content = json.loads(out)
    whole = content["whole"]
    assert [(one["column"], one["lower"], one["upper"], one["unit"]) for one in whole["readings"]] == [
        ("t", 0, 65535, "0.1"),
        ("n", -2, 1, "1"),
        ("colour", 0, 2, "1"),
    ]
    assert content["name"] == "s"
    assert content["trained"] == json.loads((plain / "network.json").read_text())
    assert whole["rounding"] is None
    assert "no range is declared of 1 columns: they have that of the type that holds the data, uint16" in said


def test_nothing_is_replaced_unless_forced(plain: Path, tmp_path: Path, capsys: Captured) -> None:
    place = tmp_path / "n.json"
    command = ["export", str(plain), "--format", "json", "-o", str(place)]
    assert cli.main(command) == 0
    first = place.read_bytes()
    place.write_text("mine")
    assert cli.main(command) == 2
    assert "is there already, and stays" in capsys.readouterr().err
    assert place.read_text() == "mine"
    assert cli.main([*command, "--force"]) == 0
    assert place.read_bytes() == first


def test_a_folder_gets_a_file_of_that_name(plain: Path, tmp_path: Path) -> None:
    assert cli.main(["export", str(plain), "--format", "json", "-o", str(tmp_path), "--name", "My net-1"]) == 0
    assert json.loads((tmp_path / "my_net_1.json").read_text())["name"] == "my_net_1"


def test_without_a_place_files_go_to_the_working_folder(plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for form in ("c", "npz"):
        assert cli.main(["export", str(plain), "--format", form]) == 0
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["CMakeLists.txt", "s", "s.h", "s.npz", "s_selftest.h"]
    assert cli.main(["export", str(plain), "--format", "c"]) == 2
    assert cli.main(["export", str(plain), "--format", "c", "-o", "-"]) == 2


def test_rounding_is_said_and_written(scaled: Path, capsys: Captured) -> None:
    capsys.readouterr()
    assert cli.main(["export", str(scaled), "--format", "json", "--range", "t=0..99", "--range", "n=-9..9", "--round", "12"]) == 0
    out, said = capsys.readouterr()
    rounding = json.loads(out)["whole"]["rounding"]
    assert rounding["bits"] == 12
    assert rounding["rows"] == 24
    assert rounding["rows_that_differ"] <= rounding["rows_in_zone"]
    assert "bits became" in said
    assert f"of 24 rows of the data {rounding['rows_in_zone']} lie where a neuron may differ" in said


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--inputs", "uint8"), "`t` has the whole numbers 200 to 361 in units of 0.1, which uint8 does not hold"),
        (("--range", "u=0..1"), "no column `u` is used"),
        (("--range", "t=0.."), "`t=0..` is not a range such as age=0..120"),
        (("--range", "t=3..2"), "`t=3..2` is not a range"),
        (("--unit", "t=0"), "`t=0` is not a unit"),
        (("--round", "1"), "is not a whole number from 2"),
        (("--data", "nowhere"), "are not where they were"),
    ],
)
def test_what_is_refused(plain: Path, words: tuple[str, ...], message: str, capsys: Captured) -> None:
    try:
        code = cli.main(["export", str(plain), "--format", "json", *words])
    except SystemExit as stopped:
        code = stopped.code  # type: ignore[assignment]
    assert code == 2
    assert message in capsys.readouterr().err


def test_without_its_data(plain: Path, tmp_path: Path, capsys: Captured) -> None:
    """Units are then those of the least and the greatest number."""
    (tmp_path / "moved").mkdir()
    for name in ("run.json", "spec.bdnn", "network.json"):
        (tmp_path / "moved" / name).write_bytes((plain / name).read_bytes())
    assert cli.main(["export", str(tmp_path / "moved"), "--format", "json"]) == 0
    out, said = capsys.readouterr()
    assert json.loads(out)["whole"]["readings"][0]["unit"] == "0.1"
    assert "units are those of the numbers in network.json" in said


def test_c_passes_its_self_test(plain: Path, tmp_path: Path) -> None:
    command = [
        "export",
        str(plain),
        "--format",
        "c",
        "--name",
        "net",
        "-o",
        str(tmp_path),
        "--style",
        "list",
        "--optimise",
        "cycles",
    ]
    assert cli.main(command) == 0
    source = '#include "net_selftest.h"\nint main(void) { return (int)net_selftest(); }\n'
    assert subprocess.run([build(source, compiler("gcc"), tmp_path)], check=False).returncode == 0
    assert "net_layer1" in (tmp_path / "net.h").read_text()  # a list
