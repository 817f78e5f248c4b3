"""What a network with a given output function and few errors would satisfy, as clauses (docs/proofs.md, section 3)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, pairwise

from bdnnlang.prove.conflicts import Conflict
from bdnnlang.prove.functions import Neurons, OutputFunction

Clause = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """A neuron that does what it should on all of `samples`, of class `label`, makes errors of the other class weigh `weight`.

    `by`: conflicts, by their numbers, that have no sample of the other class in common.
    """

    label: int
    samples: tuple[int, ...]
    weight: int
    by: tuple[int, ...]


def tidy(literals: Iterable[int]) -> Clause | None:
    """Each literal once; None if the clause is always true."""
    own = dict.fromkeys(literals)
    return None if any(-literal in own for literal in own) else tuple(own)


@dataclass(eq=False)
class Clauses:
    """Variables and clauses for samples of these labels and weights, in the order and with the numbers of docs/proofs.md."""

    function: OutputFunction
    labels: Sequence[int]
    weights: Sequence[int]
    order: Sequence[int]  # of the samples, by which neurons that are alike are told apart
    cap: int  # of weights that are told apart
    variables: int = 0
    fixed: list[Clause] = field(default_factory=list)  # all but those of a limit, of conflicts and of counts

    def __post_init__(self) -> None:
        self.rows = self.function.implicants(), self.function.implicates()  # by class: neurons, one of which has to be right
        self.used = range(len({j for row in self.rows[0] for j in row}))  # the function depends on the first ones
        self.variables = len(self.labels)
        self.bits = self._bits()  # [sample][neuron]
        self._need_witnesses()
        self._order_neurons()
        self.totals = tuple(self._total(label) for label in (0, 1))  # of each class: the sums of its errors, and their literals

    def _new(self) -> int:
        self.variables += 1
        return self.variables

    def _add(self, literals: Iterable[int]) -> None:
        clause = tidy(literals)
        if clause is not None:
            self.fixed.append(clause)

    # ---- errors and bits

    @cached_property
    def _alone(self) -> tuple[frozenset[int], frozenset[int]]:
        """Of each class, neurons that must do what they should on every right sample."""
        off, on = (frozenset(row[0] for row in rows if len(row) == 1) for rows in self.rows)
        return off, on

    def _bits(self) -> list[list[int]]:
        return [[-(i + 1) if j in self._alone[label] else self._new() for j in self.used] for i, label in enumerate(self.labels)]

    def _need_witnesses(self) -> None:
        for i, label in enumerate(self.labels):
            for row in self.rows[label]:
                if len(row) > 1:
                    self._add([*(self.bits[i][j] for j in row), i + 1])
        for i, label in enumerate(self.labels):
            rows = self.rows[label]
            if len(rows) == 1 and len(rows[0]) > 1:
                own = [self.bits[i][j] for j in rows[0]]
                for a, b in combinations(own, 2):
                    self._add([-a, -b])
                for a in own:
                    self._add([-a, -(i + 1)])

    def _neighbours(self) -> Iterator[tuple[int, int]]:
        """Of neurons that are alike, each and the next one."""
        groups: tuple[Neurons, ...] = self.function.alike()
        return (pair for group in groups if group[0] in self.used for pair in pairwise(group))

    def _order_neurons(self) -> None:
        for a, b in self._neighbours():
            before: list[int] = []
            for i in self.order:
                x, y = self.bits[i][a], self.bits[i][b]
                if x != y:
                    self._add([*before, x, -y])
                    equal = self._new()
                    self._add([*before, x, y, equal])
                    self._add([*before, -x, -y, equal])
                    before = [-equal]

    # ---- weights of errors

    def _total(self, label: int) -> dict[int, int]:
        members = [i for i, own in enumerate(self.labels) if own == label]
        root = self._node(members) if members else {}
        for (_, low), (_, high) in zip(list(root.items())[:-1], list(root.items())[1:], strict=True):
            self._add([-high, low])
        return root

    def _node(self, members: list[int]) -> dict[int, int]:
        """Sums of the weights of errors, ascending, each with the literal that says it is reached."""
        if len(members) == 1:
            return {min(self.weights[members[0]], self.cap): members[0] + 1}
        half = len(members) // 2
        left, right = self._node(members[:half]), self._node(members[half:])
        both = [
            (min(a + b, self.cap), (*_negated(left, a), *_negated(right, b))) for a in (0, *left) for b in (0, *right) if a or b
        ]
        own = {total: self._new() for total in sorted({total for total, _ in both})}
        for total, negated in both:
            self._add([*negated, own[total]])
        return own

    def limit(self, weight: int) -> Iterator[Clause]:
        """Errors weigh at most this, which is less than the cap."""
        zero, one = self.totals
        sums = [0, *one]
        for s in (0, *zero):
            place = bisect_left(sums, weight - s + 1)
            if place < len(sums):
                yield (*_negated(zero, s), *_negated(one, sums[place]))

    # ---- what is learnt

    def of_conflict(self, conflict: Conflict) -> Iterator[Clause]:
        """One for each neuron; equal ones once."""
        samples = (*conflict.on, *conflict.off)
        clauses = (tidy(-self.bits[i][j] for i in samples) for j in self.used)
        yield from dict.fromkeys(clause for clause in clauses if clause is not None)

    def of_count(self, count: Count) -> Iterator[Clause]:
        """One for each neuron that must do what it should on the right samples of the other class; equal ones once."""
        total = self.totals[1 - count.label]
        sums = list(total)
        place = bisect_left(sums, min(count.weight, self.cap))
        more = [total[sums[place]]] if place < len(sums) else []
        neurons = sorted(self._alone[1 - count.label])
        clauses = (tidy([*(-self.bits[i][j] for i in count.samples), *more]) for j in neurons)
        yield from dict.fromkeys(clause for clause in clauses if clause is not None)


def _negated(total: dict[int, int], weight: int) -> tuple[int, ...]:
    """That a sum is not reached; nothing of 0."""
    return (-total[weight],) if weight else ()
