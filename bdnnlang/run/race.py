"""Several solvers on the same stage, side by side: the first proof ends it. The best network and the leader's bound are kept.

Each solver has a thread here, which waits for its process most of the time. What the threads learn comes to the one that runs the
stage, which passes it on; so facts have one order, and nobody else emits.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar, assert_never

from bdnnlang.language.spec import StageSpec
from bdnnlang.network.numbers import Rational, shown
from bdnnlang.problem.training import Incumbent
from bdnnlang.run.context import Context
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
)
from bdnnlang.run.proof import stage_status
from bdnnlang.run.status import StageStatus
from bdnnlang.solve.outcome import Status

S = TypeVar("S", bound=StageSpec)


@dataclass
class _Racer:
    """One solver, and what has become known of it."""

    solver: str
    log: Path | None  # of its own while they race; what stands in there goes to that of the run
    bound: BoundProved | None = None  # the last that it has proved
    ended: StageEnded | None = None
    failure: BaseException | None = None


def race(context: Context[S], alone: Callable[[Context[S]], None]) -> None:
    """Have each of `context.racers` do the stage `alone`; emits one `StageEnded`, of whose bound is the best.

    What of the model is shown has been emitted before.
    """
    _Race(context, alone).run()


@dataclass
class _Race:
    context: Context[Any]
    alone: Callable[[Context[Any]], None]
    over: threading.Event = field(default_factory=threading.Event)
    facts: queue.SimpleQueue[tuple[_Racer, Fact | None]] = field(default_factory=queue.SimpleQueue)
    winner: _Racer | None = None  # who had a proof first

    def __post_init__(self) -> None:
        self.best = self.context.best
        log = self.context.log
        self.racers = [_Racer(name, None if log is None else log.with_suffix(f".{name}.log")) for name in self.context.racers]

    def run(self) -> None:
        try:
            for racer in self.racers:
                self.start(racer)
            self.follow()
        finally:
            self.over.set()
            self.collect_logs()
        for racer in self.racers:
            if racer.failure is not None:
                raise racer.failure
        self.end()

    def start(self, racer: _Racer) -> None:
        context = self.context
        budget = replace(context.budget, over=self.over.is_set)
        own = replace(context, solver=racer.solver, racers=(), budget=budget, log=racer.log)
        own = replace(own, emit=lambda fact: self.facts.put((racer, fact)))

        def work() -> None:
            try:
                self.alone(own)
            except BaseException as error:  # a bug of ours: it comes out where the stage runs
                racer.failure = error
            self.facts.put((racer, None))

        threading.Thread(target=work, daemon=True).start()

    def collect_logs(self) -> None:
        """The logs of the racers, one after another, at the end of that of the run."""
        for racer in self.racers:
            if self.context.log is not None and racer.log is not None and racer.log.exists():
                with self.context.log.open("ab") as whole:
                    whole.write(f"\n==== {racer.solver}\n".encode() + racer.log.read_bytes())
                racer.log.unlink()

    def follow(self) -> None:
        """Until all have ended; a proof, or a failure of ours, asks the others to."""
        running = len(self.racers)
        while running:
            racer, fact = self.facts.get()
            if fact is None:
                running -= 1
                if self.winner is None and self.is_proof(racer):
                    self.winner = racer
                if racer.failure is not None or self.winner is not None:
                    self.over.set()
            else:
                self.learn(racer, fact)

    def learn(self, racer: _Racer, fact: Fact) -> None:
        match fact:
            case NetworkFound(incumbent=incumbent):
                if self.is_better(incumbent):
                    self.best = incumbent
                    self.context.emit(fact)
            case BoundProved():
                racer.bound = fact
            case StageEnded(network=network):
                racer.ended = fact
                if network is not None and self.is_better(network):
                    self.best = network
            case ModelBuilt():
                return  # whoever has them race has told of the model
            case BoundReported() | ClaimRejected() | StepEnded() | RunStarted() | StageStarted():
                self.context.emit(fact)
            case _:
                assert_never(fact)

    def is_better(self, incumbent: Incumbent) -> bool:
        return incumbent.acceptable and incumbent.rank < self.best.rank

    def status(self, racer: _Racer) -> StageStatus:
        """What the bound of a racer makes of the best network of all."""
        objective = self.best.stated[1]
        slack = self.context.training.costs.slack(self.best.objective)
        return stage_status(Status.OPTIMAL, objective, racer.bound, slack)

    def is_proof(self, racer: _Racer) -> bool:
        ended = racer.ended
        if ended is None:
            return False
        if ended.status is StageStatus.GAP_REACHED or ended.status is StageStatus.INFEASIBLE:
            return True
        return self.status(racer) in (StageStatus.OPTIMAL, StageStatus.OPTIMAL_AT_MARGIN)

    def end(self) -> None:
        """The word of the stage is that of the leader, its bound too: an equal one of another would name another author."""
        leader = self.leader()
        assert leader.ended is not None
        if leader.bound is not None:
            self.context.emit(leader.bound)
        proved = self.status(leader)
        status = proved if proved is not StageStatus.GAP_REACHED else leader.ended.status
        notes = (*leader.ended.notes, *self.lines())
        seconds, network = self.context.budget.spent, self.best.accepted
        self.context.emit(replace(leader.ended, seconds=seconds, status=status, network=network, notes=notes))

    def leader(self) -> _Racer:
        """Who had a proof first; else who has one by the networks of all; else whose bound is greatest."""
        ended = [racer for racer in self.racers if racer.ended is not None]
        if self.winner is not None and self.is_proof(self.winner):
            return self.winner
        return next(filter(self.is_proof, ended), None) or max(ended, key=_rank)

    def lines(self) -> list[str]:
        """Who said what."""
        cores = os.cpu_count() or 1
        busy = len(self.racers) * self.context.training.spec.train.threads
        crowd = [f"{busy} threads on {cores} cores: each is slower than alone"] if busy > cores else []
        return [*crowd, *(self.line(racer, racer.ended) for racer in self.racers if racer.ended is not None)]

    def line(self, racer: _Racer, ended: StageEnded) -> str:
        """How one solver ended."""
        is_beaten = ended.status is StageStatus.INTERRUPTED and self.winner is not None
        return line_of(racer, ended, "stopped" if is_beaten else str(ended.status))


def _rank(racer: _Racer) -> tuple[bool, Rational, bool]:
    """Without a proof: one that has not failed comes first, then the greatest bound, then a solution."""
    ended = racer.ended
    assert ended is not None
    bound = racer.bound.value if racer.bound is not None else -1
    return ended.status is not StageStatus.FAILED, bound, ended.claimed_objective is not None


def line_of(racer: _Racer, ended: StageEnded, how: str) -> str:
    parts = [f"{how} after {ended.seconds:.1f} s"]
    parts += [] if ended.claimed_objective is None else [f"objective {shown(ended.claimed_objective)}"]
    parts += [] if racer.bound is None else [f"bound {shown(racer.bound.value)}"]
    return f"{ended.solver or racer.solver}: {', '.join(parts)}"
