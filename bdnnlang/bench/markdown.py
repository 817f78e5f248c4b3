"""The page BENCHMARKS.md, whose hand-written parts are left alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import bdnnlang
from bdnnlang.bench import text as bench
from bdnnlang.bench.comparison import Benchmark, by_spec, disagreements, pairs, remarks
from bdnnlang.bench.text import described

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


def page(benchmark: Benchmark, earlier: str | None) -> str:
    """The page with its measured part anew; whatever else stands in the earlier one stays."""
    text = earlier if earlier and BEGIN in earlier and END in earlier else PAGE + (f"\n{earlier}" if earlier else "")
    head, tail = text.split(BEGIN, 1)[0], text.split(END, 1)[1]
    return f"{head}{BEGIN}\n{measured(benchmark)}\n{END}{tail}"


def measured(benchmark: Benchmark) -> str:
    """The measured part of the page."""
    return "\n".join([*_setting(benchmark), *_summary(benchmark), *_instances(benchmark), *_results(benchmark)])


def _setting(benchmark: Benchmark) -> Iterator[str]:
    versions = ", ".join(f"{name} {version}" for name, version in {"bdnnc": bdnnlang.__version__, **benchmark.versions}.items())
    machine = benchmark.machine
    yield f"`{benchmark.command}`"
    yield ""
    yield f"- measured {benchmark.date}" + (", cut short" if benchmark.interrupted else "")
    yield f"- on {machine['processor']}, {machine['cores']} cores, {machine['memory']}, {machine['system']}"
    yield f"- with {versions}; threads for a solver: {benchmark.threads}"
    yield "- each run is the exact stage alone, from the constant network; `schedule` is the spec's own schedule, all stages"
    yield from (f"- {line}" for line in bench.explained(benchmark))


def _summary(benchmark: Benchmark) -> Iterator[str]:
    yield from ("", "## What it comes to", "")
    for pair in pairs(benchmark.cells):
        yield from (f"- {pair.first} against {pair.other}", *(f"  - {line}" for line in bench.pair_lines(pair)))
    yield from (f"- **DISAGREE** {line}" for line in disagreements(benchmark.cells))


def _instances(benchmark: Benchmark) -> Iterator[str]:
    yield from ("", "## Problems", "")
    yield from (f"- `{instance.name}`: {described(instance)}" for instance in benchmark.instances)


def _results(benchmark: Benchmark) -> Iterator[str]:
    yield from ("", "## Results", "")
    heads = ("spec", "cell", *bench.HEADS, "all seconds", "limit")
    yield _row(heads)
    yield "|---|---|" + "---:|" * (len(heads) - 2)
    for spec, group in by_spec(benchmark.cells):
        for cell in (cell for cell in group if cell.attempts):
            values = (*bench.values(cell, group[0]), bench.clock(cell.seconds))
            yield _row((f"`{spec}`", cell.variant.label, *values, f"{cell.limit:g}"))
    notes = [*_impossible(benchmark), *remarks(benchmark.cells)]
    yield from ("", *(f"- {line}" for line in notes)) if notes else ()


def _impossible(benchmark: Benchmark) -> Iterator[str]:
    """The cells that could not be run, by reason."""
    groups: dict[tuple[str, str], list[str]] = {}
    for cell in benchmark.cells:
        if not cell.attempts:
            groups.setdefault((cell.variant.label, cell.cannot), []).append(f"`{cell.spec}`")
    yield from (f"{label} cannot ({why}): {', '.join(specs)}" for (label, why), specs in groups.items())


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
