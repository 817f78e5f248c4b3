"""The block `require` of a spec on given data: classes and columns by their names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from bdnnlang.data.dataset import Dataset
from bdnnlang.data.diagnosis.errors import NoSuchClass, NoSuchColumn
from bdnnlang.data.preprocessing.recipe import Encoding
from bdnnlang.data.table import Names, closest, listed
from bdnnlang.device.size.code_bytes import code_bytes
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.printing import requirement_text
from bdnnlang.language.spec import (
    Accuracy,
    Bytes,
    Column,
    Decreasing,
    Errors,
    Features,
    Increasing,
    Inputs,
    Label,
    Neurons,
    Nonzeros,
    Precision,
    RateGap,
    Recall,
    RecallGap,
    Requirement,
    Spec,
    Specificity,
)
from bdnnlang.problem.errors import MeaninglessRequirement
from bdnnlang.problem.requirement.gaps import MOST_GROUPS, Gap, group_names
from bdnnlang.problem.requirement.predictions import Rate
from bdnnlang.problem.requirement.requirements import Requirements, Resolved
from bdnnlang.problem.requirement.signs import Monotone, Never
from bdnnlang.problem.requirement.sizes import Size


def resolve(spec: Spec, data: Dataset) -> Requirements:
    """Raises Rejected with everything that is wrong: classes (E212) and columns (E201) that are none, and what means nothing."""
    found = _Resolver(spec, data)
    resolved = [one for statement in spec.require.statements if (one := found.requirement(statement)) is not None]
    resolved += found.never()
    if found.diagnostics:
        raise Rejected(found.diagnostics)
    return Requirements(tuple(resolved))


@dataclass
class _Resolver:
    spec: Spec
    data: Dataset
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def requirement(self, one: Requirement) -> Resolved | None:
        """None: something was wrong."""
        classes = len(self.data.classes)
        match one:
            case Recall(label=label) | Precision(label=label) | Specificity(label=label):
                return None if (place := self.label(label)) is None else Rate(one, place, classes)
            case Errors(label=Label() as label):
                return None if (place := self.label(label)) is None else Rate(one, place, classes)
            case Accuracy() | Errors():
                return Rate(one, None, classes)
            case RateGap() | RecallGap():
                return self.gap(one)
            case Features() | Inputs() | Nonzeros() | Neurons() | Bytes():
                return Size(one, code_bytes(self.spec.network, len(self.data.features)))
            case Increasing() | Decreasing():
                return self.monotone(one)
            case _:
                assert_never(one)

    def label(self, label: Label) -> int | None:
        """The position of a class."""
        name, classes = str(label.key), self.data.classes
        if name in classes:
            return classes.index(name)
        self.diagnostics.append(
            NoSuchClass(span=label.span, name=name, classes=listed(classes), suggestion=closest(name, classes))
        )
        return None

    def gap(self, one: RateGap | RecallGap) -> Gap | None:
        header = self.data.recipe.header
        at = Names(header).find(one.column.key)
        if at is None:
            self._no_column(one.column, "column", header)
            return None
        label = None if one.label is None else self.label(one.label)
        names = group_names(self.data.train, header[at])
        if not 1 < len(names) <= MOST_GROUPS:
            problem = f"`{header[at]}` has {len(names)} groups" if names else f"the values of `{header[at]}` are not kept"
            advice = f"name a column with 2 to {MOST_GROUPS} different values"
            self._meaningless(one, problem, advice)
            return None
        if one.label is not None and label is None:
            return None
        labels = tuple(range(len(self.data.classes))) if label is None else (label,)
        return Gap(one, header[at], labels, len(self.data.classes))

    def monotone(self, one: Increasing | Decreasing) -> Monotone | None:
        found = self.feature_column(one.column)
        if found is None:
            return None
        encoding, first = found
        if encoding.categories:
            self._meaningless(one, f"`{encoding.name}` has categories, which have no order", "name a column that is a number")
            return None
        if len(encoding.features) != 1:
            problem = f"`{encoding.name}` becomes {len(encoding.features)} features"
            self._meaningless(one, problem, "use `quantize` in place of `thermometer`")
            return None
        return Monotone(one, first)

    def never(self) -> list[Never]:
        """One for all columns."""
        columns = self.spec.require.never
        found = [self.feature_column(column) for column in columns]
        features = [first + i for encoding, first in filter(None, found) for i in range(len(encoding.features))]
        return [Never(columns, tuple(sorted(set(features))))] if columns else []

    def feature_column(self, column: Column) -> tuple[Encoding, int] | None:
        """A column that becomes features, and the first of them."""
        header, first = self.data.recipe.header, 0
        at = Names(header).find(column.key)
        for encoding in self.data.recipe.columns:
            if at is not None and encoding.name == header[at]:
                return encoding, first
            first += len(encoding.features)
        self._no_column(column, "feature column", tuple(encoding.name for encoding in self.data.recipe.columns))
        return None

    def _no_column(self, column: Column, what: str, names: tuple[str, ...]) -> None:
        key, source = str(column.key), f"`{self.data.source.removeprefix('csv ')}`"
        suggestion, columns = closest(key, names), listed(names)
        self.diagnostics.append(
            NoSuchColumn(span=column.span, source=source, what=what, name=key, columns=columns, suggestion=suggestion)
        )

    def _meaningless(self, one: Requirement, problem: str, advice: str) -> None:
        text = requirement_text(one)
        self.diagnostics.append(MeaninglessRequirement(span=one.span, text=text, problem=problem, advice=advice))
