"""Where the data of a run are, after its folder has been moved or copied.

A spec's paths are relative to its folder, but the effective spec lies in the run folder. So data are looked for where people
put them: in the run folder, beside it, one level up (`runs/` stands beside the spec), where the spec was, and in the current
folder. What is found elsewhere than in the run folder must have the contents that the run had: a folder from somebody else
shall not name files of this machine.
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bdnnlang.data.files import MAX_BYTES
from bdnnlang.run_storage import published
from bdnnlang.spec.types import Csv, Spec


def data_folder(spec_path: Path, spec: Spec) -> Path:
    """Where the paths of a spec are relative to: its folder, or if that is a run folder, where the data lie now."""
    folder = spec_path.parent
    try:
        run = json.loads(published(folder, "run.json").read_bytes())
        return data_of_run(folder, spec, run["data"], run["spec"]["path"]) or folder
    except (OSError, ValueError, KeyError, TypeError):  # no run folder, or none that is whole
        return folder


def data_of_run(folder: Path, spec: Spec, facts: Mapping[str, Any], spec_path: str) -> Path | None:
    """The folder of the data of a run, whose `run.json` states `facts` of them; None if no place has what the run had."""
    files = _files(spec)
    if all((folder / name).exists() for name in files.values()):
        return folder
    good = (
        place
        for place in _places(folder, spec_path)
        if all(facts.get(fact) is not None and _digest(place / name) == facts[fact] for fact, name in files.items())
    )
    return next(good, None)


def other_contents(folder: Path, spec: Spec, spec_path: str) -> dict[str, str]:
    """By the names of facts, the hashes of files that are where the data could be; of contents nothing else is told."""
    files = _files(spec)
    for place in _places(folder, spec_path):
        found = {fact: digest for fact, name in files.items() if (digest := _digest(place / name)) is not None}
        if len(found) == len(files):
            return found
    return {}


def _places(folder: Path, spec_path: str) -> tuple[Path, ...]:
    return (folder.parent, folder.parent.parent, (folder / spec_path).parent, Path())


def _files(spec: Spec) -> dict[str, str]:
    """The files that a spec names, by the name of the fact that states the hash of their contents."""
    parts = {"sha256": spec.data.source, "validation_sha256": spec.data.validation, "test_sha256": spec.data.test}
    return {fact: source.path for fact, source in parts.items() if isinstance(source, Csv)}


def _digest(path: Path) -> str | None:
    """Of a regular file of a size that is read at all."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None
