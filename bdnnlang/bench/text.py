"""A benchmark as text for a terminal of 120 columns."""

from __future__ import annotations

import statistics
import textwrap
from collections.abc import Iterator, Mapping

from bdnnlang.bench.cells import SCHEDULE, Cell, Instance, Number
from bdnnlang.bench.comparison import NONE, Benchmark, Pair, by_spec, disagreements, number, pairs, ratio, remarks
from bdnnlang.run.status import StageStatus

WIDTH = 120  # characters of a line
HEADS = ("columns", "binary", "rows", "nonzeros", "ended", "seconds", "claimed", "bound", "verified", "nodes", "ratio")

WORDS: Mapping[StageStatus, str] = {  # of runs without a proof; the others keep their own
    StageStatus.FEASIBLE: "limit",
    StageStatus.NO_SOLUTION: "limit",
    StageStatus.CLAIM_REJECTED: "rejected",
    StageStatus.OPTIMAL: "doubtful",
}


def count(value: Number | None) -> str:
    """A number, in millions where it is large."""
    return f"{value / 1e6:.1f}M" if value is not None and value >= 1e6 else number(value)


def clock(seconds: float) -> str:
    """Seconds, to hundredths where there are few."""
    return f"{seconds:.2f}" if seconds < 100 else f"{seconds:,.0f}"


def ended(cell: Cell) -> str:
    """How most runs ended, and how many of them where not all proved the same."""
    if cell.proved:
        word = "optimal" if all(run.margin is None for run in cell.attempts if run.proved) else "at margin"
    else:
        status = statistics.mode(run.ended for run in cell.attempts if not run.proved)
        word = WORDS.get(status, status.value)
    mixed = 0 < cell.proofs < len(cell.attempts)
    return f"{word} {cell.proofs}/{len(cell.attempts)}" if mixed else word


def values(cell: Cell, first: Cell) -> tuple[str, ...]:
    """What stands under `HEADS`."""
    sizes = (count(cell.median(name)) for name in ("columns", "binaries", "rows", "nonzeros"))
    losses = (number(cell.median(name)) for name in ("claimed", "bound", "verified"))
    quotient = ratio(first, cell)
    compared = "1" if cell is first else NONE if quotient is None else str(quotient)
    return (*sizes, ended(cell), clock(cell.clock), *losses, count(cell.median("nodes")), compared)


def described(instance: Instance) -> str:
    hidden = " + ".join(map(str, instance.hidden))
    size = f"{instance.rows:,} rows × {instance.features} features, {instance.classes} classes"
    return f"{size}, hidden {hidden}, weights in {instance.weights}"


def text(benchmark: Benchmark) -> str:
    """The table, a block for each spec, then what it comes to."""
    label = max((len(cell.variant.label) for cell in benchmark.cells), default=0)
    rows = {id(cell): values(cell, group[0]) for _, group in by_spec(benchmark.cells) for cell in group if cell.attempts}
    widths = [max([len(head), *(len(row[i]) for row in rows.values())]) for i, head in enumerate(HEADS)]
    gap = "  " if 2 + label + sum(widths) + 2 * len(widths) <= WIDTH else " "
    instances = {instance.name: instance for instance in benchmark.instances}
    lines = [f"  {'':{label}}" + "".join(f"{gap}{head:>{width}}" for head, width in zip(HEADS, widths, strict=True))]
    for spec, group in by_spec(benchmark.cells):
        lines.append(f"{spec}: {described(instances[spec])}")
        for cell in group:
            line = "".join(f"{gap}{value:>{width}}" for value, width in zip(rows.get(id(cell), ()), widths, strict=False))
            lines.append(f"  {cell.variant.label:{label}}" + (line or f"{gap}cannot: {cell.cannot}"))
    return "\n".join([*lines, "", *_after(benchmark)])


def _after(benchmark: Benchmark) -> Iterator[str]:
    for pair in pairs(benchmark.cells):
        yield from (f"{pair.first} against {pair.other}", *(f"  {line}" for line in pair_lines(pair)))
    for line in (*(f"note: {line}" for line in explained(benchmark)), *(f"remark: {line}" for line in remarks(benchmark.cells))):
        yield from textwrap.wrap(line, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    yield from (f"DISAGREE  {line}" for line in disagreements(benchmark.cells))
    if benchmark.interrupted:
        yield "interrupted: the table is not complete"


def explained(benchmark: Benchmark) -> Iterator[str]:
    """What one must know to read the table."""
    yield "ratio: time of the first line of a block / time of this one; ≥ and ≤: a limit stands for a time"
    schedule = "; of a schedule, all that passed" if any(cell.variant == SCHEDULE for cell in benchmark.cells) else ""
    yield f"seconds: the solver's, with the hand-over of the model, without our building and verifying{schedule}"
    if benchmark.seeds > 1:
        yield f"medians over {benchmark.seeds} runs with seeds that count up from the spec's; 2/3: so many of them proved"


def pair_lines(pair: Pair) -> Iterator[str]:
    """What a pair comes to, in words."""
    if pair.time is None:
        yield f"time –: {pair.other} proves no spec that both can take"
    else:
        more = f"; in {pair.limited} of them {pair.first} is at its limit" if pair.limited else ""
        yield f"time {pair.time}: geometric mean of {_counted(pair.proved, 'spec')} that {pair.other} proves{more}"
    if pair.lost:
        yield f"{_counted(pair.lost, 'spec')} that only {pair.first} proves"
    if pair.open:
        median = NONE if pair.loss is None else f"{pair.loss:.3g}×"
        yield f"verified loss {median}: median of {_counted(pair.open, 'spec')} that neither proves"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + "s" * (count != 1)
