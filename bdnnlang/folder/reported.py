"""A run folder as reports show it: run.json, network, effective spec and journal, which somebody else may have written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang.compiler import CannotRead, reader_of
from bdnnlang.folder.contents import Damaged, read_run
from bdnnlang.folder.storage import JOURNAL, published
from bdnnlang.language.load import load
from bdnnlang.source import Source
from bdnnlang.strict_json import Malformed

if TYPE_CHECKING:
    from bdnnlang.report.stated.reported import Reported


def reported(folder: Path, name: str = "") -> Reported:
    """The run in a folder. Raises CannotRead, Damaged, Rejected."""
    from bdnnlang.report.stated.reported import Reported, least_acceptable
    from bdnnlang.report.stated.run import stated_run
    from bdnnlang.report.stated.trace import trace_of
    from bdnnlang.run.journal import read_journal

    run = read_run(folder)
    try:
        stated = stated_run(run.run)
    except Malformed as error:
        raise Damaged(f"{folder / 'run.json'} is damaged: {error}") from None
    spec, _ = load(Source(str(folder / "spec.bdnn"), run.spec_text), read=reader_of(folder))
    file = None
    if run.network is not None:
        run.recipe()
        file = run.trusted()
        if len(file.network.layers) != len(spec.network.layers):
            raise Damaged(f"{folder / 'network.json'} is damaged: it has another number of layers than the spec")
    try:
        entries = read_journal(published(folder, JOURNAL)).entries
    except OSError as error:
        raise CannotRead(f"{folder / JOURNAL} cannot be read: {error.strerror}") from None
    trace = trace_of(entries, stated.stages, least_acceptable(spec, stated))
    return Reported(name or folder.name or str(folder), stated, spec, run.spec_text, file, trace, str(folder))
