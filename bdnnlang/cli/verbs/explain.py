"""`bdnnc explain`: a page on a diagnostic or a setting."""

from __future__ import annotations

from bdnnlang.cli.arguments import Args
from bdnnlang.cli.shared import Exit, fail, out


def explain(args: Args) -> Exit:
    from bdnnlang.data.diagnosis.errors import DATA_ERRORS
    from bdnnlang.data.diagnosis.row_warnings import ROW_WARNINGS
    from bdnnlang.data.diagnosis.warnings import DATA_WARNINGS
    from bdnnlang.language.explain import explain as page
    from bdnnlang.language.explain import index, suggestions
    from bdnnlang.problem.errors import ROBUST_ERRORS
    from bdnnlang.run.errors import FILE_DIAGNOSTICS, MODEL_DIAGNOSTICS

    extra = (*DATA_ERRORS, *DATA_WARNINGS, *ROBUST_ERRORS, *MODEL_DIAGNOSTICS, *FILE_DIAGNOSTICS, *ROW_WARNINGS)
    text = page(args.topic, extra) if args.topic else index(extra)
    if text is not None:
        return out(text)
    near = " or ".join(f"`{name}`" for name in suggestions(args.topic, extra))
    return fail(f"there is no page on `{args.topic}`" + (f"; did you mean {near}?" if near else ""), Exit.USAGE)
