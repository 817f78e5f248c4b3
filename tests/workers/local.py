"""A cluster of Dask whose workers are two processes of this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


@contextmanager
def cluster() -> Iterator[str]:
    """The address of its scheduler; skips where dask is not installed."""
    distributed = pytest.importorskip("distributed", reason="dask is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(TESTS), str(TESTS.parent)]))
        with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as own:
            yield own.scheduler_address
