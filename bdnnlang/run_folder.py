"""What a run folder holds, read from disk."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdnnlang.compiler import CannotRead
from bdnnlang.run_storage import JOURNAL, published

if TYPE_CHECKING:
    from bdnnlang.export.network_json import NetworkFile


LARGEST_REPORT = 10_000_000  # bytes


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
            texts[name] = published(folder, name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = "there is no such file" if isinstance(error, FileNotFoundError) else "it cannot be read"
            if name == "run.json" and (folder / JOURNAL).exists():
                raise CannotRead(f"the run in {folder} has not ended: `bdnnc run` with `--resume` carries on with it") from None
            raise CannotRead(f"{folder} is not a whole run folder: {name}: {why}") from None
    try:
        run = json.loads(texts["run.json"])
        if run["schema"] not in (1, 2) or not all(isinstance(run[part], dict) for part in ("spec", "data", "result")):
            raise ValueError("it has no `schema` 1 or 2, or no `spec`, `data` and `result`")
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


def read_report(folder: Path) -> str:
    """The report of a run as it was printed. Raises CannotRead."""
    file = published(folder, "report.txt")
    if not file.is_file() or file.stat().st_size > LARGEST_REPORT:
        raise CannotRead(
            f"{folder} has no report: it is no run folder, its run has not ended, or it was written by an earlier version"
        )
    return file.read_text(encoding="utf-8", errors="replace")
