"""The neurons, inputs and samples of a training problem in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.model.blocks import Columns, Problem, Role
from bdnnlang.model.build import model_rows
from bdnnlang.model.explanation.kinds import Index
from bdnnlang.problem.requirement.signs import Monotone
from bdnnlang.problem.training import TrainingProblem

EQUALS = 5  # rows that are named of those that share a sample


@dataclass(frozen=True, eq=False)
class Terms:
    """`built` is the problem of all samples, each with a pattern of its own."""

    training: TrainingProblem
    built: Problem

    @cached_property
    def place(self) -> Ints:
        """The row of the model that each training sample has, (m,)."""
        return model_rows(self.training.data.train, None, self.training.spec.train.merges_samples)[1]

    @cached_property
    def errors(self) -> Ints:
        """Row of the model and class of each error bit, (2, errors)."""
        return np.unique(np.stack([self.place, self.training.data.train.y]), axis=1)

    @cached_property
    def changing(self) -> list[int]:
        """The features that a perturbation set lets change."""
        delta = self.training.perturbation
        return [] if delta is None else [j for j, radius in enumerate(delta.radius) if radius > 0]

    @cached_property
    def monotone(self) -> list[int]:
        """The features that must only raise or lower the class."""
        return [one.feature for one in self.training.requirements.all if isinstance(one, Monotone)]

    def words(self, kinds: tuple[Index, ...], index: tuple[int, ...], layer: int, family: Columns | None) -> dict[str, str]:
        """What the indices of a name stand for, to be filled into the template of its kind."""
        certified = self.built.perturbation is not None
        words = {"layer": str(layer), "sure": "surely " if certified else "", "least": " at the least" if certified else ""}
        for kind, i in zip(kinds, index, strict=True):
            words[kind.value.partition(" ")[0]] = self._word(kind, i, layer, family)
        return words

    def _word(self, kind: Index, i: int, layer: int, family: Columns | None) -> str:
        match kind:
            case Index.SAMPLE:
                return self.sample(i)
            case Index.NEURON:
                is_bias = family is not None and family.role in (Role.BIASES, Role.BIAS_CHOICES)
                return f"all neurons of layer {layer}" if is_bias and self.is_shared(layer) else self.neuron(layer, i)
            case Index.INPUT:
                return self.input(layer, i)
            case Index.FEATURE:
                return self.input(1, i)
            case Index.MONOTONE:
                return self.input(1, self.monotone[i])
            case Index.CLASS:
                return self.training.data.classes[i + 1]
            case Index.CHANGING:
                return self.input(1, self.changing[i])
            case Index.VALUE:
                assert family is not None  # of columns only
                return f"{self.value(family, i):g}"
            case Index.ERROR:
                row, label = self.errors[:, i].tolist()
                return f"{self.sample(row)} as {self.training.data.classes[label]}"
            case Index.NUMBER | Index.ONLY:
                return str(i)

    def neuron(self, layer: int, i: int) -> str:
        """`neuron 0 of layer 1`; of the outputs, what they speak for."""
        if layer < self.built.depth:
            return f"neuron {i} of layer {layer}"
        classes = self.training.data.classes
        return f"the output ({classes[1]})" if self.outputs == 1 else f"output {i} ({classes[i]})"

    @property
    def outputs(self) -> int:
        return int(self.built.weights(self.built.depth).shape[0])

    def input(self, layer: int, i: int) -> str:
        return f"feature `{self.training.data.features[i]}`" if layer == 1 else self.neuron(layer - 1, i)

    def sample(self, row: int) -> str:
        """`row 52 (virginica)`, rows of the data counted from 1; with those that have equal features."""
        members = self.members(row)
        named = ", ".join(f"row {number} ({label})" for number, label in members[:EQUALS])
        return named + (f" and {len(members) - EQUALS} equal ones" if len(members) > EQUALS else "")

    def members(self, row: int) -> list[tuple[int, str]]:
        """Row numbers in the data, from 1, and classes of the training samples that a row of the model stands for."""
        part = self.training.data.train
        return [(int(part.rows[i]) + 1, self.training.data.classes[part.y[i]]) for i in self._members[row]]

    def features(self, row: int, most: int) -> str:
        """The first features of a sample, as the data have them."""
        part = self.training.data.train
        values = part.raw[self._members[row][0]]
        pairs = list(zip(self.training.data.features, values.tolist(), strict=True))
        named = ", ".join(f"{name} {value:g}" for name, value in pairs[:most])
        return f"{self.sample(row)}: {named}" + (f" and {len(pairs) - most} more" if len(pairs) > most else "")

    def is_shared(self, layer: int) -> bool:
        """Have the neurons of a layer one bias?"""
        biases = self.built.biases(layer)
        return biases is not None and biases.size < len(self.built.weights(layer).index)

    def value(self, choices: Columns, i: int) -> float:
        """The value that a column of choices stands for."""
        role = Role.WEIGHTS if choices.role is Role.WEIGHT_CHOICES else Role.BIASES
        chosen = self.built.families[role, choices.layer]
        assert chosen.points is not None
        return float(chosen.unit * int(chosen.points[i]))

    @cached_property
    def _members(self) -> list[list[int]]:
        """The training samples of each row of the model."""
        order = np.argsort(self.place, kind="stable")
        return [part.tolist() for part in np.split(order, np.cumsum(np.bincount(self.place))[:-1])]
