"""Run folders: a schedule is executed and written, a folder is read and verified."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdnnlang.compiler import CannotRead, read_data, reader_of
from bdnnlang.source import Source
from bdnnlang.spec.effective import effective
from bdnnlang.spec.load import load
from bdnnlang.spec.types import Csv, Spec

if TYPE_CHECKING:
    from bdnnlang.data.types import Dataset
    from bdnnlang.export.network_json import NetworkFile
    from bdnnlang.report.summary import Summary
    from bdnnlang.runtime.baselines import Compared
    from bdnnlang.runtime.types import Claim, Interrupt, Listener, Run


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
    spec, _ = load(Source(str(folder / "spec.bdnn"), kept.spec_text), read=reader_of(folder))
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
