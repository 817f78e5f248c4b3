"""Specs fact by fact: layout, order of settings and written defaults make no difference; everything else does, by its path."""

from __future__ import annotations

import pytest

import bdnnlang as bd
from bdnnlang.report.differences.spec_changes import spec_changes

BASE = """bdnn 1
data csv("a.csv") {
  test = 30%
  drop ["id"]
  impute median
  scale none
}
network { weights in {-1, 0, 1}, hidden 2, hidden 3 }
train { seed = 7, local_search 10s, exact 1min }
"""
SAME = """# the same, as somebody else writes it
bdnn 1
train { local_search 10s { method = auto }
  exact 60s, solver = auto
  seed = 7 }   # last
network {
  hidden 2 { weights in ternary }
  hidden 3, output { encoding = auto }
  weights in int[-1, 1]
}
data csv("a.csv", delimiter=",") { drop ["id"], impute median, scale none, test = 0.3, split_seed = 0 }
"""


def found(a: str, b: str) -> list[tuple[str, object, object]]:
    changes = spec_changes(bd.load_spec(a), bd.load_spec(b))
    assert all(change.counts for change in changes)
    return [(change.place, change.a, change.b) for change in changes]


def test_what_means_the_same_is_the_same() -> None:
    assert found(BASE, SAME) == []


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ('csv("a.csv")', 'csv("b.csv")', [("data", 'csv("a.csv")', 'csv("b.csv")')]),
        ('csv("a.csv")', 'csv("a.csv", decimal=",")', [("data.decimal", '"."', '","')]),
        ('csv("a.csv") {', 'csv("a.csv") {\n  decimal = ","', [("data.decimal", '"."', '","')]),
        ("30%", "0%", [("data.test", "30%", "0%")]),
        ("test", "missing = []\n  test", [("data.missing", None, "[]")]),
        ('["id"]', '["id", "no"]', [("data.drop", '["id"]', '["id", "no"]')]),
        ("impute median\n", "\n", [("data.impute", "impute median", None)]),
        ("  scale none\n", '  onehot ["c"]\n  scale none\n', [("data.onehot", None, 'onehot ["c"]')]),
        (
            "impute median\n  scale none",
            "scale none\n  impute median",
            [("data: place of `scale none`", "step 3", "step 2")],
        ),
        ("hidden 2", "hidden 4", [("network.hidden[1]", "2", "4")]),
        ("hidden 2, ", "", [("network.hidden[1]", "hidden 2", None)]),
        ("weights in {-1, 0, 1}", "weights in [-1, 1]", [("network.weights", "in int[-1, 1]", "in [-1, 1]")]),
        (
            "hidden 2",
            "hidden 2 { weights in [-1, 1] }",
            [("network.hidden[1].weights", "in int[-1, 1]", "in [-1, 1]")],
        ),
        ("seed = 7", "seed = 7, loss = hamming + 0.25 * l1", [("train.loss", None, "hamming + 0.25 * l1")]),
        ("exact 1min", "exact 2min { gap = 1% }", [("train.exact", "1min", "2min"), ("train.exact.gap", "0%", "1%")]),
        ("exact 1min", "time = 9min, exact", [("train.time", None, "9min"), ("train.exact", "1min", None)]),
        (
            "exact 1min",
            "exact 1min, exact 2min",
            [("train.exact[2]", None, "exact 2min { gap = 0%, parts = 1, by_function = false, warm_start = true }")],
        ),
        (
            "train {",
            "robust linf(0.1)\ntrain {",
            [("robust", None, "robust linf(0.1) { method = pattern }")],
        ),
    ],
)
def test_a_change_is_named_by_its_path_both_ways(old: str, new: str, change: list[tuple[str, object, object]]) -> None:
    other = BASE.replace(old, new, 1)
    assert other != BASE
    assert found(BASE, other) == change
    back = found(other, BASE)
    if "place of" not in change[0][0]:  # of two steps that change places either has moved
        assert sorted(map(str, ((place, a, b) for place, b, a in back))) == sorted(map(str, change))


def test_a_fixed_output_has_no_weights_of_the_others() -> None:
    other = BASE.replace("hidden 3 }", "hidden 3, output any }")
    assert ("network.output", None, "any") in found(BASE, other)
    assert not [place for place, _, b in found(BASE, other) if b and place.startswith("network.output.weights")]


def test_requirements_are_named_by_what_they_limit() -> None:
    first, second = (
        BASE + f'require {{\n  recall("m") >= {share}\n  features <= 5\n{more}}}\n'
        for share, more in (("90%", ""), ("95%", '  increasing("dose")\n'))
    )
    assert found(first, second) == [
        ('require.recall("m") >=', "90%", "95%"),
        ('require.increasing("dose")', None, "asked for"),
    ]


def test_sweeps_are_compared_by_their_values() -> None:
    head = "bdnn 1\nparam width = 2 in int[1, 9]\n"
    first = BASE.replace("bdnn 1\n", head).replace("hidden 2", "hidden width") + "sweep { width in {1, 2} }\n"
    second = first.replace("{1, 2}", "{1, 3}").replace("sweep {", "sweep { cross_validate = 5,")
    assert found(first, second) == [("sweep.width", "in {1, 2}", "in {1, 3}"), ("sweep.cross_validate", None, 5)]


def test_params_count_by_their_values() -> None:
    other = BASE.replace("bdnn 1\n", "bdnn 1\nparam width = 2\n").replace("hidden 2", "hidden width")
    assert found(BASE, other) == []
