"""What is wrong, in the text that is open."""

from marked import SPEC, opened

from bdnnlang.lsp.problems import problems


def found(text, **files):
    return problems(opened(text, **files)[0])


def test_a_mistake_at_its_place_with_its_hint():
    (problem,) = found(SPEC.replace("hidden", "hiden"))
    assert (problem.span.text, problem.diagnostic.code, problem.is_error) == ("hiden", "E103", True)
    assert problem.text.splitlines() == ["unknown step `hiden` in `network`", "did you mean `hidden`?"]


def test_two_places_are_related():
    (problem,) = found(SPEC.replace("test = 20%", "test = 20%, test = 30%"))
    assert [(span.text, text) for span, text in problem.related] == [("test = 20%", "the first time")]
    assert problem.span.start > problem.related[0][0].start


def test_a_mistake_in_a_used_file_is_shown_where_it_is_used():
    (problem,) = found(SPEC.replace("data", 'use "c.bdnn"\ndata', 1), c="bdnn 1 fragment\ntrain { sed = 1 }\n")
    assert problem.span.text == '"c.bdnn"'
    assert [(span.source.path, span.text) for span, _ in problem.related] == [("c.bdnn", "sed")]


def test_a_mistake_in_a_file_that_a_used_file_uses():
    files = {"c": 'bdnn 1 fragment\nuse "d.bdnn"\n', "d": "bdnn 1 fragment\ntrain { sed = 1 }\n"}
    (problem,) = found(SPEC.replace("data", 'use "c.bdnn"\ndata', 1), **files)
    assert (problem.span.text, problem.related[0][0].source.path) == ('"c.bdnn"', "d.bdnn")


def test_a_fragment_lacks_nothing():
    assert found("bdnn 1 fragment\nparam width = 3\ntrain { seed = 3 }\n") == ()
    assert [problem.diagnostic.code for problem in found("bdnn 1 fragment\ntrain { sed = 3 }\n")] == ["E102"]


def test_an_unused_param_fades():
    (problem,) = found(SPEC.replace("data", "param width = 3\ndata"))
    assert (problem.is_unneeded, problem.is_error, problem.span.text) == (True, False, "width")
