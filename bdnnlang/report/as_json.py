"""`run.json` (docs/architecture.md 7)."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from fractions import Fraction
from typing import Any, assert_never

import bdnnlang
from bdnnlang.compare.baselines import Compared
from bdnnlang.files import encoded
from bdnnlang.language.spec import Spec
from bdnnlang.problem.class_scores import confusion_json, counts_json, per_class_json
from bdnnlang.report.requirements.measured import requirements_json
from bdnnlang.report.robustness_json import attack_json, robust_json
from bdnnlang.report.summary import Summary
from bdnnlang.run.facts import BoundProved, MarginAtLeast, Samples, Scope, Whole
from bdnnlang.run.records import StageRecord

Json = dict[str, Any]
SCHEMA = 3  # of `run.json`


def run_json(summary: Summary, spec_text: str, network_text: str | None) -> Json:
    """The content of `run.json`; `spec_text` and `network_text` are the files beside it."""
    return {
        "schema": SCHEMA,
        "bdnnc": bdnnlang.__version__,
        "versions": summary.versions,
        "created": summary.origin.created or None,
        "command": summary.origin.command or None,
        "spec": {
            "path": summary.origin.spec,
            "sha256": sha256(spec_text),
            "params": {p.name: p.value for p in summary.spec.params},
        },
        "data": summary.data.facts(),
        "seed": summary.spec.train.seed,
        "stages": [stage_json(stage) for stage in summary.run.stages],
        **({} if summary.run.imported is None else {"imported": numbers(asdict(summary.run.imported))}),
        "result": result_json(summary, network_text),
        "bounds": bounds_json(summary),
        **requirements_json(summary),
        "counts": counts_json(summary.data),
        "confusion": confusion_json(summary.confusions) or None,
        "per_class": per_class_json(summary.confusions, summary.data) or None,
        "attacks": [attack_json(result, summary.data) for result in summary.attacks],
        "compare": [compared_json(one) for one in summary.compared],
        **options_json(summary.spec),
    }


def stage_json(stage: StageRecord) -> Json:
    """A stage; `preferred` stands in those of preferences only."""
    record = numbers(asdict(stage))
    return {name: value for name, value in record.items() if name != "preferred" or value is not None}


def options_json(spec: Spec) -> Json:
    """`solver_options`: the parameters of the solver that the spec sets in each stage, where it sets any."""
    options = [{one.name: one.value for one in spec.train.options_of(stage)} for stage in spec.train.stages]
    return {"solver_options": options} if any(options) else {}


def bounds_json(summary: Summary) -> list[Json]:
    """What is known of the least objective, by whom, and on which evidence. Counting proves the first."""
    known = [BoundProved(summary.irreducible), *(bound for stage in summary.run.stages for bound in stage.bounds)]
    return [
        {"value": _plain(bound.value), "scope": scope_text(bound.scope), "by": bound.by, "evidence": bound.evidence}
        for bound in dict.fromkeys(known)
    ]


def scope_text(scope: Scope) -> str:
    """Of which networks a bound speaks, and if not of all samples, of which."""
    match scope:
        case Whole():
            return "all networks"
        case MarginAtLeast(margin, relative):
            return f"networks with margin >= {margin!r}" + (" relative to the greatest sum" if relative else "")
        case Samples(numbers):
            return f"all networks, {len(numbers)} samples"
        case _:
            assert_never(scope)


def compared_json(one: Compared) -> Json:
    settings = {name: list(value) if isinstance(value, tuple) else value for name, value in one.settings}
    return asdict(one) | {"settings": settings}


def numbers(record: Json) -> Json:
    """With the shortest decimals in place of fractions."""
    return {name: _plain(value) for name, value in record.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return numbers(value)
    if isinstance(value, tuple):
        return [numbers(one) if isinstance(one, dict) else one for one in value]
    return float(value) if isinstance(value, Fraction) else value


def result_json(summary: Summary, network_text: str | None) -> Json:
    """`result` of `run.json`. `claimed_loss` and `bound` rest on the solver's word, everything else is recomputed."""
    run, scores = summary.run, summary.scores
    stated = {
        "status": run.status,
        "interrupted": run.interrupted,
        "loss": summary.loss,
        "claimed_loss": run.claimed_loss,
        "verified_loss": scores.verified_loss if scores else None,
        "claimed_objective": run.claimed_objective,
        "verified_objective": scores.verified_objective if scores else None,
        "bound": run.bound,
        "gap": summary.gap,
        "margin": run.margin,
        "relative_margin": run.relative_margin,
        "solver": run.solver,
        "solver_reason": run.reason,
        "solver_advice": run.advice or None,
        "train_accuracy": scores.train_accuracy if scores else None,
        "validation_accuracy": scores.validation_accuracy if scores else None,
        "test_accuracy": scores.test_accuracy if scores else None,
        "robust": robust_json(summary.spec.robust, summary.certificate) if summary.spec.robust and summary.certificate else None,
        "seconds": run.seconds,
        "network": None if network_text is None else "network.json",
        "network_sha256": None if network_text is None else sha256(network_text),
    }
    return numbers(stated)


def sha256(text: str) -> str:
    return hashlib.sha256(encoded(text)).hexdigest()
