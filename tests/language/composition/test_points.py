"""A sweep becomes the specs of its points: in which order, with which values, and which of its members only repeat a run."""

from typing import Any

import pytest
from language.loading import MINIMAL, codes, good, reader

from bdnnlang.language.composition.points import Point
from bdnnlang.language.composition.repetitions import repetitions
from bdnnlang.language.effective import effective
from bdnnlang.language.load import load_points
from bdnnlang.language.spec import Csv
from bdnnlang.source import Source

TEXT = """bdnn 1
param width = 2 in int[1, 8]
param seed = 0
param how = scip
param limit = 1min
param file = "a.csv"
data csv(file) { split_seed = seed }
network { hidden width }
train { seed = seed, solver = how, exact limit }
"""
SEEDS = """bdnn 1
param width = 2
param split = 0
param seed = 0
param rows = 20
data random(samples=rows, features=2, seed=split) { sample 9 { seed = split }, split_seed = split }
network { hidden width }
train { seed = seed, exact 1min }
"""


def points(text: str, *defines: str, **more: Any) -> tuple[Point, ...]:
    return load_points(Source("x.bdnn", text), read=reader({}), defines=defines, **more)[1]


def names(text: str, *defines: str) -> list[str]:
    return [point.name for point in points(text, *defines)]


def test_the_product_of_the_members_in_their_order() -> None:
    text = TEXT + "sweep { width in {4, 1}, seed in int[-1, 0], how in {cpsat, scip} }\n"
    assert names(text.replace("split_seed = seed", "").replace("seed = seed,", "seed = seed + 1,"))[:5] == [
        "width=4,seed=-1,how=cpsat",
        "width=4,seed=-1,how=scip",
        "width=4,seed=0,how=cpsat",
        "width=4,seed=0,how=scip",
        "width=1,seed=-1,how=cpsat",
    ]


def test_a_point_is_the_spec_with_its_values_behind_d() -> None:
    text = TEXT + 'sweep { limit in {1s, 2min}, file in {"a b.csv", "c.csv"}, width in {2 * 2, 1} }\n'
    for point in points(text):
        defines = [f"{name}={value}" for name, value in point.values]
        alone = good(TEXT, defines=defines)
        assert point.spec == alone
        assert effective(point.spec) == effective(alone)
    first = points(text)[0]
    assert first.values == (("limit", "1s"), ("file", "a b.csv"), ("width", "4"))
    assert isinstance(first.spec.data.source, Csv)
    assert (first.spec.data.source.path, first.spec.train.stages[0].time) == ("a b.csv", 1.0)


@pytest.mark.parametrize(
    ("domain", "values"),
    [
        ("int[-2, 1]", "-2 -1 0 1"),
        ("binary", "0 1"),
        ("{0.1, 1/3, 1e-3, -2.50}", "0.1 1/3 0.001 -2.5"),
        ("{90s, 1h30min, 500ms}", "90s 5400s 0.5s"),
        ("{20%, 100%, 12.5%}", "20% 100% 12.5%"),
        ("{scip, highs}", "scip highs"),
        ("{true, false}", "true false"),
    ],
)
def test_values_are_written_exactly(domain: str, values: str) -> None:
    assert names(MINIMAL + f"param x = 0\nsweep {{ x in {domain} }}\n") == [f"x={value}" for value in values.split()]


def test_a_list_behind_d_is_a_sweep_and_lists_multiply() -> None:
    assert names(TEXT, "width=1,2", "how=scip,cpsat") == [
        "width=1,how=scip",
        "width=1,how=cpsat",
        "width=2,how=scip",
        "width=2,how=cpsat",
    ]
    assert names(TEXT, "width=1,2", "width=3") == []
    assert names(TEXT, "file=a,b") == [], "a string takes the text as it is"


def test_the_command_line_is_before_the_block() -> None:
    text = TEXT + "sweep { width in {1, 2}, how in {scip, cpsat} }\n"
    assert names(text, "width=5") == ["how=scip", "how=cpsat"]
    assert {point.spec.network.layers[0].width for point in points(text, "width=5")} == {5}
    assert names(text, "how=highs", "width=7,8") == ["width=7", "width=8"]
    assert names(text, "width=1", "how=scip") == []


def test_folds_come_last() -> None:
    text = SEEDS + "sweep { cross_validate = 2, width in {1, 2} }\n"
    assert names(text) == ["width=1,fold=1", "width=1,fold=2", "width=2,fold=1", "width=2,fold=2"]
    assert [(point.spec.data.folds, point.spec.data.fold) for point in points(text)] == [(2, 1), (2, 2)] * 2
    again = good(effective(points(text)[1].spec))
    assert again == points(text)[1].spec


def test_a_spec_without_a_sweep_has_no_points() -> None:
    assert points(TEXT) == ()
    assert good(TEXT).sweep is None
    assert points(TEXT.replace("hidden width", "hidden 2") + "sweep { width in {1, 2} }\n"), "an unused param is a warning"


def test_the_members_that_only_repeat_a_run() -> None:
    text = SEEDS + "sweep { seed in {1, 2}, width in {1, 2}, split in {1, 2}, rows in {20}, cross_validate = 2 }\n"
    assert repetitions(points(text)) == ("seed", "split", "fold")
    assert repetitions(points(SEEDS + "sweep { rows in {20, 30}, seed in {3} }\n")) == ()
    assert repetitions(points(SEEDS.replace("hidden width", "hidden seed").replace("seed = 0", "seed = 1"), "seed=1,2")) == ()


@pytest.mark.parametrize(
    ("sweep", "code"),
    [
        ("width in int[1, 9]", "E122"),
        ("width in [1, 2]", "E111"),
        ("width in {}", "E112"),
        ("width in int[3, 1]", "E112"),
        ("width in {1, 1.0}", "E105"),
        ("seed in int[0, 10_000]", "E114"),
        ("width in int[1, 8], seed in int[1, 2_000]", "E114"),
        ("file in {1, 2}", "E111"),
        ("width 1 2", "E104"),
        ("param a = 1", "E108"),
        ("width in {widht}", "E122"),
        ("cross_validate = 1", "E114"),
        ("cross_validat = 5", "E121"),
        ("", "E118"),
    ],
)
def test_what_is_no_sweep(sweep: str, code: str) -> None:
    assert codes(TEXT + f"sweep {{ {sweep} }}\n") == [code]


def test_an_error_at_one_point_says_at_which() -> None:
    from bdnnlang.diagnostics import Rejected

    text = MINIMAL.replace("hidden 2", "hidden n - 1").replace("data", "param n = 3\ndata") + "sweep { n in {2, 1} }\n"
    text = text.replace("hidden n - 1", "hidden n")
    with pytest.raises(Rejected) as rejected:
        points(text.replace("{2, 1}", "{2, 0}"))
    assert [d.code for d in rejected.value.diagnostics] == ["E114"]


def test_a_param_named_fold_and_folds_are_two_columns_of_one_name() -> None:
    text = MINIMAL.replace("hidden 2", "hidden fold").replace("data", "param fold = 3\ndata")
    assert codes(text + "sweep { fold in {1, 2}, cross_validate = 2 }\n") == ["E124"]
    assert codes(text + "sweep { fold in {1, 2} }\n") == []
