"""A run that ends after any of its facts goes on at the first stage that is not finished, and nothing acknowledged is lost."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from fakes import Call, FakeSolver, install, says

from bdnnlang.budget import Interrupt
from bdnnlang.cli.entry import main
from bdnnlang.compiler import CannotRead, read_data, read_spec, training_problem
from bdnnlang.folder.execute import Finished, run_spec
from bdnnlang.folder.storage import Intent
from bdnnlang.language.spec import Spec
from bdnnlang.run.facts import Fact, NetworkFound, StageEnded, StageStarted
from bdnnlang.run.journal import read_journal
from bdnnlang.solve.outcome import Outcome, Status

ROWS = "a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n2,0,1\n2,1,1\n"
STAGES = "local_search { restarts = 9 }\n  data_split { splits = 2 }\n  exact"
SPEC = """
bdnn 1
data csv("rows.csv") {{ scale none, test = 0% }}
network {{ weights in {{-1, 0, 1}}, hidden 2 }}
train {{
  {}
}}
"""


class Killed(BaseException):
    """The process is no more."""


@dataclass
class Run:
    """One process: it is killed after so many facts, if it has as many."""

    place: Path
    intent: Intent = Intent.NEW
    facts_left: int | None = None
    stages: str = STAGES
    facts: list[Fact] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    done: Finished | None = None

    def __post_init__(self) -> None:
        (self.place / "rows.csv").write_text(ROWS)
        (self.place / "s.bdnn").write_text(SPEC.format(self.stages))
        spec, _ = read_spec(self.place / "s.bdnn")
        with suppress(Killed):
            self.done = self.execute(spec)

    def execute(self, spec: Spec) -> Finished:
        training, interrupt = training_problem(spec, read_data(spec, self.place)), Interrupt()
        out, path = self.place / "r", self.place / "s.bdnn"
        return run_spec(training, path, folder=out, emit=self.emit, interrupt=interrupt, intent=self.intent, say=self.said.append)

    def emit(self, fact: Fact) -> None:
        self.facts.append(fact)
        if len(self.facts) == self.facts_left:
            raise Killed

    @property
    def started(self) -> list[int]:
        return [fact.number for fact in self.facts if isinstance(fact, StageStarted)]

    @property
    def ended(self) -> list[int]:
        return [fact.number for fact in self.facts if isinstance(fact, StageEnded)]

    @property
    def least(self) -> float:
        return min((float(f.incumbent.objective) for f in self.facts if isinstance(f, NetworkFound)), default=float("inf"))


@pytest.fixture
def solver(monkeypatch: pytest.MonkeyPatch) -> FakeSolver:
    def solve(call: Call) -> Outcome:
        assert call.start is not None
        return replace(says(Status.FEASIBLE, call.start, call.milp.objective(call.start), 0.0), solver="CP-SAT 0")

    return install(monkeypatch, solve)


@pytest.mark.usefixtures("solver")
def test_a_kill_after_any_fact(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    whole = Run(tmp_path / "whole")
    assert (whole.started, whole.done is not None) == ([0, 1, 2], True)
    for count in range(3, len(whole.facts) + 1):  # from the first network on
        place = tmp_path / str(count)
        place.mkdir()
        killed = Run(place, facts_left=count)
        again = Run(place, Intent.RESUME)
        assert again.done is not None
        assert killed.ended + again.started == [0, 1, 2]
        assert again.least <= killed.least
        assert [stage.stage for stage in again.done.summary.run.stages] == ["local_search", "data_split", "exact"]
        assert again.said == []
        if count % 3 == 0:  # the others would take as long again
            assert main(["verify", str(place / "r")]) == 0


@pytest.mark.usefixtures("solver")
def test_a_stage_that_is_resumed_has_the_time_that_is_left(tmp_path: Path) -> None:
    timed = "time = 100s\n  local_search 20s { restarts = 9 }\n  exact rest"
    killed = Run(tmp_path, facts_left=5, stages=timed)
    assert killed.ended == []
    lines = (tmp_path / "r" / "journal.jsonl").read_text().splitlines()
    last = json.loads(lines[-1])["entry"]
    assert last["seconds"] < 1
    again = Run(tmp_path, Intent.RESUME, stages=timed)
    limits = [fact.seconds for fact in again.facts if isinstance(fact, StageStarted)]
    assert limits[0] == pytest.approx(20.0 - last["seconds"])
    assert again.done is not None
    spent = sum(fact.seconds for fact in again.facts if isinstance(fact, StageEnded))
    assert again.done.summary.run.seconds >= last["seconds"] + spent


@pytest.mark.usefixtures("solver")
def test_a_run_whose_schedule_was_changed_starts_anew_from_its_best_network(tmp_path: Path) -> None:
    killed = Run(tmp_path, facts_left=20)
    again = Run(tmp_path, Intent.RESUME, stages="exact")
    assert again.started == [0]
    assert next(fact.by for fact in again.facts if isinstance(fact, NetworkFound)) == "an earlier run"
    assert again.least <= killed.least


@pytest.mark.usefixtures("solver")
def test_a_run_that_has_ended_is_run_again_from_its_network(tmp_path: Path) -> None:
    Run(tmp_path)
    assert Run(tmp_path, Intent.RESUME).started == [0, 1, 2]


@pytest.mark.usefixtures("solver")
def test_other_data_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Run(tmp_path, facts_left=9)
    monkeypatch.setitem(globals(), "ROWS", ROWS.replace("2,1,1", "2,1,0"))
    with pytest.raises(CannotRead, match="its run differs in contents of the data"):
        Run(tmp_path, Intent.RESUME)


@pytest.mark.usefixtures("solver")
@pytest.mark.parametrize("line", [1, 2, 3, 6])
def test_a_damaged_line_is_said_and_costs_no_other(tmp_path: Path, line: int) -> None:
    Run(tmp_path, facts_left=12)
    journal = tmp_path / "r" / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[line - 1] = lines[line - 1].replace(b"fact", b"f@ct", 1)
    journal.write_bytes(b"".join(lines))
    assert read_journal(journal).damaged == (line,)
    if line == 1:  # it said what the run is about
        with pytest.raises(CannotRead, match="does not say what it is about"):
            Run(tmp_path, Intent.RESUME)
        return
    again = Run(tmp_path, Intent.RESUME)
    assert again.said == [f"line {line} of {journal} is damaged, and passed over"]
    assert again.done is not None
    assert main(["verify", str(tmp_path / "r")]) == 0


def test_what_a_stage_found_before_it_was_cut_off_is_the_result(tmp_path: Path) -> None:
    """Also where a run that goes on has no time for the stage; `verify` knows the stage before by the journal."""
    stages = "{}\n  local_search {{ method = coordinate, restarts = 0, sweeps = 1 }}\n  local_search {{ restarts = 20 }}"
    (tmp_path / "whole").mkdir()
    facts = Run(tmp_path / "whole", stages=stages.format("time = 9min")).facts
    begins = next(at for at, fact in enumerate(facts) if isinstance(fact, StageStarted) and fact.number == 1)
    found = next(at for at, fact in enumerate(facts) if isinstance(fact, NetworkFound) and at > begins)
    killed = Run(tmp_path, facts_left=found + 1, stages=stages.format("time = 9min"))
    again = Run(tmp_path, Intent.RESUME, stages=stages.format("time = 1ms"))
    assert (killed.ended, again.started) == ([0], [])
    assert again.done is not None
    run = again.done.summary.run
    assert run.best is not None
    assert run.best.objective == killed.least < run.stages[0].verified_objective  # type: ignore[operator]
    assert main(["verify", str(tmp_path / "r")]) == 0
