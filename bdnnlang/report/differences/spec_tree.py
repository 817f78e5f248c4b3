"""A spec as blocks of settings and steps, all as text: read from its effective text, which is canonical.

So what is equal is written alike, whatever the order of settings, the comments and the layout of the file were.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import NamedTuple, assert_never

from bdnnlang.language.effective import effective
from bdnnlang.language.spec import LayerSpec, Spec
from bdnnlang.language.spec.network_spec import OUTPUT
from bdnnlang.language.spec.row import described_fields
from bdnnlang.language.syntax import nodes
from bdnnlang.language.syntax.parser import parse
from bdnnlang.source import Source, Span

EDITION = "bdnn"
OF_LAYERS = frozenset(part.name for part, row in described_fields(LayerSpec) if row.shared)


class Setting(NamedTuple):
    """What it is set to, a domain with its `in`, and the whole line."""

    value: str
    line: str


@dataclass(frozen=True, slots=True)
class Tree:
    """A block or step. `head`: what stands behind its name, without the named arguments of a call, which are among `settings`."""

    name: str
    head: str
    settings: Mapping[str, Setting]  # requirements too, each by what it limits
    steps: tuple[Tree, ...]

    @property
    def text(self) -> str:
        """On one line."""
        inside = [*(setting.line for setting in self.settings.values()), *(step.text for step in self.steps)]
        head = f"{self.name} {self.head}".rstrip()
        return f"{head} {{ {', '.join(inside)} }}" if inside else head

    def spread(self, names: Set[str]) -> Tree:
        """The block `network` with these settings in each layer that has none of its own, not above them."""
        above = {name: setting for name, setting in self.settings.items() if name in names}
        steps = (step if step.is_fixed else replace(step, settings={**above, **step.settings}) for step in self.steps)
        return replace(self, settings={n: s for n, s in self.settings.items() if n not in above}, steps=tuple(steps))

    @property
    def is_fixed(self) -> bool:
        """Is it an output without weights: `any`, `all`, `threshold k`?"""
        return self.name == OUTPUT.name and bool(self.head)


def blocks_of(spec: Spec) -> dict[str, Tree]:
    """The blocks by name."""
    file, errors = parse(Source("", effective(spec)))
    assert not errors, "the effective spec has a syntax error"
    steps = (statement for statement in file.body if isinstance(statement, nodes.Step))
    return {step.key.text: _tree(step) for step in steps if step.key.text != EDITION}


def _tree(step: nodes.Step) -> Tree:
    body = step.block.body if step.block else ()
    calls = [item for value in step.args if isinstance(value, nodes.Call) for item in value.items]
    settings = {
        item.name.text: Setting(_text(item.value.span), _text(item.span)) for item in calls if isinstance(item, nodes.Argument)
    }
    return Tree(
        name=step.key.text,
        head=" ".join(map(_argument, step.args)),
        settings=settings | {name: setting for statement in body for name, setting in _setting(statement)},
        steps=tuple(_tree(statement) for statement in body if isinstance(statement, nodes.Step)),
    )


def _argument(value: nodes.Value) -> str:
    if not isinstance(value, nodes.Call):
        return _text(value.span)
    items = [_text(item.span) for item in value.items if not isinstance(item, nodes.Argument)]
    return f"{value.name.text}({', '.join(items)})" if items else value.name.text


def _setting(statement: nodes.Statement) -> Iterator[tuple[str, Setting]]:
    """By its name, a requirement by what it limits; nothing of a step."""
    match statement:
        case nodes.Fact(key, value):
            yield key.span.text, Setting(_text(value.span), _text(statement.span))
        case nodes.Member(key, domain):
            yield key.span.text, Setting(f"in {_text(domain.span)}", _text(statement.span))
        case nodes.Relation(measure, side):
            name, line = _text(measure.span), _text(statement.span)
            limit = line.removeprefix(name).strip()
            yield f"{name} {limit[:2]}" if side else name, Setting(limit[2:].strip() if side else "asked for", line)
        case nodes.Step() | nodes.Param():
            return
        case _:
            assert_never(statement)


def _text(span: Span) -> str:
    """As it is written, on one line."""
    return " ".join(map(str.strip, span.text.splitlines()))
