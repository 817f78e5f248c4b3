"""`specs/deformed_digits.py` and the spec beside it, on a few pictures."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import scripts

from bdnnlang import cli, compiler
from bdnnlang.model.size import nonzeros
from bdnnlang.run.choose import MOST_NONZEROS

SPECS = Path(__file__).parents[1] / "specs"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return scripts.script("deformed_digits.py")


def test_pictures_are_deformed_copies_of_each_digit_in_turn(script: ModuleType) -> None:
    x, y = script.deformed(2000, 3)
    assert (x.shape, x.dtype, y.shape) == ((2000, 784), np.uint8, (2000,))
    again, labels = script.deformed(2000, 3)
    assert np.array_equal(x, again)
    assert np.array_equal(y, labels)
    assert not np.array_equal(x, script.deformed(2000, 4)[0])
    assert len(np.unique(x, axis=0)) == 2000
    assert np.array_equal(y[:203], y[1797:])  # the originals come again, their copies do not
    assert np.bincount(y, minlength=10).min() > 150


def test_a_copy_is_more_like_its_original_than_like_others(script: ModuleType) -> None:
    x, y = script.deformed(300, 0)
    pictures, classes = script.originals()
    means = np.stack([pictures[classes == digit].mean(axis=0).ravel() for digit in range(10)])
    nearest = ((x[:, None].astype(float) - means) ** 2).sum(axis=2).argmin(axis=1)
    assert (nearest == y).mean() > 0.6


def test_both_kinds_of_file_hold_the_same(script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(SPECS / "deformed_digits.bdnn", tmp_path)
    text = (tmp_path / "deformed_digits.bdnn").read_text()
    (tmp_path / "csv.bdnn").write_text(text.replace('npz("deformed_digits.npz")', 'csv("deformed_digits.csv")'))
    x, y = script.deformed(300, 0)
    found = []
    for ending, name in (("npz", "deformed_digits.bdnn"), ("csv", "csv.bdnn")):
        script.write(tmp_path / f"deformed_digits.{ending}", x, y)
        spec, _ = compiler.read_spec(tmp_path / name)
        found.append(compiler.read_data(spec, tmp_path))
    for one, other in zip(*((data.train, data.test) for data in found), strict=True):
        assert np.array_equal(one.x, other.x)
        assert np.array_equal(one.y, other.y)
    assert cli.main(["check", "--strict", str(tmp_path / "deformed_digits.bdnn")]) == 0


def test_the_spec_runs_although_no_model_of_it_could_be_built(script: ModuleType, tmp_path: Path) -> None:
    shutil.copy(SPECS / "deformed_digits.bdnn", tmp_path)
    script.write(tmp_path / "deformed_digits.npz", *script.deformed(1000, 0))
    path = tmp_path / "deformed_digits.bdnn"
    spec, _ = compiler.read_spec(path)
    assert nonzeros(spec, compiler.read_data(spec, tmp_path)) > MOST_NONZEROS
    assert cli.main(["run", str(path), "--time", "1s", "--out", str(tmp_path / "run")]) == 0
    assert cli.main(["verify", str(tmp_path / "run")]) == 0
