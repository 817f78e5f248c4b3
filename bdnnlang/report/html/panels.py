"""The parts of a page that speak of one run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bdnnlang.language.effective import loss_terms
from bdnnlang.network.numbers import Rational
from bdnnlang.report.html.chart import BOUND, PLUS, progress_chart
from bdnnlang.report.html.drawing import description, drawing, layer_numbers, live_nodes, weight_key
from bdnnlang.report.html.markup import Child, Element, el
from bdnnlang.report.html.tables import facts, numbers, wide
from bdnnlang.report.html.weight_maps import weight_maps
from bdnnlang.report.robustness_text import loss_text
from bdnnlang.report.rules import rules
from bdnnlang.report.stated.reported import Reported
from bdnnlang.report.stated.run import PARTS, StatedMeasure, StatedModel, rational
from bdnnlang.report.text.run_text import author, imported_lines, number_text, preference_line, verdict
from bdnnlang.report.text_table import counted, percent
from bdnnlang.run.facts import EQUAL_SAMPLES, PROOF_FILE
from bdnnlang.run.records import Run
from bdnnlang.run.status import RunStatus

MOST_RULES = 20_000  # characters of every term and neuron
GOOD = (RunStatus.OPTIMAL, RunStatus.OPTIMAL_AT_MARGIN)
WARN = (RunStatus.FEASIBLE, RunStatus.INTERRUPTED)


def badge(run: Reported) -> Element:
    status = run.stated.result.status
    kind = "good" if status in GOOD else "warn" if status in WARN else "bad"
    return el("p", el("span", verdict(run.stated.run()), class_=f"status {kind}"))


def result(run: Reported) -> Iterator[Element]:
    """The verdict, the numbers that matter most, and what they rest on."""
    yield badge(run)
    if cards := list(_cards(run)):
        yield el("div", (el("div", el("span", name), el("b", value)) for name, value in cards), class_="cards")
    yield facts(_said(run))


def _cards(run: Reported) -> Iterator[tuple[str, str]]:
    found = run.stated.result
    if found.objective is None:
        return
    yield ("objective" if run.spec.train.penalties else "loss"), number_text(found.objective)
    if found.bound is not None:
        yield "bound", number_text(run.stated.run().bound)
    if found.gap is not None:
        yield "gap", percent(found.gap)
    yield from ((part, percent(share)) for part in PARTS if (share := found.accuracy(part)) is not None)


def _said(run: Reported) -> Iterator[tuple[str, str]]:
    found, now, data = run.stated.result, run.stated.run(), run.stated.data
    if found.objective is not None:
        terms = " + ".join(loss_terms(run.spec.train, found.loss))
        yield "what is counted", f"{loss_text(run.spec, found.loss)}, recomputed from the network in exact arithmetic"
        if run.spec.train.penalties:
            yield "objective", f"{number_text(found.objective)} ({terms})"
    if now.bound:
        yield "bound", f"{number_text(now.bound)} {author(now, data.irreducible_errors)}"
    yield from (preference_line(stage, stage.preferred) for stage in run.stated.stages if stage.preferred is not None)
    if run.stated.imported is not None:
        yield from imported_lines(run.stated.imported)
    else:
        yield "solver", f"{found.solver} ({found.solver_reason})"
    if found.solver_advice:
        yield "also", found.solver_advice
    yield "time", f"{found.seconds:.1f} s"


def network(run: Reported) -> Iterator[Element]:
    """The drawing, and the rules in the units of the data."""
    if run.network is None:
        yield el("p", "The run found no network.", class_="soft")
        return
    caption = f"{' → '.join(map(str, run.network.network.widths))}; " + description(
        run.network.network, live_nodes(run.network.network)
    )
    yield el("figure", wide(drawing(run.network), "The network as a drawing"), weight_key(), el("figcaption", caption))
    if (maps := weight_maps(run.network)) is not None:
        caption = "weights of each neuron of layer 1, the inputs as they lie in the picture; the heavier the fuller"
        yield el("figure", maps, el("figcaption", caption))
    short, whole = rules(run.network), rules(run.network, full=True)
    yield el("h3", "Rules, in the units of the data")
    yield _rules(short)
    if whole != short and sum(map(len, whole)) <= MOST_RULES:
        yield el("details", el("summary", "every term and neuron"), _rules(whole))


def _rules(lines: Sequence[str]) -> Element:
    return el("ul", (el("li", el("code", line)) for line in lines), class_="rules")


def progress(run: Reported) -> Iterator[Element]:
    """Objective and bound over time, and the stages."""
    penalised = bool(run.spec.train.penalties)
    if run.trace.objective:
        key = [
            el("span", class_="key", style=f"color:{PLUS}"),
            "objective" if penalised else "loss",
            el("span", class_="key dash", style=f"color:{BOUND}"),
            "bound over all networks; dotted: what a solver says of its model while it works",
        ]
        chart = wide(progress_chart(run.trace, penalised), "Loss and bound over time")
        yield el("figure", chart, el("figcaption", key))
    if run.stated.stages:
        yield _stages(run)
    notes = [f"{stage.stage}: {note}" for stage in run.stated.stages for note in stage.notes]
    if notes:
        yield el("ul", (el("li", note) for note in notes), class_="soft")


def _stages(run: Reported) -> Element:
    rows = [
        (
            stage.stage,
            stage.solver or "–",
            f"{stage.seconds:.1f}",
            number_text(stage.claimed_objective if stage.claimed_objective is not None else stage.claimed_loss),
            number_text(stage.verified_objective if stage.verified_objective is not None else stage.verified_loss),
            number_text(stage.bound),
            number_text(stage.nodes),
            stage.status.value.replace("_", " "),
        )
        for stage in run.stated.stages
    ]
    head = ["stage", "solver", "seconds", "claimed", "verified", "bound", "nodes", "ended as"]
    return numbers("Stages", head, rows, texts=(0, 1, 7))


def bounds(run: Reported) -> Iterator[Element]:
    """What is proved of the least objective, by whom, on which evidence."""
    if run.stated.bounds:
        rows = [(number_text(rational(one.value)), one.scope, one.by, one.evidence) for one in run.stated.bounds]
        yield numbers("No network has a lesser objective", ["at least", "of", "by", "evidence"], rows, texts=(0, 1, 2, 3))
    yield el("p", _trust(run.stated.run(), run.stated.result.objective))


def _trust(said: Run, objective: Rational | None) -> str:
    if not said.bound:
        return "A loss of 0 needs no proof: none is less." if objective == 0 else "Nothing but 0 is known to be a bound."
    if said.evidence == PROOF_FILE:
        return "The bound has a proof in the run folder: bdnnc verify replays it, without a solver."
    if said.evidence == EQUAL_SAMPLES:
        return "The bound is counted: samples with equal features and different classes cannot all be right."
    return f"The bound is the word of {said.bound_by}, of which nothing is checked here; the loss of the network is."


def requirements(run: Reported) -> Iterator[Element]:
    """What the spec requires, and whether it holds on each part."""
    if not run.stated.requirements:
        return
    stated = run.stated.requirements
    parts = [part for part in PARTS if any(one.of(part) for one in stated)]
    rows: list[list[Child]] = [[one.text, *(_held(one.of(part)) for part in parts)] for one in stated]
    yield numbers("They hold on the training part; whether on the others is said", ["require", *parts], rows)


def _held(found: StatedMeasure | None) -> Element:
    if found is None:
        return el("td", "–")
    said = "" if found.value is None else f"{found.value:.4g} · "
    words, kind = ("holds", "good") if found.holds else ("does not hold", "bad")
    return el("td", said, el("span", words, class_=kind))


def models(run: Reported) -> Iterator[Element]:
    """Classical models on the same split."""
    if not run.stated.compare:
        return
    parts = [part for part in PARTS if any(getattr(one, f"{part}_accuracy") is not None for one in run.stated.compare)]
    rows = [
        [_model(one), *(_accuracy(one, part) for part in parts), f"{one.bytes:,}", f"{one.seconds:.1f}"]
        for one in run.stated.compare
    ]
    yield numbers("On the same split and preprocessing", ["model", *parts, "bytes", "seconds"], rows)


def _model(one: StatedModel) -> str:
    settings = [f"{name} {_setting(value)}" for name, value in one.settings.items() if value not in (None, [], ())]
    return f"{one.model} ({', '.join(settings)})" if settings else one.model


def _setting(value: object) -> str:
    return " + ".join(map(str, value)) if isinstance(value, list) else str(value)


def _accuracy(one: StatedModel, part: str) -> Child:
    share = getattr(one, f"{part}_accuracy")
    if share is None:
        return "–"
    bar = f"background:linear-gradient(90deg,rgba(var(--shade),.3) {100 * share:.1f}%,transparent 0)"
    return el("td", percent(share), style=bar)


def sizes(run: Reported) -> Iterator[Element]:
    """Weights of each layer, bytes, and the programs that were solved."""
    if run.network is not None:
        layers = run.network.network.layers
        rows = []
        for k, layer in enumerate(layers, start=1):
            count, nonzero = layer_numbers(layer.weights)
            rows.append(
                [
                    f"{k}",
                    f"{layer.weights.shape[1]} → {layer.weights.shape[0]}",
                    f"{count:,}",
                    f"{nonzero:,}",
                    f"{len(layer.biases):,}",
                ]
            )
        yield numbers("Layers", ["layer", "widths", "weights", "not 0", "biases"], rows, texts=(0, 1))
        packed = f"{counted(run.packed_bytes or 0, 'byte')} of packed weights and biases, without preprocessing"
        yield el(
            "p", f"{packed}; as code on an 8-bit device about {counted(run.code_bytes or 0, 'byte')} of flash.", class_="soft"
        )
    solved = [stage for stage in run.stated.stages if stage.formulation]
    if solved:
        head = ["stage", "formulation", "columns", "binary", "rows", "nonzeros"]
        yield numbers(
            "Programs for a solver",
            head,
            [(s.stage, s.formulation, f"{s.columns:,}", f"{s.binaries:,}", f"{s.rows:,}", f"{s.nonzeros:,}") for s in solved],
            texts=(0, 1),
        )


def data(run: Reported) -> Iterator[Element]:
    """Where the samples come from, and how many there are of each class in each part."""
    of = run.stated.data
    yield facts(
        [
            ("source", of.source),
            (
                "rows",
                f"{of.rows:,}, of them {of.train:,} training ({of.merged_rows:,} distinct), "
                f"{of.validation:,} validation, {of.test:,} test",
            ),
            ("features", f"{of.features:,}"),
            ("errors that no network avoids", f"{of.irreducible_errors:,}"),
        ]
    )
    if counts := run.stated.counts:
        parts = [part for part in PARTS if part in counts]
        rows = [[name, *(f"{counts[part].get(name, 0):,}" for part in parts)] for name in of.classes]
        yield numbers("Samples of each class", ["class", *parts], rows)


def reproduce(run: Reported) -> Iterator[Element]:
    """Command, versions, hashes, and the spec with every setting."""
    stated = run.stated
    commands = [*([stated.command] if stated.command else []), *([f"bdnnc verify {run.folder}"] if run.folder else [])]
    if commands:
        yield el("pre", "\n".join(commands))
    hashes = [("spec", stated.spec.sha256), ("data", stated.data.sha256), ("network", stated.result.network_sha256)]
    yield facts(
        [
            ("began", (stated.created or "not known").replace("T", " ")),
            ("seed", str(stated.seed)),
            ("versions", ", ".join(f"{name} {number}" for name, number in {"bdnnc": stated.bdnnc, **stated.versions}.items())),
            *((f"sha256 of the {what}", el("code", digest)) for what, digest in hashes if digest),
        ]
    )
    yield el("details", el("summary", "the spec, every setting written out"), el("pre", run.spec_text))
