"""Progress: a live line on a terminal; where there is none, plain lines at what happens, without bars."""

from __future__ import annotations

import io

import numpy as np
import pytest
from rich.console import Console, Group

from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.training import Evaluation, Incumbent
from bdnnlang.report.progress import live
from bdnnlang.report.progress.live import Progress
from bdnnlang.run.facts import BoundProved, BoundReported, MarginAtLeast, NetworkFound, StageEnded, StageStarted
from bdnnlang.run.status import StageStatus

NETWORK = Network((Layer(np.array([[1.0]]), np.array([0.0])),))


class Clock:
    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(live, "time", made)
    return made


def incumbent(loss: int) -> Incumbent:
    return Incumbent(NETWORK, Evaluation(loss, 0, True, (loss,)))


def line_of(progress: Progress) -> str:
    with io.StringIO() as text:
        Console(file=text, width=120).print(progress._line())
        return text.getvalue().strip()


def follow(progress: Progress, clock: Clock) -> list[str]:
    """The live line after each fact, two seconds after the one before it."""
    facts = (
        StageStarted(0, "exact", 60.0, "SCIP"),
        NetworkFound(0.0, incumbent(8)),
        BoundProved(2),
        BoundReported(1.0, 1.0, 10, "SCIP"),
        BoundReported(1.0, 4.0, 2000, "SCIP"),
        BoundProved(7, MarginAtLeast(0.5)),
        NetworkFound(2.0, incumbent(4)),
    )
    lines = []
    for fact in facts:
        clock.now += 2.0
        progress(fact)
        lines.append(line_of(progress))
    return lines


def test_a_live_line(clock: Clock) -> None:
    with Progress(io.StringIO()) as progress:
        assert line_of(progress) == ""
        lines = follow(progress, clock)
        assert lines[0] == "2 s   exact  0 of 60 s   loss –   bound –   0 nodes"
        assert lines[1] == "4 s   exact  2 of 60 s   loss 8   bound –   0 nodes"
        assert lines[2] == "6 s   exact  4 of 60 s   loss 8   bound 2.00   gap ▆▆▆▆▆▆▆▆▆▆ 75.0 %   0 nodes"
        assert lines[3].endswith("bound 2.00   gap ▆▆▆▆▆▆▆▆▆▆ 75.0 %   10 nodes")  # less than what is proved
        assert lines[4].endswith("bound 4.00   gap ▆▆▆▆▆▆▆▆▆▅ 50.0 %   2,000 nodes")
        assert lines[5].endswith("50.0 %   2,000 nodes")  # a bound at a margin is not one of all networks
        assert lines[6] == "14 s   exact  12 of 60 s   loss 4   bound 4.00   gap ▆▆▆▆▅▅▅▅▅▁ 0.0 %   2,000 nodes"
        progress(StageEnded(0, "exact", 12.0, StageStatus.OPTIMAL, None))
        assert line_of(progress) == ""


def test_without_a_terminal_lines_are_plain(clock: Clock) -> None:
    with io.StringIO() as text:
        with Progress(text) as progress:
            follow(progress, clock)
        assert text.getvalue() == "exact: SCIP, at most 60 s\n     0.0 s  verified loss 8\n     2.0 s  verified loss 4\n"


def test_a_narrow_terminal_cuts_the_line(clock: Clock) -> None:
    with Progress(io.StringIO()) as progress:
        follow(progress, clock)
        with io.StringIO() as text:
            Console(file=text, width=40).print(Group(progress._line()))
            assert text.getvalue() == "14 s   exact  12 of 60 s   loss 4   bou…\n"
