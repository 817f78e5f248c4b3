"""Values, settings, calls and steps of a spec as a user would write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from decimal import Decimal
from typing import Any, assert_never

from bdnnlang.language.kinds import (
    Choice,
    ClassWeights,
    Columns,
    Duration,
    FileName,
    Kind,
    Labels,
    LossSum,
    Marks,
    Memory,
    Nothing,
    Number,
    Numbers,
    OneColumn,
    Origin,
    OutputRule,
    Parameters,
    PerturbationKind,
    RequirementKind,
    Share,
    Switch,
    Text,
    WeightSet,
    Whole,
    Wholes,
    Words,
)
from bdnnlang.language.spec.data_spec import Builtin, Column, Csv, Label
from bdnnlang.language.spec.network_spec import Integers, Interval, Values, WeightDomain
from bdnnlang.language.spec.require_spec import Requirement
from bdnnlang.language.spec.robust_spec import Box, RandomSign
from bdnnlang.language.spec.row import ABOUT, Part, Row, Steps, abouts, described_fields
from bdnnlang.language.spec.train_spec import Penalty, TrainSpec
from bdnnlang.language.syntax.show import quote

RESERVED = ("param", "in", "true", "false")


def value_text(kind: Kind, value: Any) -> str:
    """A value of a setting, or the value behind the name of a block or step."""
    match kind:
        case Nothing():
            return ""
        case Share():
            return call_text(value) if isinstance(value, Csv) else _percent(value)
        case Duration():
            return value if isinstance(value, str) else duration(value)
        case Memory():
            return _memory(value)
        case Choice():
            return str(value)
        case OutputRule():
            return value.word if value.number is None else f"{value.word} {value.number}"
        case ClassWeights():
            return value if isinstance(value, str) else _list(map(scalar, value))
        case Words():
            return _list(value)
        case Whole() | Number() | Text() | FileName() | Switch():
            return scalar(value)
        case OneColumn():
            return scalar(value.key)
        case Numbers() | Wholes() | Columns() | Labels() | Marks():
            return _list(map(_item, value))
        case WeightSet():
            return _domain(value)
        case LossSum():
            return " + ".join(map(term_text, value))
        case Origin() | PerturbationKind():
            return call_text(value)
        case RequirementKind():
            return "" if kind.limit is None else value_text(kind.limit, value)
        case Parameters():
            return f"{{ {', '.join(f'{parameter_name(one.name)} = {scalar(one.value)}' for one in value)} }}"
        case _:
            assert_never(kind)


def setting_lines(made: Any, skipped: Iterable[str] = (), inside: str = "") -> list[str]:
    """The settings of a block or step that have a value which can be written. `inside`: those that stand in this step of it."""
    shown = [(row, name, value) for row, name, value in _settings(made) if name not in skipped and row.inside == inside]
    between = {"domain": " in ", "step": " "}
    return [f"{name}{between.get(row.form, ' = ')}{value_text(row.kind, value)}" for row, name, value in shown]


def step_text(made: Any) -> str:
    """A whole step, by the row of its type."""
    if isinstance(made, RandomSign):
        return f"attack {call_text(made)}"
    row: Row = made.row
    inner = [step_text(step) for name, _ in abouts(type(made), Steps) for step in getattr(made, name)]
    return with_settings(f"{row.name} {_argument(row, made)}".rstrip(), [*setting_lines(made), *inner])


def requirement_text(made: Requirement) -> str:
    """A line of `require`, by the row of its type."""
    kind = made.row.kind
    assert isinstance(kind, RequirementKind)
    values = [getattr(made, part.name) for part in fields(made) if not part.kw_only]
    items = [scalar(item.key) for item in values[: len(kind.items)] if item is not None]
    named = made.row.name + (f"({', '.join(items)})" if items else "")
    compared = f" {kind.side} {value_text(kind, values[-1])}" if kind.side else ""
    return named + compared + (f" per {kind.per}" if kind.per else "")


def block_lines(made: Any, lines: Iterable[str]) -> list[str]:
    """A whole block, by the row of its type, with these lines."""
    row: Row = made.row
    return block(f"{row.name} {_argument(row, made)}".rstrip(), lines)


def call_text(made: Any) -> str:
    """A data source or a set around a sample, as it stands behind the name of a block or step."""
    match made:
        case Builtin(name):
            return name
        case Box(radii):
            return f"box({', '.join(f'{column.key}={scalar(radius)}' for column, radius in radii)})"
        case _:
            options = (f"{name}={value_text(row.kind, value)}" for row, name, value in _settings(made))
            return f"{made.row.name}({', '.join(filter(None, [_argument(made.row, made), *options]))})"


def with_settings(head: str, facts: list[str]) -> str:
    return f"{head} {{ {', '.join(facts)} }}" if facts else head


def block(head: str, lines: Iterable[str]) -> list[str]:
    return [f"{head} {{", *(f"  {line}" for line in lines), "}"]


def _settings(made: Any) -> Iterator[tuple[Row, str, Any]]:
    """Row, name and value of what can be written: not None, and of the lists only that of marks may be empty."""
    for part, row in described_fields(type(made)):
        value = loss_sum(made, made.loss) if isinstance(row.kind, LossSum) else getattr(made, part.name)
        if value is not None and not (value == () and not isinstance(row.kind, Marks)):
            yield row, part.name, value
    for name, _ in abouts(type(made), Part):
        yield from _settings(getattr(made, name))


def _argument(row: Row, made: Any) -> str:
    """What stands behind the name of a block, step or call: the first field, which may lie in a part."""
    if isinstance(row.kind, Nothing):
        return ""
    first = fields(made)[0]
    value = getattr(made, first.name)
    if isinstance(first.metadata.get(ABOUT), Part):
        value = getattr(value, fields(value)[0].name)
    return "" if value is None else value_text(row.kind, value)


# ---- values


def duration(seconds: float) -> str:
    """The shortest way to write it exactly."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds % length == 0:
            return f"{int(seconds // length)}{unit}"
    return f"{_plain(Decimal(repr(seconds)))}s"


def _memory(size: int) -> str:
    """Bytes, exactly."""
    unit, length = ("GB", 10**9) if size % 10**9 == 0 else ("MB", 10**6) if size % 10**6 == 0 else ("KB", 10**3)
    return f"{_plain(Decimal(size) / length)}{unit}"


def scalar(value: float | int | str | bool) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return quote(value)
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)


def parameter_name(name: str) -> str:
    """A name of a solver's own: in quotes, unless it is a word of ours."""
    return name if re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name) and name not in RESERVED else quote(name)


def _list(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"


def _item(item: Column | Label | float) -> str:
    return scalar(item.key if isinstance(item, Column | Label) else item)


def loss_sum(train: TrainSpec, loss: str | None) -> tuple[str | Penalty, ...]:
    """What is added up: the loss, if it is known, and the penalties."""
    return (*([loss] if loss else []), *train.penalties)


def term_text(term: str | Penalty) -> str:
    return f"{scalar(term.factor)} * {term.kind}" if isinstance(term, Penalty) else term


def _domain(domain: WeightDomain) -> str:
    match domain:
        case Interval(lower, upper):
            return f"[{scalar(lower)}, {scalar(upper)}]"
        case Integers(lower, upper):
            return f"int[{lower}, {upper}]"
        case Values(values):
            return f"{{{', '.join(map(scalar, values))}}}"
        case _:
            assert_never(domain)


def _percent(share: float) -> str:
    return f"{_plain(Decimal(repr(share)) * 100)}%"


def _plain(value: Decimal) -> str:
    """Without an exponent, which quantities do not have, and without needless zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
