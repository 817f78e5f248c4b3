"""What the cells of a benchmark say of each other: ratios of times, their means, and contradictions."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bdnnlang.bench.cells import SCHEDULE, Attempt, Cell, Instance, Number, Variant, refutations

RESOLUTION = 0.01  # seconds: what is faster counts as this
NONE = "–"  # where there is no number


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
    """The first variant of cell against another, over the specs that both were run on."""

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
    """The first variant against every other one; then of each other formulation the first solver against the others."""
    variants = list(dict.fromkeys(cell.variant for cell in cells))
    sides = [(variants[0], other) for other in variants[1:]]
    for _, group in groupby(
        (variant for variant in variants if variant != SCHEDULE), key=lambda variant: (variant.formulation, variant.without)
    ):
        first, *others = group
        sides += [(first, other) for other in others if first != variants[0]]
    return [_pair(first, other, cells) for first, other in sides]


def _pair(first: Variant, other: Variant, cells: Sequence[Cell]) -> Pair:
    runs = {(cell.spec, cell.variant): cell for cell in cells if cell.attempts}
    both = [(runs[spec, first], runs[spec, other]) for spec, variant in runs if variant == first and (spec, other) in runs]
    ratios = [found for a, b in both if b.proved and (found := ratio(a, b)) is not None]
    limited = sum(bool(found.sign) for found in ratios)
    unproved = [(a, b) for a, b in both if not a.proved and not b.proved]
    losses = [quotient for a, b in unproved if (quotient := _quotient(a.median("verified"), b.median("verified"))) is not None]
    return Pair(
        first=first.label,
        other=other.label,
        proved=len(ratios),
        limited=limited,
        time=Ratio(statistics.geometric_mean(found.factor for found in ratios), "≥" if limited else "") if ratios else None,
        lost=sum(a.proved and not b.proved for a, b in both),
        open=len(unproved),
        loss=statistics.median(losses) if losses else None,
    )


def _quotient(first: Number | None, other: Number | None) -> float | None:
    if first is None or other is None:
        return None
    return 1.0 if first == other else first / other if other else None


def disagreements(cells: Iterable[Cell]) -> list[str]:
    """What cannot be true of a lattice problem: a bound above the verified loss of a network. Each is a bug or a solver's."""
    return _contradictions(cells, with_margin=False)


def remarks(cells: Sequence[Cell]) -> list[str]:
    """The same where the bound speaks of networks with a margin only, so that nothing is wrong; and what runs noted."""
    notes = [f"{c.spec}, {c.variant.label}, seed {run.seed}: {note}" for c in cells for run in c.attempts for note in run.notes]
    return [*_contradictions(cells, with_margin=True), *notes]


def _contradictions(cells: Iterable[Cell], *, with_margin: bool) -> list[str]:
    worst: dict[tuple[str, Variant, Variant], str] = {}
    for cell, run, other, better in refutations(cells):
        if (run.margin is not None) == with_margin:
            worst.setdefault((cell.spec, cell.variant, other.variant), _contradiction(cell, run, other, better))
    return list(worst.values())


def _contradiction(cell: Cell, run: Attempt, other: Cell, better: Attempt) -> str:
    among = "" if run.margin is None else f" for networks with margin ≥ {run.margin:.2g}"
    return (
        f"{cell.spec}: {cell.variant.label} (seed {run.seed}) has the bound {number(run.bound)}{among}, "
        f"{other.variant.label} (seed {better.seed}) a verified network with {number(better.verified)}"
    )


def by_spec(cells: Sequence[Cell]) -> Iterator[tuple[str, list[Cell]]]:
    """The cells of each spec, in the order in which they were measured."""
    for spec, group in groupby(cells, key=lambda cell: cell.spec):
        yield spec, list(group)


def number(value: Number | None) -> str:
    """To four digits, or a dash where there is none."""
    return NONE if value is None else f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"
