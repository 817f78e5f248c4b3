"""A spec as text: as `.bdnn` with every default written out, and as a typed dump."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, assert_never

from bdnnlang.language.spec import (
    L1,
    L2,
    Attack,
    Baseline,
    Box,
    BudgetSet,
    Builtin,
    ClassWeight,
    Column,
    Csv,
    DataSource,
    DataSpec,
    DataSplit,
    DataStep,
    Drop,
    Exact,
    Impute,
    Integers,
    Interval,
    Label,
    LayerSpec,
    Linf,
    LocalSearch,
    Logistic,
    Majority,
    Mlp,
    NetworkSpec,
    OneHot,
    Perturbation,
    Quantize,
    Random,
    RandomSign,
    RobustSet,
    RobustSpec,
    Sample,
    Scale,
    Spec,
    StageSpec,
    TrainSpec,
    Tree,
    Units,
    Values,
    WeightDomain,
    WorstCase,
)
from bdnnlang.language.syntax.show import quote


def effective(spec: Spec) -> str:
    """Text that loads to an equal spec. Params have done their work and appear as comments only."""
    params = [f"# param {param.name} = {_scalar(param.value)}" for param in spec.params]
    blocks = [_data(spec.data), _network(spec.network)]
    blocks += [_robust(spec.robust)] if spec.robust else []
    blocks += [_train(spec.train)]
    blocks += [_block("evaluate", [attack_text(attack) for attack in spec.evaluate.attacks])] if spec.evaluate.attacks else []
    blocks += [_block("compare", [_baseline(one) for one in spec.compare])] if spec.compare else []
    head = ["bdnn 1", *params]
    return "\n\n".join("\n".join(lines) for lines in [head, *blocks]) + "\n"


def asked(spec: Spec) -> dict[str, str]:
    """The parts of a spec that say what network is asked for, whatever is done to find it, as text by name."""
    loss = loss_terms(spec.train, spec.train.loss)
    weights = [class_weight(spec.train.class_weight)] if spec.train.class_weight else []
    parts = {"data": _data(spec.data), "network": _network(spec.network), "robust": _robust(spec.robust) if spec.robust else []}
    return {name: "\n".join(lines) for name, lines in {**parts, "loss": loss, "class_weight": weights}.items()}


def show_spec(spec: Spec) -> str:
    """One value a line, indented by what it belongs to."""
    return "\n".join(_dump("spec", spec, 0)) + "\n"


def _dump(label: str, value: Any, depth: int) -> Iterator[str]:
    pad = "  " * depth
    if dataclasses.is_dataclass(value):
        yield f"{pad}{label}: {type(value).__name__}"
        for field in dataclasses.fields(value):
            if not field.name.endswith("span"):
                yield from _dump(field.name, getattr(value, field.name), depth + 1)
    elif isinstance(value, tuple) and any(dataclasses.is_dataclass(item) for item in value):
        yield f"{pad}{label}:"
        for number, item in enumerate(value):
            yield from _dump(str(number), item, depth + 1)
    else:
        yield f"{pad}{label}: {value!r}"


def _block(head: str, lines: list[str]) -> list[str]:
    return [f"{head} {{", *(f"  {line}" for line in lines), "}"]


# ---- data


def _data(data: DataSpec) -> list[str]:
    lines = [f"target = {_key(data.target)}"] if data.target else []
    if data.classes:
        lines.append(f"classes = [{', '.join(map(_key, data.classes))}]")
    lines += [
        f"test = {_part(data.test)}",
        f"validation = {_part(data.validation)}",
        f"split_seed = {data.split_seed}",
    ]
    return _block(f"data {_source(data.source)}", lines + [_data_step(step) for step in data.steps])


def _part(part: float | Csv) -> str:
    return _source(part) if isinstance(part, Csv) else _percent(part)


def _source(source: DataSource) -> str:
    match source:
        case Builtin(name):
            return name
        case Csv():
            return f"csv({', '.join([quote(source.path), *_reading(source)])})"
        case Random(samples, features, seed, kind):
            return f"random(samples={samples}, features={features}, seed={seed}, kind={kind})"
        case _:
            assert_never(source)


def _reading(source: Csv) -> Iterator[str]:
    """How the file is read, where the spec says so."""
    yield f"delimiter={quote(source.delimiter)}"
    yield f"decimal={quote(source.decimal)}"
    if source.missing is not None:
        yield f"missing=[{', '.join(map(_key, source.missing))}]"
    for name in ("header", "thousands", "comment", "round_to"):
        value: str | int | bool | None = getattr(source, name)
        if value is not None:
            yield f"{name}={_scalar(value)}"


def _data_step(step: DataStep) -> str:
    match step:
        case Drop(columns):
            return f"drop [{', '.join(map(_key, columns))}]"
        case OneHot(columns):
            return f"onehot [{', '.join(map(_key, columns))}]"
        case Units(columns):
            return f"units [{', '.join(map(_key, columns))}]"
        case Impute(word):
            return f"impute {word}"
        case Scale(word):
            return f"scale {word}"
        case Quantize(bits):
            return f"quantize {bits}"
        case Sample(count, seed):
            return f"sample {count}" + (f" {{ seed = {seed} }}" if seed is not None else "")
        case _:
            assert_never(step)


def _key(named: Column | Label) -> str:
    return _scalar(named.key)


# ---- network


def _network(network: NetworkSpec) -> list[str]:
    """What all layers share stands above them."""
    *hidden, output = network.layers
    common = {layer.weights for layer in network.layers}
    shared = output.weights if len(common) == 1 else None
    lines = [f"weights in {_domain(shared)}"] if shared else []
    lines.append(f"thresholds = {network.thresholds}")
    lines += [_step(f"hidden {layer.width}", _layer(layer, shared)) for layer in hidden]
    lines.append(_step("output", [f"encoding = {network.encoding}", *_layer(output, shared)]))
    return _block("network", lines)


def _layer(layer: LayerSpec, shared: WeightDomain | None) -> list[str]:
    facts = [] if shared else [f"weights in {_domain(layer.weights)}"]
    return facts + ([f"biases in {_domain(layer.biases)}"] if layer.biases else [])


def _step(head: str, facts: list[str]) -> str:
    return f"{head} {{ {', '.join(facts)} }}" if facts else head


def _domain(domain: WeightDomain) -> str:
    match domain:
        case Interval(lower, upper):
            return f"[{_scalar(lower)}, {_scalar(upper)}]"
        case Integers(lower, upper):
            return f"int[{lower}, {upper}]"
        case Values(values):
            return f"{{{', '.join(map(_scalar, values))}}}"
        case _:
            assert_never(domain)


# ---- robust and evaluate


def _robust(robust: RobustSpec) -> list[str]:
    facts = [f"method = {robust.method}", *_where(robust.perturbation)]
    return _block(f"robust {set_text(robust.perturbation.set)}", facts)


def _where(perturbation: Perturbation) -> list[str]:
    features, clip = perturbation.features, perturbation.clip
    facts = [f"features = [{', '.join(map(_key, features))}]"] if features else []
    return facts + ([f"clip in {_domain(clip)}"] if clip else [])


def set_text(around: RobustSet) -> str:
    """As a user writes it."""
    match around:
        case Linf(radius):
            return f"linf({_scalar(radius)})"
        case L1(radius):
            return f"l1({_scalar(radius)})"
        case L2(radius):
            return f"l2({_scalar(radius)})"
        case Box(radii):
            return f"box({', '.join(f'{column.key}={_scalar(radius)}' for column, radius in radii)})"
        case BudgetSet(radius, gamma):
            return f"budget({_scalar(radius)}, gamma={gamma})"
        case _:
            assert_never(around)


def attack_text(attack: Attack) -> str:
    """The whole step."""
    match attack:
        case RandomSign(sizes):
            return f"attack random_sign([{', '.join(map(_scalar, sizes))}])"
        case WorstCase(perturbation):
            return _step(f"attack {set_text(perturbation.set)}", _where(perturbation))
        case _:
            assert_never(attack)


# ---- train


def _train(train: TrainSpec) -> list[str]:
    terms = loss_terms(train, train.loss)
    facts = [f"loss = {' + '.join(terms)}"] if terms else []
    if train.class_weight:
        facts.append(f"class_weight = {class_weight(train.class_weight)}")
    facts.append(f"seed = {train.seed}")
    if train.time is not None:
        facts.append(f"time = {duration(train.time)}")
    facts += [f"threads = {train.threads}", f"solver = {train.solver}", f"formulation = {train.formulation}"]
    if train.without:
        facts.append(f"without = [{', '.join(train.without)}]")
    if train.margin is not None:
        facts.append(f"margin = {_scalar(train.margin)}")
    return _block("train", facts + [_stage(stage) for stage in train.stages])


def loss_terms(train: TrainSpec, loss: str | None) -> list[str]:
    """What is added up: the loss, if it is known, and the penalties."""
    return ([loss] if loss else []) + [f"{_scalar(p.factor)} * {p.kind}" for p in train.penalties]


def class_weight(weight: ClassWeight) -> str:
    return weight if isinstance(weight, str) else f"[{', '.join(map(_scalar, weight))}]"


def _stage(stage: StageSpec) -> str:
    time = "" if stage.time is None else " rest" if isinstance(stage.time, str) else f" {duration(stage.time)}"
    match stage:
        case LocalSearch(_, method, restarts, sweeps, node_limit):
            named = (("restarts", restarts), ("sweeps", sweeps), ("node_limit", node_limit))
            limits = [f"{name} = {n}" for name, n in named if n is not None]
            return _step(f"local_search{time}", [f"method = {method}", *limits])
        case DataSplit():
            return _step(f"data_split{time}", _data_split(stage))
        case Exact(_, gap, node_limit):
            nodes = [] if node_limit is None else [f"node_limit = {node_limit}"]
            return _step(f"exact{time}", [f"gap = {_percent(gap)}", *nodes])
        case _:
            assert_never(stage)


def _data_split(stage: DataSplit) -> list[str]:
    facts = [f"splits = {stage.splits}", f"n_init = {stage.n_init}", f"by = {stage.by}"]
    if stage.minibatch is not None:
        facts.append(f"minibatch = {stage.minibatch}")
    if stage.step_time is not None:
        facts.append(f"step_time = {duration(stage.step_time)}")
    if stage.node_limit is not None:
        facts.append(f"node_limit = {stage.node_limit}")
    return facts + ([f"select = {stage.select}"] if stage.select else [])


# ---- compare


def _baseline(baseline: Baseline) -> str:
    match baseline:
        case Mlp(hidden, epochs):
            widths = [] if hidden is None else [f"hidden = [{', '.join(map(str, hidden))}]"]
            return _step("mlp", [*widths, f"epochs = {epochs}"])
        case Logistic():
            return "logistic"
        case Tree(depth):
            return _step("tree", [] if depth is None else [f"depth = {depth}"])
        case Majority():
            return "majority"
        case _:
            assert_never(baseline)


# ---- quantities


def duration(seconds: float) -> str:
    """The shortest way to write it exactly."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds % length == 0:
            return f"{int(seconds // length)}{unit}"
    return f"{_plain(Decimal(repr(seconds)))}s"


def _percent(share: float) -> str:
    return f"{_plain(Decimal(repr(share)) * 100)}%"


def _plain(value: Decimal) -> str:
    """Without an exponent, which quantities do not have, and without needless zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scalar(value: float | int | str | bool) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return quote(value)
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
