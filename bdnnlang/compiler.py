"""The one place that sequences the phases: text → Spec → Dataset → Problem → Milp → network → report.

Heavy imports stand inside the functions, so that checking a spec starts no numerics.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdnnlang.diagnostics import Diagnostic
from bdnnlang.source import Source, Span
from bdnnlang.spec.effective import effective
from bdnnlang.spec.load import load
from bdnnlang.spec.types import Csv, Spec

if TYPE_CHECKING:
    from bdnnlang.data.types import Dataset
    from bdnnlang.export.network_json import NetworkFile
    from bdnnlang.ir.blocks import Problem
    from bdnnlang.milp import Milp
    from bdnnlang.report.summary import Summary
    from bdnnlang.runtime.baselines import Compared
    from bdnnlang.runtime.types import Claim, Interrupt, Listener, Run

LARGEST_SPEC = 4_000_000  # bytes


class CannotRead(Exception):  # noqa: N818  (it says what happened)
    """A file that the command line names is not there or not what it should be; the message says which and why."""


# ---- text → Spec


def read_source(path: Path) -> Source:
    """A spec's text. Raises CannotRead."""
    try:
        if path.is_dir() or (path.exists() and not path.is_file()):
            raise CannotRead(f"{path} is not a file")
        if path.stat().st_size > LARGEST_SPEC:
            raise CannotRead(f"{path} is larger than {LARGEST_SPEC:,} bytes: is it a spec?")
        return Source(str(path), path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise CannotRead(f"{path} is not UTF-8 text (byte {error.start}): save it as UTF-8") from None
    except OSError as error:
        raise CannotRead(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from None


def read_spec(path: Path, defines: Sequence[str] = (), sets: Sequence[str] = ()) -> tuple[Spec, tuple[Diagnostic, ...]]:
    """The spec in a file and its warnings. Raises Rejected with every error, CannotRead."""
    return load(read_source(path), read=_reader(path.parent), defines=defines, sets=sets)


def limited(spec: Spec, seconds: float) -> Spec:
    """The spec with this limit for the whole schedule; stages that no longer fit take what is left."""
    stages, left = [], seconds
    for stage in spec.train.stages:
        if isinstance(stage.time, float | int) and stage.time > left:
            stages.append(replace(stage, time="rest"))
        else:
            left -= stage.time if isinstance(stage.time, float | int) else 0
            stages.append(stage)
    return replace(spec, train=replace(spec.train, time=seconds, stages=tuple(stages)))


def _reader(folder: Path) -> Any:
    def read(relative: str, span: Span) -> Source:
        return read_source_beside(folder, relative, span)

    return read


def read_source_beside(folder: Path, relative: str, span: Span) -> Source:
    """A used file; its path is relative to the file that uses it. Raises OSError."""
    user = Path(span.source.path).parent
    path = (user if span.source.path else folder) / relative
    root = folder.resolve()
    if not path.resolve().is_relative_to(root):
        raise OSError(f"{relative} lies outside the folder of the spec")
    try:
        return read_source(path)
    except CannotRead as error:
        raise OSError(str(error)) from None


# ---- Spec → Dataset → Problem → Milp


def read_data(spec: Spec, folder: Path) -> Dataset:
    """The data of a spec. Raises Rejected with every error."""
    from bdnnlang.data.load import load as load_data

    return load_data(spec.data, folder)


def model_warnings(spec: Spec, data: Dataset) -> tuple[Diagnostic, ...]:
    """What can be said of the model without solving it; raises Rejected when it cannot be built or solved as asked."""
    from bdnnlang.ir.build import build_spec
    from bdnnlang.runtime.choose import choose, gap_diagnostics, shape_diagnostics

    warnings = shape_diagnostics(spec, data)
    problem = build_spec(spec, data)
    choice = choose(spec, data, problem)
    return warnings + (gap_diagnostics(spec, _plain_form(spec, problem)) if choice.is_asked and choice.target != "cpsat" else ())


def _plain_form(spec: Spec, problem: Problem) -> Problem:
    """A problem in the form that goes to a solver with plain rows."""
    from bdnnlang import passes

    return passes.lower(problem, passes.pipeline(spec.train.formulation, implications=False, without=spec.train.without).forms)


def build_problem(spec: Spec, data: Dataset, *, after: str | None = None) -> Problem:
    """The problem as built, or after the named pass of the formulation's plain pipeline. Raises KeyError for no such pass."""
    from bdnnlang import passes
    from bdnnlang.ir.build import build_spec
    from bdnnlang.runtime.choose import shape_diagnostics

    shape_diagnostics(spec, data)
    problem = build_spec(spec, data)
    if after is None:
        return problem
    if after == passes.MERGE and spec.train.formulation == "tight":
        return problem
    for side in (False, True):
        line = passes.pipeline(spec.train.formulation, implications=side, without=spec.train.without).passes
        names = [passes.name(one) for one in line]
        if after in names:
            return passes.lower(problem, line[: names.index(after) + 1])
    raise KeyError(after)


def build_milp(spec: Spec, data: Dataset, name: str = "bdnn") -> Milp:
    """The plain mixed-integer program of a spec."""
    from bdnnlang import passes
    from bdnnlang.ir.stack import stack

    line = passes.pipeline(spec.train.formulation, implications=False, without=spec.train.without)
    return replace(stack(passes.lower(build_problem(spec, data), line.passes)), name=name)


def build_file(spec: Spec, data: Dataset, form: str, name: str = "bdnn") -> Milp:
    """The same for a file; raises Rejected where such a file could not hold it."""
    from bdnnlang.runtime.choose import check_linear, gap_diagnostics

    if form != "cip":
        check_linear(spec)
    if spec.train.margin is not None:
        gap_diagnostics(spec, _plain_form(spec, build_problem(spec, data)))
    return build_milp(spec, data, name)


# ---- running


@dataclass(frozen=True)
class Finished:
    """A run that has ended, and where it was written."""

    summary: Summary
    folder: Path
    json: dict[str, Any]


def run_spec(
    spec: Spec,
    path: Path,
    data: Dataset,
    *,
    folder: Path,
    listen: Listener,
    interrupt: Interrupt,
    resume: bool = False,
) -> Finished:
    """Execute the schedule and write the run folder; networks are journalled there as they are found."""
    from bdnnlang.network import Network, shown
    from bdnnlang.runtime.baselines import compare
    from bdnnlang.runtime.journal import Journal, read_journal
    from bdnnlang.runtime.schedule import run
    from bdnnlang.runtime.types import Event, NewIncumbent

    folder.mkdir(parents=True, exist_ok=True)
    earlier: list[Network] = read_journal(folder / "journal.jsonl") if resume else []
    with Journal(folder / "journal.jsonl", keep=resume) as journal:

        def follow(event: Event) -> None:
            if isinstance(event, NewIncumbent):
                journal.incumbent(event.seconds, shown(event.incumbent.objective), event.incumbent.network)
            listen(event)

        done = run(
            spec,
            data,
            listen=follow,
            interrupt=interrupt,
            start=earlier[0] if earlier else None,
            log=folder / "solver.log",
        )
    return write_run(spec, path, data, done, folder, () if interrupt.count >= 2 else compare(spec, data))


def default_folder(spec: Spec, path: Path) -> Path:
    """`runs/<spec>-<hash of its effective text>`."""
    from bdnnlang.report.as_json import sha256

    return Path("runs") / f"{path.stem}-{sha256(effective(spec))[:8]}"


def write_run(spec: Spec, path: Path, data: Dataset, done: Run, folder: Path, baselines: tuple[Compared, ...] = ()) -> Finished:
    """`spec.bdnn`, `network.json` and, last, `run.json`."""
    from bdnnlang.export.network_json import NetworkFile, dump
    from bdnnlang.files import write_text
    from bdnnlang.ir.build import default_loss, output_width
    from bdnnlang.report.as_json import run_json
    from bdnnlang.report.summary import summarise

    loss = default_loss(spec.train.loss, output_width(spec.network, len(data.classes)))
    place = os.path.relpath(path, folder) if path.exists() else str(path)
    summary = summarise(spec, Path(place).as_posix(), data, done, loss, baselines)
    spec_text, network_text = effective(spec), None
    if done.best is not None:
        network_text = dump(NetworkFile(done.best.network, data.features, data.classes, data.recipe.to_json()))
        write_text(folder / "network.json", network_text)
    write_text(folder / "spec.bdnn", spec_text)
    content = run_json(summary, spec_text, network_text)
    write_text(folder / "run.json", json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return Finished(summary, folder, content)


# ---- reading a run folder


@dataclass(frozen=True)
class RunFolder:
    """What a run folder holds, as it stands on disk now."""

    path: Path
    run: dict[str, Any]
    spec_text: str
    network_text: str
    network: NetworkFile


def read_run(folder: Path) -> RunFolder:
    """Raises CannotRead with the file and the reason."""
    from bdnnlang.export.network_json import load as load_network

    texts = {}
    for name in ("run.json", "spec.bdnn", "network.json"):
        try:
            texts[name] = (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = "there is no such file" if isinstance(error, FileNotFoundError) else "it cannot be read"
            raise CannotRead(f"{folder} is not a whole run folder: {name}: {why}") from None
    try:
        run = json.loads(texts["run.json"])
        if run["schema"] != 1 or not all(isinstance(run[part], dict) for part in ("spec", "data", "result")):
            raise ValueError("it has no `schema` 1, or no `spec`, `data` and `result`")
        if not all(isinstance(run["result"][name], float | int | None) for name in ("verified_loss", "bound")):
            raise ValueError("`verified_loss` and `bound` are numbers")
        if not isinstance(run.get("compare", []), list):
            raise ValueError("`compare` is a list")
    except (ValueError, KeyError, TypeError) as error:
        raise CannotRead(f"{folder / 'run.json'} is damaged: {error}") from None
    try:
        network = load_network(texts["network.json"])
    except ValueError as error:
        raise CannotRead(f"{folder / 'network.json'} is damaged: {error}") from None
    return RunFolder(folder, run, texts["spec.bdnn"], texts["network.json"], network)


def verify_run(folder: Path) -> list[Claim]:
    """Every claim of a run folder beside what it comes to now. Raises CannotRead, Rejected."""
    from bdnnlang.report.as_json import sha256
    from bdnnlang.runtime.recheck import recheck
    from bdnnlang.runtime.types import Claim

    kept = read_run(folder)
    spec, _ = load(Source(str(folder / "spec.bdnn"), kept.spec_text), read=_reader(folder))
    data = read_data(spec, _data_folder(spec, kept))
    claims = [
        Claim("spec.sha256", kept.run["spec"]["sha256"], sha256(kept.spec_text)),
        Claim("result.network_sha256", kept.run["result"]["network_sha256"], sha256(kept.network_text)),
        Claim("network.preprocessing", kept.network.preprocessing, json.loads(json.dumps(data.recipe.to_json()))),
        Claim("network.classes", kept.network.classes, data.classes),
    ]
    try:
        return claims + recheck(kept.run, spec, data, kept.network.network)
    except KeyError as error:
        raise CannotRead(f"{folder / 'run.json'} is damaged: it has no {error}") from None


def _data_folder(spec: Spec, kept: RunFolder) -> Path:
    """Where the paths of the spec are relative to: the folder of the spec that was run, or the run folder itself."""
    original = (kept.path / str(kept.run["spec"]["path"])).parent
    if isinstance(spec.data.source, Csv) and not (original / spec.data.source.path).exists():
        return kept.path
    return original
