"""Classical models on the same split and scaling as the network: the only place where scikit-learn's models appear.

They get the float64 features of the data's parts. `mlp` is the network that [KB] compare with (ReLU, Adam, learning rate 1e-3,
30 epochs, batches of 64), without weight decay or early stopping; the others have scikit-learn's own defaults.
"""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass, fields, replace
from typing import Any, assert_never

import numpy as np

from bdnnlang.data.dataset import Dataset, Part
from bdnnlang.language.spec import Baseline, Logistic, Majority, Mlp, Spec, Tree

FLOAT32 = 4  # bytes of a parameter
QUESTION, LEAF = 8, 1  # bytes: float32 threshold, 16 bits each for feature and right child (the left one follows); a class
MOST_STEPS = 1000  # of the logistic regression: it converges in fewer


@dataclass(frozen=True, slots=True)
class Compared:
    """A fitted model: the share of right classes of each part (None: there is no such part), and the memory it takes."""

    model: str
    settings: tuple[tuple[str, Any], ...]
    train_accuracy: float
    validation_accuracy: float | None
    test_accuracy: float | None
    bytes: int
    seconds: float


def compare(spec: Spec, data: Dataset) -> tuple[Compared, ...]:
    """Every model of the block `compare`, fitted on the training part."""
    return tuple(_compared(resolved(baseline, spec), data, spec.train.seed) for baseline in spec.compare)


def resolved(baseline: Baseline, spec: Spec) -> Baseline:
    """With the widths of the network where none are given."""
    if isinstance(baseline, Mlp) and baseline.hidden is None:
        return replace(baseline, hidden=tuple(layer.width or 0 for layer in spec.network.layers[:-1]))
    return baseline


def name(baseline: Baseline) -> str:
    """The name of a model in the language."""
    return type(baseline).__name__.lower()


def _compared(baseline: Baseline, data: Dataset, seed: int) -> Compared:
    began = time.monotonic()
    model = _model(baseline, len(data.train), seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an mlp is meant to end after its epochs; the rest is between libraries
        model.fit(data.train.x, data.train.y)
    seconds = time.monotonic() - began
    return Compared(
        model=name(baseline),
        settings=tuple((f.name, getattr(baseline, f.name)) for f in fields(baseline) if f.compare),
        train_accuracy=_accuracy(model, data.train),
        validation_accuracy=None if data.validation is None else _accuracy(model, data.validation),
        test_accuracy=None if data.test is None else _accuracy(model, data.test),
        bytes=_bytes(baseline, model),
        seconds=seconds,
    )


def _model(baseline: Baseline, samples: int, seed: int) -> Any:
    from sklearn.dummy import DummyClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier
    from sklearn.tree import DecisionTreeClassifier

    match baseline:
        case Mlp(hidden, epochs):
            return MLPClassifier(
                hidden or (),
                learning_rate_init=1e-3,
                batch_size=min(64, samples),
                max_iter=epochs,
                alpha=0.0,
                tol=0.0,
                n_iter_no_change=epochs,
                random_state=seed,
            )
        case Logistic():
            return LogisticRegression(max_iter=MOST_STEPS)
        case Tree(depth):
            return DecisionTreeClassifier(max_depth=depth, random_state=seed)
        case Majority():
            return DummyClassifier(strategy="most_frequent")
        case _:
            assert_never(baseline)


def _accuracy(model: Any, part: Part) -> float:
    return float(np.mean(model.predict(part.x) == part.y))


def _bytes(baseline: Baseline, model: Any) -> int:
    """Parameters as float32; questions and leaves of a tree; one byte for a class."""
    match baseline:
        case Mlp():
            return int(FLOAT32 * sum(array.size for array in (*model.coefs_, *model.intercepts_)))
        case Logistic():
            return int(FLOAT32 * (model.coef_.size + model.intercept_.size))
        case Tree():
            leaves = model.get_n_leaves()
            return int(QUESTION * (model.tree_.node_count - leaves) + LEAF * leaves)
        case Majority():
            return LEAF
        case _:
            assert_never(baseline)
