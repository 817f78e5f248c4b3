"""Standard output and standard error, whatever they are connected to.

Characters that a stream cannot encode are replaced. Errors of standard error are ignored. A lost standard output raises
`OutputLost`, and the verb decides what that means.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

SYMBOLS = "→←≥≤≠−–—×·…±∞‖²ερ‘’“”"
SPELLED = ("->", "<-", ">=", "<=", "!=", "-", "-", "-", "x", "*", "...", "+/-", "inf", "||", "^2", "eps", "rho", *"''\"\"")
PLAIN = dict(zip(SYMBOLS, SPELLED, strict=True))


class OutputLost(Exception):  # noqa: N818  (no error of ours)
    """Standard output can no longer be written: its reader is gone, or the disk is full."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"cannot write standard output: {(error.strerror or str(error)).lower()}")
        self.is_closed = error.errno in (errno.EPIPE, errno.EBADF)  # the reader has closed the pipe


def _plainly(error: UnicodeError) -> tuple[str, int]:
    """In place of what a stream cannot encode: a spelling of mathematics, an escape of a letter, a `?` for other symbols."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(character: str) -> str:
    if "\u2500" <= character <= "\u259f":  # lines and blocks
        return "-"
    is_symbol = unicodedata.category(character)[0] == "S"
    return PLAIN.get(character) or ("?" if is_symbol else character.encode("ascii", "backslashreplace").decode())


codecs.register_error("bdnnc_plain", _plainly)


class _Guarded:
    """A stream whose OSErrors go to `failed`."""

    def __init__(self, stream: Any, failed: Callable[[OSError], None]) -> None:
        self._stream, self._failed = stream, failed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    @property
    def buffer(self) -> _Guarded:
        return _Guarded(self._stream.buffer, self._failed)

    def write(self, text: Any) -> int:
        try:
            self._stream.write(text)
        except OSError as error:
            self._failed(error)
        return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as error:
            self._failed(error)


@contextmanager
def standard_streams() -> Iterator[None]:
    """Within the block writing raises nothing but OutputLost; at its end everything has been written."""
    _open_missing()
    streams = out, err = sys.stdout, sys.stderr
    errors = [_set_errors(stream, "bdnnc_plain") for stream in streams]

    def output_lost(error: OSError) -> None:
        _discard(out)
        raise OutputLost(error)

    sys.stdout, sys.stderr = _Guarded(out, output_lost), _Guarded(err, lambda error: _discard(err))
    try:
        yield
    finally:
        try:
            sys.stderr.flush()
            sys.stdout.flush()
        finally:
            sys.stdout, sys.stderr = streams
            for stream, before in zip(streams, errors, strict=True):
                _set_errors(stream, before)


def warn(line: str) -> None:
    """A line on standard error, as far as there is one."""
    with suppress(OSError):
        print(line, file=sys.stderr)


def _set_errors(stream: Any, errors: str | None) -> str | None:
    """Set what becomes of characters that the stream cannot encode; what it was before."""
    if not isinstance(stream, io.TextIOWrapper) or errors is None:
        return None
    before = stream.errors
    with suppress(OSError):
        stream.reconfigure(errors=errors)
    return before


def _open_missing() -> None:
    """Open closed standard streams on the null device, so that no file we open gets the number of one."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115  (for the whole process)


def _discard(stream: Any) -> None:
    """Send what is still to be written, by us or by Python at exit, to the null device."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
