"""A result leaves in whole numbers, as by `bdnnc export`."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang.api.result import NoNetwork
from bdnnlang.device.c.choice import Optimise, Style
from bdnnlang.device.export import TooWide, exported, write
from bdnnlang.device.formats import FORMS, form_of
from bdnnlang.device.readings import CannotDeclare, Declared, InputType
from bdnnlang.device.rounding import TooFewBits
from bdnnlang.device.rows import places_in
from bdnnlang.folder.contents import read_run
from bdnnlang.folder.data import table_of
from bdnnlang.network.export.network_json import dump
from bdnnlang.network.numbers import exact
from bdnnlang.report.as_json import sha256

if TYPE_CHECKING:
    from bdnnlang.api.result import Result


def declared_of(
    inputs: str | None, ranges: Mapping[str, tuple[float, float]], units: Mapping[str, float], *, levels: bool
) -> Declared:
    """What is declared of columns; numbers are the decimals that Python prints for them. Raises ValueError."""
    kinds = [kind.value for kind in InputType]
    if inputs is not None and inputs not in kinds:
        raise ValueError(f"`inputs` is {inputs!r}, and not one of {', '.join(kinds)}")
    known = {name: (_number(low), _number(high)) for name, (low, high) in ranges.items()}
    return Declared(
        None if inputs is None else InputType(inputs), known, {name: _number(unit) for name, unit in units.items()}, levels
    )


@dataclass(frozen=True, slots=True)
class WrittenIn:
    """How C is written."""

    style: Style
    optimise: Optimise


def written_in(style: str, optimise: str) -> WrittenIn:
    """Raises ValueError."""
    for name, value, known in (("style", style, Style), ("optimise", optimise, Optimise)):
        words = [word.value for word in known]
        if value not in words:
            raise ValueError(f"`{name}` is {value!r}, and not one of {', '.join(words)}")
    return WrittenIn(Style(style), Optimise(optimise))


def _number(value: float | Fraction) -> Fraction:
    return exact(value) if isinstance(value, float) else Fraction(value)


def export(
    result: Result, form: str, place: Path, declared: Declared, written: WrittenIn, *, name: str, bits: int | None, force: bool
) -> tuple[Path, ...]:
    """Write the network of a result; the paths. Raises ValueError, FileExistsError, OSError, NoNetwork, ImportError."""
    if form not in FORMS:
        raise ValueError(f"`form` is {form!r}, and not one of {', '.join(FORMS)}")
    if result.file is None:
        raise NoNetwork(f"the run found no network: {result.status.value.replace('_', ' ')}")
    kind = form_of(form)
    if kind.library and importlib.util.find_spec(kind.library) is None:
        raise ImportError(f"`{form}` needs a library: pip install {kind.library}")
    file = result.file
    table = None if result.folder is None else table_of(read_run(result.folder))[0]
    places = None if result.run is None else places_in(result.run.training.data)
    try:
        found = exported(
            file, kind, name=name, sha256=sha256(dump(file)), declared=declared, table=table, places=places, bits=bits
        )
        found = replace(found, style=written.style, optimise=written.optimise)
        return write(kind.files(found), place, force=force)
    except (CannotDeclare, TooFewBits, TooWide) as error:
        raise ValueError(str(error)) from None
