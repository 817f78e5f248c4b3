"""The functions that one output can be of its hidden neurons, up to their order: few, so that each can be tried alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement, product

MOST_NEURONS = 4  # five neurons have 92 functions
GREATEST_WEIGHT = {1: 1, 2: 1, 3: 2, 4: 3}  # whole weights up to these give every threshold function of so many neurons

Neurons = tuple[int, ...]  # numbers of neurons, from 0, ascending


@dataclass(frozen=True, slots=True)
class OutputFunction:
    """On iff the weights of the neurons that are on add up to `threshold` or more. Weights are whole and at least 1."""

    weights: tuple[int, ...]  # (d,)
    threshold: int

    @property
    def neurons(self) -> int:
        return len(self.weights)

    def __call__(self, on: Sequence[bool]) -> bool:
        """The output where just these neurons are on, (d,)."""
        return sum(w for w, is_on in zip(self.weights, on, strict=True) if is_on) >= self.threshold

    def __str__(self) -> str:
        if any(w != 1 for w in self.weights):
            return " + ".join(f"{w} h{j}" if w > 1 else f"h{j}" for j, w in enumerate(self.weights, 1)) + f" >= {self.threshold}"
        words = {self.neurons: "all", 1: "any"}
        return f"{words.get(self.threshold, self.threshold)} of {self.neurons}"

    def table(self) -> tuple[bool, ...]:
        """The output for every pattern of the neurons, in the order of `itertools.product`, (2^d,)."""
        return tuple(self(on) for on in product((False, True), repeat=self.neurons))

    def implicants(self) -> tuple[Neurons, ...]:
        """The smallest sets of neurons that turn the output on when they are on, whatever the others do."""
        return tuple(_smallest(self.neurons, lambda chosen: self([j in chosen for j in range(self.neurons)])))

    def implicates(self) -> tuple[Neurons, ...]:
        """The smallest sets of neurons that turn the output off when they are off, whatever the others do."""
        return tuple(_smallest(self.neurons, lambda chosen: not self([j not in chosen for j in range(self.neurons)])))

    def depends_on_all(self) -> bool:
        """Is there a pattern for each neuron where it decides?"""
        return {j for implicant in self.implicants() for j in implicant} == set(range(self.neurons))

    def alike(self) -> tuple[Neurons, ...]:
        """The neurons in groups: exchanging two of a group leaves the function as it is."""
        groups: list[Neurons] = []
        for j in range(self.neurons):
            k = next((k for k, group in enumerate(groups) if self._same_exchanged(group[0], j)), None)
            if k is None:
                groups.append((j,))
            else:
                groups[k] = (*groups[k], j)
        return tuple(groups)

    def _same_exchanged(self, i: int, j: int) -> bool:
        weights = list(self.weights)
        weights[i], weights[j] = weights[j], weights[i]
        return OutputFunction(tuple(weights), self.threshold).table() == self.table()


def _smallest(neurons: int, holds: Callable[[Neurons], bool]) -> Iterator[Neurons]:
    """The sets that hold and no part of which does, the small ones first."""
    found: list[Neurons] = []
    for chosen in (c for size in range(neurons + 1) for c in combinations(range(neurons), size)):
        if not any(set(small) <= set(chosen) for small in found) and holds(chosen):
            found.append(chosen)
            yield chosen


def output_functions(neurons: int, weights: Collection[int] | None = None) -> tuple[OutputFunction, ...]:
    """Every function that an output with no negative weight may have to be, each with its least whole weights.

    `weights`: the positive whole weights that the domain has (in units of its lattice); None: all numbers. A function that does
    not depend on some neuron is left out where another one gives it when that neuron is constant, so that, as long as neurons
    may be constant, no network has a lesser loss than the best one with one of these functions. Two that differ by the order
    of the neurons are one. There are 1, 2, 5, 17 for 1 to 4 neurons, and with weights {1} as many as neurons.

    Source: docs/models.md 9.1; the counts are those of S. Muroga, Threshold Logic and Its Applications (1971), up to permutation.
    """
    allowed = range(1, GREATEST_WEIGHT[neurons] + 1) if weights is None else sorted(weights)
    realised: dict[tuple[bool, ...], OutputFunction] = {}
    for function in sorted(_all(neurons, allowed), key=lambda f: (sum(f.weights), f.threshold)):
        realised.setdefault(function.table(), function)
    whole = [f for f in realised.values() if f.depends_on_all()]
    if weights is None:
        return tuple(whole)  # with real weights each of the others is one of these
    given = {table for f in whole for table in _with_constants(f)}
    rest = [f for table, f in realised.items() if not f.depends_on_all() and table not in given]
    return (*whole, *rest)


def _all(neurons: int, allowed: Collection[int]) -> Iterator[OutputFunction]:
    """With the weights in descending order; without the two functions that are constant."""
    for weights in combinations_with_replacement(sorted(allowed, reverse=True), neurons):
        yield from (OutputFunction(weights, threshold) for threshold in range(1, sum(weights) + 1))


def _with_constants(function: OutputFunction) -> Iterator[tuple[bool, ...]]:
    """The tables that are left when some neurons are always on or always off; the others move up, in their order."""
    for states in product((None, False, True), repeat=function.neurons):
        free = [w for w, state in zip(function.weights, states, strict=True) if state is None]
        always = sum(w for w, state in zip(function.weights, states, strict=True) if state)
        unused = [0] * (function.neurons - len(free))
        yield OutputFunction((*free, *unused), function.threshold - always).table()
