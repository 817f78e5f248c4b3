"""From the settings of each block to the typed spec."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, cast, get_args

from bdnnlang.language.kinds import Nothing
from bdnnlang.language.reading.blocks import ReadStep, Settings
from bdnnlang.language.reading.errors import GivenTwice, Missing
from bdnnlang.language.reading.read import Reader
from bdnnlang.language.reading.source import ReadSource, check_marks, part_file
from bdnnlang.language.reading.value_errors import (
    Contradiction,
    MissingOrExtra,
    NoLimit,
    NothingLeft,
    NoValidation,
    OutOfOrder,
    OutOfRange,
    TooLittleTime,
)
from bdnnlang.language.schema import below
from bdnnlang.language.spec import (
    Baseline,
    Binarize,
    Csv,
    DataSource,
    DataSpec,
    DataSplit,
    DataStep,
    Discretization,
    FixedOutput,
    LayerSpec,
    LocalSearch,
    NetworkSpec,
    Output,
    Prove,
    ReportSpec,
    RobustSpec,
    Scale,
    StageStep,
    TrainSpec,
)
from bdnnlang.language.spec.network_spec import DEFAULT_WEIGHTS
from bdnnlang.language.spec.row import Steps, abouts
from bdnnlang.language.spec.solver_spec import OPTIONS
from bdnnlang.language.syntax import nodes
from bdnnlang.source import Span

CSV_OPTIONS = {row.name for row in below("data.csv", "option").values()}  # facts of `data` that say how to read a text file
PARTS = ("validation", "test")
_STEPS: dict[tuple[str, str], type[Any]] = {
    (block, kind.row.name): kind
    for block, union in (("data", DataStep), ("train", StageStep), ("compare", Baseline), ("report", Output))
    for kind in get_args(union)
}


def build_data(source: ReadSource, settings: Settings, span: Span, reader: Reader) -> DataSpec | None:
    """None: the source was wrong."""
    origin = source.origin
    if isinstance(origin, Csv):
        origin = _with_reading(origin, source.options, settings, reader)
    elif origin is not None:
        for name in sorted(CSV_OPTIONS & settings.spans.keys()):
            reader.report(_not_a_file(name, settings.spans[name], origin))
    values = settings.fields_of(DataSpec)
    for name in PARTS:
        if isinstance(call := values.get(name), nodes.Call):
            values[name] = part_file(name, call, origin, reader)
    shares = [values.get(part.name, part.default) for part in fields(DataSpec) if part.name in PARTS]
    if sum(share for share in shares if isinstance(share, float)) >= 1:
        advice = "leave samples to train on"
        where = [settings.spans[name] for name in PARTS if name in settings.spans]
        second = where[1] if len(where) > 1 else None
        reader.report(OutOfRange(span=where[0], second=second, name="test + validation", range="less than 100%", advice=advice))
    _check_folds(values, settings, reader)
    _check_discretization(settings.steps, reader)
    return None if origin is None else DataSpec(origin, **values, steps=_data_steps(settings.steps), span=span)


def _check_folds(values: dict[str, Any], settings: Settings, reader: Reader) -> None:
    """`folds` and `fold` go together."""
    folds, fold = values.get("folds"), values.get("fold")
    for name, other, example in (("folds", "fold", "fold = 1"), ("fold", "folds", "folds = 5")):
        if name in settings.spans and other not in settings.names:
            advice = f"write `{example}` beside it, or `sweep {{ cross_validate = 5 }}` for all folds"
            takes = f"needs `{other}`"
            reader.report(MissingOrExtra(span=settings.spans[name], name=name, takes=takes, problem="not given", advice=advice))
    if folds and fold and fold > folds:
        allowed, advice = f"a whole number from 1 to {folds}", "folds are counted from 1"
        place, second = settings.spans["fold"], settings.spans["folds"]
        reader.report(OutOfRange(span=place, second=second, name="fold", range=allowed, advice=advice))


def _data_steps(read: list[ReadStep]) -> tuple[DataStep, ...]:
    """Scaling that is not given stands before what discretizes; `binarize` takes numbers as they are."""
    steps: list[DataStep] = [_made("data", step) for step in read if step.is_right]
    if not any(isinstance(step, Scale) for step in steps):
        end = next((i for i, step in enumerate(steps) if isinstance(step, Discretization)), len(steps))
        is_bits = any(isinstance(step, Binarize) for step in steps)
        steps.insert(end, Scale("none" if is_bits else "minmax"))
    return tuple(steps)


def _check_discretization(steps: list[ReadStep], reader: Reader) -> None:
    """One, and behind everything that works on numbers: its whole numbers are what a network gets."""
    first: ReadStep | None = None
    for step in steps:
        kind = _STEPS["data", step.name]
        if issubclass(kind, Discretization):
            if first:
                reader.report(_two_discretizations(step, first))
            first = first or step
        elif first and kind.before_discretizing:
            reader.report(_behind_discretization(step, first))
    bits = next((step for step in steps if step.name == "binarize"), None)
    scaled = next((step for step in steps if step.name == "scale" and step.value not in (None, "none")), None)
    if bits and scaled:
        advice = "remove the scaling: numbers are compared as they are in the data"
        other = f"scale {scaled.value}"
        reader.report(Contradiction(span=bits.span, second=scaled.span, name="binarize", other=other, advice=advice))


def _two_discretizations(step: ReadStep, first: ReadStep) -> GivenTwice | Contradiction:
    if step.name == first.name:
        return GivenTwice(span=step.span, second=first.span, name=step.name)
    advice = "remove one of the two: each makes whole numbers of all columns of numbers"
    return Contradiction(span=step.span, second=first.span, name=step.name, other=first.name, advice=advice)


def _behind_discretization(step: ReadStep, first: ReadStep) -> OutOfOrder:
    advice = f"move `{first.name}` behind `{step.name}`"
    what = "the levels" if first.name == "quantize" else "the zeros and ones"
    return OutOfOrder(span=step.span, second=first.span, name=step.name, other=first.name, what=what, advice=advice)


def _with_reading(source: Csv, options: Settings, settings: Settings, reader: Reader) -> Csv:
    """How to read a text file can stand in the call or among the facts, but not in both."""
    for name in CSV_OPTIONS & settings.spans.keys() & options.spans.keys():
        reader.report(GivenTwice(span=settings.spans[name], second=options.spans[name], name=name))
    given = options.values | settings.values
    made = Csv(source.path, **{name: given[name] for name in CSV_OPTIONS & given.keys()}, span=source.span)
    check_marks(made, options.spans | settings.spans, None, reader)
    return made


def _not_a_file(name: str, span: Span, source: DataSource) -> Contradiction:
    return Contradiction(
        span=span,
        second=source.span,
        name=name,
        other="a source that is no text file",
        advice=f'remove `{name}`, or read a file with `csv("…")`',
    )


def build_network(settings: Settings, span: Span, reader: Reader) -> NetworkSpec:
    """Hidden layers in order, then the output layer, which need not be written."""
    output = [step for step in settings.steps if step.name == "output"]
    _check_order(settings.steps, reader)
    layers = [_layer(step, settings) for step in settings.steps if step.name == "hidden" and step.is_right]
    fixed: FixedOutput | None = output[0].value if output else None
    if fixed is not None:
        _check_fixed(output[0], fixed, layers, settings, reader)
        layers.append(fixed.layer(layers[-1].width or 1 if layers else 1, output[0].span))
    else:
        layers.append(_layer(output[0], settings) if output else _layer(None, settings))
    if settings.values.get("thresholds") == "zero":
        _no_biases(settings, reader)
    inner = output[0].settings if output else Settings()
    own = {**settings.fields_of(NetworkSpec), **inner.fields_of(NetworkSpec)}
    return NetworkSpec(tuple(layers), **own, fixed_output=fixed, span=span)


def _check_fixed(output: ReadStep, rule: FixedOutput, hidden: list[LayerSpec], settings: Settings, reader: Reader) -> None:
    """A fixed output stands above a hidden layer that can reach its number, and leaves nothing else to be said of it."""
    name = f"output {rule.word}"
    if not any(step.name == "hidden" for step in settings.steps):
        advice = "write `hidden 2` above it, the neurons that it speaks of"
        reader.report(Missing(span=output.span, name="hidden", form="layer", advice=advice))
    elif rule.number is not None and hidden and hidden[-1].width is not None and rule.number > hidden[-1].width:
        neurons, second = hidden[-1].width, hidden[-1].span
        advice, among = f"the last hidden layer has {neurons}", f"a whole number from 1 to {neurons}"
        reader.report(OutOfRange(span=output.span, second=second, name=name, range=among, advice=advice))
    inner = output.settings
    one_hot = inner.values.get("encoding") == "one_hot"
    for setting in [s for s in ("weights", "biases") if s in inner.spans] + ["encoding"] * one_hot:
        advice = f"remove one of the two: `{name}` fixes an output of its own"
        shown = "encoding = one_hot" if setting == "encoding" else setting
        reader.report(Contradiction(span=inner.spans[setting], second=output.span, name=shown, other=name, advice=advice))
    if settings.values.get("thresholds") == "zero":
        advice = f"remove `thresholds`: `{name}` is a threshold of the output"
        other = "thresholds = zero"
        reader.report(Contradiction(span=output.span, second=settings.spans["thresholds"], name=name, other=other, advice=advice))


def _layer(step: ReadStep | None, common: Settings) -> LayerSpec:
    own = step.settings.fields_of(LayerSpec) if step else {}
    values = {"weights": DEFAULT_WEIGHTS, **common.fields_of(LayerSpec), **own}
    return LayerSpec(step.value if step else None, **values, span=step.span if step else None)


def _check_order(steps: list[ReadStep], reader: Reader) -> None:
    first: ReadStep | None = None
    for step in steps:
        if first and step.name == "output":
            reader.report(GivenTwice(span=step.span, second=first.span, name="output"))
        elif first:
            reader.report(OutOfOrder(span=step.span, second=first.span, name=step.name))
        elif step.name == "output":
            first = step


def _no_biases(settings: Settings, reader: Reader) -> None:
    for where in (settings, *(step.settings for step in settings.steps)):
        if "biases" in where.spans:
            advice = "remove one of the two: without thresholds there are no biases"
            second = settings.spans["thresholds"]
            name, other = "biases", "thresholds = zero"
            reader.report(Contradiction(span=where.spans["biases"], second=second, name=name, other=other, advice=advice))


def build_train(settings: Settings, span: Span, reader: Reader) -> TrainSpec:
    """The stages in order, their times within the whole."""
    stages = tuple(_stage(step, reader) for step in settings.steps if step.is_right)
    values = settings.fields_of(TrainSpec)
    if "loss" in values:
        values["loss"], values["penalties"] = values["loss"].word, values["loss"].penalties
    if "time" in settings.names:
        if "time" in values:
            _check_times(stages, values["time"], settings.spans["time"], reader)
    else:
        for stage in stages:
            if stage.time == "rest":
                reader.report(NothingLeft(span=stage.span, second=Span(span.source, span.start, span.start + len("train"))))
            elif stage.time is None and not stage.ends_without_limit:
                reader.report(NoLimit(span=stage.span, name=stage.name))
    made = TrainSpec(stages, **values, span=span)
    _check_race(made, settings, reader)
    return made


def _check_race(train: TrainSpec, settings: Settings, reader: Reader) -> None:
    """It takes the place of `solver`; parameters are those of one solver."""
    if not train.race:
        return
    where = settings.spans["race"]
    for name, is_said in (("solver", train.solver != "auto"), (OPTIONS, bool(train.solver_options))):
        if is_said:
            advice = f"remove one of the two: `{name}` is for one solver"
            reader.report(Contradiction(span=where, second=settings.spans[name], name="race", other=name, advice=advice))
    for stage in train.stages:
        if not isinstance(stage, Prove) and stage.solver_options:
            advice = f"remove one of the two: `{OPTIONS}` is for one solver"
            reader.report(Contradiction(span=where, second=stage.span, name="race", other=OPTIONS, advice=advice))


def check_preferences(train: TrainSpec, robust: RobustSpec | None, reader: Reader) -> None:
    """What goes together with `prefer`."""
    squared = next((penalty for penalty in train.penalties if penalty.kind == "l2"), None)
    if train.prefer and squared is not None:
        advice = "write `l1` in place of `l2`: an objective with squares cannot be a row"
        reader.report(Contradiction(span=train.prefer_span, second=squared.span, name="prefer", other="l2", advice=advice))
    if "margin" in train.prefer and robust is not None:
        advice = "remove one of the two: a robust set asks for margins already"
        reader.report(Contradiction(span=train.prefer_span, second=robust.span, name="prefer", other="robust", advice=advice))


def build_compare(settings: Settings, reader: Reader) -> tuple[Baseline, ...]:
    """The classical models in order."""
    return tuple(_baseline(step, reader) for step in settings.steps if step.is_right)


def _baseline(step: ReadStep, reader: Reader) -> Baseline:
    made: Baseline = _made("compare", step)
    for number, inner in enumerate(step.settings.steps):
        epochs = step.settings.spans.get("epochs")
        if number:
            reader.report(GivenTwice(span=inner.span, second=step.settings.steps[0].span, name=inner.name))
        elif epochs:
            advice = f"remove one of the two: `{inner.name}` says how many passes there are"
            reader.report(Contradiction(span=inner.span, second=epochs, name=inner.name, other="epochs", advice=advice))
    return made


def build_report(settings: Settings, span: Span, reader: Reader) -> ReportSpec:
    """The outputs in order, each to a file of its own."""
    outputs: tuple[Output, ...] = tuple(_made("report", step) for step in settings.steps if step.is_right)
    first: dict[str, Span | None] = {}
    for output in outputs:
        for file in output.files:
            if file.lower() in first:  # some systems do not tell capitals from small letters
                assert output.span
                reader.report(GivenTwice(span=output.span, second=first[file.lower()], name=file))
            first.setdefault(file.lower(), output.span)
    return ReportSpec(outputs=outputs, **settings.fields_of(ReportSpec), span=span)


def _made(block: str, step: ReadStep) -> Any:
    return _made_as(_STEPS[block, step.name], step)


def _made_as(kind: type[Any], step: ReadStep) -> Any:
    """A step of a block; its value is the first field of its type, if it takes one. Steps may stand inside it."""
    value = () if isinstance(kind.row.kind, Nothing) else (step.value,)
    values = step.settings.fields_of(kind)
    for name, about in abouts(kind, Steps):
        kinds = {row.name: inner for row, inner in about.steps}
        values[name] = tuple(_made_as(kinds[one.name], one) for one in step.settings.steps if one.is_right)
    return kind(*value, **values, span=step.span)


def _stage(step: ReadStep, reader: Reader) -> StageStep:
    made: StageStep = _made("train", step)
    spans = step.settings.spans
    for name, other, advice in made.contradictions():
        second, given = spans.get(other, step.span), f"{other} = {getattr(made, other)}"
        reader.report(Contradiction(span=spans[name], second=second, name=name, other=given, advice=advice))
    return made


def check_selection(data: DataSpec, train: TrainSpec, reader: Reader) -> None:
    """A stage can select by validation only where there is validation data."""
    for stage in train.stages:
        if isinstance(stage, LocalSearch | DataSplit) and stage.select == "validation" and not data.validation:
            reader.report(NoValidation(span=stage.select_span, second=data.validation_span or data.source.span))


def _check_times(stages: tuple[StageStep, ...], time: float, span: Span, reader: Reader) -> None:
    fixed = [stage for stage in stages if isinstance(stage.time, float)]
    needed = sum(cast(float, stage.time) for stage in fixed)
    if needed > time:
        error = TooLittleTime(span=fixed[-1].span, second=span, needed=f"{needed:g}s", given=f"{time:g}s")
        reader.report(error)
