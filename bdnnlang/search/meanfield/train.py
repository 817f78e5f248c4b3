"""One start of mean-field training."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import numpy as np

from bdnnlang.arrays import one_thread
from bdnnlang.data.draw import RandomStream, Seed
from bdnnlang.network.network import Network
from bdnnlang.problem.perturbation import PerturbationSet
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.search.meanfield.adam import Adam
from bdnnlang.search.meanfield.backward import backward
from bdnnlang.search.meanfield.forward import LayerPass, forward
from bdnnlang.search.meanfield.grid import Singles
from bdnnlang.search.meanfield.inputs import Batch, Minibatches, input_scale
from bdnnlang.search.meanfield.latent import LatentNumbers, drawn, keep_inside, near
from bdnnlang.search.meanfield.layers import TrainedLayer, trained_layers
from bdnnlang.search.meanfield.losses import slope
from bdnnlang.search.meanfield.penalties import add_penalties
from bdnnlang.search.meanfield.rounding import rounded
from bdnnlang.search.meanfield.settings import MeanFieldSettings
from bdnnlang.search.meanfield.worst_case import Frozen, first_ends, randomly_changed, worst_bits, worst_slopes

SAMPLED = 1_024  # samples that first hyperplanes are laid through
FROZEN = (0.7, 0.85)  # of the steps: when the lowest and the highest hidden layer is rounded
FROZEN_ONE = 0.8
TURNS = 2  # against a set: of so many steps the last one is on random changes, the others on the worst ones


def train(
    training: TrainingProblem,
    settings: MeanFieldSettings,
    seed: Seed,
    is_over: Callable[[], bool],
    start: Network | None = None,
) -> Network | None:
    """One start, its network rounded into the domains; None if `is_over` came true before its end.

    From random weights, or near those of the network `start`. The same seed gives the same network, whatever the time it takes:
    one thread calculates.
    """
    with one_thread():
        run = _Start(training, settings, RandomStream(seed), start)
        for step, batch in enumerate(islice(run.minibatches, settings.steps)):
            if is_over():
                return None
            run.update(step, batch)
        return run.network


class _Start:
    def __init__(self, training: TrainingProblem, settings: MeanFieldSettings, rng: RandomStream, start: Network | None) -> None:
        scale = input_scale(training)
        self.training, self.settings, self.rng = training, settings, rng
        robust = training.spec.robust
        self.delta = training.perturbation if robust is not None and robust.method == "certified" else None
        self.layers = trained_layers(training, scale)
        self.minibatches = Minibatches(training, scale, rng, settings.noise, settings.batch)
        x = training.samples.x
        some = (x[rng.order(len(x))[:SAMPLED]] - scale.centre) / scale.size
        self.latent = drawn(self.layers, some.astype(np.float32), rng) if start is None else near(self.layers, start)
        self.slopes = LatentNumbers.zeros(self.layers)
        self.penalties = training.costs.by_weight(training.widths)
        self.adam = Adam(_sizes(self.layers))
        self.frozen: list[Frozen] = []  # the lowest layers
        self.ends = [int(settings.steps * share) for share in freezing(len(self.layers) - 1)]

    def update(self, step: int, batch: Batch) -> None:
        """One step of the layers that are not rounded yet."""
        while len(self.frozen) < len(self.ends) and step >= self.ends[len(self.frozen)]:
            self._freeze()
        low = len(self.frozen)
        self._slopes(step, batch, low)
        add_penalties(self.layers, self.latent, self.penalties, len(batch.classes) / len(self.training.samples), self.slopes)
        rate = self.settings.rate * 0.5 * (1 + np.cos(np.pi * (step + 1) / self.settings.steps))
        self.adam.update(self.latent.flat, self.slopes.flat, rate, self.latent.starts[low])
        keep_inside(self.layers, self.latent, low)

    def _slopes(self, step: int, batch: Batch, low: int) -> None:
        """Of the loss by the latent numbers; with a set that certificates are asked for, of the worst or of random changes."""
        is_random = step % TURNS == TURNS - 1
        inputs = batch.inputs
        if self.delta is not None and is_random:
            inputs = randomly_changed(self.delta, self.layers[0], inputs, self.rng)
        passes = forward(self.layers, self.latent, self._below(inputs), low, self._progress(step))
        by_scores = slope(passes[-1].scores, batch, self.training.loss)
        if self.delta is None or is_random:
            backward(self.layers, self.latent, passes, by_scores, self.slopes)
        elif self.frozen:
            worst = self._worst_bits(self.delta, passes, batch, by_scores)
            backward(self.layers, self.latent, worst, slope(worst[-1].scores, batch, self.training.loss), self.slopes)
        else:
            worst_slopes(self.delta, self.layers, self.latent, passes, batch, self.training.loss, self.slopes)

    def _progress(self, step: int) -> float:
        """Of the lowest layer that learns, from the first step to the one in which it is rounded."""
        low = len(self.frozen)
        return step / (self.ends[low] if low < len(self.ends) else self.settings.steps)

    def _freeze(self) -> None:
        """Round the lowest layer that is not yet; those above learn on from its bits."""
        k = len(self.frozen)
        self.frozen.append(Frozen.of(self.layers[k], rounded(self.layers[k], self.latent.weights[k], self.latent.biases[k])))

    def _below(self, inputs: Singles) -> Singles:
        """What the lowest layer that learns sees of inputs (B, n), without its centre."""
        for below, layer in zip(self.frozen, self.layers[1:], strict=False):
            inputs = below.bits(inputs) - np.float32(layer.centre[0])
        return inputs

    def _worst_bits(self, delta: PerturbationSet, passes: list[LayerPass], batch: Batch, by_scores: Singles) -> list[LayerPass]:
        """The layers that learn, on the worst of what the set lets those below them do."""
        first, *rest = self.frozen
        centres = [np.float32(layer.centre[0]) for layer in self.layers[1:]]
        ends = first_ends(delta, first, batch.inputs)
        for layer, centre in zip(rest, centres, strict=False):
            ends = layer.ends(ends[0] - centre, ends[1] - centre)
        bits = worst_bits(self.layers, self.latent, passes, by_scores, ends)
        return forward(self.layers, self.latent, bits - centres[len(rest)], len(self.frozen))

    @property
    def network(self) -> Network:
        rest = zip(self.layers, self.latent.weights, self.latent.biases, strict=True)
        done = [frozen.layer for frozen in self.frozen]
        return Network((*done, *(rounded(*one) for one in list(rest)[len(done) :])))


def _sizes(layers: tuple[TrainedLayer, ...]) -> Singles:
    """What a full step changes each latent number by: half the range of a weight, the scale of a bias."""
    sizes = LatentNumbers.zeros(layers)
    for layer, weights, biases in zip(layers, sizes.weights, sizes.biases, strict=True):
        weights[:], biases[:] = layer.grid.half, 1.0
    return sizes.flat


def freezing(hidden: int) -> list[float]:
    """When each hidden layer is rounded, as a share of the steps, from the lowest on."""
    return [FROZEN_ONE] if hidden == 1 else np.linspace(*FROZEN, hidden).tolist()
