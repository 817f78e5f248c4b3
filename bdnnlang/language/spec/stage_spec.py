"""The stages of a schedule: one type each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Literal, assert_never

from bdnnlang.language.kinds import Choice, Duration, Number, Share, Switch, Whole
from bdnnlang.language.spec.row import Row, setting, step
from bdnnlang.language.spec.solver_spec import OPTIONS, SolverOptions, options
from bdnnlang.source import Span

Selection = Literal["validation", "training"]


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
    def most_seconds(self) -> float | Literal["rest"] | None:
        """Its own limit, or that of all its steps."""
        return self.splits * self.step_time if self.time is None and self.step_time is not None else self.time

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
    parts: int = setting(
        Whole(1, 1_000),
        "Disjoint parts of the samples, a program for each; their bounds add up where that of the whole stays low",
        1,
        example="parts = 4",
        aliases=("subsets",),
    )
    by_function: bool = setting(
        Switch(),
        "A program for each function that one output can be of at most 4 hidden neurons, in place of output weights",
        False,
        example="by_function = true",
    )
    warm_start: bool = setting(
        Switch(),
        "Whether the solver is told of networks that others find: the best so far, and those of a search before and beside it",
        True,
        example="warm_start = false",
        aliases=("mip_start", "start"),
    )
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def ends_without_limit(self) -> bool:
        return self.node_limit is not None

    def contradictions(self) -> Iterator[tuple[str, str, str]]:
        if self.parts > 1 and self.by_function:
            yield "parts", "by_function", "remove one of the two: a program is for a part of the samples or for a function"


@dataclass(frozen=True, slots=True)
class Prove:
    """Bound the errors of all networks from below, by conflicts of samples. `parts`: disjoint sets of samples, bounded apart."""

    name: ClassVar[str] = "prove"
    row: ClassVar[Row] = step(
        name,
        Duration(True),
        "Proves that no network has fewer errors, without big-M; for one hidden layer of at most 4 neurons and one output",
        optional=True,
        example="prove 1min { parts = 2 }",
        aliases=("proof", "bound", "certify"),
    )
    time: float | Literal["rest"] | None = None
    parts: int = setting(
        Whole(1, 1_000),
        "Disjoint parts of the samples, whose bounds add up; more of them where the least loss is above about ten",
        1,
        example="parts = 2",
        aliases=("subsets", "splits"),
    )
    workers: int | None = setting(
        Whole(1, 1_000),
        "Processes that share the parts and the functions of the output; with python-sat",
        None,
        shown="1; on a cluster (`--dask`) all that it has",
        example="workers = 2",
        aliases=("processes", "jobs", "cores"),
    )
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def ends_without_limit(self) -> bool:
        return False

    def contradictions(self) -> Iterator[tuple[str, str, str]]:
        yield from ()


PreferenceKind = Literal["margin", "sparsity"]


@dataclass(frozen=True, slots=True)
class Preference:
    """Among networks of the least loss found, the one of greatest margin, or the one with the fewest nonzero weights.

    It comes after the stages that a spec lists, and has a share of the time that they leave.
    """

    kind: PreferenceKind
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)
    time: ClassVar[Literal["rest"]] = "rest"
    solver_options: ClassVar[SolverOptions] = ()  # those of the block

    @property
    def name(self) -> str:
        return f"prefer {self.kind}"


StageStep = LocalSearch | DataSplit | Exact | Prove  # those that a spec lists, one after the other
StageSpec = StageStep | Preference


def asks_solver(stage: StageSpec) -> bool:
    """Of mixed-integer programs."""
    match stage:
        case LocalSearch():
            return stage.method == "alternate"
        case Prove():
            return False
        case DataSplit() | Exact() | Preference():
            return True
        case _:
            assert_never(stage)
