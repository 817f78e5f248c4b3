"""Read a file of NumPy arrays into a Table: `x`, a row of numbers for each sample, and `y`, the class of each."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bdnnlang.data.arrays import TARGET, table_of
from bdnnlang.data.diagnosis.errors import TooMuchData
from bdnnlang.data.table import Table, excess
from bdnnlang.data.text.files import MAX_BYTES, check_regular, inside, unreadable
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.spec import Npz

ADVICE = "write it with `numpy.savez(path, x=x, y=y)`"


def read_npz(source: Npz, folder: Path) -> Table:
    """The features of the file, called x1, x2, …, and its labels as the last column. Raises Rejected."""
    path = inside(folder, source.path, source.span)
    check_regular(path, source.path, source.span)
    x, y = _arrays(path, source)
    if limit := excess(len(x), x.shape[1]):
        raise Rejected([TooMuchData(what=f"`{source.path}`", limit=limit, span=source.span)])
    named = ((f"x{j + 1}", column) for j, column in enumerate(x.T))
    try:
        table = table_of(source.path, [*named, (TARGET, y)], as_text=(TARGET,))
    except Rejected as rejected:
        raise Rejected(_at(one, source) for one in rejected.diagnostics) from None
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return replace(table, source=f"npz {source.path}", sha256=digest, lines=table.lines + 1)


def _at(diagnostic: Diagnostic, source: Npz) -> Diagnostic:
    return replace(diagnostic, span=source.span)


def _arrays(path: Path, source: Npz) -> tuple[NDArray[Any], NDArray[Any]]:
    """`x` (rows, features) and `y` (rows,). Raises Rejected."""
    try:
        _check_size(path, source)
        with np.load(path, allow_pickle=False) as file:
            if not isinstance(file, np.lib.npyio.NpzFile):
                raise _unfit(source, "it is one array, and no file of several")
            missing = [name for name in ("x", "y") if name not in file.files]
            if missing:
                raise _unfit(source, f"it has no array `{missing[0]}`")
            return _checked(file["x"], file["y"], source)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        raise _unfit(source, "it is no file of NumPy arrays of numbers and texts") from None


def _check_size(path: Path, source: Npz) -> None:
    """Of what it says it unpacks to."""
    with zipfile.ZipFile(path) as packed:
        size = sum(entry.file_size for entry in packed.infolist())
    if size > MAX_BYTES:
        problem, advice = f"its arrays have {size // 1_000_000} MB", f"at most {MAX_BYTES // 1_000_000} MB are read"
        raise unreadable(source.path, problem, advice, source.span)


def _checked(x: NDArray[Any], y: NDArray[Any], source: Npz) -> tuple[NDArray[Any], NDArray[Any]]:
    """Pictures become rows."""
    if x.ndim < 2 or not x.size or x.dtype.kind not in "buif":
        raise _unfit(source, "`x` is no array of numbers with a row for each sample")
    if y.shape != x.shape[:1]:
        raise _unfit(source, f"`y` has the shape {y.shape}, and not a label for each of {len(x)} rows of `x`")
    return x.reshape(len(x), -1), y


def _unfit(source: Npz, problem: str) -> Rejected:
    return unreadable(source.path, problem, ADVICE, source.span)
