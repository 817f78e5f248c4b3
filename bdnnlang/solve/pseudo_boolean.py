"""A bounded integer program as a pseudo-Boolean one: variables x1, x2, … of 0 and 1, rows Σ a x ≥ b or = b in whole numbers.

    column = lower + Σ 2^k x_k,  k = 0 … bits − 1;   where 2^bits − 1 is more than upper − lower, a row Σ −2^k x_k ≥ lower − upper

So every column has one pattern of its bits for each of its values. Columns that are fixed have none, and 0-1 columns are their
own bit. The order is that of the columns, the lowest bit first; then the rows, of two-sided ones the lower side first; then the
rows of columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bdnnlang.arrays import Floats, Ints, Mask
from bdnnlang.model.milp import Milp
from bdnnlang.solve.integral import NO_LOWER, NO_UPPER, IntegralProgram, integral
from bdnnlang.solve.outcome import UnsupportedModelError

MOST_BITS = 40  # of a column: more are no whole number that a network is made of


@dataclass(frozen=True, eq=False)
class PseudoBoolean:
    """The program's objective is (Σ cost · x + offset) / scale; variables are counted from 0 here, from 1 in files."""

    lower: Ints  # (columns,), the value of a column whose bits are all 0
    first: Ints  # (columns + 1,), the first bit of each column
    weight: Ints  # (variables,), what a bit adds to its column
    cost: Ints  # (variables,)
    offset: int
    scale: float
    start: Ints  # (rows + 1,)
    variable: Ints  # (terms,)
    value: Ints  # (terms,)
    bound: Ints  # (rows,)
    is_equal: Mask  # (rows,)

    @property
    def variables(self) -> int:
        return len(self.weight)

    @property
    def rows(self) -> int:
        return len(self.bound)

    def decode(self, bits: Ints) -> Floats:
        """The columns (columns,) of a solution (variables,)."""
        return (self.lower + _sums(self.weight * bits, self.first)).astype(np.float64)

    def encode(self, point: Floats) -> Ints:
        """The bits (variables,) of columns (columns,) within their bounds."""
        rest = np.rint(point).astype(np.int64) - self.lower
        return np.repeat(rest, np.diff(self.first)) // self.weight % 2


def pseudo_boolean(milp: Milp, who: str) -> PseudoBoolean:
    """The program in bits, for `who`. Raises UnsupportedModelError for one that has continuous columns, fractions or cones."""
    program = integral(milp, who)
    if milp.conditional or milp.cones or milp.col_square is not None:
        raise UnsupportedModelError(f"{who} takes plain rows and a linear objective only")
    width = program.col_upper - program.col_lower
    if (width < 0).any():
        raise UnsupportedModelError(f"{who} takes columns with a value only")
    bits = np.array([int(w).bit_length() for w in width.tolist()], dtype=np.int64)
    if bits.max(initial=0) > MOST_BITS:
        raise UnsupportedModelError(f"{who} takes columns of at most {MOST_BITS} bits only")
    first = np.concatenate([[0], np.cumsum(bits)])
    place = np.arange(first[-1]) - np.repeat(first[:-1], bits)
    weight = np.left_shift(1, place).astype(np.int64)
    start, variable, value, bound, is_equal = _with_columns(_rows(program, first, weight), width, bits, first, weight)
    return PseudoBoolean(
        lower=program.col_lower,
        first=first,
        weight=weight,
        cost=np.repeat(program.cost, bits) * weight,
        offset=round(program.offset) + int(program.cost @ program.col_lower),
        scale=program.scale,
        start=start,
        variable=variable,
        value=value,
        bound=bound,
        is_equal=is_equal,
    )


Rows = tuple[Ints, Ints, Ints, Ints, Mask]  # start, variable, value, bound, is_equal


def _rows(program: IntegralProgram, first: Ints, weight: Ints) -> Rows:
    """The rows of the program, one for each side that says something."""
    source, sign, bound, is_equal = _sides(program)
    entry, length = _ranges(program.first[source], program.first[source + 1])
    column = program.column[entry].astype(np.int64)
    value = program.value[entry] * np.repeat(sign, length)
    constant = _sums(value * program.col_lower[column], np.concatenate([[0], np.cumsum(length)]))
    variable, bits = _ranges(first[column], first[column + 1])
    terms = _sums(bits, np.concatenate([[0], np.cumsum(length)]))
    return (
        np.concatenate([[0], np.cumsum(terms)]),
        variable,
        np.repeat(value, bits) * weight[variable],
        bound - constant,
        is_equal,
    )


def _sides(program: IntegralProgram) -> tuple[Ints, Ints, Ints, Mask]:
    """Row, sign, right side and kind of each side as sign · row ≥ or = side."""
    low, high = np.array(program.row_lower, dtype=np.int64), np.array(program.row_upper, dtype=np.int64)
    has_low, has_high = low != NO_LOWER, high != NO_UPPER
    equal = has_low & (low == high)
    keep = np.stack([has_low, has_high & ~equal], axis=1)  # (rows, 2)
    row, side = np.nonzero(keep)
    bound = np.where(side == 0, low[row], -np.where(has_high, high, 0)[row])
    return row, 1 - 2 * side, bound, equal[row] & (side == 0)


def _with_columns(rows: Rows, width: Ints, bits: Ints, first: Ints, weight: Ints) -> Rows:
    """And the rows of columns whose bits could say more than their upper bound."""
    start, variable, value, bound, is_equal = rows
    partial = np.flatnonzero(np.left_shift(1, bits) - 1 > width)
    more, length = _ranges(first[partial], first[partial + 1])
    return (
        np.concatenate([start, start[-1] + np.cumsum(length)]),
        np.concatenate([variable, more]),
        np.concatenate([value, -weight[more]]),
        np.concatenate([bound, -width[partial]]),
        np.concatenate([is_equal, np.zeros(len(partial), dtype=bool)]),
    )


def _ranges(begin: Ints, end: Ints) -> tuple[Ints, Ints]:
    """begin_i, …, end_i − 1 one after another, and how many each are."""
    length = end - begin
    total = np.cumsum(length)
    return np.arange(total[-1] if len(total) else 0) + np.repeat(begin - (total - length), length), length


def _sums(values: Ints, start: Ints) -> Ints:
    """The sum of each part start_i … start_(i+1), (len(start) − 1,)."""
    total = np.concatenate([[0], np.cumsum(values)])
    return np.asarray(total[start[1:]] - total[start[:-1]])
