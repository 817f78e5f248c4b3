"""From a spec's `data` block to a Dataset: read, find the classes, sample, split, fit, scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.data.dataset import Dataset, Part, equal_rows, irreducible_errors
from bdnnlang.data.diagnosis.columns import check_cells
from bdnnlang.data.diagnosis.suspects import suspects
from bdnnlang.data.exact import find_lattice, scaled_features
from bdnnlang.data.facts import column_facts
from bdnnlang.data.part_file import Loaded, cells_of, load_part
from bdnnlang.data.preprocessing.fit import fit
from bdnnlang.data.preprocessing.plan import Readers, find_column, make_plan, read_cells, readers_of, used_columns
from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.data.preprocessing.step import Plan
from bdnnlang.data.sample import draw_rows, target_name
from bdnnlang.data.sources import open_source
from bdnnlang.data.split import split
from bdnnlang.data.table import Names, Table
from bdnnlang.data.target import Target, read_target
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.spec import Column, Csv, DataSpec


def load(spec: DataSpec, folder: Path, kept: Sequence[Column] = ()) -> Dataset:
    """Read and prepare the data of a spec that lies in `folder`. Raises Rejected with everything that is wrong.

    The cells of columns to be `kept` stand beside the samples, be they features or not.
    """
    source = open_source(spec.source, folder)
    drawn = draw_rows(spec, source)
    table = source.table(drawn.rows if drawn else None)
    plan, readers, target = _examine(spec, table, drawn, kept)
    aside = _names_of(kept, table, [])
    samples_of_parts = split(spec, target)
    recipe = fit(plan, readers, table, target.rows[samples_of_parts[0]], spec.source.span)
    train, validation, test = (
        _part(table, recipe, target, samples, aside) if len(samples) else None for samples in samples_of_parts
    )
    assert train is not None
    files = _files(spec, folder, recipe, target.classes, aside)
    return Dataset(
        train=train,
        validation=files["validation"][0] if "validation" in files else validation,
        test=files["test"][0] if "test" in files else test,
        classes=target.classes,
        features=recipe.features,
        recipe=recipe,
        lattice=find_lattice(scaled_features(train.raw, recipe.lower, recipe.upper)),
        source=table.source,
        sha256=table.sha256,
        rows=table.source_rows,
        merged_rows=int(equal_rows(train).max()) + 1,
        irreducible_errors=irreducible_errors(train),
        header=table.header,
        columns=column_facts(read_cells(table, readers)),
        warnings=(
            *table.warnings,
            *_suspects(spec, plan, readers, table.take(target.rows), target),
            *(warning for _, warnings in files.values() for warning in warnings),
        ),
    )


def _examine(spec: DataSpec, table: Table, drawn: Target | None, kept: Sequence[Column]) -> tuple[Plan, Readers, Target]:
    """Columns, classes and cells. `drawn`: the classes of drawn rows. Raises Rejected with everything that is wrong."""
    diagnostics: list[Diagnostic] = []
    name = target_name(spec, table.source, table.names, diagnostics)
    plan = make_plan(spec, table, name or "", diagnostics)
    _names_of(kept, table, diagnostics)
    target = drawn and Target(drawn.classes, np.arange(table.rows, dtype=np.int64), drawn.y)
    if name and not target:
        try:
            target = read_target(spec, table, table.columns[table.names.index(name)])
        except Rejected as rejected:
            diagnostics += rejected.diagnostics
    used = table.take(target.rows) if target else table
    readers = readers_of(plan, table)
    diagnostics += check_cells(plan, read_cells(used, readers), spec.source.span)
    if diagnostics or target is None:
        raise Rejected(diagnostics)
    return plan, readers, target


def _names_of(kept: Sequence[Column], table: Table, diagnostics: list[Diagnostic]) -> tuple[str, ...]:
    """The columns to be kept, each once; what is none goes to `diagnostics`."""
    columns = Names(table.names)
    found = (find_column(table.source, columns, columns.names, one, diagnostics, "column") for one in kept)
    return tuple(dict.fromkeys(name for name in found if name is not None))


def _suspects(spec: DataSpec, plan: Plan, readers: Readers, table: Table, target: Target) -> Iterator[Diagnostic]:
    """Warnings about columns of a file; what the package ships is known to be sound."""
    if isinstance(spec.source, Csv):
        yield from suspects(used_columns(plan, read_cells(table, readers)), target.y, spec.source.span)


def _files(spec: DataSpec, folder: Path, recipe: Recipe, classes: tuple[str, ...], aside: tuple[str, ...]) -> dict[str, Loaded]:
    """The parts that are files of their own, by name."""
    parts: dict[str, Loaded] = {}
    diagnostics: list[Diagnostic] = []
    for name, source in spec.part_files.items():
        try:
            parts[name] = load_part(source, folder, recipe, classes, all_classes=spec.classes is None, aside=aside)
        except Rejected as rejected:
            diagnostics += rejected.diagnostics
    if diagnostics:
        raise Rejected(diagnostics)
    return parts


def _part(table: Table, recipe: Recipe, target: Target, samples: Ints, aside: tuple[str, ...]) -> Part:
    rows = target.rows[samples]
    taken = table.take(rows)
    raw = recipe.raw(taken)
    groups = cells_of(taken, aside)
    return Part(x=recipe.scale(raw), raw=raw, rows=table.places(rows), recipe=recipe, y=target.y[samples], groups=groups)
