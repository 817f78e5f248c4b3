"""Training against a perturbation set: by turns samples are learned as their worst changes leave them, and as random ones do.

Each pre-activation of the first layer moves as far as the set lets it fall or rise, each on its own, in the direction that makes
the sample's loss worse to first order. How far that is depends on the weights, and their slopes follow it. Once the layer is
rounded, activations that may change take the worse of their values. That is worse than any one change, and alone it gives up
samples that could be kept; a random change is an extreme point of the set. Certificates decide afterwards, exactly
(docs/models.md 4.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bdnnlang.arrays import Floats, Mask
from bdnnlang.data.draw import RandomStream
from bdnnlang.network.loss_words import Loss
from bdnnlang.network.network import Layer
from bdnnlang.problem.perturbation import PerturbationSet
from bdnnlang.search.meanfield.backward import backward, by_first_inputs, by_first_scores
from bdnnlang.search.meanfield.forward import PHI, LayerPass, forward_from
from bdnnlang.search.meanfield.grid import Singles
from bdnnlang.search.meanfield.inputs import Batch
from bdnnlang.search.meanfield.latent import LatentNumbers
from bdnnlang.search.meanfield.layers import TrainedLayer
from bdnnlang.search.meanfield.losses import slope
from bdnnlang.search.meanfield.rounding import slack, threshold


@dataclass(frozen=True, eq=False)
class Frozen:
    """A layer that is rounded."""

    trained: TrainedLayer
    layer: Layer
    weights: Singles  # (d_k, d_{k-1}), those of the layer
    threshold: Singles  # (d_k,), of inputs without the centre, in units

    @property
    def slack(self) -> Singles:
        """How far below 0 the thresholds lie, so that no rounding decides, (d_k,)."""
        return (slack(self.trained, self.layer.biases) / self.trained.unit).astype(np.float32)

    @classmethod
    def of(cls, trained: TrainedLayer, layer: Layer) -> Frozen:
        return cls(trained, layer, layer.weights.astype(np.float32), threshold(trained, layer))

    def bits(self, inputs: Singles) -> Singles:
        """Activations (B, d_k) on inputs (B, d_{k-1}) without the centre."""
        return (inputs @ self.weights.T >= self.threshold).astype(np.float32)

    def ends(self, sure: Singles, possible: Singles) -> tuple[Singles, Singles]:
        """What surely and what possibly fires, on bits (B, d_{k-1}) without the centre that surely and possibly are 1."""
        plus, minus = np.maximum(self.weights, 0).T, np.minimum(self.weights, 0).T
        least, greatest = sure @ plus + possible @ minus, possible @ plus + sure @ minus
        return (least >= self.threshold).astype(np.float32), (greatest >= self.threshold).astype(np.float32)


def changes(delta: PerturbationSet, layer: TrainedLayer, weights: Singles, inputs: Singles) -> tuple[Singles, Singles]:
    """How far pre-activations of the first layer fall and rise around inputs (B, n), in units; both (B or 1, d_1)."""
    fall, rise = delta.preactivation_change(weights.astype(np.float64), uncentred(layer, inputs))
    return (fall / layer.unit).astype(inputs.dtype), (rise / layer.unit).astype(inputs.dtype)


def first_ends(delta: PerturbationSet, first: Frozen, inputs: Singles) -> tuple[Singles, Singles]:
    """What surely and what possibly fires of the first layer, within the set around inputs (B, n)."""
    fall, rise = changes(delta, first.trained, first.weights, inputs)
    bits = first.bits(inputs)
    a = inputs @ first.weights.T - first.threshold - first.slack
    return bits * (a >= fall), np.maximum(bits, a >= -rise)


def worst_directions(layers: Sequence[TrainedLayer], latent: LatentNumbers, passes: Sequence[LayerPass], slope: Singles) -> Mask:
    """Which scores of the first layer make each sample's loss worse by rising, (B, d_1); `slope` (B, K) is that by the scores."""
    return np.asarray(by_first_scores(layers, latent, passes, slope) > 0)


def worst_changes(
    delta: PerturbationSet, layers: Sequence[TrainedLayer], latent: LatentNumbers, first: LayerPass, rises: Mask
) -> list[LayerPass]:
    """All layers, each score of the first as far up or down (`rises`, (B, d_1)) as the set lets it go."""
    fall, rise = changes(delta, layers[0], latent.weights[0], first.inputs)
    moved = PHI * np.where(rises, rise, -fall) / first.root
    return forward_from(layers, latent, [replace(first, scores=first.scores + moved)], 0)


def worst_slopes(
    delta: PerturbationSet,
    layers: Sequence[TrainedLayer],
    latent: LatentNumbers,
    passes: Sequence[LayerPass],
    batch: Batch,
    loss: Loss,
    into: LatentNumbers,
) -> None:
    """Write the slopes of the loss of the worst changes into `into`, no layer being rounded."""
    rises = worst_directions(layers, latent, passes, slope(passes[-1].scores, batch, loss))
    worst = worst_changes(delta, layers, latent, passes[0], rises)
    by_means = backward(layers, latent, worst, slope(worst[-1].scores, batch, loss), into)
    into.weights[0] += change_slopes(delta, layers[0], latent.weights[0], passes[0].inputs, rises, by_means)


def change_slopes(
    delta: PerturbationSet, layer: TrainedLayer, weights: Singles, inputs: Singles, rises: Mask, by_means: Singles
) -> Singles:
    """What the weights (d_1, n) of the first layer add to the slopes by the means (B, d_1), as they set how far these move."""
    by_means = by_means.astype(np.float64)
    by_fall, by_rise = np.where(rises, 0.0, -by_means), np.where(rises, by_means, 0.0)
    found = delta.change_slope(weights.astype(np.float64), uncentred(layer, inputs), by_fall, by_rise)
    return (found / layer.unit).astype(weights.dtype)


def randomly_changed(delta: PerturbationSet, layer: TrainedLayer, inputs: Singles, rng: RandomStream) -> Singles:
    """Inputs (B, n) of the first layer, each at an extreme point of the set around it."""
    change = delta.random_extremes(uncentred(layer, inputs), rng)
    return np.asarray(inputs + (change / layer.unit).astype(inputs.dtype))


def uncentred(layer: TrainedLayer, inputs: Singles) -> Floats:
    """Samples (B, n) of what the first layer sees of them."""
    return inputs.astype(np.float64) * layer.unit + layer.centre


def worst_bits(
    layers: Sequence[TrainedLayer],
    latent: LatentNumbers,
    passes: Sequence[LayerPass],
    slope: Singles,
    ends: tuple[Singles, Singles],
) -> Singles:
    """Of bits that surely and possibly fire below, in each sample the value that makes its loss worse, (B, d_low)."""
    sure, possible = ends
    return np.where(by_first_inputs(layers, latent, passes, slope) > 0, possible, sure)
