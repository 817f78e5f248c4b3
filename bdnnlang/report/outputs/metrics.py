"""What a run came to, in few numbers that keep their names (docs/report.md)."""

from __future__ import annotations

from typing import Any

import numpy as np

from bdnnlang.network.numbers import Rational
from bdnnlang.problem.class_scores import Confusion
from bdnnlang.report.stated.reported import Reported
from bdnnlang.report.stated.run import PARTS, rational

Json = dict[str, Any]
SCHEMA = 1  # of this file, whatever that of run.json is


def metrics_json(run: Reported) -> Json:
    """Status, loss and bound, and the scores of each part there is; null is what there is nothing of."""
    found, classes = run.stated.result, run.stated.data.classes
    return {
        "schema": SCHEMA,
        "status": found.status,
        "loss": {"name": found.loss, "value": _number(rational(found.verified_loss))},
        "objective": _number(found.objective),
        "bound": _number(rational(found.bound)),
        "gap": found.gap,
        "seconds": found.seconds,
        "classes": list(classes),
        "parts": {part: _scores(confusion, classes) for part, confusion in confusions(run).items()},
    }


def confusions(run: Reported) -> dict[str, Confusion]:
    """Of each part there is; nothing without a network."""
    stated = run.stated.confusion or {}
    return {part: Confusion(np.array(stated[part], dtype=np.int64)) for part in PARTS if part in stated}


def _scores(found: Confusion, classes: tuple[str, ...]) -> Json:
    """Rows of the confusion are true classes; shares of classes stand in the order of `classes`."""
    each = range(len(classes))
    return {
        "samples": int(found.samples.sum()),
        "accuracy": found.accuracy,
        "recall": [found.recall(k) for k in each],
        "precision": [found.precision(k) for k in each],
        "confusion": found.counts.tolist(),
    }


def _number(value: Rational | None) -> int | float | None:
    return value if value is None or isinstance(value, int) else float(value)
