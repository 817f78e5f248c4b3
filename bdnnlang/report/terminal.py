"""The report of a run on a terminal."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterator
from typing import TextIO

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bdnnlang.compare.baselines import Compared
from bdnnlang.language.effective import loss_terms
from bdnnlang.report.confusion import MOST_CLASSES, confusion_lines
from bdnnlang.report.requirements.measured import requirement_lines
from bdnnlang.report.robustness_text import loss_text, robustness
from bdnnlang.report.rules import rules
from bdnnlang.report.steps import steps_line
from bdnnlang.report.summary import Scores, Summary
from bdnnlang.report.text.run_text import author, imported_lines, margin_of, number_text, preference_line, verdict
from bdnnlang.report.text_table import fit, listed
from bdnnlang.run.facts import (
    EQUAL_SAMPLES,
    PROOF_FILE,
)
from bdnnlang.run.records import StageRecord
from bdnnlang.run.status import RunStatus

PAGE = 120  # columns of a report in a file

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
    for line in _class_by_class(summary):
        console.print(line, soft_wrap=True)
    if summary.run.best is not None:
        console.print()
        for line in rules(summary.network_file(summary.run.best.network)):
            console.print(indented(line, console.width), soft_wrap=True)


def _class_by_class(summary: Summary) -> Iterator[str]:
    """A matrix for each part, with the shares of each class that the spec asks for; nothing if it asks for none of them."""
    shown = summary.spec.report.metrics
    recall, precision = "recall" in shown, "precision" in shown
    if not recall and not precision:
        return
    for name, matrix in summary.confusions.items():
        yield ""
        yield from confusion_lines(name, matrix, summary.data.classes, recall=recall, precision=precision)
    if len(summary.data.classes) > MOST_CLASSES and summary.confusions:
        yield "every class: `counts`, `confusion` and `per_class` in run.json"


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
        table.add_row(r.stage, f"{r.seconds:.1f}", *map(number_text, (*pair, r.bound, r.nodes)), r.status)
    return table


def _compared(models: tuple[Compared, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("model")
    for name in ("train", "validation", "test", "packed bytes", "seconds"):
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
    yield f"packed bytes are of numbers, not of code, and {preprocessing:,} of them of preprocessing (docs/comparison.md)"


def _setting(value: object) -> str:
    return " + ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _result(summary: Summary) -> Table:
    grid = _grid()
    run, scores = summary.run, summary.scores
    grid.add_row("result", Text(verdict(run), style=STYLES[run.status]))
    if scores is None:
        return grid
    terms = " + ".join(loss_terms(summary.spec.train, summary.loss))
    loss = f"{number_text(scores.verified_loss)} ({loss_text(summary.spec, summary.loss)})"
    grid.add_row("loss", f"{loss}, recomputed from the network in exact arithmetic")
    if summary.spec.train.penalties:
        grid.add_row("objective", f"{number_text(scores.verified_objective)} ({terms})")
    grid.add_row("bound", _bound(summary))
    if (between := _between(summary)) is not None:
        grid.add_row("errors", between)
    for line in _beyond(summary):
        grid.add_row("margin", line)
    for stage in run.stages:
        if stage.preferred is not None:
            grid.add_row(*preference_line(stage, stage.preferred))
    if "accuracy" in summary.spec.report.metrics:
        grid.add_row("accuracy", _accuracies(scores))
    for name, line in robustness(summary):
        grid.add_row(name, line)
    grid.add_row("time", f"{run.seconds:.1f} s")
    return grid


def _accuracies(scores: Scores) -> str:
    named = (("train", scores.train_accuracy), ("validation", scores.validation_accuracy), ("test", scores.test_accuracy))
    return ", ".join(f"{name} {100 * value:.1f} %" for name, value in named if value is not None)


def _bound(summary: Summary) -> str:
    run = summary.run
    if run.bound is None or summary.gap is None:
        return "none"
    return f"{number_text(run.bound)} (gap {100 * summary.gap:.1f} %)" + (
        f" {author(run, summary.irreducible)}" if run.bound else ""
    )


def _between(summary: Summary) -> str | None:
    """Between which numbers the least errors of all networks are known to lie, where that is proved and says something."""
    run, train = summary.run, summary.spec.train
    counts = summary.loss == "zero_one" and train.class_weight is None and not train.penalties and summary.spec.robust is None
    if not counts or run.best is None or run.evidence not in (PROOF_FILE, EQUAL_SAMPLES):
        return None
    if run.bound is None or not 0 < run.bound < run.best.loss:
        return None
    return f"the least of all networks is between {number_text(run.bound)} and {number_text(run.best.loss)} errors, proved"


def _beyond(summary: Summary) -> Iterator[str]:
    """Bounds over networks with a margin that the network of the run goes below, as it has less of a margin."""
    run = summary.run
    for stage in run.stages:
        if run.best is not None and stage.bound is not None and stage.margin is not None and stage.bound > run.best.objective:
            text = margin_of(stage.margin, stage.relative_margin)
            yield f"none with {text} has less than {number_text(stage.bound)}, by {stage.solver}; this one has less margin"


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
