"""Functions of a few bits: truth tables, and decision lists where a function has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bdnnlang.device.many import Numbers, after, decide
from bdnnlang.device.whole import Neuron

Table = tuple[int, ...]  # of 2^n values: at k that of the bits of k, bit 0 first


def patterns(n: int) -> Numbers:
    """All bits (2^n, n), in the order of a table."""
    return np.arange(1 << n)[:, None] >> np.arange(n) & 1


def table_of(neuron: Neuron, n: int) -> Table:
    """What a neuron makes of n bits."""
    return tuple(after([[neuron]], patterns(n))[:, 0].tolist())


def classes_of(layers: Sequence[Sequence[Neuron]], n: int) -> Table:
    """The numbers of the classes that layers behind n neurons decide for; the neurons are the outputs if there is no layer."""
    return tuple(decide(after(layers, patterns(n))).tolist())


@dataclass(frozen=True, slots=True)
class Step:
    """If that bit has that value, the function has this one."""

    bit: int
    value: int
    result: int


@dataclass(frozen=True, slots=True)
class DecisionList:
    """The first step whose bit has its value decides, else `otherwise`."""

    steps: tuple[Step, ...]
    otherwise: int

    def as_logic(self, bits: Sequence[str]) -> str:
        """Of a function whose values are 0 and 1, by && and ||."""
        text = str(self.otherwise)
        for step in reversed(self.steps):
            here, negated = bits[step.bit], negate(bits[step.bit])
            if text in "01":
                text = here if step.value == step.result else negated
            elif step.result:
                text = f"({here if step.value else negated} || {text})"
            else:
                text = f"({negated if step.value else here} && {text})"
        return text


def negate(condition: str) -> str:
    """Of a condition in parentheses, or a name."""
    return f"!{condition}"


def decision_list(table: Table) -> DecisionList | None:
    """A function as a decision list of its bits, if it is one (then any bit that decides may come first: Rivest 1987)."""
    bits = list(range(len(table).bit_length() - 1))
    steps: list[Step] = []
    while len(set(table)) > 1:
        table, bits = _needed(table, bits)
        found = _decisive(table)
        if found is None:
            return None
        at, value = found
        steps.append(Step(bits.pop(at), value, restricted(table, at, value)[0]))
        table = restricted(table, at, 1 - value)
    return DecisionList(tuple(steps), table[0])


def _needed(table: Table, bits: list[int]) -> tuple[Table, list[int]]:
    """Without the bits that make no difference."""
    for at in reversed(range(len(bits))):
        if restricted(table, at, 0) == restricted(table, at, 1):
            table, bits = restricted(table, at, 0), bits[:at] + bits[at + 1 :]
    return table, bits


def _decisive(table: Table) -> tuple[int, int] | None:
    """The place and value of a bit that decides alone."""
    places = range(len(table).bit_length() - 1)
    return next(((at, v) for at in places for v in (1, 0) if len(set(restricted(table, at, v))) == 1), None)


def restricted(table: Table, at: int, value: int) -> Table:
    """The table of the other bits where the bit at that place has that value."""
    return tuple(result for k, result in enumerate(table) if k >> at & 1 == value)
