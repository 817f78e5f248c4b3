"""What a spec means, defaults and all."""

import pytest
from loading import MINIMAL, codes, diagnostics_of, good

from bdnnlang.language.schema import ROWS, TABLE
from bdnnlang.language.spec import (
    Builtin,
    Column,
    Csv,
    DataSpec,
    DataSplit,
    Drop,
    Exact,
    Impute,
    Integers,
    Interval,
    Label,
    LayerSpec,
    LocalSearch,
    NetworkSpec,
    OneHot,
    Random,
    Sample,
    Scale,
    Spec,
    TrainSpec,
    Values,
)

WIDE = Interval(-1.0, 1.0)


def with_(data="data iris", network="network { hidden 2 }", train="train { exact 1min }", head="", **more) -> str:
    return "\n".join(["bdnn 1", head, data, network, train, *more.values(), ""])


def test_four_lines_are_a_spec():
    assert good(MINIMAL) == Spec(
        DataSpec(Builtin("iris"), steps=(Scale("minmax"),)),
        NetworkSpec((LayerSpec(2, WIDE), LayerSpec(None, WIDE))),
        TrainSpec((Exact(60.0),)),
    )


def test_every_setting():
    text = """bdnn 1
data csv("a b.csv", delimiter=";") {
  target = 3, classes = [1, "no", 2.50, maybe]
  test = 20%, validation = 0.1, split_seed = 4
  header = false
  sample 1_000 { seed = 3 }
  drop [1, "x y", z]
  impute median
  onehot ["sex"]
  scale standard
}
network {
  weights in {-1, 0, 0.5}
  biases in int[-3, 3]
  thresholds = per_layer
  hidden 4
  hidden 3 { weights in ternary, biases in [-1, 2] }
  output { encoding = one_hot, weights in binary }
}
train {
  loss = hamming, seed = 7, time = 1h, threads = 2, solver = scip, formulation = paper
  exact 90s { gap = 1%, node_limit = 10 }
  local_search 10s { method = alternate, restarts = 3 }
  data_split 1min { splits = 4, n_init = 2, minibatch = 64, step_time = 5s, by = loss, select = validation }
  exact rest
}
"""
    half = Values((-1.0, 0.0, 0.5))
    small = Integers(-3, 3)
    assert good(text) == Spec(
        DataSpec(
            Csv("a b.csv", ";", header=False),
            target=Column(3),
            classes=(Label(1), Label("no"), Label(2.5), Label("maybe")),
            test=0.2,
            validation=0.1,
            split_seed=4,
            steps=(
                Sample(1000, 3),
                Drop((Column(1), Column("x y"), Column("z"))),
                Impute("median"),
                OneHot((Column("sex"),)),
                Scale("standard"),
            ),
        ),
        NetworkSpec(
            (
                LayerSpec(4, half, small),
                LayerSpec(3, Integers(-1, 1), Interval(-1.0, 2.0)),
                LayerSpec(None, Integers(0, 1), small),
            ),
            thresholds="per_layer",
            encoding="one_hot",
        ),
        TrainSpec(
            (
                Exact(90.0, gap=0.01, node_limit=10),
                LocalSearch(10.0, "alternate", restarts=3),
                DataSplit(60.0, 4, 2, 64, 5.0, "loss", "validation"),
                Exact("rest"),
            ),
            loss="hamming",
            seed=7,
            time=3600.0,
            threads=2,
            solver="scip",
            formulation="paper",
        ),
    )


def test_synthetic_data():
    spec = good(with_("data random(samples=20, features=3, kind=noise)"))
    assert spec.data.source == Random(20, 3, kind="noise")


def test_no_hidden_layer():
    assert good(with_(network="network")).network.layers == (LayerSpec(None, WIDE),)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("500ms", 0.5), ("90s", 90.0), ("1h30min", 5400.0), ("0.5d", 43200.0), ("1d1h1min1s", 90061.0)],
)
def test_durations(text, seconds):
    assert good(with_(train=f"train {{ exact {text} }}")).train.stages[0].time == seconds


@pytest.mark.parametrize("text", ["10m", "1min30h", "1s1s", "10%5%", "3GBs", "1e", "0x10", "5µs"])
def test_no_durations(text):
    assert codes(with_(train=f"train {{ exact {text} }}")) == ["E110"]


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("[-1, 1]", WIDE),
        ("[0.1 + 0.2, 1e0]", Interval(0.3, 1.0)),
        ("{1, -1, 0, 0}", Integers(-1, 1)),
        ("{3}", Integers(3, 3)),
        ("{-0, 0.0}", Integers(0, 0)),
        ("{-1, 1}", Values((-1.0, 1.0))),
        ("int[-3, 6 / 2]", Integers(-3, 3)),
        ("binary", Integers(0, 1)),
        ("{\n  1,\n  0.5,\n}", Values((0.5, 1.0))),
    ],
)
def test_domains(text, domain):
    assert good(with_(network=f"network {{ weights in {text} }}")).network.layers[0].weights == domain


@pytest.mark.parametrize(
    ("domain", "code"),
    [
        ("[1, -1]", "E112"),
        ("{}", "E112"),
        ("int[0.5, 2]", "E111"),
        ("real[0, 1]", "E113"),
        ("unary", "E113"),
        ("[-2e6, 1]", "E114"),
        ("[0, 10%]", "E111"),
        ('{"a"}', "E111"),
        ("[0, width]", "E120"),
    ],
)
def test_wrong_domains(domain, code):
    assert codes(with_(network=f"network {{ weights in {domain} }}")) == [code]


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1e-400", "1e999999999999999999999", "9" * 5000, "1e300 * 1e300"])
def test_numbers_that_no_machine_holds(number):
    assert codes(with_(train=f"train {{ exact 1min, seed = {number} }}")) == ["E114"]


@pytest.mark.parametrize(
    ("train", "code"),
    [
        ("exact 0s", "E114"),
        ("exact 60", "E111"),
        ("exact 1min 2min", "E118"),
        ("exact 1min, threads = 0", "E114"),
        ("exact 1min, seed = 1.5", "E111"),
        ("exact 1min, seed = 1 / 0", "E123"),
        ("exact 1min, seed = 1min / 1s + x", "E120"),
        ("exact 1min, seed = [1]", "E111"),
        ("exact 1min, seed = f(1)", "E111"),
        ("exact 1min { gap = 2 }", "E114"),
        ("exact 1min { gap = 1s }", "E111"),
        ("exact 1min, loss = 3", "E111"),
        ('exact 1min, loss = "hammming"', "E115"),
        ("exact rest", "E126"),
        ("exact", "W205"),
        ("time = 1min, exact 2min", "E205"),
        ("time = 1min", "E106"),
        ("hidden 2, exact 1min", "E103"),
        ("gap = 3, exact 1min", "E102"),
        ("exact = 1min, exact 1min", "E104"),
        ("loss hamming, exact 1min", "E104"),
        ("loss in {1}, exact 1min", "E107"),
        ("param x = 3, exact 1min", "E108"),
    ],
)
def test_wrong_training(train, code):
    assert codes(with_(train=f"train {{ {train} }}")) == [code]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("data", "E118"),
        ("data iris wine", "E118"),
        ("data irsi", "E116"),
        ('data "iris"', "E115"),
        ('data "heart.csv"', "E111"),
        ("data csv", "E118"),
        ("data csv()", "E118"),
        ('data csv("a", "b")', "E118"),
        ('data csv("")', "E114"),
        ('data csv("a", sep=";")', "E102"),
        ('data csv("a", delimiter="::")', "E114"),
        ('data csv("a", header=yes)', "E111"),
        ("data xls(3)", "E116"),
        ("data random(samples=5)", "E118"),
        ("data random(samples=1, features=1)", "E114"),
        ("data random(samples=5, samples=5, features=1)", "E105"),
        ('data iris { delimiter = "," }', "E124"),
        ('data csv("a", header=true) { header = true }', "E105"),
        ("data iris { test = 60%, validation = 40% }", "E114"),
        ("data iris { test = 25 }", "E114"),
        ("data iris { classes = [1] }", "E114"),
        ("data iris { classes = [1, 1.0] }", "E105"),
        ("data iris { target = 0 }", "E114"),
        ("data iris { target = 1.5 }", "E114"),
        ("data iris { drop [] }", "E114"),
        ("data iris { drop }", "E118"),
        ("data iris { scale fast }", "E116"),
        ("data iris { sample 3 { sed = 1 } }", "E102"),
    ],
)
def test_wrong_data(data, code):
    assert codes(with_(data)) == [code]


def test_rest_says_what_is_left_out():
    assert diagnostics_of(with_(data="data iris { test = 25 }"))[0].hint == "write `25%`"
    assert diagnostics_of(with_(train="train { exact 60 }"))[0].hint == "write `60s` or `60min`"
    assert diagnostics_of(with_(train="train { exact 10m }"))[0].hint == "did you mean `10min`?"
    assert diagnostics_of(with_(network="network { layer 3 }"))[0].hint == "did you mean `hidden`?"


def test_a_misspelt_thing_is_not_missing_too():
    assert codes("bdnn 1\ndatta iris\nnetwrok { hidden 2 }\ntrain { exatc 1min }\n") == ["E101", "E101", "E103"]


def test_headers_are_steps():
    assert codes(MINIMAL.replace("bdnn 1", "bdnn = 1")) == ["E104"]
    assert codes(MINIMAL + 'use = "x"\n') == ["E104"]
    assert codes(MINIMAL.replace("bdnn 1", "bdnn")) == ["E118"]
    assert codes(MINIMAL.replace("bdnn 1", "bdnn 1 library")) == ["E118"]
    assert codes(MINIMAL.replace("bdnn 1", "bdnn 0")) == ["E114"]
    assert codes("bdnn 1\n" + MINIMAL) == ["E105"]


def test_meaning_is_checked_beside_broken_lines():
    text = MINIMAL.replace("exact", "seed = = 1\n  threads = x + 1\n  sovler = scip\n  exact")
    assert codes(text) == ["E007", "E120", "E102"]


def test_what_a_syntax_error_hides_is_not_missing():
    assert codes(MINIMAL.replace("exact 1min", "exact: 1min")) == ["E006"]
    assert codes(MINIMAL.replace("data", "param w == 2\ndata").replace("hidden 2", "hidden w")) == ["E006"]
    assert codes(MINIMAL.replace("bdnn 1", "bdnn: 1")) == ["E006"]


@pytest.mark.parametrize("stage", ["exat 1min", "local_serch 1min", "data_spilt 1min"])
def test_a_misspelt_stage_is_not_missing_as_well(stage):
    assert codes(MINIMAL.replace("exact 1min", stage)) == ["E103"]


def test_schema_is_a_tree():
    assert all(not row.parent or row.parent in ROWS for row in TABLE)
    assert len(ROWS) == len(TABLE)
    assert all(row.help[0].isupper() or not row.help[0].isalpha() for row in TABLE)


@pytest.mark.parametrize(
    "row", [row for row in TABLE if row.example and row.form in ("fact", "domain", "step")], ids=lambda r: r.path
)
def test_examples_are_right(row):
    if row.parent == "":
        return
    blocks = {
        "data": ['data csv("a")', ""],
        "network": ["network", ""],
        "train": ["train", "exact 1min" * (row.name != "exact")],
        "robust": ["robust linf(0.1)", ""],
        "evaluate": ["evaluate", ""],
        "compare": ["compare", ""],
        "require": ["require", ""],
        "report": ["report", ""],
        "sweep": ["sweep", ""],
    }
    name, *inner = row.parent.split(".")
    steps = {
        "exact": "exact 1min",
        "output": "output",
        "sample": "sample 9",
        "attack": "attack l1(1)",
        "mlp": "mlp",
        "tree": "tree",
    }
    step = steps.get(inner[0], f"{inner[0]} 1min") if inner else ""
    beside = {"data.folds": "fold = 2", "data.fold": "folds = 5"}.get(row.path, blocks[name][1])
    body = f"{step} {{ {row.example} }}" if inner else f"{row.example}, {beside}"
    assert codes(with_(**{name: f"{blocks[name][0]} {{ {body} }}"})) == []


def test_a_part_may_be_a_file_that_is_read_as_the_source_is():
    spec = good(with_('data csv("a.csv") { delimiter = ";", test = csv("t.csv"), validation = csv("v.csv", delimiter="|") }'))
    assert spec.data.test == Csv("t.csv", ";")
    assert spec.data.validation == Csv("v.csv", "|")
    assert good(with_('data iris { test = csv("t.csv"), validation = 20% }')).data.test == Csv("t.csv")


def test_what_is_no_part():
    (error,) = diagnostics_of(with_('data iris { test = "t.csv" }'))
    assert (error.code, error.hint) == ("E111", 'write `csv("t.csv")`')
    (error,) = diagnostics_of(with_('data iris { test = cvs("t.csv") }'))
    assert (error.code, error.hint) == ("E116", "did you mean `csv`?")
    assert codes(with_("data iris { test = csv(3) }")) == ["E111"]
    assert codes(with_('data iris { test = csv("t.csv", colour=1) }')) == ["E102"]
    assert codes(with_('data iris { test = csv("t.csv"), test = 20% }')) == ["E105"]


@pytest.mark.parametrize(
    ("name", "example"), [("comment", '`comment = "#"`'), ("delimiter", '","'), ("thousands", '`thousands = ","`')]
)
def test_an_empty_string_gets_an_example_that_is_one(name, example):
    (error,) = diagnostics_of(with_(f'data csv("a.csv") {{ {name} = "" }}'))
    assert (error.code, error.hint) == ("E114", f"for example {example}")


def test_words_of_earlier_versions_are_read():
    def selects(word):
        (stage,) = good(MINIMAL.replace("exact 1min", f"data_split 1min {{ select = {word} }}")).train.stages
        return stage.select

    assert selects("train") == selects("training") == "training"
    assert "E116" in codes(MINIMAL.replace("exact 1min", "local_search 1min { select = train }"))


def test_preferences_are_stages_after_the_others():
    spec = good(with_(train="train { time = 1min, prefer = [margin, sparsity, margin], exact 10s }"))
    assert [stage.name for stage in spec.train.schedule] == ["exact", "prefer margin", "prefer sparsity"]
    assert spec.train.stages == (Exact(10.0),)


@pytest.mark.parametrize(
    ("train", "more", "first", "second"),
    [
        ("loss = zero_one + 0.1 * l2, prefer = [sparsity]", "", "prefer = [sparsity]", "0.1 * l2"),
        ("prefer = [margin]", "robust linf(0.1) { method = pattern }", "prefer = [margin]", "robust"),
    ],
)
def test_what_does_not_go_with_preferences(train, more, first, second):
    (found,) = diagnostics_of(with_(train=f"train {{ time = 1min, {train}, exact 10s }}", more=more))
    assert found.code == codes(with_(train="train { solver = scip, race = [scip, highs], time = 1min, exact }"))[0]
    assert (found.span.text, found.second.text[: len(second)]) == (first, second)
