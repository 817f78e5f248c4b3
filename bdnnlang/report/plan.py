"""What a spec will ask of a solver, before anything is solved."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from bdnnlang import solve
from bdnnlang.language.effective import loss_terms, set_text
from bdnnlang.language.spec import Integers, Interval, LayerSpec, StageSpec
from bdnnlang.model import passes
from bdnnlang.model.activity_bounds import row_constants
from bdnnlang.model.blocks import Problem, Step
from bdnnlang.model.build import outline
from bdnnlang.model.model import Model
from bdnnlang.model.size import nonzeros
from bdnnlang.network.numbers import shown
from bdnnlang.problem.requirement.impossible import least_bytes, most_bytes
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.report.savings import Savings, saved, savings_lines
from bdnnlang.report.sweeps.plan import SweepPlan
from bdnnlang.run.choose import MOST_NONZEROS, choose, largest_extent
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
class Program:
    """The size of the exact model in the form that is solved, and what each pass saved (None under `paper`)."""

    columns: int
    binaries: int
    integers: int
    rows: int
    nonzeros: int
    unit: str  # of its objective, in that of the spec
    layers: tuple[LayerPlan, ...]
    savings: Savings | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a spec will ask. `program` None: it is not built, as no stage builds a model, or as it is too large."""

    samples: int
    distinct: int
    features: int
    classes: int
    loss: str
    irreducible_loss: int | float
    program: Program | None
    solver: str
    solver_reason: str
    formulation: str
    passes: tuple[str, ...]
    stages: tuple[str, ...]
    seconds: float | None  # at most, for the whole schedule
    bytes: tuple[int, int]  # of the code of a network that uses as little as one can, and of one that uses all
    robust: str | None = None  # the set of robust training
    class_weights: tuple[float, ...] | None = None
    compare: tuple[str, ...] = ()
    solver_advice: str | None = None
    sweep: SweepPlan | None = None  # what else is of the params' own values

    def as_json(self) -> dict[str, Any]:
        """Plain data; of a program that is not built all is null."""
        made = dataclasses.asdict(self)
        return made | (made.pop("program") or dict.fromkeys(field.name for field in dataclasses.fields(Program)))


def make_plan(training: TrainingProblem) -> Plan:
    """Build the model and measure it; nothing is solved. Raises Rejected as a run would."""
    spec, data, costs = training.spec, training.data, training.costs
    choice = choose(spec, data, outline(training))
    implications = solve.SOLVERS[choice.solver].accepts.implications
    line = passes.pipeline(spec.train.formulation, implications=implications, without=spec.train.without)
    return Plan(
        samples=len(data.train.y),
        distinct=data.merged_rows,
        features=len(data.features),
        classes=len(data.classes),
        loss=" + ".join(loss_terms(spec.train, training.loss)),
        irreducible_loss=shown(training.irreducible),
        program=_program(training, implications=implications) if is_built(training) else None,
        solver=choice.name,
        solver_reason=choice.reason,
        formulation=spec.train.formulation,
        passes=tuple(repr(step) for step in line.passes),
        stages=tuple(_stage(stage) for stage in spec.train.schedule),
        seconds=spec.train.most_seconds,
        bytes=(least_bytes(training), most_bytes(training)),
        robust=None if spec.robust is None else f"{set_text(spec.robust.perturbation.set)}, method {spec.robust.method}",
        class_weights=None if costs.classes is None else tuple(map(float, costs.classes)),
        compare=tuple(type(baseline).__name__.lower() for baseline in spec.compare),
        solver_advice=choice.advice or None,
    )


def is_built(training: TrainingProblem) -> bool:
    """Does any stage build a model, and may it be the exact one?"""
    spec, data = training.spec, training.data
    return largest_extent(spec, data) is not None and nonzeros(spec, data) <= MOST_NONZEROS


def _program(training: TrainingProblem, *, implications: bool) -> Program:
    spec = training.spec
    model = Model.of(training, implications=implications)
    problem, milp = model.problem, model.milp
    return Program(
        columns=milp.columns,
        binaries=int(milp.binary.sum()),
        integers=int(milp.integrality.sum()) - int(milp.binary.sum()),
        rows=milp.rows,
        nonzeros=milp.nonzeros,
        unit=str(milp.unit),
        layers=tuple(_layer(spec.network.layers[b.layer - 1], b, problem) for b in problem.blocks if isinstance(b, Step)),
        savings=saved(training, implications=implications),
    )


def _layer(layer: LayerSpec, step: Step, problem: Problem) -> LayerPlan:
    weights = problem.weights(step.layer)
    m = row_constants(problem, step)
    return LayerPlan(
        layer=step.layer,
        inputs=weights.shape[1],
        width=weights.shape[0],
        weights=weights_text(layer),
        gap=step.threshold,
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


def plan_text(plan: Plan) -> str:
    """The plan for people."""
    lines = [
        f"data        {plan.samples:,} training samples ({plan.distinct:,} distinct), {plan.features} features, "
        f"{plan.classes} classes",
        f"loss        {plan.loss}; no network has less than {plan.irreducible_loss}",
    ]
    if plan.class_weights is not None:
        lines.append(f"weights     {', '.join(f'{w:.4g}' for w in plan.class_weights)} for an error on each class")
    program = plan.program
    if program is not None and program.unit != "1":
        lines.append(
            f"objective   in units of {program.unit} in the model, so that all costs are well above the tolerances of solvers"
        )
    for layer in program.layers if program else ():
        lattice = "" if layer.lattice is None else f", lattice of {layer.lattice}"
        lines.append(
            f"layer {layer.layer}     {layer.inputs} → {layer.width}, weights in {layer.weights}, "
            f"M {layer.m[0]:.4g} to {layer.m[1]:.4g}, gap {layer.gap:.2g}{lattice}"
        )
    lines += [] if plan.robust is None else [f"robust      {plan.robust}"]
    limit = "no limit" if plan.seconds is None else f"{plan.seconds:g} s"
    lines += [
        f"model       {_size(plan)}",
        *savings_lines(program.savings if program else None),
        f"passes      {', '.join(plan.passes)}",
        f"solver      {plan.solver} ({plan.solver_reason})",
        *([] if plan.solver_advice is None else [f"also        {plan.solver_advice}"]),
        f"schedule    {', '.join(plan.stages)}; {limit} in all",
    ]
    lines.insert(-1, f"bytes       {plan.bytes[0]:,} to {plan.bytes[1]:,} of flash, by what of a network is used")
    lines += [] if plan.sweep is None else [f"sweep       {plan.sweep}"]
    if plan.compare:
        lines.append(f"compare     {', '.join(plan.compare)}")
    return "\n".join(lines)


def _size(plan: Plan) -> str:
    program = plan.program
    if program is None:
        return "not worked out: no stage builds the exact one"
    return (
        f"{plan.formulation}: {program.columns:,} columns ({program.binaries:,} binary, {program.integers:,} other integer), "
        f"{program.rows:,} rows, {program.nonzeros:,} nonzeros"
    )
