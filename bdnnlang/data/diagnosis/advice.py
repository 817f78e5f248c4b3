"""What to do about texts in a column of numbers, as far as the texts themselves tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bdnnlang.data.table import quoted
from bdnnlang.data.text.cells import CODES, MISSING, Kind, Marks, Style, is_hex, marks_of, quantity

_ANY = "write a number, leave the cell empty and `impute`, or name the column in `onehot`"


def advice_for_texts(column: str, texts: Sequence[str], style: Style) -> str:
    """A hint about cells that are no numbers; the first of `texts` is the one that a message names."""
    first = texts[0]
    if first.casefold() in CODES or first.casefold() in map(str.casefold, MISSING):
        return f"if `{first}` marks a missing value, write `missing = [{style.marks_with(first)}]` and `impute median`"
    if is_hex(first):
        return "write the number in base 10"
    if style.kind(first) is Kind.DATE:
        return f"it looks like a date: write a number, or `drop [{quoted(column)}]`"
    if marks_of(first):
        return _advice_for_marks(texts) if style.thousands is None else _advice_for_groups(first, style.thousands)
    if quantity(first):
        return f"write the number alone, or `units [{quoted(column)}]` if all values have this unit"
    return _ANY


def _advice_for_marks(texts: Sequence[str]) -> str:
    """Settings that read such numbers, if one text at least is clear; both of them if none is."""
    first, readings = texts[0], [marks for text in texts if (marks := marks_of(text))]
    clear = next((marks for marks in readings if marks.is_clear), None)
    if clear:
        return "write " + " and ".join(_settings(clear))
    mark = readings[0].thousands or ""
    grouped, decimal = first.replace(mark, ""), first.replace(mark, ".")
    return f'write `thousands = "{mark}"` if `{first}` is {grouped}, or `decimal = "{mark}"` if it is {decimal}'


def _advice_for_groups(first: str, thousands: str) -> str:
    """What is no number although a mark may group digits; the same mark cannot be the decimal one."""
    return f"write it with groups of three digits between `{thousands}`, or remove `thousands` from the spec"


def _settings(marks: Marks) -> Iterable[str]:
    """The decimal point is the default, and cannot group digits as well."""
    if marks.decimal == "," or marks.thousands == ".":
        yield '`decimal = ","`'
    if marks.thousands:
        yield f'`thousands = "{marks.thousands}"`'
