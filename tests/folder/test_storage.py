"""Run folders: whose they are, who may write there, and what a kill leaves of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from problems import with_loss

from bdnnlang.compiler import CannotRead
from bdnnlang.folder.storage import FILES, JOURNAL, LOG, PROOFS, RESULTS, Intent, Place, latest, opened, published, settle
from bdnnlang.network.network import Layer, Network
from bdnnlang.run.facts import NetworkFound, RunStarted
from bdnnlang.run.journal import Journal, read_journal

ABOUT = {"data": "1", "network": "2"}
NETWORK = Network((Layer(np.array([[1.0]]), np.array([0.0])),))


def texts(name: str, *, network: bool = True) -> dict[str, str]:
    """Results that all say whose they are."""
    made = {file: name for file in RESULTS if network or file != "network.json"}
    return made | {"run.json": json.dumps({"schema": 2, "bdnnc": "0", "spec": {}, "result": {}, "of": name})}


def run(folder: Path, name: str, intent: Intent = Intent.NEW, about: dict[str, str] = ABOUT, *, ends: bool = True) -> Place:
    with opened(folder, intent, about, name, ()) as place:
        with Journal(place.work / JOURNAL, keep=place.resumes) as journal:
            journal.write(RunStarted(about))
            journal.write(NetworkFound(0.0, with_loss(NETWORK, 1)))
        (place.work / LOG).write_text(name)
        if ends:
            place.publish(texts(name))
    return place


def begin(place: Place, about: dict[str, str]) -> None:
    with Journal(place.work / JOURNAL) as journal:
        journal.write(RunStarted(about))


def whose(folder: Path) -> str:
    said: str = json.loads(published(folder, "run.json").read_text())["of"]
    return said


# ---- whose a folder is


def test_a_second_run_gets_a_folder_of_its_own(tmp_path: Path) -> None:
    assert run(tmp_path / "r", "first").note is None
    second = run(tmp_path / "r", "second")
    assert second.folder == tmp_path / "r-2"
    assert second.note == f"{tmp_path / 'r'} holds a run already: this one goes to {tmp_path / 'r-2'}"
    assert run(tmp_path / "r", "third").folder == tmp_path / "r-3"
    assert [whose(tmp_path / name) for name in ("r", "r-2", "r-3")] == ["first", "second", "third"]
    assert latest(tmp_path / "r") == tmp_path / "r-3"


def test_a_run_that_was_killed_keeps_its_folder(tmp_path: Path) -> None:
    run(tmp_path / "r", "killed", ends=False)
    second = run(tmp_path / "r", "second")
    assert second.folder == tmp_path / "r-2"
    assert "`--resume`" in (second.note or "")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("intent", Intent)
def test_a_file_of_the_user_is_not_taken_for_one_of_ours(tmp_path: Path, name: str, intent: Intent) -> None:
    (tmp_path / name).write_text('{"mine": true}')
    with pytest.raises(CannotRead, match=f"`{name}`, which is not of a run"):
        run(tmp_path, "run", intent)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(name, '{"mine": true}')]


def test_files_with_other_names_are_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert run(tmp_path, "run").folder == tmp_path
    assert run(tmp_path, "again", Intent.FORCE).folder == tmp_path
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_run_without_a_network_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with opened(tmp_path / "r", Intent.NEW, ABOUT, "", ()) as place:
            begin(place, ABOUT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


# ---- force


def test_force_replaces_a_run_when_it_has_ended_and_not_before(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    run(folder, "first")
    for name in PROOFS:
        (folder / name).write_text("first")
    run(folder, "killed", Intent.FORCE, ends=False)
    assert {path.name for path in folder.iterdir()} >= set(PROOFS)
    assert whose(folder) == "first"
    assert (folder / LOG).read_text() == "first"
    run(folder, "second", Intent.FORCE)
    assert {path.name for path in folder.iterdir()} == set(FILES) - set(PROOFS)
    assert [(folder / name).read_text() for name in ("network.json", "spec.bdnn", LOG)] == ["second"] * 3


def test_an_interrupted_run_goes_beside_the_one_it_would_replace(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    run(folder, "first")
    with opened(folder, Intent.FORCE, ABOUT, "", ()) as place:
        begin(place, ABOUT)
        assert place.publish(texts("second"), beside=True) == tmp_path / "r-2"
    assert [whose(tmp_path / name) for name in ("r", "r-2")] == ["first", "second"]


def test_the_results_of_the_run_before_do_not_stay(tmp_path: Path) -> None:
    run(tmp_path / "r", "first")
    with opened(tmp_path / "r", Intent.FORCE, ABOUT, "", ()) as place:
        place.publish(texts("second", network=False))
    assert not (tmp_path / "r" / "network.json").exists()


def test_a_spec_that_was_changed_by_hand_is_the_users(tmp_path: Path) -> None:
    run(tmp_path / "r", "first")
    run_json = tmp_path / "r" / "run.json"
    run_json.write_text(json.dumps(json.loads(run_json.read_text()) | {"spec": {"sha256": "of another text"}}))
    with pytest.raises(CannotRead, match="has been changed"):
        run(tmp_path / "r", "second", Intent.FORCE)


@pytest.mark.parametrize("intent", [Intent.FORCE, Intent.RESUME])
def test_what_a_run_reads_it_does_not_replace(tmp_path: Path, intent: Intent) -> None:
    run(tmp_path / "r", "first")
    with (
        pytest.raises(CannotRead, match="is an input of this run"),
        opened(tmp_path / "r", intent, ABOUT, "other text", [tmp_path / "r" / "spec.bdnn"]),
    ):
        pass


# ---- resume


def test_a_run_is_resumed_where_it_was(tmp_path: Path) -> None:
    run(tmp_path / "r", "first", ends=False)
    again = run(tmp_path / "r", "again", Intent.RESUME)
    assert (again.folder, again.resumes) == (tmp_path / "r", True)
    assert len(read_journal(tmp_path / "r" / JOURNAL).networks()) == 2
    assert whose(tmp_path / "r") == "again"


@pytest.mark.parametrize("written", [b"", b'{"crc": 12', b'{"crc": 12, "entry": {"question": {'])
def test_a_run_that_was_killed_before_it_said_what_it_is_about_starts_anew(tmp_path: Path, written: bytes) -> None:
    (tmp_path / JOURNAL).write_bytes(written)
    assert run(tmp_path, "again", Intent.RESUME).folder == tmp_path
    assert read_journal(tmp_path / JOURNAL).question == ABOUT


def test_where_there_is_nothing_a_resumed_run_starts_anew(tmp_path: Path) -> None:
    assert not run(tmp_path / "r", "first", Intent.RESUME).resumes


@pytest.mark.parametrize("ends", [True, False])
def test_another_question_is_not_resumed_and_told_apart(tmp_path: Path, ends: bool) -> None:
    run(tmp_path / "r", "first", ends=ends)
    before = (tmp_path / "r" / JOURNAL).read_bytes()
    with pytest.raises(CannotRead, match="its run differs in `network`; name another folder"):
        run(tmp_path / "r", "other", Intent.RESUME, ABOUT | {"network": "3"})
    assert (tmp_path / "r" / JOURNAL).read_bytes() == before


def test_a_forced_run_that_was_killed_is_resumed(tmp_path: Path) -> None:
    other = ABOUT | {"network": "3"}
    run(tmp_path / "r", "first")
    run(tmp_path / "r", "killed", Intent.FORCE, other, ends=False)
    run(tmp_path / "r", "again", Intent.RESUME, other)
    assert whose(tmp_path / "r") == "again"
    assert read_journal(tmp_path / "r" / JOURNAL).question == other
    assert len(read_journal(tmp_path / "r" / JOURNAL).networks()) == 2


# ---- locks

HOLD = """
import sys
from pathlib import Path
from bdnnlang.folder.storage import Intent, opened
with opened(Path(sys.argv[1]), Intent.NEW, {"data": "1", "network": "2"}, "", ()) as place:
    from bdnnlang.run.facts import RunStarted
    from bdnnlang.run.journal import Journal
    Journal(place.work / "journal.jsonl").write(RunStarted({"data": "1", "network": "2"}))
    print("here", flush=True)
    sys.stdin.read()
"""


def test_two_runs_never_write_to_one_folder(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "here\n"
        second = run(folder, "second")
        assert (second.folder, second.note) == (
            tmp_path / "r-2",
            f"another run is writing to {folder}: this one goes to {folder}-2",
        )
        for intent in (Intent.RESUME, Intent.FORCE):
            with pytest.raises(CannotRead, match="another run is writing to"):
                run(folder, "third", intent)
        other.kill()
    assert run(folder, "third", Intent.FORCE).folder == folder  # a dead process has no lock


# ---- kills

KILLED = """
import json, os, sys
from pathlib import Path
from bdnnlang.folder import storage as run_storage
from bdnnlang.folder.storage import FILES, Intent, opened, published
from tests_texts import texts

left = [None]
def count(event, args):
    writes = event in ("os.rename", "os.remove", "os.rmdir", "os.mkdir")
    writes |= event == "open" and bool(args[2] & (os.O_WRONLY | os.O_RDWR))
    if left[0] is not None and writes:
        if left[0] == 0:
            os._exit(9)
        left[0] -= 1
sys.addaudithook(count)
root, intent = Path(sys.argv[1]), Intent(sys.argv[2])
first, second = texts("first"), texts("second", network=False)
seen = set()
for number in range(200):
    folder = root / str(number)
    with opened(folder, Intent.NEW, {}, "", ()) as place:
        (place.work / "journal.jsonl").write_text("first")
        place.publish(first)
    child = os.fork()
    if not child:
        with run_storage.Locks() as locks:
            assert locks.take(folder)
            place = run_storage._forced(folder) if intent is Intent.FORCE else run_storage.Place(folder, folder)
            place.work.mkdir(exist_ok=True)
            left[0] = number
            if intent is Intent.FORCE:
                (place.work / "journal.jsonl").write_text("second")
            place.publish(second)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    for attempt in range(2):
        state = {name: published(folder, name).read_text() for name in first if published(folder, name).exists()}
        name = json.loads(state["run.json"])["of"]
        whole = first if name == "first" else second
        assert {k: v for k, v in state.items() if k in whole} == whole, (number, state)
        seen.add(name)
        run_storage.settle(folder)
    assert state == whole, (number, state)
    if code == 0:
        break
print(number, sorted(seen))
"""


@pytest.mark.parametrize("intent", [Intent.FORCE, Intent.RESUME])
def test_a_kill_before_any_write_leaves_one_run_whole(tmp_path: Path, intent: Intent) -> None:
    """The process ends before its first, second, … call that changes a file, until one ends by itself."""
    place = Path(__file__).parent
    code = KILLED.replace("from tests_texts import texts", "from folder.test_storage import texts")
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(place.parent)!r})\n{code}", str(tmp_path), intent.value],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    count, seen = done.stdout.split(" ", 1)
    assert int(count) >= 10
    assert seen.strip() == "['first', 'second']"


def test_settling_twice_changes_nothing(tmp_path: Path) -> None:
    run(tmp_path / "r", "first")
    before = {path.name: path.read_text() for path in (tmp_path / "r").iterdir()}
    settle(tmp_path / "r")
    assert {path.name: path.read_text() for path in (tmp_path / "r").iterdir()} == before
