"""What a run says about robustness, as plain data: the certificate and the attacks; and both again from the network."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, assert_never

from bdnnlang.data.types import Dataset
from bdnnlang.ir.delta import resolve
from bdnnlang.network import Network, classify, exact, outputs
from bdnnlang.runtime.attack import AttackResult, Example, Moved, Noise, Worst, run_attacks
from bdnnlang.runtime.certificate import Certificate, certify
from bdnnlang.runtime.types import Claim
from bdnnlang.spec.effective import set_text
from bdnnlang.spec.types import RobustSpec, Spec, WorstCase

Json = dict[str, Any]


def certificate_of(spec: Spec, data: Dataset, network: Network) -> Certificate | None:
    """None: the spec asks for none."""
    if spec.robust is None:
        return None
    return certify(network, spec.robust, resolve(spec.robust.perturbation, data), data.train)


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


def recheck_robustness(run: Json, spec: Spec, data: Dataset, network: Network) -> list[Claim]:
    """The certificate and every stated attack anew, and the stated example tried."""
    claims = []
    certificate = certificate_of(spec, data, network)
    found = None if spec.robust is None or certificate is None else robust_json(spec.robust, certificate)
    claims += _compared("result.robust", run["result"].get("robust"), found)
    if certificate is not None and run["result"]["status"] in ("optimal", "optimal_at_margin"):
        claims.append(Claim("result.robust is complete", True, certificate.complete))
    stated = run.get("attacks", [])
    # a run that was interrupted has tried none, and says so by stating none
    results = [attack_json(result, data) for result in run_attacks(spec, data, network)] if stated else []
    claims += [Claim("attacks", len(stated), len(results))] if results or stated else []
    for number, (said, now) in enumerate(zip(stated, results, strict=False), start=1):
        example = said.get("example")
        claims += _compared(f"attack {number}", _without_example(said), _without_example(said if _weaker(said, now) else now))
        attack = spec.evaluate.attacks[number - 1]
        if example is not None and isinstance(attack, WorstCase):
            claims.append(Claim(f"attack {number}.example", example["to"], _tried(example, attack, data, network)))
    return claims


def _compared(name: str, stated: Json | None, found: Json | None) -> list[Claim]:
    if stated is None or found is None:
        return [Claim(name, stated, found)] if stated != found else []
    return [Claim(f"{name}.{key}", stated.get(key), found.get(key)) for key in dict.fromkeys([*stated, *found])]


def _weaker(stated: Json, found: Json) -> bool:
    """Where something is undecided, here or there: may both be true? What an LP solver proposes differs between versions."""
    if stated.get("undecided", 0) + found.get("undecided", 0) == 0:
        return False
    fits = all(stated[key] <= found[key] + found["undecided"] for key in ("robust", "flipped"))
    total = stated["robust"] + stated["flipped"] + stated["undecided"] == stated["right"] == found["right"]
    return bool(fits and total and stated["attack"] == found["attack"] and stated["of"] == found["of"])


def _without_example(attack: Json) -> Json:
    return {key: value for key, value in attack.items() if key != "example"}


def _tried(example: Json, attack: WorstCase, data: Dataset, network: Network) -> str:
    """The class that the stated change of the stated sample brings, if it is in the set."""
    part = data.train if data.test is None else data.test
    at = next((i for i, row in enumerate(part.rows.tolist()) if row == example["row"]), None)
    if at is None:
        return "no such sample"
    row = part.exact_row(at)
    change = [Fraction(str(example["change"].get(name, 0))) for name in data.features]
    if not resolve(attack.perturbation, data).contains(change, row):
        return "outside the set"
    if data.classes[part.y[at]] != example["from"]:
        return "not of that class"
    moved = Moved([[v + d for v, d in zip(row, change, strict=True)]])
    return data.classes[int(classify(outputs(network, moved))[0])]
