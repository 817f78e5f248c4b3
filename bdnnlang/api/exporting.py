"""A network that was trained in Python leaves for a device, as by `bdnnc export`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.device.c.choice import Optimise, Style
from bdnnlang.device.export import TooWide, exported
from bdnnlang.device.formats import form_of
from bdnnlang.device.readings import CannotDeclare, Declared, InputType, most_places
from bdnnlang.network.export.network_json import NetworkFile
from bdnnlang.network.numbers import exact

LAYOUTS = ("c", "arduino", "zephyr", "micropython")


def write_c(
    file: NetworkFile,
    folder: Path,
    rows: Floats | None,  # (m, n), whose last decimals are the units
    layout: str,
    inputs: str | None,
    ranges: Mapping[str, tuple[Any, Any]],
    *,
    name: str,
    style: str,
    optimise: str,
) -> list[Path]:
    """The files written, the header first. Raises ValueError for what cannot be, OSError."""
    if layout not in LAYOUTS:
        raise ValueError(f"no layout {layout!r}: one of {', '.join(LAYOUTS)}")
    form, declared = form_of(layout), _declared(file, rows, inputs, ranges)
    try:
        found = exported(file, form, name=name, sha256="", declared=declared)
        files = form.files(replace(found, style=Style(style), optimise=Optimise(optimise)))
    except (CannotDeclare, TooWide) as error:
        raise ValueError(str(error)) from error
    for place, content in files.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(content)
    return [folder / place for place in files]


def _declared(file: NetworkFile, rows: Floats | None, inputs: str | None, ranges: Mapping[str, tuple[Any, Any]]) -> Declared:
    names = [column.name for column in Recipe.from_json(file.preprocessing).columns]
    units = {} if rows is None else {name: _unit(column) for name, column in zip(names, rows.T, strict=True)}
    ends = {name: (exact(low), exact(high)) for name, (low, high) in ranges.items()}
    return Declared(None if inputs is None else InputType(inputs), ends, units)


def _unit(column: Floats) -> Fraction:
    """The last decimal of a column's numbers."""
    return Fraction(1, 10 ** most_places(np.unique(column).tolist()))
