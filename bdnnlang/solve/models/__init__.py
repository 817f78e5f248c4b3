"""Model files, read: what they state, number by number as it is written, so that it can be checked without rounding.

The dialects are those of our own writers (`solve/files/`), in which nothing is left to a reader's defaults. One file a format.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from bdnnlang.solve.answers.base import AnswerError, AnswerFile, Kind
from bdnnlang.solve.models import lp, mps
from bdnnlang.solve.models.base import Item

READERS = {".mps": mps.read, ".lp": lp.read}
KNOWN = "name an .mps or .lp file, which may be packed as .gz"


def read(path: Path) -> Iterator[Item]:
    """All that a model file states. Raises OSError, AnswerError."""
    form = READERS.get(Path(path.name.removesuffix(".gz")).suffix)
    if form is None:
        raise AnswerError(Kind.UNKNOWN, "it is no model file that is known", way=KNOWN)
    try:
        with _opened(path) as stream:
            yield from form(AnswerFile(stream))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise AnswerError(Kind.DAMAGED, f"it cannot be unpacked: {error}") from None


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    with path.open("rb") as raw:
        if path.suffix != ".gz":
            yield raw
            return
        with gzip.GzipFile(fileobj=raw) as packed:
            yield cast(BinaryIO, packed)
