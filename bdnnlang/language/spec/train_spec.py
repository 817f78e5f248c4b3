"""The block `train`: what is minimised, and the stages that do it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Literal, get_args

from bdnnlang.language.kinds import Choice, ClassWeights, Duration, LossSum, Nothing, Number, Share, Switch, Whole, Words
from bdnnlang.language.spec.row import Row, block, setting, step, steps
from bdnnlang.language.spec.solver_spec import OPTIONS, RACERS, SOLVER_WORDS, Solver, SolverOptions, options
from bdnnlang.network.loss_words import COUNTED, Loss
from bdnnlang.source import Span

PenaltyKind = Literal["l1", "l2", "sparsity"]
Selection = Literal["validation", "training"]
Formulation = Literal["tight", "paper"]


@dataclass(frozen=True, slots=True)
class Penalty:
    """`factor` times Σ|w|, Σw² + Σb², or the number of nonzero weights, over all layers."""

    kind: PenaltyKind
    factor: float
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


ClassWeight = Literal["balanced"] | tuple[float, ...]  # a number for each class, in order


@dataclass(frozen=True, slots=True)
class LocalSearch:
    """Improve the best network by local search, and after that from `restarts` further starts.

    `restarts` None: 5 with `alternate`; else as many as the time allows. `steps` of mean-field training and `sweeps` of
    coordinate moves over all weights are those of one start, None: as many as suit the problem, until two bring nothing. `noise`
    None: several, by turns. `node_limit`, of one solve, is for `alternate` only.
    """

    name: ClassVar[str] = "local_search"
    row: ClassVar[Row] = step(
        name,
        Duration(True),
        "Improves the best network by local search",
        optional=True,
        example="local_search 30s { restarts = 10 }",
        aliases=("coordinate", "alternate", "heuristic", "improve"),
    )
    time: float | Literal["rest"] | None = None
    method: Literal["auto", "meanfield", "coordinate", "alternate"] = setting(
        Choice(
            {
                "auto": "`meanfield` and `coordinate` by turns, at widths of more than 4 `meanfield` first; needs no solver",
                "meanfield": "Trains the probabilities with which weights are rounded, by gradients, and rounds them; moves as in"
                " `coordinate` go on from there; needs no solver",
                "coordinate": "Moves one weight at a time to a best value; needs no solver",
                "alternate": "Solves for one layer exactly while the others are fixed, layer after layer",
            }
        ),
        "How the network is improved",
        "auto",
        example="method = meanfield",
    )
    restarts: int | None = setting(
        Whole(0, 1_000_000_000),
        "Further starts, from random or perturbed networks",
        None,
        shown="`alternate`: 5; else until the time is up, or 50 without a time limit",
        example="restarts = 10",
        aliases=("starts", "n_restarts"),
    )
    sweeps: int | None = setting(
        Whole(1, 1_000_000_000),
        "Sweeps over all weights from each start; for `coordinate` and `auto`",
        None,
        shown="until two sweeps bring no improvement",
        example="sweeps = 20",
        aliases=("epochs", "rounds"),
    )
    steps: int | None = setting(
        Whole(1, 1_000_000_000),
        "Steps of mean-field training from each start, each on a few samples; for `meanfield` and `auto`",
        None,
        shown="as many as suit the network and the loss",
        example="method = meanfield, steps = 4_500",
        aliases=("iterations", "updates"),
    )
    noise: float | None = setting(
        Number(0.0, 10.0),
        "Noise on the features in mean-field training, in parts of each one's deviation; for `meanfield` and `auto`",
        None,
        shown="several, from start to start",
        example="method = meanfield, noise = 0.5",
        aliases=("jitter", "input_noise"),
    )
    select: Selection = setting(
        Choice(
            {
                "training": "Training loss, with the penalties",
                "validation": "Validation accuracy, then training loss; not for `alternate`",
            }
        ),
        "What decides which network of the stage is kept",
        "training",
        example="select = training",
    )
    node_limit: int | None = setting(
        Whole(1),
        "Most branch-and-bound nodes of each solve, which then has no time limit; for `alternate`",
        None,
        shown="no limit",
        example="method = alternate, node_limit = 100",
        aliases=("nodes", "max_nodes"),
    )
    solver_options: SolverOptions = options("in this stage; for `alternate`", "method = alternate, ")
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    select_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def ends_without_limit(self) -> bool:
        return self.method != "alternate" or self.node_limit is not None

    def contradictions(self) -> Iterator[tuple[str, str, str]]:
        """Settings that another one leaves no use for: the two, and what to do."""
        if self.method in ("alternate", "meanfield") and self.sweeps is not None:
            yield "sweeps", "method", "remove `sweeps`: this method ends a start by itself"
        if self.method in ("alternate", "coordinate"):
            for name in ("steps", "noise"):
                if getattr(self, name) is not None:
                    yield (
                        name,
                        "method",
                        f"remove `{name}`, or write `method = meanfield`: this method does not train by gradients",
                    )
        if self.method == "alternate" and self.select == "validation":
            yield "select", "method", "remove `select`, or write `method = meanfield`: this method keeps what has the least loss"
        if self.method != "alternate" and self.solver_options:
            yield OPTIONS, "method", f"remove `{OPTIONS}`: this method asks no solver"
        if self.method != "alternate" and self.node_limit is not None:
            yield "node_limit", "method", "remove `node_limit`: this method asks no solver; write `restarts = 10`"


@dataclass(frozen=True, slots=True)
class DataSplit:
    """Solve with one activation pattern for each subset of the samples, and split the worst subset, `splits` times.

    `minibatch` None: every model has all samples. `step_time` None: an equal share of what is left. `select` None: by
    validation when there is validation data. `node_limit` is for one solve.
    """

    name: ClassVar[str] = "data_split"
    row: ClassVar[Row] = step(
        name,
        Duration(True),
        "Solves with one activation pattern for each subset of the samples, and splits the worst subset again and again",
        optional=True,
        example="data_split 2min { splits = 8, minibatch = 64 }",
        aliases=("split", "splitting"),
    )
    time: float | Literal["rest"] | None = None
    splits: int = setting(
        Whole(1, 100_000),
        "Number of splits, each followed by a solve; from few activation patterns of the best network as subsets, less by theirs",
        20,
        example="splits = 8",
        aliases=("max_splits", "iterations"),
    )
    n_init: int = setting(Whole(1, 10_000), "Starts of k-means for each split", 25, example="n_init = 10")
    minibatch: int | None = setting(
        Whole(1),
        "Samples of a model, drawn anew for each solve",
        None,
        shown="all",
        example="minibatch = 64",
        aliases=("batch", "batch_size"),
    )
    step_time: float | None = setting(
        Duration(), "Time limit of one solve", None, shown="an equal share of what is left", example="step_time = 10s"
    )
    by: Literal["kmeans", "loss"] = setting(
        Choice(
            {
                "kmeans": "By k-means on the features",
                "loss": "By k-means from the means of the samples with and without a loss",
            }
        ),
        "How a subset is split in two",
        "kmeans",
        example="by = loss",
    )
    select: Selection | None = setting(
        Choice(
            {"validation": "Validation accuracy, then training loss", "training": "Training loss"}, earlier={"train": "training"}
        ),
        "What decides which network of the stage is kept",
        None,
        shown="validation with validation data, else training",
        example="select = training",
    )
    node_limit: int | None = setting(
        Whole(1),
        "Most branch-and-bound nodes of each solve, which then has no time limit",
        None,
        shown="no limit",
        example="node_limit = 100",
        aliases=("nodes", "max_nodes"),
    )
    solver_options: SolverOptions = options("in this stage")
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    select_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def ends_without_limit(self) -> bool:
        return self.step_time is not None or self.node_limit is not None

    def contradictions(self) -> Iterator[tuple[str, str, str]]:
        yield from ()


@dataclass(frozen=True, slots=True)
class Exact:
    """Solve the whole problem. `time` seconds, or "rest" of `train.time`, or None (no limit); `gap` a fraction."""

    name: ClassVar[str] = "exact"
    row: ClassVar[Row] = step(
        name,
        Duration(True),
        "Solves the whole problem, to optimality if the time suffices",
        optional=True,
        example="exact 1min { gap = 1% }",
        aliases=("solve", "milp", "optimal"),
    )
    time: float | Literal["rest"] | None = None
    gap: float = setting(
        Share(),
        "Relative gap between bound and incumbent at which the solve may end",
        0.0,
        example="gap = 1%",
        aliases=("mip_gap", "tolerance"),
    )
    node_limit: int | None = setting(
        Whole(1),
        "Most branch-and-bound nodes",
        None,
        shown="no limit",
        example="node_limit = 10_000",
        aliases=("nodes", "max_nodes"),
    )
    solver_options: SolverOptions = options("in this stage")
    by_function: bool = setting(
        Switch(),
        "A program for each function that one output can be of at most 4 hidden neurons, in place of output weights",
        False,
        example="by_function = true",
    )
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def ends_without_limit(self) -> bool:
        return self.node_limit is not None

    def contradictions(self) -> Iterator[tuple[str, str, str]]:
        yield from ()


StageSpec = LocalSearch | DataSplit | Exact


def asks_solver(stage: StageSpec) -> bool:
    return not (isinstance(stage, LocalSearch) and stage.method != "alternate")


_PENALTIES = {
    "l1": "Penalty: the sum of the absolute weights of all layers",
    "l2": "Penalty: the sum of the squared weights and biases of all layers; SCIP only",
    "sparsity": "Penalty: the number of weights that are not 0",
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
    stages: tuple[StageSpec, ...] = field(metadata=steps(*get_args(StageSpec)))
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
    race_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    solver_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    margin_span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)

    def options_of(self, stage: StageSpec) -> SolverOptions:
        """The parameters of the solver in a stage: its own come after those of the block, of which they replace some."""
        own = {one.name for one in stage.solver_options}
        return (*(one for one in self.solver_options if one.name not in own), *stage.solver_options)

    @property
    def merges_samples(self) -> bool:
        """Are equal samples one in the model?"""
        return self.formulation == "tight" and "merge_samples" not in self.without

    @property
    def asks_solver(self) -> bool:
        """Does any stage?"""
        return any(asks_solver(stage) for stage in self.stages)
