"""Every claim of a sweep's folder: those of each run folder, the rows beside them, and the means and tables of the rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdnnlang.compiler import reader_of
from bdnnlang.folder.claim import Claim
from bdnnlang.folder.contents import Damaged, read_run, read_text
from bdnnlang.folder.verify import verify_run
from bdnnlang.language.composition.points import Point
from bdnnlang.language.composition.repetitions import repetitions
from bdnnlang.language.composition.sweep import FOLD
from bdnnlang.language.composition.values import is_value
from bdnnlang.language.load import load
from bdnnlang.report.as_json import sha256
from bdnnlang.report.sweeps.as_json import point_json, sweep_csv, sweep_json
from bdnnlang.report.sweeps.rows import PointRow, PointState
from bdnnlang.report.sweeps.text import report_text
from bdnnlang.source import Source
from bdnnlang.strict_json import Json, parse
from bdnnlang.sweep.folder import CSV, REPORT
from bdnnlang.sweep.point import row_of
from bdnnlang.sweep.stated import StatedPoint, StatedSweep, read_sweep, table_of

if TYPE_CHECKING:
    from bdnnlang.language.spec import Spec

RUN = (PointState.ENDED, PointState.INTERRUPTED)  # a point in such a state has a run folder
SAID = {"bdnnc": "of the run", "created": "a clock's word", "command": "of the run", "spec": "of the run"}


def verify_sweep(folder: Path, data_folder: Path | None = None) -> list[Claim]:
    """As `verify_run` for a run folder. Raises CannotRead, Damaged, Rejected."""
    content, stated = read_sweep(folder)
    claims, points = list[Claim](), list[Point]()
    for number, (one, written) in enumerate(zip(stated.points, content["points"], strict=True)):
        if one.state not in RUN:
            claims.append(Claim(f"points[{number}]", one.state.value, one.state.value, one.why or "it has not been run"))
            continue
        run_folder = folder / one.folder
        spec = _spec(run_folder)
        claims += _run_claims(one.folder, verify_run(run_folder, data_folder))
        claims += _row_claims(f"points[{number}]", one, written, run_folder, spec)
        points.append(Point(tuple(one.values.items()), spec))
    return [*claims, *_table_claims(folder, content, stated, points)]


def _spec(run_folder: Path) -> Spec:
    text = read_text(run_folder, "spec.bdnn")
    return load(Source(str(run_folder / "spec.bdnn"), text), read=reader_of(run_folder))[0]


def _run_claims(name: str, claims: list[Claim]) -> Iterator[Claim]:
    """Of a run folder those that do not hold, or how many there are that do."""
    wrong = [claim for claim in claims if not claim.holds]
    yield from (Claim(f"{name}: {claim.name}", claim.stated, claim.found) for claim in wrong)
    if not wrong:
        checked = sum(not claim.why_not for claim in claims)
        said = f"{checked} claims of its run folder hold, {len(claims) - checked} are not checked"
        yield Claim(name, said, said)


def _row_claims(at: str, one: StatedPoint, written: Json, run_folder: Path, spec: Spec) -> Iterator[Claim]:
    """The row beside the run folder that it speaks of."""
    run = read_run(run_folder)
    try:
        found = row_of(PointRow(one.folder, one.values, sha256(run.spec_text)), run.run["result"])
    except KeyError as error:
        raise Damaged(f"{run_folder / 'run.json'} is damaged: there is no `result.{error.args[0]}`") from None
    again = parse(json.dumps(point_json(found), default=float))
    yield from (Claim(f"{at}.{name}", written.get(name), again[name]) for name in again if name != "values")
    params = run.stated.spec.params | ({FOLD: spec.data.fold} if spec.data.fold else {})
    for name, value in one.values.items():
        found_value = params.get(name)
        yield Claim(f"{at}.values.{name}", value, value if is_value(value, found_value) else found_value)


def _table_claims(folder: Path, content: dict[str, Any], stated: StatedSweep, points: list[Point]) -> Iterator[Claim]:
    """What is made of the rows."""
    table = table_of(content, stated)
    unchecked = "" if len(points) == len(table.rows) else "not all points have a run folder"
    found = list(stated.repetitions) if unchecked else list(repetitions(points))
    yield Claim("repetitions", list(stated.repetitions), found, unchecked)
    summary = parse(json.dumps(sweep_json(table, {})["summary"]))
    yield Claim("summary", content.get("summary"), summary)
    for name, text in ((CSV, sweep_csv(table)), (REPORT, report_text(table))):
        yield Claim(name, "the table of these rows" if read_text(folder, name) == text else "another", "the table of these rows")
    yield from (Claim(name, content[name], content[name], why) for name, why in SAID.items() if name in content)
