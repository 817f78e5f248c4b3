"""Stage `prove`: bounds on the errors of all networks, by conflicts of samples, and better networks (docs/proofs.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from bdnnlang.arrays import one_thread
from bdnnlang.data.dataset import Dataset
from bdnnlang.diagnostics import InternalError
from bdnnlang.language.spec import Prove, StageSpec
from bdnnlang.model.model import Model
from bdnnlang.model.size import Extent, nonzeros
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import Rational, simple
from bdnnlang.polish.acceptance import verified_incumbent
from bdnnlang.problem.training import Incumbent
from bdnnlang.run.context import Checks, Context
from bdnnlang.run.facts import NO_MODEL, OURSELVES, PROOF_FILE, BoundProved, NetworkFound, Samples, Scope, Whole
from bdnnlang.run.proof import stage_status
from bdnnlang.run.solving import MOST_WIDENED
from bdnnlang.run.status import StageStatus
from bdnnlang.solve.outcome import Status
from bdnnlang.workers.jobs import GRACE, Done, Lost, NoClusterError, Workers, results
from bdnnlang.workers.talk import line_for

if TYPE_CHECKING:
    from bdnnlang.prove.clauses import Clauses
    from bdnnlang.prove.learnt import Learnt
    from bdnnlang.prove.master import Master
    from bdnnlang.prove.parts import Rows
    from bdnnlang.prove.problem import ProofProblem
    from bdnnlang.run.ways.provers import Orders, Progress, Report, Unit

EVIDENCE = "conflicts of samples, checked in whole numbers, and the word of {} that they leave no fewer errors"
TRIED = "all that neurons with such weights can be, tried in whole numbers"
FOUND_BY = "proof"
RESERVE, RESERVED = 3.0, 0.1  # seconds, and a share of the stage's, for writing the proof and replaying it; workers have
# as much before that, to end what they are at and to hand over what they learnt, of which a large proof is a lot
MOST_REPLAYED = 300_000  # literals of lemmas: some seconds

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
    try:
        proof = _Proof(context, _workers(context))
        proof.run()
    except NoClusterError as error:
        context.end(StageStatus.FAILED, context.best.accepted, notes=(str(error),))
        return
    with one_thread():
        proof.polish()
        proof.end()


def _workers(context: Context[Prove]) -> Workers:
    """Without python-sat one, here. Raises NoClusterError."""
    from bdnnlang.prove import master
    from bdnnlang.workers import cluster

    asked = Workers(context.settings.workers or 1, context.dask)
    if not master.available():
        return Workers()
    return Workers(cluster.size(asked), asked.dask) if asked.dask and context.settings.workers is None else asked


@dataclass
class _Part:
    """What is known of a part of the samples: of the engines that work on it, by their units, and of networks."""

    samples: tuple[int, ...]
    rows: Rows
    problem: ProofProblem
    upper: int  # what the errors of a known network weigh
    lower: int = 0
    heard: dict[Unit, Progress] = field(default_factory=dict)

    def expect(self, unit: Unit) -> None:
        """An engine that will work on it: until it is heard of, the bound does not rise."""
        from bdnnlang.run.ways.provers import Progress

        self.heard[unit] = Progress(unit.lower, self.upper, is_open=True, asks_solver=False)

    def hear(self, unit: Unit, said: Progress) -> None:
        """How far an engine is; one that had to begin again, as its worker was ended, knows less than was known."""
        self.heard[unit] = replace(said, lower=max(said.lower, self.heard[unit].lower))
        self.upper = min(self.upper, said.upper)
        self.lower = max(self.lower, min([self.upper, *(one.lower for one in self.heard.values())]))

    @property
    def goal(self) -> int:
        """No engine can raise the bound above this."""
        return min([self.upper, *(one.lower for one in self.heard.values() if not one.is_open)])

    @property
    def value(self) -> Rational:
        """The bound on the loss of its samples."""
        return simple(self.rows.irreducible + self.problem.unit * self.lower)


@dataclass
class _Proof:
    """A stage as it goes."""

    context: Context[Prove]
    workers: Workers
    best: Incumbent = field(init=False)
    stated: BoundProved | None = None
    learnt: dict[Unit, Learnt] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    told: set[BoundProved] = field(default_factory=set)

    def __post_init__(self) -> None:
        from bdnnlang.prove.parts import parts, rows_of
        from bdnnlang.prove.problem import proof_problem
        from bdnnlang.run.ways.provers import shares

        context = self.context
        self.training, self.budget, self.best = context.training, context.budget, context.best
        self.reserve = min(RESERVE, RESERVED * (context.budget.seconds or 0.0))
        self.problem = proof_problem(self.training)
        self.solver, self.make = _masters(context)
        split = parts(self.problem, context.settings.parts, self.training.spec.train.seed)
        rows = rows_of(self.problem, self.training, split)
        self.parts = [self.part(samples, own) for samples, own in zip(split, rows, strict=True)]
        known = [(part.samples, part.lower) for part in self.parts]
        self.jobs = shares(known, len(self.problem.functions), self.workers.count)
        for unit in (unit for own in self.jobs for unit in own):
            self.parts[unit.part].expect(unit)

    def part(self, samples: list[int], rows: Rows) -> _Part:
        """With what was proved of it before."""
        from bdnnlang.run.ways.provers import errors_on

        problem = self.problem.part(samples)
        upper = errors_on(problem, self.training, self.best)
        values = [b.value for b in self.context.proved if b.by == OURSELVES and b.scope == self.scope(rows)]
        known = max(values, default=rows.irreducible)
        return _Part(tuple(samples), rows, problem, upper, int((known - rows.irreducible) / problem.unit))

    def scope(self, rows: Rows) -> Scope:
        return Samples(rows.numbers) if self.context.settings.parts > 1 else Whole()

    # ---- while others work

    def run(self) -> None:
        from bdnnlang.run.ways.provers import Job, prove

        self.tell()
        with line_for(self.workers, self.hear) as (line, serve):
            jobs = [Job(k, self.training, self.best, tuple(own), self.make, line) for k, own in enumerate(self.jobs)]

            def stop() -> bool:
                """Once all is proved, jobs are told so, and end by themselves: what they learnt is the proof."""
                serve()
                return self.is_late

            for ended in results(prove, jobs, self.workers, stop, self.grace):
                self.keep(ended)

    def grace(self) -> float:
        """Seconds that workers have to hand over what they learnt: nearly all that is left, as there is no proof without it.

        Who presses Ctrl-C waits no longer than usual.
        """
        left = self.budget.left
        return GRACE if left is None or self.budget.stopped() else max(GRACE, left - GRACE)

    def keep(self, ended: Done[list[Learnt]] | Lost) -> None:
        """What a job learnt, or why that is lost."""
        match ended:
            case Done(number, learnt):
                self.learnt |= zip(self.jobs[number], learnt, strict=False)
            case Lost(number, why):
                self.lost.append(f"worker {number + 1} of {len(self.jobs)}: {why}")

    def hear(self, report: Report) -> Orders:
        """Of a job, whose network is judged here anew."""
        from bdnnlang.run.ways.provers import Orders

        if report.network is not None:
            self.see(report.network)
        own = [(self.parts[unit.part], unit) for unit in self.jobs[report.job]]
        for (part, unit), said in zip(own, report.units, strict=True):
            part.hear(unit, said)
        self.tell()
        return Orders(self.is_to_stop, tuple(part.goal for part, _ in own))

    def see(self, network: Network) -> None:
        from bdnnlang.run.ways.provers import errors_on

        found = self.training.incumbent(network) if self.training.contains(network) else None
        if found is not None and found.acceptable and found.rank < self.best.rank:
            self.best = found
            self.context.emit(NetworkFound(self.budget.spent, found, FOUND_BY))
            for part in self.parts:
                part.upper = min(part.upper, errors_on(part.problem, self.training, found))

    @property
    def is_to_stop(self) -> bool:
        return self.is_over or self.is_late

    @property
    def is_late(self) -> bool:
        left, reserve = self.budget.left, self.reserve * (1 if self.workers.is_here else 2)
        return self.budget.stopped() or (left is not None and left <= reserve)

    @property
    def is_over(self) -> bool:
        return all(part.lower >= part.goal for part in self.parts)

    # ---- bounds

    @property
    def asks_solver(self) -> bool:
        """Does more than trying all that neurons can be stand behind the bound?"""
        return self.problem.hidden is None or any(said.asks_solver for part in self.parts for said in part.heard.values())

    @property
    def bound(self) -> Rational:
        """On the loss of every network."""
        return simple(self.problem.loss(sum(part.lower for part in self.parts)))

    def tell(self) -> None:
        """Of a bound that is better than the last one: of parts of the samples, and of all."""
        if self.stated is not None and self.bound <= self.stated.value:
            return
        evidence = EVIDENCE.format(self.solver) if self.asks_solver else TRIED
        for part in self.parts if len(self.parts) > 1 else ():
            proved = BoundProved(part.value, Samples(part.rows.numbers), OURSELVES, evidence)
            if proved not in self.told:
                self.told.add(proved)
                self.context.emit(proved)
        self.stated = BoundProved(self.bound, Whole(), OURSELVES, evidence)
        self.context.emit(self.stated)

    # ---- the end

    def polish(self) -> None:
        """Give a network that was found here the greatest margins, and few bits."""
        training, best = self.training, self.best
        if best is self.context.best or self.budget.stopped() or nonzeros(training.spec, training.data) > MOST_WIDENED:
            return
        model = Model.of(training, implications=False)
        wide = verified_incumbent(training, model, model.encode(best.network), best.objective)
        if wide.rank <= best.rank:
            self.best = wide
            self.context.emit(NetworkFound(self.budget.spent, wide, FOUND_BY, polished=True))

    def end(self) -> None:
        if self.bound > self.problem.irreducible and (self.has_proof() or self.had_proof):
            self.stated = BoundProved(self.bound, Whole(), OURSELVES, PROOF_FILE)
            self.context.emit(self.stated)
        said = Status.OPTIMAL if self.is_over and self.best.reaches(self.bound) else Status.FEASIBLE
        said = Status.INTERRUPTED if said is Status.FEASIBLE and self.budget.stopped() else said
        slack = self.training.costs.slack(self.best.objective)
        self.context.end(
            stage_status(said, self.best.stated[1], self.stated, slack),
            self.best.accepted,
            notes=tuple(self.notes()),
            solver=self.solver if self.asks_solver else "",
            model=NO_MODEL,
        )

    def of_parts(self) -> Iterator[tuple[_Part, Learnt]]:
        """What all engines of a part learnt."""
        from bdnnlang.prove.learnt import together

        for number, part in enumerate(self.parts):
            yield part, together([learnt for unit, learnt in self.learnt.items() if unit.part == number])

    @property
    def is_shown(self) -> bool:
        """Does what was learnt prove the bounds of all parts?"""
        return all(learnt.shows(part.problem, part.lower) for part, learnt in self.of_parts())

    def has_proof(self) -> bool:
        """Is there a file with the proof of the bound, replayed? One that takes long to replay is written only."""
        from bdnnlang.prove.proof import proof_lines
        from bdnnlang.prove_check.check import GivenUp, check, is_replayed

        path, known = self.context.proof, list(self.of_parts())
        if path is None or not self.is_shown:
            return False
        lines = list(proof_lines(self.problem, [(part.samples, learnt, part.lower) for part, learnt in known]))
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        if not is_replayed(lines, MOST_REPLAYED):  # nothing would rest on the rest of the check, which takes long, too
            return False
        try:
            checked = check(lines, MOST_REPLAYED, lambda: self.budget.left == 0)
        except GivenUp:  # `verify` has the time for it
            return False
        if checked.total != self.bound:
            raise InternalError(f"the proof shows {checked.total}, not {self.bound}")
        return True

    @property
    def had_proof(self) -> bool:
        """Is there a file from before, which shows as much?"""
        path = self.context.proof
        return path is not None and path.exists() and any(b.is_shown and b.value == self.bound for b in self.context.proved)

    def notes(self) -> Iterator[str]:
        from bdnnlang.prove import master

        if not self.asks_solver:
            yield TRIED
            return
        conflicts = sum(len(learnt.conflicts) for _, learnt in self.of_parts())
        asked = sum(learnt.asked for learnt in self.learnt.values())
        yield f"{conflicts:,} conflicts of samples, {asked:,} questions which samples a neuron can tell apart"
        yield from (f"{why}: what it proved stays, without its proof" for why in self.lost)
        known = self.is_shown or (self.stated is not None and self.stated.evidence == PROOF_FILE)
        if master.available() and not self.lost and not known:
            yield "the proof is too long to be kept: what was proved stays, on the word of the solver"
        if self.workers.is_here and (self.context.dask or (self.context.settings.workers or 1) > 1):
            yield "one worker, since more of them take python-sat (extra `proof`)"


def _masters(context: Context[Prove]) -> tuple[str, Callable[[Clauses], Master]]:
    """Who decides that clauses have no solution: Glucose, or where python-sat is not installed a solver of integer programs."""
    from bdnnlang import solve
    from bdnnlang.prove import master

    if master.available():
        return master.NAME, master.SatMaster
    from bdnnlang.run.row_master import RowMaster

    solver = "cpsat" if solve.available("cpsat") else "scip"
    memory = context.training.spec.train.memory
    return solver, partial(RowMaster, solver=solver, budget=context.budget, log=context.log, memory=memory)


# ---- what there is to say of it


def describe(settings: Prove) -> str:
    said = ((settings.parts, "parts"), (settings.workers or 1, "workers"))
    return ", ".join(f"{number} {what}" for number, what in said if number > 1)


def extent(settings: Prove, data: Dataset) -> Extent | None:
    return None


def checks(settings: Prove) -> Checks:
    return Checks(is_whole=True, proves=True)
