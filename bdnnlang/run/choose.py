"""Which solver, and whether the model and its own parameters are fit for it: decided before anything is solved."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bdnnlang import solve
from bdnnlang.data.dataset import Dataset
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.spec import Prove, Spec, StageSpec, WorstCase, asks_solver
from bdnnlang.language.spec.solver_spec import SolverOptions
from bdnnlang.model.activity_bounds import row_constants
from bdnnlang.model.blocks import Margin, MarginKind, Problem, Step
from bdnnlang.model.build import build_spec, outline
from bdnnlang.model.milp import Family, Milp
from bdnnlang.model.model import Model
from bdnnlang.model.size import Extent, nonzeros
from bdnnlang.network.numbers import exact
from bdnnlang.problem.costs import LARGEST, costs_of
from bdnnlang.problem.perturbation import SETS
from bdnnlang.problem.perturbation.resolve import resolve
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.run.errors import (
    CostsTooFarApart,
    FineLattice,
    LargeModel,
    LinearFilesOnly,
    LooseBigM,
    MarginTooSmall,
    ModelTooLarge,
    OneOutputTooFew,
    SolverLacksCapability,
    SolverNotInstalled,
    SolverOptionRefused,
    WeightsPerClass,
    WholeFilesOnly,
)
from bdnnlang.run.stages import stage_of
from bdnnlang.solve.outcome import Limits
from bdnnlang.source import Span

MOST_NONZEROS = 1e8
TRIAL = 10.0  # seconds for a program of one column
MANY_NONZEROS = 5e6
LOOSE_MARGIN = 5e-3
BARELY = 1 - 1e-3  # the M of a row has the step threshold in it
CONE = "the `l2` set of `robust` is a cone"
INTEGERS = "make the network integer on lattice data: `weights in {-1, 0, 1}`"
NOT_DIVIDED = "its rows are not divided by the unit of the data", "write `formulation = tight` with its pass `lattice_gap`"
SQUARES = "the penalty `l2` is quadratic"


@dataclass(frozen=True, slots=True)
class Choice:
    """A solver by name, why it was taken, and what would suit it better; nothing where there is no such thing."""

    solver: str
    reason: str
    advice: str = ""
    is_asked: bool = True  # False: by no stage, and the solver need not be there
    racers: tuple[str, ...] = ()  # solvers that solve the exact stages side by side

    @property
    def name(self) -> str:
        """For people."""
        return self.solver if self.is_asked else "none"


def choose(spec: Spec, data: Dataset, problem: Problem) -> Choice:
    """The solver of a spec, `problem` as built, or its outline. Raises Rejected when it is absent or cannot take the network."""
    if not spec.train.asks_solver:
        proves = any(isinstance(stage, Prove) for stage in spec.train.stages)
        return Choice("scip", "for the stage `prove`" if proves else "no stage asks one", is_asked=False)
    obstacle = _obstacle(spec, data, problem)
    wish, span = spec.train.solver, spec.train.solver_span
    if spec.train.race:
        return _race(spec, problem, obstacle)
    if wish == "auto":
        return _automatic(obstacle, data)
    if refused := _unfit(spec, problem, wish, obstacle, span):
        raise Rejected([refused])
    accepts = solve.SOLVERS[wish].accepts
    way = "`solver = cpsat`" if solve.available("cpsat") else f"`solver = cpsat` after `{solve.SOLVERS['cpsat'].install}`"
    return Choice(wish, "asked for", "" if obstacle or accepts.integer_only else _exact_way(way))


def _race(spec: Spec, problem: Problem, obstacle: str) -> Choice:
    """Those that race, the first of them for other stages. Raises Rejected for all that are absent or cannot take the network."""
    racers = tuple(dict.fromkeys(spec.train.race))
    refused = [_unfit(spec, problem, name, obstacle, spec.train.race_span) for name in racers]
    if any(refused):
        raise Rejected([one for one in refused if one is not None])
    return Choice(racers[0], f"race of {', '.join(racers)}", racers=racers)


def _unfit(spec: Spec, problem: Problem, solver: str, obstacle: str, span: Span | None) -> Diagnostic | None:
    """Why a solver cannot be asked: it is absent, or lacks something."""
    if not solve.available(solver):
        return SolverNotInstalled(span=span, solver=solver, install=solve.SOLVERS[solver].install)
    if lack := _lack(spec, problem, solver, obstacle):
        reason, way = lack
        return SolverLacksCapability(span=span, solver=solver, reason=reason, way=way)
    return None


def _lack(spec: Spec, problem: Problem, solver: str, obstacle: str) -> tuple[str, str] | None:
    """Why a solver cannot do what the spec asks for, and what to write instead; None if it can."""
    accepts, abilities = solve.SOLVERS[solver].accepts, solve.SOLVERS[solver].abilities
    if _has_cone(spec) and not accepts.cones:
        return CONE, "use `linf`, `l1`, `box` or `budget`"
    if len(problem.square_column) and not accepts.squares:
        return SQUARES, "write `l1` in place of `l2`"
    if accepts.integer_only and obstacle:
        return obstacle, INTEGERS
    if accepts.integer_only and not accepts.implications and not _is_divided(spec):
        return NOT_DIVIDED
    if spec.train.formulation == "paper" and not accepts.paper:
        return "its tolerance on rows is as wide as the margins of formulation `paper`", "write `formulation = tight`"
    if not abilities.nodes and any(getattr(stage, "node_limit", None) is not None for stage in spec.train.stages):
        return "it has no limit of nodes", "give the stage a time instead of `node_limit`"
    return None


def _is_divided(spec: Spec) -> bool:
    """Are plain rows in whole numbers where sums lie on a lattice?"""
    return spec.train.formulation == "tight" and "lattice_gap" not in spec.train.without


def _automatic(obstacle: str, data: Dataset) -> Choice:
    if obstacle:
        return Choice("scip", f"auto: {obstacle}")
    unit = data.lattice.unit if data.lattice else 1
    kind = f"auto: integer network on data in units of {unit}"
    if not solve.available("cpsat"):
        return Choice("scip", kind, _exact_way(f"`{solve.SOLVERS['cpsat'].install}`"))
    return Choice("cpsat", kind)


def _exact_way(way: str) -> str:
    """What CP-SAT brings to a network that it takes: exactness, and about the speed of SCIP (BENCHMARKS.md)."""
    return f"integer network on lattice data: CP-SAT ({way}) solves this without big-M or tolerances"


def _has_cone(spec: Spec) -> bool:
    """Has the set of robust training no linear rows?"""
    return spec.robust is not None and not SETS[type(spec.robust.perturbation.set)].is_linear


def _obstacle(spec: Spec, data: Dataset, problem: Problem) -> str:
    """Why the network is no program of integers; empty if it is one."""
    if spec.network.is_continuous:
        return "continuous weights"
    if len(problem.square_column):
        return SQUARES
    if any(isinstance(b, Step) and b.unit is None for b in problem.blocks):
        if data.lattice is None:
            return "the features are on no common lattice"
        if any(isinstance(b, Margin) and b.kind is MarginKind.CONE for b in problem.blocks):
            return CONE
        robust = any(isinstance(b, Step) and b.worst and b.unit is None for b in problem.blocks)
        return "continuous biases, or a radius on no lattice of use" if robust else "continuous biases"
    return "" if problem.has_integral_objective else "the factors of the loss have no common measure"


def check_options(spec: Spec, solver: str) -> None:
    """Raise Rejected (E234) for parameters that the solver does not know or take. Where none is set nothing is solved."""
    sets = dict.fromkeys(spec.train.options_of(stage) for stage in spec.train.schedule if asks_solver(stage))
    refused = [error for options in sets if options and (error := _refused(solver, options)) is not None]
    if refused:
        raise Rejected(list(dict.fromkeys(refused)))


def _refused(solver: str, options: SolverOptions) -> SolverOptionRefused | None:
    limits = Limits(seconds=TRIAL, options=tuple((one.name, one.value) for one in options))
    try:
        solve.solve(solver, _one_column(), limits, None, lambda event: None, lambda: False)
    except solve.OptionRefusedError as error:
        said = error.option.lower()
        named = next((one for one in options if one.name.lower() == said), None)
        named = named or next((one for one in options if said.startswith(one.name.lower())), options[0])
        return SolverOptionRefused(span=named.span, solver=solver, name=named.name, said=error.why)
    return None


def _one_column() -> Milp:
    """The least x in {0, 1} with x ≥ 0."""
    zero, one = np.zeros(1), np.ones(1)
    start, index, integer = np.array([0, 1]), np.zeros(1, dtype=np.int32), np.ones(1, dtype=np.int8)
    families = (Family("x", (1,)),), (Family("r", (1,)),)
    return Milp("one", one, zero, one, integer, zero, np.array([np.inf]), start, index, one, 0.0, *families)


def check_shape(spec: Spec, data: Dataset) -> None:
    """Raise Rejected for outputs that cannot tell the classes apart (E218), and for costs that are none (E231, E232).

    And for sets, of training or of attacks, that make no sense on these data (E201, E203).
    """
    if spec.network.encoding == "single" and len(data.classes) > 2:
        raise Rejected([OneOutputTooFew(span=spec.network.encoding_span, second=spec.data.span, classes=len(data.classes))])
    if spec.network.fixed_output is not None and len(data.classes) > 2:
        written, span = f"output {spec.network.fixed_output.word}", spec.network.layers[-1].span
        classes, instead = len(data.classes), "`output` alone"
        error = OneOutputTooFew(span=span, second=spec.data.span, classes=classes, written=written, instead=instead)
        raise Rejected([error])
    _check_sets(spec, data)
    _check_costs(spec, data)


def size_diagnostics(spec: Spec, data: Dataset) -> tuple[Diagnostic, ...]:
    """W204 for every stage that builds a large model; raises Rejected (E219) for all that would build one too large."""
    sizes = [(stage, nonzeros(spec, data, extent)) for stage, extent in _extents(spec, data)]
    too_large = [
        ModelTooLarge(span=stage.span, what=f"the model of `{stage.name}`", nonzeros=count, limit=MOST_NONZEROS)
        for stage, count in sizes
        if count > MOST_NONZEROS
    ]
    if too_large:
        raise Rejected(too_large)
    return tuple(
        LargeModel(span=stage.span, what=f"the model of `{stage.name}`", nonzeros=count, limit=MANY_NONZEROS)
        for stage, count in sizes
        if count > MANY_NONZEROS
    )


def check_whole(spec: Spec, data: Dataset) -> None:
    """Raise Rejected (E219) where the exact model cannot be built, whatever the stages do."""
    count = nonzeros(spec, data)
    if count > MOST_NONZEROS:
        span = max(spec.network.layers, key=lambda layer: layer.width or 0).span
        raise Rejected([ModelTooLarge(span=span, nonzeros=count, limit=MOST_NONZEROS)])


def _extents(spec: Spec, data: Dataset) -> list[tuple[StageSpec, Extent]]:
    """The stages that build models, and those of the largest ones."""
    extents = [(stage, stage_of(stage).extent(stage, data)) for stage in spec.train.stages]
    return [(stage, extent) for stage, extent in extents if extent is not None]


def largest_extent(spec: Spec, data: Dataset) -> Extent | None:
    """That of the largest model that a stage builds; None: no stage builds one."""
    return max((extent for _, extent in _extents(spec, data)), default=None)


def largest_problem(training: TrainingProblem) -> Problem | None:
    """The largest problem that a stage builds; of those on minibatches an outline. None: no stage builds one."""
    extent = largest_extent(training.spec, training.data)
    count = len(training.samples)
    if extent is None or extent.samples < count:
        return outline(training) if extent else None
    return build_spec(training, groups=None if extent.patterns == count else np.zeros(count, dtype=np.int64))


def _check_sets(spec: Spec, data: Dataset) -> None:
    """Every set of the spec on these data; all that is wrong at once."""
    diagnostics: list[Diagnostic] = []
    for around in (spec.robust, *(attack for attack in spec.evaluate.attacks if isinstance(attack, WorstCase))):
        try:
            if around is not None:
                resolve(around.perturbation, data)
        except Rejected as rejected:
            diagnostics += rejected.diagnostics
    if diagnostics:
        raise Rejected(diagnostics)


def _check_costs(spec: Spec, data: Dataset) -> None:
    """A weight for each class (E231), and costs that those who solve can tell (E232)."""
    weight = spec.train.class_weight
    if isinstance(weight, tuple) and len(weight) != len(data.classes):
        place, classes = spec.train.class_weight_span, len(data.classes)
        raise Rejected([WeightsPerClass(span=place, second=spec.data.span, given=len(weight), classes=classes)])
    if spec.train.asks_solver:
        check_ratio(spec, data)


def check_ratio(spec: Spec, data: Dataset) -> None:
    """Raise Rejected (E232) where two costs are too far apart for solvers."""
    terms = costs_of(spec, data).terms
    ratio = max(terms) / min(terms)
    if ratio > LARGEST:
        cheap = min(spec.train.penalties, key=lambda p: p.factor, default=None)
        span = cheap.span if cheap is not None and exact(cheap.factor) == min(terms) else spec.train.class_weight_span
        span = span or (cheap.span if cheap else None)
        largest, least = float(max(terms)), float(min(terms))
        raise Rejected([CostsTooFarApart(span=span, ratio=float(ratio), largest=largest, least=least, limit=LARGEST)])


def check_linear(spec: Spec) -> None:
    """Raise Rejected (E204) for what files cannot hold."""
    squares = [p for p in spec.train.penalties if p.kind == "l2"]
    if squares:
        what, way = "the penalty `l2`, which is quadratic", "write `l1` in place of `l2`"
        raise Rejected([LinearFilesOnly(span=squares[0].span, what=what, way=way)])
    if spec.robust is not None and _has_cone(spec):
        what, way = "the set `l2`, which is a second-order cone", "use `linf`, `l1`, `box` or `budget`"
        raise Rejected([LinearFilesOnly(span=spec.robust.perturbation.set.span, what=what, way=way)])


def check_whole_numbers(spec: Spec, data: Dataset, model: Model) -> None:
    """Raise Rejected (E233) for a model that is no program of whole numbers."""
    what, way, span = _obstacle(spec, data, model.problem), "", spec.network.span
    if spec.network.is_continuous:
        way = "write `weights in {-1, 0, 1}` or `int[-3, 3]`"
    elif data.lattice is None:
        way, span = "write `scale none` or `quantize 4` in `data`", None
    elif what:
        way = "write integer weights and biases, sets that are boxes, and factors such as 0.25"
    elif not _is_divided(spec):
        (what, way), span = NOT_DIVIDED, spec.train.formulation_span
    if what:
        raise Rejected([WholeFilesOnly(span=span, what=what, way=way)])


def margin_diagnostics(spec: Spec, problem: Problem) -> tuple[Diagnostic, ...]:
    """W203 for every layer whose margin had to be large, W207 where on a lattice it cannot be as large as solvers need.

    `problem` has the form that goes to a solver with plain rows. Raises Rejected (E210) for a margin of the user's that is lost
    in the tolerance of its rows.
    """
    loose = [b for b in problem.blocks if isinstance(b, Step) and b.unit is None]
    if spec.train.margin is None:
        return _on_lattices(spec, problem) + tuple(
            LooseBigM(
                span=spec.network.layers[b.layer - 1].span, layer=b.layer, margin=b.threshold, m=b.threshold / b.margin_per_m
            )
            for b in loose
            if b.threshold > LOOSE_MARGIN
        )
    asked = [b for b in problem.blocks if isinstance(b, Step) and (b.unit is None or b.threshold < b.unit)]
    constants = [(b, float(row_constants(problem, b).max(initial=0.0))) for b in asked]
    small = [_too_small(spec, b, m) for b, m in constants if b.threshold < BARELY * _least(b, m)]
    if small:
        raise Rejected(small)
    return _on_lattices(spec, problem)


def _on_lattices(spec: Spec, problem: Problem) -> tuple[Diagnostic, ...]:
    """W207 of the paper's model, whose rows are those of the data and not divided by their unit."""
    if spec.train.formulation != "paper":
        return ()
    constants = [(b, float(row_constants(problem, b).max(initial=0.0))) for b in problem.blocks if isinstance(b, Step) and b.unit]
    return tuple(
        FineLattice(span=spec.network.layers[b.layer - 1].span, layer=b.layer, margin=b.threshold, least=b.margin_per_m * m, m=m)
        for b, m in constants
        if b.threshold == float(b.unit or 0) < BARELY * b.margin_per_m * m
    )


def _least(step: Step, m: float) -> float:
    """The margin that a user may ask for; on a lattice no more than its unit, of which W207 says when it is too little."""
    least = step.margin_per_m * max(1.0, m)
    return least if step.unit is None else min(least, float(step.unit))


def _too_small(spec: Spec, step: Step, m: float) -> MarginTooSmall:
    least = _least(step, m)
    digit = 10.0 ** math.floor(math.log10(least))
    rounded = float(f"{math.ceil(least / digit * BARELY) * digit:.0e}")
    ways = [", or `scale minmax`"] if step.layer == 1 else []
    if step.layer == 1 and (spec.train.formulation == "paper" or "unit_rows" in spec.train.without):
        ways = [", `scale minmax`, or `formulation = tight` with its pass `unit_rows`"]
    return MarginTooSmall(
        span=spec.train.margin_span or spec.network.layers[step.layer - 1].span,
        layer=step.layer,
        margin=step.threshold,
        m=m,
        least=rounded if step.unit is None else min(rounded, float(step.unit)),
        way="".join(ways),
    )
