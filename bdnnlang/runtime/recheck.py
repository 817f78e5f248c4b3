"""Every claim of a run folder again, from spec, data and network, in exact arithmetic; no solver is needed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from bdnnlang.data.types import Dataset
from bdnnlang.ir.build import default_loss, output_width
from bdnnlang.milp import Floats
from bdnnlang.network import Network, accuracy, exact, outputs, sample_losses
from bdnnlang.runtime.floor import irreducible_loss
from bdnnlang.runtime.robustness import recheck_robustness
from bdnnlang.runtime.types import Claim
from bdnnlang.spec.types import Integers, Interval, Spec, Values, WeightDomain


def recheck(run: dict[str, Any], spec: Spec, data: Dataset, network: Network) -> list[Claim]:
    """Compare what `run.json` states about data, network and result with what they are."""
    stated, result = run["data"], run["result"]
    claims = [
        Claim("data.sha256", stated["sha256"], data.sha256),
        Claim("data.train", stated["train"], len(data.train.y)),
        Claim("data.merged_rows", stated["merged_rows"], data.merged_rows),
        Claim("data.irreducible_errors", stated["irreducible_errors"], data.irreducible_errors),
        Claim("network.shape", list(_shape(spec, data)), list(network.widths)),
        Claim("network.domains", "inside", _domains(spec, network)),
    ]
    if not all(claim.holds for claim in claims[-2:-1]):
        return claims
    return [*claims, *_losses(result, spec, data, network), *recheck_robustness(run, spec, data, network)]


def _losses(result: dict[str, Any], spec: Spec, data: Dataset, network: Network) -> list[Claim]:
    loss = default_loss(spec.train.loss, network.widths[-1])
    bits = outputs(network, data.train)
    total = int(sample_losses(bits, data.train.y, loss).sum())
    claims = [
        Claim("result.loss", result["loss"], loss),
        Claim("result.verified_loss", result["verified_loss"], total),
        Claim("result.train_accuracy", result["train_accuracy"], accuracy(bits, data.train.y)),
    ]
    for name, part in (("validation", data.validation), ("test", data.test)):
        share = None if part is None else accuracy(outputs(network, part), part.y)
        claims.append(Claim(f"result.{name}_accuracy", result[f"{name}_accuracy"], share))
    bound = result["bound"]
    if bound is not None:
        floor = irreducible_loss(data.train, loss, network.widths[-1])
        claims.append(Claim("result.bound", "at most the loss", "at most the loss" if floor <= total >= bound else bound))
    gap = None if bound is None else (total - bound) / total if total > bound else 0.0
    claims.append(Claim("result.gap", result["gap"], gap))
    closed = bound is not None and total <= bound
    if result["status"] == "optimal" or closed:
        claims.append(Claim("result.status", result["status"] == "optimal", closed))
    return claims


def _shape(spec: Spec, data: Dataset) -> tuple[int, ...]:
    hidden = (layer.width or 0 for layer in spec.network.layers[:-1])
    return (len(data.features), *hidden, output_width(spec.network, len(data.classes)))


def _domains(spec: Spec, network: Network) -> str:
    """ "inside", or the first weight or bias that its domain does not contain."""
    for k, (layer, own) in enumerate(zip(network.layers, spec.network.layers, strict=False), start=1):
        if spec.network.thresholds == "zero" and layer.biases.any():
            return f"a bias of layer {k} is not 0"
        if spec.network.thresholds == "per_layer" and len(set(layer.biases.tolist())) > 1:
            return f"the biases of layer {k} differ"
        for name, values, domain in (("W", layer.weights, own.weights), ("b", layer.biases, own.biases)):
            outside = None if domain is None or (name == "b" and spec.network.thresholds == "zero") else _outside(values, domain)
            if outside is not None:
                return f"{name}{k} has {outside!r}"
    return "inside"


def _outside(values: Floats, domain: WeightDomain) -> float | None:
    return next((float(v) for v in np.unique(values) if not _member(exact(v), domain)), None)


def _member(value: Fraction, domain: WeightDomain) -> bool:
    match domain:
        case Interval(lower, upper):
            return exact(lower) <= value <= exact(upper)
        case Integers(lower, upper):
            return value.denominator == 1 and lower <= value <= upper
        case Values(values):
            return value in {exact(v) for v in values}
