"""A page as a browser would see it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"meta"}


class Seen(HTMLParser):
    """The tags, attributes and texts of a page, which has to be balanced, to fetch nothing and to run nothing."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(page)
        self.close()
        assert not self.open
        assert "script" not in self.tags
        assert not any(name.startswith("on") for _, name, _ in self.attributes)
        assert not re.search(r"url\(|@import|https?:", page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    @property
    def text(self) -> str:
        return "".join(text for tag, text in self.texts if tag != "style")

    def of(self, tag: str) -> list[str]:
        """The texts directly in elements of a tag."""
        return [text for of, text in self.texts if of == tag]

    def values(self, tag: str, name: str) -> list[str]:
        """Those of an attribute of the elements of a tag."""
        return [value for of, attribute, value in self.attributes if (of, attribute) == (tag, name)]
