"""The text of each file that the block `report` asks for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import assert_never

from bdnnlang.language.spec import HtmlPage, JsonMetrics, Output, Plot
from bdnnlang.language.spec.report_spec import Drawing
from bdnnlang.report.html.chart import progress_chart
from bdnnlang.report.html.drawing import drawing
from bdnnlang.report.html.markup import Element, el
from bdnnlang.report.html.page import page
from bdnnlang.report.outputs.confusion_chart import confusion_chart
from bdnnlang.report.outputs.metrics import confusions, metrics_json
from bdnnlang.report.stated.reported import Reported

SHEET = "text{font:12px system-ui,sans-serif}"


def contents(run: Reported, outputs: Iterable[Output]) -> Iterator[tuple[str, str | None]]:
    """Each file by its path from the run folder; None where there is no network to draw. Raises ValueError."""
    for output in outputs:
        match output:
            case HtmlPage(path):
                yield path, page([run])
            case JsonMetrics(path):
                yield path, json.dumps(metrics_json(run), indent=2, ensure_ascii=False) + "\n"
            case Plot(drawings):
                for file, name in zip(output.files, drawings, strict=True):
                    drawn = _drawn(run, name)
                    yield file, None if drawn is None else svg_file(drawn)
            case _:
                assert_never(output)


def _drawn(run: Reported, name: Drawing) -> Element | None:
    match name:
        case "progress":
            return progress_chart(run.trace, bool(run.spec.train.penalties)) if run.trace.objective else None
        case "network":
            return None if run.network is None else drawing(run.network)
        case "confusion":
            found = confusions(run)
            return confusion_chart(found, run.stated.data.classes) if found else None
        case _:
            assert_never(name)


def svg_file(drawn: Element) -> str:
    """A drawing as a file of its own."""
    named = (("xmlns", "http://www.w3.org/2000/svg"), *drawn.attributes)
    whole = Element(drawn.tag, named, (el("style", SHEET), *drawn.children))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{whole}\n'
