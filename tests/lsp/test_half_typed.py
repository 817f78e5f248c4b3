"""No question fails, whatever is typed: prefixes of specs, lost pieces, any characters."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from marked import opened

from bdnnlang.lsp import actions, completion, hover, names, outline, problems, semantic
from bdnnlang.lsp.data_files import source_of

SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*.bdnn"))
TEXTS = [path.read_text(encoding="utf-8") for path in SPECS]
AROUND = completion.Surroundings(("age",), ("yes",), lambda: ["a.csv"])


def ask_everything(text, offset):
    document, _ = opened(text)
    for item in completion.complete(document, offset, AROUND):
        assert item.span.start <= offset <= item.span.stop
    hover.hover(document, offset)
    names.definition(document, offset)
    names.occurrences(document, offset)
    outline.outline(document)
    for fold in outline.folds(document):
        assert 0 <= fold.span.start <= fold.span.stop <= len(text)
    semantic.pieces(document)
    source_of(document)
    found = problems.problems(document)
    for problem in found:
        assert problem.span.source.path == document.source.path
    actions.actions(document, found[:3])


@given(st.sampled_from(TEXTS).flatmap(lambda text: st.tuples(st.just(text), st.integers(0, len(text)), st.integers(0, 60))))
def test_while_a_spec_is_typed_or_a_piece_of_it_is_lost(drawn):
    text, start, length = drawn
    ask_everything(text[:start], start)
    ask_everything(text[:start] + text[start + length :], start)


@given(st.text(st.sampled_from('ab1 \n{}[]()=,"#🙂\r\\-%') | st.characters()), st.integers(0, 30))
def test_any_characters(text, offset):
    text = text.replace("|", "")
    ask_everything(text, min(offset, len(text)))
