"""Specs from files and texts, and their data, for Python programs."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang import compiler
from bdnnlang.diagnostics import Diagnostic, Rejected, has_errors
from bdnnlang.language.format.canonical import formatted
from bdnnlang.language.load import load
from bdnnlang.language.reading.errors import Missing
from bdnnlang.language.reading.value_errors import NoValidation
from bdnnlang.language.spec import Column, Csv, DataSpec, DataSplit, LocalSearch, Scale, Spec
from bdnnlang.render import render
from bdnnlang.source import Source, Span

if TYPE_CHECKING:
    from bdnnlang.data.dataset import Dataset

TEXT = "<text>"  # what messages call a spec that is no file

# Stands for the block that a text has not: samples that the program gives. Unlike what stands in a text it has no span.
GIVEN = DataSpec(Csv("data.csv"), target=Column("class"), test=0.0, steps=(Scale("none"),))
BLOCK = '\ndata csv("data.csv") { target = class, test = 0%, scale none }\n'
UNREAD = "the block `data` of the spec was not read: samples were given"


class SpecWarning(UserWarning):
    """What is odd about a spec or its data, as the command line prints it; `-W error` is its `--strict`."""


def load_spec(path_or_text: str | Path, define: Mapping[str, object] | None = None) -> Spec:
    """The spec in a file, or in a text: a string of more than one line.

    `define` gives values to the spec's params, as `-D` does. The files that a spec names lie beside it; those of a text, in the
    current folder. The block `data` may be missing where samples are given to `train` or `compile_model`. What is odd about the
    spec is a `SpecWarning`. Raises SpecError with everything that is wrong, CannotRead for a file that cannot be read.

    >>> import bdnnlang as bd
    >>> text = '''
    ... bdnn 1
    ... param width = 2
    ... data iris
    ... network { hidden width }
    ... train { exact 10s }
    ... '''
    >>> bd.load_spec(text, define={"width": 3}).network.layers[0].width
    3
    >>> bd.load_spec(text.replace("exact", "exakt"))
    Traceback (most recent call last):
    bdnnlang.SpecError: error[E103]: unknown step `exakt` in `train`
     --> <text>:6:9
      |
    6 | train { exakt 10s }
      |         ^^^^^ not a step of `train`
      = hint: did you mean `exact`?
    """
    defines = [f"{name}={_written(value)}" for name, value in (define or {}).items()]
    source, folder = _source(path_or_text)
    try:
        spec, odd = load(source, read=compiler.reader_of(folder), defines=defines)
    except Rejected as rejected:
        others = [d for d in rejected.diagnostics if not _is_data(d)]
        if len(others) == len(rejected.diagnostics) or has_errors(others):
            raise Rejected(others) from None
        completed = Source(source.path, source.text + BLOCK)
        spec, odd = load(completed, read=compiler.reader_of(folder), defines=defines)
        spec = replace(spec, data=GIVEN)
    tell(odd)
    return spec


def format_spec(text: str) -> str:
    """The text of a spec in its canonical layout, as `bdnnc fmt` writes it: every comment stays, and no word has to be known.

    Raises SpecError with all syntax errors.

    >>> import bdnnlang as bd
    >>> print(bd.format_spec("network{hidden 2 # two\\n}"), end="")
    network {
      hidden 2  # two
    }
    """
    result = formatted(Source(TEXT, text))
    if result.text is None:
        raise Rejected(result.diagnostics)
    return result.text


def _written(value: object) -> str:
    """As the language writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _source(path_or_text: str | Path) -> tuple[Source, Path]:
    """The text and the folder that its paths are relative to."""
    if isinstance(path_or_text, str) and "\n" in path_or_text:
        return Source(TEXT, path_or_text), Path()
    path = Path(path_or_text)
    return compiler.read_source(path), path.parent


def _is_data(diagnostic: Diagnostic) -> bool:
    return isinstance(diagnostic, Missing) and diagnostic.name == "data"


def spec_of(spec: Spec | str | Path) -> Spec:
    """The spec itself, or the one in a file or text."""
    return spec if isinstance(spec, Spec) else load_spec(spec)


def asked_of(spec: Spec, data: Dataset | None) -> tuple[Spec, Dataset, tuple[str, ...]]:
    """The spec, the samples that are given or else those that it names, and the warnings about them. Raises SpecError.

    Where samples are given, they take the place of the block `data`.
    """
    if data is not None:
        notes = () if spec.data.span is None else (UNREAD,)
        _check_selection(spec, data)
        return replace(spec, data=GIVEN), data, notes
    path = Path(spec.span.source.path if spec.span else TEXT)
    if spec.data.span is None:
        source = spec.span.source if spec.span else Source(TEXT, "")
        advice = "add the block, or pass `data=bd.Dataset.from_arrays(x, y)`"
        raise Rejected([Missing(span=Span(source, 0, 0), name="data", form="block", advice=advice)])
    return spec, compiler.read_data(spec, path.parent), ()


def _check_selection(spec: Spec, data: Dataset) -> None:
    """What the spec was read for need not hold of samples that are given."""
    for stage in spec.train.stages:
        if isinstance(stage, LocalSearch | DataSplit) and stage.select == "validation" and data.validation is None:
            raise Rejected([NoValidation(span=stage.select_span)])


def tell(diagnostics: Iterable[Diagnostic]) -> None:
    """Warnings of the language as warnings of Python, at the line of the program that called us."""
    for diagnostic in diagnostics:
        tell_text(render([diagnostic], "full").rstrip("\n"))


def tell_text(text: str) -> None:
    """The same with a text."""
    warnings.warn(text, SpecWarning, stacklevel=_depth())


def _depth() -> int:
    """How many frames up from `warn` the first one lies that is not ours."""
    depth, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("bdnnlang."):
        depth, frame = depth + 1, frame.f_back
    return depth
