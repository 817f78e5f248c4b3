"""What to do about texts in a column of numbers, as far as the texts themselves tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bdnnlang.data.table import quoted
from bdnnlang.data.text.cells import CODES, Kind, Marks, Style, is_hex, marks_of, quantity

_ANY = "write a number, leave the cell empty and `impute`, or name the column in `onehot`"


def advice_for_texts(column: str, texts: Sequence[str], style: Style) -> str:
    """A hint about cells that are no numbers; the first of `texts` is the one that a message names."""
    first = texts[0]
    if first.casefold() in CODES:
        return f'if `{first}` marks a missing value, write `missing = ["{first}"]` and `impute median`'
    if is_hex(first):
        return "write the number in base 10"
    if style.kind(first) is Kind.DATE:
        return f"it looks like a date: write a number, or `drop [{quoted(column)}]`"
    if marks_of(first):
        return _advice_for_marks(texts)
    if quantity(first):
        return f"write the number alone, or `units [{quoted(column)}]` if all values have this unit"
    return _ANY


def _advice_for_marks(texts: Sequence[str]) -> str:
    """Settings that read such numbers, if one text at least is clear; both of them if none is."""
    first, found = texts[0], [marks for text in texts if (marks := marks_of(text))]
    sure = next((marks for marks in found if marks.sure), None)
    if sure:
        return "write " + " and ".join(_settings(sure))
    mark = found[0].thousands or ""
    whole, part = first.replace(mark, ""), first.replace(mark, ".")
    return f'write `thousands = "{mark}"` if `{first}` is {whole}, or `decimal = "{mark}"` if it is {part}'


def _settings(marks: Marks) -> Iterable[str]:
    """The decimal point is the default, and cannot group digits as well."""
    if marks.decimal == "," or marks.thousands == ".":
        yield '`decimal = ","`'
    if marks.thousands:
        yield f'`thousands = "{marks.thousands}"`'
