"""Where each line of an effective spec comes from."""

from collections.abc import Sequence

import pytest
from language.loading import reader

from bdnnlang.language.analyse import analyse
from bdnnlang.language.composition.help import params_of
from bdnnlang.language.composition.origin import origins
from bdnnlang.source import Source

COMMON = """bdnn 1 fragment
param gap = 1%
network {
  hidden 3 { weights in ternary }
  output { weights in ternary }
}
train { threads = 2, loss = hamming }
"""
TEXT = """bdnn 1
use "common"
## which
##   split
param split = 0 in int[0,
  9]
data iris { split_seed = split + 1, onehot [1], scale none, scale minmax }
train {
  seed = 3
  exact 1min { gap = gap }
  exact 2min
}
sweep { split in int[0, 1] }
"""


def told(text: str, defines: Sequence[str] = (), sets: Sequence[str] = ()) -> dict[str, str]:
    found = analyse(Source("x", text), read=reader({"common": COMMON}), defines=defines, sets=sets)
    return {line.strip(): place for line, place in origins(found, defines)}


@pytest.mark.parametrize(
    ("line", "place"),
    {
        "data iris": "x:7",
        "split_seed = 1": "x:7, split: x:5",
        "test = 25%": "default",
        "onehot [1]": "x:7",
        "network": "common:3",
        "weights in int[-1, 1]": "common:4",
        "hidden 3": "common:4",
        "output": "common:5",
        "encoding = auto": "default",
        "train": "x:8",
        "seed = 3": "x:9",
        "threads = 2": "common:7",
        "loss = hamming": "common:7",
        "exact 1min": "x:10",
        "gap = 1%": "x:10, gap: common:2",
        "exact 2min": "x:11",
        "sweep split in {0, 1}": "x:13",
    }.items(),
)
def test_each_line_has_its_place(line: str, place: str) -> None:
    assert told(TEXT)[line] == place


def test_what_the_command_line_says() -> None:
    lines = told(TEXT, ["gap=2%", "split=3"], ["train.seed=5", "data.test=0%"])
    assert lines["seed = 5"] == "--set train.seed=5"
    assert lines["test = 0%"] == "--set data.test=0%"
    assert lines["gap = 2%"] == "x:10, -D gap=2%"
    assert lines["split_seed = 4"] == "x:7, -D split=3"
    assert told(TEXT, ["split=1,2"])["sweep split in {1, 2}"] == "-D split=1,2"


def test_a_default_step_has_no_place() -> None:
    plain = told("bdnn 1\ndata iris\nnetwork { hidden 2 }\ntrain { exact 1min }\n")
    assert (plain["scale minmax"], plain["output"], plain["hidden 2"]) == ("default", "default", "x:3")


def test_the_params_of_a_spec() -> None:
    found = analyse(Source("x", TEXT), read=reader({"common": COMMON}))
    assert list(params_of(found.body)) == [("gap", "1%", "", ""), ("split", "0", "int[0, 9]", "which split")]
