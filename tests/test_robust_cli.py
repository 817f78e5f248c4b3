"""Robust specs from the command line: errors that need data, compiled files, run folders and their recheck."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import pytest
from child_python import said_by

from bdnnlang import cli, compiler, solve
from bdnnlang.diagnostics import Diagnostic, Rejected, registered
from bdnnlang.language.spec import Linf, Perturbation, RobustSpec
from bdnnlang.problem.certificate import Certificate
from bdnnlang.problem.errors import MeaninglessSet
from bdnnlang.render import render
from bdnnlang.report.robustness_text import certificate_line

ROOT = Path(__file__).parents[1]
ERRORS = ROOT / "tests" / "errors"


def told(path: Path) -> tuple[Diagnostic, ...]:
    """What checking and compiling a spec brings."""
    try:
        spec, _ = compiler.read_spec(path)
        data = compiler.read_data(spec, path.parent)
        compiler.model_warnings(compiler.training_problem(spec, data))
        compiler.build_file(spec, data, "mps")
    except Rejected as rejected:
        return rejected.diagnostics
    return ()


@pytest.mark.parametrize("name", ["E201_box", "E203", "E203_thermometer", "E204_cone", "E207_cone"])
def test_what_is_said(name: str, golden: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ERRORS)
    found = told(Path(f"{name}.bdnn"))
    assert {diagnostic.code for diagnostic in found} == {name[:4]}
    golden(ERRORS / f"{name}.err", render(found, "full"))


@pytest.mark.parametrize("error", registered(MeaninglessSet.__module__), ids=lambda error: error.code)
def test_page_of_a_code(error: type[Diagnostic], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for text, wanted in ((error.bad, {error.code}), (error.good, set())):
        (tmp_path / "x.bdnn").write_text(text)
        assert {d.code for d in told(tmp_path / "x.bdnn")} == wanted
    assert cli.main(["explain", error.code]) == 0
    assert error.why in capsys.readouterr().out


def test_l2_is_no_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["compile", str(ERRORS / "E204_cone.bdnn"), "-o", str(tmp_path / "x.lp")]) == 1
    assert "error[E204]" in capsys.readouterr().err
    assert not (tmp_path / "x.lp").exists()


SPECS = sorted((ROOT / "specs").glob("robust_*.bdnn"))


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_specs_are_right(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a warning, and the plan says what they are robust to."""
    assert cli.main(["check", "--strict", str(path)]) == 0
    assert cli.main(["plan", str(path)]) == 0
    out, err = capsys.readouterr()
    around = "linf(0.1), method certified" if path.stem == "robust_certified" else f"{path.stem.removeprefix('robust_')}("
    assert f"robust      {around}" in out
    assert "warning" not in err


READ = """
import sys
if sys.argv[1] == "highs":
    import highspy
    h = highspy.Highs(); h.setOptionValue("output_flag", False); h.readModel(sys.argv[2]); h.run()
    say(h.getInfo().objective_function_value)
else:
    from pyscipopt import Model
    m = Model(); m.hideOutput(); m.readProblem(sys.argv[2]); m.optimize()
    say(m.getObjVal())
"""


@pytest.mark.parametrize("name", ["l1", "box", "budget"])
def test_solvers_agree_on_compiled_files(name: str, tmp_path: Path) -> None:
    path = tmp_path / "x.mps"
    assert cli.main(["compile", str(ROOT / "specs" / f"robust_{name}.bdnn"), "-o", str(path)]) == 0
    solvers = ["scip", *(["highs"] if solve.available("highs") else [])]
    best = [value for one in solvers for value in said_by(READ, one, path)]
    assert best == pytest.approx([1.0] * len(solvers), abs=1e-6)


# ---- run folders

SPEC = """bdnn 1
data iris {
  classes = ["versicolor", "virginica"]
  sample 24
}
network { hidden 1 }
robust linf(0.02)
train { exact 20s }
evaluate {
  attack random_sign([0, 0.5])
  attack linf(0.2) { clip in [0, 1] }
  attack l2(0.1)
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("robust")
    (place / "x.bdnn").write_text(SPEC)
    assert cli.main(["run", str(place / "x.bdnn"), "--out", str(place / "out")]) == 0
    return place / "out"


def changed(folder: Path, tmp_path: Path, change: Any) -> Path:
    """A copy of the run folder with another run.json."""
    for file in ("spec.bdnn", "network.json"):
        (tmp_path / file).write_bytes((folder / file).read_bytes())
    run = json.loads((folder / "run.json").read_text())
    change(run)
    (tmp_path / "run.json").write_text(json.dumps(run))
    return tmp_path


def test_what_a_run_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = json.loads((folder / "run.json").read_text())
    robust, (noise, clipped, ball) = run["result"]["robust"], run["attacks"]
    assert (robust["set"], robust["method"], robust["kept"], robust["of"]) == ("linf(0.02)", "pattern", 18, 18)
    assert robust["certified"] == 18 - run["result"]["verified_loss"]
    assert [size["size"] for size in noise["sizes"]] == [0, 0.5]
    assert noise["sizes"][0]["accuracy"] == run["result"]["test_accuracy"]
    for worst in (clipped, ball):
        assert worst["right"] == worst["robust"] + worst["flipped"] + worst["undecided"]
    assert clipped["flipped"] > 0
    assert set(clipped["example"]) == {"row", "from", "to", "change"}
    assert cli.main(["verify", str(folder)]) == 0
    assert "result.robust.certified" in capsys.readouterr().out


def test_the_report_says_it_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", str(folder.parent / "x.bdnn"), "--out", str(folder.parent / "again")]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "of 18 training samples certified right, 18 keep their pattern (linf(0.02), method pattern)" in out
    assert "for example row" in out


def _certified(run: Any) -> None:
    run["result"]["robust"]["certified"] += 1


def _kept(run: Any) -> None:
    run["result"]["robust"]["kept"] -= 1


def _no_certificate(run: Any) -> None:
    run["result"]["robust"] = None


def _robust(run: Any) -> None:
    run["attacks"][1]["robust"] += 1


def _noise(run: Any) -> None:
    run["attacks"][0]["sizes"][1]["right"] += 1


def _example(run: Any) -> None:
    run["attacks"][1]["example"]["change"] = {}


def _outside(run: Any) -> None:
    change = run["attacks"][1]["example"]["change"]
    change[next(iter(change))] = "1/4"


def _forgotten(run: Any) -> None:
    del run["attacks"][2]


@pytest.mark.parametrize("change", [_certified, _kept, _no_certificate, _robust, _noise, _example, _outside, _forgotten])
def test_a_falsified_claim_is_found(change: Any, folder: Path, tmp_path: Path) -> None:
    assert cli.main(["verify", str(changed(folder, tmp_path, change))]) == 4


def test_what_is_undecided_there_may_be_decided_here(folder: Path, tmp_path: Path) -> None:
    """Solvers of LPs differ, proofs do not. With the packages that are here the numbers must be those found here."""
    attack = json.loads((folder / "run.json").read_text())["attacks"][1]

    def weaker(run: Any) -> None:
        run["versions"]["numpy"] = "1.0"
        run["attacks"][1] |= {"robust": attack["robust"] - 1, "undecided": attack["undecided"] + 1}
        run["attacks"][1]["accuracy"] = (attack["robust"] - 1) / attack["of"]

    def here(run: Any) -> None:
        weaker(run)
        run["versions"] = json.loads((folder / "run.json").read_text())["versions"]

    def stronger(run: Any) -> None:
        weaker(run)
        run["attacks"][1] |= {"robust": attack["robust"] + 1, "flipped": attack["flipped"] - 1, "undecided": attack["undecided"]}
        run["attacks"][1]["accuracy"] = (attack["robust"] + 1) / attack["of"]

    def other_share(run: Any) -> None:
        weaker(run)
        run["attacks"][1]["accuracy"] = 1.0

    assert cli.main(["verify", str(changed(folder, tmp_path, weaker))]) == 0
    for forged in (here, stronger, other_share):
        assert cli.main(["verify", str(changed(folder, tmp_path, forged))]) == 4


def test_another_example_is_tried(folder: Path, tmp_path: Path) -> None:
    """Of other packages: a change that lies in the set and brings the class that is said."""

    def nothing(run: Any) -> None:
        run["versions"]["numpy"] = "1.0"
        run["attacks"][1]["example"]["change"] = {}

    def more(run: Any) -> None:
        run["versions"]["numpy"] = "1.0"
        change = run["attacks"][1]["example"]["change"]
        change[next(iter(change))] = "1/4"

    def huge(run: Any) -> None:
        run["versions"]["numpy"] = "1.0"
        run["attacks"][1]["example"]["change"] = {"petal_width_cm": "1e999999999"}

    def of_another(run: Any) -> None:
        run["versions"]["numpy"] = "1.0"
        run["attacks"][1]["example"]["row"] = 10**6

    for forged in (nothing, more, huge, of_another):
        assert cli.main(["verify", str(changed(folder, tmp_path, forged))]) == 4


def test_a_network_that_wavers_is_found(folder: Path, tmp_path: Path) -> None:
    """The same network under a larger set: the certificate is not complete."""
    kept = changed(folder, tmp_path, lambda run: run["result"]["robust"].update(set="linf(0.3)"))
    (kept / "spec.bdnn").write_text((folder / "spec.bdnn").read_text().replace("robust linf(0.02)", "robust linf(0.3)"))
    assert cli.main(["verify", str(kept)]) == 4


# ---- method certified


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("certified")
    (place / "x.bdnn").write_text(SPEC.replace("robust linf(0.02)", "robust linf(0.1) { method = certified }"))
    assert cli.main(["run", str(place / "x.bdnn"), "--out", str(place / "out")]) == 0
    return place / "out"


def test_what_is_proved_of_a_run(proved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = json.loads((proved / "run.json").read_text())["result"]
    loss, robust = result["verified_loss"], result["robust"]
    assert 0 < loss == result["bound"]
    assert (robust["method"], robust["certified"], robust["of"]) == ("certified", 18 - loss, 18)
    assert robust["right"] == round(18 * result["train_accuracy"]) >= robust["certified"]
    assert "method = certified" in (proved / "spec.bdnn").read_text()
    assert cli.main(["verify", str(proved)]) == 0
    out = capsys.readouterr().out
    assert "result.verified_loss" in out
    assert "result.robust.certified" in out


def test_the_report_of_what_is_proved(proved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", str(proved.parent / "x.bdnn"), "--out", str(proved.parent / "again")]) == 0
    out = " ".join(capsys.readouterr().out.split())
    loss = json.loads((proved / "run.json").read_text())["result"]["verified_loss"]
    assert f"loss {loss} (zero_one within linf(0.1)), recomputed from the network in exact arithmetic" in out
    assert f"robust at most {loss} error{'s' * (loss != 1)} within linf(0.1), proved: {18 - loss} of 18 training samples" in out


def _fewer(run: Any) -> None:
    run["result"]["verified_loss"] -= 1


def _pattern(run: Any) -> None:
    run["result"]["robust"]["method"] = "pattern"


@pytest.mark.parametrize("change", [_certified, _kept, _no_certificate, _fewer, _pattern])
def test_a_falsified_proof_is_found(change: Any, proved: Path, tmp_path: Path) -> None:
    assert cli.main(["verify", str(changed(proved, tmp_path, change))]) == 4


@pytest.mark.parametrize(
    ("method", "line"),
    [
        ("pattern", "5 of 8 training samples certified right, 6 keep their pattern (linf(0.5), method pattern)"),
        (
            "certified",
            "at most 3 errors within linf(0.5), proved: 5 of 8 training samples certified right, 7 right as they are "
            "(method certified)",
        ),
    ],
)
def test_the_line_of_a_certificate(method: Literal["pattern", "certified"], line: str) -> None:
    robust = RobustSpec(Perturbation(Linf(0.5)), method)
    assert certificate_line(robust, Certificate(kept=6, certified=5, right=7, of=8, demands=method == "pattern")) == line


def test_both_methods_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "robust.method"]) == 0
    out = capsys.readouterr().out
    assert "default: pattern" in out
    assert "certified" in out


def test_a_network_of_minibatches_is_selected_but_never_called_optimal(tmp_path: Path) -> None:
    """Its certificate covers its minibatch; the report counts the samples it covers, and `verify` agrees."""
    (tmp_path / "x.bdnn").write_text(
        "bdnn 1\ndata iris {\n  sample 60\n  scale none\n  validation = 20%\n}\n"
        "network {\n  weights in {-1, 0, 1}\n  hidden 3\n}\n"
        "robust linf(0.3)\n"
        "train { data_split 30s { splits = 4, minibatch = 12, select = validation } }\n"
    )
    assert cli.main(["run", str(tmp_path / "x.bdnn"), "--out", str(tmp_path / "r")]) == 0
    run = json.loads((tmp_path / "r" / "run.json").read_text())
    (stage,) = run["stages"]
    assert all(0 <= step["loss"] <= 99 for step in stage["steps"])
    assert stage["verified_loss"] == run["result"]["verified_loss"] <= 33
    robust = run["result"]["robust"]
    assert 0 < robust["kept"] < robust["of"] == 33
    assert any("certificate" in note for note in stage["notes"])
    assert run["result"]["status"] == "feasible"
    assert cli.main(["verify", str(tmp_path / "r")]) == 0
    run["result"]["status"] = "optimal"
    (tmp_path / "r" / "run.json").write_text(json.dumps(run))
    assert cli.main(["verify", str(tmp_path / "r")]) == 4
