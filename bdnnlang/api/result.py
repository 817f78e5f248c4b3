"""What a run came to, for Python programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bdnnlang.network.network import Network
from bdnnlang.network.numbers import Rational
from bdnnlang.report.terminal import report_text
from bdnnlang.run.events import Event
from bdnnlang.run.status import RunStatus

if TYPE_CHECKING:
    from bdnnlang.report.summary import Summary


class NoNetwork(Exception):  # noqa: N818  (it says what happened)
    """A run found no network that could answer; its status says why."""


@dataclass(frozen=True)
class Result:
    """What a run came to. Every number about the network has been recomputed from it, in exact arithmetic."""

    status: RunStatus  # a string too: `result.status == "optimal"`
    loss: Rational | None  # verified, on the training part: an int or a Fraction; None: there is no network
    objective: Rational | None  # the loss and the penalties: what is minimised
    bound: Rational | None  # of the objective: no network (or none with `margin`) has a lesser one
    gap: float | None  # (objective − bound) / objective
    margin: float | None  # the bound speaks of networks with at least this margin; None: of all
    accuracies: Mapping[str, float]  # share of right classes, of the parts there are: "train", "validation", "test"
    network: Network | None = field(repr=False)
    classes: tuple[str, ...]
    notes: tuple[str, ...]  # what the run has to say of itself
    facts: tuple[Event, ...] = field(repr=False)  # in the order in which they became known
    report: str = field(repr=False)  # the page that `bdnnc run` prints

    def summary(self) -> str:
        """The report of the run, a page of text."""
        return self.report


def result_of(summary: Summary, facts: Iterable[Event]) -> Result:
    """The result of a run that has just ended."""
    run, found = summary.run, summary.scores
    named = {"train": "train_accuracy", "validation": "validation_accuracy", "test": "test_accuracy"}
    shares = {part: getattr(found, name) for part, name in named.items()} if found else {}
    return Result(
        status=run.status,
        loss=found.verified_loss if found else None,
        objective=found.verified_objective if found else None,
        bound=run.bound,
        gap=summary.gap,
        margin=run.margin,
        accuracies={part: share for part, share in shares.items() if share is not None},
        network=run.best.network if run.best else None,
        classes=summary.data.classes,
        notes=tuple(f"{stage.stage}: {note}" for stage in run.stages for note in stage.notes),
        facts=tuple(facts),
        report=report_text(summary),
    )
