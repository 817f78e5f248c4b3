"""Random specs that say everything that the language can say, and nothing that contradicts itself."""

import string
from dataclasses import fields, replace
from functools import cache
from typing import get_args

from hypothesis import strategies as st
from loading import MINIMAL, good

from bdnnlang.language.printing import RESERVED
from bdnnlang.language.spec import (
    L1,
    L2,
    Binarize,
    Box,
    BudgetSet,
    Builtin,
    Column,
    Csv,
    DataSpec,
    DataSplit,
    Drop,
    EvaluateSpec,
    Exact,
    FixedOutput,
    HtmlPage,
    Impute,
    Integers,
    Interval,
    JsonMetrics,
    Label,
    LayerSpec,
    Linf,
    LocalSearch,
    Logistic,
    Majority,
    Mlp,
    NetworkSpec,
    Npz,
    OneHot,
    Paper,
    ParamValue,
    Penalty,
    Perturbation,
    Plot,
    Prove,
    Quantize,
    Random,
    RandomSign,
    ReportSpec,
    Requirement,
    RequireSpec,
    RobustSpec,
    Sample,
    Scale,
    SweepMember,
    SweepSpec,
    Thermometer,
    TrainSpec,
    Tree,
    Units,
    Values,
    WorstCase,
)
from bdnnlang.language.spec.require_spec import NONE
from bdnnlang.language.spec.row import described_fields
from bdnnlang.language.spec.solver_spec import SolverOption

# ---- values

seeds = st.integers(0, 2**31 - 1)
texts = st.text(string.ascii_letters + string.digits + ' ."\\\t#{}é世', min_size=1, max_size=8)
words = st.from_regex(r"[a-z_][a-z0-9_]{0,7}", fullmatch=True).filter(lambda word: word not in RESERVED)
numbers = st.floats(-1e6, 1e6).map(lambda x: x + 0.0)  # no -0.0
radii = st.floats(0, 1e6).map(lambda x: x + 0.0)
shares = st.floats(0, 0.49).map(lambda x: x + 0.0)
durations = st.one_of(st.integers(1, 10**6).map(float), st.floats(1e-9, 1e8))
bounds = st.tuples(numbers, numbers).map(sorted)
columns = st.one_of(st.integers(1, 99), texts).map(Column)
column_lists = st.lists(columns, min_size=1, max_size=3, unique=True).map(tuple)
labels = st.one_of(st.integers(-9, 9), st.just(0.5), texts).map(Label)


@cache
def choices(kind, name):
    """The words that a setting of a type can be."""
    return st.sampled_from(list(next(row for part, row in described_fields(kind) if part.name == name).kind.words))


@cache
def lists_of_words(kind, name):
    return st.lists(choices(kind, name), max_size=3).map(tuple)


def is_run(values):
    return all(x.is_integer() for x in values) and values[-1] - values[0] == len(values) - 1


domains = st.one_of(
    bounds.map(lambda pair: Interval(*pair)),
    bounds.map(lambda pair: Integers(int(pair[0]), int(pair[1]))),
    st.lists(numbers, min_size=1, max_size=4, unique=True)
    .map(lambda values: tuple(sorted(values)))
    .filter(lambda values: not is_run(values))
    .map(Values),
)

# ---- data


@st.composite
def files(draw):
    decimal = draw(st.sampled_from(",."))
    thousands = draw(st.none() | st.sampled_from([mark for mark in (",", ".", " ", "'") if mark != decimal]))
    return Csv(
        draw(texts),
        draw(st.sampled_from(",;\t| ")),
        draw(st.none() | st.booleans()),
        decimal,
        thousands,
        draw(st.none() | st.lists(labels, max_size=3, unique=True).map(tuple)),
        draw(st.none() | texts),
        draw(st.none() | st.integers(1, 15)),
    )


sources = st.one_of(
    *(st.just(Builtin(name)) for name in ("breast_cancer", "iris", "wine", "digits")),
    files(),
    files(),
    texts.map(Npz),
    st.builds(Random, st.integers(2, 99), st.integers(1, 9), seeds, choices(Random, "kind")),
)
steps = st.one_of(
    column_lists.map(Drop),
    column_lists.map(OneHot),
    column_lists.map(Units),
    st.sampled_from(["median", "mean", "most_frequent"]).map(Impute),
    st.builds(Sample, st.integers(2, 999), st.none() | seeds),
)
scales = st.sampled_from(["minmax", "standard", "none"]).map(Scale)
after_discretizing = st.lists(st.one_of(column_lists.map(Drop), st.builds(Sample, st.integers(2, 999))), max_size=2).map(tuple)
discretizations = st.one_of(st.integers(1, 16).map(Quantize), numbers.map(Binarize), st.integers(1, 255).map(Thermometer))
discretized = st.tuples(discretizations, after_discretizing).map(lambda pair: (pair[0], *pair[1]))


def as_it_is(steps):
    """`binarize` compares numbers of the data: nothing scales them."""
    bits = any(isinstance(step, Binarize) for step in steps)
    return tuple(Scale("none") if bits and isinstance(step, Scale) else step for step in steps)


folds = st.just((None, None)) | st.integers(2, 100).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n)))


def parts_are_read_as_the_source(data):
    """What the file of a part leaves open, the main file says."""
    if not isinstance(data.source, Csv):
        return data
    options = {part.name for part in fields(Csv)} - {"path", "span"}
    parts = {name: part for name in ("test", "validation") if isinstance(part := getattr(data, name), Csv)}
    for name, part in parts.items():
        taken = {option: getattr(data.source, option) for option in options if getattr(part, option) is None}
        part = replace(part, **taken)
        if part.thousands == part.decimal:
            part = replace(part, decimal=data.source.decimal, thousands=data.source.thousands)
        data = replace(data, **{name: part})
    return data


@st.composite
def datasets(draw):
    several, one = draw(folds)
    test, validation = draw(shares | files()), draw(shares | files())
    drawn = several or any(part and not isinstance(part, Csv) for part in (test, validation))
    made = DataSpec(
        draw(sources),
        draw(st.none() | columns),
        draw(st.none() | st.lists(labels, min_size=2, max_size=3, unique=True).map(tuple)),
        test,
        validation,
        draw(seeds),
        draw(st.booleans()) if drawn else True,
        several,
        one,
        as_it_is((*draw(st.lists(steps, max_size=3)), draw(scales), *draw(st.just(()) | discretized))),
    )
    return parts_are_read_as_the_source(made)


# ---- network


@st.composite
def networks(draw):
    thresholds = draw(choices(NetworkSpec, "thresholds"))
    biases = st.none() if thresholds == "zero" else st.none() | domains
    weights = draw(st.sampled_from([domains, st.just(draw(domains))]))
    hidden = draw(st.lists(st.builds(LayerSpec, st.integers(1, 99), weights, biases), max_size=3))
    if hidden and thresholds != "zero" and draw(st.booleans()):
        fixed = draw(fixed_outputs(hidden[-1].width))
        layers = (*hidden, fixed.layer(hidden[-1].width))
        return NetworkSpec(layers, thresholds, draw(st.sampled_from(["auto", "single"])), fixed)
    layers = (*hidden, LayerSpec(None, draw(weights), draw(biases)))
    return NetworkSpec(layers, thresholds, draw(choices(NetworkSpec, "encoding")))


def fixed_outputs(neurons):
    counted = st.integers(1, neurons).map(lambda least: FixedOutput("threshold", least))
    return st.sampled_from([FixedOutput("any"), FixedOutput("all")]) | counted


# ---- train

times = st.none() | durations
counts = st.none() | st.integers(1, 10**9)
restarts = st.none() | st.integers(0, 99)
noises = st.none() | st.floats(0, 10)
factors = st.floats(1e-9, 1e9)
quoted = st.text(string.ascii_letters + "/.-# é", min_size=1, max_size=8)  # no escapes: see QUOTED in the grammar
parameter_names = st.one_of(words, quoted, st.sampled_from([*RESERVED, "limits/bestsol"]))
parameter_values = st.one_of(st.booleans(), st.integers(-(10**9), 10**9), st.just(0.5), texts, st.just(""))
parameters = st.lists(st.builds(SolverOption, parameter_names, parameter_values), max_size=2, unique_by=lambda one: one.name)
options = st.just(()) | parameters.map(tuple)
splits_of_exact = st.sampled_from([(1, False), (1, True), (3, False)])
exact = st.builds(
    lambda time, gap, nodes, own, how, warm: Exact(time, gap, nodes, own, *how, warm),
    times,
    st.floats(0, 1),
    counts,
    options,
    splits_of_exact,
    st.booleans(),
)


@st.composite
def local_searches(draw):
    """Each method with the settings that it takes."""
    method = draw(choices(LocalSearch, "method"))
    made = LocalSearch(draw(times), method, draw(restarts))
    if method == "alternate":
        return replace(made, node_limit=draw(counts), solver_options=draw(options))
    made = replace(made, select=draw(choices(LocalSearch, "select")))
    if method != "meanfield":
        made = replace(made, sweeps=draw(counts))
    return made if method == "coordinate" else replace(made, steps=draw(counts), noise=draw(noises))


splits = st.builds(
    DataSplit,
    times,
    st.integers(1, 99),
    st.integers(1, 99),
    counts,
    times,
    choices(DataSplit, "by"),
    st.none() | choices(DataSplit, "select"),
    counts,
    options,
)
proofs = st.builds(Prove, times, st.integers(1, 1000), st.none() | st.integers(1, 1000))
stages = st.one_of(exact, local_searches(), splits, proofs)
penalties = st.lists(
    st.builds(Penalty, st.sampled_from(["l1", "l2", "sparsity", "bytes"]), factors), max_size=3, unique_by=lambda one: one.kind
).map(tuple)
class_weights = st.sampled_from([None, "balanced"]) | st.lists(factors, min_size=2, max_size=4).map(tuple)
losses = st.sampled_from([None, "zero_one", "hamming", "pattern"])


def without_options(stage):
    return replace(stage, solver_options=()) if hasattr(stage, "solver_options") else stage


@st.composite
def trainings(draw):
    """A race stands in place of a solver and its parameters; an objective with squares cannot be a row of what is preferred."""
    race = draw(st.just(()) | lists_of_words(TrainSpec, "race"))
    time = draw(st.sampled_from([None, 3e8]))
    listed = draw(st.lists(stages, min_size=1, max_size=3))
    if time is not None and draw(st.booleans()):
        listed[-1] = replace(listed[-1], time="rest")
    preferred = draw(st.just(()) | lists_of_words(TrainSpec, "prefer"))
    return TrainSpec(
        tuple(map(without_options, listed) if race else listed),
        draw(losses),
        tuple(one for one in draw(penalties) if not (preferred and one.kind == "l2")),
        draw(class_weights),
        preferred,
        draw(seeds),
        time,
        draw(st.integers(1, 64)),
        draw(st.none() | st.integers(10**6, 10**15)),
        "auto" if race else draw(choices(TrainSpec, "solver")),
        race,
        () if race else draw(options),
        draw(choices(TrainSpec, "formulation")),
        draw(lists_of_words(TrainSpec, "without")),
        draw(st.none() | st.floats(1e-9, 1e6)),
    )


def selecting(spec):
    """Nothing is selected by validation where there is no validation data."""
    chosen = [replace(s, select="training") if getattr(s, "select", None) == "validation" else s for s in spec.train.stages]
    return spec if spec.data.validation else replace(spec, train=replace(spec.train, stages=tuple(chosen)))


# ---- robust and evaluate

boxes = st.dictionaries(words, radii, min_size=1, max_size=3).map(
    lambda pairs: Box(tuple((Column(name), radius) for name, radius in pairs.items()))
)
balls = st.one_of(radii.map(Linf), radii.map(L1), radii.map(L2), st.builds(BudgetSet, radii, st.integers(1, 9)))
clips = st.none() | bounds.map(lambda pair: Interval(*pair))


@st.composite
def perturbations(draw, training):
    """`box` names its columns; a ball is never clipped, other norms are in attacks only."""
    around = draw(boxes | balls)
    clipped = around.clips_in_training if training else around.clips_in_attack
    features = st.none() if isinstance(around, Box) else st.none() | column_lists
    return Perturbation(around, draw(features), draw(clips) if clipped else None)


sizes = st.lists(radii, min_size=1, max_size=3).map(tuple)
attacks = st.lists(st.one_of(sizes.map(RandomSign), perturbations(training=False).map(WorstCase)), max_size=3)
robust_blocks = st.builds(RobustSpec, perturbations(training=True), choices(RobustSpec, "method"))


def inherits(attack, base):
    """What an attack leaves open, the block `robust` says."""
    if isinstance(attack, RandomSign):
        return attack
    own = attack.perturbation
    features = own.features or (None if isinstance(own.set, Box) else base.features)
    clip = own.clip or (base.clip if own.set.clips_in_attack else None)
    return WorstCase(Perturbation(own.set, features, clip))


# ---- require and compare

_ITEMS = {"class": labels, "column": columns}


def limits(kind):
    return st.integers(0, 10**9) if kind.side == "<=" and hasattr(kind.limit, "low") else st.floats(0, 1).map(lambda x: x + 0.0)


def requirements(kind):
    """Lines of one type; what may be left out of the brackets is left out of some."""
    row = kind.row.kind
    items = [_ITEMS[item] if i < row.needed else st.none() | _ITEMS[item] for i, item in enumerate(row.items)]
    return st.builds(kind, *items, *([limits(row)] if row.side else []))


def measured(one):
    """What a requirement is about; each measure has one."""
    items = [getattr(one, part.name) for part in fields(one) if part.name in ("label", "column")]
    return (type(one), *map(repr, items))


demands = st.lists(st.one_of([requirements(kind) for kind in get_args(Requirement)]), max_size=4, unique_by=measured)
require_blocks = st.builds(RequireSpec, demands.map(tuple), st.just(()) | column_lists)
widths = st.none() | st.lists(st.integers(1, 99), min_size=1, max_size=3).map(tuple)
baselines = st.one_of(
    st.builds(Mlp, widths, st.none() | st.integers(1, 99)),
    widths.map(lambda hidden: Mlp(hidden, training=(Paper(),))),
    st.just(Logistic()),
    st.builds(Tree, st.none() | st.integers(1, 99)),
    st.just(Majority()),
)

# ---- report

letters = st.text(string.ascii_lowercase + " é世'", min_size=1, max_size=6)
paths = st.lists(letters, min_size=1, max_size=2).map("/".join)
drawings = st.lists(st.sampled_from(["progress", "network", "confusion"]), min_size=1, unique=True).map(tuple)
outputs = st.one_of(
    paths.map(lambda path: HtmlPage(f"{path}.html")), paths.map(lambda path: JsonMetrics(f"{path}.json")), drawings.map(Plot)
)
output_lists = st.lists(outputs, max_size=3).filter(lambda listed: has_own_files(ReportSpec(outputs=tuple(listed))))
metrics = st.lists(choices(ReportSpec, "metrics"), min_size=1, max_size=3).map(tuple)
report_blocks = st.builds(ReportSpec, metrics, output_lists.map(tuple))


def has_own_files(report):
    """Each output to a file of its own."""
    return len({file.lower() for file in report.files}) == len(report.files)


# ---- whole specs

PLAIN = good(MINIMAL.replace("iris", "iris { validation = 25% }"))  # stages may select by it
BLOCKS = {
    "data": datasets(),
    "network": networks(),
    "train": trainings(),
    "robust": st.none() | robust_blocks,
    "evaluate": attacks.map(lambda listed: EvaluateSpec(tuple(listed))),
    "compare": st.lists(baselines, max_size=3).map(tuple),
    "require": st.just(NONE) | require_blocks,
    "report": st.just(ReportSpec()) | report_blocks,
}


@st.composite
def specs(draw, blocks=tuple(BLOCKS)):
    """Of the blocks that are not named, the plainest."""
    made = replace(PLAIN, **{name: draw(BLOCKS[name]) for name in blocks})
    if made.robust and "margin" in made.train.prefer:  # a robust set asks for margins already
        made = replace(made, train=replace(made.train, prefer=()))
    base = made.robust.perturbation if made.robust else Perturbation(Linf(0.0))
    return selecting(replace(made, evaluate=EvaluateSpec(tuple(inherits(attack, base) for attack in made.evaluate.attacks))))


values = st.one_of(st.integers(-9, 9), st.sampled_from([0.5, -2.25]), st.booleans(), texts)
valued = st.dictionaries(words.map(lambda name: f"p_{name}"), values, max_size=3)


@st.composite
def swept(draw, blocks=tuple(BLOCKS)):
    """A spec with params, of which a sweep runs over some and perhaps over folds."""
    spec = draw(specs(blocks))
    params = draw(valued)
    members = [draw(sweep_members(name, isinstance(value, str))) for name, value in params.items()]
    count = None if spec.data.folds else draw(st.none() | st.integers(2, 100))
    sweep = SweepSpec(tuple(members[:2]), count) if members or count else None
    return replace(spec, params=tuple(ParamValue(*pair) for pair in params.items()), sweep=sweep)


texts_of_values = st.integers(-9, 9).map(str) | st.sampled_from(["0.5", "-2.25", "true"])
points = st.lists(texts_of_values, min_size=1, max_size=4, unique=True).map(tuple)


def sweep_members(name, is_text):
    """Of a param that is a string, strings."""
    listed = st.lists(texts, min_size=1, max_size=3, unique=True).map(tuple) if is_text else points
    return listed.map(lambda values: SweepMember(name, values, is_text=is_text))
