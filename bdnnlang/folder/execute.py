"""A schedule is executed, and its run folder written."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bdnnlang.compiler import STANDARD_INPUT, inputs
from bdnnlang.folder import storage as run_storage
from bdnnlang.folder.storage import JOURNAL, LOG, Intent, Place
from bdnnlang.language.effective import effective
from bdnnlang.language.spec import Spec

if TYPE_CHECKING:
    from bdnnlang.budget import Interrupt
    from bdnnlang.compare.baselines import Compared
    from bdnnlang.data.dataset import Dataset
    from bdnnlang.problem.attack import AttackResult
    from bdnnlang.report.summary import Origin, Summary
    from bdnnlang.run.events import Event, Listener
    from bdnnlang.run.journal import Journal
    from bdnnlang.run.records import Run

T = TypeVar("T")


@dataclass(frozen=True)
class Finished:
    """A run that has ended, and where it was written."""

    summary: Summary
    folder: Path
    json: dict[str, Any]
    is_written: bool = True  # False: the folder keeps the better result of an earlier run


def default_folder(spec: Spec, path: Path, data: Dataset) -> Path:
    """`runs/<spec>-<hash of its effective text and of the data>`."""
    from bdnnlang.report.as_json import sha256

    name = "stdin" if str(path) == STANDARD_INPUT else path.stem
    return Path("runs") / f"{name}-{sha256(effective(spec) + json.dumps(data.facts()))[:8]}"


def run_spec(
    spec: Spec,
    path: Path,
    data: Dataset,
    *,
    folder: Path,
    listen: Listener,
    interrupt: Interrupt,
    intent: Intent = Intent.NEW,
    command: str = "",
    say: Callable[[str], None] = lambda text: None,
) -> Finished:
    """Execute the schedule and write the run folder; networks are journalled there as they are found.

    `folder` may get a number, which `say` tells. Raises CannotRead where it may not be used, OSError where it cannot.
    """
    from bdnnlang.compare.baselines import compare
    from bdnnlang.report.summary import Origin, attacked

    about = run_storage.question(spec, data)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    with run_storage.opened(folder, intent, about, effective(spec), inputs(path, spec)) as place:
        if place.note:
            say(place.note)
        elif intent is Intent.RESUME and not place.resumes:
            say(f"there is nothing to resume in {place.folder}: this run starts anew")
        done = _executed(spec, data, place, about, listen, interrupt)
        baselines = _unless_asked(interrupt, lambda: compare(spec, data))
        attacks = _unless_asked(interrupt, lambda: attacked(spec, data, done))
        origin = Origin(_relative(path, place.folder), created, command)
        beside = place.replaces and bool(interrupt.count) and not place.resumes
        done = done.stopped() if interrupt.count else done
        return write_run(spec, data, done, place, origin, baselines, attacks, beside=beside, say=say)


def _executed(spec: Spec, data: Dataset, place: Place, about: dict[str, str], listen: Listener, interrupt: Interrupt) -> Run:
    from bdnnlang.budget import Patience
    from bdnnlang.run.events import StageStarted
    from bdnnlang.run.journal import Journal, read_journal
    from bdnnlang.run.schedule import run

    journal_file, log = place.work / JOURNAL, place.work / LOG
    earlier = read_journal(journal_file) if place.resumes else []
    stages = itertools.count()
    with Journal(journal_file, keep=place.resumes, header=about) as journal:

        def follow(event: Event) -> None:
            with interrupt.within(Patience.FULL):  # a line is written whole
                _journalled(event, journal, stages)
            if isinstance(event, StageStarted) and event.solver:
                with log.open("a", encoding="utf-8") as file:
                    file.write(f"\n==== stage {event.stage}, {event.solver}, formulation {event.formulation}\n")
            listen(event)

        log.touch()
        return run(spec, data, listen=follow, interrupt=interrupt, start=earlier[0] if earlier else None, log=log)


def _journalled(event: Event, journal: Journal, stages: Iterator[int]) -> None:
    """Write down a network as it is found, and the one that a stage ends with."""
    from bdnnlang.network.numbers import shown
    from bdnnlang.run.events import NewIncumbent, StageEnded

    match event:
        case NewIncumbent(seconds, found):
            journal.incumbent(seconds, shown(found.objective), found.network)
        case StageEnded(record, network):
            number = next(stages)
            if network is not None:
                journal.incumbent(record.seconds, shown(network.objective), network.network, stage=number)


def _relative(path: Path, folder: Path) -> str:
    """The spec as seen from the run folder."""
    is_file = str(path) != STANDARD_INPUT and path.exists()
    return Path(os.path.relpath(path, folder) if is_file else path).as_posix()


def _unless_asked(interrupt: Interrupt, work: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
    """What comes after the schedule: nothing, as soon as the user has asked to stop."""
    from bdnnlang.budget import Abandoned, Patience

    try:
        with interrupt.within(Patience.NONE):
            return () if interrupt.count else work()
    except Abandoned:
        return ()


# ---- what a run leaves


def write_run(
    spec: Spec,
    data: Dataset,
    done: Run,
    place: Place,
    origin: Origin,
    baselines: tuple[Compared, ...] = (),
    attacks: tuple[AttackResult, ...] = (),
    *,
    beside: bool = False,
    say: Callable[[str], None] = lambda text: None,
) -> Finished:
    """Publish `network.json`, `spec.bdnn`, `report.txt` and `run.json`, unless the folder has a better result."""
    from bdnnlang.network.export.network_json import NetworkFile, dump
    from bdnnlang.problem.outputs import default_loss, output_width
    from bdnnlang.report.as_json import run_json
    from bdnnlang.report.summary import summarise
    from bdnnlang.report.terminal import report_text

    loss = default_loss(spec.train.loss, output_width(spec.network, len(data.classes)))
    summary = summarise(spec, origin, data, done, loss, baselines, attacks)
    texts = {"spec.bdnn": effective(spec), "report.txt": report_text(summary)}
    if done.best is not None:
        texts["network.json"] = dump(NetworkFile(done.best.network, data.features, data.classes, data.recipe.to_json()))
    content = run_json(summary, texts["spec.bdnn"], texts.get("network.json"))
    texts["run.json"] = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    if place.resumes and not _is_better(content, place.folder / "run.json"):
        say(f"the earlier result in {place.folder} is better, and stays")
        return Finished(summary, place.folder, content, is_written=False)
    folder = place.publish(texts, beside=beside)
    if folder != place.folder:
        say(f"the run in {place.folder} stays, as this one was interrupted: it goes to {folder}")
    return Finished(summary, folder, content)


def _is_better(content: dict[str, Any], earlier: Path) -> bool:
    """Or as good as the result that was there? What was found starts a resumed run, but what was proved does not."""
    if not earlier.exists():
        return True
    was, now = json.loads(earlier.read_bytes())["result"], content["result"]
    order = [(r["verified_objective"] is None, r["verified_objective"] or 0, -(r["bound"] or 0)) for r in (now, was)]
    return order[0] <= order[1]
