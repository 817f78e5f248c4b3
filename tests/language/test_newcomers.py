"""Specs as people write them who come from other languages: what is said about each, and that the hint mends it."""

import re
from pathlib import Path

import pytest
from loading import MINIMAL, diagnostics_of

from bdnnlang.diagnostics import Diagnostic

PAGE = Path(__file__).parent / "newcomers.txt"
FILES = {"common.bdnn": "bdnn 1 fragment\ntrain { threads = 2 }\n"}


def spec(old: str, new: str) -> str:
    assert old in MINIMAL
    return MINIMAL.replace(old, new)


# one mistake, or one kind of mistake, in each
ONE = [
    spec("hidden 2", "weights in [-1, 0, 1], hidden 2"),
    spec("data iris", 'data csv("d.csv") { drop [in] }'),
    spec("data iris", 'data csv("d.csv") { target = in }'),
    spec("data iris", 'data csv("d.csv") { onehot ["a", true] }'),
    spec("hidden 2", "weights in -1..1, hidden 2"),
    spec("hidden 2", "weights in (-1, 1), hidden 2"),
    spec("hidden 2", "weights in -1, 1"),
    spec("hidden 2", "weights in -1 to 1, hidden 2"),
    spec("hidden 2", "weights in int[-1, 0, 1], hidden 2"),
    spec("hidden 2", "weights in {-1; 0; 1}, hidden 2"),
    spec("data iris", "use common.bdnn\ndata iris"),
    spec("data iris", "use common\ndata iris"),
    spec("data iris", "use 'common.bdnn'\ndata iris"),
    spec("hidden 2", "weights in {-1, 0, 1} hidden 2"),
    spec("exact 1min", "seed = 3 exact 1min"),
    spec("data iris", "data iris { test = 25% validation = 10% }"),
    spec("hidden 2", "hidden 2 hidden 3"),
    spec("hidden 2", "hidden 2; hidden 3"),
    spec("data iris", "data iris { scale none test = 25% }"),
    spec("hidden 2", "hidden 2 output"),
    spec("exact 1min", "exact 1min seed = 3"),
    spec("exact 1min", "local_search 10s exact 1min"),
    spec("data iris", "data csv('iris.csv')"),
    spec("data iris", "data csv(iris.csv)"),
    spec("data iris", 'data "iris.csv"'),
    spec("data iris", "data iris.csv"),
    spec("data iris", "data = iris"),
    spec("data iris", "data: iris"),
    spec("data iris", 'data = csv("a.csv")'),
    spec("data iris", 'data {\n source = "iris.csv"\n}'),
    spec("data iris", 'data file("x.csv")'),
    "bdnn: 1\ndata iris\nnetwork { hidden 2 }\ntrain { exact 1min }\n",
    "bdnn = 1\ndata iris\nnetwork { hidden 2 }\ntrain { exact 1min }\n",
    "bdnn 1.0\ndata iris\nnetwork { hidden 2 }\ntrain { exact 1min }\n",
    "bdnn v1\ndata iris\nnetwork { hidden 2 }\ntrain { exact 1min }\n",
    "# bdnn 1\ndata iris\nnetwork { hidden 2 }\ntrain { exact 1min }\n",
    "bdnn1\ndata iris\nnetwork { hidden 2 }\ntrain { exact 1min }\n",
    "version 1\ndata iris\nnetwork { hidden 2 }\ntrain { exact 1min }\n",
    spec("hidden 2", "hidden = 4"),
    spec("hidden 2", "hidden: 4"),
    spec("hidden 2", "hidden(4)"),
    spec("hidden 2", "hidden [4, 4]"),
    spec("hidden 2", "hidden 4, 4"),
    spec("hidden 2", "hidden = [4, 4]"),
    spec("hidden 2", "layers = [4, 4]"),
    spec("hidden 2", "layers 4"),
    spec("hidden 2", "layers = 2"),
    spec("hidden 2", "hidden_layers = [8]"),
    spec("hidden 2", "neurons = 4"),
    spec("hidden 2", "hidden 4 relu"),
    spec("hidden 2", "activation = relu, hidden 4"),
    spec("hidden 2", "hidden 4 { activation = relu }"),
    spec("hidden 2", "units = 8"),
    spec("hidden 2", "dense 4"),
    spec("hidden 2", "hidden"),
    spec("hidden 2", "hidden 2.5"),
    spec("hidden 2", "hidden four"),
    spec("hidden 2", "hidden -1"),
    spec("hidden 2", "hidden 0"),
    spec("hidden 2", 'hidden "4"'),
    spec("exact 1min", "time = 60"),
    spec("exact 1min", "time = 60, exact"),
    spec("exact 1min", "time 60s, exact"),
    spec("exact 1min", "exact"),
    spec("exact 1min", "exact = 60s"),
    spec("exact 1min", "exact 60"),
    spec("exact 1min", "exact 60 s"),
    spec("exact 1min", "exact 1m"),
    spec("exact 1min", "exact 1 min"),
    spec("exact 1min", "exact(60s)"),
    spec("exact 1min", "exact { time = 60s }"),
    spec("exact 1min", "exact { timeout = 60 }"),
    spec("exact 1min", "epochs = 30, exact 1min"),
    spec("exact 1min", "learning_rate = 0.01, exact 1min"),
    spec("exact 1min", "optimizer = adam, exact 1min"),
    spec("exact 1min", "batch_size = 32, exact 1min"),
    spec("exact 1min", "seed: 3, exact 1min"),
    spec("exact 1min", "seed 3, exact 1min"),
    spec("exact 1min", "seed == 3, exact 1min"),
    spec("exact 1min", "random_state = 1, exact 1min"),
    spec("exact 1min", "loss = cross_entropy, exact 1min"),
    spec("exact 1min", "loss = mse, exact 1min"),
    spec("exact 1min", "loss = accuracy, exact 1min"),
    spec("exact 1min", "loss zero_one, exact 1min"),
    spec("exact 1min", "solver = mosek, exact 1min"),
    spec("exact 1min", "solver = SCIP, exact 1min"),
    spec("exact 1min", "solver = cp-sat, exact 1min"),
    spec("exact 1min", "solver = ortools, exact 1min"),
    spec("exact 1min", "threads = all, exact 1min"),
    spec("exact 1min", "verbose = true, exact 1min"),
    spec("exact 1min", "exact 1min { gap = 1 }"),
    spec("exact 1min", "exact 1min { gap = 0.01% }"),
    spec("exact 1min", "exact 1min { mip_gap = 1% }"),
    spec("exact 1min", "loss = zero_one + l1 * 0.1, exact 1min"),
    spec("exact 1min", "loss = zero_one + 0.1 l1, exact 1min"),
    spec("exact 1min", "loss = 0.5 * zero_one, exact 1min"),
    spec("exact 1min", "// my stage\n exact 1min"),
    spec("exact 1min", "/* c */\n exact 1min"),
    spec("exact 1min", "-- c\n exact 1min"),
    "% c\nbdnn 1\ndata iris\nnetwork { hidden 2 }\ntrain { exact 1min }\n",
    '"""doc"""\nbdnn 1\ndata iris\nnetwork { hidden 2 }\ntrain { exact 1min }\n',
    spec("hidden 2", "weights = {-1, 0, 1}, hidden 2"),
    spec("hidden 2", "weights = [-1, 1], hidden 2"),
    spec("hidden 2", "weights in ternary, hidden 2"),
    spec("hidden 2", "weights = ternary, hidden 2"),
    spec("hidden 2", "weights ternary, hidden 2"),
    spec("hidden 2", "weights: ternary, hidden 2"),
    spec("hidden 2", "weights in int, hidden 2"),
    spec("hidden 2", "weights in integer, hidden 2"),
    spec("hidden 2", "weights in real, hidden 2"),
    spec("hidden 2", "weights in float, hidden 2"),
    spec("hidden 2", "weights in {-1..1}, hidden 2"),
    spec("hidden 2", "weights in int(-3, 3), hidden 2"),
    spec("hidden 2", "weights in int[-3..3], hidden 2"),
    spec("hidden 2", "weights in [-1 1], hidden 2"),
    spec("hidden 2", "weights in [-1; 1], hidden 2"),
    spec("hidden 2", "weights in ]-1, 1[, hidden 2"),
    spec("hidden 2", "weights in {-1 0 1}, hidden 2"),
    spec("hidden 2", "weights = binary, hidden 2"),
    spec("hidden 2", "weights in [−1, 1], hidden 2"),
    spec("hidden 2", "weights ∈ [-1, 1], hidden 2"),
    spec("hidden 2", "bias = true, hidden 2"),
    spec("hidden 2", "biases = false, hidden 2"),
    spec("hidden 2", "biases in none, hidden 2"),
    spec("hidden 2", "-1 <= weights <= 1, hidden 2"),
    spec("hidden 2", "weights <= 1, hidden 2"),
    spec("data iris", "data iris { test = 0.25 }"),
    spec("data iris", "data iris { test 25% }"),
    spec("data iris", "data iris { test = 25 }"),
    spec("data iris", "data iris { test = 25 % }"),
    spec("data iris", "data iris { test = 1/4 }"),
    spec("data iris", "data iris { test_size = 0.25 }"),
    spec("data iris", "data iris { split = 0.25 }"),
    spec("data iris", "data iris { train = 75% }"),
    spec("data iris", "data iris { test = .25 }"),
    spec("data iris", "data iris { target = species }"),
    spec("data iris", 'data iris { target: "species" }'),
    spec("data iris", "data iris { classes = [versicolor, virginica] }"),
    spec("data iris", 'data iris { classes = {"a", "b"} }'),
    spec("data iris", 'data iris { classes = "a", "b" }'),
    spec("data iris", 'data iris { drop "id" }'),
    spec("data iris", 'data iris { drop = ["id"] }'),
    spec("data iris", "data iris { drop id }"),
    spec("data iris", 'data iris { drop ["a" "b"] }'),
    spec("data iris", "data iris { scale = minmax }"),
    spec("data iris", "data iris { normalize }"),
    spec("data iris", "data iris { shuffle = true }"),
    spec("data iris", 'data csv("a.csv", sep=";")'),
    spec("data iris", 'data csv("a.csv" delimiter=";")'),
    spec("data iris", 'data csv("a.csv", delimiter: ";")'),
    spec("data iris", 'data csv("C:\\data\\a.csv")'),
    spec("data iris", 'data csv "a.csv"'),
    spec("data iris", 'data csv("a.csv";header=false)'),
    spec("data iris", "data iris,"),
    spec("data iris", "data mnist"),
    spec("data iris", "data Iris"),
    spec("data iris", 'data csv("a.csv", header=True)'),
    spec("data iris", 'data csv("a.csv") { header = True }'),
    spec("data iris", 'data csv("a.csv") { header = no }'),
    "bdnn 1\nnetwork { hidden 2 }\ntrain { exact 1min }\n",
    "bdnn 1\ndata iris\ntrain { exact 1min }\n",
    "bdnn 1\ndata iris\nnetwork { hidden 2 }\n",
    "",
    "\n\n",
    "bdnn 1\n",
    "data iris\nhidden 2\nexact 1min\n",
    "bdnn 1\ndata iris\nnetwork\n{\n hidden 2\n}\ntrain { exact 1min }\n",
    "bdnn 1\ndata iris\nnetwork = { hidden 2 }\ntrain { exact 1min }\n",
    "bdnn 1\ndata iris\nnetwork: { hidden 2 }\ntrain { exact 1min }\n",
    "bdnn 1\ndata iris\nnetwork = { hidden 2 }\ntrain = { exact 1min }\n",
    "bdnn 1\ndata iris\nnetwork { hidden 2)\ntrain { exact 1min }\n",
    "bdnn 1\ndata iris\nnetwork [ hidden 2 ]\ntrain { exact 1min }\n",
    "bdnn 1\ndata iris\nnetwork ( hidden 2 )\ntrain { exact 1min }\n",
    "bdnn 1\ndata iris\nnetwork hidden 2\ntrain { exact 1min }\n",
    "bdnn 1\ndata iris\nNetwork { hidden 2 }\ntrain { exact 1min }\n",
    "bdnn 1\ndata iris\nnn { hidden 2 }\ntrain { exact 1min }\n",
    spec("hidden 2", "Hidden 2"),
    "bdnn 1\ndata iris\nnetwork { hidden 2 } train { exact 1min }\n",
    spec("exact 1min", "if true { exact 1min }"),
    MINIMAL + "end\n",
    MINIMAL + "robust linf 0.1\n",
    spec("exact 1min", "exact 1min }\nrobust { linf = 0.1"),
    MINIMAL + "robust linf(eps=0.1)\n",
    MINIMAL + "robust 0.1\n",
    spec("exact 1min", "exact 1min }\nevaluate { attack 0.1"),
    spec("exact 1min", "exact 1min }\nevaluate { attack linf(0.1), attack fgsm(0.1)"),
    MINIMAL + "robust box(in=0.2)\n",
    MINIMAL + 'robust box("petal length"=0.2)\n',
    spec("exact 1min", "exact 1min }\ncompare { svm"),
    MINIMAL + "compare mlp\n",
    "param in = 2\nbdnn 1\ndata iris\nnetwork { hidden 2 }\ntrain { exact 1min }\n",
    spec("data iris", "param hidden width = 2\ndata iris").replace("hidden 2", "hidden hidden_width"),
    "bdnn 1\nwidth = 2\ndata iris\nnetwork { hidden width }\ntrain { exact 1min }\n",
    "bdnn 1\nparam width = 2 in [1, 2, 3]\ndata iris\nnetwork { hidden width }\ntrain { exact 1min }\n",
    "bdnn 1\nlet width = 2\ndata iris\nnetwork { hidden width }\ntrain { exact 1min }\n",
    "bdnn 1\nparam width 2\ndata iris\nnetwork { hidden width }\ntrain { exact 1min }\n",
    "bdnn 1\nparam width = 2\ndata iris\nnetwork { hidden $width }\ntrain { exact 1min }\n",
    "bdnn 1\nparam width = 2\ndata iris\nnetwork { hidden {width} }\ntrain { exact 1min }\n",
    "bdnn 1\nparam width = 2\ndata iris\nnetwork { hidden width * 2 }\ntrain { exact 1min }\n",
    spec("hidden 2", "hidden\xa02"),
    spec("data iris", "data csv(“a.csv”)"),
    spec("exact 1min", "exact １min"),
    spec("hidden 2", "hidden 2, größe = 3"),
    spec("data iris", 'data csv("a") { drop [größe] }'),
    spec("data iris", 'data csv("a") { drop [petal length] }'),
    spec("data iris", 'data csv("a") { drop [2024] }'),
    spec("data iris", 'data csv("a") { drop [2nd] }'),
    spec("data iris", 'data csv("a") { target = 2nd_class }'),
]

# other languages altogether
MANY = [
    "bdnn 1; data iris; network { hidden 2 }; train { exact 1min }",
    "bdnn 1 data iris network { hidden 2 } train { exact 1min }",
    '{\n  "data": "iris",\n  "network": {"hidden": 2},\n  "train": {"exact": "1min"}\n}\n',
    "data: iris\nnetwork:\n  hidden: 2\ntrain:\n  exact: 1min\n",
    '[data]\nsource = "iris"\n[network]\nhidden = 2\n',
    "import bdnnlang\nmodel = bdnnlang.Network(hidden=2)\nmodel.fit(iris)\n",
    "<spec>\n<data>iris</data>\n</spec>",
    "data:\n  - iris\n",
    MINIMAL + "param w = 3\nparam w: 4\n",
    spec("data iris", "data “iris”"),
    spec("data iris", 'data csv("a") { drop [petal-length, a.b] }'),
    spec("train { exact 1min }", "<train>\n  exact 1min\n</train>"),
    spec("train { exact 1min }", "train {\n exact 1min\n seed += 1\n}"),
    spec("data iris", 'data iris { classes = ("a", "b") }'),
    spec("hidden 2", "hidden (1, 2)"),
    spec("data iris", "data iris { classes = {a: 1} }"),
    spec("data iris", "data iris { split_seed = None }"),
    spec("exact 1min", "solver = null, exact 1min"),
    spec("data iris", "data iris\ntrain.seed = 3"),
    spec("train { exact 1min }", "train\n  exact 1min\n  seed = 3"),
    spec("train { exact 1min }", "train:\n  exact 1min\n  seed = 3"),
    spec("data iris", "data iris\ndef width():\n  return 2"),
    spec("data iris", "data iris\nif x:\n  seed = 3"),
    spec("data iris", "data iris\nfor i in range(3):\n  seed = i"),
]


def line(diagnostic: Diagnostic) -> str:
    row, column = diagnostic.span.first
    hint = re.sub("((here|blocks): |one of ).*", r"\1…", diagnostic.hint)  # lists grow with the language
    return f"    {diagnostic.code} {row}:{column} {diagnostic.message}\n        = {hint}\n"


def unusual(text: str) -> str:
    """The lines that are not those of the smallest spec."""
    return "\n".join(line for line in text.splitlines() if line not in MINIMAL.splitlines()) or text


def test_what_a_newcomer_is_told(golden):
    """Read the page as one: does each hint say what to do?"""
    page = [f"{unusual(text)}\n{''.join(map(line, diagnostics_of(text, FILES)))}" for text in [*ONE, *MANY]]
    golden(PAGE, "\n".join(page))


@pytest.mark.parametrize("text", ONE)
def test_a_hint_leads_to_no_second_mistake(text):
    before = diagnostics_of(text, FILES)
    for diagnostic in before:
        if diagnostic.repair is not None:
            mended = diagnostic.repair.apply(text)
            after = diagnostics_of(mended, FILES)
            assert len(after) < len(before), (mended, after)
            assert diagnostic.repair.text in mended


def test_most_of_them_can_be_mended_by_an_editor():
    repaired = [text for text in ONE if any(diagnostic.repair for diagnostic in diagnostics_of(text, FILES))]
    assert len(repaired) > 120


def test_what_a_hint_says_to_write_is_what_it_changes():
    for text in ONE:
        for diagnostic in diagnostics_of(text, FILES):
            if diagnostic.fix is not None and diagnostic.fix.is_said:
                assert diagnostic.hint == f"write `{diagnostic.fix.text}`"
