"""A network that leaves: folded, simplified, of bits that its form can hold, with the rows of its data."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Mapping
from pathlib import Path

from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.data.table import Table
from bdnnlang.device.fold import fold
from bdnnlang.device.formats.form import Exported, Form
from bdnnlang.device.readings import Declared, readings_of
from bdnnlang.device.rounding import rounded
from bdnnlang.device.rows import places_of, rows_of
from bdnnlang.device.simplify import live_weights, simplified
from bdnnlang.device.whole import Neuron, WholeNetwork
from bdnnlang.device.width import by_reading, sides, widths
from bdnnlang.files import replacing
from bdnnlang.network.export.network_json import NetworkFile

MOST_NAMED = 5  # columns of a row that is too wide


class TooWide(Exception):  # noqa: N818  (it says what is wrong)
    """Sums take more bits than the form holds; the message names the columns, and what can be done."""


def exported(
    file: NetworkFile,
    form: Form,
    *,
    name: str,
    sha256: str,
    declared: Declared | None = None,
    table: Table | None = None,
    places: Mapping[str, int] | None = None,
    bits: int | None = None,
) -> Exported:
    """`table`: the rows of the data, for units and counts; `places`: decimals of columns, where there is no table; `bits`: what
    the sums of rows are rounded to.

    Raises CannotDeclare, TooFewBits, TooWide.
    """
    recipe = Recipe.from_json(file.preprocessing)
    readings = readings_of(recipe, declared, places if table is None else places_of(recipe, table))
    whole = fold(file, readings)
    network = simplified(whole)
    rows = () if table is None else rows_of(recipe, table, readings)
    rounding = None
    if bits is not None:
        network, rounding = rounded(network, bits, rows)
    if form.most_bits is not None:
        _check_bits(network, form.most_bits)
    return Exported(identifier(name), network, file, sha256, live_weights(whole), rows, rounding)


def identifier(name: str) -> str:
    """A name as programs may have it: letters, digits, underscores."""
    plain = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").lower()
    return plain if re.match("[a-z]", plain) else f"network_{plain}".rstrip("_")


def write(files: Mapping[str, bytes], place: Path, *, force: bool = False) -> tuple[Path, ...]:
    """One file as `place`, several into the folder `place`, which one goes into too if it is there; their paths.

    Nothing is replaced unless by `force`. Raises FileExistsError, OSError.
    """
    is_folder = len(files) > 1 or place.is_dir()
    paths = {place / name if is_folder else place: content for name, content in files.items()}
    if not force and (there := next((path for path in paths if os.path.lexists(path)), None)):
        raise FileExistsError(errno.EEXIST, "there is such a file", str(there))
    for path, content in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as stream:
            stream.write(content)
    return tuple(paths)


def _check_bits(network: WholeNetwork, most: int) -> None:
    for number, (layer, bits) in enumerate(zip(network.layers, widths(network), strict=True)):
        widest = max(bits)
        if widest > most:
            where = "" if number else f", most for {_widest_columns(network, layer[bits.index(widest)])}"
            raise TooWide(
                f"the sums of layer {number + 1} take {widest} bits{where}; this form holds {most}. `--round {most}` rounds them"
                " and says what that may change; fewer decimals (`--unit`), or `scale none` with whole weights stay exact"
            )


def _widest_columns(network: WholeNetwork, neuron: Neuron) -> str:
    """The columns whose terms are largest, with their bits."""
    parts = [
        (sides(network, 0, Neuron(group, 0)).bits, network.readings[number].column)
        for number, group in by_reading(network, neuron.weights)
    ]
    named = sorted(parts, key=lambda part: -part[0])[:MOST_NAMED]
    return ", ".join(f"`{column}` ({bits})" for bits, column in named)
