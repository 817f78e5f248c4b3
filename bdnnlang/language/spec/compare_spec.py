"""The block `compare`: the classical models beside the network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from bdnnlang.language.kinds import Nothing, Whole, Wholes
from bdnnlang.language.spec.row import Row, block, setting, step, steps
from bdnnlang.source import Span

COMPARE = block(
    "compare",
    Nothing(),
    "Classical models, trained on the same split and scaling",
    example="compare { mlp, majority }",
    aliases=("baselines", "baseline"),
)


PAPER_EPOCHS = 30


@dataclass(frozen=True, slots=True)
class Paper:
    """The training of [KB], whether it has converged by then or not."""

    row: ClassVar[Row] = step(
        "paper",
        Nothing(),
        f"Trains as the paper does, {PAPER_EPOCHS} passes over the training part, converged or not",
        example="paper",
        aliases=("published",),
    )
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Mlp:
    """A ReLU network trained by Adam.

    `hidden` None: as wide as the spec's own hidden layers. `epochs` None: until it has converged.
    """

    row: ClassVar[Row] = step(
        "mlp",
        Nothing(),
        "A ReLU network: Adam, learning rate 1e-3, batches of 64, seeded by `train.seed`; and its weights as int8",
        example="mlp { hidden = [50, 50] }",
        aliases=("dnn", "nn"),
    )
    hidden: tuple[int, ...] | None = setting(
        Wholes(), "Widths of the hidden layers", None, shown="those of `network`", example="hidden = [100]"
    )
    epochs: int | None = setting(
        Whole(1, 100_000),
        "So many passes over the training part, converged or not",
        None,
        shown="as many as it needs to converge, within a limit",
        example="epochs = 30",
    )
    training: tuple[Paper, ...] = field(default=(), metadata=steps(Paper))  # one at most
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def passes(self) -> int | None:
        """How many it shall have; None: until it has converged."""
        return PAPER_EPOCHS if self.training else self.epochs


@dataclass(frozen=True, slots=True)
class Logistic:
    """Logistic regression."""

    row: ClassVar[Row] = step(
        "logistic",
        Nothing(),
        "Logistic regression, with the defaults of scikit-learn",
        example="logistic",
        aliases=("logistic_regression", "logit"),
    )
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Tree:
    """A decision tree. `depth` None: grown until its leaves are pure."""

    row: ClassVar[Row] = step(
        "tree",
        Nothing(),
        "A decision tree, seeded by `train.seed`",
        example="tree { depth = 3 }",
        aliases=("decision_tree",),
    )
    depth: int | None = setting(Whole(1, 1000), "Largest depth", None, shown="no limit", example="depth = 3")
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Majority:
    """Always the most frequent class of the training part."""

    row: ClassVar[Row] = step(
        "majority",
        Nothing(),
        "Always the most frequent class of the training part",
        example="majority",
        aliases=("dummy", "constant"),
    )
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


Baseline = Mlp | Logistic | Tree | Majority
