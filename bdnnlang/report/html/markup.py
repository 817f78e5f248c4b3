"""HTML and SVG as a tree of elements: balanced, and escaped, because no text can get in otherwise."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

JOINERS = "\u200c\u200d"  # without which some scripts and emoji are written wrongly
VOID = frozenset({"meta", "br"})


@dataclass(frozen=True, slots=True)
class Element:
    """An element, its attributes and what is in it: texts and elements."""

    tag: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Element | str, ...]

    def __str__(self) -> str:
        return "".join(_parts(self))


Child = Element | str | None
Attribute = str | int | float | None


def el(tag: str, *children: Child | Iterable[Child], **attributes: Attribute) -> Element:
    """An element; None among children or attributes is left out. `class_` is `class`, `stroke_width` is `stroke-width`."""
    named = ((_name(name), _value(value)) for name, value in attributes.items() if value is not None)
    return Element(tag, tuple(named), tuple(_flat(children)))


def _name(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _value(value: str | int | float) -> str:
    return f"{round(value, 2):g}" if isinstance(value, float) else str(value)


def _flat(children: Iterable[Child | Iterable[Child]]) -> Iterator[Element | str]:
    for child in children:
        if isinstance(child, str | Element):
            yield child
        elif child is not None:
            yield from (one for one in child if one is not None)


def _parts(element: Element) -> Iterator[str]:
    attributes = "".join(f' {name}="{html.escape(plain(value))}"' for name, value in element.attributes)
    yield f"<{element.tag}{attributes}>"
    for child in element.children:
        if isinstance(child, str):
            yield html.escape(plain(child), quote=False)
        else:
            yield from _parts(child)
    if element.tag not in VOID:
        yield f"</{element.tag}>"


def plain(text: str) -> str:
    """Without what is no character of a page: controls, halves of characters, marks that turn the direction of text."""
    return "".join(c if c.isprintable() or c in "\n" or c in JOINERS else " " if c.isspace() else "\ufffd" for c in text)
