"""The lines of a proof, as docs/proofs.md says them: what engines learnt, for a checker that believes none of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from bdnnlang.prove.conflicts import Conflict
from bdnnlang.prove.engine import Engine, FunctionSearch, Refutation
from bdnnlang.prove.finite.enumeration import AtLeast
from bdnnlang.prove.problem import ProofProblem

EDITION = 1


def proof_lines(problem: ProofProblem, parts: Iterable[tuple[Sequence[int], Engine]]) -> Iterator[str]:
    """A JSON object each. `parts`: samples of the problem, ascending, and what was proved of them."""
    yield _line(_head(problem))
    total = 0
    for samples, engine in parts:
        proofs = [(search, search.refutation) for search in engine.searches]
        if engine.lower > 0 and all(refutation is not None for _, refutation in proofs):
            yield from map(_line, _part(samples, engine))
            total += engine.lower
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


def _part(samples: Sequence[int], engine: Engine) -> Iterator[dict[str, Any]]:
    def place(own: Iterable[int]) -> list[int]:
        return [samples[i] for i in own]

    yield {"part": list(samples)}
    for conflict in engine.pool.conflicts:
        yield {"conflict": _sides(conflict, place(conflict.on), place(conflict.off))}
    for count in engine.pool.counts:
        yield {"count": [place(count.samples), count.weight], "by": list(count.by)}
    for search in engine.searches:
        match search.refutation:
            case AtLeast(errors):
                yield {"enumeration": _implicants(search), "least": errors}
            case Refutation() as refutation:
                yield from _function(search, refutation, place(engine.order))
    yield {"bound": engine.lower}


def _sides(conflict: Conflict, on: list[int], off: list[int]) -> list[list[int]]:
    return [on, off] if conflict.multipliers is None else [on, off, *map(list, conflict.multipliers)]


def _function(search: FunctionSearch, refutation: Refutation, order: list[int]) -> Iterator[dict[str, Any]]:
    yield {"function": _implicants(search), "limit": refutation.limit, "cap": refutation.cap, "order": order}
    for is_kept, literals in refutation.lemmas():
        yield {"add" if is_kept else "drop": list(literals)}
    yield {"refuted": refutation.limit}


def _implicants(search: FunctionSearch) -> list[list[int]]:
    return [list(implicant) for implicant in search.function.implicants()]
