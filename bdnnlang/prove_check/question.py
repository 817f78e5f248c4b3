"""Whether a proof speaks of a training problem: its head against what the spec and the data say, recomputed from both."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import numpy as np

from bdnnlang.language.spec import FixedOutput, Interval, WeightDomain
from bdnnlang.language.spec.network_spec import Integers
from bdnnlang.network.numbers import exact
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.prove_check.head import Head, Merged

Key = tuple[Fraction, ...]


def difference(head: Head, training: TrainingProblem) -> str | None:
    """What the proof says of the problem that is not so; None: its bound is one of this problem."""
    spec, widths = training.spec.network, training.widths
    if len(widths) != 3 or widths[2] != 1:
        return "the network has not one hidden layer and one output"
    if head.neurons != widths[1]:
        return f"it is of {head.neurons} hidden neurons, not {widths[1]}"
    if len(head.scale) != widths[0]:
        return f"it is of {len(head.scale)} features, not {widths[0]}"
    first, last = spec.layers
    if not _covers(head.weights, first.weights):
        return "its hidden weights are not those of the spec"
    if head.output is not None and not _covers(tuple({s for v in head.output for s in (v, -v)}), last.weights):
        return "its output weights are not those of the spec"
    if head.threshold is not None and head.threshold != _threshold(spec.fixed_output, widths[1]):
        return "its output is fixed, and not as in the spec"
    return _of_samples(head, training)


def _threshold(output: FixedOutput | None, neurons: int) -> int | None:
    """How many neurons have to be on, where the spec says that."""
    return None if output is None else {"any": 1, "all": neurons}.get(output.word, output.number)


def _covers(values: tuple[Fraction, ...] | None, domain: WeightDomain) -> bool:
    """May a weight of the domain be any of these values, or any number for None?"""
    if values is None:
        return True
    if isinstance(domain, Interval):
        return False
    own = range(domain.lower, domain.upper + 1) if isinstance(domain, Integers) else map(exact, domain.values)
    return set(map(Fraction, own)) <= set(values)


def _of_samples(head: Head, training: TrainingProblem) -> str | None:
    merged, irreducible = _merged(head, training)
    if irreducible != head.irreducible:
        return f"the irreducible loss is {irreducible}, not {head.irreducible}"
    if sorted(head.samples, key=lambda one: one.rows) != sorted(merged, key=lambda one: one.rows):
        return "its samples are not those of the data"
    return None


def _merged(head: Head, training: TrainingProblem) -> tuple[list[Merged], Fraction]:
    """The samples of the problem in units and whole numbers of the head, and the loss that equal ones force."""
    samples, prices = training.samples, training.costs.classes or (Fraction(1), Fraction(1))
    groups: dict[Key, list[int]] = defaultdict(list)
    for row in range(len(samples)):
        groups[samples.exact_row(row)].append(row)
    found: list[Merged] = []
    irreducible = Fraction(0)
    for x, rows in groups.items():
        counts = np.bincount(samples.y[rows], minlength=2).tolist()
        off, on = counts[0] * prices[0], counts[1] * prices[1]
        irreducible += min(off, on)
        weight = abs(on - off) / head.unit
        if weight:
            whole = [factor * v + shift for v, (factor, shift) in zip(x, head.scale, strict=True)]
            if weight.denominator != 1 or any(v.denominator != 1 for v in whole):
                return [], irreducible  # no head of this unit and scale has such samples
            found.append(Merged(int(on > off), int(weight), tuple(map(int, whole)), tuple(rows)))
    return found, irreducible
