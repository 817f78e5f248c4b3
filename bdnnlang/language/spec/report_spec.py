"""The block `report`: the files that a run leaves beside its own, and what its printed report shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal, get_args

from bdnnlang.language.kinds import FileName, Nothing, Words
from bdnnlang.language.spec.row import Row, block, setting, step, steps
from bdnnlang.source import Span

Metric = Literal["accuracy", "recall", "precision"]
Drawing = Literal["progress", "network", "confusion"]


class OneFile:
    """An output that is one file, at `path`."""

    __slots__ = ()
    path: str

    @property
    def files(self) -> tuple[str, ...]:
        return (self.path,)


@dataclass(frozen=True, slots=True)
class HtmlPage(OneFile):
    """The page of `bdnnc report RUN --html`."""

    row: ClassVar[Row] = step(
        "html",
        FileName(".html"),
        "Writes the page of `bdnnc report RUN --html` to a file in the run folder",
        example='html "report.html"',
        aliases=("page", "web"),
    )
    path: str
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class JsonMetrics(OneFile):
    """Loss, bound and scores of each part (docs/report.md)."""

    row: ClassVar[Row] = step(
        "json",
        FileName(".json", taken=("run.json", "network.json")),
        "Writes status, loss, bound and the scores of each part to a file in the run folder",
        example='json "metrics.json"',
    )
    path: str
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Plot:
    """Drawings of the page, each as a file of its own."""

    row: ClassVar[Row] = step(
        "plot",
        Words(
            {
                "progress": "Loss and bound over time, `progress.svg`",
                "network": "The network drawn, `network.svg`",
                "confusion": "What became of the samples of each class, `confusion.svg`",
            }
        ),
        "Writes drawings to the run folder, as SVG",
        example="plot [progress, network, confusion]",
        aliases=("plots", "chart", "charts", "figure", "figures"),
    )
    drawings: tuple[Drawing, ...]
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(f"{drawing}.svg" for drawing in self.drawings)


Output = HtmlPage | JsonMetrics | Plot


@dataclass(frozen=True, slots=True)
class ReportSpec:
    row: ClassVar[Row] = block(
        "report",
        Nothing(),
        "Files that a run leaves in its run folder beside its own, where relative paths begin and which none may leave",
        example='report { html "report.html" }',
        aliases=("reports", "outputs", "reporting"),
    )
    metrics: tuple[Metric, ...] = setting(
        Words(
            {
                "accuracy": "Share of right answers",
                "recall": "For each class, the share of its samples that are put into it",
                "precision": "For each class, the share of the samples put into it that belong there",
            }
        ),
        "Shares that the printed report shows of each part; without `recall` and `precision` nothing class by class",
        get_args(Metric),
        example="metrics = [accuracy]",
        aliases=("metric", "scores"),
    )
    outputs: tuple[Output, ...] = field(default=(), metadata=steps(*get_args(Output)))
    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)

    @property
    def files(self) -> tuple[str, ...]:
        """All that it asks for, as paths from the run folder."""
        return tuple(file for output in self.outputs for file in output.files)
