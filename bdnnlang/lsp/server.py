"""The protocol: its requests become questions to the functions of this room, and their spans lines and characters again.

The only file that knows pygls.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from bdnnlang.diagnostics import Fix
from bdnnlang.language.format.canonical import formatted
from bdnnlang.language.symbols import Role
from bdnnlang.lsp import actions, completion, hover, names, outline, problems, semantic
from bdnnlang.lsp.completion import Shape
from bdnnlang.lsp.document import Document
from bdnnlang.lsp.places import Lines, Units
from bdnnlang.lsp.problems import Problem
from bdnnlang.lsp.workspace import Workspace
from bdnnlang.source import Span

QUIET = 0.15  # seconds without typing, after which a text is checked
PATIENCE = 0.08  # seconds that completion waits for the columns of a file
TRIGGERS = ["=", "[", "(", '"', ",", " "]

_KINDS = {
    Role.BLOCK: lsp.CompletionItemKind.Module,
    Role.SETTING: lsp.CompletionItemKind.Property,
    Role.STEP: lsp.CompletionItemKind.Function,
    Role.CALL: lsp.CompletionItemKind.Method,
    Role.REQUIREMENT: lsp.CompletionItemKind.Function,
    Role.OPTION: lsp.CompletionItemKind.Property,
    Role.WORD: lsp.CompletionItemKind.EnumMember,
    Role.PARAM: lsp.CompletionItemKind.Variable,
    Role.FILE: lsp.CompletionItemKind.File,
    Shape.VALUE: lsp.CompletionItemKind.Value,
    Shape.COLUMN: lsp.CompletionItemKind.Field,
    Shape.PATH: lsp.CompletionItemKind.File,
}
_OUTLINE = {
    Role.BLOCK: lsp.SymbolKind.Module,
    Role.SETTING: lsp.SymbolKind.Property,
    Role.PARAM: lsp.SymbolKind.Variable,
    Role.FILE: lsp.SymbolKind.File,
}
_COLORS = {
    semantic.Color.NAMESPACE: "namespace",
    semantic.Color.FUNCTION: "function",
    semantic.Color.PROPERTY: "property",
    semantic.Color.PARAMETER: "parameter",
    semantic.Color.ENUM_MEMBER: "enumMember",
    semantic.Color.VARIABLE: "variable",
    semantic.Color.KEYWORD: "keyword",
    semantic.Color.NUMBER: "number",
    semantic.Color.STRING: "string",
    semantic.Color.COMMENT: "comment",
    semantic.Color.OPERATOR: "operator",
}
_LEGEND = lsp.SemanticTokensLegend([_COLORS[color] for color in semantic.Color], ["definition"])


class Server(LanguageServer):
    """State of one editor. One thread reads data, so that the protocol is answered meanwhile."""

    def __init__(self) -> None:
        super().__init__("bdnnc", version("bdnnlang"), text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
        self.texts = Workspace()
        self.reader = ThreadPoolExecutor(1, thread_name_prefix="data")
        self.checks: dict[str, asyncio.Task[None]] = {}
        _bind(self)

    # ---- places

    @property
    def units(self) -> Units:
        return Units(self.workspace.position_encoding or "utf-16")

    def lines(self, text: str) -> Lines:
        return Lines(text, self.units)

    def range(self, span: Span) -> lsp.Range:
        lines = self.lines(span.source.text)
        return lsp.Range(lsp.Position(*lines.place(span.start)), lsp.Position(*lines.place(span.stop)))

    def location(self, span: Span) -> lsp.Location:
        return lsp.Location(self.uri_of(span), self.range(span))

    def uri_of(self, span: Span) -> str:
        """As the editor names the file, if it has it open."""
        path = span.source.path
        known = (uri for uri, opened in self.texts.opened.items() if opened.name == path)
        return next(known, None) or from_fs_path(str(Path(path).absolute())) or path

    def at(self, params: Any) -> tuple[Document, int]:
        """The document and the offset that a request is about."""
        document = self.texts.document(params.text_document.uri)
        lines = self.lines(document.source.text)
        return document, lines.offset(params.position.line, params.position.character)

    def edits(self, fixes: Iterable[Fix]) -> lsp.WorkspaceEdit:
        changes: dict[str, list[lsp.TextEdit]] = {}
        for fix in fixes:
            changes.setdefault(self.uri_of(fix.span), []).append(lsp.TextEdit(self.range(fix.span), fix.text))
        return lsp.WorkspaceEdit(changes=changes)

    # ---- checking

    def put(self, uri: str, text: str, number: int | None) -> None:
        """A text was opened or changed: all that are open are checked once typing has paused."""
        self.texts.put(uri, to_fs_path(uri) if uri.startswith("file:") else None, text, number)
        for other in self.texts.opened:
            self.check(other, QUIET)

    def check(self, uri: str, delay: float) -> None:
        if before := self.checks.get(uri):
            before.cancel()
        self.checks[uri] = asyncio.get_running_loop().create_task(self._check(uri, delay))

    async def _check(self, uri: str, delay: float) -> None:
        """Says at once what is wrong with the text, and what is wrong with the data once they are read."""
        await asyncio.sleep(delay)
        if uri not in self.texts.opened:
            return
        self.publish(uri)
        document = self.texts.document(uri)
        if source := self.texts.data_source(uri):
            folder = self.texts.opened[uri].folder
            await self.aside(self.texts.files.columns, source, folder)  # so that completion has them
        if document.analysis.spec is not None:
            await self.aside(self.texts.read_data, uri, document)
            if uri in self.texts.opened:
                self.publish(uri)

    async def aside(self, work: Any, *args: Any) -> Any:
        """Done by the thread that reads data."""
        return await asyncio.get_running_loop().run_in_executor(self.reader, work, *args)

    def publish(self, uri: str) -> None:
        found = [self.diagnostic(problem) for problem in self.problems(uri)]
        opened = self.texts.opened[uri]
        spec = self.texts.document(uri).analysis.spec
        if spec and spec.data.source.span and opened.data and opened.data.too_large:
            text = f"{opened.data.too_large} is too large to be read here: `bdnnc check` reads it"
            place = self.range(spec.data.source.span)
            found.append(lsp.Diagnostic(place, text, lsp.DiagnosticSeverity.Information, source="bdnnc"))
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, found, version=opened.version))

    def problems(self, uri: str) -> tuple[Problem, ...]:
        return problems.problems(self.texts.document(uri), self.texts.data_diagnostics(uri))

    def diagnostic(self, problem: Problem) -> lsp.Diagnostic:
        related = [lsp.DiagnosticRelatedInformation(self.location(span), text) for span, text in problem.related]
        return lsp.Diagnostic(
            self.range(problem.span),
            problem.text,
            lsp.DiagnosticSeverity.Error if problem.is_error else lsp.DiagnosticSeverity.Warning,
            problem.diagnostic.code,
            source="bdnnc",
            tags=[lsp.DiagnosticTag.Unnecessary] if problem.is_unneeded else None,
            related_information=related or None,
        )


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Speaks the protocol until the editor ends it."""
    Server().start_io(incoming, outgoing)


def _bind(server: Server) -> None:
    """The functions below, each for its request."""
    for method, answer, options in (
        (lsp.TEXT_DOCUMENT_DID_OPEN, _opened, None),
        (lsp.TEXT_DOCUMENT_DID_CHANGE, _changed, None),
        (lsp.TEXT_DOCUMENT_DID_SAVE, _saved, None),
        (lsp.TEXT_DOCUMENT_DID_CLOSE, _closed, None),
        (lsp.TEXT_DOCUMENT_COMPLETION, _complete, lsp.CompletionOptions(trigger_characters=TRIGGERS)),
        (lsp.TEXT_DOCUMENT_HOVER, _hover, None),
        (lsp.TEXT_DOCUMENT_DEFINITION, _definition, None),
        (lsp.TEXT_DOCUMENT_REFERENCES, _references, None),
        (lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, _highlights, None),
        (lsp.TEXT_DOCUMENT_PREPARE_RENAME, _prepare_rename, None),
        (lsp.TEXT_DOCUMENT_RENAME, _rename, lsp.RenameOptions(prepare_provider=True)),
        (lsp.TEXT_DOCUMENT_CODE_ACTION, _actions, lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix])),
        (lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL, _symbols, None),
        (lsp.TEXT_DOCUMENT_FOLDING_RANGE, _folds, None),
        (lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, _tokens, _LEGEND),
        (lsp.TEXT_DOCUMENT_FORMATTING, _format, None),
    ):
        server.feature(method, options)(answer)


# ---- texts


async def _opened(server: Server, params: lsp.DidOpenTextDocumentParams) -> None:
    text = params.text_document
    server.put(text.uri, text.text, text.version)


async def _changed(server: Server, params: lsp.DidChangeTextDocumentParams) -> None:
    text = params.text_document
    server.put(text.uri, params.content_changes[-1].text, text.version)


async def _saved(server: Server, params: lsp.DidSaveTextDocumentParams) -> None:
    server.check(params.text_document.uri, 0)


async def _closed(server: Server, params: lsp.DidCloseTextDocumentParams) -> None:
    uri = params.text_document.uri
    server.texts.remove(uri)
    server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))


# ---- questions about a place


async def _complete(server: Server, params: lsp.CompletionParams) -> lsp.CompletionList:
    """If the columns take long to read, the list says that there is more to come."""
    uri = params.text_document.uri
    columns: Sequence[str] = ()
    is_incomplete = False
    if source := server.texts.data_source(uri):
        reading = asyncio.ensure_future(server.aside(server.texts.files.columns, source, server.texts.opened[uri].folder))
        done, _ = await asyncio.wait([reading], timeout=PATIENCE)
        is_incomplete = not done
        with suppress(asyncio.InvalidStateError):
            columns = reading.result()
    document, offset = server.at(params)
    found = completion.complete(document, offset, server.texts.surroundings(uri, columns))
    return lsp.CompletionList(is_incomplete, [_item(server, item, place) for place, item in enumerate(found)])


def _item(server: Server, item: completion.Item, place: int) -> lsp.CompletionItem:
    return lsp.CompletionItem(
        item.label,
        kind=_KINDS[item.shape],
        detail=item.detail or None,
        documentation=lsp.MarkupContent(lsp.MarkupKind.Markdown, item.help) if item.help else None,
        sort_text=f"{place:04}",
        filter_text=item.text if item.text.startswith(('"', "[")) else item.label,
        text_edit=lsp.TextEdit(server.range(item.span), item.text),
    )


def _hover(server: Server, params: lsp.HoverParams) -> lsp.Hover | None:
    document, offset = server.at(params)
    found = hover.hover(document, offset, server.texts.data_diagnostics(params.text_document.uri))
    return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, found.text), server.range(found.span)) if found else None


def _definition(server: Server, params: lsp.DefinitionParams) -> lsp.Location | None:
    found = names.definition(*server.at(params))
    return server.location(found) if found else None


def _references(server: Server, params: lsp.ReferenceParams) -> list[lsp.Location]:
    return [server.location(span) for span in names.occurrences(*server.at(params))]


def _highlights(server: Server, params: lsp.DocumentHighlightParams) -> list[lsp.DocumentHighlight]:
    document, offset = server.at(params)
    here = (span for span in names.occurrences(document, offset) if span.source.path == document.source.path)
    return [lsp.DocumentHighlight(server.range(span)) for span in here]


def _prepare_rename(server: Server, params: lsp.PrepareRenameParams) -> lsp.Range | None:
    document, offset = server.at(params)
    symbol = document.symbol_at(offset)
    return server.range(symbol.span) if symbol and symbol.role is Role.PARAM else None


def _rename(server: Server, params: lsp.RenameParams) -> lsp.WorkspaceEdit:
    try:
        return server.edits(names.renamed(*server.at(params), params.new_name))
    except names.CannotRename as refused:
        raise JsonRpcException(str(refused), code=lsp.LSPErrorCodes.RequestFailed) from None


def _actions(server: Server, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    uri = params.text_document.uri
    document = server.texts.document(uri)
    lines = server.lines(document.source.text)
    start = lines.offset(params.range.start.line, params.range.start.character)
    stop = lines.offset(params.range.end.line, params.range.end.character)
    found = tuple(problem for problem in server.problems(uri) if problem.span.start <= stop and problem.span.stop >= start)
    return [
        lsp.CodeAction(
            action.title,
            lsp.CodeActionKind.QuickFix,
            diagnostics=[server.diagnostic(action.problem)],
            is_preferred=action.is_preferred or None,
            edit=server.edits([action.fix]),
        )
        for action in actions.actions(document, found)
    ]


# ---- questions about a whole text


def _symbols(server: Server, params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
    return [_entry(server, entry) for entry in outline.outline(server.texts.document(params.text_document.uri))]


def _entry(server: Server, entry: outline.Entry) -> lsp.DocumentSymbol:
    return lsp.DocumentSymbol(
        entry.name,
        _OUTLINE.get(entry.role, lsp.SymbolKind.Function),
        server.range(entry.span),
        server.range(entry.place),
        detail=" ".join(entry.detail.split())[:80] or None,
        children=[_entry(server, inner) for inner in entry.inner] or None,
    )


def _folds(server: Server, params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange]:
    found = []
    for fold in outline.folds(server.texts.document(params.text_document.uri)):
        place = server.range(fold.span)
        kind = lsp.FoldingRangeKind.Comment if fold.is_comment else lsp.FoldingRangeKind.Region
        found.append(lsp.FoldingRange(place.start.line, place.end.line, kind=kind))
    return found


def _tokens(server: Server, params: lsp.SemanticTokensParams) -> lsp.SemanticTokens:
    """Each place relative to the one before."""
    document = server.texts.document(params.text_document.uri)
    lines = server.lines(document.source.text)
    data: list[int] = []
    last = (0, 0)
    for piece in semantic.pieces(document):
        line, character = lines.place(piece.span.start)
        length = server.units.length(piece.span.text)
        data += (line - last[0], character - (last[1] if line == last[0] else 0), length, piece.color, piece.is_definition)
        last = line, character
    return lsp.SemanticTokens([int(number) for number in data])


def _format(server: Server, params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit]:
    """Nothing where there are syntax errors, which are shown already."""
    source = server.texts.document(params.text_document.uri).source
    text = formatted(source).text
    if text is None or text == source.text:
        return []
    return [lsp.TextEdit(server.range(Span(source, 0, len(source.text))), text)]
