"""Unit propagation with two watched literals, for lemmas that follow by it (RUP)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Clauses:
    """Clauses that hold, and the literals that follow from them one by one. `contradiction`: there is no solution.

    A literal is a whole number, v or −v. A clause is *watched* by its first two literals: as long as neither of them is false,
    nothing can follow from it.
    """

    def __init__(self, clauses: Iterable[Sequence[int]]) -> None:
        self.true: set[int] = set()  # literals
        self.trail: list[int] = []  # the same in order
        self.done = 0  # so many of the trail have been propagated
        self.watched: dict[int, list[list[int]]] = {}
        self.contradiction = False
        for clause in clauses:
            self.add(clause)

    def add(self, clause: Sequence[int]) -> None:
        """One more clause that holds."""
        if self.contradiction or any(literal in self.true for literal in clause):
            return
        free = [literal for literal in dict.fromkeys(clause) if -literal not in self.true]
        if len(free) > 1:
            for literal in free[:2]:
                self.watched.setdefault(literal, []).append(free)
        elif not free or not self._follows(free):
            self.contradiction = True

    def implies(self, clause: Sequence[int]) -> bool:
        """Does it follow by propagation: is there a contradiction as soon as all its literals are false?"""
        if self.contradiction:
            return True
        known = len(self.trail)
        held = any(literal in self.true for literal in clause)
        found = held or not self._follows([-literal for literal in dict.fromkeys(clause) if -literal not in self.true])
        for literal in self.trail[known:]:
            self.true.discard(literal)
        del self.trail[known:]
        self.done = known
        return found

    def _follows(self, literals: Sequence[int]) -> bool:
        """Takes literals for true and propagates; False at a contradiction."""
        for literal in literals:
            if -literal in self.true:
                return False
            if literal not in self.true:
                self.true.add(literal)
                self.trail.append(literal)
        while self.done < len(self.trail):
            literal = -self.trail[self.done]
            self.done += 1
            if not self._now_false(literal):
                return False
        return True

    def _now_false(self, literal: int) -> bool:
        """Finds every clause that watches a literal another one to watch, or what follows from it."""
        true, watching = self.true, self.watched.get(literal)
        if not watching:
            return True
        kept: list[list[int]] = []
        for number, clause in enumerate(watching):
            if clause[0] == literal:
                clause[0], clause[1] = clause[1], literal
            other = clause[0]
            if other in true:
                kept.append(clause)
                continue
            for k in range(2, len(clause)):
                if -clause[k] not in true:
                    clause[1], clause[k] = clause[k], literal
                    self.watched.setdefault(clause[1], []).append(clause)
                    break
            else:
                kept.append(clause)
                if -other in true:
                    self.watched[literal] = kept + watching[number + 1 :]
                    return False
                true.add(other)
                self.trail.append(other)
        self.watched[literal] = kept
        return True
