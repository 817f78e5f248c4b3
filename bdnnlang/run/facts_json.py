"""Facts as plain data, and back. A network comes back as what it is judged to be now: what is written of it is not believed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from typing import Any

from bdnnlang.network.as_json import from_json, to_json
from bdnnlang.network.network import Network
from bdnnlang.network.numbers import shown
from bdnnlang.problem.training import Incumbent
from bdnnlang.run.facts import (
    BoundProved,
    BoundReported,
    ClaimRejected,
    Fact,
    FromFile,
    MarginAtLeast,
    ModelBuilt,
    NetworkFound,
    RunStarted,
    Samples,
    Scope,
    StageEnded,
    StageStarted,
    StepEnded,
    Whole,
)
from bdnnlang.strict_json import Json, Malformed, members, read

Judge = Callable[[Network], Incumbent | None]  # None: it is no network of the spec

FACTS: Mapping[str, type[Fact]] = {
    kind.__name__: kind
    for kind in (
        RunStarted,
        StageStarted,
        ModelBuilt,
        NetworkFound,
        BoundReported,
        BoundProved,
        ClaimRejected,
        StepEnded,
        StageEnded,
    )
}
SCOPES: Mapping[str, type[Scope]] = {kind.__name__: kind for kind in (Whole, MarginAtLeast, Samples)}


def fact_json(fact: Fact) -> dict[str, Json]:
    """An object whose `fact` is the name of its kind."""
    return {"fact": type(fact).__name__, **_members(fact)}


def _members(value: Any) -> dict[str, Json]:
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def _plain(value: Any) -> Json:
    match value:
        case Incumbent():
            return {"objective": shown(value.objective), "network": to_json(value.network)}
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case Whole() | MarginAtLeast() | Samples():
            return {"scope": type(value).__name__, **_members(value)}
        case tuple():
            return [_plain(item) for item in value]
        case _:
            return _members(value) if is_dataclass(value) else value


def read_fact(entry: Json, judge: Judge) -> Fact | None:
    """The inverse; None for a network that is not one of the spec. Raises Malformed."""
    body = dict(members(entry, ""))
    kind = FACTS.get(str(body.pop("fact", "")))
    if kind is None:
        raise Malformed("it is no fact")
    if kind is NetworkFound:
        return _network_found(body, judge)
    scope, ended_with = body.pop("scope", None), body.pop("network", None)
    fact: Fact = read(kind, body if kind is not StageEnded else body | {"network": None})
    if isinstance(fact, BoundProved):
        return replace(fact, scope=_scope(scope))
    if isinstance(fact, StageEnded) and ended_with is not None:
        return replace(fact, network=judge(network_of(ended_with)))
    return fact


def _network_found(body: dict[str, Json], judge: Judge) -> NetworkFound | None:
    seconds, by, polished = (
        read(kind, body.get(name), name) for name, kind in (("seconds", float), ("by", str), ("polished", bool))
    )
    incumbent = judge(network_of(body.get("incumbent")))
    origin = read(FromFile, stated, "origin") if (stated := body.get("origin")) is not None else None
    return None if incumbent is None else NetworkFound(seconds, incumbent, by, polished, origin)


def _scope(value: Json) -> Scope:
    body = dict(members(value, "scope"))
    kind = SCOPES.get(str(body.pop("scope", "")))
    if kind is None:
        raise Malformed("it is no scope")
    scope: Scope = read(kind, body)
    return scope


def network_of(incumbent: Json) -> Network:
    """That of an incumbent. Raises Malformed."""
    return from_json(members(incumbent, "incumbent").get("network"))
