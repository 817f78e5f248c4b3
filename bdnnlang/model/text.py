"""A problem or a Milp as text: what `bdnnc show --ir`, `--after` and `--milp` print, and what pass fixtures compare."""

from __future__ import annotations

import itertools
from typing import assert_never

import numpy as np

from bdnnlang.arrays import Floats, Ints
from bdnnlang.model.affine import Affine
from bdnnlang.model.blocks import Block, Columns, Linear, Margin, MarginKind, Problem, Product, Step
from bdnnlang.model.milp import Family, Milp

Names = list[str]


def show(problem: Problem, limit: int | None = None) -> str:
    """Columns, objective, then every block with at most `limit` rows each (None: all)."""
    names = [name.decode() for c in problem.columns for name in _family_names(c)]
    cost = Affine.of(1, np.zeros_like(problem.cost_column), problem.cost_column, problem.cost_value)
    lines = ["columns", *(f"  {_columns(c)}" for c in problem.columns), *_input_scaling(problem)]
    lines += ["minimise", f"  {_unit_of(problem)}{_sum(cost, names, offset=problem.offset)[0]}"]
    lines += _squares(problem.square_column, problem.square_value, names)
    for block in problem.blocks:
        lines += [_title(block), *_cut(block_lines(block, names, limit), _size(block))]
    return "\n".join(lines) + "\n"


def block_lines(block: Block, names: Names, limit: int | None = None) -> Names:
    """The rows of a block, at most `limit` (None: all); `names` are those of all columns."""
    match block:
        case Step():
            return _step(block, names, limit)
        case Margin():
            return _margin(block, names, limit)
        case Product():
            return _product(block, names, limit)
        case Linear():
            return _linear(block, names, limit)
        case _:
            assert_never(block)


def _title(block: Block) -> str:
    match block:
        case Step():
            return f"step {block.layer}: threshold {number_text(block.threshold)}{_unit(block)}"
        case Margin():
            return f"margin {block.layer}: {block.kind.value}"
        case Product():
            return f"product {block.layer}"
        case Linear():
            return "linear"
        case _:
            assert_never(block)


def _size(block: Block) -> int:
    """How many lines it has."""
    match block:
        case Step() | Linear():
            return block.affine.rows
        case Margin():
            return len(block.weights)
        case Product():
            return int(block.products.size)
        case _:
            assert_never(block)


def show_milp(milp: Milp, limit: int | None = None) -> str:
    """The same for a flat matrix."""
    names = [name.decode() for name in milp.col_names()]
    used = np.flatnonzero(milp.col_cost)
    cost = Affine.of(1, np.zeros_like(used), used, milp.col_cost[used])
    bounds = [
        f"{number_text(low)} <= {name} <= {number_text(high)}{' integer' if whole else ''}"
        for name, low, high, whole in zip(names, milp.col_lower, milp.col_upper, milp.integrality, strict=True)
    ]
    start, column, value = milp.by_row()
    affine = Affine.of(milp.rows, np.repeat(np.arange(milp.rows), np.diff(start)), column.astype(np.int64), value)
    block = Linear(milp.row_families, affine, milp.row_lower, milp.row_upper, milp.condition, milp.condition_value)
    lines = ["minimise", f"  {_sum(cost, names, offset=milp.offset)[0]}"]
    if milp.col_square is not None:
        squared = np.flatnonzero(milp.col_square)
        lines += _squares(squared, milp.col_square[squared], names)
    lines += [f"columns {milp.columns}", *_cut(bounds[:limit], milp.columns)]
    lines += [f"rows {milp.rows}, nonzeros {milp.nonzeros}", *_cut(_linear(block, names, limit), milp.rows)]
    for cone in milp.cones:
        members = " ".join(_term(f, names[c]) for f, c in zip(cone.factor, cone.members, strict=True)).replace("+ ", "")
        lines.append(f"cone {names[cone.bound]} >= length of {members}")
    return "\n".join(lines) + "\n"


def _unit_of(problem: Problem) -> str:
    return "" if problem.unit == 1 else f"in units of {problem.unit}: "


def _squares(column: Ints, value: Floats, names: Names) -> list[str]:
    return [f"  + {number_text(v)} {names[j]}^2" for j, v in zip(column.tolist(), value.tolist(), strict=True)]


def _family_names(columns: Columns) -> list[bytes]:
    return list(Family(columns.name, columns.shape).names())


def _columns(c: Columns) -> str:
    shape = " x ".join(map(str, c.shape))
    kind = "integer" if c.integer else "real"
    unit = "" if c.unit == 1 else f" in units of {c.unit}"
    low, high = number_text(c.lower.min(initial=np.inf)), number_text(c.upper.max(initial=-np.inf))
    fixed = int((c.lower == c.upper).sum())
    return f"{c.name} ({shape}) {kind} [{low}, {high}]{unit}" + (f", {fixed} of {c.size} fixed" if fixed else "")


def _input_scaling(problem: Problem) -> list[str]:
    """The boxes that networks are brought back into, and what the columns of a feature's weights stand for."""
    scaling = problem.input_scaling
    if scaling is None:
        return []
    boxes = (
        f"weights in [{', '.join(map(number_text, scaling.weights))}], biases in [{', '.join(map(number_text, scaling.biases))}]"
    )
    lines = [f"scaling 1: {boxes}{', one factor for all' if scaling.shared else ''}"]
    pairs = zip(scaling.scale.tolist(), scaling.centre.tolist(), strict=True)
    return lines + [
        f"  W1_*_{j}: {number_text(s)} x weight of feature {j}, centre {number_text(c)}" for j, (s, c) in enumerate(pairs)
    ]


def _step(step: Step, names: Names, limit: int | None) -> list[str]:
    if step.possible is not None:
        return _two_sided_step(step, step.possible, names, limit)
    modes = {(True, True): "iff", (True, False): "only if", (False, True): "if", (False, False): "free"}
    flags = zip(step.on.ravel(), step.off.ravel(), strict=True)
    rows = zip(_sum(step.affine, names, limit), step.activations.ravel(), flags, strict=False)
    lines = [f"{names[column]} {modes[bool(on), bool(off)]} {text} >= 0" for text, column, (on, off) in rows]
    if step.worst is None:
        return lines
    worst = zip(lines, _sum(step.least, names, limit), _sum(step.greatest, names, limit), strict=True)
    return [f"{line}, at worst {least} and {greatest}" for line, least, greatest in worst]


def _two_sided_step(step: Step, possible: Ints, names: Names, limit: int | None) -> list[str]:
    """`u1_0_0 only if least >= 0, z1_0_0 if greatest >= 0`."""
    modes = zip(np.where(step.on, "only if", "free").ravel(), np.where(step.off, "if", "free").ravel(), strict=True)
    ends = zip(_sum(step.least, names, limit), _sum(step.greatest, names, limit), strict=True)
    columns = zip(step.activations.ravel(), possible.ravel(), strict=True)
    return [
        f"{names[u]} {on} {least} >= 0, {names[z]} {off} {greatest} >= 0"
        for (u, z), (on, off), (least, greatest) in zip(columns, modes, ends, strict=False)
    ]


def _margin(margin: Margin, names: Names, limit: int | None) -> list[str]:
    """`rho1_0_0, xi1_0_0: sum of |0.5 W1_0_0|`: its columns, and of what they are the margin."""
    lines = []
    for j, weights in enumerate(margin.weights[:limit]):
        sizes = [_term(f, names[w]).removeprefix("+ ") for f, w in zip(margin.factor, weights, strict=True)]
        sizes = sizes if margin.kind is MarginKind.PART else [f"|{size}|" for size in sizes]
        bounded = [names[c] for c in (*margin.rho[j], *margin.parts[j], *margin.theta[j])]
        of = f"{margin.gamma} largest" if margin.kind is MarginKind.LARGEST else margin.kind.value
        lines.append(f"{', '.join(bounded)}: {of.replace('part', 'positive part')} of {', '.join(sizes)}")
    return lines


def _product(product: Product, names: Names, limit: int | None) -> list[str]:
    relation = {(True, True): "=", (True, False): "<=", (False, True): ">=", (False, False): "free"}
    lines = []
    for r, k, j in itertools.islice(np.ndindex(product.products.shape), limit):
        sign = relation[bool(product.upper[r, k]), bool(product.lower[r, k])]
        weight, activation = names[product.weights[k, j]], names[product.activations[r, j]]
        lines.append(f"{names[product.products[r, k, j]]} {sign} {weight} * {activation}")
    return lines


def _linear(block: Linear, names: Names, limit: int | None) -> list[str]:
    rows = [name.decode() for family in block.families for name in family.names()]
    return [
        f"{rows[r]}: {_condition(block, r, names)}{_sides(text, block.lower[r], block.upper[r])}"
        for r, text in enumerate(_sum(block.affine, names, limit))
    ]


def row_text(column: Ints, value: Floats, lower: float, upper: float, names: Names) -> str:
    """One row with its sides: columns and coefficients (nonzeros,)."""
    return _sides(_sum(Affine.of(1, np.zeros_like(column), column, value), names)[0], lower, upper)


def _condition(block: Linear, row: int, names: Names) -> str:
    if block.condition is None or block.condition_value is None or block.condition[row] < 0:
        return ""
    return f"{names[block.condition[row]]} = {block.condition_value[row]} => "


def _sides(text: str, lower: float, upper: float) -> str:
    if lower == upper:
        return f"{text} = {number_text(lower)}"
    if np.isinf(lower) and np.isinf(upper):
        return f"{text} free"
    if np.isinf(lower):
        return f"{text} <= {number_text(upper)}"
    return f"{text} >= {number_text(lower)}" + ("" if np.isinf(upper) else f", <= {number_text(upper)}")


def _sum(affine: Affine, names: Names, limit: int | None = None, offset: float = 0.0) -> list[str]:
    """The first rows as text, at most `limit`, their columns in order."""
    count = affine.rows if limit is None else min(limit, affine.rows)
    terms: list[list[str]] = [[] for _ in range(count)]
    kept = np.flatnonzero(affine.row < count)
    for i in kept[np.lexsort((affine.column[kept], affine.row[kept]))]:
        terms[affine.row[i]].append(_term(affine.value[i], names[affine.column[i]]))
    if offset:
        terms[0].append(_term(offset, ""))
    return [" ".join(row).removeprefix("+ ") or "0" for row in terms]


def _term(value: float, name: str) -> str:
    size = number_text(abs(value))
    factor = name if size == "1" and name else f"{size} {name}".strip()
    return f"{'-' if value < 0 else '+'} {factor}"


def number_text(number: float) -> str:
    """The shortest decimal, without a point where it is whole."""
    number = float(number)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def _unit(step: Step) -> str:
    return "" if step.unit is None else f", unit {step.unit}"


def _cut(lines: list[str], total: int) -> list[str]:
    rest = [f"  … {total - len(lines)} more"] if total > len(lines) else []
    return [f"  {line}" for line in lines] + rest
