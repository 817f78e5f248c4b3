"""The statements as a tree, and what can be folded."""

from marked import opened

from bdnnlang.language.symbols import Role
from bdnnlang.lsp.outline import folds, outline

TEXT = """bdnn 1
# one
# two

use "c.bdnn"
param width = 2
data csv("a.csv") {  # not alone
  drop [
    "a",
  ]
  test = 20%
}
network { weights in [-1, 1], hidden width }
train {
  exact 1min {
    gap = 1%
  }
}
"""


def tree(entries):
    return [(entry.name, entry.detail, entry.role.value, *([tree(entry.inner)] if entry.inner else ())) for entry in entries]


def test_the_tree():
    assert tree(outline(opened(TEXT)[0])) == [
        ("bdnn", "1", "step"),
        ("use", '"c.bdnn"', "file"),
        ("width", "2", "param"),
        ("data", 'csv("a.csv")', "block", [("drop", '[\n    "a",\n  ]', "step"), ("test", "20%", "setting")]),
        ("network", "", "block", [("weights", "[-1, 1]", "setting"), ("hidden", "width", "step")]),
        ("train", "", "block", [("exact", "1min", "step", [("gap", "1%", "setting")])]),
    ]


def test_each_entry_holds_its_name_and_what_is_in_it():
    for entry in outline(opened(TEXT)[0]):
        assert entry.span.start <= entry.place.start <= entry.place.stop <= entry.span.stop
        assert entry.place.text == entry.name
        assert all(entry.span.start < inner.span.start <= inner.span.stop < entry.span.stop for inner in entry.inner)
    assert outline(opened(TEXT)[0])[0].role is Role.STEP


def test_half_a_text():
    assert tree(outline(opened("data iris {\n  test = ")[0])) == [("data", "iris", "block", [("test", "", "setting")])]
    assert outline(opened("{ } = [")[0]) == ()


def test_requirements():
    assert tree(outline(opened('require { recall("a") >= 99%, features <= 5 }')[0])) == [
        ("require", "", "block", [("recall", '("a") >= 99%', "requirement"), ("features", "<= 5", "requirement")])
    ]


def test_folds():
    found = [(fold.span.first[0], fold.span.last[0], fold.is_comment) for fold in folds(opened(TEXT)[0])]
    assert found == [(2, 3, True), (7, 12, False), (8, 10, False), (14, 18, False), (15, 17, False)]
