"""Where each setting and step of an effective spec comes from: a line of a file, the command line, or a default."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from bdnnlang.language.analyse import Analysis
from bdnnlang.language.effective import effective
from bdnnlang.language.syntax import nodes
from bdnnlang.language.syntax.parser import parse
from bdnnlang.source import Source, Span

DEFAULT = "default"
Line = tuple[str, str]  # a setting, step or block, indented by what it belongs to, and where it comes from


def origins(found: Analysis, defines: Sequence[str]) -> list[Line]:
    """Of a spec without errors, as it would run with these values behind `-D`."""
    assert found.spec is not None
    file, _ = parse(Source("", effective(found.spec)))
    lines = _Places(found.body, {text.partition("=")[0].strip(): text for text in defines})
    written = [line for block in file.body if isinstance(block, nodes.Step) for line in lines.of_block(block)]
    members = found.spec.sweep.members if found.spec.sweep else ()
    return [*written, *((f"sweep {one.name} in {{{', '.join(one.values)}}}", _place(one.span)) for one in members)]


@dataclass(frozen=True)
class _Places:
    body: Sequence[nodes.Statement]  # all statements, those of used files and `--set` among them
    defines: dict[str, str]  # by the name of the param, as they were given

    def of_block(self, block: nodes.Step) -> Iterator[Line]:
        written = next((s for s in self.body if isinstance(s, nodes.Step) and s.key.text == block.key.text), None)
        if block.key.text == "bdnn":
            return
        yield _head(block, 0), self._of_step(written)
        counts: dict[str, int] = {}
        around = _inside(written)
        for inner in _inside(block):
            if isinstance(inner, nodes.Step):
                number = counts[inner.key.text] = counts.get(inner.key.text, -1) + 1
                same = [s for s in around if isinstance(s, nodes.Step) and s.key.text == inner.key.text]
                yield from self._of_inner(inner, same[number] if number < len(same) else None, around)
            else:
                yield f"  {inner.span.text}", self._of_setting(inner.key.text, [*around, *_deeper(around)])

    def _of_inner(self, step: nodes.Step, written: nodes.Step | None, around: Sequence[nodes.Statement]) -> Iterator[Line]:
        """A step of a block and its settings; what it does not say itself the block may say for all."""
        yield _head(step, 1), self._of_step(written)
        for inner in _inside(step):
            if isinstance(inner, nodes.Step):
                same = next((s for s in _inside(written) if isinstance(s, nodes.Step) and s.key.text == inner.key.text), None)
                yield _head(inner, 2), self._of_step(same)
            else:
                yield f"    {inner.span.text}", self._of_setting(inner.key.text, [*_inside(written), *around])

    def _of_step(self, step: nodes.Step | None) -> str:
        return DEFAULT if step is None else self._said(step.key.span, step.args)

    def _of_setting(self, name: str, statements: Sequence[nodes.Statement]) -> str:
        for statement in statements:
            if statement.key.text == name and isinstance(statement, nodes.Fact | nodes.Member):
                return self._said(statement.span, [statement.value if isinstance(statement, nodes.Fact) else statement.domain])
        return DEFAULT

    def _said(self, span: Span, values: Sequence[nodes.Value | nodes.Domain]) -> str:
        """The place, and those of the params that stand there."""
        names = {param.key.text: param for param in self.body if isinstance(param, nodes.Param)}
        used = dict.fromkeys(name for value in values for name in _names(value) if name in names)
        given = (f"-D {self.defines[name]}" if name in self.defines else f"{name}: {_place(names[name].span)}" for name in used)
        return ", ".join([_place(span), *given])


def _place(span: Span | None) -> str:
    """`file:line`, or what stands on the command line."""
    if span is None:
        return DEFAULT
    path = span.source.path
    return path if path.startswith(("-D ", "--set ")) else f"{path}:{span.first[0]}"


def _head(step: nodes.Step, depth: int) -> str:
    """A step without its block."""
    whole = step.key.span.to(step.args[-1].span) if step.args else step.key.span
    return "  " * depth + " ".join(whole.text.split())


def _inside(step: nodes.Step | None) -> tuple[nodes.Statement, ...]:
    return step.block.body if step and step.block else ()


def _deeper(statements: Sequence[nodes.Statement]) -> Iterator[nodes.Statement]:
    """What stands in the steps: where all say the same, the effective spec has it once above them."""
    for statement in statements:
        if isinstance(statement, nodes.Step):
            yield from _inside(statement)


def _names(value: nodes.Value | nodes.Domain | nodes.Argument) -> Iterator[str]:
    match value:
        case nodes.Name(text):
            yield text
        case nodes.Negative(operand):
            yield from _names(operand)
        case nodes.Argument(_, inner):
            yield from _names(inner)
        case nodes.Chain(first, rest):
            for operand in (first, *(operand for _, operand in rest)):
                yield from _names(operand)
        case nodes.Call(_, items) | nodes.List(items) | nodes.SetDomain(items):
            for item in items:
                yield from _names(item)
        case nodes.IntervalDomain(_, lower, upper):
            yield from (*_names(lower), *_names(upper))
        case nodes.Number() | nodes.Quantity() | nodes.String() | nodes.Bool() | nodes.NamedDomain():
            return
        case _:
            assert_never(value)
