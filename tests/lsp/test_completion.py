"""What is offered where, from the schema, the params and the data."""

import pytest
from marked import opened

from bdnnlang.language.schema import TABLE, below
from bdnnlang.lsp.completion import Shape, Surroundings, complete

AROUND = Surroundings(("age", 'the "x"', "dose mg"), ("no", "yes"), lambda: ["a.csv", "b.npz", "common.bdnn", "d/e.csv"])


def offered(marked, **files):
    document, offset = opened(marked, **files)
    return {item.label: item.text for item in complete(document, offset, AROUND)}


def test_blocks_at_the_top_each_once():
    assert offered("|").keys() == {*below("", "block", "step"), "param"}
    assert offered("bdnn 1\ndata iris\n|").keys() == {*below("", "block", "step"), "param"} - {"bdnn", "data"}
    assert offered("|")["train"] == "train "


@pytest.mark.parametrize(
    "parent", sorted({row.parent for row in TABLE if row.form in ("fact", "step", "domain", "requirement")} - {""})
)
def test_every_setting_and_step_of_a_block(parent):
    marked = "".join(f"{name} {{ " for name in parent.split(".")) + "|"
    assert offered(marked).keys() == below(parent, "fact", "step", "domain", "requirement", "block").keys()


def test_settings_once_and_steps_again():
    found = offered("train { seed = 3\n exact 1s\n |")
    assert "seed" not in found
    assert found["exact"] == "exact "
    assert found["loss"] == "loss = "
    assert offered("network { |")["weights"] == "weights in "


@pytest.mark.parametrize(
    ("marked", "wanted"),
    [
        ("train { solver = |", {"scip": "scip", "auto": "auto"}),
        ("train { solver = sc|", {"scip": "scip"}),
        ("train { without = |", {"polarity": "[polarity]"}),
        ("train { without = [|", {"polarity": "polarity"}),
        ("train { loss = zero_one + |", {"l1": "l1"}),
        ("train { exact |", {"10min": "10min", "rest": "rest"}),
        ("train { exact 1min { by_function = |", {"true": "true", "false": "false"}),
        ("data |", {"iris": "iris", "csv": "csv("}),
        ("data iris { scale |", {"standard": "standard"}),
        ("data iris { test = |", {"20%": "20%", "csv": "csv("}),
        ("data random(|", {"samples": "samples=", "kind": "kind="}),
        ("data random(samples=2, kind=|", {"noise": "noise"}),
        ("network { weights in |", {"ternary": "ternary", "int[-3, 3]": "int[-3, 3]"}),
        ("robust |", {"linf": "linf("}),
        ("robust linf(0.1) { clip in |", {"[0, 1]": "[0, 1]"}),
        ("robust box(|", {"age": "age="}),
        ("evaluate { attack |", {"linf": "linf(", "random_sign": "random_sign("}),
        ("require { |", {"recall": "recall(", "accuracy": "accuracy >= ", "never": "never = "}),
        ("require { recall(|", {"yes": '"yes"'}),
        ('require { rate_gap("|', {"age": '"age"'}),
        ('require { rate_gap("age", |', {"yes": '"yes"'}),
        ("require { accuracy >= |", {"20%": "20%"}),
        ("param width = 1\nsweep { |", {"width": "width = "}),
        ("param width = 1 in |", {"int[-3, 3]": "int[-3, 3]"}),
    ],
)
def test_values(marked, wanted):
    found = offered(marked)
    assert {label: found.get(label) for label in wanted} == wanted


def test_options_that_are_given_are_not_offered_again():
    assert offered("data random(samples=2, |").keys() == {"features", "seed", "kind"}


@pytest.mark.parametrize(
    "marked", ["data iris { drop [|", 'data iris { drop ["|', "data iris { target = |", 'data iris { drop ["|"] }']
)
def test_columns(marked):
    found = offered(marked)
    assert {label: found[label] for label in AROUND.columns} == {
        "age": '"age"', 'the "x"': r'"the \"x\""', "dose mg": '"dose mg"',
    }  # fmt: skip


def test_a_list_of_columns_gets_its_brackets():
    assert offered("data iris { drop |")["age"] == '["age"]'


def test_a_begun_string_is_replaced_whole():
    document, offset = opened('data iris { drop ["a|g"] }')
    item = next(item for item in complete(document, offset, AROUND) if item.label == "age")
    assert (item.span.text, item.shape) == ('"ag"', Shape.COLUMN)


def test_classes():
    assert offered("data iris { classes = [|")["yes"] == '"yes"'


def test_files_by_what_is_asked():
    assert offered('data csv("|').keys() == {"a.csv", "d/e.csv"}
    assert offered('data npz("|').keys() == {"b.npz"}
    assert offered('use "|')["common.bdnn"] == '"common.bdnn"'


def test_params_of_this_file_and_of_used_ones():
    found = offered('bdnn 1\nuse "c.bdnn"\nparam width = 3\nnetwork { hidden |', c="bdnn 1 fragment\nparam depth = 1\n")
    assert {"width", "depth"} <= found.keys()


@pytest.mark.parametrize(
    "marked", ["# da|", "hidden 2|", "param na|", "data iris { test = 20% } |", "nonsense { |", "nonsense = |"]
)
def test_nothing_where_nothing_can_be(marked):
    assert offered(marked) == {}


def test_each_is_explained():
    document, offset = opened("train { exact 1min { |")
    gap = next(item for item in complete(document, offset) if item.label == "gap")
    assert gap.detail.startswith("a fraction from 0 to 1")
    assert gap.help.startswith("Relative gap")
    assert "```bdnn" in gap.help
