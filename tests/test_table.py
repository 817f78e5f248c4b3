"""`specs/table.py`: runs what can be run, says what cannot, starts again where it ended, and rewrites its sections only."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from language.loading import reader

import bdnnlang as bd
from bdnnlang.language.effective import effective
from bdnnlang.language.load import load
from bdnnlang.language.spec import Mlp
from bdnnlang.report.sweeps.rows import SweepTable
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
Case, spread = table.Case, importlib.import_module("paper_table").spread


class Place:
    """A folder with specs, and the command on it."""

    def __init__(self, folder: Path, **specs: str) -> None:
        self.folder, self.readme = folder, folder / "README.md"
        (folder / "paper").mkdir()
        for name, text in specs.items():
            (folder / "paper" / f"{name}.bdnn").write_text(text)

    def run(self, *flags: str, sweep: Any = None) -> int:
        where = ["--specs", self.folder / "paper", "--readme", self.readme, "--data", self.folder]
        return int(table.main([*flags, *map(str, where)], sweep))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where sweeps write `runs/`."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def outcome(test: float, loss: float) -> dict[str, Any]:
    result = {"test_accuracy": test, "verified_loss": loss, "bound": 0, "seconds": 1.5, "status": "feasible"}
    result |= {"train_accuracy": 1.0, "network": "network.json"}
    mlp = {"model": "mlp", "settings": {"epochs": None}, "bytes": 40, "converged": True, "seconds": 1, "train_accuracy": 1.0}
    bdnn = {"model": "bdnn", "settings": {}, "bytes": 5, "test_accuracy": test}
    stage = {"verified_loss": loss, "binaries": 7, "status": "feasible"}
    compare = [bdnn, mlp | {"test_accuracy": 0.5}]
    return {"result": result, "compare": compare, "confusion": {"train": [[1, 0], [0, 1]]}, "stages": [stage]}


class Fake:
    """In place of `bd.run_sweep`: writes outcomes, the loss is the split, and remembers what it was asked."""

    def __init__(self, folder: Path, **states: str) -> None:
        self.folder, self.states = folder / "fake", states  # of the split with that number, as `split_1="failed"`
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.how: list[dict[str, Any]] = []

    def __call__(self, spec: Path, define: dict[str, Any], **how: Any) -> bd.SweepResult:
        self.asked.append((spec.stem, define))
        self.how.append(how)
        rows = [self.row(width, split) for width in define.get("width", [None]) for split in define["split"]]
        return bd.SweepResult(self.folder, tuple(rows), (), SweepTable((), (), ()))

    def row(self, width: int | None, split: int) -> dict[str, Any]:
        name = f"width={width},split={split}"
        (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / name / "run.json").write_text(json.dumps(outcome(0.9, split)))
        values = ({"width": str(width)} if width else {}) | {"split": str(split)}
        return {"folder": name, "values": values, "state": self.states.get(f"split_{split}", "ended"), "why": "out of luck"}


def losses(text: str) -> list[str]:
    """The means in the table, of runs whose loss is their split."""
    return [row.split("|")[6].strip() for row in text.splitlines() if row.startswith("| ") and "100.0 %" in row]


def test_a_run_is_made_once(folder: Path) -> None:
    place = Place(folder, tiny_exact=GOOD)
    assert place.run("--seeds", "2", "--workers", "1") == 0
    (sweep,) = (folder / "runs").iterdir()
    first = {split: (sweep / f"split={split}" / "run.json").read_text() for split in (0, 1)}
    assert place.run("--seeds", "2", "--workers", "1") == 0
    assert [one.name for one in (folder / "runs").iterdir()] == [sweep.name]
    assert {split: (sweep / f"split={split}" / "run.json").read_text() for split in (0, 1)} == first
    runs = [json.loads(text) for text in first.values()]
    shares = [spread([run["result"][name] for run in runs], 100, " %") for name in ("train_accuracy", "test_accuracy")]
    assert f"| tiny, 1 × 100 | exact, as in the paper | 2 | {shares[0]} | {shares[1]} |" in place.readme.read_text()


def test_what_does_not_load_is_said_and_the_rest_goes_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = GOOD.replace("exact 2s", "exact 2s, guess 1s")
    place, fake = Place(folder, bad_exact=bad, good_exact=GOOD, worse_exact="bdnn 1\n"), Fake(folder)

    def sweep(spec: Path, **how: Any) -> bd.SweepResult:
        return fake(spec, **how) if spec.stem == "good_exact" else bd.run_sweep(spec, **how)

    assert place.run("--seeds", "1", sweep=sweep) == 1
    text = place.readme.read_text()
    assert "- `bad_exact`, does not load: E103: unknown step `guess` in `train`" in text
    assert "- `worse_exact`, does not load: E120" in text
    assert "| good, 1 × 100 | exact, as in the paper | 1 | 100.0 % | 90.0 % | 0.0 | 0.0 | 5 | 1.5 | 1 feasible |" in text
    assert "|  | MLP, converged | 1 | 100.0 % | 50.0 % | – | – | 40 | 1.0 | 1 converged |" in text
    assert "bad_exact: does not load" in capsys.readouterr().err


def test_the_splits_before_the_first_that_failed(folder: Path) -> None:
    place = Place(folder, iris_exact=GOOD)
    assert place.run("--seeds", "5", sweep=Fake(folder, split_2="failed")) == 1
    text = place.readme.read_text()
    assert "- `iris_exact`, split 2: out of luck" in text
    assert losses(text)[0] == "0.5 ± 0.7"
    assert place.run("--seeds", "5", sweep=Fake(folder, split_0="failed")) == 1
    assert losses(place.readme.read_text()) == []


@pytest.mark.parametrize("state", ["waiting", "interrupted"])
def test_an_interrupted_sweep_is_the_last_one(folder: Path, state: str) -> None:
    place, fake = Place(folder, iris_exact=GOOD, iris_search=GOOD), Fake(folder, split_1=state)
    assert place.run("--seeds", "2", sweep=fake) == 130
    assert [name for name, _ in fake.asked] == ["iris_exact"]
    assert not place.readme.exists()


def test_only_some(folder: Path) -> None:
    place, fake = Place(folder, iris_search=GOOD, iris_split=GOOD, wine_search=GOOD), Fake(folder)
    assert place.run("--only", "iris_*", "--time", "9s", "--seeds", "2", "--workers", "3", sweep=fake) == 0
    assert fake.asked == [(name, {"split": range(2)}) for name in ("iris_search", "iris_split")]
    assert fake.how == [{"time": 9, "workers": 3, "resume": True}] * 2
    assert "`python specs/table.py --seeds 2 --only 'iris_*' --time 9s`" in place.readme.read_text()


def test_widths_and_fewer_splits(folder: Path) -> None:
    place = Place(folder, wine_added=GOOD, iris_alternate=GOOD, iris_search=GOOD, iris_exact_small=GOOD)
    fake = Fake(folder)
    assert place.run("--seeds", "3", sweep=fake) == 0
    assert dict(fake.asked) == {
        "wine_added": {"width": (4, 10, 20), "split": range(2)},
        "iris_alternate": {"split": range(2)},
        "iris_exact_small": {"width": (10,), "split": range(2)},
        "iris_search": {"split": range(3)},
    }
    text = place.readme.read_text()
    assert [f"| wine | {width} | 2 | 0.5 ± 0.7 |" in text for width in (4, 10, 20)] == [True] * 3
    assert "| iris, 1 × 10 | exact, as in the paper | 2 |" in text


def test_files_of_the_authors_are_brought_where_they_are(folder: Path) -> None:
    place, fake = Place(folder, uniform_search=GOOD), Fake(folder)
    assert place.run("--seeds", "3", sweep=fake) == 0
    assert fake.asked == []
    for number in (0, 1):
        (folder / FILE.format(number)).write_text("1;2\n")
    assert place.run("--seeds", "3", sweep=fake) == 0
    assert sorted(file.name for file in (folder / "paper" / "data").iterdir()) == [FILE.format(0), FILE.format(1)]
    files = [f"data/{FILE.format(number)}" for number in (0, 1)]
    assert [(define["file"], list(define["split"])) for _, define in fake.asked] == [(files[0], [0, 2]), (files[1], [1])]
    assert losses(place.readme.read_text())[0] == "1.0 ± 1.0"


def test_runs_stand_by_split_whatever_their_file(folder: Path) -> None:
    args = table._arguments(["--seeds", "5"])
    points = table._points(Case(Path("uniform_search.bdnn"), 5, files=("a", "b")), args, Fake(folder))
    assert [point.split for point in points] == [0, 1, 2, 3, 4]
    assert [point.run()["result"]["verified_loss"] for point in points] == [0, 1, 2, 3, 4]
    assert [define["file"] for define in Case(Path("x"), 1, files=("a", "b")).sweeps()] == ["a"]


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
