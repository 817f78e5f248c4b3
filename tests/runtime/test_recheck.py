"""Every claim of a run folder that can be recomputed is, and its falsification is noticed by name."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from problems import dataset, network_spec, part, spec

from bdnnlang.data.types import Dataset
from bdnnlang.network import Layer, Network
from bdnnlang.report.as_json import run_json
from bdnnlang.report.summary import Origin, summarise
from bdnnlang.runtime.recheck import recheck
from bdnnlang.runtime.status import RunStatus
from bdnnlang.runtime.types import Incumbent, Run
from bdnnlang.spec.types import Integers, Interval, Spec, Values, WeightDomain


def with_parts() -> Dataset:
    data = dataset([[1.0], [2.0], [3.0], [4.0], [5.0]], [0, 0, 1, 0, 1])
    test = part([[1.5], [2.5], [4.5]], [0, 1, 1], data.recipe)
    return replace(data, validation=part([[2.0], [9.0]], [1, 1], data.recipe), test=test)


DATA = with_parts()
NETWORK = Network((Layer(np.array([[1.0]]), np.array([-3.0])),))  # one error of five


REALS = Interval(-1.0, 1.0)


def own(weights: WeightDomain = REALS, **settings: Any) -> Spec:
    return spec(network_spec((), weights, **settings))


def stated(status: RunStatus = RunStatus.OPTIMAL, bound: int | None = 1) -> dict[str, Any]:
    """`run.json` of an honest run."""
    run = Run(status, (), Incumbent(NETWORK, 1), 1, bound, None, 1.0, "scip", "asked for")
    return run_json(summarise(own(), Origin("a.bdnn"), DATA, run, "zero_one"), "text", "text")


def broken(run: dict[str, Any], of: Spec | None = None, network: Network = NETWORK) -> set[str]:
    return {claim.name for claim in recheck(run, of or own(), DATA, network) if not claim.holds}


@pytest.mark.parametrize(
    ("status", "bound"),
    [(RunStatus.OPTIMAL, 1), (RunStatus.FEASIBLE, 0), (RunStatus.CLAIM_REJECTED, 0), (RunStatus.INTERRUPTED, None)],
)
def test_an_honest_run_holds(status: RunStatus, bound: int | None) -> None:
    assert broken(stated(status, bound)) == set()


FALSE: list[tuple[str, str, Any, str]] = [
    ("data", "sha256", "1" * 64, "data.sha256"),
    ("data", "train", 6, "data.train"),
    ("data", "merged_rows", 4, "data.merged_rows"),
    ("data", "irreducible_errors", 1, "data.irreducible_errors"),
    ("result", "loss", "hamming", "result.loss"),
    ("result", "verified_loss", 0, "result.verified_loss"),
    ("result", "verified_loss", 2, "result.verified_loss"),
    ("result", "verified_loss", None, "result.verified_loss"),
    ("result", "train_accuracy", 1.0, "result.train_accuracy"),
    ("result", "validation_accuracy", 1.0, "result.validation_accuracy"),
    ("result", "validation_accuracy", None, "result.validation_accuracy"),
    ("result", "test_accuracy", 1.0, "result.test_accuracy"),
    ("result", "bound", 2, "result.bound"),
    ("result", "bound", 0, "result.gap"),
    ("result", "bound", None, "result.gap"),
    ("result", "gap", 0.5, "result.gap"),
    ("result", "gap", None, "result.gap"),
    ("result", "status", "feasible", "result.status"),
]


@pytest.mark.parametrize(("block", "key", "value", "name"), FALSE, ids=lambda v: str(v))
def test_a_falsified_statement_is_named(block: str, key: str, value: Any, name: str) -> None:
    run = copy.deepcopy(stated())
    assert run[block][key] != value
    run[block][key] = value
    assert name in broken(run)


def test_an_optimum_that_is_none_is_named() -> None:
    assert broken(stated(RunStatus.OPTIMAL, 0)) == {"result.status"}
    assert broken(stated(RunStatus.OPTIMAL, None)) == {"result.status"}


def test_a_gap_without_a_bound_is_named() -> None:
    run = stated(RunStatus.FEASIBLE, None)
    run["result"]["gap"] = 0.0
    assert broken(run) == {"result.gap"}


def test_a_changed_weight_is_named() -> None:
    assert "result.verified_loss" in broken(stated(), network=network_of([[-1.0]], [3.0]))


def network_of(weights: list[list[float]], biases: list[float], *more: Layer) -> Network:
    return Network((Layer(np.array(weights), np.array(biases)), *more))


def test_a_network_of_another_shape_is_named() -> None:
    assert broken(stated(), network=network_of([[1.0, 0.0]], [-3.0])) == {"network.shape"}
    deeper = network_of([[1.0]], [-3.0], Layer(np.array([[1.0]]), np.array([-1.0])))
    assert broken(stated(), network=deeper) == {"network.shape"}


@pytest.mark.parametrize(
    ("of", "network"),
    [
        (own(), network_of([[1.5]], [-3.0])),
        (own(), network_of([[1.0000000000000002]], [-3.0])),
        (own(Integers(-1, 1)), network_of([[0.5]], [-1.5])),
        (own(Integers(-1, 1)), network_of([[2.0]], [-6.0])),
        (own(Values((-0.5, 0.1))), network_of([[0.10000000000000002]], [-0.3])),
        (own(biases=Interval(-2.0, 2.0)), network_of([[1.0]], [-3.0])),
        (own(biases=Integers(-4, 4)), network_of([[1.0]], [-2.5])),
        (own(thresholds="zero"), network_of([[1.0]], [-3.0])),
    ],
)
def test_a_number_outside_its_domain_is_named(of: Spec, network: Network) -> None:
    assert "network.domains" in broken(stated(), of, network)


def test_biases_that_must_agree_and_do_not_are_named() -> None:
    of = spec(network_spec((), Interval(-1.0, 1.0), thresholds="per_layer", encoding="one_hot"))
    assert "network.domains" in broken(stated(), of, network_of([[1.0], [1.0]], [-3.0, -2.0]))
    assert "network.domains" not in broken(stated(), of, network_of([[1.0], [1.0]], [-3.0, -3.0]))


@pytest.mark.parametrize(("block", "key"), sorted({entry[:2] for entry in FALSE}))
def test_a_missing_statement_is_no_silence(block: str, key: str) -> None:
    """`run.json` is damaged then, which the caller tells."""
    run = stated()
    del run[block][key]
    with pytest.raises(KeyError):
        broken(run)
