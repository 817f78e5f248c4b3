"""A schedule is executed, and its run folder written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bdnnlang.compiler import STANDARD_INPUT, inputs
from bdnnlang.folder import storage as run_storage
from bdnnlang.folder.outputs.write import remove_outputs, write_outputs
from bdnnlang.folder.storage import JOURNAL, LOG, PROOF, Intent, Place
from bdnnlang.language.effective import effective
from bdnnlang.language.spec import Spec

if TYPE_CHECKING:
    from bdnnlang.budget import Interrupt
    from bdnnlang.compare.baselines import Compared
    from bdnnlang.data.dataset import Dataset
    from bdnnlang.problem.attack import AttackResult
    from bdnnlang.problem.training import TrainingProblem
    from bdnnlang.report.summary import Origin, Summary
    from bdnnlang.run.facts import Emit, Fact, RunStarted
    from bdnnlang.run.journal import Lines
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
    training: TrainingProblem,
    path: Path,
    *,
    folder: Path,
    emit: Emit,
    interrupt: Interrupt,
    intent: Intent = Intent.NEW,
    command: str = "",
    say: Callable[[str], None] = lambda text: None,
    dask: str = "",
) -> Finished:
    """Execute the schedule and write the run folder; facts are journalled there as they are found.

    `folder` may get a number, which `say` tells. Raises CannotRead where it may not be used, OSError where it cannot.
    """
    from bdnnlang.compare.baselines import compare
    from bdnnlang.report.summary import Origin, attacked

    spec, data = training.spec, training.data
    started = run_storage.started(spec, data)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    with run_storage.opened(folder, intent, started.question, effective(spec), inputs(path, spec)) as place:
        if place.note:
            say(place.note)
        elif intent is Intent.RESUME and not place.resumes:
            say(f"there is nothing to resume in {place.folder}: this run starts anew")
        done = _executed(training, place, started, emit, interrupt, say, dask)
        baselines = _unless_asked(interrupt, lambda: compare(spec, data))
        attacks = _unless_asked(interrupt, lambda: attacked(training, done))
        origin = Origin(seen_from(place.folder, path), created, command)
        beside = place.replaces and bool(interrupt.count) and not place.resumes
        done = done.stopped() if interrupt.count else done
        return write_run(training, done, place, origin, baselines, attacks, beside=beside, say=say)


def _executed(
    training: TrainingProblem,
    place: Place,
    started: RunStarted,
    emit: Emit,
    interrupt: Interrupt,
    say: Callable[[str], None],
    dask: str,
) -> Run:
    from bdnnlang.budget import Patience
    from bdnnlang.run.facts import StageStarted
    from bdnnlang.run.journal import Journal
    from bdnnlang.run.schedule import run

    log = place.work / LOG
    train, lines = training.spec.train, _lines(place, say)
    goes_on = lines.goes_on_with(started, len(train.schedule), has_ended=(place.folder / "run.json").exists())
    with Journal(place.work / JOURNAL, keep=place.resumes) as journal:

        def follow(fact: Fact) -> None:
            with interrupt.within(Patience.FULL):  # a line is written whole
                journal.write(fact)
            if isinstance(fact, StageStarted) and fact.solver:
                with log.open("a", encoding="utf-8") as file:
                    file.write(f"\n==== stage {fact.stage}, {fact.solver}, formulation {train.formulation}\n")
            emit(fact)

        if not goes_on:
            follow(started)
        log.touch()
        recall, proof = lines.recall(goes_on=goes_on), place.work / PROOF
        return run(training, emit=follow, interrupt=interrupt, recall=recall, log=log, proof=proof, dask=dask)


def _lines(place: Place, say: Callable[[str], None]) -> Lines:
    """What is known from before; damage is said."""
    from bdnnlang.run.journal import Lines, read_journal

    lines = read_journal(place.work / JOURNAL) if place.resumes else Lines()
    for number in lines.damaged:
        say(f"line {number} of {place.work / JOURNAL} is damaged, and passed over")
    return lines


def seen_from(folder: Path, path: Path) -> str:
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
    training: TrainingProblem,
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
    from bdnnlang.network.export.network_json import dump
    from bdnnlang.report.as_json import run_json
    from bdnnlang.report.summary import summarise
    from bdnnlang.report.terminal import report_text

    summary = summarise(training, origin, done, baselines, attacks)
    texts = {"spec.bdnn": effective(training.spec), "report.txt": report_text(summary)}
    if done.best is not None:
        texts["network.json"] = dump(summary.network_file(done.best.network))
    content = run_json(summary, texts["spec.bdnn"], texts.get("network.json"))
    texts["run.json"] = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    if place.resumes and not _is_better(content, place.folder / "run.json"):
        say(f"the earlier result in {place.folder} is better, and stays")
        return Finished(summary, place.folder, content, is_written=False)
    if not beside:
        remove_outputs(place.folder)
    folder = place.publish(texts, beside=beside)
    write_outputs(folder, training.spec.report, say)
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
