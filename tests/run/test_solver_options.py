"""Parameters of a solver in a spec: which stage gets which, what is refused before anything is solved, and what is recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bdnnlang import compiler, solve
from bdnnlang.cli import main
from bdnnlang.diagnostics import Rejected
from bdnnlang.language.spec import Spec
from bdnnlang.render import render
from bdnnlang.run.choose import check_options
from bdnnlang.run.errors import SolverOptionRefused

FOLDER = Path(__file__).parents[1] / "errors"
IRIS = """bdnn 1
data iris { classes = ["versicolor", "virginica"], scale none }
network { weights in {-1, 0, 1}, hidden 1 }
"""


def spec_of(train: str, folder: Path) -> Spec:
    (folder / "x.bdnn").write_text(IRIS + f"train {{\n{train}\n}}\n")
    return compiler.read_spec(folder / "x.bdnn")[0]


def refused(spec: Spec, solver: str) -> list[tuple[str, str]]:
    """Code and place of what is said."""
    try:
        check_options(spec, solver)
    except Rejected as rejected:
        return [(one.code, one.span.text) for one in rejected.diagnostics if one.span is not None]
    return []


def test_what_is_said(golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    spec, _ = compiler.read_spec(Path("E234.bdnn"))
    with pytest.raises(Rejected) as caught:
        check_options(spec, "scip")
    assert [one.code for one in caught.value.diagnostics] == ["E234"]
    golden(FOLDER / "E234.err", render(caught.value.diagnostics, "full"))


def test_the_page_keeps_its_word(tmp_path: Path) -> None:
    for text, codes in ((SolverOptionRefused.bad, ["E234"]), (SolverOptionRefused.good, [])):
        (tmp_path / "x.bdnn").write_text(text)
        assert [code for code, _ in refused(compiler.read_spec(tmp_path / "x.bdnn")[0], "scip")] == codes


def test_a_stage_takes_those_of_the_block_and_its_own(tmp_path: Path) -> None:
    text = 'solver_options { "a/b" = 1, c = off }\nexact 1s { solver_options { c = true, d = -0.5 } }\ndata_split 1s'
    train = spec_of(text, tmp_path).train
    assert [(one.name, one.value) for one in train.options_of(train.stages[0])] == [("a/b", 1), ("c", True), ("d", -0.5)]
    assert [(one.name, one.value) for one in train.options_of(train.stages[1])] == [("a/b", 1), ("c", "off")]


def test_every_wrong_set_is_said_at_its_place(tmp_path: Path) -> None:
    text = "exact 1s { solver_options { nonsense = 1 } }\ndata_split 1s { solver_options { ado = 2 } }\nexact 2s"
    assert refused(spec_of(text, tmp_path), "scip") == [("E234", "nonsense = 1"), ("E234", "ado = 2")]


def test_where_none_is_set_no_solver_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "solve", None)
    assert refused(spec_of("exact 1s", tmp_path), "scip") == []
    assert refused(spec_of("solver_options { nonsense = 1 }\nlocal_search 1s", tmp_path), "scip") == []


def test_a_wrong_one_costs_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    spec_of("solver = scip\nsolver_options { nonsense = 1 }\nexact 1s", tmp_path)
    assert main(["run", "x.bdnn", "--out", "run"]) == 1
    assert "error[E234]: `scip` refuses the parameter `nonsense`" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_they_are_recorded_and_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    own = '"heuristics/rens/freq" = -1, "branching/random/priority" = 7'
    spec_of(f"solver = scip\nexact 20s {{ solver_options {{ {own} }} }}", tmp_path)
    assert main(["run", "x.bdnn", "--out", "run"]) == 0
    file = tmp_path / "run" / "run.json"
    assert json.loads(file.read_text())["solver_options"] == [{"heuristics/rens/freq": -1, "branching/random/priority": 7}]
    assert main(["verify", "run"]) == 0
    file.write_text(file.read_text().replace('priority": 7', 'priority": 8'))
    assert main(["verify", "run"]) == 4


def test_a_solver_takes_no_more_memory_than_the_spec_says(tmp_path: Path) -> None:
    spec_of("solver = scip, memory = 1MB\nexact 30s", tmp_path)
    assert main(["run", str(tmp_path / "x.bdnn"), "--out", str(tmp_path / "run")]) == 0
    (stage,) = json.loads((tmp_path / "run" / "run.json").read_text())["stages"]
    assert (stage["status"], stage["notes"]) == ("feasible", ["SCIP ended because it had reached the limit of memory"])
