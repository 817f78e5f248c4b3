"""Problems made at random, and who decides clauses here: Glucose, or where python-sat is not installed CP-SAT."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import pytest

from bdnnlang.prove import master
from bdnnlang.prove.clauses import Clause, Clauses
from bdnnlang.prove.engine import Candidate, Engine
from bdnnlang.prove.master import Answer, Master, Refuted, SatMaster
from bdnnlang.prove.problem import MergedSample, ProofProblem


def problem(points: list[tuple[int, ...]], labels: list[int], weights: list[int], neurons: int = 2) -> ProofProblem:
    """Of different points."""
    samples = [MergedSample(t, c, x, (i,)) for i, (x, t, c) in enumerate(zip(points, labels, weights, strict=True))]
    scale = ((Fraction(1), Fraction(0)),) * len(points[0])
    return ProofProblem(neurons, None, None, Fraction(1), Fraction(1), Fraction(0), scale, tuple(samples))


def at_random(seed: int, neurons: int, most: int = 9) -> ProofProblem:
    """Lattice or general points, collinear ones among them, with weights or without."""
    rng = np.random.default_rng(seed)
    features, box = (3 if seed % 8 == 6 and neurons < 3 else 1 + seed % 2), int(rng.choice([2, 4, 1000]))
    most = min(most, 7) if features == 3 else most
    x = rng.integers(0, box + 1, (most, features))
    if seed % 5 == 0:
        x = np.outer(rng.integers(0, 9, most), rng.integers(1, 4, features)) + rng.integers(0, 2, (most, 1))
    points = sorted({tuple(map(int, row)) for row in x})
    labels = rng.integers(0, 2, len(points)).tolist()
    weights = (rng.integers(1, 4, len(points)) if seed % 2 else np.ones(len(points), dtype=int)).tolist()
    return problem(points, labels, weights, neurons)


def engine(of: ProofProblem, upper: int | None = None) -> Engine:
    """From the better constant network, unless there is an `upper`."""
    constant = min(sum(s.weight for s in of.samples if s.label == label) for label in (0, 1))
    return Engine(of, constant if upper is None else upper, errors_of(of), lambda bound: None, master_of)


def never() -> bool:
    return False


def errors_of(of: ProofProblem) -> Callable[[Candidate], int]:
    """What the errors of a candidate weigh; in fractions."""

    def errors(candidate: Candidate) -> int:
        wrong = 0
        for sample in of.samples:
            features = [(v - shift) / factor for v, (factor, shift) in zip(sample.x, of.scale, strict=True)]
            sums = [sum(Fraction(w) * x for w, x in zip(ws, features, strict=True)) + Fraction(b) for ws, b in candidate.neurons]
            output = any(all(sums[j] >= 0 for j in i) for i in candidate.function.implicants())
            wrong += sample.weight * (output != (sample.label == 1))
        return wrong

    return errors


def master_of(clauses: Clauses) -> Master:
    if master.available():
        return SatMaster(clauses)
    pytest.importorskip("ortools")
    return CpSatMaster(clauses)


@dataclass
class CpSatMaster:
    """Clauses to CP-SAT, in this process, each time anew."""

    clauses: Clauses
    learnt: list[Clause] = field(default_factory=list)

    def add(self, clauses: Iterable[Clause]) -> None:
        self.learnt.extend(clauses)

    def solve(self, limit: int, stop: Callable[[], bool]) -> Answer:
        from ortools.sat.python import cp_model

        model = cp_model.CpModel()
        x = [model.new_bool_var("") for _ in range(self.clauses.variables)]
        for clause in (*self.clauses.fixed, *self.learnt, *self.clauses.limit(limit)):
            model.add_bool_or([x[abs(v) - 1] if v > 0 else x[abs(v) - 1].negated() for v in clause])
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        status = solver.solve(model)
        assert status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE)
        return Refuted() if status == cp_model.INFEASIBLE else [False, *(bool(solver.value(v)) for v in x)]

    def close(self) -> None:
        pass
