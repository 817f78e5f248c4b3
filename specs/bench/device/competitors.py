"""What others make of the same split and the same whole numbers: trees, forests, linear models and MLPs, each as C.

Of each kind several sizes are trained; the smallest whose test accuracy is that of ours is taken, or the best one if none is.
"""

from __future__ import annotations

import contextlib
import copy
import importlib.metadata
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.tree import DecisionTreeClassifier
from targets import Source

LEAVES = (2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 128, 192)
FORESTS = tuple((trees, leaves) for leaves in (8, 16, 32, 64) for trees in (3, 5, 7, 10, 20))
WIDTHS = (2, 4, 8, 16, 32)
TABLE = """#ifdef __AVR__
#include <avr/pgmspace.h>
#define AT(p) pgm_read_byte(p)
#else
#define PROGMEM
#define AT(p) (*(p))
#endif
"""


@dataclass(frozen=True)
class Split:
    """Whole numbers that a device reads (samples, columns), and classes from 0."""

    x: np.ndarray
    y: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray

    @property
    def columns(self) -> int:
        return int(self.x.shape[1])

    @property
    def classes(self) -> int:
        return int(self.y.max()) + 1

    @property
    def row_type(self) -> str:
        return "uint8_t" if max(self.x.max(), self.x_test.max()) < 256 else "uint16_t"


@dataclass(frozen=True)
class Model:
    """A model as C, and what it answers for the test part on the host."""

    source: Source
    answers: np.ndarray
    size: str  # for people


@dataclass(frozen=True)
class Competitor:
    """A way from a split to C: models of a kind, and a package (or none) that writes them."""

    name: str
    package: str  # as pip calls it; "" for what we write ourselves
    trained: Callable[[Split], Sequence[ClassifierMixin]]  # from small to large
    written: Callable[[Any, Split], Source]

    def model(self, split: Split, wanted: float) -> Model:
        """The smallest whose test accuracy is at least `wanted`, else the most accurate one."""
        models = self.trained(split)
        accuracy = [float(np.mean(model.predict(split.x_test) == split.y_test)) for model in models]
        enough = [number for number, share in enumerate(accuracy) if share >= wanted]
        chosen = models[enough[0] if enough else int(np.argmax(accuracy))]
        return Model(self.written(chosen, split), np.asarray(chosen.predict(split.x_test)), _size(chosen))

    @property
    def version(self) -> str:
        return importlib.metadata.version(self.package) if self.package else ""


def _size(model: Any) -> str:
    match model:
        case DecisionTreeClassifier():
            return f"{model.get_n_leaves()} leaves"
        case RandomForestClassifier():
            return f"{len(model.estimators_)} trees, {sum(tree.get_n_leaves() for tree in model.estimators_)} leaves"
        case MLPClassifier():
            return f"{model.hidden_layer_sizes[0]} neurons"
        case _:
            return f"{model.coef_.size} weights"


# ---- training


def trees(split: Split) -> list[DecisionTreeClassifier]:
    return [DecisionTreeClassifier(max_leaf_nodes=n, random_state=0).fit(split.x, split.y) for n in LEAVES]


def forests(split: Split) -> list[RandomForestClassifier]:
    grown = [RandomForestClassifier(t, max_leaf_nodes=n, random_state=0).fit(split.x, split.y) for t, n in FORESTS]
    return sorted(grown, key=lambda forest: sum(tree.get_n_leaves() for tree in forest.estimators_))


class _InReadings:
    """A model of standardised columns whose first weights and biases are rewritten for the whole numbers themselves."""

    def __init__(self, split: Split) -> None:
        self.mean, self.spread = split.x.mean(axis=0), split.x.std(axis=0)
        self.spread[self.spread == 0] = 1.0
        self.x = (split.x - self.mean) / self.spread

    def weights(self, weights: np.ndarray) -> np.ndarray:  # (outputs, columns)
        return weights / self.spread

    def biases(self, weights: np.ndarray, biases: np.ndarray) -> np.ndarray:
        return biases - (weights / self.spread) @ self.mean


def logistic(split: Split) -> list[LogisticRegression]:
    scaled = _InReadings(split)
    model = LogisticRegression(max_iter=2000).fit(scaled.x, split.y)
    model.intercept_ = scaled.biases(model.coef_, model.intercept_)
    model.coef_ = scaled.weights(model.coef_)
    return [model]


class Int8Logistic(LogisticRegression):
    """Logistic regression whose weights are whole numbers from -127 to 127, and its biases whole numbers."""


def int8_logistic(split: Split) -> list[Int8Logistic]:
    (exact,) = logistic(split)
    step = np.abs(exact.coef_).max() / 127
    model = Int8Logistic()
    model.classes_ = exact.classes_
    model.coef_ = np.rint(exact.coef_ / step)
    model.intercept_ = np.rint(exact.intercept_ / step)
    return [model]


def mlps(split: Split) -> list[MLPClassifier]:
    scaled = _InReadings(split)
    with np.errstate(under="ignore"):  # of its optimiser
        models = [MLPClassifier((width,), max_iter=1500, random_state=0).fit(scaled.x, split.y) for width in WIDTHS]
    for model in models:
        weights = model.coefs_[0].T
        model.intercepts_[0] = scaled.biases(weights, model.intercepts_[0])
        model.coefs_[0] = scaled.weights(weights).T
    return models


# ---- writing: packages


def emlearn_trees(model: Any, split: Split) -> Source:
    """It rounds thresholds down and asks `<`, where scikit-learn asks `<=`: it gets the next whole number instead."""
    import emlearn

    raised = copy.deepcopy(model)
    for tree in getattr(raised, "estimators_", [raised]):
        threshold = tree.tree_.threshold
        threshold[:] = np.floor(threshold) + 1
    with _elsewhere():
        text = emlearn.convert(raised, method="inline", dtype="int16_t").save(name="model", inference=["inline"])
    call = f"return (uint8_t)model_predict(x, {split.columns});"
    return Source(f"{text}\n{_function(call)}", "int16_t", split.columns, _emlearn_includes(), libc=True)


def emlearn_net(model: Any, split: Split) -> Source:
    """In `float`, which is what it has for models of scikit-learn."""
    import emlearn

    with _elsewhere():
        text = emlearn.convert(model, method="loadable").save(name="model", inference=["loadable"])
    call = f"return (uint8_t)model_predict(x, {split.columns});"
    return Source(f"{text}\n{_function(call)}", "float", split.columns, _emlearn_includes(), libc=True)


@contextlib.contextmanager
def _elsewhere() -> Iterator[None]:
    """emlearn compiles what it converts in a folder `tmp` of the working directory."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        yield


def _emlearn_includes() -> tuple[Path, ...]:
    import emlearn

    return (Path(emlearn.includedir),)


def m2cgen(model: Any, split: Split) -> Source:
    """Its inputs are `double`, four bytes on an AVR."""
    import m2cgen as generator

    sys.setrecursionlimit(10_000)
    text = generator.export_to_c(model)
    linear_of_two = isinstance(model, LogisticRegression) and split.classes == 2
    call = "return score((double *)x) > 0;" if linear_of_two else _largest("score((double *)x, y)", split.classes)
    return Source(f"{text}\n{_function(call)}", "double", split.columns, libc=True)


def micromlgen(model: Any, split: Split) -> Source:
    """A class of C++."""
    from micromlgen import port

    kind = type(model).__name__.removesuffix("Classifier")
    body = _function(f"return (uint8_t)Eloquent::ML::Port::{kind}().predict((float *)x);")
    files = {"cstdarg": "#include <stdarg.h>\n"}  # which the compilers for AVR and RV32 have only in C
    return Source(f"{port(model)}\n{body}", "float", split.columns, files=files, libc=True, is_cpp=True)


def _function(body: str) -> str:
    return f"uint8_t classify(const row_t *x) {{ {body} }}\n"


def _largest(call: str, classes: int) -> str:
    """The first of the largest scores."""
    loop = f"for (uint8_t k = 1; k < {classes}; k++) if (y[k] > y[best]) best = k;"
    return f"double y[{classes}]; uint8_t best = 0; {call}; {loop} return best;"


# ---- writing: ourselves


def plain_tree(model: Any, split: Split) -> Source:
    """Nested comparisons of whole numbers."""
    tree = model.tree_

    def lines(node: int) -> Iterator[str]:
        if tree.children_left[node] < 0:
            yield f"return {int(np.argmax(tree.value[node]))};"
            return
        yield f"if (x[{tree.feature[node]}] <= {int(np.floor(tree.threshold[node]))}) {{"
        yield from lines(tree.children_left[node])
        yield "}"
        yield from lines(tree.children_right[node])

    return Source(_function("\n".join(lines(0))), split.row_type, split.columns)


def int8_scores(model: Any, split: Split) -> Source:
    """Sums of int8 weights times readings in the narrowest type that holds them, biases in tables too; the first largest wins."""
    weights, biases = model.coef_.astype(int), model.intercept_.astype(int)
    most = int(np.abs(weights).sum(axis=1).max() * split.x.max() + np.abs(biases).max())
    total = "int16_t" if most < 1 << 15 else "int32_t"
    flat = ", ".join(str(weight) for weight in weights.ravel())
    table = f"{TABLE}static const int8_t w[{weights.size}] PROGMEM = {{{flat}}};\n"
    term = f"({total})((int16_t)(int8_t)AT(p) * (int16_t)x[i])"
    if split.row_type != "uint8_t":
        term = f"({total})(int8_t)AT(p) * ({total})x[i]"
    add = f"for (uint8_t i = 0; i < {split.columns}; i++, p++) s += {term};"
    if len(weights) == 1:
        return Source(
            f"{table}{_function(f'const int8_t *p = w; {total} s = {biases[0]}; {add} return s > 0;')}",
            split.row_type,
            split.columns,
        )
    listed = ", ".join(str(bias) for bias in biases)
    table += f"static const {total} b[{len(biases)}] PROGMEM = {{{listed}}};\n"
    read = "pgm_read_word(b + k)" if total == "int16_t" else "pgm_read_dword(b + k)"
    body = f"""
  const int8_t *p = w;
  {total} largest = 0;
  uint8_t best = 0;
  for (uint8_t k = 0; k < {len(biases)}; k++) {{
#ifdef __AVR__
    {total} s = ({total}){read};
#else
    {total} s = b[k];
#endif
    {add}
    if (k == 0 || s > largest) {{ largest = s; best = k; }}
  }}
  return best;
"""
    return Source(table + _function(body), split.row_type, split.columns)


COMPETITORS = (
    Competitor("plain C, tree", "", trees, plain_tree),
    Competitor("plain C, logistic regression in int8", "", int8_logistic, int8_scores),
    Competitor("emlearn, tree", "emlearn", trees, emlearn_trees),
    Competitor("emlearn, forest", "emlearn", forests, emlearn_trees),
    Competitor("emlearn, MLP", "emlearn", mlps, emlearn_net),
    Competitor("m2cgen, tree", "m2cgen", trees, m2cgen),
    Competitor("m2cgen, logistic regression", "m2cgen", logistic, m2cgen),
    Competitor("micromlgen, tree", "micromlgen", trees, micromlgen),
    Competitor("micromlgen, logistic regression", "micromlgen", logistic, micromlgen),
)
