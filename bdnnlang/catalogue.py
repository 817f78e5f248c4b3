"""Every diagnostic there is. A module that defines some is named here; none of them imports numpy."""

from __future__ import annotations

from bdnnlang.data.diagnosis import errors as data_errors
from bdnnlang.data.diagnosis import row_warnings
from bdnnlang.data.diagnosis import warnings as data_warnings
from bdnnlang.diagnostics import Diagnostic, registered
from bdnnlang.imports import errors as import_errors
from bdnnlang.language.reading import errors as shape_errors
from bdnnlang.language.reading import value_errors
from bdnnlang.language.requirements import errors as requirement_errors
from bdnnlang.language.syntax import errors as syntax_errors
from bdnnlang.problem import errors as problem_errors
from bdnnlang.run import errors as run_errors

MODULES = (
    syntax_errors,
    shape_errors,
    value_errors,
    requirement_errors,
    data_errors,
    data_warnings,
    row_warnings,
    problem_errors,
    run_errors,
    import_errors,
)


def catalogue() -> tuple[type[Diagnostic], ...]:
    """All diagnostics: what `bdnnc explain` has pages about."""
    return tuple(error for module in MODULES for error in registered(module.__name__))
