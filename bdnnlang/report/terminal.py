"""The report and the progress of a run on a terminal. The only importer of rich."""

from __future__ import annotations

import io
import re
import textwrap
import time
from collections.abc import Iterator
from types import TracebackType
from typing import TextIO, assert_never

import numpy as np
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from bdnnlang.compare.baselines import Compared
from bdnnlang.language.effective import loss_terms
from bdnnlang.network.numbers import Rational
from bdnnlang.report.confusion import MOST_CLASSES, confusion_lines
from bdnnlang.report.requirements.measured import requirement_lines
from bdnnlang.report.robustness_text import loss_text, robustness
from bdnnlang.report.rules import rules
from bdnnlang.report.steps import step_line, steps_line
from bdnnlang.report.summary import Summary
from bdnnlang.report.text_table import counted, fit, listed
from bdnnlang.run.facts import (
    EQUAL_SAMPLES,
    PROOF_FILE,
    SOLVERS_WORD,
    BoundProved,
    BoundReported,
    ClaimRejected,
    Fact,
    ModelBuilt,
    NetworkFound,
    Preferred,
    RunStarted,
    StageEnded,
    StageStarted,
    StepEnded,
)
from bdnnlang.run.records import Imported, Run, StageRecord
from bdnnlang.run.status import RunStatus

PAGE = 120  # columns of a report in a file
QUIET_SECONDS = 30.0  # between two lines of progress where there is no terminal

STYLES = {
    RunStatus.OPTIMAL: "bold green",
    RunStatus.OPTIMAL_AT_MARGIN: "bold cyan",
    RunStatus.FEASIBLE: "bold yellow",
    RunStatus.INTERRUPTED: "bold yellow",
    RunStatus.CLAIM_REJECTED: "bold red",
    RunStatus.INFEASIBLE: "bold red",
    RunStatus.NO_NETWORK: "bold red",
}


def print_report(summary: Summary, stream: TextIO, *, plain: bool = False) -> None:
    """The whole report; wide tables fold to the terminal. `plain`: without colours, as wide as a page."""
    size = (False, PAGE) if plain else (None, None)
    console = Console(file=stream, highlight=False, markup=False, emoji=False, force_terminal=size[0], width=size[1])
    console.print()
    console.print(_facts(summary))
    if summary.run.imported is None:
        console.print()
    if summary.run.imported is None:
        console.print(_stages(summary.run.stages))
    for stage in summary.run.stages:
        if stage.steps:
            console.print(f"  {steps_line(stage)}", soft_wrap=True)
        for note in stage.notes:
            console.print(f"  note: {note}")
    console.print()
    console.print(_result(summary))
    if summary.compared:
        console.print()
        console.print(_compared(summary.compared))
        for note in _notes(summary.compared):
            console.print(f"  note: {note}")
    if required := requirement_lines(summary):
        console.print()
        for line in required:
            console.print(line, soft_wrap=True)
    for name, matrix in summary.confusions.items():
        console.print()
        for line in confusion_lines(name, matrix, summary.data.classes):
            console.print(line, soft_wrap=True)
    if len(summary.data.classes) > MOST_CLASSES and summary.confusions:
        console.print("every class: `counts`, `confusion` and `per_class` in run.json")
    if summary.run.best is not None:
        console.print()
        for line in rules(summary.network_file(summary.run.best.network)):
            console.print(indented(line, console.width), soft_wrap=True)


def report_text(summary: Summary) -> str:
    """The report as it is printed where there is no terminal."""
    with io.StringIO() as text:
        print_report(summary, text, plain=True)
        return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def _facts(summary: Summary) -> Table:
    data, run = summary.data, summary.run
    parts = [f"{len(data.train.y)} training ({data.merged_rows} distinct)"]
    others = (("validation", data.validation), ("test", data.test))
    parts += [f"{len(p.y)} {n}{f' ({p.source})' if p.source else ''}" for n, p in others if p is not None]
    grid = _grid()
    grid.add_row("data", f"{data.source}: {len(data.features)} features, {len(data.classes)} classes; {', '.join(parts)} rows")
    if data.header is not None and not data.header.settled:
        grid.add_row("header", data.header.summary([column.name for column in data.columns]))
    if run.best is None:  # with a network, its confusions say so
        counts = np.bincount(data.train.y, minlength=len(data.classes))
        grid.add_row("classes", listed(f"{fit(name)} {counts[k]:,}" for k, name in enumerate(data.classes)))
    grid.add_row("network", _shape(summary))
    solved = [stage for stage in run.stages if stage.formulation]
    if solved:
        last = solved[-1]
        size = f"{last.columns:,} columns ({last.binaries:,} binary), {last.rows:,} rows, {last.nonzeros:,} nonzeros"
        grid.add_row("model", f"{last.formulation} formulation: {size}")
    if run.imported is None:
        grid.add_row("solver", f"{run.solver} ({run.reason})")
    else:
        for name, line in imported_lines(run.imported):
            grid.add_row(name, Text(line))
    if run.advice:
        grid.add_row("also", Text(run.advice))
    return grid


def imported_lines(one: Imported) -> Iterator[tuple[str, str]]:
    """Where a network came from, what was said of it, and what of that does not hold."""
    yield "import", f"{one.file} ({one.form}), sha256 {one.sha256[:16]}…"
    if one.claimed_objective is not None:
        yield "claim", f"an objective of {_number(one.claimed_objective)} by the values in the file"
    if one.bound is not None:
        yield "claim", f"a bound of {one.bound:g} by {one.bound_by}: its word, of which nothing is checked here"
    yield from (("rejected", why) for why in one.rejected)


def _shape(summary: Summary) -> str:
    layers = summary.spec.network.layers
    if summary.run.best is None:
        return " → ".join(str(layer.width) for layer in layers[:-1])
    widths = " → ".join(map(str, summary.run.best.network.widths))
    count = sum(layer.weights.size + layer.biases.size for layer in summary.run.best.network.layers)
    return f"{widths}, {count} weights and biases"


def _stages(records: tuple[StageRecord, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("stage")
    kind = "objective" if any(r.claimed_objective not in (None, r.claimed_loss) for r in records) else "loss"
    for name in ("seconds", f"claimed {kind}", f"verified {kind}", "bound", "nodes"):
        table.add_column(name, justify="right")
    table.add_column("ended as")
    for r in records:
        pair = (r.claimed_loss, r.verified_loss) if kind == "loss" else (r.claimed_objective, r.verified_objective)
        table.add_row(r.stage, f"{r.seconds:.1f}", *map(_number, (*pair, r.bound, r.nodes)), r.status)
    return table


def _compared(models: tuple[Compared, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("model")
    for name in ("train", "validation", "test", "bytes", "seconds"):
        table.add_column(name, justify="right")
    for one in models:
        shares = (one.train_accuracy, one.validation_accuracy, one.test_accuracy)
        percents = ("–" if share is None else f"{100 * share:.1f} %" for share in shares)
        table.add_row(_named(one), *percents, f"{one.bytes:,}", f"{one.seconds:.1f}")
    return table


def _named(one: Compared) -> str:
    """A model and its settings."""
    settings = [f"{name} {_setting(value)}" for name, value in one.settings if value not in (None, ())]
    if one.passes is not None and ("epochs", one.passes) not in one.settings:
        settings.append(f"{one.passes:,} passes")
    return f"{one.model} ({', '.join(settings)})" if settings else one.model


def _notes(models: tuple[Compared, ...]) -> Iterator[str]:
    """Which models might do better with more passes, and what the bytes are."""
    for one in models:
        if one.converged is False and one.model != "mlp_int8":
            yield f"{_named(one)} has not converged" + ("" if one.passes is None else ": its training loss was still falling")
    preprocessing = max(one.preprocessing_bytes for one in models)
    yield f"bytes are of packed numbers, and {preprocessing:,} of them of preprocessing (docs/comparison.md)"


def _setting(value: object) -> str:
    return " + ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _result(summary: Summary) -> Table:
    grid = _grid()
    run, scores = summary.run, summary.scores
    grid.add_row("result", Text(verdict(summary), style=STYLES[run.status]))
    if scores is None:
        return grid
    terms = " + ".join(loss_terms(summary.spec.train, summary.loss))
    loss = f"{_number(scores.verified_loss)} ({loss_text(summary)})"
    grid.add_row("loss", f"{loss}, recomputed from the network in exact arithmetic")
    if summary.spec.train.penalties:
        grid.add_row("objective", f"{_number(scores.verified_objective)} ({terms})")
    grid.add_row("bound", _bound(summary))
    if (between := _between(summary)) is not None:
        grid.add_row("errors", between)
    for line in _beyond(summary):
        grid.add_row("margin", line)
    for stage in run.stages:
        if stage.preferred is not None:
            grid.add_row(*preference_line(stage, stage.preferred))
    named = (("train", scores.train_accuracy), ("validation", scores.validation_accuracy), ("test", scores.test_accuracy))
    grid.add_row("accuracy", ", ".join(f"{name} {100 * value:.1f} %" for name, value in named if value is not None))
    for name, line in robustness(summary):
        grid.add_row(name, line)
    grid.add_row("time", f"{run.seconds:.1f} s")
    return grid


def verdict(summary: Summary) -> str:
    """The status in words that claim no more than is known."""
    run = summary.run
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
    return _margin_text(run.margin, run.relative_margin)


def _margin_text(margin: float | None, relative: bool) -> str:
    return f"margin ≥ {margin:.2g}" + (", in layer 1 a part of the neuron's largest sum" if relative else "")


def _bound(summary: Summary) -> str:
    run = summary.run
    if run.bound is None or summary.gap is None:
        return "none"
    return f"{_number(run.bound)} (gap {100 * summary.gap:.1f} %)" + (f" {_author(summary)}" if run.bound else "")


def _between(summary: Summary) -> str | None:
    """Between which numbers the least errors of all networks are known to lie, where that is proved and says something."""
    run, train = summary.run, summary.spec.train
    counts = summary.loss == "zero_one" and train.class_weight is None and not train.penalties and summary.spec.robust is None
    if not counts or run.best is None or run.evidence not in (PROOF_FILE, EQUAL_SAMPLES):
        return None
    if run.bound is None or not 0 < run.bound < run.best.loss:
        return None
    return f"the least of all networks is between {_number(run.bound)} and {_number(run.best.loss)} errors, proved"


def _author(summary: Summary) -> str:
    """Who proves the bound, and of which networks."""
    run = summary.run
    if run.bound == summary.irreducible or run.evidence == EQUAL_SAMPLES:
        return EQUAL_SAMPLES
    if run.evidence == PROOF_FILE:
        return f"proved: `bdnnc verify` replays {PROOF_FILE}, without a solver"
    of = "" if run.margin is None else f", for networks with {margin_text(run)}"
    return f"by {run.bound_by}{of}" + ("" if run.evidence == SOLVERS_WORD else f": {run.evidence}")


def _beyond(summary: Summary) -> Iterator[str]:
    """Bounds over networks with a margin that the network of the run goes below, as it has less of a margin."""
    run = summary.run
    for stage in run.stages:
        if run.best is not None and stage.bound is not None and stage.margin is not None and stage.bound > run.best.objective:
            text = _margin_text(stage.margin, stage.relative_margin)
            yield f"none with {text} has less than {_number(stage.bound)}, by {stage.solver}; this one has less margin"


def preference_line(stage: StageRecord, preferred: Preferred) -> tuple[str, str]:
    """What the network of a stage comes to in what is preferred, and what bounds all that are as good otherwise."""
    of = "" if stage.margin is None else f", for networks with {_margin_text(stage.margin, stage.relative_margin)}"
    said = "" if preferred.bound is None else f"{_number(preferred.bound)} by {stage.solver}{of}"
    match preferred.kind:
        case "margin":
            value = f"{_number(preferred.value)}, recomputed; the least distance from 0 in each layer, added up"
            return "prefer", f"margin {value}" + (f"; at most {said}" if said else "")
        case "sparsity":
            value = counted(int(preferred.value), "nonzero weight")
            return "prefer", f"sparsity: {value}" + (f"; at least {said}" if said else "")
        case _:
            assert_never(preferred.kind)


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold")
    grid.add_column()
    return grid


def indented(line: str, width: int) -> str:
    """By two blanks, and further where it goes on: before the next term, or behind a comma."""
    kept = re.sub(r"\([^()]*\)|\[[^][]*\]", lambda term: term[0].replace(" ", "\xa0"), line)
    kept = re.sub(r"(?<!,) (?![+-] |>= |or |and )", "\xa0", kept)
    wrapper = textwrap.TextWrapper(
        width, initial_indent="  ", subsequent_indent="      ", break_long_words=False, break_on_hyphens=False
    )
    return wrapper.fill(kept).replace("\xa0", " ")


def _number(value: Rational | None) -> str:
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else f"{float(value):,.6g}"


class Progress:
    """Follows a run: one live line on a terminal, else a plain line at each stage, better network and half minute."""

    def __init__(self, stream: TextIO) -> None:
        self.console = Console(file=stream, highlight=False, markup=False, emoji=False)
        self.stage: StageStarted | None = None
        self.model: ModelBuilt | None = None  # the first one of the stage
        self.loss: Rational | None = None
        self.bound: float | None = None
        self.nodes = 0
        self.began = time.monotonic()
        self.spoke = self.began
        self.live = Live(console=self.console, refresh_per_second=4, transient=True, get_renderable=self._line)

    def __enter__(self) -> Progress:
        if self.console.is_terminal:
            self.live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self.console.is_terminal:
            self.live.stop()

    def __call__(self, fact: Fact) -> None:
        match fact:
            case StageStarted():
                self.stage, self.model, self.bound, self.nodes, self.began = fact, None, None, 0, time.monotonic()
                self._say(f"{fact.stage}: {f'{fact.solver}, ' if fact.solver else ''}{_limit(fact)}")
            case ModelBuilt():
                if self.model is None:
                    self._say(f"  {fact.rows:,} rows, {fact.binaries:,} binaries")
                self.model = fact
            case NetworkFound(seconds, incumbent, polished=False):
                self.loss = incumbent.objective
                penalty = f", objective {_number(incumbent.objective)}" if incumbent.penalty else ""
                self._say(f"{seconds:8.1f} s  verified loss {_number(incumbent.loss)}{penalty}")
            case BoundReported(seconds, bound, nodes):
                self.bound, self.nodes = bound, nodes
                if time.monotonic() - self.spoke > QUIET_SECONDS:
                    self._say(f"{seconds:8.1f} s  bound {bound:.2f}, {nodes:,} nodes")
            case ClaimRejected(why=why):
                self._say(f"  rejected: {why}")
            case StepEnded(_, number, step):
                self._say(f"  {number:3}. {step_line(step)}")
            case StageEnded():
                self._say(f"{fact.stage}: {fact.status} after {fact.seconds:.1f} s")
                self.stage = None
            case RunStarted() | NetworkFound() | BoundProved():
                pass
            case _:
                assert_never(fact)

    def _say(self, line: str) -> None:
        self.spoke = time.monotonic()
        self.console.print(line, soft_wrap=True)

    def _line(self) -> RenderableType:
        if self.stage is None:
            return Group()
        spent = time.monotonic() - self.began
        of = "" if self.stage.seconds is None else f" of {self.stage.seconds:.0f}"
        loss = _number(self.loss)
        bound = "–" if self.bound is None else f"{self.bound:.2f}"
        return Text(f"{self.stage.stage}  {spent:.0f}{of} s   loss {loss}   bound {bound}   {self.nodes:,} nodes", style="dim")


def _limit(started: StageStarted) -> str:
    return "no time limit" if started.seconds is None else f"at most {started.seconds:.0f} s"
