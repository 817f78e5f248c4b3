"""Notions of other tools that have no place here, and what takes theirs."""

from __future__ import annotations

from dataclasses import replace

from bdnnlang.diagnostics import Diagnostic, Fix
from bdnnlang.language.kinds import Duration
from bdnnlang.language.schema import ROWS, below
from bdnnlang.language.spec.row import Row
from bdnnlang.language.syntax.errors import ForeignOperator, Unquoted
from bdnnlang.language.syntax.program_slips import CONTROL

_STEPS = "leave it out: every neuron is a step, 0 or 1"
_OWN_RATE = "leave it out: what trains by gradients, mean-field training in `local_search`, sets its own rate and noise"
_IN_STAGE = "`local_search { method = meanfield, steps = 1500 }` trains in steps, of 64 samples each; no stage counts epochs"
_FROM_DATA = "leave it out: the data say how many there are"
_SOURCE = 'name it behind `data`: `data csv("file.csv")`'
_TIMES = frozenset({"time", "timeout", "time_limit", "limit", "seconds"})
_NOTHING = frozenset({"None", "null", "NULL", "nil", "undefined", "NaN", "nan"})
_EVERYWHERE = {
    **CONTROL,
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


def nothing_advice(row: Row, word: str) -> str:
    """What to do about `test = None`; empty for other words."""
    if word not in _NOTHING:
        return ""
    return f"leave `{row.name}` out" + (f" (default: {row.default})" if row.default else "")


# ---- what the schema knows of a syntax error: whether a name is a setting, a step or a block


def refined(error: Diagnostic) -> Diagnostic:
    """The same error with a better hint, where there is one."""
    match error:
        case ForeignOperator(key=key, rest=rest) if key and rest and error.fix and error.fix.text.strip() == "=":
            return _operator(error)
        case Unquoted(key="data") if error.fix:
            return replace(error, fix=Fix(error.fix.span, f"csv({error.fix.text})", is_said=True))
        case _:
            return error


def _operator(error: ForeignOperator) -> ForeignOperator:
    row = ROWS.get(".".join([*error.path, error.key])) or (None if error.path else _inside(error.key))
    if row is None or error.fix is None or row.form == "fact":
        return error
    if row.form == "domain":
        text, written = " in", f"{error.key} in {error.rest}"
    else:
        text, written = "", f"{error.key} {error.rest}"
    return replace(error, advice=f"write `{written}`", fix=Fix(error.fix.span, text))


def _inside(name: str) -> Row | None:
    """Of some block: by indentation alone, that is where it was meant to stand."""
    blocks = below("", "block")
    return next((row for row in ROWS.values() if row.name == name and row.parent in blocks), None)
