"""`network.json`: what is written is read back, and what is damaged is refused with a reason."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from problems import Case, cases

from bdnnlang.network.export.network_json import NetworkFile, dump, load
from bdnnlang.network.network import Layer, Network

FILE = NetworkFile(
    Network(
        (Layer(np.array([[0.5, -1.0], [0.0, 3.0]]), np.array([0.25, -2.0])), Layer(np.array([[1.0, 1.0]]), np.array([-2.0])))
    ),
    ("age", 'größe "x"'),
    ("no", "yes"),
    {"kind": "by hand", "lower": [0, 1.5], "empty": [], "nested": [{"a": {}}, None, True]},
)

TEXT = """\
{
  "schema": 1,
  "classes": ["no", "yes"],
  "decision": "one output: the second class if it is 1, else the first",
  "neuron": "1 if weights · inputs + bias >= 0, else 0; every number is the decimal written here",
  "layers": [
    {
      "weights": [
        [0.5, -1],
        [0, 3]
      ],
      "biases": [0.25, -2]
    },
    {
      "weights": [
        [1, 1]
      ],
      "biases": [-2]
    }
  ],
  "features": ["age", "größe \\"x\\""],
  "preprocessing": {
    "kind": "by hand",
    "lower": [0, 1.5],
    "empty": [],
    "nested": [
      {
        "a": {}
      },
      null,
      true
    ]
  }
}
"""


def test_a_neuron_is_a_line() -> None:
    assert dump(FILE) == TEXT


def test_what_is_written_is_read_back() -> None:
    assert load(dump(FILE)) == FILE
    assert dump(replace(load(TEXT), preprocessing=FILE.preprocessing)) == TEXT


@given(case=cases())
@settings(max_examples=examples(60))
def test_every_network_survives(case: Case) -> None:
    file = NetworkFile(case.network, case.data.features, case.data.classes, case.data.recipe.to_json())
    assert load(dump(file)) == file
    decision = json.loads(dump(file))["decision"]
    assert decision.startswith("one output:" if case.outputs == 1 else "one output a class:")


def changed(**changes: Any) -> str:
    content = {**json.loads(TEXT), **changes}
    return json.dumps({key: value for key, value in content.items() if value is not ...})


ONE = [{"weights": [[1, 2]], "biases": [0]}]
THREE = [{"weights": [[1, 2]] * 3, "biases": [0] * 3}]
DAMAGED: dict[str, tuple[str, str]] = {
    "empty": ("", "expecting value in line 1"),
    "torn": (TEXT[:200], "unterminated string"),
    "a list": ("[]", "it has no `schema` 1"),
    "text": ('"network"', "it has no `schema` 1"),
    "nested": ("[" * 100_000, "nested too deeply"),
    "another schema": (changed(schema=2), "it has no `schema` 1"),
    "a schema of another kind": (changed(schema=True), "`schema` is true, not a whole number"),
    "no schema": (changed(schema=...), "it has no `schema` 1"),
    "no layers": (changed(layers=...), "there is no `layers`"),
    "no features": (changed(features=...), "there is no `features`"),
    "no classes": (changed(classes=...), "there is no `classes`"),
    "no preprocessing": (changed(preprocessing=...), "there is no `preprocessing`"),
    "no decision": (changed(decision=...), "there is no `decision`"),
    "another key": (changed(scale=2), "`scale` is not known"),
    "a key twice": (TEXT.replace('"classes"', '"decision"'), "`decision` stands twice"),
    "features a number": (changed(features=2), "`features` is 2, not a list"),
    "features null": (changed(features=None), "`features` is null, not a list"),
    "features a text": (changed(features="ab"), "`features` is `ab`, not a list"),
    "features numbers": (changed(features=[1, 2]), r"`features\[0\]` is 1, not a text"),
    "half a character": (changed(features=["a", "\ud800"]), r"`features\[1\]` is `\\ud800`, not a text"),
    "classes by name": (changed(classes={"no": 0, "yes": 1}), "`classes` is an object, not a list"),
    "one feature more": (changed(features=["a", "b", "c"]), "the first layer has 2 inputs for 3 features"),
    "one class more": (changed(classes=["a", "b", "c"]), "the last layer has 1 outputs for 3 classes"),
    "one class": (changed(classes=["a"]), "the last layer has 1 outputs for 1 classes"),
    "three outputs for two classes": (changed(layers=THREE), "the last layer has 3 outputs for 2 classes"),
    "layers a text": (changed(layers="many"), "`layers` is `many`, not a list"),
    "layers that do not fit": (changed(layers=[*ONE, *ONE]), "has no 1 weights for each of its 1 biases"),
    "nan": (changed(layers=[{"weights": [[1, float("nan")]], "biases": [0]}]), "`NaN` is not a number"),
    "a bias that is nearly one": (TEXT.replace("[-2]", "[-2.0000000000000000001]"), "-2.0000000000000000001, not the decimal"),
    "the other decision": (changed(decision="one output: the first class if it is 1, else the second"), "`decision` is not"),
    "the other neuron": (changed(neuron="1 if weights · inputs + bias > 0, else 0"), "`neuron` is not"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_refused_with_a_reason(name: str) -> None:
    text, reason = DAMAGED[name]
    with pytest.raises(ValueError, match=reason):
        load(text)


def test_every_way_to_tear_the_file_is_noticed() -> None:
    for length in range(len(TEXT.rstrip())):
        with pytest.raises(ValueError, match=r"."):
            load(TEXT[:length])
