"""The first layer over numbers and bits alone: a level is the sum of its bits, and a layer that nothing reaches is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bdnnlang.device.whole import AtLeast, Count, Equals, Level, Neuron, Signal, WholeNetwork

Flat = Count | AtLeast | Equals
KINDS = (Count, AtLeast, Equals)  # the order of the columns


def spread(network: WholeNetwork) -> WholeNetwork:
    """The same answers with no Level: counts first, then bits r ≥ bound, then bits r = value; no layer is empty."""
    pieces = sorted(
        ((flat, place) for place, signal in enumerate(network.signals or (Count(0),)) for flat in _flat(signal)),
        key=lambda piece: KINDS.index(type(piece[0])),
    )
    columns: dict[int, list[int]] = {}  # of a signal
    for column, (_, place) in enumerate(pieces):
        columns.setdefault(place, []).append(column)
    first, *others = _reached(network.layers)
    return replace(
        network,
        signals=tuple(flat for flat, _ in pieces),
        layers=(tuple(_over(neuron, columns) for neuron in first), *others),
    )


def _flat(signal: Signal) -> tuple[Flat, ...]:
    return tuple(AtLeast(signal.reading, b) for b in signal.bounds) if isinstance(signal, Level) else (signal,)


def _reached(layers: Sequence[tuple[Neuron, ...]]) -> Sequence[tuple[Neuron, ...]]:
    """Those behind the last empty one: the first of them has no inputs, and so stands over the signals as well."""
    return layers[max((k + 1 for k, layer in enumerate(layers) if not layer), default=0) :]


def _over(neuron: Neuron, columns: dict[int, list[int]]) -> Neuron:
    return replace(neuron, weights=tuple(sorted((c, w) for place, w in neuron.weights for c in columns.get(place, ()))))
