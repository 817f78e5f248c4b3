"""Lines over an axis, as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bdnnlang.report.html.markup import Element, el
from bdnnlang.report.stated.trace import Points, Trace
from bdnnlang.report.text_table import width

WIDTH, HEIGHT = 560, 250
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 26, 38
STEEP = 12  # where the first value is so many times the last one, the axis is logarithmic
PLUS, MINUS, BOUND, LINE, SOFT = (
    f"var(--{name},{colour})"
    for name, colour in (("plus", "#3b7dd8"), ("minus", "#c2691c"), ("bound", "#8a63c9"), ("line", "#9995"), ("soft", "#7d8590"))
)


@dataclass(frozen=True, slots=True)
class Axis:
    """Values from `low` to `high` along `start` … `end` of a drawing; logarithmic in 1 + value."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def at(self, value: float) -> float:
        low, high, value = (self._scaled(one) for one in (self.low, self.high, value))
        return self.start + (self.end - self.start) * (value - low) / ((high - low) or 1.0)

    def _scaled(self, value: float) -> float:
        return math.log1p(max(0.0, value)) if self.logarithmic else value

    def ticks(self) -> list[float]:
        if not self.logarithmic:
            return linear_ticks(self.low, self.high)
        powers = (m * 10.0**e for e in range(1 + math.ceil(math.log10(1 + self.high))) for m in (1, 3))
        return [0.0, *(value for value in powers if value <= self.high)]


def linear_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers from `low` to `high`, at most so many."""
    if high <= low:
        return [low]
    rough = (high - low) / (most - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [round(number * step, 12) for number in range(first, math.floor(high / step + 1e-9) + 1)]


def text_width(text: str) -> float:
    """About how wide a text is in a drawing, on the safe side: fonts differ."""
    return sum(
        width(c) * 7.0 + (3.0 if c in "mwMW@%" else 1.5 if c.isupper() else -2.5 if c in "iljtf.,:;'|! " else 0.0) for c in text
    )


def tick_text(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:g}"


def progress_chart(trace: Trace, penalised: bool) -> Element:
    """Objective and bound over seconds; the stages are named above."""
    x, y = _axes(trace)
    what = "objective" if penalised else "loss"
    label = f"{what.capitalize()} and bound over {x.high:.1f} seconds"
    return el(
        "svg",
        el("title", label),
        el("desc", _described(trace, what)),
        _stages(trace, x, y),
        _grid(x, y, "seconds" + (f" · {what} on a logarithmic scale" if y.logarithmic else "")),
        (_line(_steps(points, x, y), BOUND, thick=1.5, dash="2 3") for points in trace.reported),
        _line(_steps(trace.proved, x, y, x.high), BOUND, thick=2.5, dash="7 4") if trace.proved else None,
        _line(_steps(trace.objective, x, y, x.high), PLUS, thick=2.5) if trace.objective else None,
        (_dot(x.at(t), y.at(v), PLUS, f"{tick_text(v)} after {t:.1f} s") for t, v in trace.objective),
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        style="max-width:44rem;min-width:27rem",
    )


def _axes(trace: Trace) -> tuple[Axis, Axis]:
    values = [v for series in (trace.objective, trace.proved, *trace.reported) for _, v in series]
    high, low = max(values, default=0.0), min([0.0, *values])
    best = min((v for _, v in trace.objective), default=high)
    steep = low >= 0 and high > STEEP * max(best, 1.0)
    x = Axis(0.0, trace.seconds or 1.0, LEFT, WIDTH - RIGHT)
    return x, Axis(low, high or 1.0, HEIGHT - BOTTOM, TOP, steep)


def _described(trace: Trace, what: str) -> str:
    said = [f"{what} {tick_text(v)} after {t:.1f} s" for t, v in trace.objective[-1:]]
    said += [f"bound {tick_text(v)} after {t:.1f} s" for t, v in trace.proved[-1:]]
    return "; ".join([*said, *(f"stage {stage.name} until {stage.ended:.1f} s" for stage in trace.stages)])


def _stages(trace: Trace, x: Axis, y: Axis) -> list[Element]:
    """A band for each, shaded by turns, and its name above it, or a little to the right, where there is room."""
    made, free = [], float(LEFT)
    for number, stage in enumerate(trace.stages):
        left, right = x.at(stage.began), x.at(stage.ended)
        height = y.start - y.end
        band = el("rect", el("title", stage.name), x=left, y=y.end, width=max(right - left, 0.5), height=height)
        made.append(el("g", band, fill=SOFT, fill_opacity=0.12 if number % 2 == 0 else 0.04))
        wide = text_width(stage.name)
        start = max(free, (left + right - wide) / 2)
        if start + wide <= WIDTH:
            made.append(el("text", stage.name, x=start, y=TOP - 8))
            free = start + wide + 8
    return made


def _grid(x: Axis, y: Axis, below: str) -> Element:
    lines = [el("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y.at(v), y2=y.at(v)) for v in y.ticks()]
    numbers = [el("text", tick_text(v), x=LEFT - 6, y=y.at(v) + 4, text_anchor="end") for v in y.ticks()]
    along = [el("text", tick_text(v), x=x.at(v), y=HEIGHT - BOTTOM + 15, text_anchor="middle") for v in x.ticks()]
    name = el("text", below, x=(LEFT + WIDTH - RIGHT) / 2, y=HEIGHT - 6, text_anchor="middle")
    return el("g", el("g", lines, style=f"stroke:{LINE}"), numbers, along, name)


def _steps(points: Points, x: Axis, y: Axis, until: float | None = None) -> str:
    """A path that keeps each value until the next one."""
    (first, value), *others = points
    path = [f"M{x.at(first):.1f} {y.at(value):.1f}"]
    path += [f"H{x.at(t):.1f}V{y.at(v):.1f}" for t, v in others]
    return "".join([*path, *([f"H{x.at(until):.1f}"] if until is not None else [])])


def _line(path: str, colour: str, *, thick: float, dash: str | None = None) -> Element:
    return el("path", d=path, fill="none", style=f"stroke:{colour}", stroke_width=thick, stroke_dasharray=dash)


def _dot(x: float, y: float, colour: str, title: str) -> Element:
    return el("circle", el("title", title), cx=x, cy=y, r=3.5, style=f"fill:{colour}")


def curve_chart(points: Sequence[tuple[float, float]], below: str, label: str) -> Element:
    """Shares, 0 to 1, over something: a robustness curve."""
    ends = [value for value, _ in points]
    least = min(share for _, share in points)
    x = Axis(min([0.0, *ends]), max(ends) or 1.0, LEFT, WIDTH - RIGHT)
    y = Axis(0.0 if least < 0.5 else math.floor(least * 10) / 10, 1.0, HEIGHT - BOTTOM, TOP)
    path = "M" + "L".join(f"{x.at(value):.1f} {y.at(share):.1f}" for value, share in points)
    return el(
        "svg",
        el("title", label),
        el("desc", ", ".join(f"{value:g}: {100 * share:.1f} %" for value, share in points)),
        _shares(x, y, below),
        _line(path, PLUS, thick=2.5),
        (_dot(x.at(value), y.at(share), PLUS, f"{value:g}: {100 * share:.1f} %") for value, share in points),
        (_share(x, y, k, len(points), *point) for k, point in enumerate(points)),
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        style="max-width:44rem;min-width:27rem",
    )


def _share(x: Axis, y: Axis, k: int, count: int, value: float, share: float) -> Element:
    """The number at a point, the first and the last one within the axes."""
    at, anchor = (x.at(value) + 4, "start") if k == 0 else (x.at(value), "end" if k == count - 1 else "middle")
    return el("text", f"{100 * share:.1f} %", x=at, y=y.at(share) - 9, text_anchor=anchor)


def _shares(x: Axis, y: Axis, below: str) -> Element:
    ticks = y.ticks()
    lines = [el("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y.at(v), y2=y.at(v)) for v in ticks]
    numbers = [el("text", f"{100 * v:.0f} %", x=LEFT - 6, y=y.at(v) + 4, text_anchor="end") for v in ticks]
    along = [el("text", tick_text(v), x=x.at(v), y=HEIGHT - BOTTOM + 15, text_anchor="middle") for v in x.ticks()]
    name = el("text", below, x=(LEFT + WIDTH - RIGHT) / 2, y=HEIGHT - 6, text_anchor="middle")
    return el("g", el("g", lines, style=f"stroke:{LINE}"), numbers, along, name)
