"""A loss with penalties, weights of classes, and the block `compare`."""

import pytest
from loading import MINIMAL, codes, diagnostics_of, good

from bdnnlang.language.spec import Logistic, Majority, Mlp, Penalty, Tree


def train(facts: str) -> str:
    return MINIMAL.replace("exact", f"{facts}, exact")


@pytest.mark.parametrize(
    ("written", "loss", "penalties"),
    [
        ("zero_one", "zero_one", ()),
        ("zero_one + 0.01 * l1", "zero_one", (("l1", 0.01),)),
        ("l1 + hamming", "hamming", (("l1", 1.0),)),
        ("0.5 * l2", None, (("l2", 0.5),)),
        ("hamming + (1 / 4 * sparsity + l1 * 3 / 4)", "hamming", (("sparsity", 0.25), ("l1", 0.75))),
        ("zero_one + 2 * rho * l1", "zero_one", (("l1", 0.2),)),
        ("zero_one + 50% * 2 * l1", None, None),
        ("zero_one + l1 / l2", None, None),
        ("zero_one + 1 / l2", None, None),
        ("zero_one + 0 * l1", None, None),
        ("zero_one + rho", None, None),
    ],
)
def test_a_loss_is_a_sum(written, loss, penalties):
    text = train(f"loss = {written}").replace("data", "param rho = 0.1\ndata", 1)
    if penalties is None:
        assert set(codes(text)) <= {"E111", "E114", "W201"}
        return
    found = good(text if "rho" in written else train(f"loss = {written}")).train
    assert (found.loss, found.penalties) == (loss, tuple(Penalty(kind, factor) for kind, factor in penalties))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("zero_one - l1", "E111"),
        ("zero_one + hamming", "E105"),
        ("zero_one + zero_one", "E105"),
        ("l1 + 2 * l1", "E105"),
        ("2 * zero_one", "E116"),
        ("zero_one + 0.1 * l3", "E116"),
        ("zero_one + -1 * l1", "E114"),
        ("0.1", "E111"),
        ('"zero_one"', "E115"),
    ],
)
def test_what_is_no_loss(written, code):
    assert codes(train(f"loss = {written}")) == [code]


def test_a_penalty_that_is_misspelt():
    (error,) = diagnostics_of(train("loss = zero_one + 0.1 * sparcity"))
    assert (error.code, error.suggestion) == ("E116", "sparsity")


def test_weights_of_classes():
    assert good(train("class_weight = balanced")).train.class_weight == "balanced"
    assert good(train("class_weight = [1, 5 / 2]")).train.class_weight == (1.0, 2.5)
    for wrong, code in (("[1]", "E114"), ("[1, 0]", "E114"), ("[1, -2]", "E114"), ("[1, 2s]", "E111"), ("even", "E116")):
        assert codes(train(f"class_weight = {wrong}")) == [code]


def test_compare():
    block = "compare {\n  mlp { hidden = [5, 6] }\n  logistic\n  tree { depth = 3 }\n  majority\n  mlp { epochs = 2 }\n}\n"
    assert good(MINIMAL + block).compare == (Mlp((5, 6)), Logistic(), Tree(3), Majority(), Mlp(None, 2))
    assert good(MINIMAL).compare == ()
    for wrong, code in (("mlp { hidden = [0] }", "E114"), ("mlp { hidden = 5 }", "E111"), ("mlp 5", "E118"), ("forest", "E103")):
        assert codes(MINIMAL + f"compare {{ {wrong} }}\n") == [code]
