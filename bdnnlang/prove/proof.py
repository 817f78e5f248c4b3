"""The lines of a proof, as docs/proofs.md says them: what engines learnt, for a checker that believes none of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from bdnnlang.prove.conflicts import Conflict
from bdnnlang.prove.functions import OutputFunction
from bdnnlang.prove.learnt import ByClauses, ByTrial, Learnt
from bdnnlang.prove.problem import ProofProblem

EDITION = 1


def proof_lines(problem: ProofProblem, parts: Iterable[tuple[Sequence[int], Learnt, int]]) -> Iterator[str]:
    """A JSON object each. `parts`: samples of the problem, ascending, what was learnt of them, and the bound that it shows."""
    yield _line(_head(problem))
    total = 0
    for samples, learnt, bound in parts:
        if bound > 0:
            yield from _part(samples, learnt, bound)
            total += bound
    yield _line({"total": str(problem.loss(total))})


def _line(members: dict[str, Any]) -> str:
    return json.dumps(members, separators=(",", ":"))


def _texts(values: Iterable[Fraction]) -> list[str]:
    return [str(value) for value in values]


def _head(problem: ProofProblem) -> dict[str, Any]:
    return {
        "proof": EDITION,
        "question": None,
        "neurons": problem.neurons,
        "weights": None if problem.hidden is None else _texts(problem.hidden),
        "output": None
        if problem.output is None
        else _texts([Fraction(0), *(size * problem.output_unit for size in problem.output)]),
        "threshold": problem.threshold,
        "unit": str(problem.unit),
        "irreducible": str(problem.irreducible),
        "scale": [_texts(pair) for pair in problem.scale],
        "samples": [[s.label, s.weight, list(s.x), list(s.rows)] for s in problem.samples],
    }


def _part(samples: Sequence[int], learnt: Learnt, bound: int) -> Iterator[str]:
    def place(own: Iterable[int]) -> list[int]:
        return [samples[i] for i in own]

    yield _line({"part": list(samples)})
    for conflict in learnt.conflicts:
        yield _line({"conflict": _sides(conflict, place(conflict.on), place(conflict.off))})
    for count in learnt.counts:
        yield _line({"count": [place(count.samples), count.weight], "by": list(count.by)})
    for shown in learnt.shown:
        match shown:
            case ByTrial(function, least):
                yield _line({"enumeration": _implicants(function), "least": least})
            case ByClauses():
                yield from _function(shown, place(shown.order))
    yield _line({"bound": bound})


def _sides(conflict: Conflict, on: list[int], off: list[int]) -> list[list[int]]:
    return [on, off] if conflict.multipliers is None else [on, off, *map(list, conflict.multipliers)]


def _function(shown: ByClauses, order: list[int]) -> Iterator[str]:
    yield _line({"function": _implicants(shown.function), "limit": shown.limit, "cap": shown.cap, "order": order})
    for is_kept, literals in shown.lemmas:
        yield f'{{"add":[{literals}]}}' if is_kept else f'{{"drop":[{literals}]}}'
    yield _line({"refuted": shown.limit})


def _implicants(function: OutputFunction) -> list[list[int]]:
    return [list(implicant) for implicant in function.implicants()]
