"""Conflicts of samples on a line, where all that a neuron can do is known."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from problems import dataset, network_spec, spec
from proofs import OnALine

from bdnnlang.cli.entry import main
from bdnnlang.compiler import training_problem
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.spec import Interval
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.prove.suspects import Found, find_conflicts
from bdnnlang.report.conflicts import conflict_lines


def asked(data: Dataset, neurons: int = 1) -> TrainingProblem:
    return training_problem(spec(network_spec((neurons,), Interval(-1.0, 1.0))), data)


def on_a_line(seed: int) -> OnALine:
    chance = random.Random(seed)
    x = tuple(chance.sample(range(-20, 21), 12))
    return OnALine(x, tuple(int(v > 0) if chance.random() < 0.7 else chance.randint(0, 1) for v in x), (1,) * 12)


def found_on(of: OnALine) -> Found:
    return find_conflicts(asked(dataset([[v] for v in of.x], of.labels)))


def all_right(of: OnALine, ray: tuple[bool, ...], rows: tuple[int, ...]) -> bool:
    return all(ray[i] == bool(of.labels[i]) for i in rows)


@pytest.mark.parametrize("seed", range(8))
def test_no_neuron_gets_a_set_right_and_none_is_left(seed: int) -> None:
    of = on_a_line(seed)
    found = found_on(of)
    for rows in found.sets:
        assert not any(all_right(of, ray, rows) for ray in of.rays())
        for left_out in rows:  # no part of it is one
            assert any(all_right(of, ray, tuple(i for i in rows if i != left_out)) for ray in of.rays())
    used = [i for rows in found.sets for i in rows]
    assert len(set(used)) == len(used)
    rest = tuple(i for i in range(len(of.x)) if i not in used)
    assert any(all_right(of, ray, rest) for ray in of.rays())
    assert found.least == len(found.sets) <= of.optimum()


@pytest.mark.parametrize("seed", range(8))
def test_a_suspect_costs_as_many_errors_as_is_said(seed: int) -> None:
    of = on_a_line(seed)
    for one in found_on(of).suspects:
        right = [ray for ray in of.rays() if ray[one.sample] == bool(of.labels[one.sample])]
        others = [i for i, label in enumerate(of.labels) if label != of.labels[one.sample]]
        assert min(sum(ray[i] != bool(of.labels[i]) for i in others) for ray in right) >= len(one.others)


TEXT = """by hand: 10 training samples; rows are counted from 1

1 set of equal samples with different classes, which no network gets right
  class c0: row 10; class c1: row 9

1 set of samples that no neuron gets all right, whatever its weights
  class c0: row 4; class c1: rows 3, 8
with 1 hidden neuron every network has a loss of at least 2

samples that lie between others of the other class, the worst first: look at their class, and at what was measured
  row 3, class c1: where a neuron gets it right, it errs on at least 2 of the other class"""
MISTAKEN = dataset([[v] for v in (0, 1, 2, 3, 4, 5, 6, 7, 8, 8)], [0, 0, 1, 0, 0, 1, 1, 1, 1, 0])  # row 3 above all


def test_a_class_that_was_mistaken_is_the_first_suspect() -> None:
    """Equal samples of both classes cancel out, and are said by themselves."""
    found = find_conflicts(asked(MISTAKEN))
    assert found.equal == ((8, 9),)
    assert (found.suspects[0].sample, len(found.suspects[0].others)) == (2, 2)
    assert (len(found.sets), found.least) == (1, 2)


def test_text() -> None:
    """With two neurons no bound follows."""
    one, two = (asked(MISTAKEN, neurons) for neurons in (1, 2))
    found = find_conflicts(one)
    assert "\n".join(conflict_lines(one, found, 9)) == TEXT
    assert "a network of 2 hidden neurons can get such a set right only by dividing it among them" in [
        *conflict_lines(two, find_conflicts(two), 9)
    ]


SPEC = 'bdnn 1\ndata csv("a.csv") {{ test = 0% }}\nnetwork {{ hidden {neurons} }}\ntrain {{ exact 1s }}\n'


def test_the_verb_prints_json_and_says_where_it_does_not_apply(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(0, "a"), (1, "b"), (2, "a"), (3, "a"), (4, "b"), (5, "b")]
    (tmp_path / "a.csv").write_text("v,kind\n" + "".join(f"{v},{kind}\n" for v, kind in rows))
    path = tmp_path / "x.bdnn"
    path.write_text(SPEC.format(neurons=1))
    assert main(["conflicts", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["least_loss"], found["found"]["sets"]) == (1, 1, 1)
    assert {one["row"] for one in found["sets"][0]} > {2}
    path.write_text(SPEC.format(neurons=5))
    assert main(["conflicts", str(path)]) == 1
    assert "5 hidden neurons" in capsys.readouterr().err
