"""Standard output and standard error of processes, connected to all that they may be connected to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SPEC = 'bdnn 1\ndata csv("d.csv") { test = 0% }\nnetwork { hidden 1 }\ntrain { solver = scip, exact 10s }\n'
FULL = Path("/dev/full")
VERBS = {
    "check": ("--no-data", "s.bdnn"),
    "show": ("s.bdnn", "--ir"),
    "plan": ("s.bdnn",),
    "compile": ("s.bdnn", "-o", "-"),
    "run": ("s.bdnn", "--out", "r"),
    "verify": ("done",),
    "predict": ("done", "d.csv"),
    "solvers": (),
    "explain": ("E107",),
}
needs_full = pytest.mark.skipif(not FULL.exists(), reason="no device that is always full here")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a spec, its data, a class name beyond ASCII, and a run folder `done`."""
    folder = tmp_path_factory.mktemp("streams")
    (folder / "d.csv").write_text("a,b,y\n0,0,né\n0,1,√\n1,0,√\n1,1,√\n", encoding="utf-8")
    (folder / "s.bdnn").write_text(SPEC)
    done = bdnnc(folder, "run", "s.bdnn", "--out", "done")
    assert done.returncode == 0, done.stderr
    return folder


def bdnnc(folder: Path, *words: str, environment: dict[str, str] | None = None, **more: Any) -> subprocess.CompletedProcess[Any]:
    command = [sys.executable, "-m", "bdnnlang.cli", *words]
    streams: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.run(command, cwd=folder, env={**os.environ, **(environment or {})}, timeout=120, check=False, **streams)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "utf-8"])
@pytest.mark.parametrize("verb", ["run", "plan", "predict", "verify"])
def test_what_a_stream_cannot_encode_is_spelled_out(made: Path, tmp_path: Path, verb: str, encoding: str) -> None:
    words = (*VERBS[verb][:-1], str(tmp_path / "r")) if verb == "run" else VERBS[verb]
    done = bdnnc(made, verb, *words, environment={"PYTHONIOENCODING": encoding})
    assert done.returncode == 0, done.stderr
    said = done.stdout.decode(encoding)
    assert done.stderr.decode(encoding).count("error") == 0
    if verb == "run":
        assert ("2 → 1 → 1" if encoding == "utf-8" else "2 -> 1 -> 1") in said
    if verb == "predict":
        assert said.split()[:3] == ["class", "n\\xe9" if encoding == "ascii" else "né", "√" if encoding == "utf-8" else "?"]


def test_a_file_name_that_is_no_utf_8_can_be_spoken_of(made: Path, tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff.bdnn")
    try:
        (tmp_path / name).write_text(SPEC)
    except OSError:
        pytest.skip("this file system takes no such names")
    (tmp_path / "d.csv").write_bytes((made / "d.csv").read_bytes())
    done = bdnnc(tmp_path, "run", name, environment={"PYTHONUTF8": "1"})
    assert done.returncode == 0, done.stderr
    assert b"run folder: runs/\\xff-" in done.stdout.replace(b"\\udcff", b"\\xff")
    (folder,) = (tmp_path / "runs").iterdir()
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["spec"]["path"].endswith(name)
    assert bdnnc(tmp_path, "verify", str(folder)).returncode == 0
    assert bdnnc(tmp_path, "check", os.fsdecode(b"no\xff.bdnn")).returncode == 2


@needs_full
@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in ("check", "run")])
def test_a_full_standard_output_is_a_message_and_not_a_bug(made: Path, verb: str) -> None:
    with FULL.open("wb") as full:
        done = bdnnc(made, verb, *VERBS[verb], stdout=full)
    assert done.returncode == 5
    assert b"cannot write" in done.stderr
    assert b"no space left on device" in done.stderr
    assert b"internal error" not in done.stderr


@needs_full
@pytest.mark.parametrize("flags", [(), ("--json-stream",)])
def test_a_full_standard_output_costs_no_run(made: Path, tmp_path: Path, flags: tuple[str, ...]) -> None:
    with FULL.open("wb") as full:
        done = bdnnc(made, "run", "s.bdnn", "--out", str(tmp_path / "r"), *flags, stdout=full)
    assert done.returncode == 5
    assert b"is whole" in done.stderr
    assert bdnnc(made, "verify", str(tmp_path / "r")).returncode == 0


@pytest.mark.parametrize("flags", [(), ("--json-stream",)])
def test_a_closed_reader_costs_no_run(made: Path, tmp_path: Path, flags: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = bdnnc(made, "run", "s.bdnn", "--out", str(tmp_path / "r"), *flags, stdout=writer)
    os.close(writer)
    assert done.returncode == 0
    assert b"error" not in done.stderr.replace(b"zero", b"")
    assert bdnnc(made, "verify", str(tmp_path / "r")).returncode == 0


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in ("check", "run")])
def test_a_closed_reader_is_no_error(made: Path, verb: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = bdnnc(made, verb, *VERBS[verb], stdout=writer)
    os.close(writer)
    assert done.returncode == 0
    assert b"rror" not in done.stderr


@pytest.mark.parametrize("words", [("--help",), ("run", "--help"), ("--version",)])
def test_help_too(made: Path, words: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = bdnnc(made, *words, stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_closed_standard_error_costs_no_run(made: Path, tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = bdnnc(made, "run", "s.bdnn", "--out", str(tmp_path / "r"), stderr=writer)
    assert done.returncode == 0
    assert b"optimal" in done.stdout
    assert bdnnc(made, "check", "nowhere.bdnn", stderr=writer).returncode == 2
    os.close(writer)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_not_there(made: Path, tmp_path: Path, closed: str) -> None:
    command = f'exec "{sys.executable}" -m bdnnlang.cli run s.bdnn --out "{tmp_path / "r"}" {closed}'
    assert subprocess.run(["bash", "-c", command], cwd=made, timeout=120, check=False).returncode == 0
    assert bdnnc(made, "verify", str(tmp_path / "r")).returncode == 0
