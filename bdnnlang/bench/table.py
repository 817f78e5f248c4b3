"""What a benchmark came to: ratios, their means, contradictions; and all of it as text for a terminal of 120 columns."""

from __future__ import annotations

import statistics
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bdnnlang.bench.measure import SCHEDULE, Attempt, Cell, Instance, Kind, Number, refutations

RESOLUTION = 0.01  # seconds: what is faster counts as this
WIDTH = 120
NONE = "–"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Everything measured, in the order in which it was."""

    command: str
    date: str
    versions: dict[str, str]
    machine: dict[str, str]
    seeds: int  # runs of each cell
    threads: int
    instances: tuple[Instance, ...]
    cells: tuple[Cell, ...]
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long the first cell took; `sign` where a limit makes it a bound on that."""

    factor: float
    sign: str = ""

    def __str__(self) -> str:
        digits = ",.0f" if self.factor >= 10 else ".1f" if self.factor >= 1 else ".2g"
        return f"{self.sign} {self.factor:{digits}}×".lstrip()


@dataclass(frozen=True, slots=True)
class Pair:
    """The first kind of cell against another, over the specs that both were run on."""

    first: str
    other: str
    proved: int  # specs that the other proves …
    limited: int  # … and the first does not within its limit, which then counts as its time
    time: Ratio | None  # geometric mean over these
    lost: int  # specs that only the first proves
    open: int  # specs that neither proves
    loss: float | None  # median over these of: verified loss of the first / of the other


def ratio(first: Cell, other: Cell) -> Ratio | None:
    """Time of the first / time of the other; None where neither proves or one could not run."""
    if not (first.attempts and other.attempts) or not (first.proved or other.proved):
        return None
    sign = "" if first.proved and other.proved else "≥" if other.proved else "≤"
    return Ratio(max(first.time, RESOLUTION) / max(other.time, RESOLUTION), sign)


def pairs(cells: Sequence[Cell]) -> list[Pair]:
    """The first kind against every other one; then of each other formulation the first solver against the others."""
    kinds = list(dict.fromkeys(cell.kind for cell in cells))
    sides = [(kinds[0], other) for other in kinds[1:]]
    for _, group in groupby((kind for kind in kinds if kind != SCHEDULE), key=lambda kind: (kind.formulation, kind.without)):
        first, *others = group
        sides += [(first, other) for other in others if first != kinds[0]]
    return [_pair(first, other, cells) for first, other in sides]


def _pair(first: Kind, other: Kind, cells: Sequence[Cell]) -> Pair:
    of = {(cell.spec, cell.kind): cell for cell in cells if cell.attempts}
    both = [(of[spec, first], of[spec, other]) for spec, kind in of if kind == first and (spec, other) in of]
    times = [found for a, b in both if b.proved and (found := ratio(a, b)) is not None]
    limited = sum(bool(one.sign) for one in times)
    open_ = [(a, b) for a, b in both if not a.proved and not b.proved]
    losses = [quotient for a, b in open_ if (quotient := _quotient(a.median("verified"), b.median("verified"))) is not None]
    return Pair(
        first=first.label,
        other=other.label,
        proved=len(times),
        limited=limited,
        time=Ratio(statistics.geometric_mean(one.factor for one in times), "≥" if limited else "") if times else None,
        lost=sum(a.proved and not b.proved for a, b in both),
        open=len(open_),
        loss=statistics.median(losses) if losses else None,
    )


def _quotient(first: Number | None, other: Number | None) -> float | None:
    if first is None or other is None:
        return None
    return 1.0 if first == other else first / other if other else None


def pair_lines(one: Pair) -> Iterator[str]:
    """What a pair comes to, in words."""
    if one.time is None:
        yield f"time –: {one.other} proves no spec that both can take"
    else:
        more = f"; in {one.limited} of them {one.first} is at its limit" if one.limited else ""
        yield f"time {one.time}: geometric mean of {_counted(one.proved, 'spec')} that {one.other} proves{more}"
    if one.lost:
        yield f"{_counted(one.lost, 'spec')} that only {one.first} proves"
    if one.open:
        median = NONE if one.loss is None else f"{one.loss:.3g}×"
        yield f"verified loss {median}: median of {_counted(one.open, 'spec')} that neither proves"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + "s" * (count != 1)


# ---- contradictions


def disagreements(cells: Iterable[Cell]) -> list[str]:
    """What cannot be true of a lattice problem: a bound above the verified loss of a network. Each is a bug or a solver's."""
    return _contradictions(cells, with_margin=False)


def remarks(cells: Sequence[Cell]) -> list[str]:
    """The same where the bound speaks of networks with a margin only, so that nothing is wrong; and what runs noted."""
    noted = [f"{c.spec}, {c.kind.label}, seed {one.seed}: {note}" for c in cells for one in c.attempts for note in one.notes]
    return [*_contradictions(cells, with_margin=True), *noted]


def _contradictions(cells: Iterable[Cell], *, with_margin: bool) -> list[str]:
    worst: dict[tuple[str, Kind, Kind], str] = {}
    for cell, one, other, better in refutations(cells):
        if (one.margin is not None) == with_margin:
            worst.setdefault((cell.spec, cell.kind, other.kind), _contradiction(cell, one, other, better))
    return list(worst.values())


def _contradiction(cell: Cell, one: Attempt, other: Cell, better: Attempt) -> str:
    among = "" if one.margin is None else f" for networks with margin ≥ {one.margin:.2g}"
    return (
        f"{cell.spec}: {cell.kind.label} (seed {one.seed}) has the bound {number(one.bound)}{among}, "
        f"{other.kind.label} (seed {better.seed}) a verified network with {number(better.verified)}"
    )


# ---- text


HEADS = ("columns", "binary", "rows", "nonzeros", "ended", "seconds", "claimed", "bound", "verified", "nodes", "ratio")


def number(value: Number | None) -> str:
    return NONE if value is None else f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"


def count(value: Number | None) -> str:
    return f"{value / 1e6:.1f}M" if value is not None and value >= 1e6 else number(value)


def clock(seconds: float) -> str:
    return f"{seconds:.2f}" if seconds < 100 else f"{seconds:,.0f}"


def ended(cell: Cell) -> str:
    """How most runs ended, and how many of them where not all proved the same."""
    if cell.proved:
        word = "optimal" if all(one.margin is None for one in cell.attempts if one.proved) else "at margin"
    else:
        word = statistics.mode(one.ended for one in cell.attempts if not one.proved)
        word = {"feasible": "limit", "no_solution": "limit", "claim_rejected": "rejected", "optimal": "doubtful"}.get(word, word)
    mixed = 0 < cell.proofs < len(cell.attempts)
    return f"{word} {cell.proofs}/{len(cell.attempts)}" if mixed else word


def values(cell: Cell, first: Cell) -> tuple[str, ...]:
    """What stands under `HEADS`."""
    sizes = (count(cell.median(name)) for name in ("columns", "binaries", "rows", "nonzeros"))
    losses = (number(cell.median(name)) for name in ("claimed", "bound", "verified"))
    found = ratio(first, cell)
    compared = "1" if cell is first else NONE if found is None else str(found)
    return (*sizes, ended(cell), clock(cell.clock), *losses, count(cell.median("nodes")), compared)


def by_spec(cells: Sequence[Cell]) -> Iterator[tuple[str, list[Cell]]]:
    for spec, group in groupby(cells, key=lambda cell: cell.spec):
        yield spec, list(group)


def described(one: Instance) -> str:
    hidden = " + ".join(map(str, one.hidden))
    return f"{one.rows:,} rows × {one.features} features, {one.classes} classes, hidden {hidden}, weights in {one.weights}"


def text(found: Benchmark) -> str:
    """The table, a block for each spec, then what it comes to."""
    label = max((len(cell.kind.label) for cell in found.cells), default=0)
    rows = {id(cell): values(cell, group[0]) for _, group in by_spec(found.cells) for cell in group if cell.attempts}
    widths = [max([len(head), *(len(row[i]) for row in rows.values())]) for i, head in enumerate(HEADS)]
    gap = "  " if 2 + label + sum(widths) + 2 * len(widths) <= WIDTH else " "
    instances = {one.name: one for one in found.instances}
    lines = [f"  {'':{label}}" + "".join(f"{gap}{head:>{width}}" for head, width in zip(HEADS, widths, strict=True))]
    for spec, group in by_spec(found.cells):
        lines.append(f"{spec}: {described(instances[spec])}")
        for cell in group:
            own = "".join(f"{gap}{value:>{width}}" for value, width in zip(rows.get(id(cell), ()), widths, strict=False))
            lines.append(f"  {cell.kind.label:{label}}" + (own or f"{gap}cannot: {cell.cannot}"))
    return "\n".join([*lines, "", *_after(found)])


def _after(found: Benchmark) -> Iterator[str]:
    for pair in pairs(found.cells):
        yield from (f"{pair.first} against {pair.other}", *(f"  {line}" for line in pair_lines(pair)))
    for line in (*(f"note: {line}" for line in explained(found)), *(f"remark: {line}" for line in remarks(found.cells))):
        yield from textwrap.wrap(line, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    yield from (f"DISAGREE  {line}" for line in disagreements(found.cells))
    if found.interrupted:
        yield "interrupted: the table is not complete"


def explained(found: Benchmark) -> Iterator[str]:
    """What one must know to read the table."""
    yield "ratio: time of the first line of a block / time of this one; ≥ and ≤: a limit stands for a time"
    own = "; of a schedule, all that passed" if any(cell.kind == SCHEDULE for cell in found.cells) else ""
    yield f"seconds: the solver's, with the hand-over of the model, without our building and verifying{own}"
    if found.seeds > 1:
        yield f"medians over {found.seeds} runs with seeds that count up from the spec's; 2/3: so many of them proved"
