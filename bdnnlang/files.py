"""Files that are either whole or not there, and never replace what they should not.

A regular file is written beside its place and renamed over it. Of a link the target is replaced, and the link stays. What
is no regular file (a device, a pipe, `/dev/stdout`) is written to as it is. A read-only file is refused.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

MOST_LINKS = 40  # one after another, as in Linux


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become `path` when the block ends well. Raises OSError, which names the file."""
    place = _target(path)
    if place is None:
        with path.open("wb") as stream:
            yield stream
        return
    mode = _mode(place)
    handle, name = tempfile.mkstemp(prefix=".bdnnc-", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, mode)
        os.replace(name, place)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
    sync_folder(place.parent)


def reason(error: OSError) -> str:
    """Why the system refuses a file, in its own words; a path among them keeps its case."""
    if error.errno is None or not error.strerror:
        return str(error) or "it cannot be opened"
    return error.strerror[:1].lower() + error.strerror[1:]


def write_text(path: Path, text: str) -> None:
    """Replace a file's text; half a surrogate pair, of a name that is no UTF-8, is written as JSON writes it."""
    with replacing(path) as stream:
        stream.write(encoded(text))


def encoded(text: str) -> bytes:
    """As UTF-8, whatever the text is: `\\udcff` for half a surrogate pair."""
    return text.encode("utf-8", errors="backslashreplace")


def overwritten(output: Path | str, inputs: Iterable[Path]) -> Path | None:
    """The first of `inputs` that writing to `output` would destroy, by whatever name or link it is reached."""
    return next((path for path in inputs if _same(Path(output), path)), None)


def _same(a: Path, b: Path) -> bool:
    try:
        return os.path.samefile(a, b) and stat.S_ISREG(a.stat().st_mode)
    except (OSError, ValueError):
        return False


def _target(path: Path) -> Path | None:
    """The regular file behind a path and its links, which need not be there yet; None for what is no such file."""
    for _ in range(MOST_LINKS):
        if _is_descriptor(path):
            return None
        if not path.is_symlink():
            break
        path = path.parent / os.readlink(path)
    try:
        kind = path.stat().st_mode
    except FileNotFoundError:
        return path
    if stat.S_ISDIR(kind):
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    return path if stat.S_ISREG(kind) else None


def _is_descriptor(path: Path) -> bool:
    """Does it name an open file of a process? Then renaming over it would lose what comes from others."""
    folder = os.path.realpath(path.parent)
    return folder == "/dev/fd" or (folder.startswith("/proc/") and folder.endswith("/fd"))


def _mode(place: Path) -> int:
    """Permissions for the new file: those of the one it replaces. Raises OSError where that is read-only."""
    try:
        mode = stat.S_IMODE(place.stat().st_mode)
    except FileNotFoundError:
        return 0o666 & ~_umask()
    if not mode & 0o222 or not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, "the file is read-only", str(place))
    return mode


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on disk."""
    with suppress(OSError):  # not every file system lets a folder be synced
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
