"""Every word of the language, one row each, as the types of `spec` say.

The table drives checking, "did you mean", the defaults, `bdnnc explain` and the manual. A new setting is a field there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields, replace
from functools import cache
from typing import Any, get_args

from bdnnlang.language.kinds import Nothing, Parameters, Text, Whole, words_of
from bdnnlang.language.printing import value_text
from bdnnlang.language.spec.compare_spec import COMPARE, Baseline
from bdnnlang.language.spec.data_spec import DataSpec
from bdnnlang.language.spec.network_spec import NetworkSpec
from bdnnlang.language.spec.report_spec import ReportSpec
from bdnnlang.language.spec.require_spec import RequireSpec
from bdnnlang.language.spec.robust_spec import EvaluateSpec, RobustSpec
from bdnnlang.language.spec.row import ABOUT, Calls, Form, Part, Row, Steps, abouts, described_fields
from bdnnlang.language.spec.sweep_spec import SweepSpec
from bdnnlang.language.spec.train_spec import TrainSpec

_HEADER = (
    Row(
        "bdnn",
        "step",
        Whole(1),
        "The edition of the language, on the first line",
        example="bdnn 1",
        aliases=("version", "edition", "bdnnlang"),
    ),
    Row("bdnn.fragment", "word", Nothing(), "A file that is only used by others"),
    Row(
        "use",
        "step",
        Text(),
        "Takes over another file's settings; those here win",
        example='use "common.bdnn"',
        aliases=("include", "import"),
    ),
    Row(
        "param",
        "step",
        Nothing(),
        "Gives a value a name, and may say what it can be; `-D width=16` sets it for one run, a block `sweep` for many",
        example="param width = 8 in int[1, 64]",
        aliases=("parameter", "let", "var", "const"),
    ),
)


def _placed(row: Row, parent: str) -> Iterator[Row]:
    """The row below its parent, and the words that its value can be."""
    path = f"{parent}.{row.path}" if parent else row.path
    yield replace(row, path=path)
    yield from (Row(f"{path}.{word}", "word", Nothing(), text) for word, text in words_of(row.kind).items())


def _tree(kind: type[Any], head: Row, parent: str = "", inside: tuple[Row, ...] = ()) -> Iterator[Row]:
    """A block, step or call: itself, the calls behind its name, its settings, its steps. `inside`: settings of the block."""
    path = f"{parent}.{head.path}" if parent else head.path
    yield from _placed(head, parent)
    for about in (part.metadata.get(ABOUT) for part in fields(kind)):
        for call in about.calls if isinstance(about, Calls | Part) else ():
            yield from _tree(call, call.row, path)
    for row in (*inside, *_settings(kind, head.form, parent)):
        yield from _placed(row, path)
    for _, steps in abouts(kind, Steps):
        for step, of_step in steps.steps:
            yield from _tree(of_step, step, path, tuple(row for row in _own(kind) if row.inside == step.path))


def _own(kind: type[Any]) -> Iterator[Row]:
    """The settings that are fields of a type, each with its name for a path."""
    for part, row in described_fields(kind):
        default = row.default
        if not default and part.default not in (MISSING, None):
            default = value_text(row.kind, part.default)
        yield replace(row, path=part.name, default=default, required=part.default is MISSING)


def _settings(kind: type[Any], form: Form, parent: str) -> Iterator[Row]:
    """All that may be set inside a block, step or call."""
    for _, steps in abouts(kind, Steps):
        shared = {row.path: row for _, of_step in steps.steps for row in _own(of_step) if row.shared}
        yield from (replace(row, help=row.shared, shared="", required=False) for row in shared.values())
    for _, calls in abouts(kind, Calls):
        yield from (row for call in calls.also_facts for row in _own(call))
    for row in _own(kind):
        if form == "call":
            yield replace(row, form="option", example="")
        elif row.shared:
            yield replace(row, default=f"`{parent}.{row.path}`", example="", aliases=(), required=False)
        elif not row.inside:
            yield replace(row, required=False)
    for _, part in abouts(kind, Part):
        for row in _own(part.kind):
            yield replace(row, default=f"`{part.base}.{row.path}`") if part.base else row


def _comparison() -> Iterator[Row]:
    yield from _placed(COMPARE, "")
    for baseline in get_args(Baseline):
        yield from _tree(baseline, baseline.row, COMPARE.path)


_BLOCKS = (DataSpec, NetworkSpec, RobustSpec, RequireSpec, EvaluateSpec, TrainSpec)
TABLE: tuple[Row, ...] = (
    *_HEADER,
    *(row for kind in _BLOCKS for row in _tree(kind, kind.row)),
    *_comparison(),
    *_tree(ReportSpec, ReportSpec.row),
    *_tree(SweepSpec, SweepSpec.row),
)
ROWS = {row.path: row for row in TABLE}
BRACED = frozenset(row.name for row in TABLE if isinstance(row.kind, Parameters))  # settings whose value is a block


@cache
def below(parent: str, *forms: Form) -> dict[str, Row]:
    """The rows right below a path, by name."""
    return {row.name: row for row in TABLE if row.parent == parent and (not forms or row.form in forms)}
