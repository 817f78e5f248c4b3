"""The protocol on the wire: `bdnnc lsp` as a process of its own, asked by the client of pygls."""

import asyncio
import sys
import threading

import pytest

pytest.importorskip("pygls", reason="needs pygls (extra `lsp`)")

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient

from bdnnlang.language.format.canonical import formatted
from bdnnlang.source import Source

PATIENCE = 60  # seconds; a busy machine is slow
SPEC = """bdnn 1
## neurons 🙂
param width = 2
data csv("t.csv") {
  test = 25%
}
network { hidden width }  # 🙂
train { exact 1min }
"""


class Session:
    """An editor with one folder. Its loop runs in a thread; each request is waited for."""

    def __init__(self, folder):
        self.folder = folder
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.client = LanguageClient("test", "1")
        self.published = {}
        self.news = threading.Condition()
        self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: self._take(params))
        self.wait(self.client.start_io(sys.executable, "-m", "bdnnlang.cli", "lsp"))
        can = lsp.TextDocumentClientCapabilities(rename=lsp.RenameClientCapabilities(prepare_support=True))
        self.capabilities = self.ask("initialize", lsp.InitializeParams(lsp.ClientCapabilities(text_document=can))).capabilities
        self.client.initialized(lsp.InitializedParams())

    def _take(self, params):
        with self.news:
            self.published[params.uri] = params
            self.news.notify_all()

    def wait(self, coroutine):
        return asyncio.run_coroutine_threadsafe(asyncio.wait_for(coroutine, PATIENCE), self.loop).result()

    def ask(self, name, params):
        return self.wait(getattr(self.client, f"{name}_async")(params))

    def about(self, name, place=None, file="a.bdnn", **more):
        """A request about a file, or about a place in it."""
        position = {"position": lsp.Position(*place)} if place else {}
        kind = getattr(lsp, "".join(part.title() for part in name.removesuffix("s").split("_")) + "Params")
        return self.ask(
            f"text_document_{name}", kind(text_document=lsp.TextDocumentIdentifier(self.uri(file)), **position, **more)
        )

    def uri(self, file):
        return (self.folder / file).as_uri()

    def write(self, text, version, file="a.bdnn"):
        """Opens a file or changes it, and gives what is then wrong with it."""
        uri = self.uri(file)
        if uri in self.published:
            whole = [lsp.TextDocumentContentChangeWholeDocument(text)]
            change = lsp.DidChangeTextDocumentParams(lsp.VersionedTextDocumentIdentifier(version, uri), whole)
            self.loop.call_soon_threadsafe(self.client.text_document_did_change, change)
        else:
            opening = lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, "bdnn", version, text))
            self.loop.call_soon_threadsafe(self.client.text_document_did_open, opening)

    def wrong(self, version, codes, file="a.bdnn"):
        """Waits until these codes, and no others, are reported for a version."""

        def arrived():
            last = self.published.get(self.uri(file))
            return last and last.version == version and sorted(problem.code or "" for problem in last.diagnostics) == codes

        with self.news:
            assert self.news.wait_for(arrived, PATIENCE), self.published.get(self.uri(file))
            return self.published[self.uri(file)].diagnostics

    def close(self):
        self.ask("shutdown", None)
        self.loop.call_soon_threadsafe(self.client.exit, None)
        code = self.wait(self.client._server.wait())
        self.wait(self.client.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()
        return code


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    folder = tmp_path_factory.mktemp("editor")
    (folder / "t.csv").write_text("id,dose,ill\n" + "".join(f"{i},{i % 7},{i % 2}\n" for i in range(40)))
    made = Session(folder)
    yield made
    assert made.close() == 0


def test_what_the_server_can_do(session):
    found = session.capabilities
    assert found.position_encoding == "utf-16"
    assert found.text_document_sync.change == lsp.TextDocumentSyncKind.Full
    assert found.rename_provider.prepare_provider
    assert found.code_action_provider.code_action_kinds == (lsp.CodeActionKind.QuickFix,)
    assert found.semantic_tokens_provider.legend.token_types[:2] == ("namespace", "function")
    others = (found.hover_provider, found.definition_provider, found.references_provider, found.document_symbol_provider)
    assert all(others)
    assert found.folding_range_provider
    assert found.document_formatting_provider
    assert '"' in found.completion_provider.trigger_characters


def test_a_session(session):
    """One editor's work: a mistake, its repair, the data's advice, names."""
    session.write(SPEC.replace("hidden", "🙂 hiden"), 1)
    session.wrong(1, ["E001"])
    session.write(SPEC.replace("hidden width }", "hiden 2 }"), 2)
    unused, problem = session.wrong(2, ["E103", "W201"])
    assert [*unused.tags] == [lsp.DiagnosticTag.Unnecessary]
    assert (problem.range.start, problem.range.end) == (lsp.Position(6, 10), lsp.Position(6, 15))
    assert problem.message.endswith("did you mean `hidden`?")
    (action,) = session.about("code_action", range=problem.range, context=lsp.CodeActionContext([problem]))
    assert action.title == "replace `hiden` by `hidden`"
    (edit,) = action.edit.changes[session.uri("a.bdnn")]
    assert (edit.range, edit.new_text) == (problem.range, "hidden")

    session.write(SPEC, 3)
    (warning,) = session.wrong(3, ["W243"])
    assert warning.severity == lsp.DiagnosticSeverity.Warning
    (action,) = session.about("code_action", range=warning.range, context=lsp.CodeActionContext([warning]))
    assert action.title == "add `drop [id]` to `data`"
    (edit,) = action.edit.changes[session.uri("a.bdnn")]
    assert (edit.range.start, edit.new_text) == (lsp.Position(3, 19), "\n  drop [id]")

    assert "In effect: `2`" in session.about("hover", (6, 18)).contents.value
    assert session.about("definition", (6, 18)).range.start == lsp.Position(2, 6)
    found = session.about("references", (6, 18), context=lsp.ReferenceContext(include_declaration=True))
    assert [place.range.start.line for place in found] == [2, 6]
    assert len(session.about("document_highlight", (6, 18))) == 2
    assert session.about("prepare_rename", (6, 18)).end == lsp.Position(6, 22)
    changes = session.about("rename", (6, 18), new_name="n").changes[session.uri("a.bdnn")]
    assert [(edit.range.start.line, edit.new_text) for edit in changes] == [(2, "n"), (6, "n")]
    with pytest.raises(JsonRpcException, match="cannot be the name"):
        session.about("rename", (6, 18), new_name="2")

    assert [entry.name for entry in session.about("document_symbol")] == ["bdnn", "width", "data", "network", "train"]
    assert [(fold.start_line, fold.end_line) for fold in session.about("folding_range")] == [(3, 5)]


def test_positions_behind_a_character_beyond_the_basic_plane(session):
    text = SPEC.replace("  test = 25%", '  test = 25%, drop ["🙂", idd]')
    session.write(text, 1, "b.bdnn")
    found = session.wrong(1, ["E201", "E201"], "b.bdnn")
    assert [(problem.range.start.character, problem.range.end.character) for problem in found] == [(20, 24), (26, 29)]


def test_columns_are_offered_in_half_a_text(session):
    session.write('bdnn 1\ndata csv("t.csv") { drop ["🙂", "', 1, "c.bdnn")
    found = session.about("completion", (1, 33), "c.bdnn")
    while found.is_incomplete:
        found = session.about("completion", (1, 33), "c.bdnn")
    assert [item.label for item in found.items] == ["id", "dose", "ill"]
    assert found.items[0].text_edit == lsp.TextEdit(lsp.Range(lsp.Position(1, 32), lsp.Position(1, 33)), '"id"')


def test_tokens_are_relative_and_count_as_the_editor_does(session):
    session.write("# 🙂\nparam a = 1 # x\n", 1, "d.bdnn")
    params = lsp.SemanticTokensParams(lsp.TextDocumentIdentifier(session.uri("d.bdnn")))
    found = session.ask("text_document_semantic_tokens_full", params).data
    assert [tuple(found[i : i + 5]) for i in range(0, len(found), 5)] == [
        (0, 0, 4, 9, 0), (1, 0, 5, 6, 0), (0, 6, 1, 5, 1), (0, 2, 1, 10, 0), (0, 2, 1, 7, 0), (0, 2, 3, 9, 0),
    ]  # fmt: skip


def test_formatting(session):
    ugly = "bdnn   1\ndata iris{test=20%}   # \U0001f642\n"
    session.write(ugly, 1, "e.bdnn")
    options = lsp.FormattingOptions(tab_size=2, insert_spaces=True)
    params = lsp.DocumentFormattingParams(lsp.TextDocumentIdentifier(session.uri("e.bdnn")), options)
    (edit,) = session.ask("text_document_formatting", params)
    assert (edit.range.start, edit.range.end) == (lsp.Position(0, 0), lsp.Position(2, 0))
    assert edit.new_text == formatted(Source("e", ugly)).text != ugly
    session.write(edit.new_text, 2, "e.bdnn")
    assert not session.ask("text_document_formatting", params)
    session.write("data {", 3, "e.bdnn")
    assert not session.ask("text_document_formatting", params)
