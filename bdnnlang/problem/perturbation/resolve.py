"""A perturbation set of the spec on given data: the radius of each feature."""

from __future__ import annotations

from fractions import Fraction

from bdnnlang.data.dataset import Dataset
from bdnnlang.data.diagnosis.errors import NoSuchColumn
from bdnnlang.data.table import Names, closest, listed
from bdnnlang.diagnostics import Diagnostic, Rejected
from bdnnlang.language.spec import Box, Column, Perturbation
from bdnnlang.network.numbers import exact
from bdnnlang.problem.errors import MeaninglessSet
from bdnnlang.problem.perturbation import SETS, PerturbationSet
from bdnnlang.source import Span


def resolve(perturbation: Perturbation, data: Dataset) -> PerturbationSet:
    """The set on these data. Raises Rejected: a column that does not exist (E201), or whose features are 0 or 1 (E203)."""
    diagnostics: list[Diagnostic] = []
    radius = _radii(perturbation, data, diagnostics)
    if diagnostics:
        raise Rejected(diagnostics)
    clip = None if perturbation.clip is None else (exact(perturbation.clip.lower), exact(perturbation.clip.upper))
    return SETS[type(perturbation.set)].of(perturbation.set, tuple(radius), clip)


def _radii(perturbation: Perturbation, data: Dataset, diagnostics: list[Diagnostic]) -> list[Fraction]:
    """One for each feature; what cannot be becomes a diagnostic."""
    names = [column.name for column in data.recipe.columns]
    around = perturbation.set
    if isinstance(around, Box):
        given = [(_find(column, data, diagnostics), r, column.span) for column, r in around.radii]
    elif perturbation.features is not None:
        given = [(_find(column, data, diagnostics), around.radius, column.span) for column in perturbation.features]
    else:
        given = [(name, around.radius, around.span) for name in names]
    radii = {name: (exact(r), span) for name, r, span in given if name is not None}
    result: list[Fraction] = []
    for column in data.recipe.columns:
        r, span = radii.get(column.name, (Fraction(0), None))
        if column.is_binary and r and not any(isinstance(d, MeaninglessSet) for d in diagnostics):
            diagnostics.append(_meaningless(column.features[0], r, span, data, isinstance(around, Box)))
        result += [r] * len(column.features)
    return result


def _find(column: Column, data: Dataset, diagnostics: list[Diagnostic]) -> str | None:
    """The name of a used column of the source."""
    header, names = data.recipe.header, [column.name for column in data.recipe.columns]
    at = Names(header).find(column.key)
    if at is not None and header[at] in names:
        return header[at]
    key, source = str(column.key), f"`{data.source.removeprefix('csv ')}`"
    error = NoSuchColumn(
        span=column.span,
        source=source,
        what="feature column",
        name=key,
        columns=listed(names),
        suggestion=closest(key, names),
    )
    diagnostics.append(error)
    return None


def _meaningless(feature: str, radius: Fraction, span: Span | None, data: Dataset, is_box: bool) -> MeaninglessSet:
    numbers = [f'"{column.name}"' for column in data.recipe.columns if not column.is_binary]
    if not numbers:
        advice = "remove the set: the network gets zeros and ones only"
    elif is_box:
        advice = "leave this column out of `box`"
    else:
        advice = f"write `features = [{', '.join(numbers[:4])}{', …' if len(numbers) > 4 else ''}]`: the columns that are numbers"
    return MeaninglessSet(span=span, feature=feature, radius=f"{float(radius):g}", advice=advice)
