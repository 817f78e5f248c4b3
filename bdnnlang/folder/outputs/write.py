"""What the block `report` asks for is written from what the run folder holds, once the run is published there.

A file that is there and that the run before did not leave is somebody else's: it stays. A run is none the worse for an output
that cannot be written; `bdnnc report` makes the page again.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang.compiler import CannotRead, reader_of
from bdnnlang.diagnostics import Rejected
from bdnnlang.files import reason, write_text
from bdnnlang.language.load import load
from bdnnlang.source import Source

if TYPE_CHECKING:
    from bdnnlang.language.spec import ReportSpec


def remove_outputs(folder: Path) -> None:
    """Those of the run that is there: they would not speak of the next one."""
    from bdnnlang.folder.contents import read_text

    with suppress(CannotRead, Rejected):
        spec, _ = load(Source("spec.bdnn", read_text(folder, "spec.bdnn")), read=reader_of(folder))
        for file in spec.report.files:
            if _stays_in(folder, file):
                with suppress(OSError):
                    (folder / file).unlink()


def write_outputs(folder: Path, wanted: ReportSpec, say: Callable[[str], None]) -> None:
    """All of them; what cannot be written is said."""
    if not wanted.outputs:
        return None
    from bdnnlang.folder.reported import reported
    from bdnnlang.report.outputs.contents import contents

    try:
        run = reported(folder, str(folder))  # as `bdnnc report` names it
    except CannotRead as error:  # it is larger than what is read of a folder
        return say(f"warning: {', '.join(wanted.files)} cannot be written: {error}")
    for file, text in contents(run, wanted.outputs):
        if (why := _problem(folder, file, text)) is not None:
            say(f"warning: {folder / file} is not written: {why}")
    return None


def _problem(folder: Path, file: str, text: str | None) -> str | None:
    """Writes it; why that cannot be, or None."""
    place = folder / file
    if text is None:
        return "the run found no network"
    if not _stays_in(folder, file):
        return "it leads out of the run folder"
    if os.path.lexists(place):
        return "a file that is not of this run is there already"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_text(place, text)
    except OSError as error:
        return reason(error)
    return None


def _stays_in(folder: Path, file: str) -> bool:
    """Whatever links there are on the way."""
    try:
        return (folder / file).parent.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a loop of links
        return False
