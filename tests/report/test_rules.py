"""Rules in the units of the data: read back and evaluated on raw rows, they say what the network says."""

from __future__ import annotations

import csv
import io
import json
import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bdnnlang.data.load import load
from bdnnlang.data.new_rows import load_rows
from bdnnlang.language.spec import (
    Binarize,
    Builtin,
    Column,
    Csv,
    DataSpec,
    DataStep,
    Drop,
    Impute,
    OneHot,
    Quantize,
    Sample,
    Scale,
    Thermometer,
)
from bdnnlang.network.exact import outputs
from bdnnlang.network.export.network_json import NetworkFile
from bdnnlang.network.losses import classify
from bdnnlang.network.network import Layer, Network
from bdnnlang.network.numbers import exact
from bdnnlang.report.inequality import Term
from bdnnlang.report.rules import MOST_NEURONS, MOST_TERMS, rules
from bdnnlang.report.rules import in_words as in_words_of

Row = dict[str, str]

NAME = r'(?:[^\W\d][\w.]*|"(?:[^"\\]|\\.)*")'
NUMBER = r"\d[\d./]*(?:e-?\d+)?"
TERM = re.compile(
    rf"(?P<sign>[+-]?) ?(?:(?P<weight>{NUMBER}) )?"
    rf"(?:\[(?P<column>{NAME}) = (?P<category>{NAME}|-?{NUMBER})\]|level\((?P<level>{NAME})\)"
    rf"|\[(?P<from>{NAME}) >= (?P<bound>-?{NUMBER})\]"
    rf"|\((?P<moved>{NAME}) (?P<way>[+-]) (?P<low>{NUMBER})\)|(?P<name>{NAME}))(?: / (?P<span>{NUMBER}))?(?: |$)"
)

RANGE = re.compile(rf"(?:(?P<low>-?{NUMBER}) <= )?(?P<name>{NAME})(?: < (?P<high>-?{NUMBER})| >= (?P<least>-?{NUMBER}))")
TOP = re.compile(r"level: the nearest of 0 to (\d+), evenly spaced, half-way up, of (.*)")
SCALE = re.compile(rf"({NAME}) from (-?{NUMBER}) to (-?{NUMBER})(?:, |$)")


class Reader:
    """Reads printed rules as a person would, and applies them to raw rows in exact arithmetic."""

    def __init__(self, lines: list[str]) -> None:
        self.neurons = [tuple(line.split(" ", 1)) for line in lines if re.match(rf"{NAME} (if|unless|always|never)\b", line)]
        scale = next((found for line in lines if (found := TOP.fullmatch(line))), None)
        ranges = SCALE.findall(scale[2]) if scale else []
        self.levels = {name: (least, scale[1], greatest) for name, least, greatest in ranges} if scale else {}
        missing = next((line.removeprefix("missing: ") for line in lines if line.startswith("missing: ")), "")
        self.fills = dict(re.findall(rf"({NAME}) as ({NAME}|-?{NUMBER})", missing))
        single = next((line.removeprefix("else ") for line in lines if line.startswith("else ")), None)
        first = (re.search(rf"first of these that holds, ({NAME}) if none does", line) for line in lines)
        self.otherwise = single or next(found[1] for found in first if found)

    def classify(self, row: Row, classes: int) -> str:
        values: dict[str, str | Fraction] = {
            json.dumps(k) if not k.isidentifier() else k: self.cell(k, v) for k, v in row.items()
        }
        fired = []
        outputs = {name for name, _ in self.neurons[-classes:]}
        for name, condition in self.neurons:
            holds = self.holds(condition, values)
            values[name] = Fraction(int(holds))
            if holds and name in outputs:
                fired.append(name)
        return fired[0] if fired else self.otherwise

    def cell(self, column: str, text: str) -> str:
        name = column if column.isidentifier() else json.dumps(column)
        return self.fills.get(name, "") if text in ("", "?") else text

    def holds(self, condition: str, values: dict[str, str | Fraction]) -> bool:
        if condition in ("always", "never"):
            return condition == "always"
        if listed := re.fullmatch(rf"(if|unless) ({NAME}) is (.*)", condition):
            among = {unquoted(name) for name in listed[3].split(" or ")}
            return (same_category(str(values[listed[2]]), among)) == (listed[1] == "if")
        if all(ranges := [RANGE.fullmatch(part) for part in condition.removeprefix("if ").split(" or ")]):
            return any(within(found, values) for found in ranges if found)
        if ">=" not in condition:
            return in_words(condition.removeprefix("if "), values)
        left, right = condition.removeprefix("if ").rsplit(" >= ", 1)
        total, end = Fraction(0), 0
        for match in TERM.finditer(left):
            assert match.start() == end, left
            end = match.end()
            total += self.term(match, values)
        assert end == len(left), left
        return total >= Fraction(right)

    def term(self, match: re.Match[str], values: dict[str, str | Fraction]) -> Fraction:
        size = Fraction(match["weight"] or 1) / Fraction(match["span"] or 1)
        weight = -size if match["sign"] == "-" else size
        if match["column"]:
            return weight * same_category(str(values[match["column"]]), {unquoted(match["category"])})
        if match["from"]:
            return weight * (Fraction(values[match["from"]]) >= Fraction(match["bound"]))
        if match["level"]:
            least, top, greatest = map(Fraction, self.levels[match["level"]])
            place = min(max(Fraction(values[match["level"]]), least), greatest)
            return (
                weight * ((place - least) / (greatest - least) * top + Fraction(1, 2)).__floor__()
                if greatest > least
                else Fraction(0)
            )
        if match["moved"]:
            low = Fraction(match["low"])
            return weight * (Fraction(values[match["moved"]]) + (low if match["way"] == "+" else -low))
        return weight * Fraction(values[match["name"]])


def within(found: re.Match[str], values: dict[str, str | Fraction]) -> bool:
    """`1 <= a < 2`, `a < 2`, `a >= 1`."""
    value, low = Fraction(values[found["name"]]), found["low"] or found["least"]
    return (low is None or value >= Fraction(low)) and (found["high"] is None or value < Fraction(found["high"]))


def in_words(condition: str, values: dict[str, str | Fraction]) -> bool:
    """`h1 and not h2`, `h1 or h2`, `at least 2 of h1, not h2, h3`."""
    head, _, rest = condition.rpartition(" of ")
    literals = re.split(r", | and | or ", rest)
    least = int(head.removeprefix("at least ")) if head else 1 if " or " in rest else len(literals)
    return sum(values[one.removeprefix("not ")] == (not one.startswith("not ")) for one in literals) >= least


def unquoted(name: str) -> str:
    return json.loads(name) if name.startswith('"') else name


def same_category(cell: str, names: set[str]) -> bool:
    try:
        return Fraction(cell) in {Fraction(name) for name in names}
    except ValueError:
        return cell in names


ROWS = "id,a,eye colour,k,c,y\n" + "".join(
    f"r{i},{(i * 37 % 23) / 10:.1f},{('dark brown', 'blue', 'green', 'blue')[i % 4]},{i % 3},7.25,{'nyp'[i % 3]}\n"
    for i in range(60)
)
NEW = ROWS + "x,-5.05,grey,9,1,n\nx,99,blue,2,7.25,n\nx,?,?,?,?,n\n" + "".join(f"x,{i / 40},green,1,7.25,n\n" for i in range(100))
COLOURS = OneHot((Column("k"),))
STEPS: list[tuple[DataStep, ...]] = [
    (Scale("none"), Impute("median")),
    (Scale("minmax"), Impute("mean")),
    (Scale("standard"), Impute("most_frequent")),
    (Drop((Column("c"),)), COLOURS, Impute("median"), Scale("minmax")),
    (Sample(40), Impute("median"), Scale("minmax"), Quantize(3)),
    (COLOURS, Impute("median"), Scale("none"), Quantize(1)),
    (COLOURS, Impute("median"), Scale("none"), Binarize(1.0)),
    (Impute("median"), Thermometer(2)),
]
DOMAINS = {"whole": (-3, 4, 1), "quarters": (-8, 9, 4), "sevenths": (-20, 21, 7)}


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("steps", range(len(STEPS)))
@pytest.mark.parametrize("hidden", [(), (3, 2)], ids=str)
def test_the_rules_say_what_the_network_says(steps: int, hidden: tuple[int, ...], domain: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(ROWS)
    (tmp_path / "new.csv").write_text(NEW)
    data = load(DataSpec(Csv("t.csv"), steps=(Drop((Column("id"),)), *STEPS[steps])), tmp_path)
    random = np.random.default_rng(steps)
    for seed in range(4):
        widths = (len(data.features), *hidden, 3)
        network = Network(tuple(layer(random, d, n, *DOMAINS[domain], sparse=seed) for n, d in pairwise(widths)))
        file = NetworkFile(network, data.features, data.classes, json.loads(json.dumps(data.recipe.to_json())))
        reader = Reader(rules(file, full=True))
        found = classify(outputs(network, load_rows(tmp_path / "new.csv", data.recipe)))
        told = [reader.classify(row, 3) for row in csv.DictReader(io.StringIO(NEW))]
        assert told == [data.classes[k] for k in found]


def layer(random: np.random.Generator, out: int, into: int, low: int, high: int, over: int, *, sparse: int) -> Layer:
    """At `sparse` above 0 few weights are other than 0, so that neurons of one column occur."""
    weights = random.integers(low, high, (out, into)) / over
    if sparse:
        weights *= random.random((out, into)) < 0.4 / sparse
    return Layer(weights, np.round(random.integers(low, high, out) / over * random.choice([0.5, 1, 2], out), 17))


def file_of(network: Network, classes: tuple[str, ...] = ("no", "yes"), source: str = "iris", *steps: DataStep) -> NetworkFile:
    data = load(DataSpec(Builtin(source), test=0, steps=steps or (Scale("none"),)), Path())  # type: ignore[arg-type]
    return NetworkFile(network, data.features, classes, data.recipe.to_json())


def net(*layers: tuple[list[list[float]], list[float]]) -> Network:
    return Network(tuple(Layer(np.array(w, dtype=np.float64), np.array(b, dtype=np.float64)) for w, b in layers))


def test_a_neuron_is_a_line_in_the_units_of_the_data() -> None:
    network = net(([[0, 0, 0.5, 1], [1, -2, 0, 0]], [-3.25, 3]), ([[1, -1]], [0]))
    assert rules(file_of(network)) == [
        "h1 if petal_width_cm + 0.5 petal_length_cm >= 3.25",
        "h2 if - 2 sepal_width_cm + sepal_length_cm >= -3",
        "yes if h1 or not h2",
        "else no",
    ]


def test_scaling_is_undone_times_a_factor_where_that_makes_short_numbers() -> None:
    """minmax divides petal lengths (1 to 6.9) by 5.9 and petal widths (0.1 to 2.5) by 2.4."""
    network = net(([[0, 0, 1, 1], [0, 0, 0, 1]], [-1, -0.5]), ([[1, 1]], [-1]))
    lines = rules(file_of(network, ("no", "yes"), "iris", Scale("minmax")))
    assert lines[0] == "h1 if 48 petal_length_cm + 118 petal_width_cm >= 343"
    assert lines[1] == "h2 if petal_width_cm >= 1.3"


def test_what_would_be_long_is_written_as_quotients() -> None:
    network = net(([[0.123456789, 1, 0.987654321, -1]], [-0.7]))
    (line, *_) = rules(file_of(network, ("no", "yes"), "iris", Scale("minmax")))
    assert line == (
        "yes if (sepal_width_cm - 2) / 2.4 - (petal_width_cm - 0.1) / 2.4 + 0.987654321 (petal_length_cm - 1) / 5.9"
        " + 0.123456789 (sepal_length_cm - 4.3) / 3.6 >= 0.7"
    )


def test_a_single_level_is_a_bound_of_the_number() -> None:
    network = net(([[0, 0, 1, 0], [0, 0, -1, 0], [0, 0, 1, 0], [0, 0, 1, 2]], [-1, 0, -9, -3]), ([[1, 1, 1, 1]], [-1]))
    lines = rules(file_of(network, ("no", "yes"), "iris", Scale("minmax"), Quantize(1)))
    assert lines == [
        "h1 if petal_length_cm >= 3.95",
        "h2 if petal_length_cm < 3.95",
        "h3 never",
        "h4 if 2 level(petal_width_cm) + level(petal_length_cm) >= 3",
        "yes if h1 or h2 or h3 or h4",
        "else no",
        "level: the nearest of 0 to 1, evenly spaced, half-way up,"
        " of petal_length_cm from 1 to 6.9, petal_width_cm from 0.1 to 2.5",
    ]


def test_outputs_are_called_by_their_classes_and_the_first_wins() -> None:
    network = net(([[1, 0, 0, 0], [-1, 0, 0, 0], [0, 0, 0, 0]], [0, 0, -0.0]))
    assert rules(file_of(network, ("a", "light blue", "c"))) == [
        "a if sepal_length_cm >= 0",
        '"light blue" if - sepal_length_cm >= 0',
        "c always",
        "the class is the first of these that holds, a if none does",
    ]


def test_hidden_layers_are_numbered_when_there_are_several() -> None:
    network = net(([[1, 0, 0, 0]], [0]), ([[1]], [-1]), ([[1]], [-1]))
    lines = ["h1.1 if sepal_length_cm >= 0", "h2.1 if h1.1", "yes if h2.1", "else no"]
    assert rules(file_of(network)) == lines


@pytest.mark.parametrize(
    ("weights", "bias", "words"),
    [
        ([0.6875], -0.65625, "if h1"),
        ([-1], 0, "if not h1"),
        ([0.867, 0.406], -0.637, "if h1"),
        ([1, 1, 1], -2, "if at least 2 of h1, h2, h3"),
        ([1, -1, 1], -1, "if at least 2 of h1, not h2, h3"),
        ([1, -1], -1, "if h1 and not h2"),
        ([2, 1, 1], -2, None),
        ([1, 1], 0, "always"),
        ([1, 1], -3, "never"),
    ],
)
def test_a_few_activations_are_in_words(weights: list[float], bias: float, words: str | None) -> None:
    terms = [Term(exact(weight), f"h{j}") for j, weight in enumerate(weights, start=1)]
    assert in_words_of(terms, exact(bias)) == words


def test_neurons_that_decide_nothing_are_named() -> None:
    first = ([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], [-5, -3, -4])
    network = net(first, ([[0.6875, 0.25, 0], [0, 0, 1]], [-0.65625, -1]), ([[1, 0]], [-1]))
    lines = ["h1.1 if sepal_length_cm >= 5", "h2.1 if h1.1", "yes if h2.1", "else no", "h1.2, h1.3, h2.2 decide nothing"]
    assert rules(file_of(network)) == lines
    assert len(rules(file_of(network), full=True)) == 8
    wide = net(([[1, 0, 0, 0]] * 9, [-5] * 9), ([[1] * 8 + [0]], [-3]))
    assert not any("nothing" in line for line in rules(file_of(wide)))
    assert rules(file_of(wide), full=True)[-1] == "h9 decides nothing"


def test_what_is_left_out_is_counted_and_there_with_full() -> None:
    weights = [float(j + 1) * (-1) ** j for j in range(13)]
    width = MOST_NEURONS + 5
    network = net(([weights] * width, [0] * width), ([[1] * width], [-1]))
    lines = rules(file_of(network, ("no", "yes"), "wine"))
    assert lines[0].endswith(f"+ {13 - MOST_TERMS} more >= 0")
    assert (len(lines), lines[MOST_NEURONS]) == (MOST_NEURONS + 3, "… 5 more neurons in layer 1")
    assert lines[-2] == "yes if h1 + h2 + h3 + h4 + h5 + h6 + 11 more >= 1"
    whole = rules(file_of(network, ("no", "yes"), "wine"), full=True)
    assert (len(whole), whole[0].count("_") > 6, "more" in "".join(whole)) == (width + 2, True, False)


def test_numbers_are_the_decimals_that_are_evaluated() -> None:
    network = net(([[0.1, -1e-7, 1e16, 0]], [-0.30000000000000004]))
    (line, *_) = rules(file_of(network))
    assert line == "yes if 1e16 petal_length_cm + 0.1 sepal_length_cm - 0.0000001 sepal_width_cm >= 0.30000000000000004"


def test_a_recipe_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="4 features for 1 inputs"):
        rules(file_of(net(([[1]], [0]))))
