"""What `bdnnc conflicts` prints: sets of samples by row number and class, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bdnnlang.network.numbers import shown, simple
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.prove.suspects import Found


def conflict_lines(training: TrainingProblem, found: Found, limit: int) -> Iterator[str]:
    """For people; at most `limit` of each kind."""
    neurons, samples = training.widths[1], training.samples
    yield f"{training.data.source}: {len(samples):,} training samples; rows are counted from 1"
    yield ""
    yield from _equal(training, found, limit)
    if not found.sets:
        yield "one neuron tells the classes apart" + (": there are no other conflicts" if found.equal else "")
        return
    sets = "1 set of samples" if len(found.sets) == 1 else f"{len(found.sets):,} sets of samples, which share none,"
    yield f"{sets} that no neuron gets all right, whatever its weights"
    yield from _indented(_set(training, rows) for rows in found.sets[:limit])
    yield from _more(len(found.sets), limit)
    if neurons == 1:
        yield f"with 1 hidden neuron every network has a loss of at least {shown(simple(found.least))}"
    else:
        yield f"a network of {neurons} hidden neurons can get such a set right only by dividing it among them"
    if found.suspects:
        yield ""
        yield "samples that lie between others of the other class, the worst first: look at their class, and at what was measured"
        yield from _indented(_suspect(training, one.sample, len(one.others)) for one in found.suspects[:limit])
        yield from _more(len(found.suspects), limit)


def _equal(training: TrainingProblem, found: Found, limit: int) -> Iterator[str]:
    if found.equal:
        sets = "1 set" if len(found.equal) == 1 else f"{len(found.equal):,} sets"
        yield f"{sets} of equal samples with different classes, which no network gets right"
        yield from _indented(_set(training, rows) for rows in found.equal[:limit])
        yield from _more(len(found.equal), limit)
        yield ""


def _indented(lines: Iterator[str]) -> Iterator[str]:
    yield from (f"  {line}" for line in lines)


def _more(count: int, limit: int) -> Iterator[str]:
    if count > limit:
        yield f"  … and {count - limit:,} more: `--limit {count}` lists all"


def _set(training: TrainingProblem, rows: tuple[int, ...]) -> str:
    """Its rows by class."""
    classes = training.data.classes
    parts = []
    for label, name in enumerate(classes):
        own = [str(_row(training, i)) for i in rows if training.samples.y[i] == label]
        parts += [f"class {name}: row{'s' if len(own) > 1 else ''} {', '.join(own)}"] if own else []
    return "; ".join(parts)


def _suspect(training: TrainingProblem, sample: int, sets: int) -> str:
    name = training.data.classes[int(training.samples.y[sample])]
    said = f"where a neuron gets it right, it errs on at least {sets:,} of the other class"
    return f"row {_row(training, sample)}, class {name}: {said}"


def _row(training: TrainingProblem, sample: int) -> int:
    """Its number in the source, from 1."""
    return int(training.samples.rows[sample]) + 1


def conflicts_json(training: TrainingProblem, found: Found, limit: int) -> dict[str, Any]:
    """For machines; at most `limit` of each kind."""

    def members(rows: tuple[int, ...]) -> list[dict[str, Any]]:
        classes = training.data.classes
        return [{"row": _row(training, i), "class": classes[int(training.samples.y[i])]} for i in rows]

    return {
        "schema": 1,
        "source": training.data.source,
        "samples": len(training.samples),
        "neurons": training.widths[1],
        "least_loss": float(found.least),
        "equal": [members(rows) for rows in found.equal[:limit]],
        "sets": [members(rows) for rows in found.sets[:limit]],
        "suspects": [
            {**members((one.sample,))[0], "sets": [members(rows) for rows in one.others]} for one in found.suspects[:limit]
        ],
        "found": {"equal": len(found.equal), "sets": len(found.sets), "suspects": len(found.suspects)},
    }
