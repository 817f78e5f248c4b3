"""Every claim of a run folder again, from spec, data and network, in exact arithmetic; no solver is needed."""

from __future__ import annotations

from typing import Any

from bdnnlang.data.types import Dataset
from bdnnlang.ir.build import default_loss
from bdnnlang.network import Network, accuracy, outputs, sample_losses
from bdnnlang.runtime.floor import irreducible_loss
from bdnnlang.runtime.membership import domains, shape
from bdnnlang.runtime.robustness import recheck_robustness
from bdnnlang.runtime.types import Claim
from bdnnlang.spec.types import Spec


def recheck(run: dict[str, Any], spec: Spec, data: Dataset, network: Network) -> list[Claim]:
    """Compare what `run.json` states about data, network and result with what they are."""
    stated, result = run["data"], run["result"]
    claims = [
        *(Claim(f"data.{name}", stated[name], found) for name, found in data.facts().items()),
        Claim("network.shape", list(shape(spec, data)), list(network.widths)),
        Claim("network.domains", "inside", domains(spec, network)),
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
