"""The claims of the abstract of arXiv 2110.11382, one by one, beside what the runs of `table.py` say of them.

A verdict is made from the numbers, by the rule in the docstring of its claim. *Competes*: the mean test accuracy is at most one
percentage point below that of the converged ReLU network of the same widths. *Outperforms*: it is above, by more than two
standard errors of the differences on the same splits. A method that stays with the constant network, as it began, has run out
of time, which refutes nothing: what is claimed of it is then not tested.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from paper_table import Found, Results, by_problem, spread

NEAR = 0.01 + 1e-9  # of test accuracies that compete, which are shares of small numbers in float64
ERRORS = 2  # standard errors
Model = tuple[str, int | None]  # in `compare`: its name and `epochs`
CONVERGED: Model = ("mlp", None)
PAPER: Model = ("mlp", 30)


class Verdict(Enum):
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    NOT_TESTED = "not tested"


@dataclass(frozen=True)
class Claim:
    """What is claimed, and what was found."""

    text: str
    verdict: Verdict
    numbers: str


def claims(found: Results) -> str:
    """Markdown: a row a claim, then how each method compares on each problem."""
    lines = ["| claim | verdict | numbers |", "|---|---|---|"]
    lines += [f"| {one.text} | {one.verdict.value} | {one.numbers} |" for one in _claims(found)]
    return "\n".join([*lines, "", *_differences(found)])


def _claims(found: Results) -> Iterator[Claim]:
    yield _memory(found)
    text = 'Binarized networks reduce "computational demands"'
    yield Claim(text, Verdict.NOT_TESTED, "no run is timed on a device")
    yield _optimality(found)
    yield _local_optima(found)
    yield _smaller_models(found)
    yield _improvements(found)
    yield _robustness(found, "robust", 'A robust model "enforces robustness of the BDNN during training"')
    for method, name in (("exact", "The exact model"), ("split", "Data splitting"), ("alternate", "Local search")):
        yield _against_mlp(found, method, f'{name} "can often compete with or even outperform classical DNNs"')
    yield _against_mlp(found, "search", "*Beyond the paper*: search competes with or outperforms classical networks")
    yield _robustness(found, "certified", "*Beyond the paper*: search for certified networks enforces robustness")


def _judged(holds: bool | None) -> Verdict:
    return Verdict.NOT_TESTED if holds is None else Verdict.CONFIRMED if holds else Verdict.REFUTED


def _most(cases: Sequence[bool]) -> bool | None:
    """Whether more than half; None of none."""
    return sum(cases) > len(cases) / 2 if cases else None


def _of(method: str, found: Results) -> list[Found]:
    return [one for members in by_problem(found).values() for one in members if one.method == method]


# ---- one claim each


def _memory(found: Results) -> Claim:
    """Confirmed if the network is smaller than the ReLU network of its widths on each problem, even with int8 weights."""
    text = 'Binarized networks reduce "memory consumption"'
    ratios = {model: list(_ratios(found, model)) for model in ("mlp", "mlp_int8")}
    holds = all(ratio > 1 for values in ratios.values() for ratio in values) if all(ratios.values()) else None
    names = {"mlp": "float32", "mlp_int8": "int8"}
    said = [f"{min(v):.1f} to {max(v):.1f} times the bytes as {names[model]}" for model, v in ratios.items() if v]
    return Claim(text, _judged(holds), "the ReLU network has " + ", ".join(said) if said else "–")


def _ratios(found: Results, model: str) -> Iterator[float]:
    for one in _of("search", found):
        pairs = zip(one.models(model), one.models("bdnn"), strict=False)
        yield from (other["bytes"] / own["bytes"] for other, own in pairs)


def _optimality(found: Results) -> Claim:
    """Confirmed if there is a problem that the exact model settles on all splits; a limit of time refutes nothing."""
    exact = _of("exact", found)
    settled = [one.problem for one in exact if set(one.results("status")) == {"optimal"}]
    runs = [status == "optimal" for one in exact for status in one.results("status")]
    numbers = f"{sum(runs)} of {len(runs)} runs proved" + (f"; on all splits: {', '.join(settled)}" if settled else "")
    text = '"Can be solved to global optimality by classical mixed-integer programming solvers"'
    return Claim(text, _judged(True if settled else None), numbers if runs else "–")


def _local_optima(found: Results) -> Claim:
    """Confirmed if a run ends at a local optimum; a limit of time refutes nothing."""
    alternate = _of("alternate", found)
    ends = [run["stages"][-1]["status"] in ("local_optimum", "optimal") for one in alternate for run in one.runs]
    numbers = f"{sum(ends)} of {len(ends)} runs ended at one within their limit"
    return Claim('A local search calculates "locally optimal networks"', _judged(any(ends) or None), numbers if ends else "–")


def _smaller_models(found: Results) -> Claim:
    """Confirmed if its model has fewer binary variables, at its largest, on each problem."""
    pairs = [(_binaries(split), _binaries(exact)) for split, exact in _pairs(found, "split", "exact")]
    holds = all(small < large for small, large in pairs) if pairs else None
    small, large = ([pair[side] for pair in pairs] for side in (0, 1))
    numbers = f"{_range(small)} binaries in place of {_range(large)}" if pairs else "–"
    return Claim('Data splitting "leads to a much smaller number of integer variables"', _judged(holds), numbers)


def _improvements(found: Results) -> Claim:
    """Confirmed if most losses that differ from those of the exact model in the same time are below them."""
    cases = [(_mean_loss(split), _mean_loss(exact)) for split, exact in _pairs(found, "split", "exact")]
    differ = [a < b for a, b in cases if a != b]
    numbers = f"a lesser loss on {sum(differ)}, a greater one on {len(differ) - sum(differ)} of {len(cases)} problems"
    return Claim('… "and therefore to computational improvements"', _judged(_most(differ)), numbers if cases else "–")


def _robustness(found: Results, method: str, text: str) -> Claim:
    """Confirmed if most training samples are proved to keep their right class."""
    robust = _of(method, found)
    shares = [run["result"]["robust"]["certified"] / run["result"]["robust"]["of"] for one in robust for run in one.runs]
    holds = _most([share > 0.5 for share in shares]) if any(not is_constant(one) for one in robust) else None
    tests = ", ".join(f"{one.problem}: test {spread(one.results('test_accuracy'), 100, ' %')}" for one in robust)
    numbers = f"{spread(shares, 100, ' %')} of the training samples certified; {tests}" if shares else "–"
    return Claim(text, _judged(holds), numbers)


def _against_mlp(found: Results, method: str, text: str) -> Claim:
    """Confirmed if it competes on more than half of the problems where it has left the constant network."""
    pairs = list(_beside_mlp(found, method))
    gains = [_gains(one, other, CONVERGED) for one, other in pairs if not is_constant(one)]
    cases = [statistics.mean(values) >= -NEAR for values in gains]
    numbers = f"competes on {sum(cases)} and outperforms on {sum(map(outperforms, gains))} of {len(pairs)} problems"
    stuck = len(pairs) - len(cases)
    numbers += f"; on {stuck} it stays with the constant network in this time" if stuck else ""
    return Claim(text, _judged(_most(cases)), numbers if pairs else "–")


# ---- differences to the ReLU network


def _differences(found: Results) -> Iterator[str]:
    yield "Test accuracy less that of the ReLU network of the same widths, in percentage points: of the converged one, and in"
    yield "brackets of the one trained for 30 passes."
    yield from ("", "| problem | model | difference | |", "|---|---|---|---|")
    for method in ("exact", "split", "alternate", "search"):
        for one, other in _beside_mlp(found, method):
            converged, paper = _gains(one, other, CONVERGED), _gains(one, other, PAPER)
            word = "constant network" if is_constant(one) else "outperforms" if outperforms(converged) else ""
            word = word or ("competes" if statistics.mean(converged) >= -NEAR else "")
            yield f"| {one.problem} | {one.title} | {_percent(converged)} ({_percent(paper)}) | {word} |"


def _beside_mlp(found: Results, method: str) -> Iterator[tuple[Found, Found]]:
    """The specs of a method, each with the one of its problem that has the ReLU networks."""
    for members in by_problem(found).values():
        classical = next((one for one in members if one.models(*CONVERGED) and one.models(*PAPER)), None)
        if classical is not None:
            yield from ((one, classical) for one in members if one.method == method)


def _gains(one: Found, classical: Found, model: Model) -> list[float]:
    """Differences of test accuracies on the same splits."""
    others = [row["test_accuracy"] for row in classical.models(*model)]
    return [own - other for own, other in zip(one.results("test_accuracy"), others, strict=False)]


def _percent(gains: Sequence[float]) -> str:
    return f"{100 * statistics.mean(gains):+.1f}"


def outperforms(gains: Sequence[float]) -> bool:
    """Whether the mean difference is more than two standard errors above 0."""
    if len(gains) < 2:
        return False
    return statistics.mean(gains) > ERRORS * statistics.stdev(gains) / math.sqrt(len(gains))


def is_constant(one: Found) -> bool:
    """Whether most of its networks always say the same class."""
    return bool(_most([_says_one_class(run["confusion"]["train"]) for run in one.runs]))


def _says_one_class(matrix: Sequence[Sequence[int]]) -> bool:
    """Of a confusion by class and predicted class."""
    return sum(any(column) for column in zip(*matrix, strict=True)) == 1


# ---- numbers


def _pairs(found: Results, method: str, other: str) -> Iterator[tuple[Found, Found]]:
    """The specs of two methods for each problem that has both."""
    for members in by_problem(found).values():
        by_method = {one.method: one for one in members}
        if method in by_method and other in by_method:
            yield by_method[method], by_method[other]


def _binaries(one: Found) -> float:
    return statistics.fmean(max(stage["binaries"] for stage in run["stages"]) for run in one.runs)


def _mean_loss(one: Found) -> float:
    return statistics.fmean(one.results("verified_loss"))


def _range(values: Sequence[float]) -> str:
    return f"{min(values):,.0f} to {max(values):,.0f}"
