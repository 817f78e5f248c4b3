"""The block `train`: what is minimised, and the stages that do it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal, get_args

from bdnnlang.language.kinds import Choice, ClassWeights, Duration, LossSum, Memory, Nothing, Number, Whole, Words
from bdnnlang.language.spec.row import Row, block, setting, steps
from bdnnlang.language.spec.solver_spec import RACERS, SOLVER_WORDS, Solver, SolverOptions, options
from bdnnlang.language.spec.stage_spec import DataSplit, Preference, PreferenceKind, Prove, StageSpec, StageStep, asks_solver
from bdnnlang.network.loss_words import COUNTED, Loss
from bdnnlang.source import Span

PenaltyKind = Literal["l1", "l2", "sparsity", "bytes"]
Formulation = Literal["tight", "paper"]


@dataclass(frozen=True, slots=True)
class Penalty:
    """`factor` times Σ|w|, Σw² + Σb², or the number of nonzero weights, over all layers; or times the bytes of code."""

    kind: PenaltyKind
    factor: float
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


ClassWeight = Literal["balanced"] | tuple[float, ...]  # a number for each class, in order


_PENALTIES = {
    "l1": "Penalty: the sum of the absolute weights of all layers",
    "l2": "Penalty: the sum of the squared weights and biases of all layers; SCIP only",
    "sparsity": "Penalty: the number of weights that are not 0",
    "bytes": "Penalty: about how many bytes of flash the network's code takes on an 8-bit device, by what of it is used",
}
_PREFERENCES = {
    "margin": "The greatest margin: the least distance of the pre-activations of a layer from 0, added up over the layers",
    "sparsity": "The fewest weights that are not 0",
}
_PASSES = {
    "merge_samples": "Equal samples with equal labels become one, opposite ones cancel",
    "error_bits": "Output rows in the direction of the label only",
    "lattice_gap": "Integer thresholds, without an epsilon, where weights and features are on a lattice",
    "unit_rows": "First-layer rows centred and scaled to size 1, so that the margin is relative",
    "orient_neurons": "No negative weights to a single output",
    "fix_output": "No products below an output whose weights the spec fixes",
    "tighten_bounds": "Bounds of biases and products as tight as is exact, hence small big-M constants",
    "polarity": "Only that implication of each activation and product that matters",
    "order_neurons": "Hidden neurons of a layer in a canonical order, to break symmetry",
    "guide_solver": "A local search before each solve; SCIP is offered some of its networks while it solves",
}


@dataclass(frozen=True, slots=True)
class TrainSpec:
    row: ClassVar[Row] = block(
        "train",
        Nothing(),
        "What is minimised, and the stages that do it",
        example="train { exact 1min }",
        aliases=("fit", "training", "optimize"),
    )
    stages: tuple[StageStep, ...] = field(metadata=steps(*get_args(StageStep)))
    loss: Loss | None = setting(
        LossSum(COUNTED, _PENALTIES),
        "What is minimised",
        None,
        shown="zero_one, or hamming for one-hot outputs",
        example="loss = zero_one + 0.01 * l1",
        aliases=("objective",),
    )
    penalties: tuple[Penalty, ...] = ()  # written in the same sum as the loss
    class_weight: ClassWeight | None = setting(
        ClassWeights({"balanced": "Training samples / (classes × samples of the class)"}),
        "Weight of an error on a sample of each class, classes in order",
        None,
        shown="1 each",
        example="class_weight = balanced",
        aliases=("class_weights", "weight"),
    )
    prefer: tuple[PreferenceKind, ...] = setting(
        Words(_PREFERENCES),
        "What decides among networks of the least loss, the first one first; each is solved for in the time that stages leave,"
        " or in a minute where `time` has no limit",
        (),
        shown="none: the first one that is found",
        example="prefer = [margin, sparsity]",
        aliases=("preferences", "lexicographic", "tie_break"),
    )
    seed: int = setting(
        Whole(0, 2**31 - 1),
        "Seed of all random choices in training",
        0,
        example="seed = 7",
        aliases=("random_state", "random_seed"),
    )
    time: float | None = setting(  # seconds
        Duration(),
        "Time limit of all stages together",
        None,
        shown="no limit",
        example="time = 10min",
        aliases=("timeout", "time_limit", "limit"),
    )
    threads: int = setting(
        Whole(1, 1024), "Threads that a solver may use", 1, example="threads = 4", aliases=("cores", "workers", "jobs")
    )
    memory: int | None = setting(
        Memory(),
        "Memory that the process of a solver may take; one that needs more ends without an answer, or with the best it has",
        None,
        shown="no limit",
        example="memory = 8GB",
        aliases=("memory_limit", "max_memory", "ram"),
    )
    solver: Solver = setting(
        Choice(SOLVER_WORDS),
        "Solver of the mixed-integer programs",
        "auto",
        example="solver = scip",
    )
    race: tuple[Solver, ...] = setting(
        Words(RACERS),
        "Solvers that solve each stage `exact` side by side, until one has proved its answer",
        (),
        shown="none: `solver` alone",
        example="race = [scip, highs]",
        aliases=("solvers", "portfolio"),
    )
    solver_options: SolverOptions = options("in all stages")
    formulation: Formulation = setting(
        Choice({"tight": "With the passes that `train.without` lists", "paper": "The published model"}),
        "How the network becomes a mixed-integer program",
        "tight",
        example="formulation = paper",
    )
    without: tuple[str, ...] = setting(
        Words(_PASSES),
        "Passes of formulation `tight` to leave out, to measure their effect",
        (),
        shown="none",
        example="without = [unit_rows]",
    )
    margin: float | None = setting(  # None: as little as solvers can tell
        Number(1e-9, 1e6),
        "Least distance of an inactive neuron's pre-activation below 0, where its values are on no lattice; with `unit_rows` a"
        " part of its largest sum",
        None,
        shown="0.0001, more for large big-M constants",
        example="margin = 0.001",
        aliases=("epsilon", "eps"),
    )
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    loss_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    formulation_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    class_weight_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    prefer_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    race_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    solver_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    margin_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)

    def options_of(self, stage: StageSpec) -> SolverOptions:
        """The parameters of the solver in a stage: its own come after those of the block, of which they replace some."""
        if isinstance(stage, Prove):  # what it asks is no solver of programs
            return ()
        own = {one.name for one in stage.solver_options}
        return (*(one for one in self.solver_options if one.name not in own), *stage.solver_options)

    @property
    def schedule(self) -> tuple[StageSpec, ...]:
        """The stages, and after them what is preferred."""
        return (*self.stages, *(Preference(kind, span=self.prefer_span) for kind in dict.fromkeys(self.prefer)))

    @property
    def most_seconds(self) -> float | None:
        """The time limit of the schedule; None when some stage has none."""
        if self.time is not None:
            return self.time
        limits = [stage.most_seconds if isinstance(stage, DataSplit) else stage.time for stage in self.stages]
        known = [limit for limit in limits if isinstance(limit, float | int)]
        return sum(known) if len(known) == len(limits) else None

    @property
    def merges_samples(self) -> bool:
        """Are equal samples one in the model?"""
        return self.formulation == "tight" and "merge_samples" not in self.without

    @property
    def asks_solver(self) -> bool:
        """Does any stage?"""
        return any(asks_solver(stage) for stage in self.schedule)
