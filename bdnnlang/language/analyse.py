"""Text → what it says: the spec if there is one, everything that is to be said about it, and the names that stand in it.

The command line and an editor ask the same function, and it does not raise.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace

from bdnnlang.diagnostics import Diagnostic, DiagnosticList, Enough, has_errors, in_order
from bdnnlang.language.composition.cost import long_sweep
from bdnnlang.language.composition.sweep import check_draws, check_folds, read_sweep
from bdnnlang.language.merge import Body, FileReader, Merger, override
from bdnnlang.language.params import read_params
from bdnnlang.language.reading.errors import GivenTwice, Missing, NoEdition, UnusedParam
from bdnnlang.language.reading.foreign import refined
from bdnnlang.language.reading.read import Reader
from bdnnlang.language.reading.whole import read_whole
from bdnnlang.language.schema import below
from bdnnlang.language.spec import Spec
from bdnnlang.language.symbols import Role, Symbol, symbols_of
from bdnnlang.language.syntax.errors import ForeignOperator, TooMany, Unclosed, Unexpected, Unmatched
from bdnnlang.source import Source, Span

# Once brackets do not match, what stands where is a guess, and so is what is missing after any syntax error.
_DOUBTFUL_STRUCTURE = frozenset({"E101", "E102", "E103", "E104", "E105", "E107", "E108", "E118", "E125"})
_DOUBTFUL = frozenset({"E106", "E126", "W101", "W201", "W205"})


@dataclass(frozen=True, slots=True)
class Analysis:
    """`spec` None: there are errors. `diagnostics` in the order of the text; `symbols` of the text and of the files it uses."""

    spec: Spec | None
    diagnostics: tuple[Diagnostic, ...]
    symbols: tuple[Symbol, ...]
    body: Body = field(default=(), repr=False)  # all statements, those of used files and `--set` among them
    own: Body = field(default=(), repr=False)  # those of the text itself, with a hole wherever something is wrong


def no_files(path: str, span: Span) -> Source:
    """For a text that stands alone: no file can be used."""
    raise FileNotFoundError(2, "no such file", path)


def analyse(source: Source, *, read: FileReader = no_files, defines: Sequence[str] = (), sets: Sequence[str] = ()) -> Analysis:
    """What a text means, whatever it is; never raises. `read` gives the text of a used file, or raises OSError."""
    merger = Merger(read)
    body = merger.load(source)
    syntax = tuple(refined(error) for error in merger.diagnostics if error.code < "E1")
    diagnostics = [error for error in merger.diagnostics if error.code >= "E1"]
    for text in sets:
        body, errors = override(body, text)
        diagnostics += errors
    spec, own = spec_of(body, source, defines, sweeps=True)
    symbols = symbols_of(merger.bodies, merger.used)
    found = in_order([*syntax, *_without_mentioned(symbols, _credible(syntax, diagnostics + own))])
    return Analysis(None if has_errors(found) else spec, found, symbols, body, merger.bodies[0])


def spec_of(body: Body, source: Source, defines: Sequence[str], *, sweeps: bool = False) -> tuple[Spec | None, list[Diagnostic]]:
    """The spec that these statements describe, if they do, and what is to be said about them. `sweeps`: with its sweep."""
    diagnostics = DiagnosticList()
    try:
        params = read_params(body, defines, diagnostics)
        reader = Reader(params.scope)
        spec = read_whole(body, source, reader)
        sweep = read_sweep(body, params, reader) if sweeps else None
        check_folds(sweep, spec.data if spec else None, reader)
        check_draws(sweep, spec.data if spec else None, reader)
    except Enough:
        return None, [*diagnostics, TooMany(span=diagnostics[-1].span)]
    long = [*long_sweep(spec, sweep)] if spec and sweep else []
    return spec and replace(spec, params=params.values(), sweep=sweep), [*diagnostics, *params.unused(), *long]


def _credible(syntax: Sequence[Diagnostic], diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """What is left of the errors of meaning once those that a syntax error may have caused are gone."""
    broken = {(error.span.source.path, error.span.first[0]) for error in syntax if error.span}
    doubtful = _DOUBTFUL if syntax else frozenset[str]()
    if any(map(_hides_blocks, syntax)):
        doubtful |= _DOUBTFUL_STRUCTURE
    if any("param" in error.span.source.line(error.span.first[0]) for error in syntax if error.span):
        doubtful |= {"E120"}
    meant = {error.suggestion for error in diagnostics if error.suggestion}
    return [
        error
        for error in diagnostics
        if error.code not in doubtful
        and not any((span.source.path, span.first[0]) in broken for span in _places(error))
        and not _is_only_misspelt(error, meant)
    ]


def _without_mentioned(symbols: Sequence[Symbol], diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """A param that stands in a statement with an error is not unused as well."""
    mentioned = {symbol.name for symbol in symbols if symbol.role is Role.PARAM and symbol.span == symbol.extent}
    hidden = mentioned if has_errors(diagnostics) else set[str]()
    return [one for one in diagnostics if not (isinstance(one, UnusedParam) and one.name in hidden)]


def _hides_blocks(error: Diagnostic) -> bool:
    """Whether it is a guess in which block what follows stands."""
    match error:
        case Unclosed() | Unexpected() | ForeignOperator():
            return error.is_block
        case _:
            return isinstance(error, Unmatched)


def _places(error: Diagnostic) -> list[Span]:
    """Where a syntax error would make it doubtful."""
    both = (error.span, error.second if isinstance(error, GivenTwice) else None)
    return [span for span in both if span]


def _is_only_misspelt(error: Diagnostic, meant: Set[str]) -> bool:
    """What was written with a typing error is not missing or unused as well."""
    match error:
        case Missing(form="stage"):
            return not meant.isdisjoint(below("train", "step"))
        case Missing(name=name) | UnusedParam(name=name):
            return name in meant
        case NoEdition():
            return "bdnn" in meant
        case _:
            return False
