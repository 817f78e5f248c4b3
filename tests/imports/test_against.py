"""A network against a model file: what another reader (HiGHS) reads decides, and a changed number is found by name."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from drawn import some_network

import bdnnlang as bd
from bdnnlang import solve
from bdnnlang.cli import main
from bdnnlang.compiler import build_file, read_data
from bdnnlang.diagnostics import Rejected
from bdnnlang.imports.against import against
from bdnnlang.model.model import Model
from bdnnlang.network.network import Network
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.solve import Naming

SPECS = {
    "integers": "data iris { classes = [versicolor, virginica], scale none, sample 12, test = 0% }\n"
    "network { weights in {-1, 0, 1}, hidden 1 }\ntrain { local_search { restarts = 2 } }",
    "real": "data random(samples=9, features=2, kind=noise, seed=5) { test = 0% }\n"
    "network { hidden 2 }\ntrain { local_search { restarts = 2 } }",
    "classes, priced": "data iris { test = 0%, sample 9 }\nnetwork { weights in {-1, 0, 1}, hidden 2 }\n"
    "train { loss = hamming + 0.1 * sparsity, local_search { restarts = 2 } }",
}


def drawn(name: str) -> tuple[TrainingProblem, Network]:
    """A spec, and a network at random that its model has a point for."""
    spec = bd.load_spec(f"bdnn 1\n{SPECS[name]}\n")
    training = TrainingProblem(spec, read_data(spec, Path()))
    return training, some_network(training, Model.for_file(training), seed=1)[0]


@pytest.fixture(scope="module", params=SPECS)
def case(request: pytest.FixtureRequest) -> tuple[TrainingProblem, Network]:
    return drawn(request.param)


def write(training: TrainingProblem, path: Path, names: Naming = "long", permute: int | None = None) -> Path:
    form = path.name.removesuffix(".gz").rpartition(".")[2]
    solve.save(form, build_file(training.spec, training.data, form, permute=permute).milp, path, names=names)
    return path


@pytest.mark.parametrize("names", ["long", "short"])
@pytest.mark.parametrize("file", ["x.mps", "x.lp", "x.mps.gz", "x.lp.gz"])
def test_a_network_is_a_point_of_its_file(
    file: str, names: Naming, case: tuple[TrainingProblem, Network], tmp_path: Path
) -> None:
    training, network = case
    checked = against(training, network, write(training, tmp_path / file, names, permute=3))
    milp = Model.for_file(training).milp
    assert checked.broken == []
    assert checked.objective == training.incumbent(network).objective
    assert (checked.bounds, checked.whole) == (milp.columns + (milp.offset != 0), int(milp.integrality.sum()))
    assert checked.rows >= milp.rows


@pytest.mark.parametrize("file", ["x.mps", "x.lp"])
def test_a_changed_side_is_told_by_its_row(file: str, case: tuple[TrainingProblem, Network], tmp_path: Path) -> None:
    """Each row in turn: with a right side just beyond what the point comes to it does not hold, and with that it does."""
    training, network = case
    path = write(training, tmp_path / file)
    model = Model.for_file(training)
    milp = model.milp
    activity, names = milp.activity(model.encode(network)), milp.row_names().tolist()
    whole = [row for row in range(milp.rows) if milp.row_upper[row] < float("inf") and activity[row] == round(activity[row])]
    assert whole
    for row in whole[:: max(1, len(whole) // 3)]:
        name, value = names[row].decode(), round(activity[row])
        for side, broken in ((value, []), (value - 1e-9, [f"row {name}"])):
            other = tmp_path / f"other{path.suffix}"
            other.write_text(with_side(path.read_text(), name, side))
            assert [what for what, _ in against(training, network, other).broken] == broken


def with_side(text: str, name: str, side: float) -> str:
    if text.startswith("\\"):
        changed, count = re.subn(rf"(?s)(\n {name}: [^:]*?(?:<=|>=|=) )\S+", rf"\g<1>{side!r}", text)
        assert count == 1
        return changed
    without = re.sub(rf"\n RHS {name} \S+", "", text)
    return without.replace("\nRHS\n", f"\nRHS\n RHS {name} {side!r}\n")


def test_bounds_whole_numbers_and_the_objective(tmp_path: Path) -> None:
    training, network = drawn("integers")
    model = Model.for_file(training)
    path = write(training, tmp_path / "x.lp")
    plain, column = path.read_text(), "b1_0"
    value = float(model.encode(network)[model.milp.col_names().tolist().index(column.encode())])
    path.write_text(re.sub(rf"\n \S+ <= {column} <= ", f"\n {value + 0.5!r} <= {column} <= ", plain))
    (broken,) = against(training, network, path).broken
    assert broken == (f"column {column}", f"{value:g} >= {value + 0.5:g} does not hold, by 0.5")
    terms = {name: int(cost) for cost, name in re.findall(r"\+ (\d+) (u2_\w+)", plain.partition("Subject To")[0])}
    name = next(iter(terms))
    at = float(model.encode(network)[model.milp.col_names().tolist().index(name.encode())])
    path.write_text(plain.replace(f"+ {terms[name]} {name}", f"+ {terms[name] + 3} {name}", 1))
    assert against(training, network, path).objective == training.incumbent(network).objective + 3 * at


def test_what_is_no_whole_number(tmp_path: Path) -> None:
    """A file that asks for more than the model does."""
    training, network = drawn("real")
    path = write(training, tmp_path / "x.lp")
    path.write_text(path.read_text().replace("General\n", "General\n W1_0_0\n"))
    model = Model.for_file(training)
    weight = float(model.encode(network)[model.milp.col_names().tolist().index(b"W1_0_0")])
    assert weight % 1
    assert against(training, network, path).broken == [("column W1_0_0", f"is {weight!r}, which is not whole")]


@pytest.mark.parametrize(
    ("change", "code", "problem", "line"),
    [
        (("u1_1_0", "u1_99_0"), "E303", "`u1_99_0` is no column of the model of the run", True),
        (("ENDATA", ""), "E302", "the file is cut off: it does not end with `ENDATA`", True),
        (("\nRHS\n", "\nRANGES\n"), "E302", "`RANGES` is no section that is known here", True),
        ((" L ", " X "), "E302", "`X` is no relation: N, L, G and E are", True),
    ],
)
def test_other_files_are_refused_with_their_place(
    change: tuple[str, str], code: str, problem: str, line: bool, tmp_path: Path
) -> None:
    training, network = drawn("integers")
    path = write(training, tmp_path / "x.mps")
    assert change[0] in path.read_text()
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(Rejected) as rejected:
        against(training, network, path)
    (diagnostic,) = rejected.value.diagnostics
    assert (diagnostic.code, diagnostic.message) == (code, f"`{path}`: {problem}")
    assert (diagnostic.span is not None) == line


@pytest.mark.parametrize(
    ("name", "content"), [("x.mps.gz", b"no gzip"), ("x.lp.gz", gzip.compress(b"Minimize\n")[:-9])], ids=["no gzip", "cut short"]
)
def test_what_cannot_be_unpacked(name: str, content: bytes, tmp_path: Path) -> None:
    training, network = drawn("integers")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Rejected) as rejected:
        against(training, network, tmp_path / name)
    assert rejected.value.diagnostics[0].code == "E302"


def test_the_verb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("s.bdnn").write_text(f"bdnn 1\n{SPECS['integers']}\n")
    assert main(["run", "s.bdnn", "--out", "run"]) == 0
    assert main(["compile", "s.bdnn", "-o", "x.lp"]) == 0
    capsys.readouterr()
    assert main(["verify", "run", "--against", "x.lp"]) == 0
    out = capsys.readouterr().out
    assert "ok      x.lp: objective: " in out
    assert "whole numbers: all hold" in out
    Path("y.lp").write_text(re.sub(r"(COST:.*)\+ 0 b2_0", r"\1+ 1 b2_0", Path("x.lp").read_text(), flags=re.DOTALL))
    assert Path("y.lp").read_text() != Path("x.lp").read_text()
    assert main(["verify", "run", "--against", "y.lp"]) == 4
    assert "WRONG   y.lp: objective: " in capsys.readouterr().out
    assert main(["verify", "run", "--against", "none.lp"]) == 2
    assert main(["verify", "run", "--against", "s.bdnn"]) == 1
    assert "error[E301]: `s.bdnn`: it is no model file that is known" in capsys.readouterr().err
