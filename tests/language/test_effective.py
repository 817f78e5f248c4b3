"""The effective spec loads to the spec it came from."""

import string
from dataclasses import fields, replace

from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import MINIMAL, diagnostics_of, good

from bdnnlang.diagnostics import has_errors
from bdnnlang.language.effective import effective, show_spec
from bdnnlang.language.format.canonical import laid_out
from bdnnlang.language.load import load
from bdnnlang.language.spec import (
    L1,
    L2,
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
    Penalty,
    Perturbation,
    Quantize,
    Random,
    RandomSign,
    RobustSpec,
    Sample,
    Scale,
    Spec,
    TrainSpec,
    Tree,
    Units,
    Values,
    WorstCase,
)
from bdnnlang.source import Source

seeds = st.integers(0, 2**31 - 1)
texts = st.text(string.ascii_letters + string.digits + ' ."\\\t#{}é世', min_size=1, max_size=8)
numbers = st.floats(-1e6, 1e6).map(lambda x: x + 0.0)
shares = st.floats(0, 0.49).map(lambda x: x + 0.0)
durations = st.one_of(st.integers(1, 10**6).map(float), st.floats(1e-9, 1e8))


def is_run(values):
    return all(x.is_integer() for x in values) and values[-1] - values[0] == len(values) - 1


bounds = st.tuples(numbers, numbers).map(sorted)
domains = st.one_of(
    bounds.map(lambda pair: Interval(*pair)),
    bounds.map(lambda pair: Integers(int(pair[0]), int(pair[1]))),
    st.lists(numbers, min_size=1, max_size=4, unique=True)
    .map(lambda values: tuple(sorted(values)))
    .filter(lambda values: not is_run(values))
    .map(Values),
)
columns = st.one_of(st.integers(1, 99), texts).map(Column)
column_lists = st.lists(columns, min_size=1, max_size=3, unique=True).map(tuple)
labels = st.one_of(st.integers(-9, 9), st.just(0.5), texts).map(Label)
files = st.builds(
    Csv,
    texts,
    st.sampled_from(",;\t| "),
    st.none() | st.booleans(),
    st.sampled_from(",."),
    st.sampled_from([None, " ", "'"]),
    st.none() | st.lists(labels, max_size=3, unique=True).map(tuple),
    st.none() | texts,
    st.none() | st.integers(1, 15),
)
sources = st.one_of(
    st.sampled_from(["iris", "digits"]).map(Builtin),
    files,
    st.builds(Random, st.integers(2, 99), st.integers(1, 9), seeds, st.sampled_from(["boxes", "noise"])),
)
steps = st.one_of(
    column_lists.map(Drop),
    column_lists.map(OneHot),
    column_lists.map(Units),
    st.sampled_from(["median", "mean", "most_frequent"]).map(Impute),
    st.builds(Sample, st.integers(2, 999), st.none() | seeds),
)
scales = st.sampled_from(["minmax", "standard", "none"]).map(Scale)
after_levels = st.lists(st.one_of(column_lists.map(Drop), st.builds(Sample, st.integers(2, 999))), max_size=2).map(tuple)
levels = st.just(()) | st.tuples(st.integers(1, 16).map(Quantize), after_levels).map(lambda pair: (pair[0], *pair[1]))


def parts_are_read_as_the_source(data):
    """What the file of a part leaves open, the main file says."""
    if not isinstance(data.source, Csv):
        return data
    options = {f.name for f in fields(Csv)} - {"path", "span"}
    parts = {name: part for name in ("test", "validation") if isinstance(part := getattr(data, name), Csv)}
    for name, part in parts.items():
        taken = {option: getattr(data.source, option) for option in options if getattr(part, option) is None}
        data = replace(data, **{name: replace(part, **taken)})
    return data


data = st.builds(
    DataSpec,
    sources,
    target=st.none() | columns,
    classes=st.none() | st.lists(labels, min_size=2, max_size=3, unique=True).map(tuple),
    test=shares | files,
    validation=shares | files,
    split_seed=seeds,
    steps=st.tuples(st.lists(steps, max_size=3).map(tuple), scales, levels).map(lambda parts: (*parts[0], parts[1], *parts[2])),
).map(parts_are_read_as_the_source)


@st.composite
def networks(draw):
    thresholds = draw(st.sampled_from(["per_neuron", "per_layer", "zero"]))
    biases = st.none() if thresholds == "zero" else st.none() | domains
    weights = draw(st.sampled_from([domains, st.just(draw(domains))]))
    hidden = draw(st.lists(st.builds(LayerSpec, st.integers(1, 99), weights, biases), max_size=3))
    layers = (*hidden, LayerSpec(None, draw(weights), draw(biases)))
    if hidden and thresholds != "zero" and draw(st.booleans()):
        fixed = draw(st.sampled_from([FixedOutput("any"), FixedOutput("all"), FixedOutput("threshold", hidden[-1].width)]))
        layers = (*hidden, fixed.layer(hidden[-1].width))
        return NetworkSpec(layers, thresholds, draw(st.sampled_from(["auto", "single"])), fixed)
    return NetworkSpec(layers, thresholds, draw(st.sampled_from(["auto", "single", "one_hot"])))


times = st.none() | durations
restarts = st.none() | st.integers(0, 99)
counts = st.none() | st.integers(1, 10**9)
noises = st.none() | st.floats(0, 10)
selections = st.sampled_from(["training", "validation"])
stages = st.one_of(
    st.builds(Exact, times, st.floats(0, 1), st.none() | st.integers(1, 10**9)),
    st.builds(LocalSearch, times, st.just("alternate"), restarts, node_limit=st.none() | st.integers(1, 9)),
    st.builds(LocalSearch, times, st.just("coordinate"), restarts, sweeps=counts, select=selections),
    st.builds(LocalSearch, times, st.just("meanfield"), restarts, steps=counts, noise=noises, select=selections),
    st.builds(LocalSearch, times, st.just("auto"), restarts, counts, counts, noises, selections),
    st.builds(
        DataSplit,
        times,
        st.integers(1, 99),
        st.integers(1, 99),
        st.none() | st.integers(1, 999),
        times,
        st.sampled_from(["kmeans", "loss"]),
        st.none() | selections,
        st.none() | st.integers(1, 9),
    ),
)
factors = st.floats(1e-9, 1e9)
penalties = st.lists(
    st.builds(Penalty, st.sampled_from(["l1", "l2", "sparsity"]), factors), max_size=3, unique_by=lambda p: p.kind
).map(tuple)
baselines = st.one_of(
    st.builds(Mlp, st.none() | st.lists(st.integers(1, 99), min_size=1, max_size=3).map(tuple), st.integers(1, 99)),
    st.just(Logistic()),
    st.builds(Tree, st.none() | st.integers(1, 99)),
    st.just(Majority()),
)
comparisons = st.lists(baselines, max_size=4).map(tuple)
training = st.builds(
    TrainSpec,
    st.lists(stages, min_size=1, max_size=3).map(tuple),
    loss=st.sampled_from([None, "zero_one", "hamming", "pattern"]),
    seed=seeds,
    time=st.just(3e8) | st.none(),
    threads=st.integers(1, 64),
    solver=st.sampled_from(["auto", "scip", "highs", "cpsat"]),
    penalties=penalties,
    class_weight=st.sampled_from([None, "balanced"]) | st.lists(factors, min_size=2, max_size=4).map(tuple),
)


radii = st.floats(0, 1e6).map(lambda x: x + 0.0)
words = st.from_regex(r"[a-z_][a-z0-9_]{0,7}", fullmatch=True).filter(lambda w: w not in ("in", "param", "true", "false"))
boxes = st.dictionaries(words, radii, min_size=1, max_size=3).map(
    lambda pairs: Box(tuple((Column(name), radius) for name, radius in pairs.items()))
)
balls = st.one_of(radii.map(Linf), radii.map(L1), radii.map(L2), st.builds(BudgetSet, radii, st.integers(1, 9)))
clips = st.none() | bounds.map(lambda pair: Interval(*pair))


@st.composite
def perturbations(draw, training):
    """`box` names its columns; a ball is never clipped, other norms are in attacks only."""
    around = draw(boxes | balls)
    clipped = isinstance(around, Linf | Box) if training else not isinstance(around, L2)
    features = st.none() if isinstance(around, Box) else st.none() | column_lists
    return Perturbation(around, draw(features), draw(clips) if clipped else None)


sizes = st.lists(radii, min_size=1, max_size=3).map(tuple)


@st.composite
def robustness(draw):
    """A `robust` block whose features and clip no attack has to take over, or none; and attacks."""
    robust = draw(st.none() | st.builds(RobustSpec, perturbations(training=True)))
    attacks = draw(st.lists(st.one_of(sizes.map(RandomSign), perturbations(training=False).map(WorstCase)), max_size=3))
    base = robust.perturbation if robust else Perturbation(Linf(0.0))
    return robust, EvaluateSpec(tuple(inherits(attack, base) for attack in attacks))


def inherits(attack, base):
    if isinstance(attack, RandomSign):
        return attack
    own = attack.perturbation
    features = own.features or (None if isinstance(own.set, Box) else base.features)
    clip = own.clip or (None if isinstance(own.set, L2) else base.clip)
    return WorstCase(Perturbation(own.set, features, clip))


def read(path, span):
    raise FileNotFoundError(2, "no such file", path)


def selecting(spec):
    """Nothing is selected by validation where there is no validation data."""
    selects = [replace(s, select="training") if getattr(s, "select", None) == "validation" else s for s in spec.train.stages]
    return spec if spec.data.validation else replace(spec, train=replace(spec.train, stages=tuple(selects)))


@given(st.builds(Spec, data, networks(), training, compare=comparisons).map(selecting), robustness())
@settings(max_examples=examples(150))
def test_round_trip(spec, robust):
    spec = replace(spec, robust=robust[0], evaluate=robust[1])
    text = effective(spec)
    again, warnings = load(Source("x.bdnn", text), read=read)
    assert again == spec
    assert not has_errors(warnings)
    assert effective(again) == text


def test_params_have_done_their_work():
    spec = good(MINIMAL.replace("data", "param w = 3\ndata").replace("hidden 2", "hidden w"))
    assert "# param w = 3" in effective(spec)
    assert diagnostics_of(effective(spec)) == ()


def test_text():
    assert effective(good(MINIMAL)) == (
        "bdnn 1\n\n"
        "data iris {\n  test = 25%\n  validation = 0%\n  split_seed = 0\n  scale minmax\n}\n\n"
        "network {\n  weights in [-1, 1]\n  thresholds = per_neuron\n  hidden 2\n  output { encoding = auto }\n}\n\n"
        "train {\n  seed = 0\n  threads = 1\n  solver = auto\n  formulation = tight\n"
        "  exact 1min { gap = 0%, parts = 1, by_function = false }\n}\n"
    )


def test_the_default_scaling_stands_before_the_levels():
    spec = good(MINIMAL.replace("data iris", "data iris { quantize 4, drop [1] }"))
    assert spec.data.steps == (Scale("minmax"), Quantize(4), Drop((Column(1),)))
    assert "  scale minmax\n  quantize 4\n  drop [1]\n" in effective(spec)


def test_dump_shows_types():
    dump = show_spec(good(MINIMAL))
    assert "weights: Interval\n          lower: -1.0\n" in dump
    assert "span" not in dump


def test_it_is_formatted():
    columns = ", ".join(f'"{letter * 9}"' for letter in "abcdefghijkl")
    text = effective(good(MINIMAL.replace("data iris", f'data csv("a.csv") {{ drop [{columns}] }}')))
    assert '\n  drop [\n    "aaaaaaaaa", ' in text
    assert laid_out(Source("x.bdnn", text)) == text
