"""What a run folder holds, read from disk: files that somebody else may have written."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bdnnlang.compiler import CannotRead
from bdnnlang.folder.storage import JOURNAL, published
from bdnnlang.strict_json import Json, Malformed, parse, printable, read

if TYPE_CHECKING:
    from bdnnlang.data.preprocessing.recipe import Recipe
    from bdnnlang.folder.stated import Stated
    from bdnnlang.network.export.network_json import NetworkFile

LARGEST = 100_000_000  # bytes of a file …
LARGEST_REPORT = 10_000_000  # … and of a report
SCHEMAS = (1, 2, 3)


class Damaged(CannotRead):
    """A file of a run folder is not what it should be; the message says which and why."""


class Altered(CannotRead):
    """A file of a run folder is another one than `run.json` speaks of."""


@dataclass(frozen=True)
class RunFolder:
    """What a run folder holds, as it stands on disk now. A run that found no network has none."""

    path: Path
    run: Json  # all of `run.json`, numbers as they are written
    stated: Stated  # what of it is needed
    spec_text: str
    network_text: str | None
    network: NetworkFile | None

    def trusted(self) -> NetworkFile:
        """The network that `run.json` speaks of. Raises CannotRead if there is none, Altered if it is another one."""
        from bdnnlang.report.as_json import sha256

        if self.network is None or self.network_text is None:
            raise CannotRead(f"the run in {self.path} found no network")
        if sha256(self.network_text) != self.stated.result.network_sha256:
            raise Altered(f"{self.path / 'network.json'} is not the network that run.json speaks of: its sha256 differs")
        return self.network

    def recipe(self) -> Recipe:
        """How a row becomes the inputs of the trusted network. Raises CannotRead."""
        from bdnnlang.data.preprocessing.recipe import Recipe

        file = self.trusted()
        with _damage(self.path / "network.json"):
            recipe = Recipe.from_json(file.preprocessing)
            if recipe.features != file.features:
                raise Malformed("its features are not those of its preprocessing")
        return recipe


def read_run(folder: Path) -> RunFolder:
    """Raises CannotRead for a folder that is not whole, Damaged for files that are not what they should be."""
    from bdnnlang.folder.stated import Stated
    from bdnnlang.network.export.network_json import load

    texts = {name: read_text(folder, name) for name in ("run.json", "spec.bdnn")}
    with _damage(folder / "run.json"):
        run = parse(texts["run.json"])
        if not isinstance(run, dict) or type(run.get("schema")) is not int or run["schema"] not in SCHEMAS:
            raise Malformed(f"it has no `schema` {' or '.join(map(str, SCHEMAS))}")
        stated: Stated = read(Stated, run)
    if stated.result.network is None and not os.path.lexists(published(folder, "network.json")):
        return RunFolder(folder, run, stated, texts["spec.bdnn"], None, None)
    network_text = read_text(folder, "network.json")
    with _damage(folder / "network.json"):
        network = load(network_text)
    return RunFolder(folder, run, stated, texts["spec.bdnn"], network_text, network)


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    try:
        yield
    except Malformed as error:
        raise Damaged(f"{path} is damaged: {error}") from None


def read_text(folder: Path, name: str) -> str:
    """A file of a run folder: a regular one, below that folder, of bounded size. Raises CannotRead, Damaged."""
    try:
        return _bytes(folder, name, LARGEST).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Damaged(f"{folder / name} is damaged: it is not UTF-8 text (byte {error.start})") from None


def read_report(folder: Path) -> str:
    """The report of a run as it was printed. Raises CannotRead."""
    if not os.path.lexists(published(folder, "report.txt")):
        raise CannotRead(
            f"{folder} has no report: it is no run folder, its run has not ended, or it was written by an earlier version"
        )
    lines = _bytes(folder, "report.txt", LARGEST_REPORT).decode("utf-8", errors="replace").splitlines()
    return "".join(f"{printable(line, LARGEST_REPORT)}\n" for line in lines)


def _bytes(folder: Path, name: str, most: int) -> bytes:
    path = published(folder, name)
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise CannotRead(f"{path} leads out of the run folder")
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe without a writer must not hold us up
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a NUL character
        raise _absent(folder, name, error) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise CannotRead(f"{path} is not a regular file")
    with os.fdopen(handle, "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise CannotRead(f"{path} has more than {most // 1_000_000} MB")
    return content


def _absent(folder: Path, name: str, error: Exception) -> CannotRead:
    if name == "run.json" and os.path.lexists(folder / JOURNAL):
        return CannotRead(f"the run in {folder} has not ended: `bdnnc run` with `--resume` carries on with it")
    why = "there is no such file" if isinstance(error, FileNotFoundError) else "it cannot be read"
    return CannotRead(f"{folder} is not a whole run folder: {name}: {why}")
