"""What is said of a name under the pointer: its help, what it can be, and what holds here."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bdnnlang.diagnostics import Diagnostic
from bdnnlang.language.examples import in_context
from bdnnlang.language.kinds import Choice, Nothing, describe, example, words_of
from bdnnlang.language.printing import scalar, step_text, value_text
from bdnnlang.language.spec import Spec
from bdnnlang.language.spec.row import Row, described_fields
from bdnnlang.language.symbols import Role, Symbol
from bdnnlang.language.syntax import nodes
from bdnnlang.lsp.document import Document
from bdnnlang.source import Span

_FORMS = {"fact": "setting", "domain": "setting"}


@dataclass(frozen=True, slots=True)
class Hover:
    """`text` is Markdown."""

    span: Span
    text: str


def hover(document: Document, offset: int, data: tuple[Diagnostic, ...] = ()) -> Hover | None:
    """Of the name at an offset, and why what is wrong there is refused. `data`: what the data have wrong with them."""
    symbol = document.symbol_at(offset)
    wrong = [error for error in (*document.analysis.diagnostics, *data) if _covers(error.span, document, offset)]
    parts = [
        *(_of_symbol(symbol, document) if symbol else ()),
        *dict.fromkeys(f"**{error.code}** {error.why}" for error in wrong),
    ]
    span = symbol.span if symbol else next((error.span for error in wrong), None)
    return Hover(span, "\n\n".join(parts)) if span and parts else None


def _covers(span: Span | None, document: Document, offset: int) -> bool:
    return span is not None and span.source.path == document.source.path and span.start <= offset <= span.stop


def _of_symbol(symbol: Symbol, document: Document) -> Iterator[str]:
    row, spec = symbol.row, document.analysis.spec
    if row is not None:
        yield from _of_row(row)
        in_effect = _in_effect(symbol, row, spec) if spec else ""
        yield from [f"In effect: `{in_effect}`"] * bool(in_effect)
    elif symbol.role is Role.FILE:
        yield f"file `{symbol.definition.source.path}`" if symbol.definition else f"file `{symbol.name}`, which cannot be read"
    else:
        yield from _of_param(symbol, document)


def _of_row(row: Row) -> Iterator[str]:
    yield f"**{row.path}** ({_FORMS.get(row.form, row.form)})\n\n{row.help}."
    if not isinstance(row.kind, Nothing | Choice):
        yield f"Takes {describe(row.kind)}, for example {example(row.kind)}."
    words = words_of(row.kind)
    yield from ["\n".join(f"- `{word}`: {text}" for word, text in words.items())] * bool(words)
    if row.default:
        yield f"Default: {row.default}" if "`" in row.default or " " in row.default else f"Default: `{row.default}`"
    yield f"```bdnn\n{in_context(row)}\n```"


def _of_param(symbol: Symbol, document: Document) -> Iterator[str]:
    declaration = next((param for param in _params(document) if param.key.span == symbol.definition), None)
    written = symbol.definition.source.line(symbol.definition.first[0]).strip() if symbol.definition else f"param {symbol.name}"
    yield f"```bdnn\n{declaration.span.text if declaration else written}\n```"
    yield from [declaration.help] * bool(declaration and declaration.help) if declaration else ()
    spec = document.analysis.spec
    yield from (f"In effect: `{scalar(param.value)}`" for param in (spec.params if spec else ()) if param.name == symbol.name)


def _params(document: Document) -> Iterator[nodes.Param]:
    return (statement for statement in document.analysis.own if isinstance(statement, nodes.Param))


# ---- what holds


def _in_effect(symbol: Symbol, row: Row, spec: Spec) -> str:
    """The value of a setting, or a whole step with its defaults; nothing if the spec does not say where it is."""
    if symbol.role is Role.STEP:
        made = next((made for made in _parts(spec) if made.span == symbol.extent and hasattr(made, "row")), None)
        return step_text(made) if made and made.row.name == row.name else ""
    if symbol.role not in (Role.SETTING, Role.OPTION):
        return ""
    around = [made for made in _parts(spec) if _contains(made.span, symbol.extent) and _has(made, row)]
    innermost = min(around, key=lambda made: made.span.stop - made.span.start, default=None)
    value = getattr(innermost, row.name, None)
    return "" if value is None or value == () else value_text(row.kind, value)


def _parts(made: Any) -> Iterator[Any]:
    """The values of a spec that know their place, and those inside them."""
    if dataclasses.is_dataclass(made) and not isinstance(made, Span):
        if isinstance(getattr(made, "span", None), Span):
            yield made
        for field in dataclasses.fields(made):
            yield from _parts(getattr(made, field.name))
    elif isinstance(made, tuple):
        for item in made:
            yield from _parts(item)


def _contains(outer: Span, inner: Span) -> bool:
    return outer.source.path == inner.source.path and outer.start <= inner.start and inner.stop <= outer.stop


def _has(made: Any, row: Row) -> bool:
    return any(field.name == row.name and own.kind == row.kind for field, own in described_fields(type(made)))
