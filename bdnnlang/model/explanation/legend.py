"""The legend of a model: what its columns and rows are, as JSON beside the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from bdnnlang import __version__
from bdnnlang.model.blocks import Columns, Problem, Role
from bdnnlang.model.explanation.heading import pass_names, spec_hash
from bdnnlang.model.explanation.kinds import COLUMNS, Index, row_kind
from bdnnlang.model.explanation.names import written
from bdnnlang.model.explanation.terms import Terms
from bdnnlang.model.milp import Family
from bdnnlang.model.model import Model
from bdnnlang.problem.training import TrainingProblem

MOST_COLUMNS = 20_000  # of larger models the families alone are written, with features and samples
FILE = "model.columns.json"

Json = dict[str, Any]


def legend(training: TrainingProblem, model: Model, spec_name: str) -> str:
    """JSON with an entry a line: the model, features, samples, families of columns and rows, and each column.

    Rows of the data are counted from 1, indices in names from 0: those of `sample` and `feature` count the lists of that name.
    """
    terms, milp = Terms(training, model.built), model.milp
    is_small = milp.columns <= MOST_COLUMNS
    content: Json = {
        "schema": 1,
        "bdnnc": __version__,
        "spec": {"name": spec_name, "sha256": spec_hash(training)},
        "data": {"source": training.data.source, "sha256": training.data.sha256},
        "formulation": training.spec.train.formulation,
        "passes": list(pass_names(training, model)),
        "objective": {"unit": str(milp.unit), "constant": milp.offset},
        "features": _features(training, model.problem),
        "samples": [_sample(terms, row) for row in range(int(terms.place.max()) + 1)],
        "column_families": [_column_family(family) for family in model.problem.columns],
        "row_families": [_row_family(family) for family in milp.row_families if family.size],
        "columns": [entry for family in model.problem.columns for entry in _columns(terms, family)] if is_small else [],
        "columns_left_out": 0 if is_small else milp.columns,
    }
    return _text(content)


def _features(training: TrainingProblem, problem: Problem) -> list[Json]:
    """With what the columns of their weights stand for: scale times the weight, of the feature minus the centre."""
    names, scaling = training.data.features, problem.input_scaling
    if scaling is None:
        return [{"name": name} for name in names]
    pairs = zip(names, scaling.scale.tolist(), scaling.centre.tolist(), strict=True)
    return [{"name": name, "scale": scale, "centre": centre} for name, scale, centre in pairs]


def _sample(terms: Terms, row: int) -> Json:
    members = terms.members(row)
    return {"rows": [number for number, _ in members], "classes": [label for _, label in members]}


def _column_family(family: Columns) -> Json:
    kind = COLUMNS[family.role]
    return {
        "name": family.name,
        "is": family.role.name.lower(),
        "layer": family.layer or None,
        "shape": list(family.shape),
        "indices": [index.value for index in kind.indices],
        "integer": family.integer,
        "unit": str(family.unit),
        "least": float(family.lower.min(initial=np.inf)),
        "greatest": float(family.upper.max(initial=-np.inf)),
    }


def _row_family(family: Family) -> Json:
    kind = row_kind(family.name)
    return {
        "name": family.name,
        "layer": kind.layer(family.name) or None,
        "shape": list(family.shape),
        "count": family.size,
        "indices": [index.value for index in kind.indices],
        "equation": kind.equation,
        "section": kind.section,
        "source": kind.source or None,
        "made_by": kind.made_by or "build",
    }


def _columns(terms: Terms, family: Columns) -> Iterator[Json]:
    """Each column of a family: its name, and what its indices stand for."""
    kinds = COLUMNS[family.role].indices
    plain = Family(family.name, family.shape)
    for index in np.ndindex(family.shape):
        entry: Json = {"name": written(plain, index), "is": family.role.name.lower(), "layer": family.layer or None}
        for kind, i in zip(kinds, index, strict=True):
            entry |= _place(terms, family, kind, i)
        yield entry | ({"unit": str(family.unit)} if family.unit != 1 else {})


def _place(terms: Terms, family: Columns, kind: Index, i: int) -> Json:
    """What an index stands for."""
    match kind:
        case Index.SAMPLE:
            return {"sample": i, **_first_row(terms, i)}
        case Index.ERROR:
            row, label = terms.errors[:, i].tolist()
            return {"sample": row, **_first_row(terms, row), "class": terms.training.data.classes[label]}
        case Index.INPUT | Index.CHANGING:
            below = terms.changing[i] if kind is Index.CHANGING else i
            return {"feature": terms.training.data.features[below]} if family.layer == 1 else {"input": below}
        case Index.FEATURE | Index.MONOTONE:
            return {"feature": terms.training.data.features[i if kind is Index.FEATURE else terms.monotone[i]]}
        case Index.CLASS:
            return {"class": terms.training.data.classes[i + 1]}
        case Index.NEURON:
            return {"neuron": None if family.role is Role.BIASES and terms.is_shared(family.layer) else i}
        case Index.VALUE:
            return {"value": terms.value(family, i)}
        case Index.NUMBER | Index.ONLY:
            return {}


def _first_row(terms: Terms, sample: int) -> Json:
    number, label = terms.members(sample)[0]
    return {"row": number, "class": label}


def _text(content: Json) -> str:
    """Lists of objects with an object a line, so that a difference can be read."""
    lines = []
    for key, value in content.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            inner = ",\n".join(f"    {json.dumps(entry, ensure_ascii=False)}" for entry in value)
            lines.append(f"  {json.dumps(key)}: [\n{inner}\n  ]")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"
