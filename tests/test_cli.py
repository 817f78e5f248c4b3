"""The command line as a user meets it: products, exit codes, files, and what is not imported."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from child_python import said_by

from bdnnlang import cli, compiler
from bdnnlang.language.effective import effective
from bdnnlang.report.as_json import sha256

ROOT = Path(__file__).resolve().parents[1]
SPECS = sorted(path for path in (ROOT / "specs").glob("*.bdnn") if not path.with_suffix(".py").exists())  # that makes its data
TINY = """bdnn 1
data csv("xor.csv") {
  scale none
  test = 0%
}
network {
  weights in {-1, 0, 1}
  hidden 2
}
train {
  solver = scip
  exact 20s
}
"""
XOR = "a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    (tmp_path / "xor.csv").write_text(XOR)
    (tmp_path / "tiny.bdnn").write_text(TINY)
    return tmp_path / "tiny.bdnn"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of XOR, which two hidden neurons learn without an error."""
    folder = tmp_path_factory.mktemp("xor")
    (folder / "xor.csv").write_text(XOR)
    (folder / "tiny.bdnn").write_text(TINY)
    assert cli.main(["run", str(folder / "tiny.bdnn"), "--out", str(folder / "run")]) == 0
    return folder / "run"


# ---- run, and the folder it leaves


def test_a_run_leaves_what_the_contract_says(finished: Path) -> None:
    run = json.loads((finished / "run.json").read_text())
    assert {p.name for p in finished.iterdir()} >= {"spec.bdnn", "run.json", "network.json", "journal.jsonl", "solver.log"}
    assert list(run)[:3] == ["schema", "bdnnc", "versions"]
    assert set(run["data"]) >= {"source", "sha256", "rows", "features", "classes", "merged_rows", "irreducible_errors", "train"}
    stage = run["stages"][0]
    assert set(stage) >= {
        "stage",
        "solver",
        "formulation",
        "seconds",
        "status",
        "claimed_loss",
        "verified_loss",
        "bound",
        "nodes",
    }
    assert set(stage) >= {"columns", "binaries", "rows", "nonzeros"}
    result = run["result"]
    assert (result["status"], result["verified_loss"], result["bound"], result["gap"]) == ("optimal", 0, 0, 0.0)
    assert result["train_accuracy"] == 1.0
    assert result["test_accuracy"] is None
    assert result["network"] == "network.json"


def test_the_network_in_the_folder_computes_xor(finished: Path) -> None:
    layers = json.loads((finished / "network.json").read_text())["layers"]
    for a, b in ((0, 0), (0, 1), (1, 0), (1, 1)):
        u = [a, b]
        for layer in layers:
            pairs = zip(layer["weights"], layer["biases"], strict=True)
            u = [int(sum(w * x for w, x in zip(row, u, strict=True)) + bias >= 0) for row, bias in pairs]
        assert u == [a ^ b]


def test_the_report_says_claimed_and_verified(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--without", "guide_solver"]  # so that a solver is asked
    assert cli.main(["run", str(tiny), "--out", str(tmp_path / "r"), *flags]) == 0
    out, err = capsys.readouterr()
    for words in ("claimed loss", "verified loss", "optimal", "recomputed from the network in exact arithmetic", "SCIP"):
        assert words in out
    assert "verified loss" in err  # progress goes to standard error
    assert "\x1b" not in out


def test_json_stream_is_one_object_a_line(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", str(tiny), "--out", str(tmp_path / "r"), "--json-stream"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["type"] for line in lines} >= {"stage", "incumbent", "result"}
    assert lines[-1]["type"] == "result"
    assert lines[-1]["verified_loss"] == 0


def test_flags_override_the_spec(tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "r"
    flags = ["--seed", "5", "--time", "7", "--threads", "2", "--set", "train.exact.gap=10%"]
    assert cli.main(["run", str(tiny), "--out", str(out), *flags]) == 0
    text = (out / "spec.bdnn").read_text()
    for fact in (
        "seed = 5",
        "time = 7s",
        "threads = 2",
        "exact rest { gap = 10%, parts = 1, by_function = false, warm_start = true }",
    ):
        assert fact in text
    assert cli.main(["verify", str(out)]) == 0


def test_node_limits_make_runs_repeatable(tiny: Path, tmp_path: Path) -> None:
    texts = []
    for name in ("a", "b"):
        flags = ["--set", "train.exact.node_limit=20", "--seed", "3"]
        assert cli.main(["run", str(tiny), "--out", str(tmp_path / name), *flags]) == 0
        texts.append((tmp_path / name / "network.json").read_bytes())
    assert texts[0] == texts[1]


def test_resume_starts_from_the_journal(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = finished.parent / "tiny.bdnn"
    assert cli.main(["run", str(spec), "--out", str(finished), "--resume", "--json-stream"]) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (first["type"], first["verified_loss"]) == ("incumbent", 0)


def test_require_optimal_exits_3_when_it_is_not(tmp_path: Path) -> None:
    spec = tmp_path / "hard.bdnn"
    spec.write_text("bdnn 1\ndata random(samples=400, features=6, kind=noise)\nnetwork { hidden 3 }\ntrain { exact 1s }\n")
    assert cli.main(["run", str(spec), "--out", str(tmp_path / "r"), "--require-optimal"]) == 3
    assert json.loads((tmp_path / "r" / "run.json").read_text())["result"]["status"] == "feasible"


def test_optimal_at_a_margin_is_told_from_optimal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No neuron separates 0 1 0, but that the solver proves of those with the margin of its model only."""
    (tmp_path / "d.csv").write_text("x,y\n0,a\n1,b\n2,a\n3,a\n")
    spec, out = tmp_path / "line.bdnn", tmp_path / "r"
    spec.write_text('bdnn 1\ndata csv("d.csv") { test = 0% }\nnetwork { hidden 1 }\ntrain { exact 20s }\n')
    command = ["run", str(spec), "--out", str(out)]
    assert cli.main([*command, "--require-optimal"]) == 3
    result = json.loads((out / "run.json").read_text())["result"]
    assert (result["status"], result["verified_loss"], result["bound"]) == ("optimal_at_margin", 1, 1)
    assert (result["margin"], result["relative_margin"]) == (1e-4, True)
    said = "optimal at a margin: no better network has margin ≥ 0.0001, in layer 1 a part of the neuron's largest sum"
    assert said in " ".join(capsys.readouterr().out.split())
    assert cli.main(["verify", str(out)]) == 0
    again = tmp_path / "again"
    assert cli.main(["run", str(spec), "--out", str(again), "--require-optimal=at-margin"]) == 0


# ---- verify and predict


def test_verify_recomputes_without_a_solver(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = """
import sys
from bdnnlang import cli
say(cli.main(["verify", sys.argv[1]]))
say([m for m in ("pyscipopt", "highspy", "ortools") if m in sys.modules])
"""
    assert said_by(code, finished) == [0, []]
    assert cli.main(["verify", str(finished)]) == 0
    assert "result.verified_loss: 0" in capsys.readouterr().out


@pytest.mark.parametrize("change", ["weight", "loss", "accuracy", "bound", "spec", "data"])
def test_verify_finds_what_was_changed_by_hand(tiny: Path, tmp_path: Path, change: str) -> None:
    out = tmp_path / "r"
    assert cli.main(["run", str(tiny), "--out", str(out)]) == 0
    network, run, spec = out / "network.json", out / "run.json", out / "spec.bdnn"
    content = json.loads(run.read_text())
    match change:
        case "weight":
            changed = json.loads(network.read_text())
            changed["layers"][0]["weights"][0][0] += 1
            network.write_text(json.dumps(changed))
        case "loss":
            content["result"]["verified_loss"] = 1
        case "accuracy":
            content["result"]["train_accuracy"] = 0.75
        case "bound":
            content["result"]["bound"] = 3
        case "spec":
            spec.write_text(spec.read_text().replace("seed = 0", "seed = 1"))
        case "data":
            (tmp_path / "xor.csv").write_text(XOR.replace("1,1,0", "1,1,1"))
    run.write_text(json.dumps(content))
    assert cli.main(["verify", str(out)]) == 4


def test_verify_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", str(tmp_path)]) == 2
    assert "run.json: there is no such file" in capsys.readouterr().err


def test_predict_gives_a_class_a_row(finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = tmp_path / "new.csv"
    rows.write_text("b,a\n1,0\n1,1\n")
    assert cli.main(["predict", str(finished), str(rows)]) == 0
    assert capsys.readouterr().out.splitlines() == ["class", "1", "0"]
    assert cli.main(["predict", str(finished), str(rows), "-o", str(tmp_path / "out.csv")]) == 0
    assert (tmp_path / "out.csv").read_text() == "class\n1\n0\n"


def test_show_prints_the_network_of_a_run_as_rules(finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["show", str(finished), "--rules", "--full"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["h1", "h2", "1", "else"]
    assert all(" a" in line and " b" in line for line in lines[:2])
    assert cli.main(["show", str(tmp_path), "--rules"]) == 2
    assert cli.main(["show", str(finished / "spec.bdnn"), "--full"]) == 2
    network = json.loads((finished / "network.json").read_text())
    damaged = json.dumps(network | {"preprocessing": {}})
    run = json.loads((finished / "run.json").read_text())
    run["result"]["network_sha256"] = sha256(damaged)
    (tmp_path / "spec.bdnn").write_text((finished / "spec.bdnn").read_text())
    (tmp_path / "run.json").write_text(json.dumps(run))
    (tmp_path / "network.json").write_text(damaged)
    assert cli.main(["show", str(tmp_path), "--rules"]) == 2
    (tmp_path / "network.json").write_text(damaged.replace("}", " }"))
    assert cli.main(["show", str(tmp_path), "--rules"]) == 4
    assert "network.json is damaged" in capsys.readouterr().err


# ---- check, show, plan, compile


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.stem)
def test_every_spec_checks_and_prints_itself(spec: Path, tmp_path: Path) -> None:
    assert cli.main(["check", "--strict", str(spec)]) == 0
    whole, _ = compiler.read_spec(spec)
    again = tmp_path / spec.name
    again.write_text(effective(whole))
    assert compiler.read_spec(again)[0] == whole


def test_the_spec_in_the_readme_is_the_one_in_specs(tmp_path: Path) -> None:
    block = (ROOT / "README.md").read_text().split("## A spec and its report")[1].split("```")[1]
    (tmp_path / "readme.bdnn").write_text(block)
    assert compiler.read_spec(tmp_path / "readme.bdnn")[0] == compiler.read_spec(ROOT / "specs/iris_integer.bdnn")[0]


def test_five_mistakes_are_five_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "five.bdnn"
    spec.write_text(
        'bdnn 1\ndata iris { tets = 20% }\nnetwork { hiden 2, weights = [-1, 1] }\ntrain {\n  solver = "scip"\n  exact 10m\n}\n'
    )
    assert cli.main(["check", "--output", "json", str(spec)]) == 1
    (file,) = json.loads(capsys.readouterr().err)["files"]
    told = file["diagnostics"]
    assert [(d["line"], d["code"]) for d in told] == [(2, "E102"), (3, "E103"), (3, "E107"), (5, "E115"), (6, "E110")]
    assert all(d["column"] >= 1 and d["hint"] for d in told)


def test_check_without_data_imports_nothing_heavy(tiny: Path) -> None:
    code = """
import sys
from bdnnlang import cli
say(cli.main(["check", "--no-data", sys.argv[1]]))
say([m for m in ("numpy", "sklearn", "scipy", "pyscipopt", "highspy", "ortools", "rich") if m in sys.modules])
"""
    assert said_by(code, tiny) == [0, []]


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ([], "weights in int[-1, 1]"),
        (["--defaults"], "formulation = tight"),
        (["--ast"], "hidden"),
        (["--spec"], "NetworkSpec"),
        (["--format", "json"], '"kind": "Spec"'),
        (["--ir"], "step 1"),
        (["--after", "products_to_rows"], "s2_at_most_u_1_0_0"),  # of a sample whose output is to be on
        (["--after", "products_to_rows", "--set", "train.formulation=paper"], "s2_at_most_u_0_0_0"),
        (["--after", "products_to_rows", "--without", "error_bits"], "s2_at_most_u_0_0_0"),
        (["--after", "lattice_gap"], "threshold 1, unit 1"),
        (["--milp", "--limit", "0"], "off2_3_0"),
    ],
)
def test_show_prints_every_phase(tiny: Path, flags: list[str], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["show", str(tiny), *flags]) == 0
    assert expected in capsys.readouterr().out


def test_show_names_the_passes_there_are(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["show", str(tiny), "--after", "magic"]) == 2
    assert "products_to_rows" in capsys.readouterr().err


def test_plan_counts_the_model_that_compile_writes(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", str(tiny), "--format", "json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert cli.main(["compile", str(tiny), "-o", "-", "--to", "lp", "--stats"]) == 0
    out, err = capsys.readouterr()
    assert f"{plan['columns']} columns, {plan['binaries']} binary, {plan['rows']} rows, {plan['nonzeros']} nonzeros" in err
    assert out.count(">=") + out.count("<=") >= plan["rows"]


def test_compile_writes_the_same_bytes_packed_or_not(
    tiny: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    plain, packed = tmp_path / "x.mps", tmp_path / "x.mps.gz"
    assert cli.main(["compile", str(tiny), "-o", str(plain)]) == 0
    assert cli.main(["compile", str(tiny), "-o", str(packed)]) == 0
    assert cli.main(["compile", str(tiny), "-o", "-"]) == 0
    assert plain.read_bytes() == gzip.decompress(packed.read_bytes()) == capfdbinary.readouterr().out
    assert plain.read_bytes().startswith(b"NAME tiny FREE\n")


# ---- failing well


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["check", "nowhere.bdnn"], 2, "cannot read"),
        (["compile", "SPEC", "-o", "x.txt"], 2, "should end in"),
        (["compile", "SPEC", "-o", "no/such/folder/x.mps"], 2, "cannot write"),
        (["explain", "train.exact.gapp"], 2, "did you mean"),
        (["run", "SPEC", "--solver", "mosek"], 1, "E116"),
        (["run", "SPEC", "--set", "train.sede=1"], 1, "E102"),
        (["run", "SPEC", "-D", "width=2"], 1, "error[E1"),
    ],
)
def test_mistakes_on_the_command_line(
    tiny: Path, arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([str(tiny) if a == "SPEC" else a for a in arguments]) == code
    assert words in capsys.readouterr().err


def test_an_unknown_verb_is_a_usage_error() -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["trian"])
    assert ended.value.code == 2


def test_an_absent_solver_is_the_environments_fault(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bdnnlang.solve.available", lambda name: False)
    assert cli.main(["run", str(tiny), "--solver", "highs"]) == 5
    assert "pip install highspy" in capsys.readouterr().err


def test_continuous_weights_never_reach_cpsat(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", str(tiny), "--solver", "cpsat", "--set", "network.weights=1"]) == 1
    tiny.write_text(TINY.replace("{-1, 0, 1}", "[-1, 1]"))
    assert cli.main(["run", str(tiny), "--solver", "cpsat"]) == 1
    assert "E207" in capsys.readouterr().err


def test_a_bug_does_not_look_like_the_users_mistake(
    tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(compiler, "read_points", broken)
    assert cli.main(["check", str(tiny)]) == 70
    err = capsys.readouterr().err
    assert "internal error" in err
    assert "Traceback" not in err


def test_a_closed_pipe_is_no_error(tiny: Path) -> None:
    command = f"{sys.executable} -m bdnnlang.cli show {tiny} --milp --limit 0 | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""


def test_the_installed_package_has_its_grammar() -> None:
    package = Path(said_by("import bdnnlang; say(bdnnlang.__file__)", cwd=Path(os.sep))[0]).parent
    assert (package / "bdnn.lark").exists() or (package.parent / "grammar" / "bdnn.lark").exists()


def test_check_shows_the_data_on_standard_output(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(tiny)]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("csv xor.csv: 4 rows, 3 columns, 2 features")
    assert "no mistakes" in captured.err
    assert cli.main(["check", str(tiny), "--output", "json"]) == 0
    captured = capsys.readouterr()
    assert (json.loads(captured.err)["files"][0]["data"]["rows"], captured.out) == (4, "")
    for flags in (["--output", "concise"], ["--no-data"]):
        assert cli.main(["check", str(tiny), *flags]) == 0
        assert capsys.readouterr().out == ""
