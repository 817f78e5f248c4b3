"""What `run.json` states, as a page shows it: files of earlier versions too, in which some of it is missing."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from bdnnlang.network.numbers import Rational, simple
from bdnnlang.run.facts import SOLVERS_WORD
from bdnnlang.run.records import Imported, Run, StageRecord
from bdnnlang.run.status import RunStatus
from bdnnlang.strict_json import Json, Malformed, read

PARTS = ("train", "validation", "test")
Number = int | Fraction


@dataclass(frozen=True, slots=True)
class StatedSpec:
    OTHERS: ClassVar = True

    path: str
    sha256: str
    params: dict[str, bool | int | float | str]


@dataclass(frozen=True, slots=True)
class StatedData:
    """Numbers of rows, and of samples in each part."""

    OTHERS: ClassVar = True

    source: str
    sha256: str | None
    rows: int
    features: int
    classes: tuple[str, ...]
    merged_rows: int
    irreducible_errors: int
    train: int
    validation: int
    test: int
    validation_source: str | None = None
    test_source: str | None = None


@dataclass(frozen=True, slots=True)
class StatedRobust:
    """The certificate: `set` and `method` as the spec has them."""

    OTHERS: ClassVar = True

    set: str
    method: str
    kept: int
    certified: int
    of: int
    right: int | None = None


@dataclass(frozen=True, slots=True)
class StatedResult:
    OTHERS: ClassVar = True

    status: RunStatus
    loss: str
    verified_loss: Number | None
    bound: Number | None
    gap: float | None
    margin: float | None
    solver: str
    solver_reason: str
    solver_advice: str | None
    train_accuracy: float | None
    validation_accuracy: float | None
    test_accuracy: float | None
    seconds: float
    robust: StatedRobust | None = None
    verified_objective: Number | None = None
    relative_margin: bool = False
    network_sha256: str | None = None

    def accuracy(self, part: str) -> float | None:
        share: float | None = getattr(self, f"{part}_accuracy")
        return share

    @property
    def objective(self) -> Rational | None:
        return rational(self.verified_loss if self.verified_objective is None else self.verified_objective)


@dataclass(frozen=True, slots=True)
class StatedBound:
    OTHERS: ClassVar = True

    value: Number
    scope: str
    by: str
    evidence: str


@dataclass(frozen=True, slots=True)
class StatedMeasure:
    """What a requirement comes to on a part; a share that has nothing to be one of has no value."""

    value: int | float | None
    holds: bool


@dataclass(frozen=True, slots=True)
class StatedRequirement:
    text: str
    train: StatedMeasure | None = None
    validation: StatedMeasure | None = None
    test: StatedMeasure | None = None

    def of(self, part: str) -> StatedMeasure | None:
        measure: StatedMeasure | None = getattr(self, part)
        return measure


@dataclass(frozen=True, slots=True)
class StatedSize:
    """Samples that are classified right under random signs of a size."""

    size: float
    right: int
    accuracy: float


@dataclass(frozen=True, slots=True)
class StatedExample:
    """A change that brings a sample into another class."""

    OTHERS: ClassVar = True

    row: int
    change: dict[str, float | str]


@dataclass(frozen=True, slots=True)
class StatedAttack:
    """Random signs, which have sizes, or a worst case, which has counts."""

    OTHERS: ClassVar = True

    attack: str
    part: str
    of: int
    sizes: tuple[StatedSize, ...] = ()
    right: int | None = None
    robust: int | None = None
    flipped: int | None = None
    undecided: int | None = None


@dataclass(frozen=True, slots=True)
class StatedModel:
    """A compared model."""

    OTHERS: ClassVar = True

    model: str
    settings: dict[str, Any]
    train_accuracy: float
    validation_accuracy: float | None
    test_accuracy: float | None
    bytes: int
    seconds: float
    passes: int | None = None


@dataclass(frozen=True, slots=True)
class StatedRun:
    """All of it."""

    OTHERS: ClassVar = True

    schema: int
    bdnnc: str
    versions: dict[str, str]
    spec: StatedSpec
    data: StatedData
    seed: int
    stages: tuple[StageRecord, ...]
    result: StatedResult
    created: str | None = None
    command: str | None = None
    imported: Imported | None = None
    bounds: tuple[StatedBound, ...] = ()
    requirements: tuple[StatedRequirement, ...] = ()
    counts: dict[str, dict[str, int]] | None = None
    confusion: dict[str, tuple[tuple[int, ...], ...]] | None = None
    attacks: tuple[StatedAttack, ...] = ()
    compare: tuple[StatedModel, ...] = ()

    @property
    def loss(self) -> Rational | None:
        """That of the network, recomputed."""
        return rational(self.result.verified_loss)

    def run(self) -> Run:
        """As a run that has just ended, but for its network."""
        result, bound = self.result, self._bound()
        return Run(
            status=result.status,
            stages=self.stages,
            best=None,
            claimed_loss=None,
            bound=rational(result.bound),
            margin=result.margin,
            seconds=result.seconds,
            solver=result.solver,
            reason=result.solver_reason,
            advice=result.solver_advice or "",
            relative_margin=result.relative_margin,
            imported=self.imported,
            bound_by=bound.by if bound else result.solver,
            evidence=bound.evidence if bound else SOLVERS_WORD,
        )

    def _bound(self) -> StatedBound | None:
        """Who proves the bound of the run, on which evidence: the last to say it."""
        return next((one for one in reversed(self.bounds) if one.value == self.result.bound), None)


def stated_run(content: Json) -> StatedRun:
    """Of `run.json`, parsed. Raises Malformed."""
    run: StatedRun = read(StatedRun, content)
    for part, matrix in (run.confusion or {}).items():
        if part not in PARTS or any(len(row) != len(run.data.classes) for row in (matrix, *matrix)):
            raise Malformed("`confusion` has other classes or parts than the data")
        if not all(0 <= count <= run.data.rows for row in matrix for count in row):
            raise Malformed("`confusion` counts samples that there are not")
    return run


def rational(value: Number | None) -> Rational | None:
    """A whole number as one."""
    return None if value is None else simple(Fraction(value))
