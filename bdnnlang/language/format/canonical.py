"""A text in its canonical layout."""

from __future__ import annotations

from dataclasses import dataclass

from bdnnlang.diagnostics import Diagnostic, InternalError
from bdnnlang.language.format.layout import lay_out
from bdnnlang.language.format.reading import comments_of, read_tree
from bdnnlang.language.syntax.parser import parse
from bdnnlang.source import Source

_MARK = "\ufeff"  # of the byte order


@dataclass(frozen=True, slots=True)
class Formatted:
    """`text` None: there are syntax errors, and the text stays as it is."""

    text: str | None
    diagnostics: tuple[Diagnostic, ...] = ()


def formatted(source: Source) -> Formatted:
    """The text in its canonical layout, with the byte order mark and the line ends that it has.

    Raises InternalError where the result would not say the same, which must not reach a file.
    """
    file, errors = parse(source)
    if errors:
        return Formatted(None, errors)
    text = laid_out(source)
    again = Source(source.path, text)
    if parse(again) != (file, ()) or comments_of(again) != comments_of(source):
        raise InternalError(f"the canonical layout of {source.path} does not say the same")
    return Formatted(text)


def laid_out(source: Source) -> str:
    """The same of a text that is known to parse."""
    lines = lay_out(read_tree(source))
    mark = _MARK if source.text.startswith(_MARK) else ""
    first = source.text.partition("\n")[0]
    end = "\r\n" if first.endswith("\r") else "\n"
    return mark + "".join(f"{line}{end}" for line in lines)
