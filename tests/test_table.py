"""`specs/table.py`: runs what can be run, says what cannot, starts again where it ended, and rewrites its table only."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from language.loading import reader

from bdnnlang.language.effective import effective
from bdnnlang.language.load import load
from bdnnlang.source import Source

SPECS = Path(__file__).parents[1] / "specs"
GOOD = """bdnn 1
param split = 0 in int[0, 9]
data iris { sample 12, split_seed = split, classes = ["setosa", "virginica"] }
network { weights in {-1, 0, 1}, hidden 1 }
train { exact 2s }
compare { mlp { epochs = 2 } }
"""


def script() -> ModuleType:
    found = importlib.util.spec_from_file_location("table", SPECS / "table.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


table = script()


class Place:
    """A folder with specs, and the command on it."""

    def __init__(self, folder: Path, **specs: str) -> None:
        self.folder, self.readme = folder, folder / "README.md"
        (folder / "paper").mkdir()
        for name, text in specs.items():
            (folder / "paper" / f"{name}.bdnn").write_text(text)

    def run(self, *flags: str, runner: Any = None) -> int:
        where = ["--specs", self.folder / "paper", "--readme", self.readme, "--runs", self.folder / "runs"]
        return int(table.main([*flags, *map(str, where)], runner))


def outcome(test: float, loss: float, **more: Any) -> dict[str, Any]:
    result = {"test_accuracy": test, "verified_loss": loss, "bound": 0, "seconds": 1.5, "status": "feasible"}
    compared = [{"model": "bdnn", "bytes": 5, "test_accuracy": test}, {"model": "mlp", "bytes": 40, "test_accuracy": 0.5}]
    return {"result": result, "data": {"train": 6}, "compare": compared, **more}


def test_a_run_is_made_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    place = Place(tmp_path, tiny=GOOD)
    assert place.run("--seeds", "1") == 0
    assert "split 0 …" in capfd.readouterr().err
    first = (tmp_path / "runs" / "tiny-0" / "run.json").read_text()
    assert place.run("--seeds", "1") == 0
    assert capfd.readouterr().err == ""
    assert (tmp_path / "runs" / "tiny-0" / "run.json").read_text() == first
    own = json.loads(first)
    assert f"| `tiny` | 1 | {100 * own['result']['test_accuracy']:.1f} % |" in place.readme.read_text()


def test_a_run_counts_only_for_what_it_ran(tmp_path: Path) -> None:
    folder = tmp_path / "x-0"
    folder.mkdir()
    spec = tmp_path / "x.bdnn"
    spec.write_text(GOOD)
    wanted = table.fingerprint(spec, 0)
    assert not table.is_done(folder, wanted, None)
    (folder / "run.json").write_text(json.dumps(outcome(1.0, 0)))
    (folder / "table.json").write_text(json.dumps({"spec": wanted, "time": None}))
    assert table.is_done(folder, wanted, None)
    assert not table.is_done(folder, wanted, "60s")
    spec.write_text("# a remark\n" + GOOD)
    assert table.is_done(folder, table.fingerprint(spec, 0), None)
    assert not table.is_done(folder, table.fingerprint(spec, 1), None)
    spec.write_text(GOOD.replace("hidden 1", "hidden 2"))
    assert not table.is_done(folder, table.fingerprint(spec, 0), None)
    (folder / "run.json").write_text('{"result": ')
    assert not table.is_done(folder, wanted, None)


def test_what_fails_is_said_and_the_rest_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = Place(tmp_path, bad=GOOD.replace("exact 2s", "exact 2s, guess 1s"), good=GOOD, worse="bdnn 1\n")

    def runner(spec: Path, seed: int, time: str | None, defines: table.Defines, folder: Path) -> str:
        if spec.stem != "good":
            return str(table.run_spec(spec, seed, time, defines, folder))
        folder.mkdir(parents=True)
        (folder / "run.json").write_text(json.dumps(outcome(0.9, 3)))
        return ""

    assert place.run("--seeds", "1", runner=runner) == 1
    text = place.readme.read_text()
    assert "- `bad`, split 0: does not load: E103: unknown step `guess` in `train`" in text
    assert "- `worse`, split 0: does not load: E120" in text
    assert "| `good` | 1 | 90.0 % | 50.0 % | 3.0 | 6 | 0.0 | 5 | 40 | 2 | 1 feasible |" in text
    assert "bad: split 0" in capsys.readouterr().err


def test_only_some(tmp_path: Path) -> None:
    asked: list[tuple[str, int, str | None]] = []

    def runner(spec: Path, seed: int, time: str | None, defines: table.Defines, folder: Path) -> str:
        asked.append((spec.stem, seed, time))
        return "no"

    place = Place(tmp_path, iris_a=GOOD, iris_b=GOOD, wine=GOOD)
    assert place.run("--only", "iris_*", "--time", "9s", runner=runner) == 1
    assert asked == [("iris_a", 0, "9s"), ("iris_b", 0, "9s")]
    assert "`python specs/table.py --seeds 5 --only 'iris_*' --time 9s`" in place.readme.read_text()


def test_only_the_table_is_rewritten(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"# Before\n\n{table.BEGIN}\nold\n{table.END}\n\nafter\n")
    table.rewrite(readme, "new")
    assert readme.read_text() == f"# Before\n\n{table.BEGIN}\nnew\n{table.END}\n\nafter\n"
    readme.write_text("# Before\n")
    table.rewrite(readme, "new")
    assert readme.read_text() == f"# Before\n\n{table.BEGIN}\nnew\n{table.END}\n"


def test_numbers_over_splits() -> None:
    assert table.spread([0.5, 0.7], 100, " %") == "60.0 ± 14.1 %"
    assert table.spread([3]) == "3.0"
    assert table.spread([None, 2, 2]) == "2.0"
    assert table.spread([None]) == "–"
    runs = [outcome(0.5, 1), outcome(1.0, 4.5, compare=[])]
    assert table.row("x", runs) == "| `x` | 2 | 75.0 ± 35.4 % | 50.0 % | 2.8 ± 2.5 | 6 | 0.0 | 5 | 40 | 2 | 2 feasible |"


def test_curves_of_attacks() -> None:
    sizes = [{"size": 0, "accuracy": 0.9}, {"size": 0.5, "accuracy": 0.75}]
    runs = [outcome(0.9, 1, attacks=[{"attack": "random_sign", "sizes": sizes}, {"attack": "linf(0.1)", "robust": 3}])] * 2
    assert table.curve("x", runs) == ["- `x`: 0: 90.0 %, 0.5: 75.0 %"]
    assert table.curve("x", [outcome(0.9, 1)]) == []


@pytest.mark.parametrize("path", sorted((SPECS / "paper").glob("*.bdnn")), ids=lambda path: path.stem)
def test_specs_of_the_paper_load(path: Path) -> None:
    spec, warnings = load(Source(path.name, path.read_text()), read=reader({}), defines=["split=3"])
    assert warnings == ()
    assert (spec.data.split_seed, spec.train.seed) == (3, 3)
    assert (spec.data.validation, spec.data.test) == (0.25, 0.25)
    assert [type(one).__name__ for one in spec.compare] == ["Mlp"]
    assert load(Source("again", effective(spec)), read=reader({}))[0] == spec
