"""Mutants and untidy specs: the front end says what is wrong and where, and the formatter keeps what is said."""

from __future__ import annotations

import re

import pytest
from loading import reader
from mutants import mutant, untidy

from bdnnlang.language.analyse import analyse
from bdnnlang.language.format.canonical import formatted
from bdnnlang.language.syntax.nodes import Param
from bdnnlang.language.syntax.parser import parse
from bdnnlang.render import render
from bdnnlang.source import Source

FILES = reader({"common.bdnn": "bdnn 1 fragment\n"})
CODE = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"|#[^\n]*|[^\s,"#]+')


def parts(count: int, default: int) -> list[object]:
    """The first so many numbers in every run of the tests, the others in `make slow`."""
    rest = range(default, count, 500)
    return [range(default), *(pytest.param(range(n, min(n + 500, count)), marks=pytest.mark.slow) for n in rest)]


def short(numbers: range) -> str:
    return f"{numbers.start}-{numbers.stop}"


def check_format(text: str) -> None:
    """The same tree and the same comments, each at the same statement; and formatting again changes nothing."""
    source = Source("x.bdnn", text)
    result = formatted(source)  # compares trees and comments itself
    assert result.text is not None
    again = Source("x.bdnn", result.text)
    assert formatted(again).text == result.text
    assert helps(again) == helps(source)
    assert attached(result.text) == attached(text)


def attached(text: str) -> list[tuple[str, int, bool]]:
    """Each comment with the number of characters of code before it, and whether it stands behind code on its line.

    Of several behind the same code (`1 # one` and below it `, # two`) the first one does.
    """
    found: list[tuple[str, int, bool]] = []
    code = 0
    for line in text.removeprefix("\ufeff").split("\n"):
        pieces = CODE.findall(line)
        comment = pieces.pop().rstrip() if pieces and pieces[-1].startswith("#") else ""
        code += sum(map(len, pieces))
        is_behind = not line.lstrip().startswith("#") and not (found and found[-1][1] == code)
        if comment:
            found.append((comment, code, is_behind))
    return found


def helps(source: Source) -> list[str]:
    return [statement.help for statement in parse(source)[0].body if isinstance(statement, Param)]


@pytest.mark.parametrize("numbers", parts(10_000, 200), ids=short)
def test_a_mutant_is_told_where_it_is_wrong(numbers: range) -> None:
    for number in numbers:
        text = mutant(number)
        source = Source("x.bdnn", text)
        analysis = analyse(source, read=FILES)
        assert (analysis.spec is None) == any(d.severity == "error" for d in analysis.diagnostics)
        for diagnostic in analysis.diagnostics:
            assert re.fullmatch("[EW][0-9]{3}", diagnostic.code)
            assert diagnostic.message
            assert diagnostic.hint
            assert diagnostic.span is not None, diagnostic
            assert 0 <= diagnostic.span.start <= diagnostic.span.stop <= len(diagnostic.span.source.text)
        rendered = render(analysis.diagnostics, "full")
        assert len(re.findall(r"^(?:error|warning)\[", rendered, re.MULTILINE)) == len(analysis.diagnostics)
        if not parse(source)[1]:
            check_format(text)


@pytest.mark.parametrize("numbers", parts(2_000, 60), ids=short)
def test_an_untidy_spec_means_the_same_once_it_is_formatted(numbers: range) -> None:
    for number in numbers:
        text, other = untidy(number)
        tidy = formatted(Source("x.bdnn", other)).text
        assert tidy is not None, other
        check_format(other)
        spec = analyse(Source("x.bdnn", text), read=FILES).spec
        assert spec is not None
        assert analyse(Source("x.bdnn", tidy), read=FILES).spec == spec
