"""Networks as they are: a `network.json`, the layers alone, or weights as csv.

layer,bias,petal_length_cm,petal_width_cm       a header may be there
1,-6.5,1,1                                      a line is a neuron: its layer from 1, its bias, a weight for each input
2,-1,1
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np

from bdnnlang.diagnostics import Rejected
from bdnnlang.imports.errors import OtherNetwork, span_of
from bdnnlang.network.as_json import from_json
from bdnnlang.network.export.network_json import NetworkFile, load
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.membership import domains
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.solve.answers.base import AnswerError, AnswerFile, Kind, Line, Place
from bdnnlang.strict_json import Malformed, members, parse

JSON, CSV = "network.json", "weights as csv"
ROW = re.compile(r"(#.*\r?\n|[ \t]*\r?\n)*\s*(layer\b[^\n]*,|[0-9]+\s*,\s*[-+.0-9])", re.IGNORECASE)
CELL = re.compile(r"[^,]+|(?<=,)(?=,|$)")


def form_of(head: str) -> str | None:
    """Which of these a file is that begins so; None: something else."""
    if head.lstrip().startswith("{") and '"SolutionInfo"' not in head:
        return JSON
    return CSV if ROW.match(head) else None


def read_network(file: AnswerFile, form: str, path: Path, training: TrainingProblem) -> tuple[Network, tuple[str, ...]]:
    """The network, one of the spec, and what there is to say of it. Raises AnswerError, Rejected."""
    network, notes = _json(file, path, training) if form == JSON else (_csv(file, path), ())
    if network.widths != training.widths:
        wanted, found = (" → ".join(map(str, widths)) for widths in (training.widths, network.widths))
        raise _other(path, f"it is a network {found}, and the spec asks for {wanted}")
    if (said := domains(training.spec, network)) != "inside":
        raise _other(path, f"{said}, which the spec does not allow")
    return network, notes


def _other(path: Path, problem: str, place: Place | None = None) -> Rejected:
    way = "give the spec that it was trained for, or mend the file"
    return Rejected(
        [OtherNetwork(file=str(path), problem=problem, way=way, span=None if place is None else span_of(place, path))]
    )


# ---- network.json


def _json(file: AnswerFile, path: Path, training: TrainingProblem) -> tuple[Network, tuple[str, ...]]:
    text = file.text()
    try:
        content = members(parse(text), "")
        if content.keys() == {"layers"}:
            return from_json(content["layers"]), ()
        stated = load(text)
    except Malformed as error:
        raise AnswerError(Kind.DAMAGED, f"it is no `network.json`: {error}") from None
    data = training.data
    for name, own, wanted in (("features", stated.features, data.features), ("classes", stated.classes, data.classes)):
        if own != wanted:
            differ = next((pair for pair in zip(own, wanted, strict=False) if pair[0] != pair[1]), None)
            first = f"`{differ[0]}` for `{differ[1]}`" if differ else f"{len(own)} for {len(wanted)}"
            raise _other(path, f"its {name} are others than those of the data: {first}")
    return stated.network, _notes(stated, training)


def _notes(stated: NetworkFile, training: TrainingProblem) -> tuple[str, ...]:
    own = {name: _fitted(recipe) for name, recipe in (("own", stated.preprocessing), ("data", training.data.recipe.to_json()))}
    if own["own"] == own["data"]:
        return ()
    return (
        "its preprocessing is another one than that of the spec: its weights were taken for the inputs as the spec makes them",
    )


def _fitted(recipe: object) -> object:
    """Without what says only which values training has seen."""
    if isinstance(recipe, dict):
        return {name: _fitted(value) for name, value in recipe.items() if name != "seen"}
    if isinstance(recipe, list | tuple):
        return [_fitted(value) for value in recipe]
    return float(recipe) if isinstance(recipe, int | Decimal) else recipe


# ---- csv


def _csv(file: AnswerFile, path: Path) -> Network:
    layers: list[list[list[float]]] = []
    for line in _rows(file):
        layer, *numbers = [_cell(line, place) for place in _cells(line)]
        if layer not in (len(layers), len(layers) + 1) or layer == 0:
            expected = f"{len(layers)} or {len(layers) + 1}" if layers else "1"
            raise _other(path, f"the layer in line {line.number} is {layer:g}, and should be {expected}", _cells(line)[0])
        if layer > len(layers):
            layers.append([])
        inputs = len(layers[-1][0]) - 1 if layers[-1] else len(layers[-2]) if len(layers) > 1 else len(numbers) - 1
        if len(numbers) != inputs + 1 or not inputs:
            raise _other(path, f"line {line.number} has {len(numbers) - 1} weights for {max(inputs, 1)} inputs", _cells(line)[-1])
        layers[-1].append(numbers)
    if not layers:
        raise AnswerError(Kind.NO_SOLUTION, "it holds no weights")
    return Network(tuple(Layer(np.array(rows)[:, 1:], np.array(rows)[:, 0]) for rows in layers))


def _rows(file: AnswerFile) -> Iterator[Line]:
    """The lines with numbers: without comments, and without a header."""
    is_first = True
    for line in file.filled():
        if line.text.lstrip().startswith("#"):
            continue
        if not (is_first and line.text.lstrip().lower().startswith("layer")):
            yield line
        is_first = False


def _cells(line: Line) -> list[Place]:
    return [
        Place(line.number, line.text, match.start(), max(match.end(), match.start() + 1)) for match in CELL.finditer(line.text)
    ]


def _cell(line: Line, place: Place) -> float:
    text = line.text[place.start : place.stop].strip(" \t,")
    try:
        return Line(line.number, text).number_at(0)
    except AnswerError:
        column = _cells(line).index(place) + 1
        raise AnswerError(Kind.DAMAGED, f"cell {column} of line {line.number} is not a number: `{text[:40]}`", place) from None
