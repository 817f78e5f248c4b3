"""What is learnt in a run, one fact after another: the state of a run is their fold (`state.py`), and nothing else.

A fact never changes. Whatever anyone learns is one: that a network was found and what it costs, that a bound was proved, of what,
by whom and on which evidence, that a stage ended and how. Facts are journalled (`journal.py`), shown, and folded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from bdnnlang.language.spec import PreferenceKind
from bdnnlang.network.numbers import Rational
from bdnnlang.problem.training import Incumbent
from bdnnlang.run.status import StageStatus

COUNTING = "counting"  # who proves bounds from equal samples with different labels …
EQUAL_SAMPLES = "equal samples with different labels"  # … and from what
SOLVERS_WORD = "the word of the solver"
PROOF_FILE = "proof.jsonl"  # a proof in the run folder, which `bdnnlang/prove_check` has replayed
OURSELVES = "bdnnc"  # who proves a bound from conflicts of samples
WITHIN = Fraction(1, 10**5)  # of a margin, which solvers keep within their tolerances
EARLIER = "an earlier run"  # who found the network that a run goes on from


# ---- what a bound speaks of


@dataclass(frozen=True, slots=True)
class Whole:
    """All networks of the spec, all training samples."""


@dataclass(frozen=True, slots=True)
class MarginAtLeast:
    """Networks whose pre-activations keep this margin; `relative`: in layer 1 a part of the neuron's greatest sum."""

    margin: float
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Samples:
    """All networks, and of the training loss the part of these samples only, by their numbers; penalties do not count."""

    numbers: tuple[int, ...]


Scope = Whole | MarginAtLeast | Samples


# ---- the facts


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run of a schedule. `question`: what networks are asked for, `schedule`: what is done to find them; as hashes."""

    question: dict[str, str]
    schedule: str = ""


@dataclass(frozen=True, slots=True)
class StageStarted:
    """`number` counts the stages from 0; `seconds` is the stage's limit; `solver` is empty where none will be asked."""

    number: int
    stage: str
    seconds: float | None
    solver: str = ""


@dataclass(frozen=True, slots=True)
class ModelBuilt:
    """The size of a program for a solver, and the margin that it asks of networks (None: none that a lattice does not give)."""

    formulation: str
    columns: int
    binaries: int
    rows: int
    nonzeros: int
    margin: float | None = None
    relative_margin: bool = False


NO_MODEL = ModelBuilt("", 0, 0, 0, 0)  # of a stage that builds no program, or had no need of one


@dataclass(frozen=True, slots=True)
class FromFile:
    """A file that a network was brought in: whose `form` it has, and the objective that its values have as they stand there."""

    file: str
    sha256: str
    form: str
    claimed_objective: Rational | None = None  # None: it holds a network


@dataclass(frozen=True, slots=True)
class NetworkFound:
    """A network and what it costs, in exact arithmetic, after so many seconds of the stage.

    `polished`: it takes the place of the one before it, though it may cost as much or, within the tolerance of the objective, a
    trifle more. `origin`: the file that it was brought in.
    """

    seconds: float
    incumbent: Incumbent
    by: str = ""
    polished: bool = False
    origin: FromFile | None = None


@dataclass(frozen=True, slots=True)
class BoundReported:
    """What a solver says of its bound while it works: shown, and believed by nobody before the solve has ended."""

    seconds: float
    bound: float
    nodes: int
    solver: str


@dataclass(frozen=True, slots=True)
class BoundProved:
    """No network within `scope` has a lesser objective than `value`."""

    value: Rational
    scope: Scope = Whole()
    by: str = COUNTING
    evidence: str = EQUAL_SAMPLES

    @property
    def is_shown(self) -> bool:
        """Is there a proof that anybody can replay?"""
        return self.evidence == PROOF_FILE

    @property
    def margin(self) -> float | None:
        """That of the networks that it speaks of; None: it speaks of all."""
        return self.scope.margin if isinstance(self.scope, MarginAtLeast) else None

    @property
    def relative(self) -> bool:
        """Is the margin of layer 1 a part of the greatest sum that a neuron can have?"""
        return isinstance(self.scope, MarginAtLeast) and self.scope.relative


@dataclass(frozen=True, slots=True)
class ClaimRejected:
    """What `by` claims does not hold, and `why`."""

    by: str
    why: str


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One solve or descent of a stage. `claimed_loss` speaks of the samples of its model, `loss` is verified on all of them."""

    seconds: float
    status: StageStatus
    claimed_loss: Rational | None  # with penalties: the objective
    loss: Rational | None
    validation_accuracy: float | None = None
    layer: int | None = None  # the one that was free
    subsets: int | None = None  # of the samples, each with one activation pattern
    samples: int | None = None  # in the model
    start: int | None = None  # the one that led here, counted from 1


@dataclass(frozen=True, slots=True)
class StepEnded:
    """`number` counts the steps of the stage from 1."""

    stage: str
    number: int
    record: StepRecord


@dataclass(frozen=True, slots=True)
class Preferred:
    """What a network comes to in what is preferred among networks of its objective; `bound`: none of these goes beyond it.

    The word of a solver. None: there is none.
    """

    kind: PreferenceKind
    value: Rational  # the margin, added up over the layers, or how many weights are not 0
    bound: Rational | None = None

    @property
    def closes(self) -> bool:
        """Does nothing go beyond it, by the word of the solver, but for `WITHIN` of a margin?"""
        if self.bound is None:
            return False
        return self.value <= self.bound if self.kind == "sparsity" else self.value >= self.bound * (1 - WITHIN)


@dataclass(frozen=True, slots=True)
class StageEnded:
    """How a stage ended: with which network, if there is one, and what a solver claims, if one was asked.

    With penalties a solver claims objectives only. `model` is the program that the claims speak of.
    """

    number: int  # as when it started
    stage: str
    seconds: float
    status: StageStatus
    network: Incumbent | None
    notes: tuple[str, ...] = ()
    solver: str = ""
    model: ModelBuilt | None = None
    claimed_loss: Rational | None = None
    claimed_objective: Rational | None = None
    nodes: int | None = None
    validation_accuracy: float | None = None  # of the network, where that was selected by it
    solver_seconds: float | None = None  # of `seconds`, those in the solver's process, the hand-over included
    preferred: Preferred | None = None  # of a preference


Fact = (
    RunStarted | StageStarted | ModelBuilt | NetworkFound | BoundReported | BoundProved | ClaimRejected | StepEnded | StageEnded
)
Emit = Callable[[Fact], None]
