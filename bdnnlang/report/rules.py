"""A network as rules about the columns of its data: scaling and levels undone, every number exact."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from bdnnlang.data.preprocessing.recipe import Encoding, Recipe
from bdnnlang.data.preprocessing.steps import STEPS
from bdnnlang.data.table import rule_name
from bdnnlang.network.export.network_json import NetworkFile
from bdnnlang.network.network import Layer, Network
from bdnnlang.network.numbers import exact
from bdnnlang.report.inequality import Term, inequality
from bdnnlang.report.text_table import listed

MOST_TERMS = 6
MOST_NEURONS = 12
CUT = re.compile(r" \+ \d+ more >=")  # a sum whose smaller terms are not written


@dataclass(frozen=True, slots=True)
class _Input:
    """What a weight of the first layer is about."""

    column: Encoding
    feature: int  # of the column
    low: Fraction
    span: Fraction

    @property
    def name(self) -> str:
        column = rule_name(self.column.name)
        terms = (step.term(column, self.feature) for step in self.column.steps)
        return next((term for term in terms if term is not None), column)


def rules(file: NetworkFile, full: bool = False) -> list[str]:
    """A line for each neuron, then what is to be known of levels and missing values.

    `h1 if petal_length_cm + 2 petal_width_cm >= 6.5`: exact, in the units of the data. `[colour = red]` is 1 if that is so, else
    0. Without `full` only the heaviest terms and the first neurons are written, and what is left out is counted. Raises
    ValueError if the preprocessing is damaged.
    """
    inputs, names, layers = _conditions(file, full)
    unused = _unused(names, layers)
    left_out: set[str] = set() if full else set(unused)
    lines = [line for k, pair in enumerate(zip(names, layers, strict=True), start=1) for line in _layer(k, *pair, left_out, full)]
    unused_line = [f"{listed(unused)} {'decides' if len(unused) == 1 else 'decide'} nothing"] if unused else []
    return [*lines, _otherwise(file), *unused_line, *_legend(inputs, file.network.layers[0], lines)]


def neuron_rules(file: NetworkFile) -> tuple[list[str], list[list[tuple[str, str]]]]:
    """The names of the inputs, and of each layer the neurons, each with its name and its whole rule. Raises ValueError."""
    inputs, names, layers = _conditions(file, full=True)
    return [source.name for source in inputs], [list(zip(*pair, strict=True)) for pair in zip(names, layers, strict=True)]


def _conditions(file: NetworkFile, full: bool) -> tuple[list[_Input], list[list[str]], list[list[str]]]:
    """The inputs, and of each layer the names of its neurons and when they are 1."""
    recipe, network = Recipe.from_json(file.preprocessing), file.network
    if len(recipe.features) != network.widths[0]:
        raise ValueError(f"the preprocessing makes {len(recipe.features)} features for {network.widths[0]} inputs")
    inputs = list(_inputs(recipe))
    first, *deeper = network.layers
    names = [_names(k, network, file.classes) for k in range(1, len(network.layers) + 1)]
    layers = [[_first(inputs, *neuron, full) for neuron in _neurons(first)]]
    for below, layer in zip(names, deeper, strict=False):
        layers.append([_deeper(below, *neuron, full) for neuron in _neurons(layer)])
    return inputs, names, layers


def _neurons(layer: Layer) -> Iterator[tuple[list[Fraction], Fraction]]:
    """Weights and bias of each, exactly."""
    for weights, bias in zip(layer.weights.tolist(), layer.biases.tolist(), strict=True):
        yield [exact(weight) for weight in weights], exact(bias)


def _inputs(recipe: Recipe) -> Iterator[_Input]:
    bounds = iter(zip(recipe.lower, recipe.upper, strict=True))
    for column in recipe.columns:
        for feature, _ in enumerate(column.features):
            low, high = next(bounds)
            yield _Input(column, feature, exact(low), exact(high) - exact(low))


def _names(k: int, network: Network, classes: tuple[str, ...]) -> list[str]:
    """Of the neurons of layer k: the outputs are called as the classes."""
    if k < len(network.layers):
        prefix = "h" if len(network.layers) == 2 else f"h{k}."
        return [f"{prefix}{j + 1}" for j in range(network.widths[k])]
    return [_class(name) for name in (classes[1:] if network.widths[-1] == 1 else classes)]


def _unused(names: Sequence[Sequence[str]], layers: Sequence[Sequence[str]]) -> list[str]:
    """Hidden neurons that no rule mentions, but rules of such neurons; none where rules are cut short."""
    unused: list[str] = []
    needed = list(layers[-1])
    for below, conditions in zip(reversed(names[:-1]), reversed(layers[:-1]), strict=True):
        if any(CUT.search(condition) for condition in needed):
            break
        mentioned = {word.strip(",") for condition in needed for word in condition.split()}
        unused = [name for name in below if name not in mentioned] + unused
        needed = [condition for name, condition in zip(below, conditions, strict=True) if name in mentioned]
    return unused


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
    used = [(weight, source) for weight, source in zip(weights, inputs, strict=True) if weight]
    if not used:
        return _constant(bias)
    column = used[0][1].column
    if all(source.column is column for _, source in used):
        column_weights = [weight for weight, source in zip(weights, inputs, strict=True) if source.column is column]
        conditions = (step.condition(rule_name(column.name), column_weights, bias) for step in column.steps)
        if (condition := next((text for text in conditions if text is not None), None)) is not None:
            return condition
    terms = [Term(weight, source.name, source.low, source.span) for weight, source in used]
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


# ---- what a reader has to know beside


def _legend(inputs: Sequence[_Input], first: Layer, lines: Sequence[str]) -> Iterator[str]:
    """The meaning of levels and of missing values, of the columns that are used."""
    used = {source.column.name: source.column for source, w in zip(inputs, first.weights.T, strict=True) if w.any()}
    for fitted in (kind.fitted for kind in reversed(STEPS) if kind.fitted is not None):
        steps = [(rule_name(column.name), step) for column in used.values() if (step := column.step(fitted))]
        shown = [(name, step) for name, step in steps if _is_shown(step.term(name, 0), lines)]
        if shown and (text := fitted.legend(shown)):
            yield text


def _is_shown(term: str | None, lines: Sequence[str]) -> bool:
    """Whether a term stands in a rule; what makes no term of its own is in all of them."""
    return term is None or any(term in line for line in lines)


def _class(name: str) -> str:
    """Bare if it is a word or a number, else quoted."""
    return name if re.fullmatch(r"[\w.+-]+", name) else json.dumps(name, ensure_ascii=False)
