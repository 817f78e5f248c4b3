"""`specs/bench/writers/writers.py`: a tiny program through writers of its own, and a section of made-up results."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from scripts import script

writers = script("bench/writers/writers.py")
Taken, Row = writers.Taken, writers.Row
TINY = writers.SPEC.read_text().replace("2000", "12").replace("= 64", "= 3").replace("hidden 32", "hidden 2")


def made_up() -> dict[str, Any]:
    rows = [
        Row(writers.OURS, [Taken(0.5, 8 << 20), Taken(0.4, 9 << 20), Taken(0.9, 1 << 20)], 341_000_000, True),
        Row(writers.PLAIN, [Taken(0.1, 0)], 341_000_000),
        Row("highspy", [Taken(4.0, 400 << 20)], 300_000_000, False),
        Row("Pyomo", [], failed="more than 120 s"),
    ]
    return {"rows": rows, "compiled": Row(writers.COMPILE, [Taken(3.25, 450 << 20)]), "size": "7 rows", "rounds": 3, "load": 1.25}


def test_the_section_has_medians_ratios_and_those_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers.metadata, "version", lambda package: "1.0")
    page = writers.page(**made_up())
    assert "ours is 5.0 × `os.write`" in page
    assert "3.25 s of CPU, 450 MiB at most" in page
    assert page.splitlines()[-4:] == [
        "| bdnnlang, MPS |  | 0.50 | 1.00 | 341 | 8 | yes |",
        "| `os.write` of the same bytes |  | 0.10 | 0.20 | 341 | 0 |  |",
        "| highspy | 1.0 | 4.00 | 8.00 | 300 | 400 | **no** |",
        "| Pyomo | 1.0 | more than 120 s | | | | |",
    ]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (subprocess.TimeoutExpired("x", 1), "more than 120 s"),
        (subprocess.CalledProcessError(-24, "x"), "more than 120 s"),
        (subprocess.CalledProcessError(1, "x", stderr=b"Traceback\nMemoryError: a | b\n"), "failed: MemoryError: a / b"),
        (subprocess.CalledProcessError(-11, "x"), "failed: -11"),
    ],
)
def test_why_a_writer_gave_nothing(error: subprocess.SubprocessError, said: str) -> None:
    assert writers.why(error) == said


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_our_writers_are_exact_and_a_lossy_one_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    milp = writers.program_of(TINY)
    for name in (writers.OURS, "bdnnlang, LP", "bdnnlang, MPS.gz"):
        assert writers.is_exact(name, milp, tmp_path)
        assert not list(tmp_path.glob("model.*"))

    def lossy(milp: Any, folder: Path) -> None:
        (folder / "model.mps").write_text("".join(f" x r {value:.6g}\n" for value in milp.value))

    monkeypatch.setitem(writers.WRITERS, "lossy", (lossy, "numpy"))
    assert not writers.is_exact("lossy", milp, tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_a_round_is_a_process_and_one_that_fails_has_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "program"
    program.write_bytes(writers.pickle.dumps(writers.program_of(TINY)))
    ours, plain = Row(writers.OURS, []), Row(writers.PLAIN, [])
    for row in (ours, plain):
        writers.one_round(row, program, tmp_path)
    assert ours.size == plain.size == (tmp_path / writers.READ).stat().st_size > 1000
    assert ours.seconds > plain.seconds >= 0
    program.unlink()
    broken = Row("bdnnlang, LP", [])
    writers.one_round(broken, program, tmp_path)
    assert broken.failed.startswith("failed: FileNotFoundError")
    monkeypatch.delattr(writers, "run")
    writers.one_round(broken, program, tmp_path)


MEASURED = f"""
import sys
sys.path[:0] = [{str(writers.ROOT)!r}, {str(Path(__file__).parent)!r}]
from scripts import script
Taken = script("bench/writers/writers.py").Taken
before = bytearray(64 << 20)
began = Taken.now()
bytearray(b"x" * (32 << 20))
print(began.until_now().memory)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_is_what_is_added_to_what_was_there_before() -> None:
    """In a process of its own, as writers are measured: a large one gives memory back in between."""
    assert 30 << 20 < int(writers.run(["-c", MEASURED])) < 100 << 20
