"""What a run says about robustness, as plain data: the certificate and the attacks; and both again from the network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, assert_never

import numpy as np

from bdnnlang.data.dataset import Dataset
from bdnnlang.language.effective import set_text
from bdnnlang.language.spec import Attack, RobustSpec, WorstCase
from bdnnlang.network.exact import outputs
from bdnnlang.network.losses import classify
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import exact
from bdnnlang.problem.attack import AttackResult, Example, Moved, Noise, Worst
from bdnnlang.problem.certificate import Certificate, certify
from bdnnlang.problem.perturbation.resolve import resolve
from bdnnlang.problem.training import TrainingProblem
from bdnnlang.strict_json import Malformed, members, read

Json = dict[str, Any]

NAMES = {"from": "before", "to": "after"}  # of an example
FRACTION = re.compile(r"-?\d{1,400}/\d{1,400}")


def certificate_of(training: TrainingProblem, network: Network) -> Certificate | None:
    """None: the spec asks for none."""
    robust, within = training.spec.robust, training.perturbation
    return None if robust is None or within is None else certify(network, robust, within, training.samples)


def robust_json(robust: RobustSpec, certificate: Certificate) -> Json:
    """`result.robust`, all of it proved.

    `kept` training samples keep their first-layer pattern, `certified` are of the right class for every change in the set.
    """
    around = robust.perturbation
    return {
        "set": set_text(around.set),
        "method": robust.method,
        "features": None if around.features is None else [column.key for column in around.features],
        "clip": None if around.clip is None else [around.clip.lower, around.clip.upper],
        "kept": certificate.kept,
        "certified": certificate.certified,
        "right": certificate.right,
        "of": certificate.of,
    }


def attack_json(result: AttackResult, data: Dataset) -> Json:
    """One of `attacks`. Accuracy under a worst case lies between `accuracy` and, with the undecided, `accuracy_at_most`."""
    head = {"attack": result.attack, "part": result.part, "of": result.of}
    match result:
        case Noise(right=right):
            return head | {"sizes": [{"size": s, "right": n, "accuracy": n / result.of} for s, n in right]}
        case Worst():
            return head | {
                "right": result.right,
                "robust": result.robust,
                "flipped": result.flipped,
                "undecided": result.undecided,
                "accuracy": result.robust / result.of,
                "accuracy_at_most": (result.robust + result.undecided) / result.of,
                "example": None if result.example is None else _example(result.example, data),
            }
        case _:
            assert_never(result)


def _example(example: Example, data: Dataset) -> Json:
    change = {name: _plain(d) for name, d in zip(data.features, example.change, strict=True) if d}
    return {"row": example.row, "from": data.classes[example.before], "to": data.classes[example.after], "change": change}


def _plain(value: Fraction) -> float | str:
    """A number if its decimal is exactly the value, else a fraction in words."""
    return float(value) if exact(float(value)) == value else str(value)


# ---- again


@dataclass(frozen=True, slots=True)
class _StatedExample:
    row: int
    before: str
    after: str
    change: dict[str, float | str]


def as_stated(stated: Json, now: Json, attack: Attack, data: Dataset, network: Network) -> Json:
    """What should be stated of an attack: `stated`, if `now` proves at least as much, else `now`.

    Both as they are read from a file. What an LP solver proposes differs between versions, proofs do not: fewer samples may have
    been proved robust or flipped, the others undecided; and the example may be another one.
    """
    if not (isinstance(attack, WorstCase) and isinstance(stated, dict) and stated.keys() == now.keys()):
        return now
    counts = [stated[name] for name in ("robust", "flipped", "undecided")]
    if not all(type(count) is int and count >= 0 for count in counts):
        return now
    robust, flipped, undecided = counts
    if robust > now["robust"] or flipped > now["flipped"] or sum(counts) != now["right"]:
        return now
    known = {"accuracy": robust, "accuracy_at_most": robust + undecided}
    shares = {name: Decimal(repr(count / now["of"])) for name, count in known.items()}
    weaker = now | dict(zip(("robust", "flipped", "undecided"), counts, strict=True)) | shares
    return weaker | {"example": stated["example"] if _brings(stated["example"], attack, data, network) else now["example"]}


def _brings(example: Any, attack: WorstCase, data: Dataset, network: Network) -> bool:
    """Does the stated change of the stated sample lie in the set, and bring the stated class?"""
    try:
        renamed = {NAMES.get(name, name): value for name, value in members(example, "").items()}
        stated: _StatedExample = read(_StatedExample, renamed)
        change = [_exact(stated.change.get(name, 0)) for name in data.features]
    except (Malformed, ValueError, ZeroDivisionError):
        return False
    part = data.train if data.test is None else data.test
    at = np.flatnonzero(part.rows == stated.row)
    if len(at) != 1 or not stated.change.keys() <= set(data.features):
        return False
    row = part.exact_row(int(at[0]))
    moved = Moved([[v + d for v, d in zip(row, change, strict=True)]])
    classes = [data.classes[part.y[at[0]]], data.classes[int(classify(outputs(network, moved))[0])]]
    inside = resolve(attack.perturbation, data).contains(change, row)
    return inside and classes == [stated.before, stated.after] and stated.before != stated.after


def _exact(value: float | str) -> Fraction:
    """Of a decimal, or of a fraction in words."""
    if isinstance(value, str) and not FRACTION.fullmatch(value):
        raise ValueError(value[:40])
    return Fraction(value) if isinstance(value, str) else exact(value)
