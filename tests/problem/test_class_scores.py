"""Samples, confusion, recall and precision by class, each counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from problems import dataset, part

from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.class_scores import confusion, confusion_json, confusions_of, counts_json, per_class_json

NETWORK = Network((Layer(np.array([[1.0]]), np.array([-3.0])),))  # class 1 from 3 on
DATA = dataset([[1.0], [2.0], [3.0], [4.0], [5.0]], [0, 0, 1, 0, 1])
DATA = replace(DATA, test=part([[1.0], [2.0]], [1, 1], DATA.recipe))


def test_a_confusion_counts_each_pair() -> None:
    found = confusion(np.array([0, 0, 1, 1, 2]), np.array([0, 1, 1, 1, 0]), 4)
    assert found.counts.tolist() == [[1, 0, 1, 0], [1, 2, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert found.samples.tolist() == [2, 3, 0, 0]
    assert (found.right, found.accuracy) == (3, 0.6)
    assert [found.recall(k) for k in range(4)] == [1 / 2, 2 / 3, None, None]
    assert [found.precision(k) for k in range(4)] == [1 / 2, 1.0, 0.0, None]


def test_each_part_has_its_own() -> None:
    found = confusions_of(NETWORK, DATA)
    assert confusion_json(found) == {"train": [[2, 1], [0, 2]], "test": [[0, 0], [2, 0]]}
    assert counts_json(DATA) == {"train": {"c0": 3, "c1": 2}, "test": {"c0": 0, "c1": 2}}
    assert per_class_json(found, DATA) == {
        "train": {"c0": {"recall": 2 / 3, "precision": 1.0}, "c1": {"recall": 1.0, "precision": 2 / 3}},
        "test": {"c0": {"recall": None, "precision": 0.0}, "c1": {"recall": 0.0, "precision": None}},
    }
