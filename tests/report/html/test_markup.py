"""Elements are escaped whatever stands in them."""

import pytest

from bdnnlang.report.html.markup import el, plain


def test_an_element() -> None:
    made = el("td", "1 < 2", el("br"), None, ["a", el("b", "c")], class_="x", stroke_width=0.5, title=None, tabindex=0)
    assert str(made) == '<td class="x" stroke-width="0.5" tabindex="0">1 &lt; 2<br>a<b>c</b></td>'


def test_texts_and_values_are_escaped() -> None:
    assert str(el("p", "</p><script>&amp;'\"", title="\"'><script>")) == (
        '<p title="&quot;&#x27;&gt;&lt;script&gt;">&lt;/p&gt;&lt;script&gt;&amp;amp;\'"</p>'
    )


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Größe, 花 и ½\nline", "Größe, 花 и ½\nline"),
        ("a\x00b\x1b[31m", "a\ufffdb\ufffd[31m"),
        ("a\u202eb\udcff", "a\ufffdb\ufffd"),
        ("a\tb\xa0c\r", "a b c "),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_what_is_no_character_of_a_page(text: str, seen: str) -> None:
    assert plain(text) == seen
    plain(text).encode()
