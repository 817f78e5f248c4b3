"""Every number of `run.json` is computed again or listed; whatever else a run folder holds does no harm."""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import forge
import pytest

from bdnnlang import cli
from bdnnlang.compiler import CannotRead
from bdnnlang.diagnostics import Rejected
from bdnnlang.folder import verify as verification
from bdnnlang.folder.verify import verify_run
from bdnnlang.report.as_json import sha256

POINTS = [(i * 7 % 16, i * i % 11) for i in range(16)]
CSV = "a,b,y\n" + "".join(f"{a},{b},{'no' if (a + b < 12) ^ (a % 7 == 3) else 'yes'}\n" for a, b in POINTS)
CONTINUOUS = "network { hidden 1 }\n"
INTEGER = "network {\n  weights in {-1, 0, 1}\n  hidden 1\n}\n"
PLAIN = 'bdnn 1\ndata csv("d.csv") {\n  test = 25%\n  scale none\n}\n'
PARTS = 'bdnn 1\ndata csv("d.csv") {\n  test = csv("t.csv")\n  validation = 25%\n}\n'

SPECS = {
    "integer": PLAIN + INTEGER + "train { exact 20s }\n",
    "continuous": PARTS + CONTINUOUS + "train { exact 20s }\n",
    "stages": PARTS + CONTINUOUS + "train {\n  local_search 1s { restarts = 1 }\n  data_split 9s { splits = 2 }\n  exact 9s\n}\n",
    "selected": PARTS
    + "network {\n  weights in {-1, 0, 1}\n  hidden 6\n}\n"
    + "train { local_search { method = meanfield, steps = 40, restarts = 2, select = validation } }\n",
    "alternate": PLAIN + INTEGER + "train { local_search 9s { method = alternate, restarts = 0 } }\n",
    "penalties": PLAIN + INTEGER + "train {\n  loss = hamming + 0.3 * sparsity\n  class_weight = balanced\n  exact 20s\n}\n",
    "robust": PLAIN
    + INTEGER
    + "robust linf(0.2)\ntrain { exact 20s }\nevaluate {\n  attack linf(1)\n  attack random_sign([0, 1])\n}\n",
    "certified": PLAIN + INTEGER + "robust linf(0.7) { method = certified }\ntrain { exact 20s }\n",
    "compare": PLAIN + INTEGER + "train { local_search 1s { restarts = 1 } }\ncompare {\n  majority\n  tree { depth = 2 }\n}\n",
}


@pytest.fixture(scope="module", params=SPECS)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run, beside its spec and its data."""
    place = tmp_path_factory.mktemp("run")
    (place / "d.csv").write_text(CSV)
    (place / "t.csv").write_text(CSV)
    (place / "s.bdnn").write_text(SPECS[request.param])
    assert cli.main(["run", str(place / "s.bdnn"), "--out", str(place / "out")]) == 0
    return place / "out"


def looked_at(folder: Path) -> tuple[str, set[str]]:
    """What is wrong with a folder (nothing: ""), and what of it is not checked."""
    try:
        claims = verify_run(folder)
    except (CannotRead, Rejected) as error:
        return str(error) or "rejected", set()
    wrong = [claim.name for claim in claims if not claim.holds]
    return ", ".join(wrong), {claim.name for claim in claims if claim.why_not}


def is_listed(place: str, listed: set[str]) -> bool:
    """Is a place, or one above or below it, among those that are not checked?"""
    place = re.sub(r"steps\[\d+\]", "steps[*]", place)
    return any(
        one == other or other.startswith((f"{one}.", f"{one}["))
        for name in listed
        for one, other in ((place, name), (name, place))
    )


def test_an_honest_run_holds(folder: Path) -> None:
    wrong, listed = looked_at(folder)
    assert wrong == ""
    assert {"result.seconds", "stages[0].seconds", "stages[0].status", "spec.path", "bdnnc"} <= listed
    assert not any(name.startswith(("data", "counts", "confusion", "per_class", "bounds", "attacks")) for name in listed)
    proved = {"result.status", "result.verified_loss", "result.bound", "result.gap", "result.margin", "stages[0].verified_loss"}
    assert not proved & listed


@pytest.mark.parametrize("some", [15, pytest.param(100, marks=pytest.mark.slow)])
def test_edits_are_found_or_of_what_is_listed(folder: Path, some: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some of all single edits of values, keys and items; others for every spec."""
    edits, dice = unlisted(folder), random.Random(8)
    assert len(edits) > 300
    check(folder, tmp_path, monkeypatch, dice.sample(edits, some))


def unlisted(folder: Path) -> list[tuple[str, forge.Path, Any]]:
    """All edits of what is not said to be unchecked."""
    run, listed = json.loads((folder / "run.json").read_text()), looked_at(folder)[1]
    return [edit for edit in forge.edits(run) if not is_listed(forge.name(edit[1]), listed)]


def check(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edits: list[tuple[str, forge.Path, Any]]) -> None:
    remember(monkeypatch)
    copied(folder, tmp_path)
    for what, path, document in edits:
        (tmp_path / "run.json").write_text(json.dumps(document))
        assert looked_at(tmp_path)[0], f"{what} at {forge.name(path)} is not noticed"


def remember(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the same data once."""
    known: dict[str, Any] = {}
    read_data = verification.read_data

    def read(spec: Any, place: Path) -> Any:
        key = f"{place}"
        known[key] = known.get(key) or read_data(spec, place)
        return known[key]

    monkeypatch.setattr(verification, "read_data", read)


def copied(folder: Path, to: Path) -> Path:
    """A copy of a run folder, its data in it."""
    for file in (*folder.iterdir(), folder.parent / "d.csv", folder.parent / "t.csv"):
        (to / file.name).write_bytes(file.read_bytes())
    return to


@pytest.mark.parametrize("key", ["schema", "seed", "bdnnc", "status", "verified_loss", "margin", "sha256"])
def test_a_key_twice_is_noticed(folder: Path, tmp_path: Path, key: str) -> None:
    copied(folder, tmp_path)
    run = json.loads((folder / "run.json").read_text())
    (tmp_path / "run.json").write_text(forge.twice(run, key))
    assert f"`{key}` stands twice" in looked_at(tmp_path)[0]


def test_a_report_that_says_something_else_is_noticed(folder: Path, tmp_path: Path) -> None:
    """A digit of it, a line less; of another version's report nothing is known, and that is told."""
    copied(folder, tmp_path)
    report = (folder / "report.txt").read_text()
    accuracy = re.search(r"train \d", report)
    assert accuracy is not None
    digit = "1" if accuracy[0].endswith("9") else "9"
    for forged in (report.replace(accuracy[0], f"train {digit}"), report.replace("result ", "status "), report[:-20]):
        (tmp_path / "report.txt").write_text(forged)
        assert looked_at(tmp_path)[0] == "report.txt"
    run = json.loads((folder / "run.json").read_text())
    (tmp_path / "run.json").write_text(json.dumps(run | {"bdnnc": "0.0.9"}))
    assert looked_at(tmp_path)[0] == ""
    assert {"report.txt", "journal.jsonl"} <= looked_at(tmp_path)[1]


# ---- one run, and what can be done to it


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two stages, continuous weights: optimal at a margin."""
    place = tmp_path_factory.mktemp("kept")
    (place / "d.csv").write_text(CSV)
    (place / "t.csv").write_text(CSV)
    (place / "s.bdnn").write_text(
        PLAIN + CONTINUOUS + "train {\n  local_search 1s { restarts = 0, sweeps = 1 }\n  exact 20s\n}\n"
    )
    assert cli.main(["run", str(place / "s.bdnn"), "--out", str(place / "out")]) == 0
    return place / "out"


@pytest.fixture
def run(kept: Path, tmp_path: Path) -> Path:
    return copied(kept, tmp_path)


def change(folder: Path, edit: Callable[[Any], Any]) -> None:
    document = json.loads((folder / "run.json").read_text())
    edit(document)
    (folder / "run.json").write_text(json.dumps(document))


def test_the_loss_of_an_earlier_stage_is_that_of_its_network(run: Path) -> None:
    change(run, lambda document: document["stages"][0].update(verified_loss=0, verified_objective=0))
    assert looked_at(run)[0] == "stages[0].verified_loss, stages[0].verified_objective"


def test_without_a_journal_the_losses_of_earlier_stages_are_listed(run: Path) -> None:
    (run / "journal.jsonl").unlink()
    wrong, listed = looked_at(run)
    assert wrong == ""
    assert {"stages[0].verified_loss", "stages[0].verified_objective"} <= listed
    assert "stages[1].verified_loss" not in listed


def test_a_margin_taken_away_makes_nothing_optimal(run: Path) -> None:
    def forge_it(document: Any) -> None:
        document["stages"][1].update(margin=None, relative_margin=False, status="optimal")
        document["result"].update(margin=None, relative_margin=False, status="optimal")
        for bound in document["bounds"]:
            bound["scope"] = "all networks"

    change(run, forge_it)
    assert "stages[1].margin" in looked_at(run)[0]


@pytest.mark.parametrize("place", ["result", "stage", "step"])
def test_a_word_that_says_nothing_of_an_ending_is_damage(run: Path, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    def forge_it(document: Any) -> None:
        step = {"seconds": 1.0, "claimed_loss": None, "loss": None, "status": "feasible"}
        document["stages"][0]["steps"] = [step]
        {"result": document["result"], "stage": document["stages"][0], "step": step}[place]["status"] = "splendid"

    change(run, forge_it)
    for verb in (["verify", str(run)], ["predict", str(run), str(run / "t.csv")]):
        assert cli.main(verb) == 1
        assert "status` is `splendid`, not one of `optimal`" in capsys.readouterr().err


def test_schema_1_is_still_read(run: Path) -> None:
    def older(document: Any) -> None:
        from bdnnlang.folder.claims import of_schema

        found = of_schema(1, document)
        document.clear()
        document.update(found)

    change(run, older)
    assert looked_at(run)[0] == ""
    change(run, lambda document: document["result"].update(status="feasible"))
    assert looked_at(run)[0] == "result.status"
    change(run, lambda document: document.update(counts={}))
    assert "counts" in looked_at(run)[0]


@pytest.mark.parametrize("part", ["features", "classes", "decision", "neuron", "preprocessing", "layers"])
def test_a_network_file_with_another_part_is_noticed(run: Path, part: str) -> None:
    """Even where its hash in `run.json` is made to fit."""
    network = json.loads((run / "network.json").read_text())
    network[part] = {
        "features": network["features"][::-1],
        "classes": network["classes"][::-1],
        "decision": "one output: the first class if it is 1, else the second",
        "neuron": "1 if weights · inputs + bias > 0, else 0",
        "preprocessing": network["preprocessing"] | {"target": "a"},
        "layers": [
            {"weights": [[-w for w in row] for row in one["weights"]], "biases": one["biases"]} for one in network["layers"]
        ],
    }[part]
    (run / "network.json").write_text(json.dumps(network))
    change(run, lambda document: document["result"].update(network_sha256=sha256((run / "network.json").read_text())))
    assert looked_at(run)[0]


def test_predict_wants_the_network_that_the_run_speaks_of(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["predict", str(run), str(run / "t.csv")]) == 0
    (run / "network.json").write_text((run / "network.json").read_text().replace('"biases": [', '"biases": [ '))
    assert cli.main(["predict", str(run), str(run / "t.csv")]) == 4
    assert "is not the network that run.json speaks of" in capsys.readouterr().err


def test_a_run_without_a_network_is_verified_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "d.csv").write_text(CSV)
    network = "network {\n  weights in {-1, 1}\n  biases in {0}\n  hidden 1\n}\n"
    (tmp_path / "s.bdnn").write_text(PLAIN.replace("  scale none\n", "") + network + "robust linf(0.5)\ntrain { exact 20s }\n")
    out = tmp_path / "out"
    assert cli.main(["run", str(tmp_path / "s.bdnn"), "--out", str(out)]) == 3
    assert not (out / "network.json").exists()
    assert cli.main(["verify", str(out)]) == 0
    assert cli.main(["predict", str(out), str(tmp_path / "d.csv")]) == 2
    assert "found no network" in capsys.readouterr().err
    change(out, lambda document: document["result"].update(status="optimal"))
    assert looked_at(out)[0] == "result.status"


def test_stages_are_missing_only_from_a_run_that_was_stopped(run: Path) -> None:
    def cut(document: Any) -> None:
        document["stages"].pop()
        document["result"] |= {"solver": "none", "bound": 0, "gap": 1.0, "status": "feasible"}
        document["result"] |= {"margin": None, "relative_margin": False, "claimed_loss": None, "claimed_objective": None}
        document["bounds"] = document["bounds"][:1]

    change(run, cut)
    assert "stages" in looked_at(run)[0].split(", ")
    change(run, lambda document: document["result"].update(interrupted=True, status="interrupted"))
    assert "stages" not in looked_at(run)[0].split(", ")


def test_attacks_and_fits_are_missing_only_from_a_run_that_was_stopped(folder: Path, tmp_path: Path) -> None:
    run = copied(folder, tmp_path)
    said = json.loads((run / "run.json").read_text())
    (run / "report.txt").unlink()  # it speaks of a run that was whole
    missing = [name for name in ("attacks", "compare") if said[name]]
    for name in missing:
        change(run, lambda document, name=name: document.update({name: []}))  # type: ignore[misc]
    assert looked_at(run)[0] == ", ".join(sorted(missing, key=list(said).index))
    status = "interrupted" if said["result"]["status"] == "feasible" else said["result"]["status"]
    change(run, lambda document: document["result"].update(interrupted=True, status=status))
    assert looked_at(run)[0] == ""


def test_a_report_is_shown_as_text(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "report.txt").write_text("result \x1b[2J\u202e ok\n")
    assert cli.main(["show", str(run)]) == 0
    assert r"result \x1b[2J\u202e ok" in capsys.readouterr().out
    (run / "report.txt").unlink()
    (run / "report.txt").symlink_to("/etc/passwd")
    assert cli.main(["show", str(run)]) == 2
    assert "root:" not in capsys.readouterr().out


# ---- where the data are


def test_data_are_found_beside_the_spec_in_the_folder_or_where_the_user_says(kept: Path, tmp_path: Path) -> None:
    assert cli.main(["verify", str(kept)]) == 0
    away = tmp_path / "away"
    away.mkdir()
    copied(kept, away)
    assert cli.main(["verify", str(away)]) == 0
    (away / "d.csv").unlink()
    assert cli.main(["verify", str(away)]) == 2
    assert cli.main(["verify", str(away), "--data", str(kept.parent)]) == 0


def test_a_file_of_another_hash_is_never_quoted(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "d.csv").write_text("a,b,y\nsecret,1,2\n")
    assert cli.main(["verify", str(run)]) == 4
    said = capsys.readouterr()
    assert "WRONG   data.sha256" in said.out
    assert "secret" not in said.out + said.err


def test_a_path_in_run_json_leads_nowhere_else(kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secret, inner = tmp_path / "secret", tmp_path / "a" / "b" / "runs" / "x"
    secret.mkdir()
    inner.mkdir(parents=True)
    (secret / "d.csv").write_text(CSV)
    copied(kept, inner)
    (inner / "d.csv").unlink()
    for path in ("../../../../secret/s.bdnn", str(secret / "s.bdnn"), "/etc/passwd", "\0", "a" * 5000):
        change(inner, lambda document, path=path: document["spec"].update(path=path))  # type: ignore[misc]
        assert cli.main(["verify", str(inner)]) == 2
        assert "name their folder with `--data`" in capsys.readouterr().err


# ---- hostile files


FILES = ("run.json", "network.json", "spec.bdnn", "journal.jsonl")


@pytest.mark.parametrize("file", FILES)
def test_a_pipe_holds_nothing_up(run: Path, file: str) -> None:
    (run / file).unlink()
    os.mkfifo(run / file)
    assert cli.main(["verify", str(run)]) == (0 if file == "journal.jsonl" else 2)


@pytest.mark.parametrize("file", FILES[:3])
@pytest.mark.parametrize("target", ["/etc/passwd", "/dev/zero", "loop", "."])
def test_a_link_leads_nowhere_else(run: Path, file: str, target: str, capsys: pytest.CaptureFixture[str]) -> None:
    (run / file).unlink()
    (run / file).symlink_to(run / file if target == "loop" else target)
    assert cli.main(["verify", str(run)]) == 2
    assert "root:" not in capsys.readouterr().err


DAMAGE: dict[str, Callable[[str], str]] = {
    "nothing": lambda text: "",
    "deep": lambda text: "[" * 100_000,
    "deep inside": lambda text: text.replace('"seed": 0', '"seed": ' + '{"a":' * 900 + "0" + "}" * 900),
    "nan": lambda text: re.sub(r'"train_accuracy": [\d.]+', '"train_accuracy": NaN', text),
    "infinity": lambda text: re.sub(r'"seconds": [\d.]+', '"seconds": Infinity', text),
    "a huge number": lambda text: re.sub(r'"bound": \d+', '"bound": ' + "9" * 10_000, text),
    "a huge exponent": lambda text: re.sub(r'"bound": \d+', '"bound": 1e999999999', text),
    "a large bound": lambda text: re.sub(r'"bound": \d+', '"bound": 1e308', text),
    "a small bound": lambda text: re.sub(r'"bound": \d+', '"bound": 1e-320', text),
    "a negative bound": lambda text: re.sub(r'"bound": \d+', '"bound": -1', text),
    "attacks null": lambda text: text.replace('"attacks": []', '"attacks": null'),
    "stages null": lambda text: re.sub(r'"stages": \[.*?\n  \]', '"stages": null', text, flags=re.DOTALL),
    "no stages": lambda text: re.sub(r'"stages": \[.*?\n  \]', '"stages": []', text, flags=re.DOTALL),
    "a list": lambda text: f"[{text}]",
    "half a character": lambda text: text.replace('"zero_one"', '"\\ud800"'),
    "control characters": lambda text: text.replace('"zero_one"', '"\\u001b[2J\\u202e"'),
    "a key to play tricks with": lambda text: text.replace('"seed": 0', '"seed": 0, "\\u001b[2J": 0'),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_told(run: Path, damage: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = (run / "run.json").read_text()
    changed = DAMAGE[damage](text)
    assert changed != text
    (run / "run.json").write_text(changed)
    assert cli.main(["verify", str(run)]) in (1, 4)
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err
    assert cli.main(["predict", str(run), str(run / "t.csv")]) in (0, 1, 4)


NETWORK_DAMAGE: dict[str, tuple[str, str]] = {
    "a tiny range": (r'("upper": \[)[^,]+', r"\g<1>1e-320"),
    "no range": (r'("upper": \[)[^,]+', r"\g<1>0"),
    "a huge weight": (r'("biases": \[)[^,\]]+', r"\g<1>1e999"),
    "a large weight": (r'("biases": \[)[^,\]]+', r"\g<1>1e308"),
    "nearly the weight": (r'("biases": \[)[^,\]]+', r"\g<1>-3.0000000000000000001"),
    "impute nan": (r'"kind": "number"', '"kind": "number", "impute": NaN'),
    "impute a word": (r'"kind": "number"', '"kind": "number", "impute": "word"'),
    "impute a size": (r'"kind": "number"', '"kind": "number", "impute": 1e200'),
    "an unknown kind": (r'"kind": "number"', '"kind": "nothing"'),
    "categories of both kinds": (r'"kind": "number"', '"kind": "category", "categories": [1, "a"]'),
    "levels without a range": (r'"kind": "number"', '"kind": "level", "bits": 4'),
}


@pytest.mark.parametrize("damage", NETWORK_DAMAGE)
def test_damage_of_the_network_is_told(run: Path, damage: str) -> None:
    """To `predict` as well, even with a hash that fits."""
    pattern, replacement = NETWORK_DAMAGE[damage]
    text = (run / "network.json").read_text()
    changed = re.sub(pattern, replacement, text, count=1)
    assert changed != text
    (run / "network.json").write_text(changed)
    change(run, lambda document: document["result"].update(network_sha256=sha256(changed)))
    assert cli.main(["verify", str(run)]) in (1, 4)
    assert cli.main(["predict", str(run), str(run / "t.csv")]) in ((0,) if damage == "a large weight" else (1,))


@pytest.mark.parametrize("times", [40, pytest.param(400, marks=pytest.mark.slow)])
def test_random_bytes_do_no_harm(run: Path, times: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Bytes changed, cut out and doubled in every file; never an internal error."""
    dice = random.Random(1)
    texts = {file: (run / file).read_bytes() for file in FILES}
    for _ in range(times):
        file = dice.choice(FILES)
        (run / file).write_bytes(mangled(texts[file], dice))
        assert cli.main(["verify", str(run)]) in (0, 1, 2, 4)
        assert cli.main(["predict", str(run), str(run / "t.csv")]) in (0, 1, 2, 4)
        (run / file).write_bytes(texts[file])
        capsys.readouterr()


def mangled(text: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(text))
    end = min(len(text), start + dice.choice((1, 1, 5, 200)))
    middle = dice.choice(
        (b"", text[start:end] * 2, bytes(dice.randrange(256) for _ in range(end - start)), b"-", b"1e308", b"null")
    )
    return text[:start] + middle + text[end:]
