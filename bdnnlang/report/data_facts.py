"""What `bdnnc check` shows of the data: columns, classes, parts, rows that repeat or contradict each other."""

from __future__ import annotations

from typing import Any

import numpy as np

from bdnnlang.arrays import Ints
from bdnnlang.data.dataset import Dataset, Part, row_groups
from bdnnlang.data.facts import ColumnFacts
from bdnnlang.data.preprocessing.recipe import Encoding
from bdnnlang.data.table import short
from bdnnlang.report.text_table import aligned, counted, fit, percent

Json = dict[str, Any]

MOST_COLUMNS = 20
MOST_CLASSES = 12
MOST_VALUES = 3  # of a column of texts that are named


def data_facts(data: Dataset) -> Json:
    """Plain data, which `bdnnc check` prints as JSON or as a table. Rows are those of the file, samples those in use."""
    parts = _parts(data)
    counts = {name: np.bincount(part.y, minlength=len(data.classes)).tolist() for name, part in parts.items()}
    samples = np.sum(list(counts.values()), axis=0).tolist()
    most = int(np.argmax(samples))
    return {
        "source": data.source,
        "sha256": data.sha256,
        "rows": data.rows,
        "samples": sum(samples),
        "header": None if data.header is None else {"names": data.header.names, "settled": data.header.settled},
        "target": data.recipe.target,
        "columns": _column_facts(data),
        "classes": [
            {"name": name, "samples": samples[k], **{part: count[k] for part, count in counts.items()}}
            for k, name in enumerate(data.classes)
        ],
        "majority": {"class": data.classes[most], "share": samples[most] / sum(samples)},
        "parts": {name: {"samples": len(part), "source": part.source or data.source} for name, part in parts.items()},
        **_repeated(parts),
        "irreducible_errors": data.irreducible_errors,
    }


def _parts(data: Dataset) -> dict[str, Part]:
    parts = {"train": data.train, "validation": data.validation, "test": data.test}
    return {name: part for name, part in parts.items() if part is not None}


def _column_facts(data: Dataset) -> list[Json]:
    encodings = {encoding.name: encoding for encoding in data.recipe.columns}
    return [
        _column(column, "target" if column.name == data.recipe.target else _use(encodings.get(column.name)))
        for column in data.columns
    ]


def _column(column: ColumnFacts, use: str) -> Json:
    return {
        "name": column.name,
        "kind": column.kind.value,
        "least": column.least,
        "greatest": column.greatest,
        "missing": column.missing,
        "distinct": column.distinct,
        "use": use,
    }


def _use(encoding: Encoding | None) -> str:
    """What becomes of a column that is not the target."""
    if encoding is None:
        return "dropped"
    return next((use for step in encoding.steps if (use := step.use()) is not None), "feature")


def _repeated(parts: dict[str, Part]) -> Json:
    """Samples with the features and the class of an earlier one, with the features and another class, and test samples that
    stand in the training part too."""
    raw = np.concatenate([part.raw for part in parts.values()])
    y = np.concatenate([part.y for part in parts.values()])
    groups = row_groups(raw)
    pairs = np.unique(np.stack([groups, y]), axis=1)
    classes: Ints = np.bincount(pairs[0])  # different ones of each group
    known = set(groups[: len(parts["train"])].tolist())
    test = len(parts["test"]) if "test" in parts else 0
    return {
        "duplicates": len(y) - pairs.shape[1],
        "contradictions": int((classes[groups] > 1).sum()),
        "test_in_train": sum(group in known for group in groups[len(y) - test :].tolist()) if test else 0,
    }


# ---- as text


def data_lines(data: Dataset) -> list[str]:
    """The facts as lines; of many columns and classes the first, and what is left out is counted."""
    facts = data_facts(data)
    return [
        _head(data, facts),
        *_columns(facts["columns"], data),
        "",
        *_classes(facts),
        "",
        f"parts          {_part_sizes(facts)}",
        f"majority       {fit(facts['majority']['class'])}: right in {percent(facts['majority']['share'])} without any network",
        f"duplicates     {_duplicates(facts)}",
        f"contradictions {_contradictions(facts)}",
    ]


def _head(data: Dataset, facts: Json) -> str:
    used = "" if facts["samples"] == data.rows else f", {facts['samples']:,} in use"
    header = "" if data.header is None else f"; {data.header.summary([column.name for column in data.columns])}"
    sizes = f"{counted(data.rows, 'row')}{used}, {counted(len(data.columns), 'column')}, {counted(len(data.features), 'feature')}"
    return f"{data.source}: {sizes}{header}"


def _columns(columns: list[Json], data: Dataset) -> list[str]:
    shown = columns[:MOST_COLUMNS] + [column for column in columns[MOST_COLUMNS:] if column["use"] == "target"]
    rows = [["column", "kind", "range", "missing", "distinct", "use"]]
    for column in shown:
        numbers = [f"{column['missing']:,}", f"{column['distinct']:,}"]
        rows.append([fit(column["name"]), column["kind"], _range(column, data), *numbers, column["use"]])
    lines = [f"  {line}" for line in aligned(rows, left=(0, 1, 2, 5))]
    rest = [column for column in columns if column not in shown]
    if rest:
        gaps = sum(column["missing"] > 0 for column in rest)
        lines.append(f"  … {counted(len(rest), 'more column')}" + (f", {gaps:,} of them with missing values" if gaps else ""))
    return lines


def _range(column: Json, data: Dataset) -> str:
    """Of numbers, from the least to the greatest; of texts, those of the training part."""
    if column["kind"] == "number":
        least, greatest = column["least"], column["greatest"]
        return "" if least is None else short(least) if least == greatest else f"{short(least)} to {short(greatest)}"
    encoding = next((encoding for encoding in data.recipe.columns if encoding.name == column["name"]), None)
    texts = [
        fit(str(text), 12) for text in (data.classes if column["use"] == "target" else encoding.categories if encoding else ())
    ]
    return ", ".join(texts[:MOST_VALUES]) + (", …" if len(texts) > MOST_VALUES else "")


def _classes(facts: Json) -> list[str]:
    parts, classes = list(facts["parts"]), facts["classes"]
    total = facts["samples"]
    rows = [["class", "samples", "share", *(NAMES[part] for part in parts)]]
    for entry in classes[:MOST_CLASSES]:
        counts = (f"{entry[part]:,}" for part in parts)
        rows.append([fit(entry["name"]), f"{entry['samples']:,}", percent(entry["samples"] / total), *counts])
    lines = [f"  {line}" for line in aligned(rows)]
    rest = [entry["samples"] for entry in classes[MOST_CLASSES:]]
    if rest:
        sizes = f"{min(rest):,} to {counted(max(rest), 'sample')}" if min(rest) < max(rest) else f"{counted(max(rest), 'sample')}"
        lines.append(f"  … {counted(len(rest), 'more class')} of {sizes} each")
    return lines


NAMES = {"train": "training", "validation": "validation", "test": "test"}


def _part_sizes(facts: Json) -> str:
    sizes = (
        f"{part['samples']:,} {NAMES[name]}" + (f" ({part['source']})" if part["source"] != facts["source"] else "")
        for name, part in facts["parts"].items()
    )
    return ", ".join(sizes)


def _duplicates(facts: Json) -> str:
    leak = facts["test_in_train"]
    also = f"; {counted(leak, 'test sample')} with the features of a training sample" if leak else ""
    if not facts["duplicates"]:
        return f"none{also}"
    return f"{counted(facts['duplicates'], 'sample')} with the features and the class of an earlier one{also}"


def _contradictions(facts: Json) -> str:
    if not facts["contradictions"]:
        return "none"
    least = f"; at least {counted(facts['irreducible_errors'], 'error')} in training" if facts["irreducible_errors"] else ""
    return f"{counted(facts['contradictions'], 'sample')} with the features of another and a different class{least}"
