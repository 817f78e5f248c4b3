"""Probabilities of ones, and the slopes of each loss against its definition."""

from __future__ import annotations

import numpy as np
import pytest

from bdnnlang.arrays import Floats
from bdnnlang.network.loss_words import Loss
from bdnnlang.search.meanfield.inputs import Batch
from bdnnlang.search.meanfield.losses import probabilities, slope
from search.meanfield.smooth import plain_loss

STEP = 1e-6


def batch_of(classes: list[int], outputs: int) -> Batch:
    """Samples of these classes, each with a cost of its own; their inputs play no part."""
    y = np.array(classes)
    bits = y[:, None].astype(np.float64) if outputs == 1 else np.eye(outputs)[y]
    return Batch(np.zeros((len(y), 1)), bits, y, 0.5 + np.arange(len(y), dtype=np.float64)[:, None])


def differences(scores: Floats, batch: Batch, loss: Loss) -> Floats:
    found = np.zeros_like(scores)
    for place in np.ndindex(scores.shape):
        ends = []
        for way in (STEP, -STEP):
            moved = scores.copy()
            moved[place] += way
            ends.append(plain_loss(1 / (1 + np.exp(-moved)), batch.classes, batch.costs, loss))
        found[place] = (ends[0] - ends[1]) / (2 * STEP)
    return found


@pytest.mark.parametrize("loss", ["zero_one", "hamming", "pattern"])
@pytest.mark.parametrize(("classes", "outputs"), [([0, 1, 1], 1), ([0, 1, 0], 2), ([0, 1, 2, 3, 0], 4)])
def test_slopes_are_those_of_the_loss(classes: list[int], outputs: int, loss: Loss) -> None:
    batch = batch_of(classes, outputs)
    scores = np.random.default_rng(0).normal(0, 2, (len(classes), outputs))
    assert np.allclose(slope(scores, batch, loss), differences(scores, batch, loss), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("loss", ["zero_one", "hamming", "pattern"])
def test_what_is_sure_has_finite_slopes_right_or_wrong(loss: Loss) -> None:
    """No output at all fires, or all do, beyond what a float can tell from 0 and 1."""
    batch = batch_of([0, 1, 2], 3)
    none = np.full((3, 3), -1e4, dtype=np.float32)
    for scores in (none, -none):
        found = slope(scores, batch, loss)
        assert np.isfinite(found).all()
        assert np.abs(found).max() == pytest.approx(2.5, abs=1e-6)  # of the sample that costs most
    if loss == "zero_one":
        assert np.abs(slope(none, batch, loss)[0]).max() < 1e-6  # class 0 is also for none


def test_probabilities_are_those_of_the_logistic_function() -> None:
    scores = np.linspace(-20, 20, 81)
    assert np.allclose(probabilities(scores), 1 / (1 + np.exp(-scores)), rtol=1e-12)
    ends = probabilities(np.array([-1e30, 1e30], dtype=np.float32))
    assert 0 < ends[0] < 1e-12
    assert ends[1] == 1
