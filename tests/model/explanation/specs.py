"""Specs that have every kind of column and row between them, and how they become models."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bdnnlang.compiler import ModelFile, build_file
from bdnnlang.data.dataset import Dataset
from bdnnlang.language.load import load
from bdnnlang.source import Source

NAMES = ("length", "width")
SAMPLES = Dataset.from_arrays(
    [[1, 5], [2, 4], [2, 4], [4, 1], [5, 2], [3, 3], [3, 3]],
    [0, 0, 0, 1, 1, 0, 1],
    feature_names=NAMES,
    class_names=["crow", "raven"],
)
BIRDS = Dataset.from_arrays(
    [[1, 5], [2, 4], [4, 1], [5, 2], [3, 3]], [0, 0, 1, 1, 2], feature_names=NAMES, class_names=["crow", "raven", "rook"]
)

SPECS: dict[str, tuple[str, Dataset]] = {
    "whole": ("network { weights in {-1, 0, 1}, hidden 2 }\ntrain { exact 1s }", SAMPLES),
    "real": ("network { weights in [-1, 1]\n  hidden 2 }\ntrain {\n  margin = 0.001\n  exact 1s\n}", SAMPLES),
    "gaps": (
        "network { weights in {-2, 1}, biases in {-3, 0, 1}, thresholds = per_layer, hidden 2 }\ntrain { exact 1s }",
        SAMPLES,
    ),
    "priced": (
        "network { weights in int[-2, 2], hidden 1, hidden 2 }\n"
        "train {\n  loss = zero_one + 0.25 * l1 + 0.5 * sparsity\n  exact 1s\n}",
        SAMPLES,
    ),
    "three": ("network { weights in {-1, 0, 1}, hidden 1 }\ntrain {\n  loss = zero_one\n  exact 1s\n}", BIRDS),
    "pattern": ("network { weights in {-1, 0, 1}, hidden 1 }\ntrain {\n  loss = pattern\n  exact 1s\n}", BIRDS),
    "box": ("robust linf(1)\nnetwork { weights in {-1, 0, 1}, hidden 1 }\ntrain { exact 1s }", SAMPLES),
    "clipped": (
        "robust linf(1) { clip in [1, 5] }\nnetwork { weights in {-1, 0, 1}, hidden 1 }\ntrain { exact 1s }",
        SAMPLES,
    ),
    "certified": (
        "robust budget(1, gamma=1) { method = certified }\nnetwork { weights in {-1, 0, 1}, hidden 2 }\ntrain { exact 1s }",
        SAMPLES,
    ),
    "certified_l1": ("robust l1(1) { method = certified }\nnetwork { hidden 1 }\ntrain { exact 1s }", SAMPLES),
    "required": (
        "network { weights in {-1, 0, 1}, hidden 2, hidden 1 }\n"
        "require { features <= 1, neurons <= 2, increasing(length), accuracy >= 50% }\ntrain { exact 1s }",
        SAMPLES,
    ),
    "sized": (
        "network { weights in {-1, 0, 1}, hidden 6 }\ntrain {\n  loss = zero_one + 0.125 * bytes\n  exact 1s\n}",
        SAMPLES,
    ),
    "required_three": (
        'network { weights in {-1, 0, 1}, hidden 1 }\nrequire { recall("raven") >= 50% }\ntrain { exact 1s }',
        BIRDS,
    ),
    "published": ("network { weights in {-1, 0, 1}, hidden 2 }\ntrain { formulation = paper, exact 1s }", SAMPLES),
}


@cache
def built(name: str) -> ModelFile:
    """The model of a spec in plain rows."""
    text, data = SPECS[name]
    spec, _ = load(Source(f"{name}.bdnn", f"bdnn 1\ndata iris {{ scale none }}\n{text}\n"), read=None)  # type: ignore[arg-type]
    return build_file(spec, data, "mps", Path(f"{name}.bdnn").name)
