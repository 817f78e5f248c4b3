"""The classical models of the block `compare`; `types` hands them on."""

from __future__ import annotations

from dataclasses import dataclass, field

from bdnnlang.source import Span


@dataclass(frozen=True, slots=True)
class Mlp:
    """A ReLU network trained by Adam. `hidden` None: as wide as the spec's own hidden layers."""

    hidden: tuple[int, ...] | None = None
    epochs: int = 30
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Logistic:
    """Logistic regression."""

    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Tree:
    """A decision tree. `depth` None: grown until its leaves are pure."""

    depth: int | None = None
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Majority:
    """Always the commonest class of the training part."""

    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


Baseline = Mlp | Logistic | Tree | Majority
