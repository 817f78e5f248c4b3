"""Diagnostics for people and for machines: four ways to print the same facts."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, assert_never

from bdnnlang.characters import INVISIBLE
from bdnnlang.source import Span

if TYPE_CHECKING:
    from bdnnlang.diagnostics import Diagnostic

Style = Literal["full", "concise", "json", "github"]

MAX_WIDTH = 110  # of a shown source line; longer ones are trimmed around the place
_LEAD = 30  # what of a trimmed line stays to the left of the place
_HIDDEN = re.compile(INVISIBLE.pattern + r"|\r")
_COLOR = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "gutter": "\x1b[1;34m",
    "bold": "\x1b[1m",
    "hint": "\x1b[1;36m",
}


def render(diagnostics: Sequence[Diagnostic], style: Style, *, color: bool = False) -> str:
    """All diagnostics as text that ends with a newline, or no text at all for none (`json`: an empty list)."""
    match style:
        case "full":
            return "\n".join(_full(d, _Painter(color)) for d in diagnostics)
        case "concise":
            return "".join(f"{_place(d)}{d.severity}[{d.code}]: {d.message} ({d.hint})\n" for d in map(_Shown, diagnostics))
        case "json":
            return json.dumps([as_json(d) for d in diagnostics], indent=2) + "\n"
        case "github":
            return "".join(_github(_Shown(d)) for d in diagnostics)
        case _:
            assert_never(style)


def as_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """The facts of one diagnostic under names that will not change."""
    second = diagnostic.second
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        **_range(diagnostic.span),
        "label": diagnostic.primary,
        "hint": diagnostic.hint,
        "suggestion": diagnostic.suggestion,
        "fix": {**_range(fix.span), "text": fix.text} if (fix := diagnostic.repair) else None,
        "second": {**_range(second), "label": diagnostic.secondary} if second else None,
    }


def position(span: Span, offset: int) -> tuple[int, int]:
    """Line and column from 1; a byte order mark takes no column."""
    line, column = span.source.position(offset)
    return line, column - (line == 1 and column > 1 and span.source.text.startswith("\ufeff"))


def _range(span: Span | None) -> dict[str, Any]:
    if span is None:
        return dict.fromkeys(("file", "line", "column", "end_line", "end_column"))
    line, column = position(span, span.start)
    end_line, end_column = position(span, span.stop)
    return {"file": span.source.path, "line": line, "column": column, "end_line": end_line, "end_column": end_column}


class _Shown:
    """A diagnostic whose words are safe on one line of a terminal."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.span, self.second = diagnostic.span, diagnostic.second
        self.severity, self.code = diagnostic.severity, diagnostic.code
        self.message, self.hint = visible(diagnostic.message), visible(diagnostic.hint)
        self.primary, self.secondary = visible(diagnostic.primary), visible(diagnostic.secondary)


def visible(text: str) -> str:
    """Without characters that a terminal would act upon."""
    return _HIDDEN.sub("�", text.replace("\n", " ").replace("\t", " "))


def _place(shown: _Shown) -> str:
    if shown.span is None:
        return ""
    line, column = position(shown.span, shown.span.start)
    return f"{visible(shown.span.source.path)}:{line}:{column}: "


def _github(shown: _Shown) -> str:
    """A workflow command: an annotation at the line."""
    where = ""
    if shown.span is not None:
        facts = _range(shown.span)
        names = {"file": "file", "line": "line", "col": "column", "endLine": "end_line", "endColumn": "end_column"}
        where = ",".join(f"{name}={_escape(str(facts[key]), ':,')}" for name, key in names.items()) + ","
    return f"::{shown.severity} {where}title={shown.code}::{_escape(f'{shown.message} ({shown.hint})')}\n"


def _escape(text: str, also: str = "") -> str:
    for char in "%\r\n" + also:
        text = text.replace(char, f"%{ord(char):02X}")
    return text


# ---- the full form


class _Painter:
    def __init__(self, color: bool) -> None:
        self._color = color

    def __call__(self, style: str, text: str) -> str:
        return f"{_COLOR[style]}{text}\x1b[0m" if self._color and text else text


def _full(diagnostic: Diagnostic, paint: _Painter) -> str:
    """Message, place, the source lines with their marks, hint."""
    shown = _Shown(diagnostic)
    spans = [span for span in (shown.span, shown.second) if span]
    width = len(str(max((position(span, span.start)[0] for span in spans), default=1)))
    head = paint(shown.severity, f"{shown.severity}[{shown.code}]") + paint("bold", f": {shown.message}")
    lines = [head]
    if shown.span:
        lines += _snippet(shown.span, "^", shown.primary, shown.severity, width, paint, arrow="-->")
    if shown.second:
        elsewhere = shown.span is None or shown.second.source.path != shown.span.source.path
        arrow = ":::" if elsewhere else ""
        lines += _snippet(shown.second, "-", shown.secondary, "gutter", width, paint, arrow=arrow)
    lines.append(f"{' ' * width} {paint('gutter', '=')} {paint('hint', 'hint')}: {shown.hint}")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _snippet(span: Span, mark: str, label: str, style: str, width: int, paint: _Painter, *, arrow: str) -> list[str]:
    """The first line of a span, marked."""
    line, column = position(span, span.start)
    before, marked, after, goes_on = _cut(span)
    marks = mark * max(1, _columns(marked)) + ("…" if goes_on else "")
    bar, gap = paint("gutter", "|"), " " * width
    place = f"{gap}{paint('gutter', arrow)} {visible(span.source.path)}:{line}:{column}"
    return [
        *([place] if arrow else []),
        f"{gap} {bar}",
        f"{paint('gutter', f'{line:>{width}}')} {bar} {before}{marked}{after}",
        f"{gap} {bar} {' ' * _columns(before)}{paint(style, f'{marks} {label}'.rstrip())}",
    ]


def _cut(span: Span) -> tuple[str, str, str, bool]:
    """A source line before, in and behind the span, trimmed to fit; and whether the span goes on below."""
    number, column = span.source.position(span.start)
    start = span.start - column + 1
    line = span.source.line(number)
    first = min(span.start - start, len(line))
    stop = min(max(span.stop - start, first), len(line))
    goes_on = span.stop - start > len(line) + 2
    skipped = max(0, first - _LEAD) if len(line) > MAX_WIDTH else 0
    end = min(len(line), skipped + MAX_WIDTH)
    before, marked, after = line[skipped:first], line[first : min(stop, end)], line[min(stop, end) : end]
    left, right = "…" * bool(skipped), "…" * (end < len(line))
    return left + _printable(before), _printable(marked), _printable(after) + right, goes_on


def _printable(text: str) -> str:
    """Tabs become four blanks, a byte order mark vanishes, other hidden characters show as one sign."""
    return _HIDDEN.sub("�", text.removeprefix("\ufeff").replace("\t", "    "))


def _columns(text: str) -> int:
    """How wide a terminal shows it: East Asian wide characters take two columns, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
