"""The table of a benchmark, its ratios and their means, and contradictions: from results made up here."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import Golden

from bdnnlang.bench.as_json import bench_json
from bdnnlang.bench.cells import SCHEDULE, Attempt, Cell, Instance, Variant
from bdnnlang.bench.comparison import Benchmark, Ratio, disagreements, pairs, ratio, remarks
from bdnnlang.bench.machine import machine
from bdnnlang.bench.markdown import PAGE, measured, page
from bdnnlang.bench.text import text
from bdnnlang.run.status import StageStatus

GOLDEN = Path(__file__).parents[1] / "golden"
PAPER, TIGHT, CPSAT = Variant("paper", "scip"), Variant("tight", "scip", ("unit_rows",)), Variant("tight", "cpsat")


def attempt(solving: float, *, proved: bool = True, **more: Any) -> Attempt:
    usual: dict[str, Any] = {
        "seed": 0,
        "ended": StageStatus.OPTIMAL if proved else StageStatus.FEASIBLE,
        "seconds": solving + 0.5,
        "solver_seconds": solving,
        "claimed": 3,
        "bound": 3 if proved else 0,
        "verified": 3,
        "margin": None,
        "nodes": 12_345,
        "columns": 1_234,
        "binaries": 567,
        "rows": 8_901,
        "nonzeros": 123_456,
        "solver": "SCIP 10.0.2",
    }
    return Attempt(proved=proved, **usual | more)


def cell(spec: str, variant: Variant, *attempts: Attempt, limit: float = 30.0, cannot: str = "") -> Cell:
    return Cell(spec, variant, limit, attempts, cannot)


def stopped(verified: int, seconds: float = 30.0, **more: Any) -> Attempt:
    return attempt(seconds, proved=False, verified=verified, claimed=verified, **more)


CELLS = (
    cell("one", PAPER, attempt(20.0)),
    cell("one", TIGHT, attempt(0.2, nodes=1, margin=1e-4)),
    cell("one", CPSAT, cannot="continuous weights"),
    cell("one", SCHEDULE, attempt(1.5)),
    cell("two", PAPER, stopped(90)),
    cell("two", TIGHT, attempt(0.3)),
    cell("two", CPSAT, attempt(0.004)),
    cell("two", SCHEDULE, stopped(4, notes=("SCIP claims a bound of 5, but that is refuted",))),
    cell("three", PAPER, stopped(120)),
    cell("three", TIGHT, stopped(30)),
    cell("three", CPSAT, stopped(60, ended=StageStatus.FAILED)),
    cell("three", SCHEDULE, stopped(24)),
    cell("four", PAPER, attempt(12.0)),
    cell("four", TIGHT, stopped(7)),
    cell("four", CPSAT, cannot="cpsat is not installed"),
    cell("four", SCHEDULE, stopped(7)),
)


def benchmark(*cells: Cell, seeds: int = 1, interrupted: bool = False) -> Benchmark:
    return Benchmark(
        command="bdnnc bench specs/*.bdnn --solvers scip,cpsat --time 30",
        date="2026-01-02",
        versions={"python": "3.11.7"},
        machine={"processor": "a processor", "cores": "2", "memory": "4 GiB", "system": "Linux"},
        seeds=seeds,
        threads=1,
        instances=tuple(Instance(name, 60, 30, 2, (2, 3), "[-1, 1]") for name in dict.fromkeys(one.spec for one in cells)),
        cells=cells,
        interrupted=interrupted,
    )


# ---- text


def test_the_table(golden: Golden) -> None:
    shown = text(benchmark(*CELLS))
    assert max(map(len, shown.splitlines())) <= 120
    golden(GOLDEN / "bench.txt", shown + "\n")


def test_the_page(golden: Golden) -> None:
    golden(GOLDEN / "bench.md", page(benchmark(*CELLS), None))


def test_large_numbers_still_fit() -> None:
    huge = attempt(1234.5, columns=1_234_567, binaries=1_234_567, rows=9_876_543, nonzeros=123_456_789, nodes=987_654_321)
    lines = text(benchmark(cell("large", Variant("tight", "highs", ("orient_neurons",)), huge))).splitlines()
    assert max(map(len, lines)) <= 120


def test_what_was_cut_short_says_so() -> None:
    assert "interrupted: the table is not complete" in text(benchmark(CELLS[0], interrupted=True))
    assert "interrupted" in text(benchmark(interrupted=True))


def test_repeats_show_medians_and_how_many_proved() -> None:
    runs = [attempt(1.0), attempt(4.0, seed=1), stopped(5, seed=2)]
    found = cell("one", PAPER, *runs)
    assert (found.proved, found.proofs, found.time, found.median("verified")) == (True, 2, 4.0, 3)
    assert "optimal 2/3" in text(benchmark(found, seeds=3))
    half = cell("one", PAPER, runs[0], runs[2])
    assert not half.proved  # the median of the times would be no time of a proof
    assert "limit 1/2" in text(benchmark(half, seeds=2))


# ---- ratios and their means


@pytest.mark.parametrize(
    ("first", "other", "expected"),
    [
        (attempt(20.0), attempt(0.5), "40×"),
        (stopped(9), attempt(20.0), "≥ 1.5×"),
        (attempt(3.0), stopped(9), "≤ 0.1×"),
        (stopped(9), stopped(3), "None"),
        (attempt(1.0), attempt(0.000_01), "100×"),  # what is faster than the clock counts as a hundredth of a second
    ],
)
def test_a_limit_makes_the_ratio_a_bound(first: Attempt, other: Attempt, expected: str) -> None:
    assert str(ratio(cell("one", PAPER, first), cell("one", TIGHT, other))) == expected


def test_the_ratio_uses_the_solvers_clock_and_for_schedules_all_that_passed() -> None:
    first = cell("one", PAPER, attempt(3.0))
    assert ratio(first, cell("one", TIGHT, attempt(1.5, seconds=100.0))) == Ratio(2.0)
    assert ratio(first, cell("one", SCHEDULE, attempt(1.5, seconds=6.0))) == Ratio(0.5)


def test_pairs_take_the_geometric_mean_where_the_other_proves() -> None:
    tight, cpsat, schedule = pairs(CELLS)
    assert tight.first == "paper/scip"
    assert tight.other == "tight-unit_rows/scip"
    assert (tight.proved, tight.limited, tight.lost, tight.open) == (2, 1, 1, 1)
    assert tight.time is not None
    assert tight.time.factor == pytest.approx((20 / 0.2 * 30 / 0.3) ** 0.5)
    assert tight.time.sign == "≥"
    assert tight.loss == pytest.approx(120 / 30)
    assert cpsat.time is not None
    assert cpsat.time.factor == pytest.approx(30 / 0.01)
    assert (cpsat.proved, cpsat.lost, cpsat.open, cpsat.loss) == (1, 0, 1, 2.0)
    assert (schedule.proved, schedule.limited, schedule.open, schedule.loss) == (1, 0, 2, pytest.approx((90 / 4 + 5) / 2))


def test_a_pair_that_never_met_has_no_mean() -> None:
    (pair,) = pairs([CELLS[0], CELLS[2]])
    assert (pair.proved, pair.time, pair.loss) == (0, None, None)
    assert "proves no spec that both can take" in text(benchmark(CELLS[0], CELLS[2]))


# ---- contradictions


def test_two_optima_of_one_lattice_problem_disagree() -> None:
    wrong = (CELLS[0], cell("one", CPSAT, attempt(1.0, verified=2, claimed=2, bound=2)))
    (line,) = disagreements(wrong)
    assert line == "one: paper/scip (seed 0) has the bound 3, tight/cpsat (seed 0) a verified network with 2"
    assert f"DISAGREE  {line}" in text(benchmark(*wrong))
    assert f"**DISAGREE** {line}" in measured(benchmark(*wrong))


def test_an_unproved_network_refutes_a_bound_too() -> None:
    assert disagreements([CELLS[0], cell("one", CPSAT, stopped(2))])
    assert not disagreements([CELLS[0], cell("one", CPSAT, stopped(4))])
    assert not disagreements([CELLS[0], cell("other", CPSAT, stopped(2))])


def test_bounds_for_networks_with_a_margin_are_only_remarked_on() -> None:
    found = [cell("one", PAPER, attempt(1.0, margin=1e-4)), cell("one", CPSAT, stopped(2))]
    assert not disagreements(found)
    assert "for networks with margin ≥ 0.0001" in remarks(found)[0]


# ---- files


def test_json_has_every_run_and_the_medians() -> None:
    runs = (attempt(1.0), attempt(5.0, seed=1), stopped(4, seed=2))
    told = json.loads(json.dumps(bench_json(benchmark(cell("one", PAPER, *runs), *CELLS[1:3]))))
    first, second, third = told["cells"]
    assert [one["solver_seconds"] for one in first["runs"]] == [1.0, 5.0, 30.0]
    assert first["medians"]["solver_seconds"] == 5.0
    assert (first["kind"], first["proofs"], first["time"], first["ended"]) == ("paper/scip", 2, 5.0, "optimal 2/3")
    assert second["without"] == ["unit_rows"]
    assert second["ratio"] == {"factor": 25.0, "sign": ""}
    assert third["cannot"] == "continuous weights"
    assert set(told) >= {"schema", "bdnnc", "versions", "machine", "date", "command", "repeat", "threads", "instances", "pairs"}


def test_a_page_keeps_what_was_written_by_hand() -> None:
    mine = PAGE.replace("<!-- tried: begin -->", "<!-- tried: begin -->\nIndicators: slower.").replace("# B", "Before.\n\n# B")
    once = page(benchmark(*CELLS), mine)
    assert "Indicators: slower." in once
    assert once.startswith("Before.")
    again = page(replace(benchmark(*CELLS), date="2026-03-04"), once)
    assert again == once.replace("2026-01-02", "2026-03-04")


def test_a_page_without_a_place_for_it_is_kept_below() -> None:
    assert page(benchmark(*CELLS), "Notes of mine.\n").endswith("Notes of mine.\n")


def test_the_machine_has_no_name() -> None:
    assert set(machine()) == {"processor", "cores", "memory", "system"}
