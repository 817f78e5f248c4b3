"""From latent numbers to a layer whose weights and biases are members of their domains."""

from __future__ import annotations

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.network.network import Layer
from bdnnlang.search.meanfield.grid import Singles
from bdnnlang.search.meanfield.layers import TrainedLayer

SHORT = 2.0**-20  # of the size of a layer's pre-activations: real biases are multiples of about that


def rounded(layer: TrainedLayer, weights: Singles, biases: Singles) -> Layer:
    """Each number by its nearest member; a neuron's bias by that for which its hyperplane stays where it is."""
    wish = weights.astype(np.float64)
    wish = np.where(np.abs(wish) < layer.dead, 0.0, wish) if layer.dead else wish
    near = layer.grid.nearest(wish)
    return Layer(near, _biases(layer, near, biases.astype(np.float64)))


def _biases(layer: TrainedLayer, weights: Floats, latent: Floats) -> Floats:
    if layer.bias is None:
        return np.zeros(layer.width)
    wish = latent * (layer.scale * layer.unit)
    wish = wish if layer.shared else wish - weights @ layer.centre
    return np.broadcast_to(layer.bias.nearest(_on_lattice(layer, wish)[:, None])[:, 0], (layer.width,)) + 0.0


def _on_lattice(layer: TrainedLayer, wish: Floats) -> Floats:
    """Where pre-activations lie on a lattice, the hyperplane may stand anywhere between two of its values.

    A whole bias then counts as half a unit more, and a real one becomes whole on whole numbers, else it lies between two values:
    no rounding can decide there.
    """
    if layer.lattice is None:
        unit = 2.0 ** np.floor(np.log2(SHORT * layer.scale * layer.unit))
        return np.asarray(np.rint(wish / unit) * unit)
    lattice = float(layer.lattice)
    if layer.bias is not None and not layer.bias.is_real:
        return wish - lattice / 2
    between = 0.0 if layer.lattice.denominator == 1 else 0.5
    return np.asarray((np.rint(wish / lattice - 0.5) + between) * lattice)


def slack(layer: TrainedLayer, biases: Floats) -> Floats:
    """How far below 0 a threshold lies in the middle between the two nearest values that pre-activations may have, (d_k,)."""
    if layer.lattice is None:
        return np.zeros(layer.width)
    parts = biases / float(layer.lattice)
    return np.asarray((0.5 - (parts - np.floor(parts + SHORT))) * float(layer.lattice))


def threshold(layer: TrainedLayer, found: Layer) -> Singles:
    """What the scores of its neurons on inputs without the centre, in units, have to be at least, (d_k,)."""
    least = found.biases + slack(layer, found.biases) + found.weights @ layer.centre
    return (-least / layer.unit).astype(np.float32)
