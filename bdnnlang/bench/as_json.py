"""A benchmark as JSON, with every single run."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import bdnnlang
from bdnnlang.bench.cells import Cell
from bdnnlang.bench.comparison import Benchmark, by_spec, disagreements, pairs, ratio
from bdnnlang.bench.text import ended

Json = dict[str, Any]


def bench_json(benchmark: Benchmark) -> Json:
    """Everything: where and how, every run, the medians, the ratios."""
    return {
        "schema": 1,
        "bdnnc": bdnnlang.__version__,
        "versions": benchmark.versions,
        "machine": benchmark.machine,
        "date": benchmark.date,
        "command": benchmark.command,
        "repeat": benchmark.seeds,
        "threads": benchmark.threads,
        "interrupted": benchmark.interrupted,
        "instances": [asdict(instance) for instance in benchmark.instances],
        "cells": [cell_json(cell, group[0]) for _, group in by_spec(benchmark.cells) for cell in group],
        "pairs": [asdict(pair) for pair in pairs(benchmark.cells)],
        "disagreements": disagreements(benchmark.cells),
    }


def cell_json(cell: Cell, first: Cell) -> Json:
    """A cell, compared with the first one of its spec."""
    stated: Json = {"spec": cell.spec, "kind": cell.variant.label, **asdict(cell.variant), "limit": cell.limit}
    if not cell.attempts:
        return stated | {"cannot": cell.cannot}
    compared = ratio(first, cell)
    medians = {name: cell.median(name) for name in ("seconds", "solver_seconds", "claimed", "bound", "verified", "nodes")}
    return stated | {
        "ended": ended(cell),
        "proved": cell.proved,
        "proofs": cell.proofs,
        "time": cell.time,
        "ratio": None if compared is None else asdict(compared),
        "medians": medians,
        "runs": [asdict(run) for run in cell.attempts],
    }
