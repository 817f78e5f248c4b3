"""What a run came to, in words that claim no more than is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from bdnnlang.network.numbers import Rational
from bdnnlang.report.text_table import counted
from bdnnlang.run.facts import EQUAL_SAMPLES, PROOF_FILE, SOLVERS_WORD, Preferred
from bdnnlang.run.records import Imported, Run, StageRecord
from bdnnlang.run.status import RunStatus


def imported_lines(one: Imported) -> Iterator[tuple[str, str]]:
    """Where a network came from, what was said of it, and what of that does not hold."""
    yield "import", f"{one.file} ({one.form}), sha256 {one.sha256[:16]}…"
    if one.claimed_objective is not None:
        yield "claim", f"an objective of {number_text(one.claimed_objective)} by the values in the file"
    if one.bound is not None:
        yield "claim", f"a bound of {one.bound:g} by {one.bound_by}: its word, of which nothing is checked here"
    yield from (("rejected", why) for why in one.rejected)


def verdict(run: Run) -> str:
    """The status in words that claim no more than is known."""
    match run.status:
        case RunStatus.OPTIMAL:
            return "optimal, proved" if run.evidence == PROOF_FILE else "optimal"
        case RunStatus.OPTIMAL_AT_MARGIN:
            return f"optimal at a margin: no better network has {margin_text(run)}"
        case RunStatus.FEASIBLE:
            return "feasible: verified, not proved optimal"
        case RunStatus.INTERRUPTED:
            return "interrupted: the best network so far is kept"
        case RunStatus.CLAIM_REJECTED:
            return "claim rejected: no network found keeps the loss that the solver claims"
        case RunStatus.INFEASIBLE:
            return "infeasible"
        case RunStatus.NO_NETWORK:
            return "no network"


def margin_text(run: Run) -> str:
    """The margin that a bound asks of networks."""
    return margin_of(run.margin, run.relative_margin)


def margin_of(margin: float | None, relative: bool) -> str:
    return f"margin ≥ {margin:.2g}" + (", in layer 1 a part of the neuron's largest sum" if relative else "")


def author(run: Run, irreducible: Rational) -> str:
    """Who proves the bound, and of which networks."""
    if run.bound == irreducible or run.evidence == EQUAL_SAMPLES:
        return EQUAL_SAMPLES
    if run.evidence == PROOF_FILE:
        return f"proved: `bdnnc verify` replays {PROOF_FILE}, without a solver"
    of = "" if run.margin is None else f", for networks with {margin_text(run)}"
    return f"by {run.bound_by}{of}" + ("" if run.evidence == SOLVERS_WORD else f": {run.evidence}")


def preference_line(stage: StageRecord, preferred: Preferred) -> tuple[str, str]:
    """What the network of a stage comes to in what is preferred, and what bounds all that are as good otherwise."""
    of = "" if stage.margin is None else f", for networks with {margin_of(stage.margin, stage.relative_margin)}"
    said = "" if preferred.bound is None else f"{number_text(preferred.bound)} by {stage.solver}{of}"
    match preferred.kind:
        case "margin":
            value = f"{number_text(preferred.value)}, recomputed; the least distance from 0 in each layer, added up"
            return "prefer", f"margin {value}" + (f"; at most {said}" if said else "")
        case "sparsity":
            value = counted(int(preferred.value), "nonzero weight")
            return "prefer", f"sparsity: {value}" + (f"; at least {said}" if said else "")
        case _:
            assert_never(preferred.kind)


def number_text(value: Rational | None) -> str:
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else f"{float(value):,.6g}"
