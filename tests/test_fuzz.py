"""`make fuzz` ends in time, and a failure comes with the command that shows it again."""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz import main

PROFILE = "from hypothesis import settings\nsettings.register_profile('fuzz', print_blob=True)\n"
PROPERTY = (
    "from hypothesis import given, strategies as st\n@given(st.integers(0, 10**9))\ndef test_small(n):\n    assert {claim}\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = slow\n")
    (tmp_path / "conftest.py").write_text(PROFILE)
    (tmp_path / "test_other.py").write_text("def test_no_property():\n    raise AssertionError\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_failure_is_told_with_its_seed(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "test_one.py").write_text(PROPERTY.format(claim="n < 10"))
    assert main(120.0, [], most=1) == 1
    lines = capfd.readouterr().out.splitlines()
    assert "n=10" in "\n".join(lines)  # the least that fails
    assert lines[-1] == "1 rounds, 1 tests failed"
    words = shlex.split(lines[-2])
    assert words[:3] == ["failed:", "pytest", "test_one.py::test_small"]
    again = subprocess.run([sys.executable, "-m", *words[1:]], capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert "n=10" in again.stdout


def test_each_round_has_a_seed_of_its_own(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "test_one.py").write_text(PROPERTY.format(claim="n >= 0"))
    assert main(120.0, [], most=2) == 0
    first, second, last = capfd.readouterr().out.splitlines()
    assert first.split()[3] != second.split()[3]
    assert last == "2 rounds, 0 tests failed"


def test_it_ends_with_the_time(folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Also behind `&` in a script, where SIGINT is ignored: the round ends itself, it is not killed when patience is over."""
    monkeypatch.setattr(subprocess.Popen, "kill", lambda process: pytest.fail("it had to be killed"))
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    (folder / "test_one.py").write_text("import time\n" + PROPERTY.format(claim="time.sleep(100) is None"))
    try:
        assert main(1.0, []) == 0
    finally:
        signal.signal(signal.SIGINT, before)
    assert capfd.readouterr().out.splitlines()[-1] == "1 rounds, 0 tests failed"
