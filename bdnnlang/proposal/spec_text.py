"""A proposed spec as text: a comment beside each line, and above them what the file holds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from bdnnlang import compiler
from bdnnlang.data.dataset import Dataset
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.format.canonical import laid_out
from bdnnlang.language.load import load
from bdnnlang.language.printing import scalar, setting_lines, step_text
from bdnnlang.proposal.columns import find_columns
from bdnnlang.proposal.draft import Draft
from bdnnlang.proposal.reading import find_reading
from bdnnlang.report.data_facts import data_lines
from bdnnlang.source import Source

Line = tuple[str, str]  # of a spec, and the comment beside it
MOST_WIDE = 44  # characters before a comment; behind a longer line it follows at once
FEW, MANY = 500, 5_000  # training samples up to which a minute will do, and two


def proposed_spec(folder: Path, file: str) -> str:
    """A spec in `folder` for a csv file in it or below. Raises Rejected with what no line of a spec mends."""
    draft, table = find_reading(folder, file)
    draft, data = find_columns(draft, table, folder)
    text = _text(draft, data, _train(data, exact=True))
    return text if _is_fit(text, data) else _text(draft, data, _train(data, exact=False))


def _is_fit(text: str, data: Dataset) -> bool:
    """Is nothing to be said of its model: is it not too large?"""
    spec, _ = load(Source("", text), read=compiler.reader_of(Path()))
    try:
        warnings = compiler.model_warnings(compiler.training_problem(spec, data))
    except Rejected:
        return False
    return len(warnings) == len(data.warnings)


def _text(draft: Draft, data: Dataset, train: Sequence[Line]) -> str:
    table = [f"#   {line}".rstrip() for line in data_lines(data)]
    head = ["bdnn 1", "", "# What the file holds, as `bdnnc check` shows it:", *table]
    blocks = ([(f"data csv({scalar(draft.source.path)})", ""), *_data(draft)], _network(data), train)
    return laid_out(Source("", "\n".join([*head, *(line for block in blocks for line in ["", *_written(block)])])))


def _data(draft: Draft) -> list[Line]:
    """The settings that have a reason, then the steps."""
    written = [*setting_lines(draft.source), *setting_lines(draft.data)]
    settings = [(line, draft.reasons[name]) for line in written if (name := line.split()[0]) in draft.reasons]
    return [*settings, *((step_text(step), why) for step, why in draft.steps)]


def _network(data: Dataset) -> list[Line]:
    classes = len(data.classes)
    width = 2 if classes == 2 else max(3, math.ceil(math.log2(classes)) + 1)
    enough = "two can tell two classes apart" if classes == 2 else f"{width} can tell {classes} classes apart"
    return [
        ("network", ""),
        ("weights in {-1, 0, 1}", "or int[-3, 3], or [-1, 1] for real numbers: more can be learned, and it takes longer"),
        (f"hidden {width}", f"a layer of {width} neurons: {enough}; more if too many training samples stay wrong"),
    ]


def _train(data: Dataset, *, exact: bool) -> list[Line]:
    samples = len(data.train)
    minutes = 1 if samples <= FEW else 2 if samples <= MANY else 5
    sizes = f"{samples:,} training samples × {len(data.features):,} features"
    head = [("train", ""), ("seed = 0", "of all random choices: the same seed, the same network")]
    if exact and minutes == 1:
        return [*head, ("exact 1min", f"the whole problem, {sizes}: it ends as soon as the least loss is proved")]
    time = (f"time = {minutes}min", f"of all stages together, for {sizes}")
    search = "moves one weight after another, from many random networks"
    if not exact:
        return [*head, time, ("local_search rest", f"{search}; the whole problem is too large for `exact`")]
    return [*head, time, (f"local_search {minutes * 20}s", search), ("exact rest", "the whole problem, from what was found")]


def _written(block: Sequence[Line]) -> list[str]:
    """A block, its comments below each other."""
    (name, _), *lines = block
    width = max((len(line) for line, _ in lines if len(line) <= MOST_WIDE), default=0)
    return [f"{name} {{", *(f"  {line:<{width}}  # {_on_one_line(why)}" for line, why in lines), "}"]


def _on_one_line(text: str) -> str:
    """Without line breaks and characters that a spec cannot hold."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
