"""`bdnnc compile`: the model for any solver."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from bdnnlang import compiler
from bdnnlang.cli.arguments import Args
from bdnnlang.cli.shared import Exit, cannot_write, data_of, fail, remark, spec_of, taken


def compile_(args: Args) -> Exit:
    from bdnnlang import solve

    spec = spec_of(args)
    if refused := taken(args.file, compiler.inputs(args.spec, spec)):
        return refused
    data = data_of(args, spec)
    form = args.to or Path(args.file.removesuffix(".gz")).suffix.removeprefix(".") or "mps"
    if form not in solve.FILES:
        return fail(f"cannot write `{args.file}`: the name should end in {_endings(solve.FILES)}", Exit.USAGE)
    milp = compiler.build_file(spec, data, form, re.sub(r"\W", "_", args.spec.stem))
    try:
        solve.save(form, milp, args.file, names=args.names, ranges=args.ranges)
    except OSError as error:
        return cannot_write(args.file, error)
    if args.stats:
        remark(f"{milp.columns} columns, {int(milp.binary.sum())} binary, {milp.rows} rows, {milp.nonzeros} nonzeros")
        if milp.unit_text:
            remark(milp.unit_text)
    return Exit.OK


def _endings(forms: Iterable[str]) -> str:
    return " or ".join(f"`.{form}` or `.{form}.gz`" for form in forms)
