"""Row 19: kill -9 in each stage of `specs/two_layers.bdnn`, then `--resume`. `python -m score.resumes` prints a table."""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

SPEC = Path(__file__).parents[2] / "specs" / "two_layers.bdnn"
TIMES = {"time = 60s": "time = 8s", "local_search 5s": "local_search 1s", "data_split 20s": "data_split 3s"}
STAGES = ("local_search", "data_split", "exact")
LATEST = 2.0  # seconds into a stage
BDNNC = (sys.executable, "-m", "bdnnlang.cli")

LOST, AGAIN = "an acknowledged network is lost", "a finished stage was run again"
PATIENCE = 30.0  # seconds in which a solver notices that nobody waits for it, which it does when its imports are done

Line = dict[str, Any]


@dataclass(frozen=True)
class Resumed:
    """One kill and what came after it; `wrong` says what must not be."""

    stage: str  # in which the run was killed
    after: float  # seconds into it
    acknowledged: float  # the least objective that the stream had told
    before: tuple[str, ...]  # stages that had ended
    again: tuple[str, ...]  # stages that the resumed run executed
    objective: float
    seconds: float  # in the stages of both runs, as the second one counts them
    wrong: tuple[str, ...]


def killed(number: int) -> Resumed:
    """Trial `number` of stage `number mod 3`."""
    stage, after = STAGES[number % len(STAGES)], random.Random(number).uniform(0.0, LATEST)
    with tempfile.TemporaryDirectory() as place:
        spec, out = Path(place) / "s.bdnn", Path(place) / "r"
        spec.write_text(_short(SPEC.read_text()))
        run = [*BDNNC, "run", str(spec), "--out", str(out), "--json-stream"]
        said, orphans = _until_killed(run, stage, after)
        done = subprocess.run([*run, "--resume"], capture_output=True, text=True, check=False)
        verified = subprocess.run([*BDNNC, "verify", str(out)], capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    acknowledged = min(line["verified_objective"] for line in said if line["type"] == "incumbent")
    before, again = _named(said, "ended"), _named(lines, "started")
    result = lines[-1] if lines else {"verified_objective": float("inf"), "seconds": float("nan")}
    wrong = {
        f"exit {done.returncode}: {done.stderr[-200:]}": done.returncode,
        f"verify: {verified.stderr[-200:]}": verified.returncode,
        LOST: result["verified_objective"] > acknowledged,
        AGAIN: said[-1]["type"] != "result" and before + again != STAGES[: len(before + again)],  # else it had ended
        f"orphaned: {orphans}": orphans,
    }
    failures = tuple(what for what, is_so in wrong.items() if is_so)
    return Resumed(stage, after, acknowledged, before, again, result["verified_objective"], result["seconds"], failures)


def in_stage(number: int) -> str:
    """The row's trial."""
    return "; ".join(killed(number).wrong)


def _short(text: str) -> str:
    for long, short in TIMES.items():
        text = re.sub(rf"\b{long}\b", short, text)
    return text


def _until_killed(command: list[str], stage: str, after: float) -> tuple[list[Line], list[int]]:
    """What a run has told when it is killed, so many seconds after a stage began; and processes of it that are left."""
    said: list[Line] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(json.loads(line))
            if said[-1].get("event") == "started" and said[-1]["stage"] == stage:
                break
        time.sleep(after)
        children = _children(process.pid)
        process.kill()
        said += [line for text in process.stdout if (line := _line(text)) is not None]
    deadline = time.monotonic() + PATIENCE
    while (left := [pid for pid in children if _lives(pid)]) and time.monotonic() < deadline:
        time.sleep(0.1)
    return said, left


def _children(pid: int) -> list[int]:
    """Processes that a process has started, and theirs."""
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [*children, *(grandchild for child in children for grandchild in _children(child))]


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _line(text: str) -> Line | None:
    try:
        line: Line = json.loads(text)
        return line
    except ValueError:  # the kill has cut it
        return None


def _named(lines: list[Line], event: str) -> tuple[str, ...]:
    return tuple(line["stage"] for line in lines if line.get("event") == event)


def table(found: list[Resumed]) -> str:
    """A line for each stage."""
    names = ("killed in", "kills", "finished stages run again", "acknowledged networks lost", "other failures", "median seconds")
    lines = [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]
    for stage in STAGES:
        of = [one for one in found if one.stage == stage]
        again, lost = (sum(kind in one.wrong for one in of) for kind in (AGAIN, LOST))
        others = sum(bool(set(one.wrong) - {AGAIN, LOST}) for one in of)
        seconds = f"{median(one.seconds for one in of):.1f}" if of else "–"
        lines.append(f"| {stage} | {len(of)} | {again} | {lost} | {others} | {seconds} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="score.resumes")
    parser.add_argument("--each", type=int, default=20, help="kills in each stage (default: 20)")
    found = []
    for number in range(parser.parse_args().each * len(STAGES)):
        found.append(killed(number))
        print(found[-1], file=sys.stderr, flush=True)
    print(table(found))
    return int(any(one.wrong for one in found))


if __name__ == "__main__":
    sys.exit(main())
