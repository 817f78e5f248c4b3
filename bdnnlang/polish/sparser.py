"""The same network with more weights at 0: those that decide nothing, whatever the inputs are.

Three steps, each exact, and for all inputs, not those of the data alone: a weight behind the first layer without which the neuron
is the same function of its inputs 0 and 1 (`device/reachable.py` lists their sums); a neuron of the last hidden layer without
which each pattern of the others has the same class, where the loss counts classes; and the weights into a neuron that nothing
reads. Shape and domains stay, so where 0 is not allowed a weight stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.device import many
from bdnnlang.device.fold import neuron
from bdnnlang.device.reachable import inputs_that_matter
from bdnnlang.device.whole import Neuron, WholeNetwork
from bdnnlang.language.spec import Values, WeightDomain
from bdnnlang.network.network import Layer, Network
from bdnnlang.network.numbers import exact
from bdnnlang.polish.preference import margins, preference_value
from bdnnlang.problem.training import Incumbent, TrainingProblem

MOST_TRIED = 12  # neurons of a layer all of whose patterns are tried


def sparser(training: TrainingProblem, incumbent: Incumbent) -> Incumbent | None:
    """With fewer weights that are not 0, no worse in rank, and no margin of a layer smaller; None: there is none."""
    free = [_allows_zero(layer.weights) for layer in training.spec.network.layers]
    network = without_effect(incumbent.network, free, by_class=training.loss == "zero_one")
    if network == incumbent.network or not training.contains(network):
        return None
    before, after = (preference_value(training, one, "sparsity") for one in (incumbent.network, network))
    if after >= before or any(
        a < b for a, b in zip(margins(training, network), margins(training, incumbent.network), strict=True)
    ):
        return None
    found = training.incumbent(network)
    return found if found.rank <= incumbent.rank else None


def _allows_zero(domain: WeightDomain) -> bool:
    return 0 in domain.values if isinstance(domain, Values) else domain.lower <= 0 <= domain.upper


def without_effect(network: Network, free: Sequence[bool], *, by_class: bool) -> Network:
    """The network with those weights of the `free` layers at 0. `by_class`: each input keeps its class, else its output bits."""
    layers = [_layer(layer) if k and free[k] else layer for k, layer in enumerate(network.layers)]
    if by_class and len(layers) > 1 and free[-1]:
        layers[-1] = _unread_by_class(layers[-1])
    for k in reversed(range(len(layers) - 1)):
        if free[k]:
            is_read = np.asarray(layers[k + 1].weights.any(axis=0))
            layers[k] = replace(layers[k], weights=np.where(is_read[:, None], layers[k].weights, 0.0))
    return Network(tuple(layers))


def _layer(layer: Layer) -> Layer:
    """Of inputs 0 and 1."""
    whole = WholeNetwork((), (), ((), _whole(layer)), ())
    weights = np.zeros_like(layer.weights)
    for row, own, one in zip(weights, layer.weights, whole.layers[1], strict=True):
        kept = [place for place, _ in inputs_that_matter(whole, 1, one).weights]
        row[kept] = own[kept]
    return replace(layer, weights=weights)


def _whole(layer: Layer) -> tuple[Neuron, ...]:
    rows = zip(layer.weights.tolist(), layer.biases.tolist(), strict=True)
    return tuple(neuron({place: exact(w) for place, w in enumerate(weights)}, exact(bias)) for weights, bias in rows)


def _unread_by_class(outputs: Layer) -> Layer:
    """Without the inputs on which no class depends."""
    weights: Floats = outputs.weights.copy()
    live = np.flatnonzero(weights.any(axis=0))
    if len(live) > MOST_TRIED:
        return outputs
    patterns = np.zeros((1 << len(live), weights.shape[1]), dtype=np.int64)
    for bit, place in enumerate(live):
        patterns[:, place] = np.arange(len(patterns)) >> bit & 1
    classes = many.decide(many.after([_whole(outputs)], patterns))
    for bit, place in enumerate(live):
        parts = classes.reshape(-1, 2, 1 << bit)  # without the neuron, and with it
        if (parts[:, 0] == parts[:, 1]).all():
            weights[:, place] = 0.0
    return replace(outputs, weights=weights)
