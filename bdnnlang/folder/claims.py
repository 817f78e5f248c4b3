"""`run.json` as it stands beside `run.json` as it would be written now: leaf by leaf, and what of it cannot be checked.

Nothing is left out: a leaf is equal, different, or in a list with the reason why it cannot be computed. A new key of
`run.json` is checked as soon as it is written from a Summary; one that no one can compute again gets a line below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bdnnlang.folder.claim import Claim
from bdnnlang.run.status import RunStatus, StageStatus
from bdnnlang.strict_json import Json, same, within

MACHINE = "of the machine and the day of the run"
CLOCK = "time on the machine of the run"
INSIDE = "what happened inside of the stage: its networks are not kept"

NOT_CHECKED: Mapping[str, str] = {  # places, `[]` for any number; what is below them too
    "bdnnc": MACHINE,
    "versions": MACHINE,
    "created": MACHINE,
    "command": MACHINE,
    "spec.path": "where the spec stood",
    "spec.params": "the spec in the folder has their values in their places",
    "stages[].seconds": CLOCK,
    "stages[].solver_seconds": CLOCK,
    "stages[].notes": INSIDE,
    "stages[].steps": INSIDE,
    "imported": "the file is not kept, and what is said of a bound is a word",
    "result.seconds": CLOCK,
    "result.interrupted": "what the user did",
    "result.solver_reason": "it depends on the solvers installed",
    "result.solver_advice": "it depends on the solvers installed",
    "compare[].seconds": CLOCK,
}
SINCE_2 = ("counts", "confusion", "per_class", "bounds", "created", "command", "result.relative_margin", "result.interrupted")
SINCE_2_STAGES = ("relative_margin",)
SINCE_3_STAGES = ("evidence",)
SINCE_3_COMPARE = ("preprocessing_bytes", "passes", "converged")


class _Nothing:
    def __repr__(self) -> str:
        return "nothing"


NOTHING = _Nothing()  # what stands where a key is missing


def claims(stated: Json, found: Json, unchecked: Mapping[str, str], at: str = "") -> Iterator[Claim]:
    """Every leaf of `stated` beside that of `found`; lists of plain values are leaves. `unchecked`: further places, in full."""
    why = NOT_CHECKED.get(re.sub(r"\[\d+\]", "[]", at)) or unchecked.get(at)
    if why and same(stated, found):
        yield from _not_checked(stated, why, at)
    elif isinstance(stated, dict) and isinstance(found, dict):
        for name in dict.fromkeys([*found, *stated]):
            yield from claims(stated.get(name, NOTHING), found.get(name, NOTHING), unchecked, within(at, name))
    elif _are_lists_of_objects(stated, found):
        for number, (one, other) in enumerate(zip(stated, found, strict=True)):
            yield from claims(one, other, unchecked, f"{at}[{number}]")
    else:
        yield Claim(at, stated, found)


def _are_lists_of_objects(a: Json, b: Json) -> bool:
    are_lists = isinstance(a, list) and isinstance(b, list) and len(a) == len(b) > 0
    return are_lists and all(isinstance(item, dict) for item in (*a, *b))


def _not_checked(value: Json, why: str, at: str) -> Iterator[Claim]:
    """A claim for each leaf; of the objects of a list, one for each name."""
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from _not_checked(item, why, within(at, name))
    elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        for name in dict.fromkeys(name for item in value for name in item):
            yield Claim(f"{at}[*].{name}", *2 * ([item.get(name) for item in value],), why)
    else:
        yield Claim(at, value, value, why)


def of_schema(schema: int, found: Json) -> Json:
    """What a `run.json` of an earlier schema would say."""
    if schema < 3:
        found = _of_schema_2(found)
    return _of_schema_1(found) if schema < 2 else found


def _of_schema_2(found: Json) -> Json:
    """Without the newer keys, and without models that were not compared."""
    compared = [one for one in found["compare"] if one["model"] != "mlp_int8"]
    older = [{name: value for name, value in one.items() if name not in SINCE_3_COMPARE} for one in compared]
    stages = [{name: value for name, value in stage.items() if name not in SINCE_3_STAGES} for stage in found["stages"]]
    return found | {"schema": 2, "compare": older, "stages": stages}


def _of_schema_1(found: Json) -> Json:
    """Without the newer keys, and without telling margins from optimality."""
    older = {name: value for name, value in found.items() if name not in SINCE_2}
    result = {name: value for name, value in found["result"].items() if f"result.{name}" not in SINCE_2}
    if result["status"] == RunStatus.OPTIMAL_AT_MARGIN:
        result["status"] = RunStatus.OPTIMAL
    stages = [{name: value for name, value in stage.items() if name not in SINCE_2_STAGES} for stage in found["stages"]]
    for stage in stages:
        if StageStatus(stage["status"]).claims_optimum:
            stage["status"] = StageStatus.OPTIMAL
    return older | {"schema": 1, "result": result, "stages": stages}
