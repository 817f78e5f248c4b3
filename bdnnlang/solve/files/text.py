"""What the writers of model files share: names, numbers and rows as byte arrays, and a way to write many lines at once.

No Python loop runs over coefficients: each distinct number is formatted once, lines are records of fixed width padded
with zero bytes, and the zeros are deleted on the way out.
"""

from __future__ import annotations

import gzip
import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal, cast

import numpy as np
from numpy.typing import NDArray

from bdnnlang.arrays import Bytes, Floats, Ints
from bdnnlang.files import replacing
from bdnnlang.model.milp import Family, Milp

Naming = Literal["long", "short"]
LINES = 8192  # records per write: small enough for the cache
COMMENT = 120  # characters of a comment line
LONGEST_NAME = 100  # CBC reads longer ones, wrongly
ONE = "ONE"  # the column, fixed at 1, that carries the objective's constant
COST = "COST"  # the objective's row
LOWER_SIDE = b"_lo"  # ends the name of the second row of a pair
_MULTIPLIERS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93)
_NAME = re.compile(r"(?![eE][0-9])[A-Za-z_][A-Za-z0-9_]*")
_WORDS = """
    bin binaries binary bound bounds end endata fr free gen general generals inf infinity int integer integers max
    maximise maximize maximum min minimise minimize minimum nan obj objsense ranges rhs sec semi semis sos sos1 sos2 st
    such subject
"""
_RESERVED = frozenset([ONE.lower(), COST.lower(), *_WORDS.split()])


def pooled(values: Floats) -> tuple[NDArray[np.int32], Floats]:
    """`ids` and `pool` with `pool[ids] == values` bit for bit, and few repetitions in the pool.

    A hash table filled by scatter: of the values that meet in a slot the last one stays and the others try again with
    another multiplier. Several times faster than `np.unique`, which sorts.
    """
    ids, pool = _pooled(np.ascontiguousarray(values).view(np.uint64), _MULTIPLIERS)
    return ids, pool.view(np.float64)


def _pooled(bits: NDArray[np.uint64], multipliers: tuple[int, ...]) -> tuple[NDArray[np.int32], NDArray[np.uint64]]:
    if not multipliers:
        rest, inverse = np.unique(bits, return_inverse=True)
        return inverse.astype(np.int32), rest
    ids, missed, pool = _hashed(bits, np.uint64(multipliers[0]))
    if len(missed):
        more, more_pool = _pooled(bits[missed], multipliers[1:])
        ids[missed] = more + np.int32(len(pool))
        pool = np.concatenate([pool, more_pool])
    return ids, pool


def _hashed(bits: NDArray[np.uint64], multiplier: np.uint64) -> tuple[NDArray[np.int32], NDArray[np.intp], NDArray[np.uint64]]:
    """One round: ids, the positions whose slot another value took (their ids are void), and the values in the slots."""
    power = min(20, max(4, len(bits).bit_length()))
    table = np.zeros(1 << power, dtype=np.uint64)
    used = np.zeros(1 << power, dtype=np.bool_)
    slots = np.empty(len(bits), dtype=np.int32)
    missed = []
    for part in _parts(len(bits)):
        slot = ((bits[part] * multiplier) >> np.uint64(64 - power)).astype(np.int32)
        slots[part] = slot
        table[slot] = bits[part]
        used[slot] = True
    number = np.cumsum(used, dtype=np.int32) - np.int32(1)
    for part in _parts(len(bits)):
        slot = slots[part]
        missed.append(part.start + np.flatnonzero(table[slot] != bits[part]))
        slots[part] = number[slot]
    return slots, np.concatenate([*missed, np.arange(0)]), table[used]


def _parts(size: int) -> Iterator[slice]:
    """Slices of 0 … size that fit the cache."""
    return (slice(first, min(size, first + (1 << 15))) for first in range(0, size, 1 << 15))


def shortest(values: Floats) -> Bytes:
    """The shortest decimal of each number that reads back as the same bits, shape of `values`."""
    ids, pool = pooled(values)
    return decimals(pool)[ids]


def numbers(values: Floats) -> Words:
    """The same as words of a table, whose last one is empty."""
    ids, pool = pooled(values)
    return Words(np.append(decimals(pool), b""), ids)


def decimals(values: Floats) -> Bytes:
    """Like `shortest`, one by one: for values that are all different."""
    if not len(values):
        return np.array([b""])
    words = "\n".join(map(repr, (values + 0.0).tolist()))
    return np.array((words + "\n").replace(".0\n", "\n").encode().split(b"\n")[:-1])


def labels(milp: Milp, naming: Naming) -> tuple[Bytes, Bytes]:
    """Names of columns and of rows. Raises ValueError for one that some solver would misread."""
    if naming == "short":
        return milp.in_order(Family("x", (milp.columns,)).names(), 0), milp.in_order(Family("r", (milp.rows,)).names(), 1)
    _check_families(milp.col_families)
    _check_families(milp.row_families)
    columns, rows = milp.col_names(), milp.row_names()
    if max(columns.itemsize, rows.itemsize + len(LOWER_SIDE)) > LONGEST_NAME:
        raise ValueError(f"a name has more than {LONGEST_NAME} characters; write the file with short names")
    return columns, rows


def _check_families(families: tuple[Family, ...]) -> None:
    """No name is unsafe, and none can be given twice: `a_1` of shape (2,) would clash with `a` of shape (2, 2)."""
    seen = set()
    for family in families:
        stem = re.sub(r"(_[0-9]+)*$", "", family.name)
        key = (stem, len(family.shape) + family.name[len(stem) :].count("_"))
        if not _NAME.fullmatch(family.name) or family.name.lower() in _RESERVED or stem.endswith(LOWER_SIDE.decode()):
            raise ValueError(f"`{family.name}` is not a safe name in a model file")
        if key in seen:
            raise ValueError(f"two families make names like those of `{family.name}`")
        seen.add(key)


@dataclass(frozen=True)
class Sides:
    """Rows as files have them, one relation each: free ones left out, two-sided ones twice, upper side first."""

    copies: Ints  # (milp.rows,), how often a row is written: 0, 1 or 2
    row: Ints  # (written,), the row of the program
    relation: Bytes  # (written,), b"L", b"G" or b"E"
    bound: Floats  # (written,)
    names: Bytes  # (written,)


def sides(milp: Milp, names: Bytes) -> Sides:
    """Split the rows. Networks make none with two sides: a step's two directions have different constants."""
    lower, upper = milp.row_lower, milp.row_upper
    has_lower, has_upper = np.isfinite(lower), np.isfinite(upper)
    equal = lower == upper
    both = has_lower & has_upper & ~equal
    copies = np.where(both, 2, np.where(has_lower | has_upper, 1, 0))
    row = np.repeat(np.arange(milp.rows), copies)
    second = np.zeros(len(row), dtype=np.bool_)
    second[1:] = row[1:] == row[:-1]
    up = has_upper[row] & ~second
    relation = np.where(equal[row], b"E", np.where(up, b"L", b"G"))
    out = names[row]
    if second.any():
        out = np.where(second, np.char.add(out, LOWER_SIDE), out)
    return Sides(copies, row, relation, np.where(up, upper[row], lower[row]), out)


def with_constant(milp: Milp, columns: Bytes) -> tuple[Milp, Bytes]:
    """The program with its constant as the cost of a column fixed at 1, also where there is no column at all."""
    if milp.offset == 0 and milp.columns:
        return milp, columns
    one = np.ones(1)
    grown = replace(
        milp,
        col_cost=np.append(milp.col_cost, milp.offset),
        col_lower=np.append(milp.col_lower, one),
        col_upper=np.append(milp.col_upper, one),
        integrality=np.append(milp.integrality, np.int8(0)),
        start=np.append(milp.start, milp.start[-1]),
        col_families=(*milp.col_families, Family(ONE, ())),
        offset=0.0,
    )
    return grown, np.append(columns, ONE.encode())


def refuse_other_rows(milp: Milp) -> None:
    """Files have no word for it that all solvers read."""
    if milp.conditional:
        raise ValueError("conditional rows cannot be written to a file")
    if milp.cones:
        raise ValueError("cones cannot be written to a file")
    if milp.col_square is not None:
        raise ValueError("quadratic costs cannot be written to a file")


def title(milp: Milp) -> bytes:
    """The program's name, as a word that is safe in a file."""
    return (re.sub(r"[^A-Za-z0-9_]", "_", milp.name)[:LONGEST_NAME] or "model").encode()


def remarks(milp: Milp, comments: Sequence[str], mark: str) -> bytes:
    """Comment lines: the unit of the objective where there is something to say, and what the caller has to say.

    A comment is one line, or several where it is long: readers have lines of limited length. They are ASCII, whatever it says.
    """
    said = ([milp.unit_text] if milp.unit_text else []) + [_printable(comment) for comment in comments]
    lines = (line for comment in said for line in textwrap.wrap(comment, COMMENT, break_on_hyphens=False) or [""])
    return "".join(f"{mark} {line}".rstrip() + "\n" for line in lines).encode()


def _printable(comment: str) -> str:
    ascii_only = comment.encode("ascii", "backslashreplace").decode()
    return "".join(c if c.isprintable() else " " for c in ascii_only)


@dataclass(frozen=True)
class Words:
    """A field of a line: `table[pick]`, looked up when the line is written."""

    table: Bytes
    pick: NDArray[np.integer]


def write_lines(stream: BinaryIO, *fields: bytes | Bytes | Words) -> None:
    """One record per line: the fields one after another, nothing between; plain `bytes` are the same in each line."""
    count = next(len(f.pick) if isinstance(f, Words) else len(f) for f in fields if not isinstance(f, bytes))
    widths = [
        max(1, len(f) if isinstance(f, bytes) else f.table.itemsize if isinstance(f, Words) else f.itemsize) for f in fields
    ]
    buffer = np.zeros(min(LINES, count), dtype=[(f"f{k}", f"S{width}") for k, width in enumerate(widths)])
    for k, field in enumerate(fields):
        if isinstance(field, bytes):
            buffer[f"f{k}"] = field
    for first in range(0, count, LINES):
        part = buffer[: min(LINES, count - first)]
        for k, field in enumerate(fields):
            if isinstance(field, Words):
                part[f"f{k}"] = field.table[field.pick[first : first + LINES]]
            elif not isinstance(field, bytes):
                part[f"f{k}"] = field[first : first + LINES]
        stream.write(part.tobytes().translate(None, b"\0"))


def blocks(ends: Ints, most: int) -> Iterator[slice]:
    """Consecutive parts of 0 … len(ends), each with at most `most` entries or a single member; `ends` is cumulative."""
    first = 0
    while first < len(ends):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + most, side="right")))
        yield slice(first, last)
        first = last


@contextmanager
def opened(path: Path | str) -> Iterator[BinaryIO]:
    """A stream to `path`, which changes only when all is written; `-` is standard output, `.gz` is packed."""
    if str(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with replacing(Path(path)) as raw:
        if Path(path).suffix == ".gz":
            with gzip.GzipFile("", "wb", compresslevel=1, fileobj=raw, mtime=0) as packed:
                yield cast(BinaryIO, packed)
        else:
            yield raw
