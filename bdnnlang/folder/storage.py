"""Where a run is written: a folder of its own, locked while it runs, whose results appear all at once.

A new run never touches the folder of another one: it goes to the next free name. The journal is in the folder from the start,
and its first line says what the run is about; so a run that was killed is known for what it is, and can be resumed. Results are
first written to `.new`; renaming that to `.pending` publishes them, and what then remains to be moved is moved by whoever comes
next, if need be. Until then readers look into `.pending` first. So there is no moment at which a kill leaves the results of two
runs side by side, or half of one. A run that replaces another one has its journal in `.new` as well.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang.compiler import CannotRead
from bdnnlang.files import encoded, overwritten, sync_folder, write_text
from bdnnlang.language.effective import asked, effective
from bdnnlang.language.spec import EvaluateSpec, Prove, ReportSpec
from bdnnlang.solve.options import OPB_FILE, VERIPB_FILE

if TYPE_CHECKING:
    from bdnnlang.data.dataset import Dataset
    from bdnnlang.language.spec import Spec
    from bdnnlang.run.facts import RunStarted

RESULTS = ("network.json", "spec.bdnn", "report.txt", "run.json")  # the last one comes last
JOURNAL, LOG, PROOF = "journal.jsonl", "solver.log", "proof.jsonl"
PROOFS = (PROOF, OPB_FILE, VERIPB_FILE)  # of which a run has those that its stages wrote
FILES = (LOG, JOURNAL, *PROOFS, *RESULTS)
NEW, PENDING = ".new", ".pending"
ABSENT = "absent"  # names the results of an earlier run that this one has none of


class Intent(Enum):
    """What a run may do to the folder it is given."""

    NEW = "new"
    RESUME = "resume"
    FORCE = "force"


@dataclass(frozen=True)
class Place:
    """A folder that is locked for a run."""

    folder: Path
    work: Path  # where its journal and log are: the folder, or `.new` in it
    resumes: bool = False
    note: str | None = None  # why it is not the folder that was asked for

    @property
    def replaces(self) -> bool:
        """Is there a finished run that stays until this one is published?"""
        return self.work != self.folder

    def publish(self, texts: Mapping[str, str], *, beside: bool = False) -> Path:
        """Make these the results, all at once; `beside`: in a folder of their own, next to the one that would be replaced."""
        new = self.folder / NEW
        new.mkdir(exist_ok=True)
        for name, text in texts.items():
            write_text(new / name, text)
        if beside:
            return _moved_beside(new, self.folder)
        own = (*RESULTS, *PROOFS) if self.replaces else RESULTS  # what is in `.new`, if this run has it at all
        write_text(new / ABSENT, "\n".join(name for name in own if not (new / name).exists()))
        os.rename(new, self.folder / PENDING)
        sync_folder(self.folder)
        settle(self.folder)
        return self.folder


def question(spec: Spec, data: Dataset) -> dict[str, str]:
    """What a network is asked for, as hashes by name: networks may pass from one run to another where these agree."""
    parts = asked(spec) | {"contents of the data": json.dumps(data.facts())}
    return {name: hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest() for name, text in parts.items()}


def started(spec: Spec, data: Dataset) -> RunStarted:
    """What a run is about: a run of the same question and schedule goes on where another one was cut off."""
    from bdnnlang.run.facts import RunStarted

    stages = tuple(replace(stage, time=None) for stage in spec.train.stages)
    stages = tuple(replace(stage, workers=None) if isinstance(stage, Prove) else stage for stage in stages)
    timeless = replace(spec.train, stages=stages, time=None, threads=1)
    schedule = effective(replace(spec, train=timeless, evaluate=EvaluateSpec(()), compare=(), report=ReportSpec()))
    return RunStarted(question(spec, data), hashlib.sha256(encoded(schedule)).hexdigest())


@contextmanager
def opened(wanted: Path, intent: Intent, about: Mapping[str, str], spec_text: str, inputs: Sequence[Path]) -> Iterator[Place]:
    """The place of a run on what `about` says, whose effective spec is `spec_text`. Raises CannotRead, OSError."""
    with Locks() as locks:
        place = _found(wanted, intent, about, spec_text, inputs, locks)
        place.work.mkdir(exist_ok=True)
        try:
            yield place
        finally:
            _remove_traces(place)


def _found(wanted: Path, intent: Intent, about: Mapping[str, str], spec_text: str, inputs: Sequence[Path], locks: Locks) -> Place:
    if intent is Intent.NEW or not _files(wanted):
        return _free(wanted, locks)
    if not is_run(wanted):
        raise _foreign(wanted)
    if not locks.take(wanted):
        raise CannotRead(f"another run is writing to {wanted}: wait for it, or name another folder with `--out`")
    settle(wanted)
    _check_changed(wanted, spec_text, inputs)
    return _resumed(wanted, about) if intent is Intent.RESUME else _forced(wanted)


def _resumed(folder: Path, about: Mapping[str, str]) -> Place:
    from bdnnlang.run.journal import read_journal

    questions = {work: read_journal(work / JOURNAL).question for work in (folder / NEW, folder)}
    for work, header in questions.items():  # a run that was to replace another one, and was killed, comes first
        if header == about:
            if work == folder:
                shutil.rmtree(folder / NEW, ignore_errors=True)
            return Place(folder, work, resumes=True)
    header = questions[folder]
    if header is None and not (folder / "run.json").exists() and not read_journal(folder / JOURNAL).networks():
        return Place(folder, folder)  # killed before it had said what it is about
    if header is None:
        raise CannotRead(f"{folder} cannot be resumed: its journal does not say what it is about")
    differ = " and ".join(f"`{name}`" if " " not in name else name for name in about if header.get(name) != about[name])
    raise CannotRead(
        f"{folder} cannot be resumed: its run differs in {differ}; name another folder with `--out`, or use `--force`"
    )


def _forced(folder: Path) -> Place:
    shutil.rmtree(folder / NEW, ignore_errors=True)
    return Place(folder, folder / NEW if (folder / "run.json").exists() else folder)


def _free(wanted: Path, locks: Locks) -> Place:
    """The first of `wanted`, `wanted-2`, … that holds no run and that nobody writes to."""
    note = None
    wanted.parent.mkdir(parents=True, exist_ok=True)
    for folder in names(wanted):
        folder.mkdir(exist_ok=True)
        if not locks.take(folder):
            note = note or f"another run is writing to {wanted}"
            continue
        settle(folder)
        if not _files(folder):
            shutil.rmtree(folder / NEW, ignore_errors=True)
            return Place(folder, folder, note=note and f"{note}: this one goes to {folder}")
        if folder == wanted and not is_run(folder):
            raise _foreign(folder)
        note = note or f"{wanted} holds {_held(folder)}"
    raise AssertionError("numbers do not end")


def _held(folder: Path) -> str:
    return "a run already" if (folder / "run.json").exists() else "a run that did not end (`--resume` carries on with it)"


def names(wanted: Path) -> Iterator[Path]:
    whole = wanted if wanted.name else wanted.resolve()
    yield wanted
    yield from (whole.with_name(f"{whole.name}-{number}") for number in itertools.count(2))


def latest(wanted: Path) -> Path:
    """The one of `wanted`, `wanted-2`, … that was written last."""
    there = list(itertools.takewhile(lambda folder: bool(_files(folder)), names(wanted)))
    return there[-1] if there else wanted


def _moved_beside(new: Path, folder: Path) -> Path:
    for place in itertools.islice(names(folder), 1, None):
        if not os.path.lexists(place):
            os.rename(new, place)
            sync_folder(place.parent)
            return place
    raise AssertionError("numbers do not end")


# ---- what is there already


def is_run(folder: Path) -> bool:
    """Did a run of ours write the files in a folder that have the names of its files?"""
    from bdnnlang.run.journal import is_journal

    if is_journal(folder / JOURNAL):
        return True
    try:
        content = json.loads((folder / "run.json").read_bytes())
        return isinstance(content, dict) and {"schema", "bdnnc", "spec", "result"} <= content.keys()
    except (OSError, ValueError, RecursionError):
        return False


def _files(folder: Path) -> list[str]:
    """The files there with the names of ours."""
    return [name for name in (*FILES, PENDING) if os.path.lexists(folder / name)]


def _foreign(folder: Path) -> CannotRead:
    return CannotRead(f"{folder} holds `{_files(folder)[0]}`, which is not of a run: name another folder with `--out`")


def _check_changed(folder: Path, spec_text: str, inputs: Sequence[Path]) -> None:
    """Nothing is replaced that this run reads, nor a spec that was changed by hand."""
    spec = folder / "spec.bdnn"
    same = spec.is_file() and spec.read_bytes() == encoded(spec_text)
    for name in FILES:
        if overwritten(folder / name, inputs) and not (name == spec.name and same):
            raise CannotRead(f"{folder / name} is an input of this run: name another folder with `--out`")
    with suppress(OSError, ValueError, KeyError, TypeError):
        stated = json.loads((folder / "run.json").read_bytes())["spec"]["sha256"]
        if not same and hashlib.sha256(spec.read_bytes()).hexdigest() != stated:
            raise CannotRead(f"{spec} has been changed since its run: name another folder with `--out`")


# ---- publishing


def _remove_traces(place: Place) -> None:
    """Of a run that ended before it had a network, unless it has said so in `run.json`."""
    from bdnnlang.run.journal import read_journal

    work = place.work
    if place.resumes or (work / "run.json").exists() or not (work / JOURNAL).exists() or read_journal(work / JOURNAL).networks():
        return
    for name in (JOURNAL, LOG, *PROOFS):
        (work / name).unlink(missing_ok=True)
    for folder in (work, place.folder):
        with suppress(OSError):  # it holds something else
            folder.rmdir()


def settle(folder: Path) -> None:
    """Complete a publication that was cut short; only for who has locked the folder."""
    pending = folder / PENDING
    if not pending.is_dir():
        return
    with suppress(FileNotFoundError):
        for name in (pending / ABSENT).read_text().split():
            (folder / name).unlink(missing_ok=True)
    for name in FILES:
        if (pending / name).exists():
            os.replace(pending / name, folder / name)
    sync_folder(folder)
    shutil.rmtree(pending, ignore_errors=True)


def published(folder: Path, name: str) -> Path:
    """The file of a run, whether or not its publication was cut short."""
    pending = folder / PENDING / name
    return pending if pending.exists() else folder / name


# ---- locks


def is_locked(folder: Path) -> bool:
    """Is a run writing to a folder now? It is locked for no longer than it takes to see that."""
    try:
        with Locks() as locks:
            return not locks.take(folder)
    except OSError:  # not ours to read
        return False


class Locks:
    """Locks on folders. The system drops them with the process, however it ends; where it has none, nothing is locked."""

    def __init__(self) -> None:
        self._handles: list[int] = []

    def __enter__(self) -> Locks:
        return self

    def __exit__(self, *_: object) -> None:
        for handle in self._handles:
            os.close(handle)

    def take(self, folder: Path) -> bool:
        """False if another process has it."""
        try:
            import fcntl
        except ImportError:
            return True
        handle = os.open(folder, os.O_RDONLY)
        self._handles.append(handle)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return True
        return True
