"""The proof in a run folder: what `bdnnc verify` says of it."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

import pytest
from problems import SIGNS, dataset, network_spec, spec
from proofs import OnALine

from bdnnlang.compiler import training_problem
from bdnnlang.folder import proof
from bdnnlang.folder.proof import NOT_REPLAYED, replayed
from bdnnlang.language.spec import FixedOutput, Interval, Values, WeightDomain
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.prove_check import check
from bdnnlang.prove_check.head import read_head
from bdnnlang.prove_check.lines import Line
from bdnnlang.prove_check.question import difference

OF = OnALine((0, 1, 2, 4, 5, 7), (0, 1, 0, 1, 0, 1), (1, 1, 1, 1, 1, 1), 2)
LINES = OF.proof()
REALS = Interval(-1.0, 1.0)


def asked(weights: WeightDomain = REALS, hidden: tuple[int, ...] = (2,), labels: tuple[int, ...] = OF.labels) -> TrainingProblem:
    return training_problem(spec(network_spec(hidden, weights)), dataset([[v] for v in OF.x], labels))


def folder(path: Path, lines: list[str]) -> Path:
    (path / "proof.jsonl").write_text("\n".join(lines) + "\n")
    return path


def test_a_proof_holds_and_says_what_it_shows(tmp_path: Path) -> None:
    found = replayed(folder(tmp_path, LINES), asked())
    assert found is not None
    assert (found.claim.holds, found.claim.why_not, found.bound) == (True, "", OF.optimum())
    assert str(found.claim.stated).startswith(f"no network has a loss below {OF.optimum()}: ")


def test_a_folder_without_one_says_nothing(tmp_path: Path) -> None:
    assert replayed(tmp_path, asked()) is None


def test_a_line_that_does_not_hold_is_named(tmp_path: Path) -> None:
    number = next(k for k, line in enumerate(LINES) if line.startswith('{"conflict"'))
    members = json.loads(LINES[number])
    members["conflict"][2][0] += 1
    found = replayed(folder(tmp_path, [*LINES[:number], json.dumps(members), *LINES[number + 1 :]]), asked())
    assert found is not None
    assert (found.claim.holds, found.claim.name, found.bound) == (False, f"proof.jsonl, line {number + 1}", None)


def test_what_cannot_be_read_is_no_proof(tmp_path: Path) -> None:
    (tmp_path / "proof.jsonl").write_bytes(b"\xff")
    found = replayed(tmp_path, asked())
    assert found is not None
    assert not found.claim.holds


def test_too_many_lemmas_are_said_and_show_no_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "check", lambda texts: CHECK(texts, most_literals=0))
    found = replayed(folder(tmp_path, LINES), asked())
    assert found is not None
    assert (found.claim.holds, found.claim.why_not, found.bound) == (True, NOT_REPLAYED, None)


CHECK = check.check


# ---- whose problem it is

HEAD = read_head(Line(1, json.loads(LINES[0])))
OTHERS = {
    "another number of neurons": asked(hidden=(3,)),
    "two hidden layers": asked(hidden=(2, 2)),
    "another label": asked(labels=(1, *OF.labels[1:])),
}


@pytest.mark.parametrize("which", OTHERS)
def test_the_proof_of_another_problem_is_refused_at_its_head(which: str, tmp_path: Path) -> None:
    found = replayed(folder(tmp_path, LINES), OTHERS[which])
    assert found is not None
    assert (found.claim.holds, found.claim.name) == (False, "proof.jsonl, line 1")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"irreducible": Fraction(1)}, "irreducible"),
        ({"unit": Fraction(2)}, "samples"),
        ({"scale": ((Fraction(2), Fraction(0)),)}, "samples"),
        ({"samples": HEAD.samples[1:]}, "samples"),
        ({"weights": (Fraction(-1), Fraction(0), Fraction(1))}, "hidden weights"),
        ({"output": (Fraction(1),)}, "output weights"),
        ({"threshold": 1}, "output is fixed"),
    ],
)
def test_every_member_of_the_head_is_compared(changed: dict[str, object], why: str) -> None:
    said = difference(replace(HEAD, **changed), asked())  # type: ignore[arg-type]
    assert said is not None
    assert why in said


def test_more_weights_than_the_spec_has_prove_it_as_well() -> None:
    wide = tuple(map(Fraction, range(-2, 3)))
    assert difference(HEAD, asked(SIGNS)) is None
    assert difference(replace(HEAD, weights=wide, output=wide[2:]), asked(SIGNS)) is None
    assert difference(replace(HEAD, weights=wide, output=wide[2:]), asked(Values((-2.5, 0.0, 2.5)))) is not None


@pytest.mark.parametrize(("output", "threshold"), [("any", 1), ("all", 3), ("threshold", 2)])
def test_a_fixed_output_is_that_of_the_spec(output: Literal["any", "all", "threshold"], threshold: int) -> None:
    rule = FixedOutput(output, 2 if output == "threshold" else None)
    of = training_problem(spec(network_spec((3,), REALS, output=rule)), dataset([[v] for v in OF.x], OF.labels))
    for own in (None, 1, 2, 3):
        refused = difference(replace(HEAD, neurons=3, threshold=own), of) is not None
        assert refused == (own not in (None, threshold))


def test_equal_samples_are_merged_and_priced() -> None:
    """Two pairs of equal samples with different labels, one of which cancels out; errors of the second class count twice."""
    training = asked()
    data = dataset([[0], [0], [0], [3], [3], [3]], [0, 1, 1, 0, 0, 1])
    priced = training_problem(replace(training.spec, train=replace(training.spec.train, class_weight=(1.0, 2.0))), data)
    samples = [[1, 3, [0], [0, 1, 2]]]
    head = {**json.loads(LINES[0]), "irreducible": 3, "samples": samples}
    assert difference(read_head(Line(1, head)), priced) is None
    assert difference(read_head(Line(1, {**head, "irreducible": 2})), priced) is not None


def test_the_file_has_the_name_that_bounds_cite() -> None:
    assert proof.PROOF == "proof.jsonl"
