"""`specs/bench/robust.py`: the specs it is for, its section from made-up runs, and what it runs again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scripts import script

from bdnnlang import compiler
from bdnnlang.language.effective import set_text
from bdnnlang.language.spec import Exact, LocalSearch

BENCH = Path(__file__).resolve().parents[1] / "specs" / "bench"
SUITE = sorted((BENCH / "robust").glob("*.bdnn"))
SHARED = sorted((BENCH / "shared" / "robust").glob("*.bdnn"))
SPEC = """bdnn 1
data iris { sample 12, classes = ["versicolor", "virginica"], test = 0% }
network { hidden 1 }
robust linf(0.1)
train { time = 20s, local_search 1s, exact rest }
"""


robust = script("bench/robust.py")


# ---- the specs


@pytest.mark.parametrize("path", [*SUITE, *SHARED], ids=lambda path: path.stem)
def test_specs_are_whole(path: Path) -> None:
    spec, warnings = compiler.read_spec(path)
    assert not warnings
    assert spec.data.test == spec.data.validation == 0
    assert spec.train.time == 40
    assert [type(stage) for stage in spec.train.stages] == [LocalSearch, Exact]
    assert spec.robust is not None
    name = set_text(spec.robust.perturbation.set).partition("(")[0]
    assert f"_{name}_d{spec.network.layers[0].width}" in path.stem


@pytest.mark.parametrize("path", SUITE, ids=lambda path: path.stem)
@pytest.mark.parametrize("method", robust.METHODS)
def test_specs_have_their_data(path: Path, method: str) -> None:
    spec = compiler.read_spec(path, sets=[f"robust.method={method}"])[0]
    data = compiler.read_data(spec, path.parent)
    assert not compiler.model_warnings(compiler.training_problem(spec, data))
    assert (data.lattice is not None) >= ("_int_" in path.stem)
    assert f"_{len(data.train)}_" in path.stem


def test_the_suite_covers_sets_and_data() -> None:
    stems = [path.stem for path in SUITE]
    assert 6 <= len(stems) <= 8
    for part in ("bc_", "iris_", "wine_", "boxes_", "_linf_", "_l1_", "_budget_", "_int_", "_d2", "_d3"):
        assert any(part in stem for stem in stems), part


# ---- the section


def run(errors: int | None, *, status: str = "feasible", bound: float | None = 0, loss: int | None = None) -> dict[str, Any]:
    """A `run.json` of 12 rows."""
    certificate = None if errors is None else {"of": 12, "certified": 12 - errors}
    found = {"status": status, "seconds": 1.26, "bound": bound, "robust": certificate}
    return {"result": found | {"verified_loss": errors if loss is None else loss}}


class Place:
    """A folder with specs, and the script on them, its runs made up."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.page, self.runs, self.calls = folder / "B.md", folder / "runs" / "robust.json", 0
        self.specs = [folder / f"{name}.bdnn" for name in names]
        for path in self.specs:
            path.write_text(SPEC)

    def main(self, told: Callable[[str, str], Any], *flags: str) -> int:
        def runner(path: Path, method: str, seconds: float, runs: Path) -> Any:
            self.calls += 1
            self.seconds = seconds
            return told(path.stem, method)

        return int(robust.main([*map(str, self.specs), *flags, "--page", str(self.page), "--runs", str(self.runs)], runner))


def test_the_table_of_made_up_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runs = {
        ("a", "pattern"): run(7, bound=4),
        ("a", "certified"): run(3, status="optimal", bound=3),
        ("b", "pattern"): run(5),
        ("b", "certified"): run(2),
        ("c", "pattern"): run(1),
        ("c", "certified"): run(1),
        ("d", "pattern"): run(None, status="no_network", bound=None),
        ("d", "certified"): run(6),
    }
    place = Place(tmp_path, "a", "b", "c", "d")
    place.page.write_text("Before.\n<!-- robust: begin -->\nold\n<!-- robust: end -->\nAfter.\n")
    assert place.main(lambda spec, method: runs[spec, method]) == 0
    assert place.seconds == 20
    page = place.page.read_text()
    assert "| `a` | 12 | linf(0.1) | pattern | 1.3 | feasible | 7 | 4 |\n" in page
    assert "| `a` | 12 | linf(0.1) | certified | 1.3 | optimal | 3 | 3 |\n" in page
    assert "| `d` | 12 | linf(0.1) | pattern | 1.3 | no_network | – | – |\n" in page
    assert "\ncertified never above pattern: yes; strictly below on 2 of 3\n" in page
    assert "On 1 of them below the bound of pattern too" in page
    assert page.startswith("Before.\n<!-- robust: begin -->\n## Robust\n")
    assert page.endswith("<!-- robust: end -->\nAfter.\n")
    assert "old" not in page
    assert "a certified: optimal in 1.3 s, 3 proved robust errors, bound 3" in capsys.readouterr().err


def test_the_other_outcome_is_told_as_well(tmp_path: Path) -> None:
    place = Place(tmp_path, "a", "b")
    assert place.main(lambda spec, method: run(4 if (spec, method) == ("b", "certified") else 2), "--time", "3") == 0
    assert place.seconds == 3
    page = place.page.read_text()
    assert "certified never above pattern: no (`b`); strictly below on 0 of 2" in page
    assert "at most 3 s each" in page


def test_what_fails_is_told_and_made_again(tmp_path: Path) -> None:
    place = Place(tmp_path, "a")
    assert place.main(lambda spec, method: "exit code 2" if method == "pattern" else run(3, loss=2)) == 1
    page = place.page.read_text()
    assert "| `a` | 12 | linf(0.1) | pattern | – | exit code 2 | – | – |" in page
    assert "| certified | – | loss 2, but 3 not certified | – | – |" in page
    assert "certified never above pattern: –; strictly below on 0 of 0" in page
    assert place.main(lambda spec, method: run(1)) == 0
    assert place.calls == 4


def test_a_run_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(tmp_path, "a")
    for _ in range(2):
        assert place.main(lambda spec, method: run(1)) == 0
    assert place.calls == 2
    place.specs[0].write_text("# a remark\n" + SPEC)
    assert place.main(lambda spec, method: run(1)) == 0
    assert place.calls == 2
    assert place.main(lambda spec, method: run(1), "--time", "3") == 0
    assert place.calls == 4
    place.specs[0].write_text(SPEC.replace("0.1", "0.2"))
    assert place.main(lambda spec, method: run(1)) == 0
    assert place.calls == 6
    monkeypatch.setattr(robust, "digest", lambda: "another")
    assert place.main(lambda spec, method: run(1)) == 0
    assert place.calls == 8
    place.runs.write_text('{"cut o')
    assert place.main(lambda spec, method: run(1)) == 0
    assert place.calls == 10


def test_a_real_one(tmp_path: Path) -> None:
    """By the command line, both methods; what is proved of a network is what its run folder says."""
    place = Place(tmp_path, "a")
    assert robust.main([str(place.specs[0]), "--time", "2", "--page", str(place.page), "--runs", str(place.runs)]) == 0
    told = {one["method"]: one for one in json.loads(place.runs.read_text()).values()}
    assert set(told) == set(robust.METHODS)
    for method, one in told.items():
        kept = json.loads((tmp_path / "runs" / "robust" / f"a-{method}" / "run.json").read_text())["result"]
        assert kept["robust"]["method"] == method
        assert one["errors"] == kept["verified_loss"]
    (tmp_path / "bad.bdnn").write_text(SPEC.replace("sample 12", "sample 1200"))
    assert robust.run_spec(tmp_path / "bad.bdnn", "pattern", 1.0, tmp_path / "runs") == "exit code 1"
