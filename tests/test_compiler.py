"""The phases from text to a program: each is gone through once."""

from pathlib import Path

import pytest
from problems import dataset, network_spec, spec

import bdnnlang as bd
from bdnnlang import compiler
from bdnnlang.cli import main
from bdnnlang.diagnostics import Rejected
from bdnnlang.problem.training import TrainingProblem

SPEC = """bdnn 1
data csv("rows.csv") { target = y, scale none }
network { weights in {-1, 0, 1}, hidden 1 }
train { local_search 1s { restarts = 0 }, exact 20s }
robust linf(0.25)
evaluate { attack linf(0.25) }
compare { majority }
"""
ROWS = "a,b,y\n" + "".join(f"{i},{i * i % 7},{int(i > 4)}\n" for i in range(10))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "rows.csv").write_text(ROWS)
    (tmp_path / "s.bdnn").write_text(SPEC)
    return tmp_path / "s.bdnn"


@pytest.fixture
def constructed(monkeypatch: pytest.MonkeyPatch) -> list[TrainingProblem]:
    """Every training problem of all samples that is made in this process; those of some of them belong to stages."""
    made: list[TrainingProblem] = []
    before = TrainingProblem.__post_init__

    def noted(problem: TrainingProblem) -> None:
        before(problem)
        if problem.part_of is None:
            made.append(problem)

    monkeypatch.setattr(TrainingProblem, "__post_init__", noted)
    return made


@pytest.mark.parametrize("verb", ["check", "run"])
def test_a_verb_constructs_one_training_problem(path: Path, constructed: list[TrainingProblem], verb: str) -> None:
    assert main([verb, str(path), *(["--out", str(path.parent / "run")] if verb == "run" else [])]) == 0
    assert len(constructed) == 1


def test_a_run_from_python_constructs_one_training_problem(path: Path, constructed: list[TrainingProblem]) -> None:
    result = bd.train(path)
    assert len(constructed) == 1
    assert result.network is not None
    assert constructed[0].contains(result.network)


def test_a_run_that_is_resumed_and_its_verification_construct_one_each(path: Path, constructed: list[TrainingProblem]) -> None:
    out = str(path.parent / "run")
    assert main(["run", str(path), "--out", out]) == 0
    assert main(["run", str(path), "--out", out, "--resume"]) == 0
    assert main(["verify", out]) == 0
    assert len(constructed) == 3


def test_what_has_no_shape_becomes_no_training_problem(constructed: list[TrainingProblem]) -> None:
    three = dataset([[1.0], [2.0], [3.0]], [0, 1, 2], 3)
    with pytest.raises(Rejected) as caught:
        compiler.training_problem(spec(network_spec(encoding="single")), three)
    assert [d.code for d in caught.value.diagnostics] == ["E218"]
    assert constructed == []
