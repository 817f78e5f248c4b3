"""What two runs came to, metric by metric, as their `run.json` and `network.json` state it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from bdnnlang.network.network import Network
from bdnnlang.report.differences.change import Change, Value, changes
from bdnnlang.strict_json import Json

RESULT = ("status", "verified_loss", "verified_objective", "bound", "gap", "margin")
SHARES = ("train_accuracy", "validation_accuracy", "test_accuracy")
SIZES = ("columns", "binaries", "rows", "nonzeros")
CALLED = {"verified_loss": "loss", "verified_objective": "objective"}


def run_changes(a: Json, b: Json, networks: tuple[Network | None, Network | None]) -> tuple[Change, ...]:
    """`a` and `b` are the contents of `run.json`. Dates and seconds are named, and make no difference."""
    metrics = (_metrics(run, network) for run, network in zip((a, b), networks, strict=True))
    others = ({**_table(run, "data"), **_table(run, "versions"), "bdnnc": _plain(run.get("bdnnc"))} for run in (a, b))
    clock = ({"created": _plain(run.get("created")), "seconds": _plain(_of(run, "result").get("seconds"))} for run in (a, b))
    return (*changes(*metrics), *changes(*others), *changes(*clock, counts=False))


def _metrics(run: Json, network: Network | None) -> dict[str, Value]:
    result = _of(run, "result")
    sizes = max((stage for stage in run.get("stages", []) if isinstance(stage, dict)), key=_size, default={})
    return {
        **{CALLED.get(name, name): _plain(result.get(name)) for name in (*RESULT, *SHARES)},
        "robust": _certified(result.get("robust")),
        "solver": _plain(result.get("solver")) or None,
        "layers": None if network is None else " → ".join(map(str, network.widths)),
        "weights other than 0": None if network is None else sum(int((layer.weights != 0).sum()) for layer in network.layers),
        **{f"model: {name}": _plain(sizes.get(name)) or None for name in SIZES},
    }


def _certified(robust: Json) -> Value:
    """How many training samples are certified, where the run was robust."""
    return _plain(robust.get("certified")) if isinstance(robust, dict) else None


def _size(stage: Mapping[str, Json]) -> int:
    count = stage.get("nonzeros")
    return count if isinstance(count, int) else 0


def _of(run: Json, name: str) -> dict[str, Json]:
    found = run.get(name)
    return found if isinstance(found, dict) else {}


def _table(run: Json, name: str) -> dict[str, Value]:
    return {f"{name}.{key}": _plain(value) for key, value in _of(run, name).items()}


def _plain(value: Json) -> Value:
    """A leaf as it is compared and shown; a list as one text."""
    if isinstance(value, Decimal):
        return float(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else value if isinstance(value, str | int) else None
