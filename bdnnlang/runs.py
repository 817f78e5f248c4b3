"""A schedule is executed, and its run folder written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bdnnlang.spec.effective import effective
from bdnnlang.spec.types import Spec

if TYPE_CHECKING:
    from bdnnlang.data.types import Dataset
    from bdnnlang.report.summary import Summary
    from bdnnlang.runtime.attack import AttackResult
    from bdnnlang.runtime.baselines import Compared
    from bdnnlang.runtime.types import Interrupt, Listener, Run

T = TypeVar("T")


@dataclass(frozen=True)
class Finished:
    """A run that has ended, and where it was written."""

    summary: Summary
    folder: Path
    json: dict[str, Any]


def run_spec(
    spec: Spec,
    path: Path,
    data: Dataset,
    *,
    folder: Path,
    listen: Listener,
    interrupt: Interrupt,
    resume: bool = False,
) -> Finished:
    """Execute the schedule and write the run folder; networks are journalled there as they are found."""
    from bdnnlang.network import Network, shown
    from bdnnlang.report.summary import attacked
    from bdnnlang.runtime.baselines import compare
    from bdnnlang.runtime.journal import Journal, read_journal
    from bdnnlang.runtime.schedule import run
    from bdnnlang.runtime.types import Event, NewIncumbent, Patience

    folder.mkdir(parents=True, exist_ok=True)
    earlier: list[Network] = read_journal(folder / "journal.jsonl") if resume else []
    with Journal(folder / "journal.jsonl", keep=resume) as journal:

        def follow(event: Event) -> None:
            if isinstance(event, NewIncumbent):
                with interrupt.within(Patience.FULL):  # a line is written whole
                    journal.incumbent(event.seconds, shown(event.incumbent.objective), event.incumbent.network)
            listen(event)

        done = run(
            spec,
            data,
            listen=follow,
            interrupt=interrupt,
            start=earlier[0] if earlier else None,
            log=folder / "solver.log",
        )
    baselines = _unless_asked(interrupt, lambda: compare(spec, data))
    attacks = _unless_asked(interrupt, lambda: attacked(spec, data, done))
    return write_run(spec, path, data, done, folder, baselines, attacks)


def _unless_asked(interrupt: Interrupt, work: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
    """What comes after the schedule: nothing, as soon as the user has asked to stop."""
    from bdnnlang.runtime.types import Abandoned, Patience

    try:
        with interrupt.within(Patience.NONE):
            return () if interrupt.count else work()
    except Abandoned:
        return ()


def default_folder(spec: Spec, path: Path) -> Path:
    """`runs/<spec>-<hash of its effective text>`."""
    from bdnnlang.report.as_json import sha256

    return Path("runs") / f"{path.stem}-{sha256(effective(spec))[:8]}"


def write_run(
    spec: Spec,
    path: Path,
    data: Dataset,
    done: Run,
    folder: Path,
    baselines: tuple[Compared, ...] = (),
    attacks: tuple[AttackResult, ...] = (),
) -> Finished:
    """`spec.bdnn`, `network.json` and, last, `run.json`."""
    from bdnnlang.export.network_json import NetworkFile, dump
    from bdnnlang.files import write_text
    from bdnnlang.ir.build import default_loss, output_width
    from bdnnlang.report.as_json import run_json
    from bdnnlang.report.summary import summarise

    loss = default_loss(spec.train.loss, output_width(spec.network, len(data.classes)))
    place = os.path.relpath(path, folder) if path.exists() else str(path)
    summary = summarise(spec, Path(place).as_posix(), data, done, loss, baselines, attacks)
    spec_text, network_text = effective(spec), None
    if done.best is not None:
        network_text = dump(NetworkFile(done.best.network, data.features, data.classes, data.recipe.to_json()))
        write_text(folder / "network.json", network_text)
    write_text(folder / "spec.bdnn", spec_text)
    content = run_json(summary, spec_text, network_text)
    write_text(folder / "run.json", json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return Finished(summary, folder, content)
