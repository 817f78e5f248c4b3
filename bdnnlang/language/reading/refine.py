"""What the schema knows of a syntax error: whether the name before a `:` is a setting, a step or a block."""

from __future__ import annotations

from dataclasses import replace

from bdnnlang.diagnostics import Diagnostic, Fix
from bdnnlang.language.schema import ROWS
from bdnnlang.language.syntax.errors import ForeignOperator, Unquoted


def refined(error: Diagnostic) -> Diagnostic:
    """The same error with a better hint, where there is one."""
    match error:
        case ForeignOperator(key=key, rest=rest) if key and rest and error.fix and error.fix.text.strip() == "=":
            return _operator(error)
        case Unquoted(key="data") if error.fix:
            return replace(error, fix=Fix(error.fix.span, f"csv({error.fix.text})", is_said=True))
        case _:
            return error


def _operator(error: ForeignOperator) -> ForeignOperator:
    row = ROWS.get(".".join([*error.path, error.key]))
    if row is None or error.fix is None or row.form == "fact":
        return error
    if row.form == "domain":
        text, written = " in", f"{error.key} in {error.rest}"
    else:
        text, written = "", f"{error.key} {error.rest}"
    return replace(error, advice=f"write `{written}`", fix=Fix(error.fix.span, text))
