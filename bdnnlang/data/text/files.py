"""Open a data file that a spec names: inside its folder, a regular text file, of bounded size."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Protocol

from bdnnlang.data.diagnosis.errors import UnreadableFile
from bdnnlang.data.table import closest
from bdnnlang.diagnostics import Rejected
from bdnnlang.files import reason
from bdnnlang.source import Span

MAX_BYTES = 1_000_000_000
MAX_LINE = 10_000_000
PACKED = {b"\x1f\x8b": "unpack it first", b"PK": "unpack it, or save the spreadsheet as csv"}


class Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...


def unreadable(file: str, problem: str, advice: str, span: Span | None, suggestion: str | None = None) -> Rejected:
    return Rejected(
        [UnreadableFile(file=file, problem=problem, advice=advice, span=span, suggestion=suggestion)],
    )


def inside(folder: Path, file: str, span: Span | None) -> Path:
    """The path of `file` in `folder`; absolute paths, `..` and links that lead out of it are refused."""
    advice = "give a path relative to the folder of the spec, and keep the file there or below"
    if PurePosixPath(file).is_absolute() or PureWindowsPath(file).drive:
        raise unreadable(file, "the path is absolute", advice, span)
    if ".." in PurePosixPath(file).parts or ".." in PureWindowsPath(file).parts:
        raise unreadable(file, "the path leads out of the folder of the spec", advice, span)
    try:
        path = (folder / file).resolve()
        within = path.is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # a name that is too long, a loop of links, a NUL character
        raise unreadable(file, "the path is not valid", advice, span) from None
    if not within:
        raise unreadable(file, "a link leads out of the folder of the spec", advice, span)
    return path


def check_regular(path: Path, file: str, span: Span | None) -> None:
    """Refuse what is not there, not a regular file (a folder, a device, a pipe) or too large."""
    try:
        status = path.stat()
    except FileNotFoundError:
        raise _missing(path, file, span) from None
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "the path is not valid"
        raise unreadable(file, why, "check the path and its permissions", span) from None
    if not stat.S_ISREG(status.st_mode):
        kind = "it is a folder" if stat.S_ISDIR(status.st_mode) else "it is not a regular file"
        raise unreadable(file, kind, "name a text file", span)
    if status.st_size > MAX_BYTES:
        megabytes = status.st_size // 1_000_000
        raise unreadable(file, f"it has {megabytes} MB", f"at most {MAX_BYTES // 1_000_000} MB are read", span)


def _missing(path: Path, file: str, span: Span | None) -> Rejected:
    try:
        others = [other.name for other in path.parent.iterdir() if other.is_file()]
    except OSError:
        others = []
    likely = closest(path.name, others)
    suggestion = str(PurePosixPath(file).with_name(likely)) if likely else None
    return unreadable(file, "there is no such file", "paths are relative to the folder of the spec", span, suggestion)


def read_lines(path: Path, file: str, digest: Hash, span: Span | None) -> Iterator[str]:
    """Lines of a UTF-8 file with their endings; every byte read also goes into `digest`."""
    try:
        with path.open("rb") as stream:
            number, start = 1, True
            while line := stream.readline(MAX_LINE):
                digest.update(line)
                yield _decode(line, number, file, span, start=start)
                number, start = number + 1, False
    except OSError as error:
        raise unreadable(file, reason(error), "check its permissions", span) from None


def _decode(line: bytes, number: int, file: str, span: Span | None, *, start: bool) -> str:
    if start:
        for magic, advice in PACKED.items():
            if line.startswith(magic):
                raise unreadable(file, "it is compressed", advice, span)
    if len(line) == MAX_LINE:
        raise unreadable(file, f"line {number} is longer than {MAX_LINE // 1_000_000} MB", "name a text file", span)
    if b"\0" in line:
        raise unreadable(file, f"line {number} contains a NUL byte", "save it as plain UTF-8 text", span)
    try:
        return line.decode("utf-8-sig" if start else "utf-8")
    except UnicodeDecodeError as error:
        byte = f"line {number} is not UTF-8 (byte {error.start + 1})"
        raise unreadable(file, byte, "save it as UTF-8 text", span) from None
