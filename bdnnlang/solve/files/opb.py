"""OPB, the files of pseudo-Boolean solvers: x1 … xn in order, whole numbers, `=` and `>=` only.

The first line counts variables and rows, as such solvers want it; comments follow. The objective has no constant: what is to be
added to it, and what each column is in terms of x, is said in comments.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

import numpy as np

from bdnnlang.arrays import Bytes, Ints
from bdnnlang.model.milp import Milp
from bdnnlang.solve.files import text
from bdnnlang.solve.files.text import Naming, Words, write_lines
from bdnnlang.solve.outcome import UnsupportedModelError
from bdnnlang.solve.pseudo_boolean import PseudoBoolean, pseudo_boolean

WHO = "an OPB file"


def write(milp: Milp, stream: BinaryIO, *, names: Naming = "long", comments: Sequence[str] = ()) -> None:
    """Write the program. Raises ValueError for what is no program of bounded integers in whole numbers."""
    del names  # the writers have one signature: variables are x1, x2, …
    try:
        program = pseudo_boolean(milp, WHO)
    except UnsupportedModelError as refused:
        raise ValueError(str(refused)) from None
    variables = max(1, program.variables)  # a row without terms is written with 0 x1
    stream.write(f"* #variable= {variables} #constraint= {program.rows}\n".encode())
    stream.write(text.remarks(milp, [*comments, _constant(program)], "*"))
    _write_legend(stream, milp, program)
    if program.cost.any():
        costly = np.flatnonzero(program.cost)
        stream.write(b"min: ")
        _write_terms(stream, program.cost[costly], costly, np.array([0, len(costly)]), np.array([b";\n"]))
    _write_terms(stream, program.value, program.variable, program.start, _endings(program))


def _constant(program: PseudoBoolean) -> str:
    """What the objective of the file is to that of the program."""
    added = f"plus {program.offset}" if program.offset else "as it is"
    divided = "" if program.scale == 1 else f", divided by {program.scale:g}"
    return f"objective of this file {added}{divided}: that of the model"


def _write_legend(stream: BinaryIO, milp: Milp, program: PseudoBoolean) -> None:
    """Each column as a sum of its bits; comments, a line each."""
    bits = np.diff(program.first)
    plain = np.char.add(b" = ", np.where(program.lower == 0, b"", program.lower.astype("S21")))
    constant = np.where((bits == 0) & (program.lower == 0), b" = 0", plain)
    write_lines(stream, b"* ", milp.col_names(), constant, _sums(program, bits), b"\n")


def _sums(program: PseudoBoolean, bits: Ints) -> Bytes:
    """` + x1 + 2 x2` of each column, without the first plus where nothing stands before it."""
    weights = np.array([b"", *(f"{1 << k} ".encode() for k in range(1, 64))])
    out = np.full(len(bits), b"", dtype="S1")
    for k in range(int(bits.max(initial=0))):
        has = bits > k
        number = np.where(has, program.first[:-1] + k + 1, 0).astype("S12")
        begins = (k == 0) & (program.lower == 0)
        term = np.char.add(np.where(begins, weights[k], np.char.add(b" + ", weights[k])), np.char.add(b"x", number))
        out = np.char.add(out, np.where(has, term, b""))
    return np.asarray(out)


def _endings(program: PseudoBoolean) -> Bytes:
    relation = np.where(program.is_equal, b"= ", b">= ")
    return np.asarray(np.char.add(np.char.add(relation, program.bound.astype("S21")), b" ;\n"))


def _write_terms(stream: BinaryIO, value: Ints, variable: Ints, start: Ints, endings: Bytes) -> None:
    """A row a line: `+2 x1 -1 x3 >= 1 ;`; one that has no term gets `0 x1`."""
    empty = np.flatnonzero(np.diff(start) == 0)
    value, variable = np.insert(value, start[empty], 0), np.insert(variable, start[empty], 0)
    last = start[1:] + np.searchsorted(empty, np.arange(len(endings)), side="right") - 1  # (rows,)
    ending = np.zeros(len(value), dtype=np.int64)
    ending[last] = np.arange(1, len(endings) + 1)
    distinct, which = np.unique(value, return_inverse=True)
    numbers = np.array([f"{number:+d} x".encode() for number in distinct.tolist()] or [b""])
    named = np.arange(1, int(variable.max(initial=0)) + 2).astype("S12")
    ends = np.concatenate([np.array([b""]), endings])
    if len(value):
        write_lines(stream, Words(numbers, which), Words(named, variable), b" ", Words(ends, ending))
