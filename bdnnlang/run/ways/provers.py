"""Who works on a proof: engines of parts of the samples and output functions, in this process or in others, and what they say."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bdnnlang.arrays import one_thread
from bdnnlang.network.network import Network
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.prove.clauses import Clauses
from bdnnlang.prove.engine import Candidate, Engine
from bdnnlang.prove.learnt import Learnt
from bdnnlang.prove.master import Master
from bdnnlang.prove.networks import network
from bdnnlang.prove.problem import ProofProblem, proof_problem
from bdnnlang.workers.talk import HungUpError, Line

SLICE = 0.5  # seconds of one engine, before the others have theirs, at first …
LONGER = 1.5  # … and so many times that the next time
SAID = 0.1  # seconds between two reports at most


@dataclass(frozen=True, slots=True)
class Unit:
    """What an engine works on: a part of the samples and some of the functions; `lower` is known from before."""

    part: int
    samples: tuple[int, ...]
    functions: tuple[int, ...]
    lower: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """Of a unit: how far it is, and whether its bound can still rise. `upper`: what the errors of a network on the part weigh."""

    lower: int
    upper: int
    is_open: bool
    asks_solver: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What a job says of its units, and the best network that it has, if that is a better one."""

    job: int
    units: tuple[Progress, ...]
    network: Network | None


@dataclass(frozen=True, slots=True)
class Orders:
    """What it is told: whether to stop, and for each unit beyond which bound it need not go."""

    stop: bool
    goals: tuple[int, ...]


@dataclass(frozen=True)
class Job:
    """For a process: its units, the network to start from, and who decides clauses."""

    number: int
    training: TrainingProblem
    best: Incumbent
    units: tuple[Unit, ...]
    make: Callable[[Clauses], Master]
    line: Line


def prove(job: Job) -> list[Learnt]:
    """Raise the bounds of all units as far as one can before it is told to stop; what was learnt of each."""
    with one_thread():
        prover = _Prover(job)
        try:
            prover.take_turns()
        except HungUpError:
            return []
        return [engine.learnt() for engine in prover.engines]


def shares(parts: Sequence[tuple[tuple[int, ...], int]], functions: int, workers: int) -> list[list[Unit]]:
    """Parts, with what is known of each, to workers; where there are fewer parts than workers, their functions too."""
    groups = min(functions, -(-workers // len(parts)))
    units = [
        Unit(part, samples, tuple(range(group, functions, groups)), lower)
        for group in range(groups)
        for part, (samples, lower) in enumerate(parts)
    ]
    return [units[k::workers] for k in range(min(workers, len(units)))]


def errors_on(part: ProofProblem, training: TrainingProblem, known: Incumbent) -> int:
    """What the errors of a network on a part weigh."""
    wrong, y = training.losses(known.network) > 0, training.samples.y
    return sum(s.weight for s in part.samples if any(wrong[i] and y[i] == s.label for i in s.rows))


class _Prover:
    """The engines of a job as they go."""

    def __init__(self, job: Job) -> None:
        self.job, self.best, self.said, self.told = job, job.best, job.best, 0.0
        problem = proof_problem(job.training)
        self.is_to_stop = False
        self.engines: list[Engine] = []
        for unit in job.units:
            part = problem.part(list(unit.samples))
            functions = [part.functions[k] for k in unit.functions]
            upper = errors_on(part, job.training, job.best)
            engine = Engine(part, upper, self.judge(part), lambda bound: self.report(), job.make, functions, unit.lower)
            self.engines.append(engine)

    def judge(self, part: ProofProblem) -> Callable[[Candidate], int | None]:
        """Says what the errors of a candidate on a part weigh, None if it is no network of the spec; the best one is kept."""
        training = self.job.training

        def errors(candidate: Candidate) -> int | None:
            made = network(candidate.function, candidate.neurons, training.spec.network.layers)
            if not training.contains(made):
                return None
            found = training.incumbent(made)
            if found.acceptable and found.rank < self.best.rank:
                self.best = found
                self.report()
            return errors_on(part, training, found)

        return errors

    def report(self) -> None:
        """Say how far all is, and do as is answered."""
        units = tuple(Progress(e.lower, e.upper, e.weakest.is_open, e.asks_solver) for e in self.engines)
        better = self.best.network if self.best is not self.said else None
        self.told, self.said = time.monotonic(), self.best
        orders: Orders = self.job.line.say(Report(self.job.number, units, better))
        self.is_to_stop |= orders.stop
        for engine, goal in zip(self.engines, orders.goals, strict=True):
            engine.aim(goal)

    def take_turns(self) -> None:
        """The engines do, and turns get longer."""
        length = SLICE
        self.report()
        while (live := [engine for engine in self.engines if not engine.is_over]) and not self.is_to_stop:
            for engine in live:
                self.turn(engine, length if len(live) > 1 else None)
            length *= LONGER
        self.report()

    def turn(self, engine: Engine, seconds: float | None) -> None:
        ends = None if seconds is None else time.monotonic() + seconds
        engine.run(lambda: self.stops() or (ends is not None and time.monotonic() >= ends))

    def stops(self) -> bool:
        """Is it to stop? It is asked often, and reports now and then."""
        if not self.is_to_stop and time.monotonic() - self.told >= SAID:
            self.report()
        return self.is_to_stop
