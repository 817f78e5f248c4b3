"""Stage `prove`: bounds on the errors of all networks, by conflicts of samples, and better networks (docs/proofs.md)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING

from bdnnlang.arrays import one_thread
from bdnnlang.data.dataset import Dataset
from bdnnlang.diagnostics import InternalError
from bdnnlang.language.spec import Prove, StageSpec
from bdnnlang.model.size import Extent
from bdnnlang.network.numbers import Rational, simple
from bdnnlang.problem.training import Incumbent
from bdnnlang.run.context import Checks, Context
from bdnnlang.run.facts import OURSELVES, PROOF_FILE, BoundProved, ModelBuilt, NetworkFound, Whole
from bdnnlang.run.proof import stage_status
from bdnnlang.run.status import StageStatus
from bdnnlang.solve.outcome import Status

if TYPE_CHECKING:
    from bdnnlang.prove.clauses import Clauses
    from bdnnlang.prove.engine import Candidate, Engine
    from bdnnlang.prove.master import Master
    from bdnnlang.prove.problem import ProofProblem

EVIDENCE = "conflicts of samples, checked in whole numbers, and the word of {} that they leave no fewer errors"
TRIED = "all that neurons with such weights can be, tried in whole numbers"
FOUND_BY = "proof"
NO_MODEL = ModelBuilt("", 0, 0, 0, 0)
SLICE = 0.5  # seconds of one part, before the others have theirs, at first …
MOST_REPLAYED = 300_000  # literals of lemmas: some seconds
LONGER = 1.5  # … and so many times that the next time

needs_solver = False


def takes(settings: StageSpec) -> bool:
    return isinstance(settings, Prove)


def run(context: Context[Prove]) -> None:
    """A bound, ever greater, and networks that are found where it cannot rise."""
    from bdnnlang.prove.problem import inapplicable  # with all that it imports: `check` asks what a stage builds

    why = inapplicable(context.training)
    if why is not None:
        context.end(StageStatus.FEASIBLE, context.best.accepted, notes=(f"nothing was proved: {why}",))
        return
    with one_thread():
        proof = _Proof(context)
        proof.run()
        proof.end()


@dataclass
class _Proof:
    """A stage as it goes: an engine for each part of the samples."""

    context: Context[Prove]
    best: Incumbent = field(init=False)
    stated: BoundProved | None = None

    def __post_init__(self) -> None:
        from bdnnlang.prove.parts import parts
        from bdnnlang.prove.problem import proof_problem

        context = self.context
        self.training, self.budget, self.best = context.training, context.budget, context.best
        self.problem = proof_problem(self.training)
        self.solver, make = _masters(context)
        split = parts(self.problem, context.settings.parts, self.training.spec.train.seed)
        self.parts = list(zip(split, map(self.engine, map(self.problem.part, split), repeat(make)), strict=True))
        self.engines = [engine for _, engine in self.parts]

    def engine(self, part: ProofProblem, make: Callable[[Clauses], Master]) -> Engine:
        from bdnnlang.prove.engine import Engine

        return Engine(part, self.errors(self.best, part), self.judge(part), lambda bound: self.tell(), make)

    # ---- networks

    def errors(self, known: Incumbent, part: ProofProblem) -> int:
        """What the errors of a network on a part weigh."""
        wrong, y = self.training.losses(known.network) > 0, self.training.samples.y
        return sum(s.weight for s in part.samples if any(wrong[i] and y[i] == s.label for i in s.rows))

    def judge(self, part: ProofProblem) -> Callable[[Candidate], int | None]:
        """Says what the errors of a candidate on a part weigh, and keeps its network if it is the best one."""
        from bdnnlang.prove.networks import network

        def errors(candidate: Candidate) -> int | None:
            made = network(candidate.function, candidate.neurons, self.training.spec.network.layers)
            if not self.training.contains(made):
                return None
            found = self.training.incumbent(made)
            if found.acceptable and found.rank < self.best.rank:
                self.best = found
                self.context.emit(NetworkFound(self.budget.spent, found, FOUND_BY))
            return self.errors(found, part)

        return errors

    # ---- bounds

    @property
    def bound(self) -> Rational:
        """On the loss of every network."""
        return simple(self.problem.loss(sum(engine.lower for engine in self.engines)))

    def tell(self) -> None:
        """Of a bound that is better than the last one."""
        if self.stated is None or self.bound > self.stated.value:
            self.stated = BoundProved(self.bound, Whole(), OURSELVES, EVIDENCE.format(self.solver) if self.asks_solver else TRIED)
            self.context.emit(self.stated)

    def run(self) -> None:
        """The parts take turns, which get longer."""
        self.tell()
        length = SLICE
        while not self.is_over and not self.is_late():
            for engine in self.engines:
                self.turn(engine, length if len(self.engines) > 1 else None)
            length *= LONGER

    @property
    def asks_solver(self) -> bool:
        return self.problem.hidden is None or any(engine.asks_solver for engine in self.engines)

    def turn(self, engine: Engine, seconds: float | None) -> None:
        ends = None if seconds is None else time.monotonic() + seconds
        engine.run(lambda: self.is_late() or (ends is not None and time.monotonic() >= ends))

    def is_late(self) -> bool:
        return self.budget.stopped() or self.budget.left == 0

    @property
    def is_over(self) -> bool:
        return all(engine.is_over for engine in self.engines)

    # ---- the end

    def end(self) -> None:
        if self.bound > self.problem.irreducible and self.has_proof():
            self.stated = BoundProved(self.bound, Whole(), OURSELVES, PROOF_FILE)
            self.context.emit(self.stated)
        said = Status.OPTIMAL if self.is_over and self.best.reaches(self.bound) else Status.FEASIBLE
        said = Status.INTERRUPTED if said is Status.FEASIBLE and self.budget.stopped() else said
        slack = self.training.costs.slack(self.best.objective)
        self.context.end(
            stage_status(said, self.best.stated[1], self.stated, slack),
            self.best.accepted,
            notes=self.notes(),
            solver=self.solver if self.asks_solver else "",
            model=NO_MODEL,
        )

    def has_proof(self) -> bool:
        """Is there a file with the proof of the bound, replayed? One that takes long to replay is written only."""
        from bdnnlang.prove.proof import proof_lines
        from bdnnlang.prove_check.check import check

        path = self.context.proof
        if path is None or not all(engine.is_shown for engine in self.engines):
            return False
        lines = list(proof_lines(self.problem, self.parts))
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        checked = check(lines, MOST_REPLAYED)
        if checked.total != self.bound:
            raise InternalError(f"the proof shows {checked.total}, not {self.bound}")
        return checked.replayed

    def notes(self) -> tuple[str, ...]:
        if not self.asks_solver:
            return (TRIED,)
        conflicts = sum(len(engine.pool.conflicts) for engine in self.engines)
        asked = sum(engine.pool.asked for engine in self.engines)
        return (f"{conflicts:,} conflicts of samples, {asked:,} questions which samples a neuron can tell apart",)


def _masters(context: Context[Prove]) -> tuple[str, Callable[[Clauses], Master]]:
    """Who decides that clauses have no solution: Glucose, or where python-sat is not installed a solver of integer programs."""
    from bdnnlang import solve
    from bdnnlang.prove import master

    if master.available():
        return master.NAME, master.SatMaster
    from bdnnlang.run.row_master import RowMaster

    solver = "cpsat" if solve.available("cpsat") else "scip"
    return solver, lambda clauses: RowMaster(clauses, solver, context.budget, context.log)


# ---- what there is to say of it


def describe(settings: Prove) -> str:
    return f"{settings.parts} parts" if settings.parts > 1 else ""


def extent(settings: Prove, data: Dataset) -> Extent | None:
    return None


def most_seconds(settings: Prove) -> float | str | None:
    return settings.time


def checks(settings: Prove) -> Checks:
    return Checks(is_whole=True, proves=True)
