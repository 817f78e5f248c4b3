"""How a network does class by class: samples, confusion, recall and precision of each part of the data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.data.dataset import Dataset, Part
from bdnnlang.network.exact import outputs
from bdnnlang.network.losses import classify
from bdnnlang.network.network import Network

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """`counts[i, j]`: samples of class i that the network puts into class j."""

    counts: Ints  # (K, K)

    @property
    def samples(self) -> Ints:
        """Of each class, (K,)."""
        return np.asarray(self.counts.sum(axis=1))

    @property
    def right(self) -> int:
        return int(np.trace(self.counts))

    @property
    def accuracy(self) -> float:
        """Share of samples whose class is right."""
        return self.right / int(self.counts.sum())

    def recall(self, k: int) -> float | None:
        """Share of the samples of class k that are put into it; None: there are none."""
        return _share(self.counts[k, k], self.counts[k].sum())

    def precision(self, k: int) -> float | None:
        """Share of the samples put into class k that belong there; None: there are none."""
        return _share(self.counts[k, k], self.counts[:, k].sum())


def _share(some: np.int64, of: np.int64) -> float | None:
    return int(some) / int(of) if of else None


def confusion(found: Ints, true: Ints, classes: int) -> Confusion:
    """Of classes found (m,) against true ones (m,)."""
    return Confusion(np.bincount(true * classes + found, minlength=classes**2).reshape(classes, classes))


def parts_of(data: Dataset) -> Iterator[tuple[str, Part]]:
    """The parts there are, with their names in `run.json`."""
    for name, part in (("train", data.train), ("validation", data.validation), ("test", data.test)):
        if part is not None:
            yield name, part


def confusions_of(network: Network, data: Dataset) -> dict[str, Confusion]:
    """The confusion of each part there is, in exact arithmetic."""
    count = len(data.classes)
    return {name: confusion(classify(outputs(network, part)), part.y, count) for name, part in parts_of(data)}


# ---- as plain data


def counts_json(data: Dataset) -> Json:
    """Samples of each class in each part."""
    return {name: _by_class(data, np.bincount(part.y, minlength=len(data.classes)).tolist()) for name, part in parts_of(data)}


def confusion_json(confusions: dict[str, Confusion]) -> Json:
    """A row for each class, with the samples of it that are put into each class; classes as in `data.classes`."""
    return {name: found.counts.tolist() for name, found in confusions.items()}


def per_class_json(confusions: dict[str, Confusion], data: Dataset) -> Json:
    """Recall and precision of each class in each part."""
    count = range(len(data.classes))
    return {
        name: _by_class(data, [{"recall": found.recall(k), "precision": found.precision(k)} for k in count])
        for name, found in confusions.items()
    }


def _by_class(data: Dataset, values: list[Any]) -> Json:
    return dict(zip(data.classes, values, strict=True))
