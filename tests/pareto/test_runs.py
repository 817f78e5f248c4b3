"""A front of runs against every network of a shape, by brute force."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from problems import spec
from test_requirement_oracle import ALL, SHAPES, problem, size

from bdnnlang.budget import Interrupt
from bdnnlang.language.spec import Bytes, Exact, Nonzeros, RequireSpec, Solver
from bdnnlang.pareto.front import Tracing, front
from bdnnlang.pareto.runs import PointRuns, most_bytes, within

NAME = "one neuron"


def brute_force() -> list[tuple[int, int]]:
    """Bytes and loss of the networks that no other beats in both, most bytes first."""
    pairs = sorted(set(zip(size(ALL[NAME]).tolist(), ALL[NAME].losses.tolist(), strict=True)))
    found: list[tuple[int, int]] = []
    for one in pairs:
        if not found or one[1] < found[-1][1]:
            found.append(one)
    return found[::-1]


def test_the_front_is_that_of_brute_force(tmp_path: Path) -> None:
    training = problem(SHAPES[NAME], (), "tight")
    solver: Solver = "scip"
    train = replace(training.spec.train, stages=(Exact(),), solver=solver, time=60.0)
    runs = PointRuns(replace(training.spec, train=train), training.data, Path("x.bdnn"), tmp_path, lambda fact: None, Interrupt())
    tracing = Tracing(runs.least, 100)
    list(tracing.trace(runs.solve))
    points = front(tracing.solved, tracing.least)
    assert [(one.solved.bytes, one.solved.objective) for one in points] == brute_force()
    assert all(one.is_optimal and one.is_least for one in points)
    assert all((tmp_path / one.solved.folder / "network.json").exists() for one in points)


def test_a_limit_of_the_spec_stays() -> None:
    own = replace(spec(problem(SHAPES[NAME], (), "tight").spec.network), require=RequireSpec((Nonzeros(3), Bytes(20))))
    assert within(own, None) == own
    assert most_bytes(within(own, 40)) == 20
    assert most_bytes(within(own, 12)) == 12
    assert Nonzeros(3) in within(own, 12).require.statements


@pytest.mark.parametrize("limit", [None, 9])
def test_each_point_has_its_share_of_the_time(limit: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float | None] = []

    class AskedError(Exception):
        pass

    def run_spec(training, *args, **kwargs):  # type: ignore[no-untyped-def]
        asked.append(training.spec.train.time)
        raise AskedError

    monkeypatch.setattr("bdnnlang.pareto.runs.run_spec", run_spec)
    training = problem(SHAPES[NAME], (), "tight")
    runs = PointRuns(
        training.spec, training.data, Path("x.bdnn"), tmp_path, lambda fact: None, Interrupt(), 100.0, clock=lambda: 40.0
    )
    with pytest.raises(AskedError):
        runs.solve(limit, 3)
    assert asked == [20.0]
