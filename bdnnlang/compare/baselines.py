"""Classical models on the same split and preprocessing as the network: the only place where scikit-learn's models appear.

They get the float64 features of the data's parts. docs/comparison.md says how each is trained and what is counted of it.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, assert_never

import numpy as np

from bdnnlang.arrays import Floats
from bdnnlang.data.dataset import Dataset, Part
from bdnnlang.language.spec import Baseline, Logistic, Majority, Mlp, Spec, Tree
from bdnnlang.problem.memory import class_bytes, float32_bytes, int8_bytes, preprocessing_bytes, tree_bytes

TOLERANCE, PATIENCE = 1e-4, 10  # converged: the training loss has not fallen by so much in so many passes
MOST_PASSES, MOST_VISITS = 10_000, 10_000_000  # of an mlp, and of all its passes together to samples …
FEWEST_PASSES = 30  # … but not fewer than in the paper
MOST_STEPS = 1000  # of the logistic regression: it converges in fewer
BATCH = 64
INT8_LEVELS = 127  # a weight is one of −127 … 127 times the scale of its array


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A fitted model: the share of right classes of each part (None: there is no such part), and the memory it takes.

    `passes` over the training part, and whether the training `converged`, are None for a model that is not trained in passes.
    """

    model: str
    settings: tuple[tuple[str, Any], ...]
    train_accuracy: float
    validation_accuracy: float | None
    test_accuracy: float | None
    bytes: int  # preprocessing included
    preprocessing_bytes: int
    passes: int | None = None
    converged: bool | None = None
    seconds: float


def compare(spec: Spec, data: Dataset) -> tuple[Compared, ...]:
    """Every model of the block `compare`, fitted on the training part; behind an mlp the same with int8 weights."""
    return tuple(one for baseline in spec.compare for one in _compared(resolved(baseline, spec), data, spec.train.seed))


def resolved(baseline: Baseline, spec: Spec) -> Baseline:
    """With the widths of the network where none are given."""
    if isinstance(baseline, Mlp) and baseline.hidden is None:
        return replace(baseline, hidden=tuple(layer.width or 0 for layer in spec.network.layers[:-1]))
    return baseline


def _compared(baseline: Baseline, data: Dataset, seed: int) -> Iterator[Compared]:
    began = time.monotonic()
    model = _model(baseline, len(data.train), seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # whether it converged is said in the report; the rest is between libraries
        model.fit(data.train.x, data.train.y)
    seconds = time.monotonic() - began
    preprocessing = 0 if isinstance(baseline, Majority) else preprocessing_bytes(data.recipe)
    fitted = Compared(
        model=type(baseline).__name__.lower(),
        settings=_settings(baseline),
        **_accuracies(model, data),
        bytes=_bytes(baseline, model, data) + preprocessing,
        preprocessing_bytes=preprocessing,
        passes=model.n_iter_ if isinstance(baseline, Mlp) else None,
        converged=_converged(baseline, model),
        seconds=seconds,
    )
    yield fitted
    if isinstance(baseline, Mlp):
        rounded, size = _to_int8(model), int8_bytes(_parameters(model), len(_arrays(model))) + preprocessing
        yield replace(fitted, model="mlp_int8", **_accuracies(rounded, data), bytes=size)


def _settings(baseline: Baseline) -> tuple[tuple[str, Any], ...]:
    match baseline:
        case Mlp(hidden):
            return (("hidden", hidden), ("epochs", baseline.passes))
        case Tree(depth):
            return (("depth", depth),)
        case Logistic() | Majority():
            return ()
        case _:
            assert_never(baseline)


def _model(baseline: Baseline, samples: int, seed: int) -> Any:
    from sklearn.dummy import DummyClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier
    from sklearn.tree import DecisionTreeClassifier

    match baseline:
        case Mlp(hidden):
            return MLPClassifier(
                hidden or (),
                learning_rate_init=1e-3,
                batch_size=min(BATCH, samples),
                alpha=0.0,
                random_state=seed,
                **_ending(baseline.passes, samples),
            )
        case Logistic():
            return LogisticRegression(max_iter=MOST_STEPS)
        case Tree(depth):
            return DecisionTreeClassifier(max_depth=depth, random_state=seed)
        case Majority():
            return DummyClassifier(strategy="most_frequent")
        case _:
            assert_never(baseline)


def _ending(passes: int | None, samples: int) -> dict[str, Any]:
    """When the training of an mlp ends."""
    if passes is not None:
        return {"max_iter": passes, "tol": 0.0, "n_iter_no_change": passes}
    return {"max_iter": most_passes(samples), "tol": TOLERANCE, "n_iter_no_change": PATIENCE}


def most_passes(samples: int) -> int:
    """After which an mlp ends, converged or not."""
    return min(MOST_PASSES, max(FEWEST_PASSES, MOST_VISITS // samples))


def has_converged(losses: Sequence[float]) -> bool:
    """Whether a training ends by then that ends as soon as the loss has not fallen by TOLERANCE in PATIENCE passes and one.

    `losses` of the passes; this is scikit-learn's rule.
    """
    best, idle = float("inf"), 0
    for loss in losses:
        idle = idle + 1 if loss > best - TOLERANCE else 0
        best = min(best, loss)
        if idle > PATIENCE:
            return True
    return False


def _converged(baseline: Baseline, model: Any) -> bool | None:
    match baseline:
        case Mlp():
            return has_converged(model.loss_curve_)
        case Logistic():
            return bool(max(model.n_iter_) < MOST_STEPS)
        case Tree() | Majority():
            return None
        case _:
            assert_never(baseline)


def _accuracies(model: Any, data: Dataset) -> dict[str, Any]:
    parts = {"train": data.train, "validation": data.validation, "test": data.test}
    return {f"{name}_accuracy": None if part is None else _accuracy(model, part) for name, part in parts.items()}


def _accuracy(model: Any, part: Part) -> float:
    return float(np.mean(model.predict(part.x) == part.y))


# ---- memory


def _bytes(baseline: Baseline, model: Any, data: Dataset) -> int:
    match baseline:
        case Mlp():
            return float32_bytes(_parameters(model))
        case Logistic():
            return float32_bytes(model.coef_.size + model.intercept_.size)
        case Tree():
            return tree_bytes(int(model.tree_.node_count - model.get_n_leaves()), len(data.features), len(data.classes))
        case Majority():
            return class_bytes(len(data.classes))
        case _:
            assert_never(baseline)


def _arrays(mlp: Any) -> list[Floats]:
    return [*mlp.coefs_, *mlp.intercepts_]


def _parameters(mlp: Any) -> int:
    return sum(array.size for array in _arrays(mlp))


def _to_int8(mlp: Any) -> Any:
    """The same network, each array of its weights and biases rounded to 255 levels around 0."""
    mlp.coefs_, mlp.intercepts_ = ([_rounded(array) for array in arrays] for arrays in (mlp.coefs_, mlp.intercepts_))
    return mlp


def _rounded(array: Floats) -> Floats:
    scale = float(np.abs(array).max()) / INT8_LEVELS
    return np.rint(array / scale) * scale if scale else array
