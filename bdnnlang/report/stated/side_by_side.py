"""Several runs in one table: a row a fact, a column a run, as on a terminal and on a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bdnnlang.report.stated.reported import Reported
from bdnnlang.report.stated.run import PARTS
from bdnnlang.report.text.run_text import number_text
from bdnnlang.report.text_table import aligned, fit, percent

NOTHING = "–"
MOST_ACROSS = 5  # runs that are columns; of more each is a row


def side_by_side(runs: Sequence[Reported]) -> list[list[str]]:
    """The table, its first row and first column naming what stands there; facts that no run has are left out."""
    rows = [[name, *(fact(run) for run in runs)] for name, fact in FACTS.items()]
    kept = [row for row in rows if any(cell != NOTHING for cell in row[1:])]
    table = [["run", *(run.name for run in runs)], *kept]
    return table if len(runs) <= MOST_ACROSS else [list(row) for row in zip(*table, strict=True)]


def side_by_side_lines(runs: Sequence[Reported]) -> list[str]:
    """The same for a terminal."""
    table = [[fit(cell) for cell in row] for row in side_by_side(runs)]
    return aligned(table, left=range(len(table[0])))


def _status(run: Reported) -> str:
    return run.stated.result.status.value.replace("_", " ")


def _objective(run: Reported) -> str:
    return number_text(run.stated.result.objective) if run.spec.train.penalties else NOTHING


def _accuracy(part: str) -> Callable[[Reported], str]:
    return lambda run: percent(run.stated.result.accuracy(part))


def _certified(run: Reported) -> str:
    robust = run.stated.result.robust
    return NOTHING if robust is None else f"{robust.certified:,} of {robust.of:,} within {robust.set}"


def _requirements(run: Reported) -> str:
    """How many hold on every part."""
    stated = run.stated.requirements
    held = sum(all(found.holds for part in PARTS if (found := one.of(part))) for one in stated)
    return f"{held} of {len(stated)} hold on every part" if stated else NOTHING


def _widths(run: Reported) -> str:
    return NOTHING if run.network is None else " → ".join(map(str, run.network.network.widths))


def _weights(run: Reported) -> str:
    return NOTHING if run.network is None else f"{sum(int((one.weights != 0).sum()) for one in run.network.network.layers):,}"


def _number(value: int | None) -> str:
    return NOTHING if value is None else f"{value:,}"


FACTS: dict[str, Callable[[Reported], str]] = {
    "spec": lambda run: run.stated.spec.path.rpartition("/")[2],
    "data": lambda run: run.stated.data.source,
    "status": _status,
    "loss": lambda run: number_text(run.stated.loss),
    "objective": _objective,
    "bound": lambda run: number_text(run.stated.run().bound),
    "gap": lambda run: percent(run.stated.result.gap),
    **{part: _accuracy(part) for part in PARTS},
    "certified": _certified,
    "requirements": _requirements,
    "network": _widths,
    "weights not 0": _weights,
    "bytes, packed": lambda run: _number(run.packed_bytes),
    "bytes of code": lambda run: _number(run.code_bytes),
    "solver": lambda run: run.stated.result.solver or NOTHING,
    "stages": lambda run: ", ".join(stage.stage for stage in run.stated.stages) or NOTHING,
    "seconds": lambda run: f"{run.stated.result.seconds:.1f}",
    "began": lambda run: (run.stated.created or NOTHING)[:16].replace("T", " "),
}
