"""Each row of the schema where it stands in a spec: the examples of `bdnnc explain`."""

from __future__ import annotations

from bdnnlang.language.kinds import LossSum, Nothing, OutputRule, Words, example
from bdnnlang.language.reading.build import CSV_OPTIONS
from bdnnlang.language.schema import ROWS, below
from bdnnlang.language.spec.row import Row

_ROOTS = {"robust": "robust linf(0.1)"}
_FILE = 'data csv("heart.csv")'
_BESIDE = {"data.folds": "fold = 2", "data.fold": "folds = 5"}  # what a row does not make sense without
_SWEEP = "param width = 8 in int[1, 64]\n\nsweep {\n  width in {1, 2, 4}\n  cross_validate = 5\n}"
_OF_FILES = CSV_OPTIONS | {"target", "impute", "onehot", "drop"}


def in_context(row: Row) -> str:
    """A statement with this row, inside the blocks around it."""
    if row.form == "word":
        return _of_word(row)
    if row.path == "sweep":
        return _SWEEP
    if row.form in ("call", "option"):
        return in_context_of(ROWS[row.parent], row) if row.form == "option" else _of_call(row)
    own = [statement(row), *([_BESIDE[row.path]] if row.path in _BESIDE else [])]
    return wrapped(row.parent, "\n  ".join(own), row.name)


def statement(row: Row, value: str = "") -> str:
    """The row as a statement; its own example, unless a value is given."""
    if row.example and not value:
        return row.example
    value = value or value_of(row)
    form = {"fact": " = ", "domain": " in "}.get(row.form, " ")
    return f"{row.name}{form}{value}" if value else row.name


def wrapped(path: str, inner: str, name: str = "") -> str:
    """A statement inside the block or step `path`, and that inside its own."""
    if not path:
        return inner
    row = ROWS[path]
    head = _FILE if path == "data" and name in _OF_FILES else _ROOTS.get(path, statement(row).partition(" {")[0])
    if row.parent:
        return wrapped(row.parent, f"{head} {{ {inner} }}")
    return f"{head} {{\n  {inner}\n}}"


def in_context_of(call: Row, option: Row) -> str:
    """A call with one option, and those that it cannot do without."""
    values = {other.name: value_of(other) for other in below(call.path, "option").values() if other.required}
    values[option.name] = value_of(option)
    first = [] if isinstance(call.kind, Nothing) else [value_of(call)]
    written = ", ".join([*first, *(f"{name}={value}" for name, value in values.items())])
    return f"{call.parent} {call.name}({written})"


def _of_call(row: Row) -> str:
    shown = row.example or f"{row.name}({value_of(row)})"
    return shown if shown.startswith(row.parent.partition(".")[0]) else wrapped(row.parent.rpartition(".")[0], shown)


def _of_word(row: Row) -> str:
    parent = ROWS[row.parent]
    if row.path == "bdnn.fragment":
        return "bdnn 1 fragment"
    if parent.form == "option":
        return in_context_of(ROWS[parent.parent], parent).replace(value_of(parent), row.name)
    value = row.name
    if isinstance(parent.kind, OutputRule):
        number = " 2" if row.name == "threshold" else ""
        return wrapped(parent.parent, f"hidden 2\n  {statement(parent, value + number)}")
    if isinstance(parent.kind, Words):
        value = f"[{row.name}]"
    elif isinstance(parent.kind, LossSum) and row.name in parent.kind.penalties:
        value = f"zero_one + 0.01 * {row.name}"
    return wrapped(parent.parent, statement(parent, value), parent.name)


def value_of(row: Row) -> str:
    """A value of the kind of the row, as it is written."""
    words = below(row.path, "word")
    if words and "=" not in row.default:
        return row.default if row.default in words else next(iter(words))
    found = example(row.kind).split("`")
    shown = found[1] if len(found) > 1 else ""
    return row.default if row.default.startswith('"') and shown == '"…"' else shown
