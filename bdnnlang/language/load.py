"""Text → Spec, or the errors that it has."""

from __future__ import annotations

from collections.abc import Sequence

from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.analyse import Analysis, analyse
from bdnnlang.language.composition.points import Point, points
from bdnnlang.language.merge import FileReader
from bdnnlang.language.spec import Spec
from bdnnlang.source import Source


def load(
    source: Source, *, read: FileReader, defines: Sequence[str] = (), sets: Sequence[str] = ()
) -> tuple[Spec, tuple[Diagnostic, ...]]:
    """The spec and its warnings. `read` gives the text of a used file, or raises OSError.

    Raises `Rejected` with everything that is wrong, warnings included.
    """
    found = _analysed(source, read, defines, sets)
    assert found.spec is not None
    return found.spec, found.diagnostics


def load_points(
    source: Source, *, read: FileReader, defines: Sequence[str] = (), sets: Sequence[str] = ()
) -> tuple[Spec, tuple[Point, ...], tuple[Diagnostic, ...]]:
    """The same with the points of its sweep, none where it has none. Raises Rejected."""
    found = _analysed(source, read, defines, sets)
    assert found.spec is not None
    return found.spec, points(found, source, defines), found.diagnostics


def _analysed(source: Source, read: FileReader, defines: Sequence[str], sets: Sequence[str]) -> Analysis:
    found = analyse(source, read=read, defines=defines, sets=sets)
    if found.spec is None:
        raise Rejected(found.diagnostics)
    return found
