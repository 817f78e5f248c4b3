"""Where the data of a run are, after its folder has been moved or copied.

A spec's paths are relative to its folder, but the effective spec lies in the run folder. So data are looked for where people
put them: in the run folder, beside it, one level up (`runs/` stands beside the spec), in the current folder, and where the spec
was, if that is below one of these. What is found elsewhere than in the run folder must have the contents that the run had: a
folder from somebody else shall not name files of this machine.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdnnlang.compiler import CannotRead
from bdnnlang.data.text.files import MAX_BYTES, inside
from bdnnlang.diagnostics import Rejected
from bdnnlang.folder.contents import RunFolder, read_text
from bdnnlang.language.spec import Csv, Npz, Spec
from bdnnlang.strict_json import parse, printable

if TYPE_CHECKING:
    from bdnnlang.data.table import Table
    from bdnnlang.folder.claim import Claim


SWEEP = "sweep.json"  # the table of a sweep, beside the run folders of its points


def data_folder(spec_path: Path, spec: Spec) -> Path:
    """Where the paths of a spec are relative to: its folder, or if that is a run folder, where the data lie now."""
    folder = spec_path.parent
    try:
        run = parse(read_text(folder, "run.json"))
        return data_of_run(folder, spec, run["data"], run["spec"]["path"]) or folder
    except (CannotRead, ValueError, KeyError, TypeError):  # no run folder, or none that is whole
        return folder


def data_of_run(folder: Path, spec: Spec, facts: Mapping[str, Any], spec_path: str) -> Path | None:
    """The folder of the data of a run, whose `run.json` states `facts` of them; None if no place has what the run had."""
    files = _files(spec)
    if all((folder / name).exists() for name in files.values()):
        return folder
    good = (
        place
        for place in _places(folder, spec_path)
        if all(facts.get(fact) is not None and _digest(place, name) == facts[fact] for fact, name in files.items())
    )
    return next(good, None)


def checked(run_folder: RunFolder, spec: Spec, named: Path | None) -> tuple[Path, list[Claim]]:
    """The folder of the data of a run, and where their contents are others than the run had, claims of their hashes.

    `named`: the folder that the user names. Contents are hashed before they are read as data, so that no message quotes a file
    that the run was not about. Raises CannotRead where there are no data.
    """
    from bdnnlang.folder.claim import Claim

    facts = run_folder.run["data"] if isinstance(run_folder.run.get("data"), dict) else {}
    path, files = run_folder.stated.spec.path, _files(spec)
    place = named or data_of_run(run_folder.path, spec, facts, path)
    found = (
        other_contents(run_folder.path, spec, path) if place is None else {fact: _digest(place, files[fact]) for fact in files}
    )
    if (files and not found) or None in found.values():
        names = ", ".join(f"`{printable(name)}`" for name in files.values())
        raise CannotRead(f"the data of {run_folder.path}, {names}, are not where they were: name their folder with `--data`")
    claims = [Claim(f"data.{fact}", facts.get(fact), digest) for fact, digest in found.items()]
    return place or run_folder.path, [] if all(claim.holds for claim in claims) else claims


def table_of(run: RunFolder, named: Path | None = None) -> tuple[Table | None, str]:
    """The rows of the data of a run; None where they are not there or are others, and why. Raises CannotRead for `named`."""
    from bdnnlang.compiler import reader_of
    from bdnnlang.data.sources import open_source
    from bdnnlang.language.load import load
    from bdnnlang.source import Source

    spec, _ = load(Source(str(run.path / "spec.bdnn"), run.spec_text), read=reader_of(run.path))
    try:
        place, wrong = checked(run, spec, named)
    except CannotRead as error:
        if named is not None:
            raise
        return None, str(error)
    if wrong:
        return None, f"the data of {run.path} are others than the run had"
    return open_source(spec.data.source, place).table(), ""


def other_contents(folder: Path, spec: Spec, spec_path: str) -> dict[str, str]:
    """By the names of facts, the hashes of files that are where the data could be; nothing else is known of contents."""
    files = _files(spec)
    for place in _places(folder, spec_path):
        found = {fact: digest for fact, name in files.items() if (digest := _digest(place, name)) is not None}
        if len(found) == len(files):
            return found
    return {}


def _places(folder: Path, spec_path: str) -> tuple[Path, ...]:
    folder = folder.resolve()
    above = (folder.parent.parent.parent,) if (folder.parent / SWEEP).is_file() else ()  # that of a sweep lies between
    near = (folder.parent, folder.parent.parent, *above, Path.cwd().resolve())
    was = (folder / spec_path).parent
    try:
        is_near = any(was.resolve().is_relative_to(one) for one in near if one != Path(one.anchor))
    except (OSError, RuntimeError, ValueError):  # no path at all
        is_near = False
    return (*near, was) if is_near else near


def _files(spec: Spec) -> dict[str, str]:
    """The files that a spec names, by the name of the fact that states the hash of their contents."""
    source = spec.data.source
    parts = {f"{name}_sha256": file.path for name, file in spec.data.part_files.items()}
    return ({"sha256": source.path} if isinstance(source, Csv | Npz) else {}) | parts


def _digest(place: Path, name: str) -> str | None:
    """Of a regular file below a folder, of a size that is read at all."""
    try:
        path = inside(place, name, None)
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError, Rejected):
        return None
