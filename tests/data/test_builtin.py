"""Data sets of scikit-learn without scikit-learn: the very same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from child_python import said_by

from bdnnlang.data import builtin
from bdnnlang.data.builtin import FILES, DataSet, read_data_set


def same(found: DataSet, wanted: DataSet) -> bool:
    return (found.names, found.labels) == (wanted.names, wanted.labels) and np.array_equal(found.x, wanted.x)


@pytest.mark.parametrize("name", FILES)
def test_a_data_set_is_that_of_scikit_learn(name: str) -> None:
    read, loaded = read_data_set(name), builtin._load(name)
    assert same(read, loaded)
    assert read.x.dtype == loaded.x.dtype == np.float64
    assert len(read.labels) == len(read.x)


def test_where_the_file_is_not_there_scikit_learn_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    load = builtin._load

    def loads(name: str) -> DataSet:
        asked.append(name)
        return load(name)

    monkeypatch.setattr(builtin, "_load", loads)
    monkeypatch.setitem(builtin.FILES, "iris", "moved.csv")
    assert len(read_data_set("iris").labels) == 150
    assert asked == ["iris"]


SPEC = "bdnn 1\ndata {data}\nnetwork {{ hidden 2 }}\ntrain {{ exact 1min }}\n"
CODE = """
import sys
from bdnnlang import cli
for verb in (["check"], ["plan"], ["show", "--ir"], ["compile", "-o", "out.mps"]):
    say(cli.main([verb[0], "s.bdnn", *verb[1:]]))
    say([m for m in ("sklearn", "scipy", "pyscipopt", "highspy", "ortools") if m in sys.modules])
"""


@pytest.mark.parametrize("data", ['csv("rows.csv")', "iris", "digits", "random(samples=8, features=2)"])
def test_without_a_run_neither_scikit_learn_nor_a_solver_is_imported(data: str, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("length,kind\n" + "".join(f"{n},{'ab'[n % 2]}\n" for n in range(12)))
    (tmp_path / "s.bdnn").write_text(SPEC.format(data=data))
    assert said_by(CODE, cwd=tmp_path) == [0, []] * 4
