"""A benchmark in files: JSON with every single run, and the page BENCHMARKS.md, whose hand-written parts are left alone."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import bdnnlang
from bdnnlang.bench import table as bench
from bdnnlang.bench.measure import Cell
from bdnnlang.bench.table import Benchmark, by_spec, described

Json = dict[str, Any]
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
PAGE = f"""# Benchmarks

{BEGIN}
{END}

<!-- reference: begin -->
<!-- reference: end -->

## Tried

What was tried to make this faster, and what came of it. This part is written by hand and stays as it is.

<!-- tried: begin -->
<!-- tried: end -->
"""


def machine() -> dict[str, str]:
    """What the times depend on, and no names."""
    return {"processor": _processor(), "cores": str(os.cpu_count()), "memory": _memory(), "system": platform.system()}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def _memory() -> str:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return "unknown"
    return f"{size / 2**30:.0f} GiB"


# ---- JSON


def bench_json(found: Benchmark) -> Json:
    """Everything: where and how, every run, the medians, the ratios."""
    return {
        "schema": 1,
        "bdnnc": bdnnlang.__version__,
        "versions": found.versions,
        "machine": found.machine,
        "date": found.date,
        "command": found.command,
        "repeat": found.seeds,
        "threads": found.threads,
        "interrupted": found.interrupted,
        "instances": [asdict(one) for one in found.instances],
        "cells": [cell_json(cell, group[0]) for _, group in by_spec(found.cells) for cell in group],
        "pairs": [asdict(pair) for pair in bench.pairs(found.cells)],
        "disagreements": bench.disagreements(found.cells),
    }


def cell_json(cell: Cell, first: Cell) -> Json:
    stated: Json = {"spec": cell.spec, "kind": cell.kind.label, **asdict(cell.kind), "limit": cell.limit}
    if not cell.attempts:
        return stated | {"cannot": cell.cannot}
    compared = bench.ratio(first, cell)
    medians = {name: cell.median(name) for name in ("seconds", "solver_seconds", "claimed", "bound", "verified", "nodes")}
    return stated | {
        "ended": bench.ended(cell),
        "proved": cell.proved,
        "proofs": cell.proofs,
        "time": cell.time,
        "ratio": None if compared is None else asdict(compared),
        "medians": medians,
        "runs": [asdict(one) for one in cell.attempts],
    }


# ---- the page


def page(found: Benchmark, earlier: str | None) -> str:
    """The page with its measured part anew; whatever else stands in the earlier one stays."""
    text = earlier if earlier and BEGIN in earlier and END in earlier else PAGE + (f"\n{earlier}" if earlier else "")
    head, tail = text.split(BEGIN, 1)[0], text.split(END, 1)[1]
    return f"{head}{BEGIN}\n{measured(found)}\n{END}{tail}"


def measured(found: Benchmark) -> str:
    return "\n".join([*_setting(found), *_summary(found), *_instances(found), *_results(found)])


def _setting(found: Benchmark) -> Iterator[str]:
    versions = ", ".join(f"{name} {version}" for name, version in {"bdnnc": bdnnlang.__version__, **found.versions}.items())
    machine = found.machine
    yield f"`{found.command}`"
    yield ""
    yield f"- measured {found.date}" + (", cut short" if found.interrupted else "")
    yield f"- on {machine['processor']}, {machine['cores']} cores, {machine['memory']}, {machine['system']}"
    yield f"- with {versions}; threads for a solver: {found.threads}"
    yield "- each run is the exact stage alone, from the constant network; `schedule` is the spec's own schedule, all stages"
    yield from (f"- {line}" for line in bench.explained(found))


def _summary(found: Benchmark) -> Iterator[str]:
    yield from ("", "## What it comes to", "")
    for pair in bench.pairs(found.cells):
        yield from (f"- {pair.first} against {pair.other}", *(f"  - {line}" for line in bench.pair_lines(pair)))
    yield from (f"- **DISAGREE** {line}" for line in bench.disagreements(found.cells))


def _instances(found: Benchmark) -> Iterator[str]:
    yield from ("", "## Problems", "")
    yield from (f"- `{one.name}`: {described(one)}" for one in found.instances)


def _results(found: Benchmark) -> Iterator[str]:
    yield from ("", "## Results", "")
    heads = ("spec", "cell", *bench.HEADS, "all seconds", "limit")
    yield _row(heads)
    yield "|---|---|" + "---:|" * (len(heads) - 2)
    for spec, group in by_spec(found.cells):
        for cell in (cell for cell in group if cell.attempts):
            own = (*bench.values(cell, group[0]), bench.clock(cell.seconds))
            yield _row((f"`{spec}`", cell.kind.label, *own, f"{cell.limit:g}"))
    told = [*_impossible(found), *bench.remarks(found.cells)]
    yield from ("", *(f"- {line}" for line in told)) if told else ()


def _impossible(found: Benchmark) -> Iterator[str]:
    """The cells that could not be run, by reason."""
    groups: dict[tuple[str, str], list[str]] = {}
    for cell in found.cells:
        if not cell.attempts:
            groups.setdefault((cell.kind.label, cell.cannot), []).append(f"`{cell.spec}`")
    yield from (f"{label} cannot ({why}): {', '.join(specs)}" for (label, why), specs in groups.items())


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
