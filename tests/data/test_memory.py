"""What large data take: no more copies of them than there must be, whoever makes one by mistake."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from bdnnlang import arrays
from bdnnlang.data.dataset import Dataset, equal_rows
from bdnnlang.data.load import load
from bdnnlang.language.spec import DataSpec, Npz, Scale
from bdnnlang.network.exact import activations, near_ties
from bdnnlang.network.network import Layer, Network

ROWS, PIXELS = 1_000, 200
WHOLE = ROWS * PIXELS * 8  # bytes of the samples that a network sees


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("data")
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 17, (ROWS, PIXELS), dtype=np.uint8), rng.integers(0, 3, ROWS)
    np.savez(place / "t.npz", x=x, y=y)
    return place


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(arrays, "AT_ONCE", 1 << 12)
    yield
    tracemalloc.stop()


def peak(work: Callable[[], object]) -> float:
    """The most memory beyond what was there before, in copies of the samples; what `work` made is there no more."""
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / WHOLE


def read(folder: Path, name: str, method: str = "none") -> Dataset:
    return load(DataSpec(Npz(name), test=0.2, steps=(Scale(method),)), folder)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "method", "most"), [("t.npz", "none", 1.6), ("t.npz", "minmax", 1.7)])
def test_reading(name: str, method: str, most: float, folder: Path) -> None:
    read(folder, name, method)  # with what is imported and kept
    assert 1 < peak(lambda: read(folder, name, method)) < most


def test_evaluating_and_merging(folder: Path) -> None:
    data = read(folder, "t.npz")
    rng = np.random.default_rng(1)
    network = Network((Layer(rng.integers(-1, 2, (9, PIXELS)).astype(float), rng.integers(-99, 99, 9).astype(float)),))
    assert peak(lambda: activations(network, data.train)) < 0.3
    assert peak(lambda: near_ties(network, data.train)) < 0.3
    equal_rows.cache_clear()
    assert peak(lambda: equal_rows(data.train)) < 0.1
