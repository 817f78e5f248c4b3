"""Notions of other tools that have no place here, and what takes theirs."""

from __future__ import annotations

from bdnnlang.language.kinds import Duration
from bdnnlang.language.schema import ROWS

_STEPS = "leave it out: every neuron is a step, 0 or 1"
_OWN_RATE = "leave it out: what trains by gradients, mean-field training in `local_search`, sets its own rate and noise"
_IN_STAGE = "`local_search { method = meanfield, steps = 1500 }` trains in steps, of 64 samples each; no stage counts epochs"
_FROM_DATA = "leave it out: the data say how many there are"
_SOURCE = 'name it behind `data`: `data csv("file.csv")`'
_TIMES = frozenset({"time", "timeout", "time_limit", "limit", "seconds"})
_EVERYWHERE = {
    **dict.fromkeys(("activation", "activations", "activation_function", "relu", "sigmoid", "tanh", "sign"), _STEPS),
    **dict.fromkeys(("optimizer", "optimiser", "learning_rate", "lr", "momentum", "weight_decay", "dropout"), _OWN_RATE),
    **dict.fromkeys(("early_stopping", "patience", "scheduler", "adam", "sgd"), _OWN_RATE),
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
    "train": dict.fromkeys(("epochs", "batch_size", "batch", "steps", "iterations"), _IN_STAGE),
}


def foreign_advice(path: str, name: str) -> str | None:
    """What to do about a name that other tools know, in the block or step `path`."""
    row = ROWS.get(path)
    if name in _TIMES and row is not None and isinstance(row.kind, Duration):
        return f"write the time behind the name: `{row.name} 1min`"
    return _IN.get(path, {}).get(name.lower()) or _EVERYWHERE.get(name.lower())
