"""The pages that `table.py` writes from finished runs: the table, what splitting adds, and the claims of the paper's abstract."""

from __future__ import annotations

import os
import re
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Run = Mapping[str, Any]  # a `run.json`
NAME = re.compile(
    r"(?P<data>.+?)_(?P<method>exact|split|search|alternate|added|robust|certified)(_small)?(?P<loss>_zero_one)?(?P<deep>_2x50)?"
)
METHODS = {
    "exact": "exact, as in the paper",
    "split": "data splitting, as in the paper",
    "alternate": "local search, as in the paper",
    "robust": "robust, as in the paper",
    "search": "search",
    "certified": "search, certified",
}
CLASSICAL = {  # model and `epochs` → its name
    ("mlp", None): "MLP, converged",
    ("mlp_int8", None): "MLP, converged, int8 weights",
    ("mlp", 30): "MLP, 30 passes as in the paper",
}


@dataclass(frozen=True)
class Found:
    """The runs of a spec, one for each split from 0. `width` None: the spec's own."""

    stem: str
    width: int | None
    runs: tuple[Run, ...]

    def _part(self, name: str) -> str:
        match = NAME.fullmatch(self.stem)
        return (match[name] or "") if match else ""

    @property
    def data(self) -> str:
        return (self._part("data") or self.stem).replace("_", " ")

    @property
    def method(self) -> str:
        return self._part("method")

    @property
    def deep(self) -> bool:
        return bool(self._part("deep"))

    @property
    def shape(self) -> str:
        return "2 × 50" if self.deep else f"1 × {self.width or 100}"

    @property
    def problem(self) -> str:
        return f"{self.data}, {self.shape}"

    @property
    def title(self) -> str:
        return METHODS.get(self.method, self.stem) + (", loss `zero_one`" if self._part("loss") else "")

    def results(self, name: str) -> list[Any]:
        """One member of `result` for each run."""
        return [run["result"][name] for run in self.runs]

    def models(self, model: str, epochs: int | None = None) -> list[Run]:
        """The rows of `compare` of one model, one for each run that has it."""
        rows = (row for run in self.runs for row in run.get("compare", []))
        return [row for row in rows if row["model"] == model and row["settings"].get("epochs") == epochs]


Results = Mapping[str, Found]  # by the name of the case


def spread(values: Iterable[float | None], factor: float = 1, unit: str = "", digits: int = 1) -> str:
    """Mean and, of more than one value, standard deviation."""
    known = [factor * value for value in values if value is not None]
    if not known:
        return "–"
    mean = f"{statistics.mean(known):,.{digits}f}"
    return mean + (f" ± {statistics.stdev(known):,.{digits}f}" if len(set(known)) > 1 else "") + unit


def counted(words: Sequence[str]) -> str:
    """Each word with how often it is there."""
    return ", ".join(f"{words.count(word)} {word}" for word in sorted(set(words)))


# ---- the table


def table(found: Results, failed: Mapping[str, str], command: str) -> str:
    """Markdown: for each problem a row a method, then the classical models of its splits; then what failed."""
    lines = [
        f"`{command}`, on {os.cpu_count()} cores, each run with one thread. Mean ± standard deviation over splits; the loss is",
        "of the training part, and bytes are counted as in [docs/comparison.md](../docs/comparison.md).",
        "",
        "| problem | model | splits | training | test | loss | bound | bytes | seconds | ended as |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for problem, members in by_problem(found).items():
        rows = [*map(_row, members), *(row for one in members for row in _classical(one))]
        lines += [f"| {problem if not number else ''} | {' | '.join(row)} |" for number, row in enumerate(rows)]
    curves = [line for one in found.values() for line in curve(one)]
    if curves:
        lines += ["", "Test accuracy under random signs of each size:", "", *curves]
    if failed:
        lines += ["", "Left out:", "", *(f"- `{name}`, {why}" for name, why in sorted(failed.items()))]
    return "\n".join(lines)


def by_problem(found: Results) -> dict[str, list[Found]]:
    """The specs of each problem, in the order of the methods."""
    problems: dict[str, list[Found]] = {}
    known = [one for one in found.values() if one.method in METHODS]
    for one in sorted(
        known, key=lambda one: (one.data, one.deep, -(one.width or 100), list(METHODS).index(one.method), one.title)
    ):
        problems.setdefault(one.problem, []).append(one)
    return problems


def _place(one: Found) -> tuple[str, bool, int, int, str]:
    return (one.data, one.deep, -(one.width or 100), list(METHODS).index(one.method), one.title)


def _row(one: Found) -> list[str]:
    return [
        one.title,
        str(len(one.runs)),
        spread(one.results("train_accuracy"), 100, " %"),
        spread(one.results("test_accuracy"), 100, " %"),
        spread(one.results("verified_loss")),
        spread(one.results("bound")),
        spread([row["bytes"] for row in one.models("bdnn")], digits=0),
        spread(one.results("seconds")),
        counted(one.results("status")),
    ]


def _classical(one: Found) -> Iterator[list[str]]:
    for (model, epochs), name in CLASSICAL.items():
        rows = one.models(model, epochs)
        if rows:
            shares = [spread([row[f"{part}_accuracy"] for row in rows], 100, " %") for part in ("train", "test")]
            size, seconds = spread([row["bytes"] for row in rows], digits=0), spread([row["seconds"] for row in rows])
            converged = sum(row["converged"] for row in rows)
            yield [name, str(len(rows)), *shares, "–", "–", size, seconds, f"{converged} converged"]


def curve(one: Found) -> list[str]:
    """Accuracy for each size of a `random_sign` attack; nothing where there was none."""
    points: dict[float, list[float]] = {}
    for run in one.runs:
        for attack in run.get("attacks", []):
            for point in attack.get("sizes", []):
                points.setdefault(point["size"], []).append(point["accuracy"])
    if not points:
        return []
    return [f"- `{one.stem}`: " + ", ".join(f"{size:g}: {spread(points[size], 100, ' %')}" for size in sorted(points))]


# ---- what data splitting adds


def splitting(found: Results) -> str:
    """Markdown: the loss before and after data splitting, where it follows a search."""
    lines = [
        "| data | neurons | splits | loss of the search | after data splitting | better | test | seconds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    added = [one for one in found.values() if one.method == "added"]
    for one in sorted(added, key=lambda one: (one.data, one.width or 0)):
        pairs = [[stage["verified_loss"] for stage in run["stages"]] for run in one.runs]
        before, after = [pair[0] for pair in pairs], [pair[-1] for pair in pairs]
        better = sum(b < a for a, b in zip(before, after, strict=True))
        cells = [one.data, str(one.width), str(len(one.runs)), spread(before), spread(after), f"{better} of {len(pairs)}"]
        cells += [spread(one.results("test_accuracy"), 100, " %"), spread(one.results("seconds"))]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
