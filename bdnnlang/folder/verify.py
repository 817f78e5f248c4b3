"""Every claim of a run folder, recomputed: `run.json` and `report.txt` are written again and compared with what stands there.

The other files are evidence: the journal's networks are tried where a stage's numbers need one, the log is a solver's word.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdnnlang.compiler import CannotRead, read_data, reader_of, training_problem
from bdnnlang.files import encoded, reason
from bdnnlang.folder.contents import RunFolder, read_run, read_text
from bdnnlang.folder.data import checked
from bdnnlang.folder.storage import JOURNAL, LOG, published
from bdnnlang.language.load import load
from bdnnlang.language.spec import Spec
from bdnnlang.solve.options import OPB_FILE, VERIPB_FILE
from bdnnlang.source import Source
from bdnnlang.strict_json import Json, parse

if TYPE_CHECKING:
    from bdnnlang.compare.baselines import Compared
    from bdnnlang.data.dataset import Dataset
    from bdnnlang.folder.claim import Claim
    from bdnnlang.folder.recheck import Recheck
    from bdnnlang.network.network import Network
    from bdnnlang.problem.training import TrainingProblem
    from bdnnlang.report.summary import Summary

FIT = 0.02  # how far accuracies of the same model may lie apart on two machines
REFITTED = "fitted again here, which comes near: other machines add floats in another order"
OTHER_PRINT = "other versions print otherwise"
OTHER_RULES = "earlier versions counted by other rules"
ACCURACIES = ("train_accuracy", "validation_accuracy", "test_accuracy")
TRAINING = ("passes", "converged")
CERTAIN = ("bdnn", "majority")  # nothing of them depends on the machine
MOST_BROKEN = 20  # rows and columns of a model file that are named
REPORT = "report.txt"
EVIDENCE = {
    LOG: "a solver's word",
    OPB_FILE: f"what {VERIPB_FILE} is about",
    VERIPB_FILE: f"`veripb {OPB_FILE} {VERIPB_FILE}` checks it, bdnnc does not",
    JOURNAL: "networks on the way: one is tried where a number of a stage rests on it",
}
AS_PRINTED, DIFFERENT = "as it is printed now", "not as it is printed now"


def verify_run(folder: Path, data_folder: Path | None = None, against: Path | None = None) -> list[Claim]:
    """Every claim of a run folder beside what it comes to now, and those that cannot be checked.

    `against`: a file of the model of its spec, which its network shall satisfy. Nothing else is read but what lies below the
    folder, and data files whose hashes are the recorded ones. Raises CannotRead, Damaged, Rejected.
    """
    run_folder = read_run(folder)
    spec, _ = load(Source(str(folder / "spec.bdnn"), run_folder.spec_text), read=reader_of(folder))
    place, altered = checked(run_folder, spec, data_folder)
    if altered:
        return altered
    data = read_data(spec, place)
    claims = claims_of(run_folder, spec, data, _stage_networks(folder))
    if against is None or not all(claim.holds for claim in claims):
        return claims
    return [*claims, *_against(run_folder, training_problem(spec, data), against)]


def _against(run_folder: RunFolder, training: TrainingProblem, file: Path) -> Iterator[Claim]:
    """What a model file asks of the network, and the objective that it gives it."""
    from bdnnlang.folder.claim import Claim
    from bdnnlang.imports.against import against
    from bdnnlang.network.numbers import shown

    network = run_folder.trusted().network
    try:
        checked = against(training, network, file)
    except OSError as error:
        raise CannotRead(f"cannot read {file}: {reason(error)}") from None
    yield from (Claim(f"{file}: {what}", "holds", how) for what, how in checked.broken[:MOST_BROKEN])
    counts = f"{checked.rows:,} rows, bounds of {checked.bounds:,} columns, {checked.whole:,} whole numbers"
    wrong = len(checked.broken)
    yield Claim(f"{file}: {counts}", "all hold", f"{wrong:,} do not hold" if wrong else "all hold")
    stated = training.incumbent(network).objective
    is_same = abs(Fraction(checked.objective) - Fraction(stated)) <= training.costs.slack(stated)
    yield Claim(f"{file}: objective", shown(stated), shown(stated if is_same else checked.objective))


def claims_of(run_folder: RunFolder, spec: Spec, data: Dataset, networks: Mapping[int, list[Network]]) -> list[Claim]:
    """The claims of a run folder about these data. `networks`: those that its stages ended with, by number."""
    from bdnnlang.folder.proof import replayed
    from bdnnlang.folder.recheck import Recheck

    network = None if run_folder.network is None else run_folder.network.network
    again = Recheck(run_folder.stated, spec, data, network, networks, lambda training: replayed(run_folder.path, training))
    return again.claims if not again.fits() else [*_claims(run_folder, again), *again.claims]


def _stage_networks(folder: Path) -> dict[int, list[Network]]:
    from bdnnlang.run.journal import read_lines

    try:
        return read_lines(encoded(read_text(folder, JOURNAL))).ended_with()
    except CannotRead:
        return {}


def _claims(run_folder: RunFolder, again: Recheck) -> Iterator[Claim]:
    from bdnnlang.folder.claims import claims, of_schema
    from bdnnlang.report.as_json import run_json

    summary = _summary(run_folder, again)
    found = _plain(run_json(summary, run_folder.spec_text, run_folder.network_text)) | {
        name: run_folder.run[name] for name in ("bdnnc", "versions", "created", "command") if name in run_folder.run
    }
    found["spec"]["params"] = run_folder.run["spec"]["params"]
    found["attacks"] = _attacks(run_folder, again, found["attacks"])
    found = of_schema(run_folder.stated.schema, found)
    found["compare"] = _fitted(run_folder, again, found["compare"])
    yield from claims(run_folder.run, found, again.unchecked)
    if again.replayed is not None:
        yield again.replayed.claim
    yield from _network_claims(run_folder, again.data)
    yield from _requirement_claims(again)
    yield from _text_claims(run_folder, summary, found["compare"])


def _plain(value: Json) -> Json:
    """As it would be read from a file."""
    return parse(json.dumps(value))


# ---- what depends on the machine


def _summary(run_folder: RunFolder, again: Recheck) -> Summary:
    """The run as it is, tried as it was: a run that was stopped may have fitted or attacked nothing, and says so."""
    from bdnnlang.compare.baselines import compare
    from bdnnlang.report.summary import Origin, attacked, summarise

    run = again.run()
    skipped = {name for name in ("compare", "attacks") if again.was_interrupted and run_folder.run.get(name) == []}
    baselines = () if "compare" in skipped else compare(again.spec, again.data)
    attacks = () if "attacks" in skipped else attacked(again.training, run)
    return summarise(again.training, Origin(run_folder.stated.spec.path), run, baselines, attacks)


def _fitted(run_folder: RunFolder, again: Recheck, found: list[Json]) -> list[Json]:
    """The models of `compare`, with the numbers that were stated where a fit here comes near."""
    written = run_folder.run.get("compare")
    for number, (one, here) in enumerate(zip(written if isinstance(written, list) else [], found, strict=False)):
        if not isinstance(one, dict):
            continue
        at = f"compare[{number}]"
        if here["model"] not in CERTAIN:
            again.unchecked |= {f"{at}.{name}": REFITTED for name in (*ACCURACIES, *TRAINING) if here.get(name) is not None}
            here |= {name: one[name] for name in ACCURACIES if _near(one.get(name), here[name])}
            here |= {name: one[name] for name in TRAINING if _may_differ(name, one, here)}
        if here["model"] != "bdnn" and isinstance(one.get("seconds"), Decimal | int):
            here |= {"seconds": one["seconds"]}
        if run_folder.stated.schema < 3 and type(one.get("bytes")) is int:
            again.unchecked[f"{at}.bytes"] = OTHER_RULES
            here |= {"bytes": one["bytes"]}
    return found


def _may_differ(name: str, one: Json, here: Json) -> bool:
    """Whether a fit on another machine may have come to another value: not where the spec says how many passes there are."""
    is_settled = name == "passes" and here["settings"].get("epochs") is not None
    return name in here and name in one and type(one[name]) is type(here[name]) and not is_settled


def _as_stated(summary: Summary, stated: list[Json]) -> tuple[Compared, ...]:
    """The models of `compare` with the numbers that `run.json` may have for them."""
    own = len(stated) - len(summary.baselines)  # the network comes first, if there is one
    return tuple(replace(one, **_numbers(written)) for one, written in zip(summary.baselines, stated[own:], strict=True))


def _numbers(written: Json) -> dict[str, Any]:
    shares = {name: None if written[name] is None else float(written[name]) for name in (*ACCURACIES, "seconds")}
    return shares | {name: written[name] for name in TRAINING}


def _near(written: Json, here: Json) -> bool:
    return isinstance(written, Decimal) and here is not None and abs(written - here) <= FIT


def _attacks(run_folder: RunFolder, again: Recheck, found: list[Json]) -> list[Json]:
    """The attacks, with other numbers than those found here if another machine's packages can have found them."""
    from bdnnlang.report.robustness_json import as_stated
    from bdnnlang.report.summary import versions

    written, network = run_folder.run.get("attacks"), again.network
    if network is None or not isinstance(written, list) or len(written) != len(found) or run_folder.stated.versions == versions():
        return found
    attacks = again.spec.evaluate.attacks
    pairs = zip(written, found, attacks, strict=True)
    return [as_stated(one, here, attack, again.data, network) for one, here, attack in pairs]


def _network_claims(run_folder: RunFolder, data: Dataset) -> Iterator[Claim]:
    """Each part of `network.json` but the weights, which are what they are."""
    from bdnnlang.folder.claim import Claim
    from bdnnlang.network.export.network_json import NetworkFile, dump

    if run_folder.network is None or run_folder.network_text is None:
        return
    written, recipe = parse(run_folder.network_text), data.recipe.to_json()
    if not any(isinstance(column, dict) and "seen" in column for column in _columns(written["preprocessing"])):
        for column in recipe["columns"]:  # files of version 0.1 do not say what numbers training has seen
            column.pop("seen", None)
    found = parse(dump(NetworkFile(run_folder.network.network, data.features, data.classes, recipe)))
    yield from (Claim(f"network.{name}", written[name], found[name]) for name in found if name != "layers")


def _requirement_claims(again: Recheck) -> Iterator[Claim]:
    """The network satisfies each requirement of the spec on the training part."""
    from bdnnlang.folder.claim import Claim

    if again.network is not None:
        for one in again.training.requirements.measured(again.network, again.training.samples):
            yield Claim(f"network: {one.text}", "holds", "holds" if one.holds else f"{one.words}: does not hold")


# ---- what is no JSON


def _text_claims(run_folder: RunFolder, summary: Summary, compared: list[Json]) -> Iterator[Claim]:
    """That the report is the one of these numbers, those of `compare` too; and the files that nothing is computed of."""
    from bdnnlang.folder.claim import Claim

    there = [name for name in (REPORT, *EVIDENCE) if os.path.lexists(published(run_folder.path, name))]
    if REPORT in there:
        yield _report_claim(run_folder, summary, compared)
    yield from (Claim(name, "present", "present", why) for name, why in EVIDENCE.items() if name in there)


def _report_claim(run_folder: RunFolder, summary: Summary, compared: list[Json]) -> Claim:
    from bdnnlang import __version__
    from bdnnlang.folder.claim import Claim
    from bdnnlang.report.as_json import SCHEMA
    from bdnnlang.report.terminal import report_text

    now, written = run_folder.stated.schema == SCHEMA, read_text(run_folder.path, REPORT)
    if now:
        summary = replace(summary, baselines=_as_stated(summary, compared))
    found = encoded(report_text(summary)).decode()
    if written == found:
        return Claim(REPORT, AS_PRINTED, AS_PRINTED)
    if not now or (run_folder.stated.bdnnc, run_folder.stated.versions) != (__version__, summary.versions):
        return Claim(REPORT, DIFFERENT, DIFFERENT, OTHER_PRINT)
    pairs = itertools.zip_longest(written.splitlines(), found.splitlines())
    return Claim(REPORT, *next((pair for pair in pairs if pair[0] != pair[1]), (DIFFERENT, AS_PRINTED)))


def _columns(preprocessing: Json) -> list[Json]:
    columns = preprocessing.get("columns") if isinstance(preprocessing, dict) else None
    return columns if isinstance(columns, list) else []
