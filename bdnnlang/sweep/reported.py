"""The folder of a sweep as reports show it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang.folder.reported import reported
from bdnnlang.report.sweeps.rows import PointState, best
from bdnnlang.sweep.folder import is_sweep
from bdnnlang.sweep.stated import read_sweep, table_of

if TYPE_CHECKING:
    from bdnnlang.report.stated.reported import Reported


def sweep_html(folder: Path) -> str:
    """Its page. Raises CannotRead, Damaged, Rejected, ValueError if the preprocessing of a network is damaged."""
    from bdnnlang.report.html.sweep_page import MOST_RUNS, sweep_page

    content, stated = read_sweep(folder)
    table = table_of(content, stated)
    runs = [reported(folder / row.name, row.name) for row in best(table, MOST_RUNS)]
    said = [str(content.get(name) or "") for name in ("spec", "created", "command")]
    about = [said[0].rpartition("/")[2], said[1].replace("T", " "), said[2]]
    return sweep_page(str(folder), ", ".join(filter(None, about)), table, runs)


def runs_in(folder: Path) -> list[Reported]:
    """The run in a folder, named as the folder is, or those of a sweep that have ended. Raises as above."""
    if not is_sweep(folder):
        return [reported(folder, str(folder))]
    table = table_of(*read_sweep(folder))
    ended = [row.name for row in table.rows if row.state is PointState.ENDED]
    return [reported(folder / name, str(folder / name)) for name in ended]
