"""A whole proof: every line checked, and the bound that follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from bdnnlang.prove_check.clauses import Question, clauses
from bdnnlang.prove_check.conflicts import Conflict, Count, Directions, read_conflict, read_count
from bdnnlang.prove_check.enumeration import check_least
from bdnnlang.prove_check.functions import Neurons, missing, read_function
from bdnnlang.prove_check.head import Head, read_head
from bdnnlang.prove_check.lines import Line, Unproved, read_lines
from bdnnlang.prove_check.propagation import Clauses

MOST_LITERALS = 3_000_000  # of lemmas: what takes some minutes
MOST_SUM = 10_000_000  # up to which all sums of weights are worked out


@dataclass(frozen=True, slots=True)
class Checked:
    """What a proof shows: no network has a loss below `total`, if its `lemmas` were replayed and not only its conflicts."""

    head: Head
    total: Fraction
    conflicts: int
    lemmas: int
    enumerations: int
    replayed: bool


class GivenUp(Exception):  # noqa: N818  (it says what happened)
    """It was to stop before the end of the proof, which nothing was found wrong with so far."""


def never() -> bool:
    return False


def check(texts: Sequence[str], most_literals: int = MOST_LITERALS, stop: Callable[[], bool] = never) -> Checked:
    """The proof in the lines of a file. Raises Unproved with the first line that does not hold; GivenUp once `stop` says so.

    Lemmas of more than `most_literals` literals in all are not replayed: then conflicts, counts and the form of all lines are
    checked, and the bound is not.
    """
    lines = _Lines(read_lines(texts), stop)
    head = read_head(lines.next("proof"))
    replay = is_replayed(texts, most_literals)
    whole = _Proof(head, lines, replay)
    total = whole.total()
    return Checked(head, total, whole.conflicts, whole.lemmas, whole.enumerations, replay)


def is_replayed(texts: Sequence[str], most_literals: int) -> bool:
    """Are the lemmas followed? They are passed over where they have more literals than that."""
    return sum(text.count(",") + 1 for text in texts if text.startswith('{"add"')) <= most_literals


class _Lines:
    """Lines one after another, one of which may be looked at before it is taken."""

    def __init__(self, lines: Iterator[Line], stop: Callable[[], bool]) -> None:
        self.lines, self.stop = lines, stop
        self.ahead: Line | None = None
        self.number = 0

    def kind(self) -> str:
        """That of the next line; empty at the end."""
        if self.ahead is None:
            self.ahead = next(self.lines, None)
        return "" if self.ahead is None else self.ahead.kind

    def next(self, *kinds: str) -> Line:
        """The next line, which must be of one of these kinds."""
        if self.stop():
            raise GivenUp
        if self.kind() not in kinds or self.ahead is None:
            where = self.number + 1 if self.ahead is None else self.ahead.number
            raise Unproved(where, f"here a line `{'` or `'.join(kinds)}` is due")
        line, self.ahead = self.ahead, None
        self.number = line.number
        return line


@dataclass
class _Proof:
    head: Head
    lines: _Lines
    replay: bool
    conflicts: int = 0
    lemmas: int = 0
    enumerations: int = 0
    directions: Directions | None = None
    seen: set[int] = field(default_factory=set)

    def total(self) -> Fraction:
        bounds = 0
        line = self.lines.next("part", "total")
        while line.kind == "part":
            bounds += self.part(line)
            line = self.lines.next("part", "total")
        total = line.rational(*line.only("total"))
        if total != self.head.irreducible + self.head.unit * bounds:
            raise line.refuse(f"the parts and what is irreducible come to {self.head.irreducible + self.head.unit * bounds}")
        if self.lines.kind():
            raise self.lines.next(self.lines.kind()).refuse("nothing may follow the total")
        return total

    def part(self, line: Line) -> int:
        (numbers,) = line.only("part")
        samples = line.ascending(numbers, len(self.head.samples))
        if self.seen.intersection(samples):
            raise line.refuse("a sample is in two parts")
        self.seen.update(samples)
        if self.head.weights is not None and self.directions is None:
            self.directions = Directions(self.head, line)
        part = _Part(self.head, samples)
        while self.lines.kind() == "conflict":
            part.conflicts.append(read_conflict(self.lines.next("conflict"), self.head, frozenset(samples), self.directions))
            self.conflicts += 1
        while self.lines.kind() == "count":
            part.counts.append(read_count(self.lines.next("count"), self.head, part.conflicts))
        least: dict[frozenset[Neurons], int] = {}
        while (kind := self.lines.kind()) in ("function", "enumeration"):
            follow = self.function if kind == "function" else self.enumeration
            function, errors = follow(self.lines.next(kind), part)
            least[function] = max(errors, least.get(function, errors))
        return self.bound(self.lines.next("bound"), part, least)

    def enumeration(self, line: Line, part: _Part) -> tuple[frozenset[Neurons], int]:
        """What its errors weigh at least, by trying all neurons."""
        implicants, least = line.only("enumeration", "least")
        function, errors = read_function(line, implicants, self.head.neurons), line.whole(least, 1)
        if self.directions is None:
            raise line.refuse("weights that are not of a list cannot all be tried")
        check_least(line, function, errors, self.directions.vectors, [self.head.samples[i] for i in part.samples])
        self.enumerations += 1
        return function, errors

    def function(self, line: Line, part: _Part) -> tuple[frozenset[Neurons], int]:
        """What its errors weigh at least: a sum of weights above the limit that is refuted."""
        implicants, limit, cap, order = line.only("function", "limit", "cap", "order")
        function = read_function(line, implicants, self.head.neurons)
        least = line.whole(limit)
        ordered = line.wholes(order, len(self.head.samples))
        if sorted(ordered) != list(part.samples):
            raise line.refuse("the order is not one of the samples of the part")
        asked = part.question(function, least, line.whole(cap, least + 1), ordered)
        known = Clauses(clauses(asked) if self.replay else ())
        ended = self.follow(known)
        if line.whole(*ended.only("refuted")) != least:
            raise ended.refuse(f"it is not the limit of {least}")
        if self.replay and not known.contradiction:
            raise ended.refuse("the lemmas lead to no contradiction")
        return function, part.next_sum(least)

    def follow(self, known: Clauses) -> Line:
        """Every lemma from those before it, up to the line behind them. What is dropped may stay."""
        while (line := self.lines.next("add", "drop", "refuted")).kind != "refuted":
            literals = _literals(line, *line.only(line.kind))
            if line.kind == "add":
                self.lemmas += 1
                if self.replay and not known.implies(literals):
                    raise line.refuse("the lemma does not follow by unit propagation")
                known.add(literals)
        return line

    def bound(self, line: Line, part: _Part, least: dict[frozenset[Neurons], int]) -> int:
        bound = line.whole(*line.only("bound"))
        if bound == 0:
            return 0
        if missing(least, self.head.neurons, self.head.output, self.head.threshold):
            raise line.refuse("functions of the output are missing")
        if bound > min(least.values()):
            raise line.refuse(f"the functions bound the errors by {min(least.values())} only")
        return bound


@dataclass
class _Part:
    head: Head
    samples: tuple[int, ...]
    conflicts: list[Conflict] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)

    def question(self, function: frozenset[Neurons], limit: int, cap: int, order: tuple[int, ...]) -> Question:
        """With samples counted within the part."""
        place = {sample: i for i, sample in enumerate(self.samples)}

        def own(samples: Iterable[int]) -> tuple[int, ...]:
            return tuple(place[i] for i in samples)

        return Question(
            tuple(self.head.samples[i].label for i in self.samples),
            tuple(self.head.samples[i].weight for i in self.samples),
            function,
            limit,
            cap,
            own(order),
            [Conflict(own(one.on), own(one.off)) for one in self.conflicts],
            [Count(own(one.samples), one.label, one.weight) for one in self.counts],
        )

    def next_sum(self, limit: int) -> int:
        """The least sum of weights of samples that is above a limit, or at least one more than that."""
        weights = [self.head.samples[i].weight for i in self.samples]
        most = limit + max(weights, default=1)
        if most > MOST_SUM or sum(weights) <= limit:
            return limit + 1
        sums = 1
        for weight in weights:
            sums = (sums | sums << weight) & ((1 << most + 1) - 1)
        above = sums >> limit + 1
        return limit + 1 + (above & -above).bit_length() - 1


def _literals(line: Line, value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(type(v) is int and v != 0 for v in value):
        raise line.refuse("a clause is a list of whole numbers other than 0")
    return tuple(value)
