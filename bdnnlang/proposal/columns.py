"""What the columns of a table are for: the class to learn, those that teach nothing, texts, gaps, the range of numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from bdnnlang.data.dataset import Dataset
from bdnnlang.data.diagnosis.columns import MAX_CATEGORIES
from bdnnlang.data.diagnosis.errors import HoldsDates, HoldsUnits, NotClasses, TooFewRows, TooManyCategories, TooManyDigits
from bdnnlang.data.diagnosis.warnings import ConstantColumns, Identifier, SuspectCode, TellsClass
from bdnnlang.data.load import load
from bdnnlang.data.table import RawColumn, Table, listed, short
from bdnnlang.data.target import Target, read_target
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.spec import Impute, Label, OneHot, Scale, Units
from bdnnlang.proposal.draft import Draft
from bdnnlang.proposal.reading import marks_of_missing, why_missing

TITLES = ("class", "target", "label", "outcome", "diagnosis", "response", "species", "classes", "labels", "y")  # of classes
FEWEST = 20  # rows from which on some can be kept aside
SMALL_NUMBERS = 20  # whole numbers up to here are as good a scale as any
FILL = Impute("median")
MOST_ROUNDS = 10  # of mending; each mends all that is said at once


def find_columns(draft: Draft, table: Table, folder: Path) -> tuple[Draft, Dataset]:
    """The whole block, and the data as it reads them. Raises Rejected with what no line of a spec mends."""
    draft, target = _with_target(draft.named(table.names), table)
    draft = _with_parts(draft, target)
    draft = _with_gaps(draft, table)
    for _ in range(MOST_ROUNDS):
        found, data = _read(draft, folder)
        better = draft
        for diagnostic in found:
            better = _mended(better, diagnostic, table)
        if better == draft:
            break
        draft = better
    if data is None:
        raise Rejected(found)
    draft = _scaled(_with_texts(_of_used(draft, data), data), data)
    return draft, load(draft.spec, folder)


def _read(draft: Draft, folder: Path) -> tuple[tuple[Diagnostic, ...], Dataset | None]:
    """What is said of the data, and the data if they can be read."""
    try:
        data = load(draft.spec, folder)
    except Rejected as rejected:
        return rejected.diagnostics, None
    return data.warnings, data


# ---- the target


def _with_target(draft: Draft, table: Table) -> tuple[Draft, Target]:
    """The column called as classes are, else the last one that can be classes. Raises Rejected where none can."""
    named = [column for title in TITLES for column in table.columns if column.name.strip().casefold() == title]
    for column in named:
        if (target := _classes(draft, table, column)) is not None:
            return draft.setting("the column to learn: its name says so", target=draft.column(column.name)), target
    passed: list[str] = []
    for column in reversed(table.columns):
        if (target := _classes(draft, table, column)) is not None:
            why = "the last column" if not passed else f"the last column that can be classes: {listed(passed, 3)} cannot"
            return draft.setting(f"the column to learn: {why}", target=draft.column(column.name)), target
        passed.append(column.name)
    raise Rejected([NotClasses(column=passed[0], values=_distinct(table.columns[-1]), rows=table.rows)])


def _classes(draft: Draft, table: Table, column: RawColumn) -> Target | None:
    """The classes of a column; None: it is none of classes. Raises Rejected for classes of which some are missing."""
    try:
        return read_target(draft.spec, table, column)
    except Rejected as rejected:
        if all(isinstance(error, NotClasses | TooFewRows) for error in rejected.diagnostics):
            return None
        if _distinct(column) < 2 or column.name.strip().casefold() not in TITLES:
            return None
        raise


def _distinct(column: RawColumn) -> int:
    return len(set(column.as_texts[~column.missing].tolist()))


def _with_parts(draft: Draft, target: Target) -> Draft:
    """The share for testing, and the classes that have a row for each part."""
    counts = dict(zip(target.classes, target.counts.tolist(), strict=True))
    enough = [name for name, count in counts.items() if count > 1]
    if len(target.y) < FEWEST or len(enough) < 2:
        return draft.setting(f"{len(target.y)} rows are too few to keep some aside", test=0.0)
    draft = draft.setting("the share kept aside to test the network, of each class alike", test=0.25)
    if len(enough) == len(counts):
        return draft
    few = listed([name for name in counts if name not in enough])
    return draft.setting(f"those with two rows at least, one for each part; not {few}", classes=tuple(map(Label, enough)))


# ---- the features


def _with_gaps(draft: Draft, table: Table) -> Draft:
    """Columns without a value dropped, and gaps in others filled."""
    features = [column for column in table.columns if draft.column(column.name) != draft.data.target]
    for column in features:
        if column.missing.all():
            draft = draft.drop(column.name, "no row has a value")
    gaps = [column for column in features if column.missing.any() and not column.missing.all()]
    return draft.step(FILL, "") if gaps else draft


def _of_used(draft: Draft, data: Dataset) -> Draft:
    """With gaps filled where a column has some that is used after all, and why."""
    used = {encoding.name for encoding in data.recipe.columns}
    gaps = [f"{column.missing:,} of {column.name}" for column in data.columns if column.name in used and column.missing]
    why = f"fills what is missing, {', '.join(gaps[:3])}" + (f" and in {len(gaps) - 3} more columns" if len(gaps) > 3 else "")
    steps = ((step, why if step == FILL else reason) for step, reason in draft.steps if gaps or step != FILL)
    return replace(draft, steps=tuple(steps))


def _mended(draft: Draft, diagnostic: Diagnostic, table: Table) -> Draft:
    """With the line that a diagnostic asks for, where it is one of these."""
    match diagnostic:
        case Identifier(column=name, what=what):
            return draft.drop(name, what)
        case TellsClass(column=name):
            return draft.drop(name, "tells the class of every row: keep it if it is known for new rows, too")
        case ConstantColumns(names=names):
            for name in names:
                draft = draft.drop(name, "one value in all rows")
            return draft
        case HoldsDates(column=name):
            return draft.drop(name, "dates; days since an event would be a number")
        case TooManyCategories(column=name, categories=count):
            return draft.drop(name, f"{count:,} different texts, of which at most {MAX_CATEGORIES:,} can be features")
        case HoldsUnits(column=name, cell=cell):
            return draft.step(Units((draft.column(name),)), f"`{cell}` is read as a number")
        case TooManyDigits(cell=cell):
            return draft.reading(f"more digits than are kept, such as `{cell}`", round_to=15)
        case SuspectCode(column=name, value=value):
            marks = marks_of_missing(table, *(label.key for label in draft.source.missing or ()), float(value))
            known = draft.reasons.get("missing")
            why = why_missing({value: name})
            return draft.reading(f"{known}; {why}" if known else why, missing=marks).step(FILL, "")
        case _:
            return draft


def _with_texts(draft: Draft, data: Dataset) -> Draft:
    """Columns of texts as categories, which they would be anyway."""
    texts = {encoding.name: len(encoding.categories) for encoding in data.recipe.columns if encoding.categories}
    if not texts:
        return draft
    first = ", ".join(f"{count} for {name}" for name, count in list(texts.items())[:3])
    more = f" and {len(texts) - 3} more columns" if len(texts) > 3 else ""
    return draft.step(OneHot(tuple(map(draft.column, texts))), f"texts become columns of zeros and ones, {first}{more}")


def _scaled(draft: Draft, data: Dataset) -> Draft:
    """Numbers as they are where they are small and whole, else in the range from 0 to 1."""
    raw = data.train.raw
    if (raw == np.floor(raw)).all() and np.abs(raw).max() <= SMALL_NUMBERS:
        top = short(float(np.abs(raw).max()))
        return draft.step(Scale("none"), f"all features are whole numbers up to {top}: sums of them stay exact")
    return draft.step(Scale("minmax"), "every number to the range from 0 to 1, that of the training part")
