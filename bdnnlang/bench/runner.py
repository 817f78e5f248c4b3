"""The runs of a benchmark, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from bdnnlang import compiler
from bdnnlang.bench.cache import RunCache
from bdnnlang.bench.cells import SCHEDULE, Attempt, Cell, Instance, Variant
from bdnnlang.bench.comparison import Benchmark, number
from bdnnlang.bench.machine import machine
from bdnnlang.bench.measure import measure
from bdnnlang.bench.request import Problem, Request
from bdnnlang.bench.text import clock, ended
from bdnnlang.budget import Interrupt
from bdnnlang.language.spec import Exact, Spec
from bdnnlang.report.plan import weights_text
from bdnnlang.report.summary import versions


def run(request: Request, command: str, stop: Interrupt, say: Callable[[str], None], cache: Path | None = None) -> Benchmark:
    """Measure everything, one run at a time; what the cache has is taken from there, and what is measured goes there."""
    finished = RunCache(cache)
    cells: list[Cell] = []
    cells_to_run = [(problem, variant) for problem in request.problems for variant in request.variants]
    for count, (problem, variant) in enumerate(cells_to_run, start=1):
        cell = _cell(problem, variant, request, stop, finished)
        if stop.count:
            break
        cells.append(cell)
        say(f"[{count}/{len(cells_to_run)}] {_progress(cell)}")
    return Benchmark(
        command=command,
        date=date.today().isoformat(),
        versions=versions(),
        machine=machine(),
        seeds=request.repeat,
        threads=request.threads,
        instances=tuple(map(_instance, request.problems)),
        cells=tuple(cells),
        interrupted=bool(stop.count),
    )


def _cell(problem: Problem, variant: Variant, request: Request, stop: Interrupt, cache: RunCache) -> Cell:
    limit = request.limit(variant)
    attempts: list[Attempt] = []
    for repeat in range(request.repeat):
        spec = with_variant(problem.spec, variant, limit, problem.spec.train.seed + repeat, request.threads)
        key = cache.key(spec, problem.data)
        done = cache.get(key) or measure(spec, problem.data, stop)
        if isinstance(done, str):
            return Cell(problem.name, variant, limit, cannot=done)
        if stop.count:
            break
        cache.keep(key, done)
        attempts.append(done)
    return Cell(problem.name, variant, limit, tuple(attempts))


def with_variant(spec: Spec, variant: Variant, seconds: float, seed: int, threads: int) -> Spec:
    """The spec that is run: the exact stage alone, to the very optimum, or its own schedule; `seconds` for all of it."""
    changes: dict[str, Any] = {"seed": seed, "threads": threads}
    if variant == SCHEDULE:
        return compiler.limited(replace(spec, train=replace(spec.train, **changes)), seconds)
    changes |= {"formulation": variant.formulation, "solver": variant.solver, "time": seconds, "stages": (Exact(time=seconds),)}
    changes |= {"without": variant.without} if variant.without else {}
    return replace(spec, train=replace(spec.train, **changes))


def _instance(problem: Problem) -> Instance:
    layers = problem.spec.network.layers
    weights = " and ".join(dict.fromkeys(map(weights_text, layers)))
    data, hidden = problem.data, tuple(layer.width or 0 for layer in layers[:-1])
    return Instance(problem.name, len(data.train), len(data.features), len(data.classes), hidden, weights)


def _progress(cell: Cell) -> str:
    head = f"{cell.spec} {cell.variant.label}:"
    if not cell.attempts:
        return f"{head} cannot: {cell.cannot}"
    return f"{head} {ended(cell)} in {clock(cell.clock)} s, verified {number(cell.median('verified'))}"
