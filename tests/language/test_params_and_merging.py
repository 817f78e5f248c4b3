"""Params, `-D`, `--set` and `use`."""

import pytest
from loading import MINIMAL, codes, diagnostics_of, good

from bdnnlang.language.spec import Exact, Integers, ParamValue

PARAMS = """bdnn 1
param width = 8 in int[1, 64]
param half = width / 2
param file = "a.csv"
data csv(file)
network { hidden half, hidden width }
train { seed = half * 2 - 1, exact 1min }
"""


def widths(spec):
    return [layer.width for layer in spec.network.layers]


def test_params():
    spec = good(PARAMS)
    assert widths(spec) == [4, 8, None]
    assert spec.train.seed == 7
    assert spec.params == (ParamValue("width", 8), ParamValue("half", 4), ParamValue("file", "a.csv"))


def test_defines():
    spec = good(PARAMS, defines=["width=16", "file=b=c.csv"])
    assert widths(spec) == [8, 16, None]
    assert spec.data.source.path == "b=c.csv"


@pytest.mark.parametrize(
    ("define", "code"),
    [
        ("width=65", "E122"),
        ("width=x", "E122"),
        ("witdh=3", "E120"),
        ("width", "E118"),
        ("width=", "E007"),
        ("width=[1", "E008"),
        ("width=3 4", "E007"),
        ("width=1.5", "E122"),
        ("width=[1]", "E111"),
    ],
)
def test_wrong_defines(define, code):
    first = diagnostics_of(PARAMS, defines=[define])[0]
    assert first.code == code
    assert first.span.source.path == f"-D {define}"
    assert first.span.first[1] >= 1


def test_param_errors():
    assert codes(PARAMS.replace("half = width", "half = later")) == ["E120"]
    assert codes(PARAMS + "param width = 3\n") == ["E105"]
    assert codes(PARAMS + "param other = 3\n") == ["W201"]
    assert codes(PARAMS.replace("= 8 in", "= 80 in")) == ["E122"]


def test_sets():
    spec = good(MINIMAL, sets=["train.exact.gap=1%", "network.weights=int[-3, 3]", "data.test=0%", "train.loss=pattern"])
    assert spec.train.stages == (Exact(60.0, gap=0.01),)
    assert spec.network.layers[0].weights == Integers(-3, 3)
    assert (spec.data.test, spec.train.loss) == (0.0, "pattern")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("train.exact=1min", "E104"),
        ("train.sed=3", "E102"),
        ("trian.seed=3", "E101"),
        ("train.seed", "E118"),
        ("seed=3", "E101"),
        ("data.sample.seed=3", "E106"),
        ("train.seed=x y", "E007"),
        ("network.weights=3", "E007"),
        ("train.time=8GB", "E111"),
        ("=", "E101"),
    ],
)
def test_wrong_sets(text, code):
    first = diagnostics_of(MINIMAL, sets=[text])[0]
    assert first.code == code
    assert first.span.source.path == f"--set {text}"


COMMON = "bdnn 1 fragment\ntrain { solver = scip, threads = 2, exact 9min }\nnetwork { hidden 9 }\nparam w = 3\n"


def test_use_merges_facts_and_not_steps():
    text = 'bdnn 1\nuse "c"\ndata iris { split_seed = w }\ntrain { threads = 1, exact 1min }\n'
    spec = good(text, {"c": COMMON})
    assert (spec.train.solver, spec.train.threads, spec.data.split_seed) == ("scip", 1, 3)
    assert spec.train.stages == (Exact(60.0),)
    assert widths(spec) == [9, None]


def test_use_twice_in_a_diamond():
    files = {"a": 'bdnn 1 fragment\nuse "c"\n', "b": 'bdnn 1 fragment\nuse "c"\n', "c": COMMON}
    assert codes('bdnn 1\nuse "a"\nuse "b"\ndata iris { split_seed = w }\n', files) == []


@pytest.mark.parametrize(
    "files", [{}, {"c": 'bdnn 1 fragment\nuse "x.bdnn"\n'}, {"c": 'bdnn 1 fragment\nuse "d"\n', "d": 'use "c"\n'}]
)
def test_files_that_cannot_be_used(files):
    assert "E109" in codes(MINIMAL.replace("data", 'use "c"\ndata'), files)


def test_use_needs_a_path():
    assert codes(MINIMAL.replace("data", "use common\ndata")) == ["E118"]


def test_errors_in_a_used_file_have_their_place_there():
    text = MINIMAL.replace("data", 'use "c"\ndata')
    found = diagnostics_of(text, {"c": "bdnn 1 fragment\ntrain { seed = = 3 }\nnetwork { sed = 3 }\n"})
    assert [(d.code, d.span.source.path, d.span.first) for d in found] == [
        ("E007", "c", (2, 16)),
        ("E102", "c", (3, 11)),
    ]


def test_a_fragment_is_no_spec():
    assert codes(COMMON) == ["W201", "E106"]


CIRCLE = {"a": 'bdnn 1 fragment\n\nuse "b"\n', "b": 'use "c"\n', "c": '\nuse "a"\n'}


def test_a_circle_is_told_with_all_its_places():
    (error,) = (d for d in diagnostics_of(MINIMAL.replace("data", 'use "a"\ndata'), CIRCLE) if d.code == "E109")
    assert error.message == "cannot use `a`: the files use each other in a circle, a:3 → b:1 → c:2 → a"
    assert (error.span.source.path, error.span.first) == ("c", (2, 5))
    assert (error.second.source.path, error.second.first) == ("a", (3, 5))


def test_a_file_that_uses_itself():
    (error,) = (d for d in diagnostics_of(MINIMAL.replace("data", 'use "a"\ndata'), {"a": 'use "a"\n'}) if d.code == "E109")
    assert error.message.endswith("in a circle, a:1 → a")
    assert error.second is None


def test_the_order_of_precedence():
    files = {"far": "bdnn 1 fragment\nparam n = 1\ntrain { seed = 1, threads = 1, solver = scip, exact 1min }\n"}
    files["near"] = 'bdnn 1 fragment\nuse "far"\nparam n = 2\ntrain { seed = 2, threads = 2 }\n'
    text = 'bdnn 1\nuse "near"\ndata iris { split_seed = n }\nnetwork { hidden 2 }\ntrain { seed = 3 }\n'
    train = good(text, files).train
    assert (train.seed, train.threads, train.solver, train.formulation) == (3, 2, "scip", "tight")
    changed = good(text, files, sets=["train.seed=4", "train.threads=4"], defines=["n=5", "n=6"])
    assert (changed.train.seed, changed.train.threads, changed.data.split_seed) == (4, 4, 6)
    assert good(text, files).data.split_seed == 2
