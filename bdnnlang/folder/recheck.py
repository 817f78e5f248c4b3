"""A run again, from spec, data and networks: its records as they must be where that can be computed. No solver is needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from bdnnlang import solve
from bdnnlang.compiler import training_problem
from bdnnlang.data.dataset import Dataset
from bdnnlang.folder.claim import Claim
from bdnnlang.folder.proof import Replayed
from bdnnlang.folder.stated import Stated
from bdnnlang.language.spec import Preference, Spec, StageSpec
from bdnnlang.model.model import Model
from bdnnlang.model.size import nonzeros
from bdnnlang.network.exact import outputs
from bdnnlang.network.losses import accuracy
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import Rational, exact
from bdnnlang.polish.preference import preference_value
from bdnnlang.problem.membership import domains
from bdnnlang.problem.training import Incumbent, TrainingProblem
from bdnnlang.run.choose import MANY_NONZEROS, Choice, size_diagnostics
from bdnnlang.run.context import Checks
from bdnnlang.run.facts import PROOF_FILE, BoundProved, ModelBuilt, Preferred
from bdnnlang.run.proof import stage_status
from bdnnlang.run.records import Run, StageRecord
from bdnnlang.run.schedule import conclude
from bdnnlang.run.solving import described, make_model, margin
from bdnnlang.run.stages import stage_of
from bdnnlang.run.state import EndedStage, RunState
from bdnnlang.run.status import RunStatus, StageStatus
from bdnnlang.solve.outcome import Status

SIZES = ("columns", "binaries", "rows", "nonzeros")

NO_JOURNAL = "the journal has no network of this stage"
TIED = "the model depends on networks that are not kept"
LARGE = "the model is too large to be built again"
STOPPED = "the stage was stopped, and nothing rests on it"
NO_MATTER = "equal samples prove the bound, whatever the margin"
A_PROOFS_WORD = "the word of the stage: no file of its proof was read"
A_WORD = "how it ended is the word of the stage"


@dataclass
class Recheck:
    """`networks`: those that stages ended with, by number. `unchecked` fills with what cannot be computed, by its place."""

    stated: Stated
    spec: Spec
    data: Dataset
    network: Network | None
    networks: Mapping[int, list[Network]]
    proof: Callable[[TrainingProblem], Replayed | None] = lambda training: None
    unchecked: dict[str, str] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Raises Rejected for a spec that no run could have had."""
        self.training = training_problem(self.spec, self.data)
        size_diagnostics(self.spec, self.data)
        self.irreducible = self.training.irreducible
        self.models: dict[tuple[str, float], Model] = {}
        self.incumbents: dict[int, Incumbent | None] = {}

    def fits(self) -> bool:
        """Is the network one of those that the spec stands for? Claims it."""
        if self.network is not None:
            self.claims.append(Claim("network.shape", list(self.network.widths), list(self.training.widths)))
            if self.claims[-1].holds:
                self.claims.append(Claim("network.domains", domains(self.spec, self.network), "inside"))
        return all(claim.holds for claim in self.claims)

    def run(self) -> Run:
        """The run as its records, once these are as they must be, let it be."""
        stages = self.spec.train.schedule
        stated = self.stated.stages[: len(stages)]
        records = [self.with_proof(number, self.record(number, record)) for number, record in enumerate(stated)]
        if len(self.stated.stages) > len(stages) or (len(records) < len(stages) and not self.is_cut):
            self.claims.append(Claim("stages", f"{len(self.stated.stages)} entries", f"{len(stages)} entries"))
        record = self.stated.result
        shown = None if self.network is None else self.training.incumbent(self.network)
        choice = Choice(record.solver, record.solver_reason, record.solver_advice or "")
        ended = tuple(EndedStage(record, record.bounds, shown) for record in records)
        proved = (BoundProved(self.irreducible),)
        state = RunState(best=shown, proved=proved, ended=ended, imported=self.stated.imported)
        return conclude(state, self.training, choice, interrupted=self.was_interrupted, seconds=record.seconds)

    @property
    def was_interrupted(self) -> bool:
        record = self.stated.result
        return record.status is RunStatus.INTERRUPTED if record.interrupted is None else record.interrupted

    @property
    def is_cut(self) -> bool:
        """May stages be missing at the end: was the run stopped, its time over, or its network brought?"""
        limit = self.spec.train.time
        return (
            self.was_interrupted
            or self.stated.imported is not None
            or (limit is not None and self.stated.result.seconds >= limit)
        )

    # ---- one stage

    def record(self, number: int, record: StageRecord) -> StageRecord:
        """The record of a stage with everything in it that can be computed."""
        stage, at = self.spec.train.schedule[number], f"stages[{number}]"
        loss, objective, share = self.scores(number, record)
        record = replace(record, stage=stage.name, verified_loss=loss, verified_objective=objective, validation_accuracy=share)
        record = replace(record, bound=None if record.bound is None else max(record.bound, 0))
        self.unchecked[f"{at}.status"] = A_WORD
        record = replace(record, preferred=self.preferred(number, record))
        if self.checks(stage).proves and (record.solver or record.evidence):
            return self.proved(number, stage, record, at)
        if not stage_of(stage).needs_solver or not record.solver:
            return self.unsolved(stage, record)
        self.unchecked |= {f"{at}.{name}": "a solver's word" for name in ("solver", "claimed_objective", "bound", "nodes")}
        plain = not self.training.costs.penalties
        record = replace(
            record, claimed_loss=record.claimed_objective if plain else None, formulation=self.spec.train.formulation
        )
        return self.modelled(stage, self.bounded(number, stage, record), at)

    def preferred(self, number: int, record: StageRecord) -> Preferred | None:
        """What the network of a preference comes to in it; its bound is a solver's word, unless the network goes beyond it."""
        stage, found, stated = self.spec.train.schedule[number], self.ended(number), record.preferred
        if not isinstance(stage, Preference) or found is None:
            return None
        value = preference_value(self.training, found.network, stage.kind)
        if stated is None or stated.bound is None:
            return Preferred(stage.kind, value)
        self.unchecked[f"stages[{number}].preferred.bound"] = "a solver's word"
        return Preferred(stage.kind, value, min(stated.bound, value) if stage.kind == "sparsity" else max(stated.bound, value))

    def proved(self, number: int, stage: StageSpec, record: StageRecord, at: str) -> StageRecord:
        """The record of a stage that bounds all networks without a program."""
        self.unchecked |= {f"{at}.{name}": A_PROOFS_WORD for name in ("solver", "bound")}
        return self.bounded(number, stage, _without_program(record))

    def with_proof(self, number: int, record: StageRecord) -> StageRecord:
        """With the bound that the proof of the folder shows, where a stage has it from there, and an ending that follows."""
        if not record.evidence or record.bound is None:
            return replace(record, evidence="")
        if record.evidence != PROOF_FILE:
            self.unchecked[f"stages[{number}].evidence"] = A_WORD
            return record
        if self.replayed is None:
            return replace(record, bound=self.irreducible, evidence="")
        if self.replayed.claim.why_not:
            self.unchecked[f"stages[{number}].bound"] = self.replayed.claim.why_not
            return record
        self.unchecked.pop(f"stages[{number}].bound", None)
        return replace(record, bound=min(record.bound, self.replayed.bound or self.irreducible))

    @cached_property
    def replayed(self) -> Replayed | None:
        """The proof of the folder, replayed."""
        return self.proof(self.training)

    def scores(self, number: int, record: StageRecord) -> tuple[Rational | None, Rational | None, float | None]:
        """Loss, objective and, where that selects, validation accuracy of the network that a stage ended with."""
        found, stage = self.ended(number), self.spec.train.schedule[number]
        by_validation = self.checks(stage).by_validation and self.data.validation is not None
        if found is None:
            names = ("verified_loss", "verified_objective", *(("validation_accuracy",) if by_validation else ()))
            self.unchecked |= {f"stages[{number}].{name}": NO_JOURNAL for name in names}
            return record.verified_loss, record.verified_objective, record.validation_accuracy if by_validation else None
        part = self.data.validation if by_validation else None
        share = None if part is None else accuracy(outputs(found.network, part), part.y)
        return found.loss, found.objective, share

    def ended(self, number: int) -> Incumbent | None:
        """The network that a stage ended with, if it is kept; the last one's is that of the run, if no other was cut off then.

        A journal that was carried on with has several: the one that is stated counts, if it is among them.
        """
        if number not in self.incumbents:
            networks: list[Network | None] = list(self.networks.get(number, []))
            if number == len(self.stated.stages) - 1:
                is_cut = number < len(self.spec.train.schedule) - 1  # then the run's may be that of a stage without a record
                networks = [*(networks if is_cut else []), self.network]
            found = [self.training.incumbent(n) for n in networks if n is not None and self.training.contains(n)]
            stated = self.stated.stages[number].verified_objective
            fit = (one for one in found if stated == exact(float(one.objective)))
            self.incumbents[number] = next(fit, found[-1] if found else None)
        return self.incumbents[number]

    def unsolved(self, stage: StageSpec, record: StageRecord) -> StageRecord:
        """The record of a stage in which no solver was asked: if it states a bound, it is what no network avoids."""
        checks = self.checks(stage)
        objective, settled = record.verified_objective, checks.is_whole and not checks.proves
        best = objective is not None and objective <= self.irreducible
        endings = (StageStatus.INTERRUPTED, *(() if settled else (StageStatus.FEASIBLE, StageStatus.LOCAL_OPTIMUM)))
        status = StageStatus.OPTIMAL if best or record.status not in endings else record.status
        bound = None if record.bound is None else self.irreducible
        return replace(_without_program(record), solver="", status=status, bound=bound)

    def bounded(self, number: int, stage: StageSpec, record: StageRecord) -> StageRecord:
        """With a bound that no network of this or an earlier stage refutes, and an ending that follows from it."""
        known = [found for earlier in range(number + 1) if (found := self.ended(earlier)) is not None]
        accepted = [found.objective for found in known if found.acceptable]
        if record.bound is not None and accepted:
            record = replace(record, bound=min(record.bound, min(accepted)))
        if record.status.claims_optimum and self.checks(stage).is_whole and record.verified_objective is not None:
            bound = next(iter(record.bounds), None)
            slack = self.training.costs.slack(record.verified_objective)
            record = replace(record, status=stage_status(Status.OPTIMAL, record.verified_objective, bound, slack))
        return record

    # ---- its model

    def modelled(self, stage: StageSpec, record: StageRecord, at: str) -> StageRecord:
        """With the size and the margin of the program that was solved."""
        solver = _solver_named(record.solver)
        if solver is None:
            return replace(record, solver=" or ".join(solve.SOLVERS))
        checks = self.checks(stage)
        if not checks.has_size:
            self.unchecked |= {f"{at}.{name}": TIED for name in SIZES}
            if record.bound is None:
                self.unchecked |= {f"{at}.{name}": TIED for name in ("margin", "relative_margin")}
                return record
        if nonzeros(self.spec, self.data) > MANY_NONZEROS:
            self.unchecked |= {f"{at}.{name}": LARGE for name in (*SIZES, "margin", "relative_margin")}
            return record
        model = self.model(checks, solver, record.margin)
        found = described(model.milp, "", model.built if checks.margin_as_built else model.problem)
        if checks.has_size:
            record = replace(record, **{name: getattr(found, name) for name in SIZES})
        return self.with_margin(record, found, at)

    def model(self, checks: Checks, solver: str, stated: float | None) -> Model:
        """The program for a solver; of the margins that a stage tries the one that is stated, if it is one of them."""
        models = [self.built(solver, factor) for factor in checks.margin_factors]
        return next((model for model in models if margin(model.problem) == stated), models[0])

    def built(self, solver: str, factor: float) -> Model:
        if (solver, factor) not in self.models:
            self.models[solver, factor] = make_model(self.training, solver, factor)
        return self.models[solver, factor]

    def with_margin(self, record: StageRecord, model: ModelBuilt, at: str) -> StageRecord:
        why = ""
        if record.status is StageStatus.INTERRUPTED and record.bound is None:
            why = STOPPED
        elif record.bound is not None and record.bound <= self.irreducible and record.verified_objective == self.irreducible:
            why = NO_MATTER
        if why:
            self.unchecked |= {f"{at}.{name}": why for name in ("margin", "relative_margin")}
            return record
        return replace(record, margin=model.margin, relative_margin=model.relative_margin)

    def checks(self, stage: StageSpec) -> Checks:
        return stage_of(stage).checks(stage)


def _without_program(record: StageRecord) -> StageRecord:
    """With nothing that only a program for a solver has."""
    record = replace(record, formulation="", columns=0, binaries=0, rows=0, nonzeros=0, nodes=None)
    return replace(record, claimed_loss=None, claimed_objective=None, margin=None, relative_margin=False)


def _solver_named(solver: str) -> str | None:
    """The key in the table of solvers that a full name belongs to."""
    letters = re.sub("[^a-z]", "", solver.lower())
    return next((name for name in solve.SOLVERS if letters.startswith(name)), None)
