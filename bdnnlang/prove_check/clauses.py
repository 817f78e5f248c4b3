"""The clauses of docs/proofs.md 3, written from that page: errors of weight at most a limit, with one function of the output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bdnnlang.prove_check.conflicts import Conflict, Count
from bdnnlang.prove_check.functions import Neurons, clauses_of

Clause = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Can the errors of these samples weigh at most `limit`, with this function? Samples are counted within the part."""

    labels: tuple[int, ...]  # (m,)
    weights: tuple[int, ...]  # (m,)
    implicants: frozenset[Neurons]
    limit: int
    cap: int  # of sums of weights, above the limit
    order: tuple[int, ...]  # (m,)
    conflicts: Sequence[Conflict]
    counts: Sequence[Count]


def clauses(question: Question) -> list[Clause]:
    """All of them, without those that always hold, each literal once."""
    return [short for clause in _Writer(question).all() if (short := _short(clause)) is not None]


def _short(clause: Clause) -> Clause | None:
    literals = dict.fromkeys(clause)
    return None if any(-literal in literals for literal in literals) else tuple(literals)


@dataclass
class _Writer:
    question: Question
    variables: int = 0
    bits: list[list[int]] = field(default_factory=list)  # (m, neurons), literals
    sums: tuple[dict[int, int], ...] = ()  # of class 0 and 1: weight → literal

    def __post_init__(self) -> None:
        of = self.question
        rows = clauses_of(of.implicants)
        self.rows: tuple[list[Neurons], list[Neurons]] = (sorted(of.implicants), rows)  # of a sample by its class
        self.neurons = 1 + max(j for row in rows for j in row)
        self.variables = len(of.labels)

    def new(self) -> int:
        self.variables += 1
        return self.variables

    def all(self) -> Iterator[Clause]:
        """In the order of the page, which numbers the variables."""
        yield from self.bit_clauses()
        yield from self.one_witness()
        yield from self.lexicographic()
        yield from self.totals()
        yield from self.limit()
        yield from self.of_conflicts()
        yield from self.of_counts()

    def error(self, sample: int) -> int:
        return sample + 1

    def bit_clauses(self) -> Iterator[Clause]:
        for i, label in enumerate(self.question.labels):
            rows = self.rows[label]
            self.bits.append([-self.error(i) if (j,) in rows else self.new() for j in range(self.neurons)])
            yield from ((*(self.bits[i][j] for j in row), self.error(i)) for row in rows if len(row) > 1)

    def one_witness(self) -> Iterator[Clause]:
        for i, label in enumerate(self.question.labels):
            rows = self.rows[label]
            if len(rows) == 1 and len(rows[0]) > 1:
                bits = [self.bits[i][j] for j in rows[0]]
                yield from ((-a, -b) for k, a in enumerate(bits) for b in bits[k + 1 :])
                yield from ((-a, -self.error(i)) for a in bits)

    def lexicographic(self) -> Iterator[Clause]:
        for group in self.alike():
            for a, b in pairwise(group):
                before: Clause = ()
                for i in self.question.order:
                    x, y = self.bits[i][a], self.bits[i][b]
                    if x != y:
                        equal = self.new()
                        yield (*before, x, -y)
                        yield (*before, x, y, equal)
                        yield (*before, -x, -y, equal)
                        before = (-equal,)

    def alike(self) -> list[list[int]]:
        """Neurons in groups, those of one may change places."""
        groups: list[list[int]] = []
        for j in range(self.neurons):
            group = next((g for g in groups if self._exchangeable(g[0], j)), None)
            if group is None:
                groups.append([j])
            else:
                group.append(j)
        return groups

    def _exchangeable(self, a: int, b: int) -> bool:
        places = {a: b, b: a}
        moved = {tuple(sorted(places.get(j, j) for j in one)) for one in self.question.implicants}
        return moved == set(self.question.implicants)

    def totals(self) -> Iterator[Clause]:
        of = self.question
        found: list[dict[int, int]] = []
        for label in (0, 1):
            samples = [i for i, own in enumerate(of.labels) if own == label]
            root: dict[int, int] = {}
            if samples:
                root, written = self.tree(samples)
                yield from written
            found.append(root)
            ascending = sorted(root)
            yield from ((-root[more], root[less]) for less, more in pairwise(ascending))
        self.sums = tuple(found)

    def tree(self, samples: list[int]) -> tuple[dict[int, int], list[Clause]]:
        """The sums of a node, each with its literal, and the clauses of the node and those below."""
        cap = self.question.cap
        if len(samples) == 1:
            return {min(self.question.weights[samples[0]], cap): self.error(samples[0])}, []
        half = len(samples) // 2
        (left, first), (right, second) = self.tree(samples[:half]), self.tree(samples[half:])
        pairs = [(a, b) for a in (0, *sorted(left)) for b in (0, *sorted(right)) if a or b]
        own = {total: self.new() for total in sorted({min(a + b, cap) for a, b in pairs})}
        here = [(*(-left[s] for s in (a,) if s), *(-right[s] for s in (b,) if s), own[min(a + b, cap)]) for a, b in pairs]
        return own, [*first, *second, *here]

    def limit(self) -> Iterator[Clause]:
        zero, one = self.sums
        for s in (0, *sorted(zero)):
            other = next((t for t in (0, *sorted(one)) if s + t > self.question.limit), None)
            if other is not None:
                yield (*(-zero[v] for v in (s,) if v), *(-one[v] for v in (other,) if v))

    def of_conflicts(self) -> Iterator[Clause]:
        for conflict in self.question.conflicts:
            for j in range(self.neurons):
                yield tuple(-self.bits[i][j] for i in (*conflict.on, *conflict.off))

    def of_counts(self) -> Iterator[Clause]:
        for count in self.question.counts:
            sums = self.sums[1 - count.label]
            enough = next((s for s in sorted(sums) if s >= min(count.weight, self.question.cap)), None)
            for j in range(self.neurons):
                if (j,) in self.rows[1 - count.label]:
                    yield (*(-self.bits[i][j] for i in count.samples), *([] if enough is None else [sums[enough]]))
