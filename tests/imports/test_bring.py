"""What is brought in a file becomes a network with a verified loss, whatever wrote it and whatever passes made of the model."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from drawn import some_network

import bdnnlang as bd
from bdnnlang.data.load import load as load_data
from bdnnlang.imports import bring as bringing
from bdnnlang.imports.bring import Brought, Word, bring, facts_of, run_of
from bdnnlang.model.model import Model
from bdnnlang.network.network import Layer, Network
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.run.facts import ClaimRejected, NetworkFound
from bdnnlang.run.status import RunStatus
from bdnnlang.search.constant_networks import constant_incumbent
from bdnnlang.solve import Naming
from bdnnlang.solve.files import text

ANSWERS = Path(__file__).parents[1] / "solve" / "answers" / "files"
NO_NETWORK = ("infeasible", "interior", "none", "relaxation", "stopped", "table", "pair", "bits", "clasp")
WITH_NETWORK = sorted(path.name for path in ANSWERS.iterdir() if not any(word in path.name for word in NO_NETWORK))

SPECS = {
    "integers": "data iris { classes = [versicolor, virginica], scale none, test = 25% }\n"
    "network { weights in {-1, 0, 1}, hidden 1 }\ntrain { seed = 7, exact 10s }",
    "two neurons": "data random(samples=12, features=3, kind=noise, seed=5) { test = 0% }\n"
    "network { hidden 2 }\ntrain { exact 10s }",
    "three classes": "data iris { test = 0%, sample 12 }\nnetwork { weights in [0.5, 1], hidden 2 }\ntrain { exact 10s }",
    "deep, priced": "data random(samples=9, features=2, kind=noise, seed=2) { test = 0% }\n"
    "network { weights in {-1, 0, 1}, hidden 2, hidden 1 }\n"
    "train { loss = zero_one + 0.25 * sparsity, class_weight = [1, 1.5], exact 10s }",
}
FORMS = ("", "train.formulation=paper", "train.without=[unit_rows]")


def training_of(text: str, *, form: str = "") -> TrainingProblem:
    spec = bd.load_spec(f"bdnn 1\n{text}\n")
    if form:
        name, _, value = form.removeprefix("train.").partition("=")
        own = {"formulation": value} if name == "formulation" else {"without": ("unit_rows",)}
        spec = replace(spec, train=replace(spec.train, **own))
    return TrainingProblem(spec, load_data(spec.data, ANSWERS))


@pytest.fixture(scope="module")
def pair() -> TrainingProblem:
    return training_of((ANSWERS / "pair.bdnn").read_text().removeprefix("bdnn 1\n"))


@pytest.mark.parametrize("names", ["by order", "by name"])
def test_answers_to_permuted_files(names: str, pair: TrainingProblem, tmp_path: Path) -> None:
    """What GLPK says by order needs the seed, what has names does with or without it; another seed, or none, is refused."""
    model = Model.for_file(pair)
    milp = model.program(7)
    x = model.encode(bring(pair, ANSWERS / "highs.sol").incumbent.network)[milp.order[0]]  # type: ignore[index]
    columns = [*zip(milp.col_names().tolist(), x, strict=True), *([(b"ONE", 1.0)] if milp.offset else [])]
    by_order = "".join(f"j {number} {value!r}\n" for number, (_, value) in enumerate(columns, 1))
    text = f"s mip {milp.rows} {len(columns)} o 1\n{by_order}e o f\n"
    if names == "by name":
        text = "# Objective value = 1\n" + "".join(f"{name.decode()} {value!r}\n" for name, value in columns)
    (tmp_path / "x.sol").write_text(text.replace("np.float64(", "").replace(")", ""))
    assert bring(pair, tmp_path / "x.sol", 7).incumbent.loss == 1
    for seed in (None, 8):
        if names == "by name":
            assert bring(pair, tmp_path / "x.sol", seed).incumbent.loss == 1
        else:
            with pytest.raises(bd.SpecError, match="--permute"):
                bring(pair, tmp_path / "x.sol", seed)


@pytest.mark.parametrize("name", WITH_NETWORK)
def test_the_answer_of_each_program_is_the_same_loss(name: str, pair: TrainingProblem) -> None:
    brought = bring(pair, ANSWERS / name)
    assert brought.incumbent.loss == 1 == brought.origin.claimed_objective
    assert brought.kept
    assert pair.contains(brought.incumbent.network)
    assert brought.origin.sha256 == hashlib.sha256((ANSWERS / name).read_bytes()).hexdigest()


WRITERS: dict[str, Callable[[list[str], list[float], float], str]] = {
    "names": lambda names, x, v: f"=obj= {v!r}\n" + "".join(f"{n} {value!r}\n" for n, value in zip(names, x, strict=True)),
    "order": lambda names, x, v: (
        f"s mip 1 {len(x)} o {v!r}\n" + "".join(f"j {j} {y!r}\n" for j, y in enumerate(x, 1)) + "e o f\n"
    ),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", SPECS)
def test_every_pass_is_undone(name: str, form: str, tmp_path: Path) -> None:
    training = training_of(SPECS[name], form=form)
    model = Model.for_file(training)
    names = [n.decode() for n in model.milp.col_names()]
    for seed, (kind, written) in enumerate(WRITERS.items()):
        network, point = some_network(training, model, seed)
        one = [1.0] * (model.milp.offset != 0)
        file = tmp_path / f"{kind}.sol"
        file.write_text(written([*names, *["ONE"] * len(one)], [*point.tolist(), *one], model.milp.objective(point)))
        brought = bring(training, file)
        assert brought.kept
        assert brought.incumbent.objective <= training.incumbent(network).objective
        assert abs(brought.origin.claimed_objective - training.incumbent(network).objective) <= Fraction(1, 10**6)


def test_names_of_short_models(pair: TrainingProblem, tmp_path: Path) -> None:
    bd.compile_model(pair.spec).write(tmp_path / "short.mps", names="short")
    x = point_of(pair, ANSWERS / "glpk.sol")
    (tmp_path / "short.sol").write_text("".join(f"x_{place} {value!r}\n" for place, value in enumerate(x)))
    assert bring(pair, tmp_path / "short.sol").incumbent.loss == 1


def point_of(training: TrainingProblem, file: Path) -> list[float]:
    return [float(line.split()[2]) for line in file.read_text().splitlines() if line.startswith("j ")][:-1]


# ---- networks as they are


WEIGHTS = "layer,bias,x1,x2\n1,0.5,-1,0.25\n2,-0.75,1\n"


def csv(training: TrainingProblem, tmp_path: Path, text: str) -> Brought:
    (tmp_path / "w.csv").write_text(text)
    return bring(training, tmp_path / "w.csv")


def test_weights_as_csv(pair: TrainingProblem, tmp_path: Path) -> None:
    network = csv(pair, tmp_path, WEIGHTS).incumbent.network
    assert network == Network((Layer(np.array([[-1, 0.25]]), np.array([0.5])), Layer(np.array([[1.0]]), np.array([-0.75]))))
    assert csv(pair, tmp_path, "# by hand\n" + WEIGHTS.partition("\n")[2]).incumbent.network == network


def test_a_network_has_no_order_of_columns(pair: TrainingProblem, tmp_path: Path) -> None:
    file = tmp_path / "w.csv"
    file.write_text(WEIGHTS)
    assert said(pair, file, 7)[:2] == ("E303", f"`{file}`: it is a network, which has no order of columns")


@pytest.mark.parametrize(("own", "other", "first"), [("long", "short", "W1_0_0"), ("short", "long", "x_0")])
def test_names_are_those_that_are_asked_for(
    own: Naming, other: Naming, first: str, pair: TrainingProblem, tmp_path: Path
) -> None:
    """Without a word both are recognised."""
    milp, file = Model.for_file(pair).milp, tmp_path / "x.sol"
    x = Model.for_file(pair).encode(bring(pair, ANSWERS / "highs.sol").incumbent.network)
    names = text.labels(milp, own)[0].tolist()
    file.write_text(WRITERS["names"]([name.decode() for name in names], x.tolist(), milp.objective(x)))
    assert bring(pair, file).incumbent.loss == bring(pair, file, names=own).incumbent.loss == 1
    problem = f"`{file}`: `{first}` is one of the {own} names, and the file should have {other} ones"
    assert said(pair, file, names=other) == ("E303", problem, (2, 1))
    file.write_text(file.read_text().replace(f"{first} ", "y "))
    assert said(pair, file, names=other) == said(pair, file) == ("E303", f"`{file}`: `y` is no column of the model", (2, 1))


@pytest.mark.parametrize("name", ["glpk.sol", "w.csv"])
def test_what_has_no_names_has_none_to_ask_for(name: str, pair: TrainingProblem, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text(WEIGHTS if name == "w.csv" else (ANSWERS / name).read_text())
    why = "it is a network, which has no names of columns" if name == "w.csv" else "its values have no names"
    assert bring(pair, file)
    assert said(pair, file, names="long")[:2] == ("E303", f"`{file}`: {why}")


def said(
    training: TrainingProblem, file: Path, permute: int | None = None, names: Naming | None = None
) -> tuple[str, str, tuple[int, int] | None]:
    with pytest.raises(bd.SpecError) as caught:
        bring(training, file, permute, names)
    (diagnostic,) = caught.value.diagnostics
    assert str(file) in diagnostic.message
    assert diagnostic.hint
    return diagnostic.code, diagnostic.message, diagnostic.span.first if diagnostic.span else None


@pytest.mark.parametrize(
    ("text", "code", "problem", "place"),
    [
        (WEIGHTS.replace("-0.75", "minus"), "E302", "cell 2 of line 3 is not a number: `minus`", (3, 3)),
        (WEIGHTS.replace("0.5,-1,0.25", "0.5,-1,"), "E302", "cell 4 of line 2 is not a number: ``", (2, 10)),
        (WEIGHTS.replace("2,-0.75,1", "2,-0.75,1,1"), "E308", "line 3 has 2 weights for 1 inputs", (3, 11)),
        (WEIGHTS.replace("2,-0.75,1", "3,-0.75,1"), "E308", "the layer in line 3 is 3, and should be 1 or 2", (3, 1)),
        (WEIGHTS.replace("2,-0.75,1\n", ""), "E308", "it is a network 2 → 1, and the spec asks for 2 → 1 → 1", None),
        (WEIGHTS.replace("-1,0.25", "-1.5,0.25"), "E308", "W1 has -1.5, which the spec does not allow", None),
        ("layer,bias,x1\n", "E304", "it holds no weights", None),
    ],
)
def test_mistakes_in_weights(
    text: str, code: str, problem: str, place: tuple[int, int] | None, pair: TrainingProblem, tmp_path: Path
) -> None:
    (tmp_path / "w.csv").write_text(text)
    found = said(pair, tmp_path / "w.csv")
    assert (found[0], problem in found[1], found[2]) == (code, True, place), found


def test_a_network_json_and_its_layers_alone(pair: TrainingProblem, tmp_path: Path) -> None:
    result = bd.import_solution(pair.spec, ANSWERS / "scip.sol")
    folder = result.save(tmp_path / "run")
    again = bring(pair, folder / "network.json")
    assert (again.incumbent.network, again.origin.form, again.notes) == (result.network, "network.json", ())
    content = json.loads((folder / "network.json").read_text())
    file = tmp_path / "n.json"
    file.write_text(json.dumps({"layers": content["layers"]}))
    assert bring(pair, file).incumbent.network == result.network
    file.write_text(json.dumps(content | {"features": ["x2", "x1"]}))
    assert said(pair, file)[:2] == ("E308", f"`{file}`: its features are others than those of the data: `x2` for `x1`")
    file.write_text(json.dumps(content | {"classes": ["1", "0"]}))
    assert "its classes are others" in said(pair, file)[1]
    file.write_text('{"layers": 3}')
    assert said(pair, file)[:2] == ("E302", f"`{file}`: it is no `network.json`: `layers` is 3, not a list")
    other = content["preprocessing"] | {"columns": []}
    file.write_text(json.dumps(content | {"preprocessing": other}))
    assert "its preprocessing is another one" in bring(pair, file).notes[0]


# ---- what is said of a network


def facts(brought: Brought, training: TrainingProblem, word: Word | None = None) -> list[object]:
    return list(facts_of(brought, training, word))


def test_a_claim_that_the_network_does_not_keep_is_said(pair: TrainingProblem, monkeypatch: pytest.MonkeyPatch) -> None:
    constant = constant_incumbent(Model.of(pair, implications=False).built, pair)
    monkeypatch.setattr(bringing, "verified_incumbent", lambda *_: constant)
    known = facts(bring(pair, ANSWERS / "highs.sol"), pair)
    run = run_of(known, pair, 0.0)  # type: ignore[arg-type]
    assert run.imported is not None
    assert run.imported.rejected == ("the network does not keep the loss of 1 that its values come to: its own is 4",)
    assert (run.status, run.best) == (RunStatus.FEASIBLE, constant)


@pytest.mark.parametrize(("bound", "refuted"), [(1.0, False), (0.5, False), (2.0, True)])
def test_a_bound_is_a_word(bound: float, refuted: bool, pair: TrainingProblem) -> None:
    known = facts(bring(pair, ANSWERS / "gurobi.sol"), pair, Word(bound, "gurobi"))
    run = run_of(known, pair, 0.0)  # type: ignore[arg-type]
    assert run.imported is not None
    assert (run.imported.bound, run.imported.bound_by) == (bound, "gurobi")
    assert (run.bound, run.status) == (0, RunStatus.FEASIBLE)  # it proves nothing
    assert bool(run.imported.rejected) is refuted
    assert any(isinstance(fact, ClaimRejected) for fact in known) is refuted


def test_a_bound_is_in_the_unit_of_the_objective(tmp_path: Path) -> None:
    training = training_of(SPECS["deep, priced"])
    model = Model.for_file(training)
    _, point = some_network(training, model, 1)
    names = [name.decode() for name in model.milp.col_names()]
    (tmp_path / "x.sol").write_text(WRITERS["names"](names, point.tolist(), model.milp.objective(point)))
    run = run_of(facts(bring(training, tmp_path / "x.sol"), training, Word(3, "copt")), training, 0.0)  # type: ignore[arg-type]
    assert run.imported is not None
    assert model.problem.unit != 1
    assert run.imported.bound == float(3 * model.problem.unit)


def test_a_network_that_meets_what_counting_proves_is_optimal(tmp_path: Path) -> None:
    data = bd.Dataset.from_arrays([[0], [1], [1], [2]], ["a", "a", "b", "b"])
    spec = bd.load_spec("bdnn 1\nnetwork { weights in {-1, 0, 1}, hidden 1 }\ntrain { exact 10s }\n")
    training = TrainingProblem(spec, data)
    known = facts(csv(training, tmp_path, "1,-0.5,1\n2,-0.5,1\n"), training)
    run = run_of(known, training, 0.0)  # type: ignore[arg-type]
    assert (training.irreducible, run.bound, run.status) == (1, 1, RunStatus.OPTIMAL)


# ---- damage


def outcome(training: TrainingProblem, file: Path) -> tuple[bool, int]:
    """Is it refused, and in how many diagnostics? Else: is the network no worse than the file of one byte more or less?"""
    try:
        brought = bring(training, file)
    except bd.SpecError as error:
        return True, len(error.diagnostics)
    return False, int(brought.incumbent.loss > 1 and brought.kept)


@pytest.mark.parametrize("name", WITH_NETWORK)
def test_a_damaged_copy_is_one_error_or_the_same_loss(name: str, pair: TrainingProblem, tmp_path: Path) -> None:
    content = (ANSWERS / name).read_bytes()
    chance, file = random.Random(name), tmp_path / "damaged.sol"
    for _ in range(6):
        at = chance.randrange(len(content))
        file.write_bytes(content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :])
        assert outcome(pair, file) in ((True, 1), (False, 0))


def test_a_fact_names_the_file(pair: TrainingProblem) -> None:
    (found,) = (fact for fact in facts(bring(pair, ANSWERS / "cbc.sol"), pair) if isinstance(fact, NetworkFound))
    assert found.origin is not None
    assert (found.origin.file, found.by) == (str(ANSWERS / "cbc.sol"), "CBC")
