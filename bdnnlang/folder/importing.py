"""A file is imported: what it holds is verified, and a run folder written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang.compiler import CannotRead, inputs
from bdnnlang.files import reason
from bdnnlang.folder import storage
from bdnnlang.folder.execute import Finished, seen_from, write_run
from bdnnlang.folder.storage import JOURNAL, Intent
from bdnnlang.language.effective import effective

if TYPE_CHECKING:
    from bdnnlang.imports.bring import Brought, Word
    from bdnnlang.problem.training import TrainingProblem
    from bdnnlang.solve import Naming


def brought_from(training: TrainingProblem, file: Path, permute: int | None = None, names: Naming | None = None) -> Brought:
    """The network in a file; `permute` and `names` as in `bring`. Raises CannotRead, Rejected."""
    from bdnnlang.imports.bring import bring

    try:
        return bring(training, file, permute, names)
    except OSError as error:
        raise CannotRead(f"cannot read {file}: {reason(error)}") from None
    except ValueError:
        raise CannotRead(f"cannot read {file}: the path is not valid") from None


def network_file(source: Path) -> Path:
    """The file of a network: that of a run folder, if `source` is one. Raises CannotRead, Altered."""
    from bdnnlang.folder.contents import read_run

    if not source.is_dir():
        return source
    read_run(source).trusted()
    return storage.published(source, "network.json")


def import_file(
    training: TrainingProblem,
    path: Path,
    file: Path,
    word: Word | None,
    *,
    folder: Path,
    intent: Intent = Intent.NEW,
    command: str = "",
    permute: int | None = None,
    names: Naming | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> Finished:
    """Bring in the network of `file` for the spec at `path`, and write the run folder.

    `folder` may get a number, which `say` tells. Raises CannotRead, Rejected, and OSError where it cannot be written.
    """
    import time

    from bdnnlang.compare.baselines import compare
    from bdnnlang.imports.bring import facts_of, run_of
    from bdnnlang.report.summary import Origin, attacked
    from bdnnlang.run.journal import Journal

    began, created = time.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
    brought = brought_from(training, file, permute, names)
    for note in brought.notes:
        say(note)
    started = storage.started(training.spec, training.data)
    facts = [started, *facts_of(brought, training, word)]
    done = run_of(facts, training, time.monotonic() - began)
    of = [*inputs(path, training.spec), file]
    with storage.opened(folder, intent, started.question, effective(training.spec), of) as place:
        if place.note:
            say(place.note)
        with Journal(place.work / JOURNAL) as journal:
            for fact in facts:
                journal.write(fact)
        origin = Origin(seen_from(place.folder, path), created, command)
        models = compare(training.spec, training.data), attacked(training, done)
        return write_run(training, done, place, origin, *models, say=say)
