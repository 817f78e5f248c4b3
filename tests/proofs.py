"""Proofs of tiny problems on a line, written by trying everything, and optima by brute force; nothing of the stage."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from bdnnlang.prove_check.clauses import Question, clauses
from bdnnlang.prove_check.conflicts import Conflict, Count
from bdnnlang.prove_check.propagation import Clauses

FUNCTIONS = {1: [[[0]]], 2: [[[0], [1]], [[0, 1]]]}  # implicants


@dataclass(frozen=True)
class OnALine:
    """Samples at whole numbers, all different, with classes and weights."""

    x: tuple[int, ...]
    labels: tuple[int, ...]
    weights: tuple[int, ...]
    neurons: int = 1

    def rays(self) -> set[tuple[bool, ...]]:
        """What one neuron can be of the samples."""
        ends = [min(self.x) - 1, *self.x]
        return {tuple((v > end) is up for v in self.x) for end in ends for up in (False, True)}

    def optimum(self, implicants: Sequence[Sequence[int]] | None = None) -> int:
        """The least weight of errors, with one function of the output or with all."""
        if implicants is None:
            return min(self.optimum(one) for one in FUNCTIONS[self.neurons])
        return min(
            sum(w for i, w in enumerate(self.weights) if any(all(ray[j][i] for j in one) for one in implicants) != self.labels[i])
            for ray in product(self.rays(), repeat=self.neurons)
        )

    def conflicts(self) -> Iterator[list[list[int]]]:
        """A sample between two of the other class, with multipliers."""
        order = sorted(range(len(self.x)), key=lambda i: self.x[i])
        for left, middle, right in combinations(order, 3):
            if self.labels[left] == self.labels[right] != self.labels[middle]:
                outer = sorted([(left, self.x[right] - self.x[middle]), (right, self.x[middle] - self.x[left])])
                inner = [(middle, self.x[right] - self.x[left])]
                on, off = (inner, outer) if self.labels[middle] == 1 else (outer, inner)
                yield [[i for i, _ in on], [i for i, _ in off], [m for _, m in on], [m for _, m in off]]

    def head(self, question: object = None) -> dict[str, object]:
        samples = [[t, w, [x], [row]] for row, (t, w, x) in enumerate(zip(self.labels, self.weights, self.x, strict=True))]
        return {
            "proof": 1,
            "question": question,
            "neurons": self.neurons,
            "weights": None,
            "output": None,
            "threshold": None,
            "unit": 1,
            "irreducible": 0,
            "scale": [[1, 0]],
            "samples": samples,
        }

    def counts(self, conflicts: list[list[list[int]]]) -> Iterator[dict[str, object]]:
        """Of each sample: what errors of the other class weigh where a neuron does what it should on it."""
        for i, label in enumerate(self.labels):
            by, others, weight = list[int](), set[int](), 0
            for k, (on, off, *_) in enumerate(conflicts):
                own, other = (on, off) if label == 1 else (off, on)
                if own == [i] and not others & set(other):
                    by.append(k)
                    others |= set(other)
                    weight += min(self.weights[o] for o in other)
            if len(by) > 1:
                yield {"count": [[i], weight], "by": by}

    def proof(self) -> list[str]:
        """The lines of a file that proves the optimum."""
        everything = list(range(len(self.x)))
        conflicts = list(self.conflicts())
        lines: list[object] = [self.head(), {"part": everything}, *({"conflict": one} for one in conflicts)]
        counts = list(self.counts(conflicts))
        best = self.optimum()
        lines += counts
        for implicants in FUNCTIONS[self.neurons] if best else []:
            limit = best - 1
            lines.append({"function": implicants, "limit": limit, "cap": limit + 2, "order": everything[::-1]})
            question = self.question(implicants, limit, conflicts, counts)
            lines += [{"add": list(lemma)} for lemma in refutation(clauses(question))]
            lines.append({"refuted": limit})
        lines += [{"bound": best}, {"total": str(best)}]
        return [json.dumps(line) for line in lines]

    def question(
        self, implicants: Sequence[Sequence[int]], limit: int, conflicts: list[list[list[int]]], counts: list[dict[str, object]]
    ) -> Question:
        return Question(
            self.labels,
            self.weights,
            frozenset(map(tuple, implicants)),
            limit,
            limit + 2,
            tuple(range(len(self.x)))[::-1],
            [Conflict(tuple(one[0]), tuple(one[1])) for one in conflicts],
            [Count(tuple(c["count"][0]), self.labels[c["count"][0][0]], c["count"][1]) for c in counts],  # type: ignore[index]
        )


def refutation(formula: list[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    """Lemmas that follow one after another by unit propagation and end in a contradiction, by trying both values of variables."""
    known = Clauses(formula)
    variables = sorted({abs(literal) for clause in formula for literal in clause})

    def refuted(decisions: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        lemma = tuple(-literal for literal in decisions)
        if not known.implies(lemma):
            taken = {abs(literal) for literal in decisions}
            free = next(v for v in variables if v not in taken and v not in known.true and -v not in known.true)
            yield from refuted((*decisions, free))
            yield from refuted((*decisions, -free))
        if decisions:
            known.add(lemma)
            yield lemma

    yield from refuted(())


def satisfiable(formula: list[tuple[int, ...]]) -> bool:
    """By trying both values of one variable after another."""

    def search(known: Clauses, decisions: tuple[int, ...], free: list[int]) -> bool:
        if known.implies(tuple(-literal for literal in decisions)):
            return False
        return not free or any(search(known, (*decisions, sign * free[0]), free[1:]) for sign in (1, -1))

    return search(Clauses(formula), (), sorted({abs(literal) for clause in formula for literal in clause}))
