"""`bdnnc bench` on tiny specs: what is run, what cannot be, what is remembered, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest
from scripts import script

from bdnnlang import cli, compiler
from bdnnlang.bench import runner
from bdnnlang.bench.cells import SCHEDULE, Attempt, Variant
from bdnnlang.bench.measure import measure
from bdnnlang.bench.request import Request, read_problems, read_variants
from bdnnlang.bench.runner import with_variant
from bdnnlang.budget import Interrupt
from bdnnlang.cli.parser import parser
from bdnnlang.compiler import CannotRead
from bdnnlang.language.spec import Exact, LocalSearch, Prove

ROOT = Path(__file__).resolve().parents[2]
SUITE = sorted((ROOT / "specs" / "bench").glob("*.bdnn"))
SHARED = sorted((ROOT / "specs" / "bench" / "shared").glob("*.bdnn"))
FLOWERS = """bdnn 1
data iris {{ sample {rows}, classes = ["{other}", "virginica"], test = 0%{more} }}
network {{ {weights} hidden 1 }}
train {{ time = 20s, seed = 4, local_search 1s, exact rest }}
"""
REAL = FLOWERS.format(rows=14, other="setosa", more="", weights="")
INTEGER = FLOWERS.format(rows=12, other="versicolor", more=", scale none", weights="weights in {-1, 0, 1},")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "real.bdnn").write_text(REAL)
    (tmp_path / "integer.bdnn").write_text(INTEGER)
    return tmp_path


class Counted:
    """In place of `measure`: counts the runs, and may change what they come to."""

    def __init__(self, change: Callable[[Attempt, int], Attempt] = lambda one, count: one, stop: int | None = None) -> None:
        self.count, self.change, self.stop = 0, change, stop

    def __call__(self, spec: Any, data: Any, interrupt: Any) -> Attempt | str:
        self.count += 1
        if self.count == self.stop:
            interrupt.request()
        found = measure(spec, data, interrupt)
        return found if isinstance(found, str) else self.change(found, self.count)


def run(*words: object) -> int:
    return cli.main(["bench", *map(str, words)])


# ---- a real one


def test_two_specs_by_two_solvers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "out.json"
    specs = (folder / "real.bdnn", folder / "integer.bdnn")
    flags = ("--formulations", "paper", "--solvers", "scip,highs,cpsat", "--time", "10s", "--schedule", "--json", file)
    assert run(*specs, *flags) == 0
    out, err = capsys.readouterr()
    assert err.count("\n") == 8
    assert "[8/8] integer schedule: optimal" in err
    assert "cannot: continuous weights" in out
    assert max(map(len, out.splitlines())) <= 120
    told = json.loads(file.read_text())
    cells = {(cell["spec"], cell["kind"]): cell for cell in told["cells"]}
    assert len(cells) == 8
    for name in ("real", "integer"):
        first, second = (cells[name, f"paper/{solver}"] for solver in ("scip", "highs"))
        assert first["proved"]
        assert second["proved"]
        assert first["medians"]["verified"] == second["medians"]["verified"] == first["medians"]["bound"]
        (only,) = first["runs"]
        assert 0 < only["solver_seconds"] < only["seconds"]
        assert only["columns"] == second["runs"][0]["columns"] > only["binaries"] > 0
        assert (only["seed"], only["ended"]) == (4, "optimal" if name == "integer" else "optimal_at_margin")
    assert cells["integer", "paper/cpsat"]["medians"]["verified"] == cells["integer", "paper/scip"]["medians"]["verified"]
    assert told["disagreements"] == []
    assert told["command"].startswith("bdnnc bench ")
    assert str(folder) not in json.dumps(told)


def test_standard_output_can_be_json_or_markdown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder / "real.bdnn", "--formulations", "paper", "--time", 5, "--json", "-") == 0
    assert json.loads(capsys.readouterr().out)["cells"][0]["proved"]
    assert run(folder / "real.bdnn", "--formulations", "paper", "--time", 5, "--format", "markdown") == 0
    assert "| `real` | paper/scip |" in capsys.readouterr().out


def test_a_page_is_written_and_its_own_parts_stay(folder: Path) -> None:
    page = folder / "BENCHMARKS.md"
    command = (folder / "real.bdnn", "--formulations", "paper", "--time", 5, "--markdown", page)
    assert run(*command) == 0
    page.write_text(page.read_text().replace("<!-- tried: begin -->", "<!-- tried: begin -->\nMine."))
    assert run(*command) == 0
    assert "\nMine.\n" in page.read_text()


def test_a_file_that_cannot_be_written_costs_no_result(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "taken").mkdir()
    assert run(folder / "real.bdnn", "--formulations", "paper", "--time", 5, "--json", folder / "taken") == 2
    out, err = capsys.readouterr()
    assert "paper/scip" in out
    assert "cannot write" in err


# ---- what is run


def test_the_exact_stage_alone_or_the_whole_schedule(folder: Path) -> None:
    spec = compiler.read_spec(folder / "real.bdnn")[0]
    alone = with_variant(spec, Variant("paper", "highs"), 7.0, 9, 2).train
    assert alone.stages == (Exact(time=7.0),)
    assert (alone.seed, alone.threads, alone.solver, alone.formulation, alone.time) == (9, 2, "highs", "paper", 7.0)
    whole = with_variant(spec, SCHEDULE, 7.0, 9, 1).train
    assert [type(stage) for stage in whole.stages] == [LocalSearch, Exact]
    assert (whole.time, whole.seed, whole.solver) == (7.0, 9, "auto")


def test_repeats_count_the_seed_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request = Request(read_problems([folder / "real.bdnn"]), (Variant("paper", "scip"),), {}, 10.0, 3, 1)
    (cell,) = runner.run(request, "", Interrupt(), lambda line: None).cells
    assert [one.seed for one in cell.attempts] == [4, 5, 6]


def test_a_limit_of_its_own() -> None:
    words = ["bench", "x.bdnn", "--limits", "paper=2min,schedule=5"]
    args = parser(words).parse_args(words)
    request = Request((), (), args.limits, args.time, 1, 1)
    variants = (Variant("paper", "scip"), SCHEDULE, Variant("tight", "scip"))
    assert [request.limit(variant) for variant in variants] == [120.0, 5.0, 30.0]


def test_kinds_are_formulations_by_solvers() -> None:
    variants = read_variants("paper", "scip,highs", (), schedule=True)
    assert [variant.label for variant in variants] == ["paper/scip", "paper/highs", "schedule"]
    assert read_variants(None, "scip", (), schedule=False)[0].formulation == "paper"
    variants = read_variants("paper,tight-polarity,tight/cpsat", "scip", (), schedule=False)
    assert [variant.label for variant in variants] == ["paper/scip", "tight-polarity/scip", "tight/cpsat"]


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--formulations", "papper"), "there is no formulation `papper`: "),
        (("--solvers", "mosek"), "there is no solver `mosek`"),
        (("--without", "magic"), "has a pass `magic`"),
        (("--formulations", "tight-magic"), "there is no pass `magic`"),
        (("--formulations", "paper-polarity"), "formulation `paper` has no pass that can be left out"),
        (("--formulations", "paper", "--without", "polarity"), "no formulation of paper has a pass `polarity`"),
        (("--limits", "tigth=3"), "there is no formulation to limit `tigth`"),
        (("--json", "no/such/folder/x.json"), "there is no folder no/such/folder"),
    ],
)
def test_mistakes_are_told_before_anything_is_run(
    folder: Path, flags: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder / "real.bdnn", *flags) == 2
    assert words in capsys.readouterr().err


def test_an_absent_solver_is_a_row(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("bdnnlang.solve.available", lambda name: name != "highs")
    assert run(folder / "real.bdnn", "--formulations", "paper", "--solvers", "highs,scip", "--time", 5) == 0
    out, _ = capsys.readouterr()
    assert "cannot: solver highs is not installed" in out
    assert "paper/scip" in out


def test_a_network_that_no_formulation_takes_is_a_row(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "three.bdnn").write_text(
        "bdnn 1\ndata iris { test = 0% }\nnetwork { hidden 1, output { encoding = single } }\ntrain { exact 5s }\n"
    )
    assert run(folder / "three.bdnn", "--formulations", "paper") == 0
    assert "cannot: " in capsys.readouterr().out


# ---- how it ends


def test_a_disagreement_is_loud_and_exits_4(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lie(one: Attempt, count: int) -> Attempt:
        assert one.verified is not None
        return replace(one, verified=one.verified + 1, bound=one.verified + 1) if count == 2 else one

    monkeypatch.setattr(runner, "measure", Counted(lie))
    assert run(folder / "integer.bdnn", "--formulations", "paper", "--solvers", "scip,cpsat", "--time", 10) == 4
    assert "DISAGREE  integer: paper/cpsat (seed 4) has the bound" in capsys.readouterr().out


def test_ctrl_c_prints_what_is_there(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(runner, "measure", Counted(stop=2))
    page = folder / "B.md"
    specs = (folder / "real.bdnn", folder / "integer.bdnn")
    assert run(*specs, "--formulations", "paper", "--time", 5, "--markdown", page) == 130
    out, err = capsys.readouterr()
    assert "real: 14 rows" in out
    assert "interrupted: the table is not complete" in out
    assert "integer" not in err
    assert not page.exists()


@pytest.mark.parametrize("place", ["bdnnlang.bench.measure.training_problem", "bdnnlang.run.schedule.prepare"])
def test_ctrl_c_twice_before_anything_is_solved(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    def impatient(*args: object) -> None:
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
        pytest.fail("it goes on")

    monkeypatch.setattr(place, impatient)
    assert run(folder / "real.bdnn", "--formulations", "paper", "--time", 5) == 130
    out, err = capsys.readouterr()
    assert "interrupted: the table is not complete" in out
    assert err == ""


def test_a_signal_ends_the_run_that_is_going_on(folder: Path) -> None:
    hard = ROOT / "specs" / "bench" / "noise_400_d3.bdnn"
    command = ["bench", folder / "real.bdnn", hard, "--formulations", "paper", "--time", "1min", "--schedule"]
    with subprocess.Popen(
        [sys.executable, "-m", "bdnnlang.cli", *map(str, command)], stdout=PIPE, stderr=PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stderr is not None
        lines = [process.stderr.readline(), process.stderr.readline()]
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130, [*lines, err]
    assert "  schedule" in out
    assert "interrupted" in out
    assert err == ""


# ---- what is remembered


def test_finished_runs_are_not_run_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = folder / "cache.jsonl"
    command = (folder / "real.bdnn", "--formulations", "paper", "--solvers", "scip,highs,cpsat", "--time", 5, "--cache", cache)
    first, again, more = Counted(stop=2), Counted(), Counted()
    monkeypatch.setattr(runner, "measure", first)
    assert run(*command) == 130
    assert cache.read_text().count('"key"') == 1  # the run that was cut off is worth nothing
    cache.write_text(cache.read_text() + '\n{"key": "cut o')
    monkeypatch.setattr(runner, "measure", again)
    assert run(*command) == 0
    assert again.count == 2  # HiGHS, and CP-SAT cannot
    monkeypatch.setattr(runner, "measure", more)
    assert run(*command) == 0
    assert more.count == 1


def test_another_seed_limit_or_code_is_another_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = folder / "cache.jsonl"
    counted = Counted()
    monkeypatch.setattr(runner, "measure", counted)
    command = (folder / "real.bdnn", "--formulations", "paper", "--cache", cache)
    assert run(*command, "--time", 5) == 0
    assert run(*command, "--time", 6) == 0
    assert run(*command, "--time", 6, "--repeat", 2) == 0
    assert counted.count == 3
    monkeypatch.setattr("bdnnlang.bench.cache._code", lambda: "another")
    assert run(*command, "--time", 6) == 0
    assert counted.count == 4


def test_a_run_comes_out_of_the_cache_as_it_went_in(folder: Path) -> None:
    (problem,) = read_problems([folder / "integer.bdnn"])
    variants, lines = (Variant("paper", "scip"),), []
    results = [
        runner.run(Request((problem,), variants, {}, 5.0, 1, 1), "", Interrupt(), lines.append, folder / "cache.jsonl").cells
        for _ in range(2)
    ]
    assert asdict(results[0][0]) == asdict(results[1][0])
    assert results[0] == results[1]


# ---- the suite


@pytest.mark.parametrize("path", [*SUITE, *SHARED], ids=lambda path: path.stem)
def test_specs_of_the_suite_are_whole(path: Path) -> None:
    spec, warnings = compiler.read_spec(path)
    assert not warnings
    assert spec.data.test == 0
    assert spec.data.validation == 0
    assert spec.train.time == 60
    assert [type(stage) for stage in spec.train.stages] == [LocalSearch, Prove, Exact]


@pytest.mark.parametrize("path", SUITE, ids=lambda path: path.stem)
def test_specs_of_the_suite_have_their_data(path: Path) -> None:
    spec = compiler.read_spec(path)[0]
    data = compiler.read_data(spec, path.parent)
    compiler.model_warnings(compiler.training_problem(spec, data))
    integer = "_int" in path.stem
    assert (data.lattice is not None) >= integer
    assert f"_{len(data.train)}_" in path.stem


def test_the_suite_covers_the_grid() -> None:
    stems = [path.stem for path in SUITE]
    assert 20 <= len(stems) <= 50
    for part in (
        "bc_",
        "iris_",
        "wine_",
        "digits_",
        "boxes_",
        "noise_",
        "_d1",
        "_d2",
        "_d3",
        "_d4",
        "_k3",
        "_int_",
        "_int3_",
        "_d2_d2",
    ):
        assert any(part in stem for stem in stems), part


def test_a_spec_of_the_suite_benches(capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = (path for path in SUITE if path.stem == "bc_60_d1")
    assert run(path, "--formulations", "paper", "--time", 5) == 0
    assert "bc_60_d1" in capsys.readouterr().out


def test_unknown_kinds_raise() -> None:
    with pytest.raises(CannotRead, match="there is no solver"):
        read_variants("paper", "scipp", (), schedule=False)


# ---- the reference


FAKE = """import sys
rows = open(sys.argv[1]).read().split()
assert len(rows) == int(sys.argv[3]) and all(row.count(";") == 4 for row in rows)
open("calls", "a").write("x")
print("status optimal errors 0 bound 0 seconds 1.25 nodes 7")
"""


def test_another_program_on_the_same_rows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    Path("paper.py").write_text(FAKE)
    Path("BENCHMARKS.md").write_text("Before.\n<!-- reference: begin -->\nold\n<!-- reference: end -->\nAfter.\n")
    for _ in range(2):
        assert script("bench/reference.py").main(["paper.py", "real.bdnn", "integer.bdnn"]) == 0
    page = Path("BENCHMARKS.md").read_text()
    assert "| `real` | 14 | 1 | optimal | 0 | 0 | 1.25 |" in page
    assert "integer" not in page
    assert "old" not in page
    assert page.startswith("Before.\n")
    assert page.endswith("After.\n")
    assert Path("calls").read_text() == "x"


def test_a_reference_that_fails_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    Path("paper.py").write_text("raise SystemExit(1)\n")
    assert script("bench/reference.py").main(["paper.py", "real.bdnn"]) == 1
    assert "| `real` | 14 | 1 | failed |" in Path("BENCHMARKS.md").read_text()
