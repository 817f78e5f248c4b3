"""Notions of other tools that have no place here, and what takes theirs."""

from __future__ import annotations

from bdnnlang.language.kinds import Duration
from bdnnlang.language.schema import ROWS

_STEPS = "leave it out: every neuron is a step, 0 or 1"
_NO_GRADIENTS = "leave it out: nothing is trained by gradients here, but by the stages `local_search`, `data_split` and `exact`"
_FROM_DATA = "leave it out: the data say how many there are"
_SOURCE = 'name it behind `data`: `data csv("file.csv")`'
_TIMES = frozenset({"time", "timeout", "time_limit", "limit", "seconds"})
_EVERYWHERE = {
    **dict.fromkeys(("activation", "activations", "activation_function", "relu", "sigmoid", "tanh", "sign"), _STEPS),
    **dict.fromkeys(("optimizer", "optimiser", "learning_rate", "lr", "momentum", "weight_decay", "dropout"), _NO_GRADIENTS),
    **dict.fromkeys(("early_stopping", "patience", "scheduler", "adam", "sgd"), _NO_GRADIENTS),
    **dict.fromkeys(("input", "inputs", "input_size", "input_dim", "n_inputs", "n_features", "features_in"), _FROM_DATA),
    **dict.fromkeys(("outputs", "output_size", "output_dim", "n_outputs", "n_classes", "num_classes"), _FROM_DATA),
    **dict.fromkeys(("device", "gpu", "cuda"), "leave it out: solvers work on the processor; `threads` says on how many cores"),
    **dict.fromkeys(("verbose", "progress", "log"), "leave it out: `bdnnc run` shows its progress"),
    "shuffle": "leave it out: the parts are drawn at random, seeded by `split_seed`",
}
_IN = {
    "data": {
        **dict.fromkeys(("source", "file", "path", "filename", "csv", "url"), _SOURCE),
        **dict.fromkeys(("train", "train_size", "split", "train_test_split"), "write the parts kept aside: `test = 25%`"),
    },
    "train": dict.fromkeys(("epochs", "batch_size", "batch", "steps", "iterations"), _NO_GRADIENTS),
}


def foreign_advice(path: str, name: str) -> str | None:
    """What to do about a name that other tools know, in the block or step `path`."""
    row = ROWS.get(path)
    if name in _TIMES and row is not None and isinstance(row.kind, Duration):
        return f"write the time behind the name: `{row.name} 1min`"
    return _IN.get(path, {}).get(name.lower()) or _EVERYWHERE.get(name.lower())
