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


def test_a_spec_without_a_sweep(spec: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the spec has no sweep"):
        bd.run_sweep(spec, tmp_path / "sweep", {"width": 2})
    with pytest.raises(bd.SpecError, match="E120"):
        bd.run_sweep(spec, tmp_path / "sweep", {"widht": [1, 2]})
