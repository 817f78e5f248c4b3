"""Text → Spec, or the errors that it has."""

from __future__ import annotations

from collections.abc import Sequence

from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.analyse import analyse
from bdnnlang.language.merge import FileReader
from bdnnlang.language.spec import Spec
from bdnnlang.source import Source


def load(
    source: Source, *, read: FileReader, defines: Sequence[str] = (), sets: Sequence[str] = ()
) -> tuple[Spec, tuple[Diagnostic, ...]]:
    """The spec and its warnings. `read` gives the text of a used file, or raises OSError.

    Raises `Rejected` with everything that is wrong, warnings included.
    """
    found = analyse(source, read=read, defines=defines, sets=sets)
    if found.spec is None:
        raise Rejected(found.diagnostics)
    return found.spec, found.diagnostics
