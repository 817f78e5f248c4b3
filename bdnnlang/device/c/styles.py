"""Which style a network is written in, and the body of its function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bdnnlang.device.c.choice import Optimise, Style
from bdnnlang.device.c.straight.inputs import Input, input_type, signal_inputs, value_range
from bdnnlang.device.c.straight.truth import classes_of
from bdnnlang.device.c.straight.unroll import TABLED, unroll
from bdnnlang.device.c.tables.lists import places
from bdnnlang.device.c.tables.loops import Layer, Terms, Values, loop
from bdnnlang.device.c.tables.planes import ONE_WORD, Planes, is_ternary, planes
from bdnnlang.device.c.tables.sinks import FirstOutput, Kept, OneWord, Output, Sink, Tabled, Words
from bdnnlang.device.c.tables.walk import walk
from bdnnlang.device.c.text.numbers import IntType, smallest
from bdnnlang.device.c.text.pieces import Code, indented
from bdnnlang.device.whole import Count, Neuron, WholeNetwork

STRAIGHT = 25  # live weights at most that straight-line code is made of unless another style is asked for


def live_weights(layer: Sequence[Neuron]) -> int:
    return sum(len(neuron.weights) for neuron in layer)


def chosen_style(network: WholeNetwork, optimise: Optimise) -> Style:
    """What `auto` stands for: straight-line code for few weights, else lists or masks, whichever is smaller; masks take longer
    where many weights are 0.
    """
    first = network.layers[0]
    deeper = [] if len(first) <= TABLED else network.layers[1:]
    if sum(map(live_weights, [first, *deeper])) <= STRAIGHT:
        return Style.UNROLL
    if optimise is Optimise.CYCLES:
        return Style.LIST
    inputs = len(network.signals)
    listed, walked = places(first, inputs), walk(first, inputs)
    return Style.WALK if _bytes(first, walked) < _bytes(first, listed) else Style.LIST


def _bytes(layer: Layer, terms: Terms) -> int:
    return sum(len(terms.stored(neuron)) for neuron in layer)


def body(network: WholeNetwork, name: str, style: Style, optimise: Optimise) -> Code:
    """The body of `NAME_predict` and what it needs."""
    style = chosen_style(network, optimise) if style is Style.AUTO else style
    fast = optimise is Optimise.CYCLES
    if style is Style.UNROLL:
        return unroll(network, name, fast=fast)
    network = as_read(network)
    code, values = signal_values(network)
    return code.then(_layers(network, values, name, style, fast))


def as_read(network: WholeNetwork) -> WholeNetwork:
    """With a signal for each reading, if all signals are readings as they are."""
    if not all(isinstance(s, Count) and network.readings[s.reading].missing is None for s in network.signals):
        return network
    moved = [
        replace(neuron, weights=tuple(sorted((network.signals[place].reading, w) for place, w in neuron.weights)))
        for neuron in network.layers[0]
    ]
    signals = tuple(Count(place) for place in range(len(network.readings)))
    return replace(network, signals=signals, layers=(tuple(moved), *network.layers[1:]))


def signal_values(network: WholeNetwork) -> tuple[Code, Values]:
    """The signals as an array, which is x if they are the readings."""
    ranges = tuple(value_range(signal, network.readings[signal.reading]) for signal in network.signals)
    if all(isinstance(s, Count) and network.readings[s.reading].missing is None for s in network.signals):
        return Code(), Values("x", input_type(network.readings), ranges)
    kind = smallest(end for both in ranges for end in both)
    lines = [f"{kind.name} s[{len(ranges)}];"]
    lines += [f"s[{place}] = {_as(kind, value)};" for place, value in enumerate(signal_inputs(network))]
    return Code(tuple(lines), stack=kind.bytes * len(ranges)), Values("s", kind, ranges)


def _as(kind: IntType, value: Input) -> str:
    return value.text if value.type == kind else f"({kind.name}){value.text}"


def _layers(network: WholeNetwork, values: Values, name: str, style: Style, fast: bool) -> Code:
    code = Code()
    source: Sink | None = None
    for place, layer in enumerate(network.layers):
        sink = _sink(network, place, name, fast)
        suffix = f"layer{place + 1}"
        if isinstance(source, OneWord | Words):
            written = planes(layer, Planes(f"h{place}", len(network.layers[place - 1]), fast), sink, name, suffix)
        else:
            terms = walk(layer, len(values.ranges)) if style is Style.WALK and not place else places(layer, len(values.ranges))
            written = loop(layer, values, terms, sink, name, suffix)
        if isinstance(sink, Tabled | Output | FirstOutput):
            return code.then(written)
        block = (*sink.declared, "{", *indented(written.lines), "}")
        code, source = code.then(replace(written, lines=block)), sink
        values = Values(f"h{place + 1}", IntType(8), ((0, 1),) * len(layer))
    raise AssertionError("a network has a layer")


def _sink(network: WholeNetwork, place: int, name: str, fast: bool) -> Sink:
    """Where the neurons of that layer go."""
    layer, behind = network.layers[place], network.layers[place + 1 :]
    if not behind:
        return FirstOutput() if len(layer) > 1 else Output()
    if len(layer) <= TABLED:
        return Tabled(classes_of(behind, len(layer)), name, fast)
    kept = f"h{place + 1}"
    if not is_ternary(behind[0]):
        return Kept(kept, len(layer))
    return OneWord(kept) if len(layer) <= ONE_WORD else Words(kept, len(layer), name)
