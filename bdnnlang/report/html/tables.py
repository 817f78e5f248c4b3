"""Tables of a page: facts by name, and numbers under headings, which scroll in their place where they are too wide."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from bdnnlang.report.html.markup import Child, Element, el


def facts(rows: Iterable[tuple[str, Child]]) -> Element:
    """What there is to know, a name and its value a row."""
    made = [el("tr", el("th", name, scope="row"), el("td", value)) for name, value in rows]
    return el("table", el("tbody", made), class_="facts")


def numbers(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[Child]], *, texts: Collection[int] = (0,), hidden: bool = False
) -> Element:
    """The first cell of a row names it; columns `texts` are set to the left. `hidden`: the caption is for screen readers."""
    classes = ["text" if j in texts else None for j in range(len(head))]
    top = el("tr", (el("th", name, scope="col", class_=kind) for name, kind in zip(head, classes, strict=True)))
    body = [_row(row, classes) for row in rows]
    table = el("table", el("caption", caption) if not hidden else None, el("thead", top), el("tbody", body), class_="numbers")
    return wide(table, caption)


def _row(row: Sequence[Child], classes: Sequence[str | None]) -> Element:
    first, *others = row
    cells = (
        cell if isinstance(cell, Element) and cell.tag == "td" else el("td", cell, class_=kind)
        for cell, kind in zip(others, classes[1:], strict=True)
    )
    return el("tr", el("th", first, scope="row"), cells)


def wide(content: Element, label: str) -> Element:
    """What may be wider than its place: it is scrolled there, by keys as well."""
    return el("div", content, class_="wide", tabindex=0, role="region", aria_label=label)
