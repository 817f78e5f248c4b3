"""What a form is, and what it is written from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bdnnlang.device.c.choice import Optimise, Style
from bdnnlang.device.rounding import Rounding
from bdnnlang.device.whole import WholeNetwork
from bdnnlang.network.export.network_json import NetworkFile


@dataclass(frozen=True, slots=True)
class Exported:
    """A network that leaves."""

    name: str  # for names in files: letters, digits and underscores
    network: WholeNetwork  # simplified, and rounded if that was asked for
    file: NetworkFile  # as it was trained
    sha256: str  # of its network.json
    trained_weights: int = 0  # that were not 0 before the network was simplified
    rows: tuple[tuple[int, ...], ...] = ()  # of the data, as they are read; none if the data are not there
    rounding: Rounding | None = None  # None: every answer is that of the trained network
    style: Style = Style.AUTO  # of C, and so is the next
    optimise: Optimise = Optimise.BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a network is written. `files`: names, with folders in them, and contents; the first is the main one.

    It raises `export.TooWide` where a number is too large for the form, and `most_bits` does not say it all.
    """

    files: Callable[[Exported], Mapping[str, bytes]]
    most_bits: int | None = None  # of a sum (`width.py`); None: as many as it takes
    library: str = ""  # that it needs, of an extra of the same name
