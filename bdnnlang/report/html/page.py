"""The page of one run or of several: a table of all, then part by part a panel for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bdnnlang.report.html import panels
from bdnnlang.report.html.markup import Child, Element, el
from bdnnlang.report.html.matrices import matrices
from bdnnlang.report.html.robust import robustness
from bdnnlang.report.html.style import SHEET
from bdnnlang.report.html.tables import numbers
from bdnnlang.report.stated.reported import Reported
from bdnnlang.report.stated.side_by_side import side_by_side

POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # nothing from elsewhere, and no script


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page, and what it shows of a run: nothing where there is none of it."""

    name: str
    title: str
    panel: Callable[[Reported], Iterable[Element]]


SECTIONS = (
    Section("result", "Result", panels.result),
    Section("network", "Network", panels.network),
    Section("classes", "Class by class", matrices),
    Section("robustness", "Robustness", robustness),
    Section("requirements", "Requirements", panels.requirements),
    Section("models", "Compared models", panels.models),
    Section("progress", "Loss and bound over time", panels.progress),
    Section("bounds", "Bounds and proofs", panels.bounds),
    Section("sizes", "Sizes", panels.sizes),
    Section("data", "Data", panels.data),
    Section("reproduce", "How to reproduce it", panels.reproduce),
)


def page(runs: Sequence[Reported]) -> str:
    """The whole file. Raises ValueError if the preprocessing of a network is damaged."""
    title = f"{runs[0].name}" if len(runs) == 1 else f"{len(runs)} runs side by side"
    return document(title, _about(runs), [*_overview(runs), *run_sections(runs)])


def run_sections(runs: Sequence[Reported]) -> list[tuple[str, str, Element]]:
    """Name, title and content of the parts that any of the runs has."""
    parts = [(section, made) for section in SECTIONS if (made := _section(section, runs)) is not None]
    return [(section.name, section.title, made) for section, made in parts]


def _about(runs: Sequence[Reported]) -> str:
    stated = runs[0].stated
    return f"{stated.data.source}, {(stated.created or 'at a time not known').replace('T', ' ')}" if len(runs) == 1 else ""


def _overview(runs: Sequence[Reported]) -> list[tuple[str, str, Element]]:
    """All runs in one table, where there are several."""
    if len(runs) == 1:
        return []
    head, *rows = side_by_side(runs)
    table = numbers("Runs side by side", head, rows, texts=range(len(head)), hidden=True)
    return [("overview", "Side by side", table)]


def document(title: str, about: str, sections: Sequence[tuple[str, str, Element]]) -> str:
    """A page of sections: name, title and content."""
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        Element("meta", (("http-equiv", "Content-Security-Policy"), ("content", POLICY)), ()),
        el("title", f"{title} – bdnnc report"),
    )
    links = el("nav", (el("a", heading, href=f"#{name}") for name, heading, _ in sections), aria_label="Sections")
    made = [el("section", el("h2", heading), content, id=name) for name, heading, content in sections]
    foot = el(
        "footer", "Numbers about networks are recomputed from the networks in exact arithmetic; bdnnc verify does it again."
    )
    body = el(
        "body", el("header", el("h1", title), el("p", about, class_="soft") if about else None, links), el("main", made), foot
    )
    style = f"<style>{SHEET}</style>"
    return f'<!DOCTYPE html>\n<html lang="en">{str(head).removesuffix("</head>")}{style}</head>{body}</html>\n'


def _section(section: Section, runs: Sequence[Reported]) -> Element | None:
    """A panel for each run that has any of it; None where none has."""
    made: list[tuple[Reported, list[Element]]] = [(run, list(section.panel(run))) for run in runs]
    if not any(content for _, content in made):
        return None
    several = len(runs) > 1
    return el("div", (_panel(run, content, several) for run, content in made if content), class_="panels")


def _panel(run: Reported, content: Sequence[Child], several: bool) -> Element:
    name = el("h3", run.name) if several else None
    return el("div", name, content, class_="panel")
