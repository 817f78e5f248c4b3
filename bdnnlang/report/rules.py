"""A network as rules about the columns of its data: scaling and levels undone, every number exact."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from bdnnlang.data.preprocessing.levels import Levels
from bdnnlang.data.preprocessing.recipe import Encoding, Recipe
from bdnnlang.network.export.network_json import NetworkFile
from bdnnlang.network.network import Layer, Network
from bdnnlang.network.numbers import exact
from bdnnlang.report.inequality import Term, decimal, inequality
from bdnnlang.report.text_table import listed

MOST_TERMS = 6
MOST_NEURONS = 12
CUT = re.compile(r" \+ \d+ more >=")  # a sum whose smaller terms are not written


@dataclass(frozen=True, slots=True)
class _Input:
    """What a weight of the first layer is about."""

    column: Encoding
    category: str | float | None  # None: the column is a number
    low: Fraction
    span: Fraction

    @property
    def name(self) -> str:
        if self.category is not None:
            return f"[{_word(self.column.name)} = {_category(self.category)}]"
        return _word(self.column.name) if self.column.levels is None else f"level({_word(self.column.name)})"


def rules(file: NetworkFile, full: bool = False) -> list[str]:
    """A line for each neuron, then what is to be known of levels and missing values.

    `h1 if petal_length_cm + 2 petal_width_cm >= 6.5`: exact, in the units of the data. `[colour = red]` is 1 if that is so, else
    0. Without `full` only the heaviest terms and the first neurons are written, and what is left out is counted. Raises
    ValueError if the preprocessing is damaged.
    """
    recipe, network = Recipe.from_json(file.preprocessing), file.network
    if len(recipe.features) != network.widths[0]:
        raise ValueError(f"the preprocessing makes {len(recipe.features)} features for {network.widths[0]} inputs")
    inputs = list(_inputs(recipe))
    first, *deeper = network.layers
    names = [_names(k, network, file.classes) for k in range(1, len(network.layers) + 1)]
    layers = [[_first(inputs, *neuron, full) for neuron in _neurons(first)]]
    for below, layer in zip(names, deeper, strict=False):
        layers.append([_deeper(below, *neuron, full) for neuron in _neurons(layer)])
    idle = _idle(names, layers)
    left_out: set[str] = set() if full else set(idle)
    lines = [line for k, pair in enumerate(zip(names, layers, strict=True), start=1) for line in _layer(k, *pair, left_out, full)]
    idle_line = [f"{listed(idle)} {'decides' if len(idle) == 1 else 'decide'} nothing"] if idle else []
    return [*lines, _otherwise(file), *idle_line, *_legend(inputs, first, lines)]


def _neurons(layer: Layer) -> Iterator[tuple[list[Fraction], Fraction]]:
    """Weights and bias of each, exactly."""
    for weights, bias in zip(layer.weights.tolist(), layer.biases.tolist(), strict=True):
        yield [exact(weight) for weight in weights], exact(bias)


def _inputs(recipe: Recipe) -> Iterator[_Input]:
    bounds = iter(zip(recipe.lower, recipe.upper, strict=True))
    for column in recipe.columns:
        for category in column.categories or (None,):
            low, high = next(bounds)
            yield _Input(column, category, exact(low), exact(high) - exact(low))


def _names(k: int, network: Network, classes: tuple[str, ...]) -> list[str]:
    """Of the neurons of layer k: the outputs are called as the classes."""
    if k < len(network.layers):
        prefix = "h" if len(network.layers) == 2 else f"h{k}."
        return [f"{prefix}{j + 1}" for j in range(network.widths[k])]
    return [_class(name) for name in (classes[1:] if network.widths[-1] == 1 else classes)]


def _idle(names: Sequence[Sequence[str]], layers: Sequence[Sequence[str]]) -> list[str]:
    """Hidden neurons that no rule speaks of, but for those of such neurons; none where rules are cut short."""
    idle: list[str] = []
    heard = list(layers[-1])
    for below, conditions in zip(reversed(names[:-1]), reversed(layers[:-1]), strict=True):
        if any(CUT.search(condition) for condition in heard):
            break
        spoken = {word.strip(",") for condition in heard for word in condition.split()}
        idle = [name for name in below if name not in spoken] + idle
        heard = [condition for name, condition in zip(below, conditions, strict=True) if name in spoken]
    return idle


def _layer(k: int, names: Sequence[str], conditions: Sequence[str], left_out: Set[str], full: bool) -> list[str]:
    pairs = [pair for pair in zip(names, conditions, strict=True) if pair[0] not in left_out]
    shown = len(pairs) if full else MOST_NEURONS
    lines = [f"{name} {condition}" for name, condition in pairs[:shown]]
    return lines + ([f"… {len(pairs) - shown} more neurons in layer {k}"] if len(pairs) > shown else [])


def _otherwise(file: NetworkFile) -> str:
    if file.network.widths[-1] == 1:
        return f"else {_class(file.classes[0])}"
    return f"the class is the first of these that holds, {_class(file.classes[0])} if none does"


# ---- neurons


def _first(inputs: Sequence[_Input], weights: Sequence[Fraction], bias: Fraction, full: bool) -> str:
    """When a neuron of the first layer is 1."""
    used = [(weight, one) for weight, one in zip(weights, inputs, strict=True) if weight]
    if not used:
        return _constant(bias)
    columns = {one.column.name for _, one in used}
    if len(columns) == 1 and used[0][1].category is not None:
        return _by_category(used, bias)
    if len(used) == 1 and used[0][1].column.levels is not None:
        return _by_level(used[0][1].column, used[0][1].column.levels, used[0][0], bias)
    terms = [Term(weight, one.name, one.low, one.span) for weight, one in used]
    return _sum(terms, bias, full)


def _deeper(below: Sequence[str], weights: Sequence[Fraction], bias: Fraction, full: bool) -> str:
    """When a neuron on activations is 1: in words where that is short."""
    terms = [Term(weight, name) for weight, name in zip(weights, below, strict=True) if weight]
    if not terms:
        return _constant(bias)
    return (in_words(terms, bias) if len(terms) <= MOST_TERMS else None) or _sum(terms, bias, full)


def in_words(terms: Sequence[Term], bias: Fraction) -> str | None:
    """`if h1 and not h2`, where so many of the inputs that matter decide; None: it depends on which ones they are."""
    table = {bits: _fires(terms, bits, bias) for bits in product((0, 1), repeat=len(terms))}
    matter = [j for j in range(len(terms)) if any(fires != table[_flipped(bits, j)] for bits, fires in table.items())]
    if not matter:
        return _constant(bias)
    agreeing = {bits: sum(bits[j] == (terms[j].weight > 0) for j in matter) for bits in table}
    least = min(agreeing[bits] for bits, fires in table.items() if fires)
    if any(fires != (agreeing[bits] >= least) for bits, fires in table.items()):
        return None
    literals = [terms[j].name if terms[j].weight > 0 else f"not {terms[j].name}" for j in matter]
    if least in (1, len(literals)):
        return f"if {(' or ' if least == 1 else ' and ').join(literals)}"
    return f"if at least {least} of {', '.join(literals)}"


def _fires(terms: Sequence[Term], bits: tuple[int, ...], bias: Fraction) -> bool:
    return sum((term.weight for term, bit in zip(terms, bits, strict=True) if bit), bias) >= 0


def _flipped(bits: tuple[int, ...], j: int) -> tuple[int, ...]:
    return (*bits[:j], 1 - bits[j], *bits[j + 1 :])


def _constant(bias: Fraction) -> str:
    return "always" if bias >= 0 else "never"


def _sum(terms: Sequence[Term], bias: Fraction, full: bool) -> str:
    heavy = sorted(terms, key=lambda term: -abs(term.weight))
    return f"if {inequality(heavy, -bias, None if full else MOST_TERMS)}"


def _by_category(used: Sequence[tuple[Fraction, _Input]], bias: Fraction) -> str:
    """Of a neuron that looks at the category of one column alone: a list, of those that make it 1 or of the others."""
    name = _word(used[0][1].column.name)
    odd = [one.category for weight, one in used if (weight + bias >= 0) != (bias >= 0)]
    if not odd:
        return _constant(bias)
    listed = " or ".join(_category(category) for category in odd if category is not None)
    return f"{'unless' if bias >= 0 else 'if'} {name} is {listed}"


def _by_level(column: Encoding, levels: Levels, weight: Fraction, bias: Fraction) -> str:
    """Of a neuron that looks at one level alone: a bound of the number itself."""
    name, top = _word(column.name), 2**levels.bits - 1
    least, greatest = exact(levels.least), exact(levels.greatest)
    ascends = weight > 0
    first = math.ceil(-bias / weight) if ascends else math.floor(-bias / weight) + 1  # the level at which it changes
    if least == greatest:
        return _constant(bias)
    if not 0 < first <= top:
        return "always" if ascends == (first <= 0) else "never"
    place = least + (2 * first - 1) * (greatest - least) / (2 * top)
    return f"if {name} {'>=' if ascends else '<'} {decimal(place)}"


# ---- what a reader has to know beside


def _legend(inputs: Sequence[_Input], first: Layer, lines: Sequence[str]) -> Iterator[str]:
    """The meaning of levels and of missing values, of the columns that are used."""
    used = {one.column.name: one.column for one, w in zip(inputs, first.weights.T, strict=True) if w.any()}
    scales = [(_word(c.name), c.levels) for c in used.values() if c.levels is not None]
    shown = [(name, scale) for name, scale in scales if any(f"level({name})" in line for line in lines)]
    if shown:
        top = 2 ** shown[0][1].bits - 1
        ranges = (f"{name} from {decimal(exact(s.least))} to {decimal(exact(s.greatest))}" for name, s in shown)
        yield f"level: the nearest of 0 to {top}, evenly spaced, half-way up, of {', '.join(ranges)}"
    filled = [f"{_word(c.name)} as {_category(c.fill)}" for c in used.values() if c.fill is not None]
    if filled:
        yield f"missing: {', '.join(filled)}"


def _word(name: str) -> str:
    """Bare if it is a word of the language, else quoted."""
    return name if re.fullmatch(r"[^\W\d]\w*", name) else json.dumps(name, ensure_ascii=False)


def _class(name: str) -> str:
    """Bare if it is a word or a number, else quoted."""
    return name if re.fullmatch(r"[\w.+-]+", name) else json.dumps(name, ensure_ascii=False)


def _category(value: str | float) -> str:
    return _word(value) if isinstance(value, str) else decimal(exact(value))
