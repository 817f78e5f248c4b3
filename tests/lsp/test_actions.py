"""What an editor offers to do, and that it is right afterwards."""

import pytest
from marked import SPEC, opened

from bdnnlang.data.diagnosis.warnings import Identifier
from bdnnlang.language.load import load
from bdnnlang.lsp.actions import actions, add_to_data
from bdnnlang.lsp.problems import problems
from bdnnlang.source import Source


def offered(text, data=()):
    document = opened(text)[0]
    return [(action.title, action.fix.apply(text)) for action in actions(document, problems(document, data))]


@pytest.mark.parametrize(
    ("wrong", "title", "right"),
    [
        ("netwrok {", "replace `netwrok` by `network`", "network {"),
        ("network { hiden 2 }", "replace `hiden` by `hidden`", "network { hidden 2 }"),
        ("network { hidden = 2 }", "replace `hidden = 2` by `hidden 2`", "network { hidden 2 }"),
    ],
)  # fmt: skip
def test_what_was_meant(wrong, title, right):
    text = SPEC.replace(right, wrong) if right in SPEC else SPEC
    assert offered(text) == [(title, SPEC)]


def test_what_is_missing():
    text = SPEC.replace("bdnn 1\n", "")
    assert offered(text) == [("insert `bdnn 1`", SPEC)]


@pytest.mark.parametrize(
    ("data", "after"),
    [
        ("data iris", 'data iris {\n  drop ["id"]\n}'),
        ("data iris { }", 'data iris { drop ["id"] }'),
        ("data iris { test = 20% }", 'data iris { drop ["id"], test = 20% }'),
        ("data iris {\n\n    # mine\n    test = 20%\n}", 'data iris {\n    drop ["id"]\n\n    # mine\n    test = 20%\n}'),
        ("data iris {\n}", 'data iris {\n  drop ["id"]\n}'),
        ("data iris {  # mine\n  quantize 4\n}", 'data iris {\n  drop ["id"]  # mine\n  quantize 4\n}'),
    ],
)  # fmt: skip
def test_a_line_for_the_data(data, after):
    text = SPEC.replace("data iris { test = 20% }", data)
    changed = add_to_data(opened(text)[0], 'drop ["id"]').apply(text)
    assert changed == text.replace(data, after)
    load(Source("a", changed), read=lambda path, span: Source(path, ""))


def test_a_column_to_drop():
    document = opened(SPEC)[0]
    warning = Identifier(column="id", what="row numbers", quoted="id", span=document.analysis.spec.data.source.span)
    assert offered(SPEC, [warning]) == [("add `drop [id]` to `data`", SPEC.replace("{ test", "{ drop [id], test"))]


def test_a_line_that_would_be_wrong_is_not_offered():
    text = SPEC.replace("test = 20%", "drop [id], quantize 2, test = 20%")
    warning = Identifier(column="id", what="row numbers", quoted="id]; x", span=opened(text)[0].analysis.spec.data.source.span)
    assert offered(text, [warning]) == []


def test_without_a_block_there_is_no_place():
    assert add_to_data(opened("bdnn 1\n")[0], "drop [id]") is None
