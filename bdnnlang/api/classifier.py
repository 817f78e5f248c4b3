"""A network as an estimator of scikit-learn."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from fractions import Fraction
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from bdnnlang.api.result import NoNetwork, Result
from bdnnlang.api.rows import read_rows
from bdnnlang.api.specs import load_spec
from bdnnlang.api.training import train
from bdnnlang.data.dataset import Dataset
from bdnnlang.data.preprocessing.recipe import Recipe
from bdnnlang.network.exact import activations, output_scores, outputs
from bdnnlang.network.losses import classify
from bdnnlang.network.numbers import Rational

if TYPE_CHECKING:
    from bdnnlang.data.dataset import Rows
    from bdnnlang.language.spec import Spec
    from bdnnlang.network.network import Network
    from bdnnlang.run.status import RunStatus

RESTARTS = 30  # of the search, so that it ends by itself, and equal data have an equal network
MOST_COPIES = 1_000_000  # rows, where weights of samples make several of one
MOST_PARTS = 1_000_000_000  # that a weight is a fraction of, rather than a decimal
LEAST_TIME = 0.01  # seconds
SHARES = {"search": 0.4, "prove": 0.4}  # of the time, at most


C_LAYOUTS = ("c", "arduino", "zephyr", "micropython")


def _has_one_output(estimator: BDNNClassifier) -> bool:
    check_is_fitted(estimator)
    return estimator.network_.widths[-1] == 1


class BDNNClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A binarized neural network, trained to least training loss, for pipelines and searches of scikit-learn.

    Parameters: `hidden`, the widths of the hidden layers; `weights`, a domain of the language, as `ternary`, `[-1, 1]` or
    `int[-3, 3]`; `robust`, a set of the language, as `linf(0.1)`, against which errors are counted, or None; `time_limit`,
    seconds for a fit; `solver`, the one of stage `exact`, or None for search alone; `prove`, whether stage `prove` comes before
    it; `random_state`; `n_jobs`, threads of a solver, -1 for as many as there are processors; `class_weight`, None, "balanced" or
    weights by class; `spec`, the path or text of a spec whose blocks `network` and `train` are used in place of all these but
    `time_limit`.

    Features go to the network as they are, so scale them for real weights, or for units that differ: with a `MinMaxScaler` before
    it. After a fit: `classes_`, `n_features_in_`, `feature_names_in_`, `loss_` (exact, weighed as the samples are), `bound_`,
    `gap_`, `status_`, `network_` and `run_`, the whole `Result`. A network has no probabilities, and so no `predict_proba`.
    Of scikit-learn's checks one is expected to fail, `check_class_weight_classifiers`: it wants samples that a network gets right
    to be given up for others that weigh more. Where time ends a solver or stage `prove`, two fits may differ, and
    `check_supervised_y_2d`, which compares two, may fail.

    >>> import bdnnlang as bd
    >>> model = bd.BDNNClassifier(hidden=(1,), solver=None).fit([[0, 0], [0, 1], [1, 0], [1, 1]], ["a", "a", "a", "b"])
    >>> model.predict([[1, 1], [0, 1]]).tolist(), model.loss_, model.status_.value
    (['b', 'a'], 0, 'optimal')
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "hidden": ["array-like"],
        "weights": [str],
        "robust": [str, None],
        "time_limit": [Interval(Real, LEAST_TIME, None, closed="left")],
        "solver": [str, None],
        "prove": ["boolean"],
        "random_state": ["random_state"],
        "n_jobs": [Integral, None],
        "class_weight": [StrOptions({"balanced"}), Mapping, None],
        "spec": [str, None],
    }

    def __init__(
        self,
        hidden: Sequence[int] = (4,),
        weights: str = "ternary",
        robust: str | None = None,
        time_limit: float = 10,
        solver: str | None = "auto",
        prove: bool = False,
        random_state: Any = None,
        n_jobs: int | None = None,
        class_weight: str | Mapping[Any, float] | None = None,
        spec: str | None = None,
    ) -> None:
        self.hidden = hidden
        self.weights = weights
        self.robust = robust
        self.time_limit = time_limit
        self.solver = solver
        self.prove = prove
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.class_weight = class_weight
        self.spec = spec

    @classmethod
    def from_spec(cls, path_or_text: str, **parameters: Any) -> BDNNClassifier:
        """With the networks and the schedule of a spec; its block `data` may be missing, and is not read."""
        return cls(spec=str(path_or_text), **parameters)

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> BDNNClassifier:
        """Train on samples X, (samples, features), numbers, of classes y, (samples,).

        A weight counts a sample so many times. Raises ValueError for parameters of another kind and for data that cannot be
        learned, SpecError for texts that the language does not know, NoNetwork.
        """
        self._validate_params()
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        given = np.ones(len(X)) if sample_weight is None else _check_sample_weight(sample_weight, X, ensure_non_negative=True)
        if "continuous" in type_of_target(y):
            raise ValueError(f"Unknown label type: {type_of_target(y)}: classes are texts or whole numbers")
        self.classes_ = np.unique(y)
        copies, unit = _copies(given)
        rows, labels = _repeated(X, np.searchsorted(self.classes_, y), copies)
        present = np.unique(labels)
        if len(present) < 2:
            raise ValueError(f"there is only one class among the samples, {self.classes_[present[0]]!r}: it takes two classes")
        names = [str(self.classes_[k]) for k in present]
        data = Dataset.from_arrays(rows, np.searchsorted(present, labels), self._names(), names)
        self._check_class_weight()
        self.run_: Result = train(self._spec([self.classes_[k] for k in present]), data, time=float(self.time_limit))
        if self.run_.network is None or self.run_.file is None:
            raise NoNetwork(f"no network was found: {self.run_.status.value.replace('_', ' ')}")
        self._present = present
        self.network_: Network = self.run_.network
        self.status_: RunStatus = self.run_.status
        self.loss_, self.bound_ = _times(self.run_.loss, unit), _times(self.run_.bound, unit)
        self.gap_ = self.run_.gap
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """The class of each row of X, (rows, features)."""
        check_is_fitted(self)
        rows = self._rows(X)
        return np.asarray(self.classes_[self._present[classify(outputs(self.network_, rows))]])

    @available_if(_has_one_output)  # type: ignore[untyped-decorator]
    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """The pre-activation of the output, (rows,): of the second class where it is at least 0. Of networks of one output only.

        An exact 0, which is of the second class, is the least positive float, as others take 0 for the first.
        """
        rows = self._rows(X)
        scores = output_scores(self.network_, rows, activations(self.network_, rows))
        return np.array([float(a) or math.ulp(0.0) for (a,) in scores])

    def explain(self, *, full: bool = False) -> list[str]:
        """The network as rules about the features, a line each; `full`: every term."""
        check_is_fitted(self)
        return self.run_.rules(full=full)

    def export_c(
        self,
        folder: str | Path,
        *,
        name: str = "network",
        layout: str = "c",
        inputs: str | None = None,
        ranges: Mapping[str, tuple[float, float]] | None = None,
        units: Mapping[str, float] | None = None,
        style: str = "auto",
        optimise: str = "bytes",
        force: bool = False,
    ) -> tuple[Path, ...]:
        """Write the network in C into a folder, as `bdnnc export` does (docs/device.md); its files, the header first.

        `layout`: "c", "arduino", "zephyr" or "micropython"; `style` "auto", "unroll", "list" or "walk"; `optimise` "bytes" or
        "cycles"; the others as of `Result.export`, by the names of features. Raises ValueError for what cannot be,
        FileExistsError, OSError.
        """
        check_is_fitted(self)
        if layout not in C_LAYOUTS:
            raise ValueError(f"`layout` is {layout!r}, and not one of {', '.join(C_LAYOUTS)}")
        return self.run_.export(
            layout,
            folder,
            name=name,
            inputs=inputs,
            ranges=ranges,
            units=units,
            style=style,
            optimise=optimise,
            force=force,
        )

    def used_features(self) -> NDArray[np.bool_]:
        """Which features have a weight that is not 0, (features,)."""
        check_is_fitted(self)
        return np.asarray((self.network_.layers[0].weights != 0).any(axis=0))

    def feature_importances(self, X: Any) -> NDArray[np.float64]:
        """Exact: the share of the rows of X whose class is another one when a feature's weights are 0, (features,)."""
        check_is_fitted(self)
        rows = self._rows(X)
        whole = classify(outputs(self.network_, rows))
        changed = [classify(outputs(_without(self.network_, j), rows)) != whole for j in range(self.n_features_in_)]
        return np.array([float(one.mean()) for one in changed])

    def __sklearn_tags__(self) -> Any:
        """What time ends depends on the machine: all but the search alone, which ends by itself."""
        tags = super().__sklearn_tags__()
        tags.non_deterministic = self.solver is not None or self.prove or self.spec is not None
        return tags

    def _repr_html_(self) -> str:
        """What a page shows: the run, once there is one; before, what scikit-learn shows of any estimator, if it is to."""
        return self._repr_mimebundle_().get("text/html", "")

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        """The same for a notebook, which asks for this first."""
        bundle: dict[str, str] = super()._repr_mimebundle_(**kwargs)
        return {**bundle, "text/html": self.run_._repr_html_()} if hasattr(self, "run_") else bundle

    def _check_class_weight(self) -> None:
        """A class that nobody has is a mistake of spelling. Raises ValueError."""
        known = self.classes_.tolist()
        if isinstance(self.class_weight, Mapping) and (other := [one for one in self.class_weight if one not in known]):
            raise ValueError(f"class_weight names {other[0]!r}, and the classes are {known}")

    def _names(self) -> list[str] | None:
        names = getattr(self, "feature_names_in_", None)
        return None if names is None else [str(name) for name in names]

    def _rows(self, X: Any) -> Rows:
        values = validate_data(self, X, dtype=np.float64, reset=False)
        assert self.run_.file is not None
        recipe = Recipe.from_json(self.run_.file.preprocessing)
        rows, _ = read_rows(values, recipe)  # nothing odd is told: a search asks many times
        return rows

    def _spec(self, classes: Sequence[Any]) -> Spec:
        return load_spec(self.spec if self.spec is not None else self._text(classes))

    def _text(self, classes: Sequence[Any]) -> str:
        """The spec that the parameters stand for."""
        limit = float(self.time_limit)
        stages = [f"local_search {SHARES['search'] * limit:.3f}s {{ restarts = {RESTARTS} }}"]
        stages += [f"prove {SHARES['prove'] * limit:.3f}s"] if self.prove else []
        stages += ["exact rest"] if self.solver is not None else []
        hidden = "\n".join(f"  hidden {width}" for width in self.hidden)
        seed = check_random_state(self.random_state).randint(2**31 - 1) if self.random_state is not None else 0
        threads = [] if self.n_jobs is None else [f"threads = {_threads(self.n_jobs)}"]
        settings = [f"seed = {seed}", f"time = {limit:.3f}s", *threads]
        settings += [] if self.solver is None else [f"solver = {self.solver}"]
        settings += [] if self.class_weight is None else [f"class_weight = {_class_weights(self.class_weight, classes)}"]
        robust = "" if self.robust is None else f"robust {self.robust} {{ method = certified }}\n"
        inner = "\n".join(f"  {line}" for line in [*settings, *stages])
        return f"bdnn 1\nnetwork {{\n  weights in {self.weights}\n{hidden}\n}}\n{robust}train {{\n{inner}\n}}\n"


def _threads(n_jobs: int) -> int:
    """As joblib counts: -1 is as many as there are processors, -2 is one fewer. Raises ValueError for 0."""
    if n_jobs == 0:
        raise ValueError("n_jobs is 0: give at least one thread, None, or -1 for as many as there are processors")
    return int(n_jobs) if n_jobs > 0 else max(1, (os.cpu_count() or 1) + 1 + int(n_jobs))


def _class_weights(weights: str | Mapping[Any, float], classes: Sequence[Any]) -> str:
    """As the language writes them; a class that is not named has weight 1."""
    if isinstance(weights, str):
        return weights
    return f"[{', '.join(repr(float(weights.get(one, 1.0))) for one in classes)}]"


def _copies(weights: NDArray[np.float64]) -> tuple[NDArray[np.int64], Fraction]:
    """How many times each sample counts, (samples,), and the weight of once. Raises ValueError where that makes too many."""
    fractions = {w: _fraction(w) for w in np.unique(weights).tolist()}
    exact = [fractions[w] for w in weights.tolist()]
    positive = [w for w in exact if w]
    if not positive:
        raise ValueError("all weights of samples are 0")
    unit = Fraction(math.gcd(*(w.numerator for w in positive)), math.lcm(*(w.denominator for w in positive)))
    unit = math.gcd(*((w / unit).numerator for w in positive)) * unit
    if sum(exact) / unit > MOST_COPIES:
        raise ValueError("the weights of samples are multiples of no common number that is large enough: round them")
    return np.array([int(w / unit) for w in exact], dtype=np.int64), unit


def _fraction(weight: float) -> Fraction:
    """The one of few parts that the float stands for: 10/7, where others count samples and divide; else its decimal."""
    decimal, parts = Fraction(repr(weight)), 10
    while parts <= MOST_PARTS:
        simple = decimal.limit_denominator(parts)
        if float(simple) == weight:
            return simple
        parts *= 10
    return decimal


def _repeated(
    X: NDArray[np.float64], labels: NDArray[np.int64], copies: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Each sample as often as it counts, in an order that depends on what samples there are, and not on how they come."""
    rows, labels = np.repeat(X + 0.0, copies, axis=0), np.repeat(labels, copies)
    order = np.lexsort([labels, *rows.T])
    return rows[order], labels[order]


def _times(value: Rational | None, unit: Fraction) -> Rational | None:
    if value is None:
        return None
    scaled = value * unit
    return scaled.numerator if scaled.denominator == 1 else scaled


def _without(network: Network, feature: int) -> Network:
    from bdnnlang.network.network import Layer, Network

    first, *others = network.layers
    weights = first.weights.copy()
    weights[:, feature] = 0.0
    return Network((Layer(weights, first.biases), *others))
