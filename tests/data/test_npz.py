"""Files of NumPy arrays: what they become, and what is wrong with others."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bdnnlang.data import npz
from bdnnlang.data.dataset import Dataset
from bdnnlang.data.load import load
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import DataSpec, Npz, Scale

X = np.array([[0, 3], [255, 1], [7, 7], [0, 3], [1, 2], [9, 9], [4, 5], [6, 0]], dtype=np.uint8)
Y = np.array([3, 8, 3, 8, 3, 8, 3, 8])


def read(folder: Path, **arrays: Any) -> Dataset:
    np.savez(folder / "t.npz", **arrays)
    return load(DataSpec(Npz("t.npz"), test=0.0, steps=(Scale("none"),)), folder)


def refused(folder: Path, **arrays: Any) -> str:
    with pytest.raises(Rejected) as caught:
        read(folder, **arrays)
    (diagnostic,) = caught.value.diagnostics
    return diagnostic.message


def test_numbers_and_labels(tmp_path: Path) -> None:
    data = read(tmp_path, x=X, y=Y)
    assert (data.source, data.rows, data.features, data.classes) == ("npz t.npz", 8, ("x1", "x2"), ("3", "8"))
    assert data.sha256 == hashlib.sha256((tmp_path / "t.npz").read_bytes()).hexdigest()
    order = data.train.rows
    assert data.train.x.tolist() == X[order].tolist()
    assert data.train.y.tolist() == (Y[order] == 8).astype(int).tolist()
    assert (data.train.raw.dtype, data.train.x.dtype) == (np.uint8, np.float64)
    assert data.lattice is not None
    assert data.lattice.unit == 1


@pytest.mark.parametrize("kind", [np.int64, np.float32, np.float64, np.bool_], ids=lambda kind: kind.__name__)
def test_whatever_the_kind_of_number(kind: type, tmp_path: Path) -> None:
    data = read(tmp_path, x=(X % 2).astype(kind), y=Y.astype(str))
    assert data.train.x.tolist() == (X % 2)[data.train.rows].tolist()
    assert data.classes == ("3", "8")


def test_pictures_become_rows(tmp_path: Path) -> None:
    pictures = np.arange(48).reshape(4, 3, 4)
    data = read(tmp_path, x=pictures, y=[0, 0, 1, 1])
    assert len(data.features) == 12
    assert data.train.x.tolist() == pictures.reshape(4, 12)[data.train.rows].tolist()


@pytest.mark.parametrize(
    ("arrays", "problem"),
    [
        ({"a": X, "y": Y}, "it has no array `x`"),
        ({"x": X}, "it has no array `y`"),
        ({"x": Y, "y": Y}, "`x` is no array of numbers with a row for each sample"),
        ({"x": X.astype(str), "y": Y}, "`x` is no array of numbers with a row for each sample"),
        ({"x": X * 1j, "y": Y}, "`x` is no array of numbers with a row for each sample"),
        ({"x": X[:0], "y": Y[:0]}, "`x` is no array of numbers with a row for each sample"),
        ({"x": X, "y": Y[:5]}, "`y` has the shape (5,), and not a label for each of 8 rows of `x`"),
        ({"x": X, "y": np.array([object()] * 8)}, "it is no file of NumPy arrays of numbers and texts"),
    ],
    ids=["no x", "no y", "one axis", "texts", "complex", "no rows", "few labels", "objects"],
)
def test_what_is_no_such_file(arrays: dict[str, Any], problem: str, tmp_path: Path) -> None:
    assert refused(tmp_path, **arrays) == f"cannot read `t.npz`: {problem}"


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PK\x03\x04 and no more"], ids=str)
def test_files_of_another_kind(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "t.npz").write_bytes(content)
    with pytest.raises(Rejected, match=r"no file of NumPy arrays|one array"):
        npz.read_npz(Npz("t.npz"), tmp_path)


def test_a_single_array_is_no_file_of_several(tmp_path: Path) -> None:
    with (tmp_path / "t.npz").open("wb") as file:
        np.save(file, X)
    with pytest.raises(Rejected, match="no file of NumPy arrays"):
        npz.read_npz(Npz("t.npz"), tmp_path)


def test_what_would_fill_the_memory_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(npz, "MAX_BYTES", 2_000_000)
    np.savez_compressed(tmp_path / "t.npz", x=np.zeros((3000, 100)), y=np.zeros(3000))
    assert (tmp_path / "t.npz").stat().st_size < 100_000
    with pytest.raises(Rejected, match="its arrays have 2 MB"):
        npz.read_npz(Npz("t.npz"), tmp_path)


def test_cells_that_are_no_numbers_are_named(tmp_path: Path) -> None:
    x = X.astype(float)
    x[2, 1] = np.nan
    assert refused(tmp_path, x=x, y=Y) == "line 3 of `npz t.npz`, column `x2`: the value is missing"


def test_the_file_is_where_a_spec_may_look(tmp_path: Path) -> None:
    for path in ("../t.npz", "/t.npz", "missing.npz"):
        with pytest.raises(Rejected) as caught:
            npz.read_npz(Npz(path), tmp_path)
        assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["E211"]
