"""Whose word a bound is and of which networks, in the report: a network below a solver's margin takes no optimality from it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from problems import dataset, network_spec, spec

from bdnnlang.compiler import training_problem
from bdnnlang.language.spec import Interval
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.training import Incumbent
from bdnnlang.report.summary import Origin, summarise
from bdnnlang.report.terminal import report_text
from bdnnlang.run.facts import PROOF_FILE
from bdnnlang.run.proof import settled
from bdnnlang.run.records import Run, StageRecord
from bdnnlang.run.stages.prove import EVIDENCE
from bdnnlang.run.status import StageStatus

TRAINING = training_problem(
    spec(network_spec((), Interval(-1.0, 1.0))), dataset([[float(v)] for v in (1, 2, 3, 4, 5, 6)], [0, 0, 1, 0, 1, 1])
)
BEST = TRAINING.incumbent(Network((Layer(np.array([[1.0]]), np.array([-2.5])),)))  # one error
TWO = StageRecord("exact", "SCIP 10", "tight", 3.0, StageStatus.OPTIMAL_AT_MARGIN, 2, 2, 2, 0.01, 5, 1, 1, 1, 1)
ONE = replace(TWO, claimed_loss=1, verified_loss=1, bound=1)
SHOWN = StageRecord("prove", "Glucose 4", "", 1.0, StageStatus.OPTIMAL, None, 1, 1, None, None, 0, 0, 0, 0, evidence=PROOF_FILE)
WORD = replace(SHOWN, evidence=EVIDENCE.format("Glucose 4"))
BELOW = "margin none with margin ≥ 0.01 has less than 2, by SCIP 10; this one has less margin"
AT_A_MARGIN = "result optimal at a margin: no better network has margin ≥ 0.01 loss 1 "
PROVED = f"bound 1 (gap 0.0 %) proved: `bdnnc verify` replays {PROOF_FILE}, without a solver "


def result(*stages: StageRecord, best: Incumbent = BEST) -> str:
    """The report of a run of these stages, from its result to its accuracy, in one line."""
    assert BEST.loss == 1
    status, bound = settled(best.objective, [bound for stage in stages for bound in stage.bounds], 0)
    own: dict[str, Any] = {}
    if bound is not None:
        own = {"relative_margin": bound.relative, "bound_by": bound.by, "evidence": bound.evidence}
    value, margin = (None, None) if bound is None else (bound.value, bound.margin)
    run = Run(status, stages, best, None, value, margin, 4.0, "SCIP 10", "", **own)
    text = " ".join(report_text(summarise(TRAINING, Origin("x.bdnn"), run)).split())
    return text[text.index("result ") : text.index(" accuracy ")]


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        ((ONE,), AT_A_MARGIN + "@ bound 1 (gap 0.0 %) by SCIP 10, for networks with margin ≥ 0.01"),
        ((TWO,), AT_A_MARGIN + f"@ bound 1 (gap 0.0 %) by SCIP 10, for networks with margin ≥ 0.01 {BELOW}"),
        ((TWO, SHOWN), f"result optimal, proved loss 1 @ {PROVED}{BELOW}"),
        ((ONE, SHOWN), f"result optimal, proved loss 1 @ {PROVED}"),
        ((WORD,), f"result optimal loss 1 @ bound 1 (gap 0.0 %) by bdnnc: {EVIDENCE.format('Glucose 4')}"),
        ((replace(ONE, margin=None),), "result optimal loss 1 @ bound 1 (gap 0.0 %) by SCIP 10"),
    ],
    ids=["at a margin", "below it", "below it, proved", "at it, proved", "a word", "a solver's word"],
)
def test_a_bound_names_its_author_and_its_networks(stages: tuple[StageRecord, ...], said: str) -> None:
    loss = "(zero_one), recomputed from the network in exact arithmetic"
    assert result(*stages) == said.replace("@", loss).strip()


def test_a_margin_relative_to_sums_is_said_to_be_one() -> None:
    relative = ", in layer 1 a part of the neuron's largest sum"
    text = result(replace(TWO, relative_margin=True))
    assert text.count(f"margin ≥ 0.01{relative}") == 3
    assert text.count("margin ≥") == 3


def test_between_which_numbers_the_least_errors_are() -> None:
    """Where that is proved, and by no solver's word."""
    worse = TRAINING.incumbent(Network((Layer(np.array([[-1.0]]), np.array([2.5])),)))
    assert worse.loss == 5
    said = "errors the least of all networks is between 1 and 5 errors, proved"
    assert said in result(SHOWN, best=worse)
    assert "errors the least" not in result(WORD, best=worse)
    assert "errors the least" not in result(ONE, best=worse)
    assert "errors the least" not in result(SHOWN)
