"""`BDNNClassifier.export_c`: a fitted classifier as C, which gives the classes that it gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from device.c.compilers import classes, compiler

import bdnnlang as bd

X = np.random.default_rng(1).integers(0, 60, (60, 3)) / 10
Y = np.where(X[:, 0] - X[:, 1] > 0.35, "yes", "no")


@pytest.fixture(scope="module")
def fitted() -> bd.BDNNClassifier:
    return bd.BDNNClassifier(hidden=(1,), solver=None, time_limit=2).fit(X, Y)


def test_c_gives_the_same_classes(fitted: bd.BDNNClassifier, tmp_path: Path) -> None:
    files = fitted.export_c(tmp_path / "out", name="pair", inputs="uint8", style="list")
    assert [file.name for file in files] == ["pair.h", "pair_selftest.h", "CMakeLists.txt"]
    rows = np.rint(X * 10).astype(np.int64)
    numbers = classes({"pair": files[0].read_text()}, {"pair": rows}, compiler("gcc"), tmp_path)["pair"]
    assert fitted.classes_[numbers].tolist() == fitted.predict(X).tolist()


def test_units_and_ranges_are_those_that_are_said(fitted: bd.BDNNClassifier, tmp_path: Path) -> None:
    header = fitted.export_c(tmp_path, ranges={"x1": (0, 6.5)}, units={"x1": 0.01})[0].read_text()
    assert "x[0]  in 0..650: x1 = x[0] / 100" in header


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"layout": "java"}, "`layout` is 'java'"),
        ({"inputs": "int8", "ranges": {"x1": (0, 50)}}, "int8"),
        ({"style": "fast"}, "`style` is 'fast'"),
        ({"ranges": {"z": (0, 1)}}, "no column `z` is used"),
    ],
)
def test_what_cannot_be(fitted: bd.BDNNClassifier, said: dict[str, object], message: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=message):
        fitted.export_c(tmp_path, **said)
