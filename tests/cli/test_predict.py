"""`bdnnc predict`: tables out of tables, whatever stands in them, and nothing odd passes in silence."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from bdnnlang import cli

TRAINED = "id,age,colour,state\n" + "".join(
    f"p{i},{20 + i},{('red', 'blue')[i % 2]},{NAMES}\n"
    for i, NAMES in ((i, '"no, never"' if i < 10 else '"yes\nalways"') for i in range(20))
)
SPEC = (
    'bdnn 1\ndata csv("d.csv") { drop [id], test = 0% }\nnetwork { weights in {-1, 0, 1}, hidden 1 }\ntrain { local_search 2s }\n'
)
Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("predict")
    (folder / "d.csv").write_text(TRAINED)
    (folder / "s.bdnn").write_text(SPEC)
    assert cli.main(["run", str(folder / "s.bdnn"), "--out", str(folder / "r")]) == 0
    return folder / "r"


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_names_with_commas_and_line_breaks_are_quoted(run: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "n.csv").write_text("colour,age\nred,21\nblue,38\n")
    assert cli.main(["predict", str(run), str(tmp_path / "n.csv")]) == 0
    assert table(capsys.readouterr().out) == [["class"], ["no, never"], ["yes\nalways"]]


@pytest.mark.parametrize("mark", ["\r", "\n", "\r\n", ",", '"'])
def test_a_cell_with_any_line_ending_stays_one_cell(run: Path, tmp_path: Path, capsys: Captured, mark: str) -> None:
    (tmp_path / "n.csv").write_bytes(f'name,age,colour\n"a{mark * (2 if mark == chr(34) else 1)}b",21,red\n'.encode())
    assert cli.main(["predict", str(run), str(tmp_path / "n.csv"), "--keep", "name"]) == 0
    assert table(capsys.readouterr().out) == [["name", "class"], [f"a{mark}b", "no, never"]]


def test_columns_are_kept_as_written_and_scores_added(run: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "n.csv").write_text('name,age,colour,class\n"Doe, J",21.50,red,x\nRoe,38,blue,y\n')
    command = ["predict", str(run), str(tmp_path / "n.csv"), "--scores", "--keep"]
    assert cli.main([*command, "age,name"]) == 0
    head, *rows = table(capsys.readouterr().out)
    assert head == ["age", "name", "class", "score"]
    assert [row[:3] for row in rows] == [["21.50", "Doe, J", "no, never"], ["38", "Roe", "yes\nalways"]]
    assert [float(row[3]) >= 0 for row in rows] == [False, True]
    assert cli.main([*command, "all"]) == 0
    assert table(capsys.readouterr().out)[0] == ["name", "age", "colour", "class", "predicted_class", "score"]
    assert cli.main([*command, "nam"]) == 1
    assert "has no column `nam`" in (err := capsys.readouterr().err)
    assert "did you mean `name`?" in err


def test_a_class_in_the_file_is_compared(run: Path, tmp_path: Path, capsys: Captured) -> None:
    text = 'age,colour,state\n21,red,"no, never"\n38,blue,"no, never"\n39,red,"yes\nalways"\n39,red,dead\n39,red,\n'
    (tmp_path / "n.csv").write_text(text)
    assert cli.main(["predict", str(run), str(tmp_path / "n.csv")]) == 0
    captured = capsys.readouterr()
    assert len(table(captured.out)) == 6
    assert "bdnnc: accuracy 66.7 %, 2 of 3 rows with a class in column `state`" in captured.err
    assert "`dead` is no class of the network" in captured.err
    assert "  no, never         2             1              1   50.0 %" in captured.err
    assert cli.main(["predict", str(run), str(tmp_path / "n.csv"), "--output", "concise"]) == 0
    assert "bdnnc:" not in capsys.readouterr().err


def test_machines_are_told_in_one_document(run: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "n.csv").write_text('age,colour,state\n21,purple,"no, never"\n')
    assert cli.main(["predict", str(run), str(tmp_path / "n.csv"), "--output", "json"]) == 0
    captured = capsys.readouterr()
    assert table(captured.out) == [["class"], ["no, never"]]
    (file,) = json.loads(captured.err)["files"]
    assert [one["code"] for one in file["diagnostics"]] == ["W252"]


@pytest.mark.parametrize("text", ["age,colour\n21,purple\n", "age,colour\n500,red\n", "21,red\n", "age,colour,age\n21,red,3\n"])
def test_strict_refuses_what_is_odd(text: str, run: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "n.csv").write_text(text)
    assert cli.main(["predict", str(run), str(tmp_path / "n.csv")]) == 0
    captured = capsys.readouterr()
    assert (len(table(captured.out)), "warning[W25" in captured.err) == (2, True)
    assert cli.main(["predict", str(run), str(tmp_path / "n.csv"), "--strict", "-o", str(tmp_path / "o.csv")]) == 1
    assert not (tmp_path / "o.csv").exists()


@pytest.mark.parametrize("text", ["years,tint\n21,red\n", "AGE2,c\nred,21\n", "red,blue\nred,blue\n"])
def test_a_header_of_other_names_is_no_row(text: str, run: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "n.csv").write_text(text)
    assert cli.main(["predict", str(run), str(tmp_path / "n.csv")]) == 1
    assert "has no column `age`" in capsys.readouterr().err


def test_rows_may_come_from_standard_input(run: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    for text, code, told in (("age;colour\n21;red\n", 0, ""), ("age,colour\nx,red\n", 1, "line 2 of `standard input`")):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert cli.main(["predict", str(run), "-"]) == code
        captured = capsys.readouterr()
        assert told in captured.err
        assert (captured.out == 'class\n"no, never"\n') == (code == 0)


def test_the_input_is_never_the_output(run: Path, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("age,colour\n21,red\n")
    (tmp_path / "link.csv").symlink_to(tmp_path / "x.csv")
    for name in ("x.csv", "link.csv"):
        assert cli.main(["predict", str(run), str(tmp_path / "x.csv"), "-o", str(tmp_path / name)]) == 2
    assert (tmp_path / "x.csv").read_text() == "age,colour\n21,red\n"
    kept = (run / "network.json").read_text()
    assert cli.main(["predict", str(run), str(tmp_path / "x.csv"), "-o", str(run / "network.json")]) == 2
    assert (run / "network.json").read_text() == kept


def test_scores_of_several_outputs_are_exact(tmp_path: Path, capsys: Captured) -> None:
    rows = "a,y\n" + "".join(f"{i / 10},{'uvw'[i // 4]}\n" for i in range(12))
    (tmp_path / "d.csv").write_text(rows)
    (tmp_path / "s.bdnn").write_text(SPEC.replace("drop [id], ", "scale none, ").replace("hidden 1", "hidden 2"))
    assert cli.main(["run", str(tmp_path / "s.bdnn"), "--out", str(tmp_path / "r")]) == 0
    capsys.readouterr()
    assert cli.main(["predict", str(tmp_path / "r"), str(tmp_path / "d.csv"), "--scores", "--keep", "a"]) == 0
    head, *lines = table(capsys.readouterr().out)
    assert head == ["a", "class", "score_u", "score_v", "score_w"]
    layers = json.loads((tmp_path / "r/network.json").read_text())["layers"]
    for a, _, *scores in lines:
        values = [float(a)]
        for layer in layers:
            sums = [
                sum(w * v for w, v in zip(ws, values, strict=True)) + b
                for ws, b in zip(layer["weights"], layer["biases"], strict=True)
            ]
            values = [float(s >= -1e-12) for s in sums]
        assert [float(score) for score in scores] == pytest.approx(sums)
