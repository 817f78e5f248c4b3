"""What a spec will ask of a solver, before anything is solved."""

from __future__ import annotations

from dataclasses import dataclass

from bdnnlang import solve
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.effective import loss_terms, set_text
from bdnnlang.language.spec import Integers, Interval, LayerSpec, Spec, StageSpec
from bdnnlang.model import passes
from bdnnlang.model.activity_bounds import row_constants
from bdnnlang.model.blocks import Problem, Step
from bdnnlang.model.build import build_spec
from bdnnlang.model.stack import stack
from bdnnlang.network.numbers import shown
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.report.savings import Savings, saved, savings_lines
from bdnnlang.run.choose import choose
from bdnnlang.run.stages import stage_of


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """One layer in the form that is solved.

    `m` is the range of its big-M constants, `gap` the least distance of an inactive neuron's pre-activation below 0.
    """

    layer: int
    inputs: int
    width: int
    weights: str
    gap: float
    m: tuple[float, float]
    lattice: str | None  # the unit of its pre-activations


@dataclass(frozen=True, slots=True)
class Plan:
    samples: int
    distinct: int
    features: int
    classes: int
    loss: str
    irreducible_loss: int | float
    layers: tuple[LayerPlan, ...]
    solver: str
    solver_reason: str
    formulation: str
    columns: int
    binaries: int
    integers: int
    rows: int
    nonzeros: int
    passes: tuple[str, ...]
    stages: tuple[str, ...]
    seconds: float | None  # at most, for the whole schedule
    robust: str | None = None  # the set of robust training
    class_weights: tuple[float, ...] | None = None
    compare: tuple[str, ...] = ()
    solver_advice: str | None = None
    savings: Savings | None = None  # None under `paper`
    unit: str = "1"  # of the model's objective, in that of the spec


def make_plan(spec: Spec, data: Dataset) -> Plan:
    """Build the model and measure it; nothing is solved. Raises Rejected as a run would."""
    training = TrainingProblem(spec, data)
    built = build_spec(training)
    costs = training.costs
    choice = choose(spec, data, built)
    accepts = solve.SOLVERS[choice.solver].accepts
    train = spec.train
    line = passes.pipeline(train.formulation, implications=accepts.integer_only, without=train.without)
    problem = passes.lower(built, line.forms)
    milp = stack(passes.lower(problem, line.rows))
    return Plan(
        samples=len(data.train.y),
        distinct=data.merged_rows,
        features=len(data.features),
        classes=len(data.classes),
        loss=" + ".join(loss_terms(spec.train, training.loss)),
        irreducible_loss=shown(training.irreducible),
        layers=tuple(_layer(spec.network.layers[b.layer - 1], b, problem) for b in problem.blocks if isinstance(b, Step)),
        solver=choice.name,
        solver_reason=choice.reason,
        formulation=spec.train.formulation,
        columns=milp.columns,
        binaries=int(milp.binary.sum()),
        integers=int(milp.integrality.sum()) - int(milp.binary.sum()),
        rows=milp.rows,
        nonzeros=milp.nonzeros,
        passes=tuple(repr(step) for step in line.passes),
        stages=tuple(_stage(stage) for stage in spec.train.stages),
        seconds=_seconds(spec),
        robust=None if spec.robust is None else f"{set_text(spec.robust.perturbation.set)}, method {spec.robust.method}",
        class_weights=None if costs.classes is None else tuple(map(float, costs.classes)),
        compare=tuple(type(baseline).__name__.lower() for baseline in spec.compare),
        solver_advice=choice.advice or None,
        unit=str(milp.unit),
        savings=saved(spec, data, implications=accepts.integer_only),
    )


def _layer(layer: LayerSpec, step: Step, problem: Problem) -> LayerPlan:
    weights = problem.weights(step.layer)
    m = row_constants(problem, step)
    return LayerPlan(
        layer=step.layer,
        inputs=weights.shape[1],
        width=weights.shape[0],
        weights=weights_text(layer),
        gap=step.gap,
        m=(float(m.min(initial=m.max(initial=0.0))), float(m.max(initial=0.0))),
        lattice=None if step.unit is None else str(step.unit),
    )


def weights_text(layer: LayerSpec) -> str:
    """What its weights may be."""
    match layer.weights:
        case Interval(lower, upper):
            return f"[{lower:g}, {upper:g}]"
        case Integers(lower, upper):
            return f"int[{lower}, {upper}]"
        case _:
            return "{" + ", ".join(f"{v:g}" for v in layer.weights.values) + "}"


def _stage(stage: StageSpec) -> str:
    time = "" if stage.time is None else " rest" if stage.time == "rest" else f" {stage.time:g}s"
    details = stage_of(stage).describe(stage)
    return f"{stage.name}{time} ({details})" if details else f"{stage.name}{time}"


def _seconds(spec: Spec) -> float | None:
    """The time limit of the schedule; None when some stage has none."""
    if spec.train.time is not None:
        return spec.train.time
    times = [stage_of(stage).most_seconds(stage) for stage in spec.train.stages]
    return sum(t for t in times if isinstance(t, float | int)) if all(isinstance(t, float | int) for t in times) else None


def plan_text(plan: Plan) -> str:
    """The plan for people."""
    lines = [
        f"data        {plan.samples:,} training samples ({plan.distinct:,} distinct), {plan.features} features, "
        f"{plan.classes} classes",
        f"loss        {plan.loss}; no network has less than {plan.irreducible_loss}",
    ]
    if plan.class_weights is not None:
        lines.append(f"weights     {', '.join(f'{w:.4g}' for w in plan.class_weights)} for an error on each class")
    if plan.unit != "1":
        lines.append(
            f"objective   in units of {plan.unit} in the model, so that all costs are well above the tolerances of solvers"
        )
    for layer in plan.layers:
        lattice = "" if layer.lattice is None else f", lattice of {layer.lattice}"
        lines.append(
            f"layer {layer.layer}     {layer.inputs} → {layer.width}, weights in {layer.weights}, "
            f"M {layer.m[0]:.4g} to {layer.m[1]:.4g}, gap {layer.gap:.2g}{lattice}"
        )
    lines += [] if plan.robust is None else [f"robust      {plan.robust}"]
    limit = "no limit" if plan.seconds is None else f"{plan.seconds:g} s"
    lines += [
        f"model       {plan.formulation}: {plan.columns:,} columns ({plan.binaries:,} binary, "
        f"{plan.integers:,} other integer), {plan.rows:,} rows, {plan.nonzeros:,} nonzeros",
        *savings_lines(plan.savings),
        f"passes      {', '.join(plan.passes)}",
        f"solver      {plan.solver} ({plan.solver_reason})",
        *([] if plan.solver_advice is None else [f"also        {plan.solver_advice}"]),
        f"schedule    {', '.join(plan.stages)}; {limit} in all",
    ]
    if plan.compare:
        lines.append(f"compare     {', '.join(plan.compare)}")
    return "\n".join(lines)
