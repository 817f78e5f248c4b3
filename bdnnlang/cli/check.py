"""`bdnnc check`: all mistakes of specs and data at once."""

from __future__ import annotations

from collections.abc import Sequence

from bdnnlang import compiler
from bdnnlang.arguments import Args
from bdnnlang.cli.shared import Exit, remark, tell
from bdnnlang.diagnostics import Diagnostic, Rejected


def check(args: Args) -> Exit:
    worst = Exit.OK
    for path in args.specs:
        try:
            spec, warnings = compiler.read_spec(path)
            if not args.no_data:
                data = compiler.read_data(spec, path.parent)
                warnings += compiler.model_warnings(spec, data)
            found: Sequence[Diagnostic] = warnings
            bad = args.strict and bool(warnings)
        except Rejected as rejected:
            found, bad = rejected.diagnostics, True
        tell(found, args)
        if not bad and args.diagnostics == "full":
            remark(f"{path}: no mistakes")
        worst = max(worst, Exit.REJECTED if bad else Exit.OK)
    return worst
