"""A block `data` that is being proposed, and why each line of it is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bdnnlang.language.spec import Column, Csv, DataSpec, DataStep, Drop


@dataclass(frozen=True)
class Draft:
    """`reasons`: why a setting is as it is, by its name; settings without one are not written. `steps`: each with its reason.

    `names`: the columns of the file, once they are known.
    """

    data: DataSpec
    names: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[tuple[DataStep, str], ...] = ()

    @property
    def source(self) -> Csv:
        assert isinstance(self.data.source, Csv)
        return self.data.source

    @property
    def spec(self) -> DataSpec:
        """The block with its steps."""
        return replace(self.data, steps=tuple(step for step, _ in self.steps))

    def named(self, names: tuple[str, ...]) -> Draft:
        """Once the columns are known."""
        return replace(self, names=names)

    def reading(self, why: str, **settings: Any) -> Draft:
        """With a setting of how the file is read."""
        source = replace(self.source, **settings)
        return replace(self, data=replace(self.data, source=source), reasons={**self.reasons, **dict.fromkeys(settings, why)})

    def setting(self, why: str, **settings: Any) -> Draft:
        """With another setting of the block."""
        return replace(self, data=replace(self.data, **settings), reasons={**self.reasons, **dict.fromkeys(settings, why)})

    def step(self, step: DataStep, why: str) -> Draft:
        """With a step behind the others, unless it is there."""
        return self if any(step == other for other, _ in self.steps) else replace(self, steps=(*self.steps, (step, why)))

    def drop(self, name: str, why: str) -> Draft:
        """Without a column: those with the same reason in one step, before anything else is done."""
        dropped = {reason: step.columns for step, reason in self.steps if isinstance(step, Drop)}
        if any(self.column(name) in columns for columns in dropped.values()):
            return self
        dropped[why] = (*dropped.get(why, ()), self.column(name))
        others = [line for line in self.steps if not isinstance(line[0], Drop)]
        return replace(self, steps=(*((Drop(columns), reason) for reason, columns in dropped.items()), *others))

    def column(self, name: str) -> Column:
        """A column as a spec names it: by its number where its name cannot be written."""
        return Column(name if name.isprintable() else self.names.index(name) + 1)
