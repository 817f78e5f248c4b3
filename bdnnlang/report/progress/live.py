"""The progress of a run on a terminal."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TextIO, assert_never

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from bdnnlang.network.numbers import Rational
from bdnnlang.report.progress.gap import GapHistory, gap
from bdnnlang.report.steps import step_line
from bdnnlang.report.text.run_text import number_text
from bdnnlang.run.facts import (
    BoundProved,
    BoundReported,
    ClaimRejected,
    Fact,
    ModelBuilt,
    NetworkFound,
    RunStarted,
    StageEnded,
    StageStarted,
    StepEnded,
    Whole,
)

QUIET_SECONDS = 30.0  # between two lines of progress where there is no terminal


class Progress:
    """Follows a run: one live line on a terminal, else a plain line at each stage, better network and half minute."""

    def __init__(self, stream: TextIO) -> None:
        self.console = Console(file=stream, highlight=False, markup=False, emoji=False)
        self.stage: StageStarted | None = None
        self.model: ModelBuilt | None = None  # the first one of the stage
        self.loss: Rational | None = None
        self.bound: float | None = None  # what the solver of the stage says …
        self.proved: Rational | None = None  # … and what is proved of all networks
        self.gaps = GapHistory()
        self.nodes = 0
        self.started = self.began = time.monotonic()  # the run, and the stage
        self.spoke = self.began
        self.live = Live(console=self.console, refresh_per_second=4, transient=True, get_renderable=self._line)

    def __enter__(self) -> Progress:
        if self.console.is_terminal:
            self.live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self.console.is_terminal:
            self.live.stop()

    def __call__(self, fact: Fact) -> None:
        match fact:
            case StageStarted():
                self.stage, self.model, self.bound, self.nodes, self.began = fact, None, None, 0, time.monotonic()
                self._say(f"{fact.stage}: {f'{fact.solver}, ' if fact.solver else ''}{_limit(fact)}")
            case ModelBuilt():
                if self.model is None:
                    self._say(f"  {fact.rows:,} rows, {fact.binaries:,} binaries")
                self.model = fact
            case NetworkFound(seconds, incumbent, polished=False):
                self.loss = incumbent.objective
                self._remember()
                penalty = f", objective {number_text(incumbent.objective)}" if incumbent.penalty else ""
                self._say(f"{seconds:8.1f} s  verified loss {number_text(incumbent.loss)}{penalty}")
            case BoundReported(seconds, bound, nodes):
                self.bound, self.nodes = bound, nodes
                self._remember()
                if time.monotonic() - self.spoke > QUIET_SECONDS:
                    self._say(f"{seconds:8.1f} s  bound {bound:.2f}, {nodes:,} nodes")
            case ClaimRejected(why=why):
                self._say(f"  rejected: {why}")
            case StepEnded(_, number, step):
                self._say(f"  {number:3}. {step_line(step)}")
            case StageEnded():
                self._say(f"{fact.stage}: {fact.status} after {fact.seconds:.1f} s")
                self.stage = None
            case BoundProved(value, Whole()):
                self.proved = value if self.proved is None else max(value, self.proved)
                self._remember()
            case RunStarted() | NetworkFound() | BoundProved():
                pass
            case _:
                assert_never(fact)

    def _remember(self) -> None:
        """The gap, from now on."""
        self.gaps.add(time.monotonic() - self.started, gap(self.loss, self._known()))

    def _known(self) -> Rational | float | None:
        """The bound to show: that of the stage's solver, for its model, or what is proved, where that is more."""
        known = [bound for bound in (self.bound, self.proved) if bound is not None]
        return max(known, default=None)

    def _say(self, line: str) -> None:
        self.spoke = time.monotonic()
        self.console.print(line, soft_wrap=True)

    def _line(self) -> RenderableType:
        if self.stage is None:
            return Group()
        now = time.monotonic()
        of = "" if self.stage.seconds is None else f" of {self.stage.seconds:.0f}"
        bound = self._known()
        said = [f"{now - self.started:.0f} s", f"{self.stage.stage}  {now - self.began:.0f}{of} s"]
        said += [f"loss {number_text(self.loss)}", f"bound {'–' if bound is None else format(float(bound), '.2f')}"]
        if line := self.gaps.line(now - self.started):
            said.append(f"gap {line}")
        return Text("   ".join([*said, f"{self.nodes:,} nodes"]), style="dim", no_wrap=True, overflow="ellipsis")


def _limit(started: StageStarted) -> str:
    return "no time limit" if started.seconds is None else f"at most {started.seconds:.0f} s"
