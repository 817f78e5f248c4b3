"""The data sets that come with scikit-learn, read from its files: importing it takes longer than all else that a check does."""

from __future__ import annotations

import gzip
import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bdnnlang.arrays import Floats


@dataclass(frozen=True)
class DataSet:
    """Features `x` (rows, features), their names, and a label for each row."""

    names: tuple[str, ...]
    x: Floats
    labels: tuple[str, ...]


NAMES = {
    "iris": ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"),
    "wine": (
        *("alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids"),
        *("nonflavanoid_phenols", "proanthocyanins", "color_intensity", "hue", "od280/od315_of_diluted_wines", "proline"),
    ),
    "breast_cancer": tuple(
        pattern.format(quantity)
        for pattern in ("mean {}", "{} error", "worst {}")
        for quantity in (
            *("radius", "texture", "perimeter", "area", "smoothness"),
            *("compactness", "concavity", "concave points", "symmetry", "fractal dimension"),
        )
    ),
    "digits": tuple(f"pixel_{row}_{column}" for row in range(8) for column in range(8)),
}
FILES = {"iris": "iris.csv", "wine": "wine_data.csv", "breast_cancer": "breast_cancer.csv", "digits": "digits.csv.gz"}


def read_data_set(name: str) -> DataSet:
    """From its file; where a version of scikit-learn has that elsewhere, by scikit-learn itself."""
    found = importlib.util.find_spec("sklearn")
    places = (found.submodule_search_locations if found is not None else None) or []
    files = [file for place in places if (file := Path(place) / "datasets" / "data" / FILES[name]).is_file()]
    return _read(name, files[0]) if files else _load(name)


def _read(name: str, file: Path) -> DataSet:
    """The last column numbers the classes, whose names stand in the first line; of digits there are no names."""
    text = gzip.decompress(file.read_bytes()).decode() if file.suffix == ".gz" else file.read_text(encoding="utf-8")
    lines = [line.split(",") for line in text.splitlines()]
    classes = [str(digit) for digit in range(10)] if name == "digits" else lines.pop(0)[2:]
    x = np.array([[float(cell) for cell in line[:-1]] for line in lines], dtype=np.float64)
    return DataSet(NAMES[name], x, tuple(classes[int(line[-1])] for line in lines))


def _load(name: str) -> DataSet:
    from sklearn import datasets

    bunch = getattr(datasets, f"load_{name}")()
    labels = tuple(str(bunch.target_names[number]) for number in bunch.target)
    return DataSet(tuple(map(str, bunch.feature_names)), np.asarray(bunch.data, dtype=np.float64), labels)
