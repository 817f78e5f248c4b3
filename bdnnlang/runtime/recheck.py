"""Every claim of a run folder again, from spec, data and network, in exact arithmetic; no solver is needed."""

from __future__ import annotations

from typing import Any

from bdnnlang.data.types import Dataset
from bdnnlang.ir.build import default_loss
from bdnnlang.ir.costs import costs_of
from bdnnlang.ir.delta import robust_delta
from bdnnlang.network import Network, accuracy, exact, outputs, sample_losses, shown
from bdnnlang.runtime.baselines import Compared, compare
from bdnnlang.runtime.certificate import judged_outputs
from bdnnlang.runtime.class_scores import class_claims
from bdnnlang.runtime.floor import irreducible_loss
from bdnnlang.runtime.membership import domains, shape
from bdnnlang.runtime.memory import network_bytes
from bdnnlang.runtime.robustness import certificate_of, recheck_robustness
from bdnnlang.runtime.status import Bound, RunStatus, settled
from bdnnlang.runtime.types import Claim
from bdnnlang.spec.types import Spec

ACCURACIES = ("train_accuracy", "validation_accuracy", "test_accuracy")
PROVED = (RunStatus.OPTIMAL, RunStatus.OPTIMAL_AT_MARGIN)
FIT = 0.02  # how far accuracies of the same model may lie apart on two machines


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
    claims += _losses(result, spec, data, network) + recheck_robustness(run, spec, data, network)
    claims += class_claims(run, data, network)
    return claims + _compared(run.get("compare", []), result, spec, data, network)


def _losses(result: dict[str, Any], spec: Spec, data: Dataset, network: Network) -> list[Claim]:
    loss = default_loss(spec.train.loss, network.widths[-1])
    bits = outputs(network, data.train)
    judged = judged_outputs(network, spec.robust, robust_delta(spec, data), data.train)
    costs = costs_of(spec, data)
    total = costs.loss(sample_losses(judged, data.train.y, loss), data.train.y)
    objective = total + costs.penalty(network)
    claims = [
        Claim("result.loss", result["loss"], loss),
        Claim("result.verified_loss", result["verified_loss"], shown(total)),
        Claim("result.verified_objective", result["verified_objective"], shown(objective)),
        Claim("result.train_accuracy", result["train_accuracy"], accuracy(bits, data.train.y)),
    ]
    for name, part in (("validation", data.validation), ("test", data.test)):
        share = None if part is None else accuracy(outputs(network, part), part.y)
        claims.append(Claim(f"result.{name}_accuracy", result[f"{name}_accuracy"], share))
    bound = result["bound"]
    if bound is not None:
        floor = irreducible_loss(data.train, loss, network.widths[-1], costs)
        holds = floor <= total and shown(objective) >= bound
        claims.append(Claim("result.bound", "at most the objective", "at most the objective" if holds else bound))
    claims.append(Claim("result.gap", result["gap"], _gap(shown(objective), bound, result["gap"])))
    certificate = certificate_of(spec, data, network)
    bounds = [] if bound is None else [Bound(exact(bound), result["margin"])]
    proved, _ = settled(objective, bounds, costs.slack(objective))
    if certificate is not None and not certificate.complete:
        proved = RunStatus.FEASIBLE
    if proved is not RunStatus.FEASIBLE or result["status"] in PROVED:
        claims.append(Claim("result.status", result["status"], str(proved)))
    return claims


def _gap(objective: float, bound: float | None, stated: Any) -> Any:
    """As it was stated, if it is right to the digits that decimals of loss and bound leave."""
    gap = None if bound is None else (objective - bound) / objective if objective > bound else 0.0
    near = gap is not None and isinstance(stated, float | int) and abs(stated - gap) <= 1e-9
    return stated if near else gap


def _compared(stated: list[dict[str, Any]], result: dict[str, Any], spec: Spec, data: Dataset, network: Network) -> list[Claim]:
    """The models of `compare`, fitted again."""
    names = [type(one).__name__.lower() for one in spec.compare]
    claims = [Claim("compare", [one["model"] for one in stated], ["bdnn", *names] if stated and names else [])]
    if not (claims[0].holds and stated):
        return claims
    own, *others = stated
    claims.append(Claim("compare.bdnn.bytes", own["bytes"], network_bytes(network, spec.network)))
    claims += [Claim(f"compare.bdnn.{name}", own[name], result[name]) for name in ACCURACIES]
    for one, found in zip(others, compare(spec, data), strict=True):
        claims.append(Claim(f"compare.{found.model}.bytes", one["bytes"], found.bytes))
        claims += [_fitted(found, name, one[name]) for name in ACCURACIES]
    return claims


def _fitted(found: Compared, name: str, stated: Any) -> Claim:
    """An accuracy as it was stated, if a fit here comes near: other machines add floats in another order."""
    here = getattr(found, name)
    near = isinstance(stated, float) and isinstance(here, float) and abs(stated - here) <= FIT
    return Claim(f"compare.{found.model}.{name}", stated, stated if near else here)
