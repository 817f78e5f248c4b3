"""What a run folder holds, read from disk."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdnnlang.compiler import CannotRead

if TYPE_CHECKING:
    from bdnnlang.export.network_json import NetworkFile


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
