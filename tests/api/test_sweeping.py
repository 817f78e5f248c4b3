"""`bd.run_sweep`: the points of a spec from a Python program."""

from pathlib import Path

import pytest

import bdnnlang as bd

TEXT = """bdnn 1
param width = 1
param seed = 0
data random(samples=12, features=2) { split_seed = seed }
network { weights in ternary, hidden width }
train { seed = seed, local_search 1s { restarts = 0 } }
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    (tmp_path / "s.bdnn").write_text(TEXT)
    return tmp_path / "s.bdnn"


def test_lists_of_values_make_a_sweep(spec: Path, tmp_path: Path) -> None:
    done = bd.run_sweep(spec, tmp_path / "sweep", {"width": [1, 2], "seed": range(2)})
    assert [row["values"] for row in done.rows] == [{"width": w, "seed": s} for w in "12" for s in "01"]
    assert [result.loss for result in done.results()] == [row["loss"] for row in done.rows]
    assert [group["values"] for group in done.summary] == [{"width": "1"}, {"width": "2"}]
    assert str(done) == (tmp_path / "sweep" / "report.txt").read_text()
    assert bd.verify(done.folder)
    again = bd.run_sweep(spec, tmp_path / "sweep", {"width": [1, 2], "seed": range(2)}, resume=True)
    assert again.rows == done.rows


def test_a_list_of_one_value_makes_a_sweep(spec: Path, tmp_path: Path) -> None:
    alone = bd.run_sweep(spec, tmp_path / "alone", {"seed": range(3, 4)})
    assert [row["values"] for row in alone.rows] == [{"seed": "3"}]
    assert bd.verify(alone.folder)
    beside = bd.run_sweep(spec, tmp_path / "beside", {"seed": range(2), "width": [2]})
    assert [row["values"] for row in beside.rows] == [{"width": "2", "seed": s} for s in "01"]
    assert [group["values"] for group in beside.summary] == [{"width": "2"}]
    assert bd.verify(beside.folder)


def test_its_folder_is_that_of_its_points(spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first = bd.run_sweep(spec, define={"seed": [0]}, time=0.5)
    assert first.folder.parent == Path("runs")
    assert "time = 0.5s" in (first.folder / "seed=0" / "spec.bdnn").read_text()
    spec.write_text("# a remark\n" + TEXT)
    assert bd.run_sweep(spec, define={"seed": [0]}, time=0.5, resume=True).rows == first.rows
    others = [bd.run_sweep(spec, define={"seed": [0]}).folder, bd.run_sweep(spec, define={"seed": [1]}, time=0.5).folder]
    assert len({first.folder, *others}) == 3
    assert bd.run_sweep(spec, define={"seed": [0]}, time=0.5).folder == Path(f"{first.folder}-2")


def test_a_time_that_is_none(spec: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="`time` must be seconds"):
        bd.run_sweep(spec, tmp_path / "sweep", {"width": [1, 2]}, time=0)
    assert not (tmp_path / "sweep").exists()


def test_a_list_of_strings(spec: Path, tmp_path: Path) -> None:
    spec.write_text(
        TEXT.replace("param seed", 'param file = "a.csv"\nparam seed').replace("random(samples=12, features=2)", "csv(file)")
    )
    with pytest.raises(ValueError, match="`file` is declared as a string"):
        bd.run_sweep(spec, tmp_path / "sweep", {"file": ["a.csv", "b.csv"], "width": [1, 2]})
    row = bd.run_sweep(spec, tmp_path / "sweep", {"file": ["b.csv"]}).rows[0]
    assert (row["values"], row["state"]) == ({"file": "b.csv"}, "failed")
    assert "b.csv" in row["why"]


def test_a_spec_without_a_sweep(spec: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the spec has no sweep"):
        bd.run_sweep(spec, tmp_path / "sweep", {"width": 2})
    with pytest.raises(bd.SpecError, match="E120"):
        bd.run_sweep(spec, tmp_path / "sweep", {"widht": [1, 2]})
