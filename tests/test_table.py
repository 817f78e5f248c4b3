"""`specs/table.py`: runs what can be run, says what cannot, starts again where it ended, and rewrites its sections only."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from language.loading import reader

from bdnnlang.language.effective import effective
from bdnnlang.language.load import load
from bdnnlang.language.spec import Mlp
from bdnnlang.source import Source

SPECS = Path(__file__).parents[1] / "specs"
GOOD = """bdnn 1
param split = 0 in int[0, 9]
param width = 1 in int[1, 9]
data iris { sample 12, split_seed = split, classes = ["setosa", "virginica"] }
network { weights in {-1, 0, 1}, hidden width }
train { exact 2s }
compare { mlp { epochs = 2 } }
"""
FILE = "Uniform_N10_m1000_{}.csv"


sys.path.insert(0, str(SPECS))
table: Any = importlib.import_module("table")
Case = table.Case


class Place:
    """A folder with specs, and the command on it."""

    def __init__(self, folder: Path, **specs: str) -> None:
        self.folder, self.readme = folder, folder / "README.md"
        (folder / "paper").mkdir()
        for name, text in specs.items():
            (folder / "paper" / f"{name}.bdnn").write_text(text)

    def run(self, *flags: str, runner: Any = None) -> int:
        where = ["--specs", self.folder / "paper", "--readme", self.readme, "--runs", self.folder / "runs", "--data", self.folder]
        return int(table.main([*flags, *map(str, where)], runner))


def outcome(test: float, loss: float, **more: Any) -> dict[str, Any]:
    result = {"test_accuracy": test, "verified_loss": loss, "bound": 0, "seconds": 1.5, "status": "feasible"}
    result |= {"train_accuracy": 1.0, "network": "network.json"}
    mlp = {"model": "mlp", "settings": {"epochs": None}, "bytes": 40, "converged": True, "seconds": 1, "train_accuracy": 1.0}
    bdnn = {"model": "bdnn", "settings": {}, "bytes": 5, "test_accuracy": test}
    return {"result": result, "compare": [bdnn, mlp | {"test_accuracy": 0.5}], **more}


class Fake:
    """A runner that writes outcomes, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, str | None]] = []

    def __call__(self, case: Any, split: int, time: str | None, runs: Path) -> str:
        self.asked.append((case.name, split, time))
        folder = case.folder(runs, split)
        folder.mkdir(parents=True)
        content = outcome(
            0.9, 3, confusion={"train": [[1, 0], [0, 1]]}, stages=[{"verified_loss": 3, "binaries": 7, "status": "feasible"}]
        )
        (folder / "run.json").write_text(json.dumps(content))
        return ""


def test_a_run_is_made_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    place = Place(tmp_path, tiny_exact=GOOD)
    assert place.run("--seeds", "1") == 0
    assert "split 0 …" in capfd.readouterr().err
    first = (tmp_path / "runs" / "tiny_exact-0" / "run.json").read_text()
    assert place.run("--seeds", "1") == 0
    assert capfd.readouterr().err == ""
    assert (tmp_path / "runs" / "tiny_exact-0" / "run.json").read_text() == first
    own = json.loads(first)["result"]
    shares = f"{100 * own['train_accuracy']:.1f} % | {100 * own['test_accuracy']:.1f} % |"
    assert f"| tiny, 1 × 100 | exact, as in the paper | 1 | {shares}" in place.readme.read_text()


def test_a_run_counts_only_for_what_it_ran(tmp_path: Path) -> None:
    folder = tmp_path / "x-0"
    folder.mkdir()
    spec = tmp_path / "x.bdnn"
    spec.write_text(GOOD)
    wanted = table.fingerprint(Case(spec), 0)
    assert not table.is_done(folder, wanted, None)
    (folder / "run.json").write_text(json.dumps(outcome(1.0, 0)))
    (folder / "table.json").write_text(json.dumps({"spec": wanted, "time": None}))
    assert table.is_done(folder, wanted, None)
    assert not table.is_done(folder, wanted, "60s")
    spec.write_text("# a remark\n" + GOOD)
    assert table.is_done(folder, table.fingerprint(Case(spec), 0), None)
    assert not table.is_done(folder, table.fingerprint(Case(spec), 1), None)
    assert not table.is_done(folder, table.fingerprint(Case(spec, width=2), 0), None)
    spec.write_text(GOOD.replace("exact 2s", "exact 3s"))
    assert not table.is_done(folder, table.fingerprint(Case(spec), 0), None)
    (folder / "run.json").write_text('{"result": ')
    assert not table.is_done(folder, wanted, None)


def test_what_fails_is_said_and_the_rest_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = Place(tmp_path, bad_exact=GOOD.replace("exact 2s", "exact 2s, guess 1s"), good_exact=GOOD, worse_exact="bdnn 1\n")
    fake = Fake()

    def runner(case: Any, split: int, time: str | None, runs: Path) -> str:
        return fake(case, split, time, runs) if case.name == "good_exact" else str(table.run_case(case, split, time, runs))

    assert place.run("--seeds", "1", runner=runner) == 1
    text = place.readme.read_text()
    assert "- `bad_exact`, split 0: does not load: E103: unknown step `guess` in `train`" in text
    assert "- `worse_exact`, split 0: does not load: E120" in text
    assert "| good, 1 × 100 | exact, as in the paper | 1 | 100.0 % | 90.0 % | 3.0 | 0.0 | 5 | 1.5 | 1 feasible |" in text
    assert "|  | MLP, converged | 1 | 100.0 % | 50.0 % | – | – | 40 | 1.0 | 1 converged |" in text
    assert "bad_exact: split 0" in capsys.readouterr().err


def test_only_some(tmp_path: Path) -> None:
    fake = Fake()
    place = Place(tmp_path, iris_search=GOOD, iris_split=GOOD, wine_search=GOOD)
    assert place.run("--only", "iris_*", "--time", "9s", "--seeds", "2", "--workers", "1", runner=fake) == 0
    assert fake.asked == [(name, split, "9s") for name in ("iris_search", "iris_split") for split in (0, 1)]
    assert "`python specs/table.py --seeds 2 --only 'iris_*' --time 9s`" in place.readme.read_text()


def test_widths_and_fewer_splits(tmp_path: Path) -> None:
    fake = Fake()
    place = Place(tmp_path, wine_added=GOOD, iris_alternate=GOOD, iris_search=GOOD)
    assert place.run("--seeds", "3", runner=fake) == 0
    counts = {name: sum(one == name for one, _, _ in fake.asked) for name, _, _ in fake.asked}
    widths = {f"wine_added, width {width}": 2 for width in (4, 10, 20)}
    assert counts == {**widths, "iris_alternate": 2, "iris_search": 3}
    assert (tmp_path / "runs" / "wine_added-width4-1").is_dir()


def test_files_of_the_authors_are_brought_where_they_are(tmp_path: Path) -> None:
    place, fake = Place(tmp_path, uniform_search=GOOD), Fake()
    assert place.run("--seeds", "3", runner=fake) == 0
    assert fake.asked == []
    for number in (0, 1):
        (tmp_path / FILE.format(number)).write_text("1;2\n")
    assert place.run("--seeds", "3", runner=fake) == 0
    assert [split for _, split, _ in fake.asked] == [0, 1, 2]
    assert sorted(file.name for file in (tmp_path / "paper" / "data").iterdir()) == [FILE.format(0), FILE.format(1)]
    case = Case(Path("uniform_search.bdnn"), files=("data/a.csv", "data/b.csv"))
    assert [case.params(split)[1] for split in (0, 1, 2)] == ["file=data/a.csv", "file=data/b.csv", "file=data/a.csv"]


@pytest.mark.parametrize("path", sorted((SPECS / "paper").glob("*.bdnn")), ids=lambda path: path.stem)
def test_specs_of_the_paper_load(path: Path) -> None:
    spec, warnings = load(Source(path.name, path.read_text()), read=reader({}), defines=["split=3"])
    assert warnings == ()
    assert (spec.data.split_seed, spec.train.seed) == (3, 3)
    assert (spec.data.validation, spec.data.test) == (0.25, 0.25)
    assert load(Source("again", effective(spec)), read=reader({}))[0] == spec
    assert ([one.passes for one in spec.compare if isinstance(one, Mlp)] == [None, 30]) == is_compared(path)


def is_compared(path: Path) -> bool:
    """Whether the ReLU networks of its problem stand beside it."""
    return path.stem.removesuffix("_2x50").endswith("_search")


def test_every_problem_has_its_classical_networks() -> None:
    stems = {path.stem for path in (SPECS / "paper").glob("*.bdnn")}
    problems = {stem.partition("_split")[0] + "_search" + stem.partition("_split")[2] for stem in stems if "_split" in stem}
    assert problems <= stems
    assert len(problems) == 9
