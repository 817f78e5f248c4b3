"""A constant network is called that, with what may help."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fakes import install, says
from problems import SIGNS, dataset, network_spec, spec

from bdnnlang.budget import Interrupt
from bdnnlang.compiler import training_problem
from bdnnlang.language.spec import Exact, LocalSearch, StageSpec
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.constant import constant_class, constant_note
from bdnnlang.run.schedule import run
from bdnnlang.solve.outcome import Status

DATA = dataset([[1.0], [2.0], [3.0]], [0, 0, 1])
NEVER = Network((Layer(np.array([[0.0]]), np.array([-1.0])),))
ALWAYS = Network((Layer(np.array([[1.0]]), np.array([-1.0])),))
PARTED = Network((Layer(np.array([[1.0]]), np.array([-3.0])),))


def test_the_class_that_a_network_always_says() -> None:
    assert constant_class(NEVER, DATA) == "c0"
    assert constant_class(ALWAYS, DATA) == "c1"
    assert constant_class(PARTED, DATA) is None


def test_a_part_for_itself_does_not_make_a_network_constant() -> None:
    assert constant_class(ALWAYS, replace(DATA, test=dataset([[0.0]], [0]).train)) is None


@pytest.mark.parametrize(
    ("stages", "is_best", "rest"),
    [
        ((Exact(),), False, "; write `local_search 30s` before the other stages, or give them more time"),
        ((LocalSearch(), Exact()), False, "; give the stages more time"),
        ((Exact(),), True, ", and no network of this spec has a lesser objective"),
    ],
)
def test_the_hint_depends_on_what_has_been_tried(stages: tuple[StageSpec, ...], is_best: bool, rest: str) -> None:
    of = spec(network_spec((), SIGNS), stages=stages)
    assert constant_note(NEVER, of, DATA, is_best=is_best) == "the network is constant: it always says `c0`" + rest
    assert constant_note(PARTED, of, DATA, is_best=is_best) is None


def test_a_run_that_ends_with_one_says_so_in_its_last_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, lambda call: says(Status.NO_SOLUTION, bound=0.0))
    own = spec(network_spec((), SIGNS), solver="scip", stages=(Exact(), Exact()))
    own = replace(own, train=replace(own.train, without=("guide_solver",)))
    first, last = run(training_problem(own, DATA), emit=lambda fact: None, interrupt=Interrupt()).stages
    assert not any("constant" in note for note in first.notes)
    assert last.notes[-1].startswith("the network is constant: it always says `c0`; write `local_search")
