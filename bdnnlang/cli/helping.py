"""`--help-params`: the params of a spec, in place of what the verb does."""

from __future__ import annotations

from pathlib import Path

from bdnnlang import compiler
from bdnnlang.cli.arguments import Args
from bdnnlang.cli.shared import Exit, out
from bdnnlang.diagnostics import Rejected
from bdnnlang.report.text_table import aligned


def help_params(args: Args) -> Exit:
    """A line for each param: its name, default, domain and help."""
    from bdnnlang.language.analyse import analyse
    from bdnnlang.language.composition.help import params_of

    paths: list[Path] = args.specs if hasattr(args, "specs") else [args.spec]
    for path in paths:
        found = analyse(compiler.read_source(path), read=compiler.reader_of(path.parent))
        rows = list(params_of(found.body))
        if not rows and found.spec is None:
            raise Rejected(found.diagnostics)
        lines = aligned([("param", "default", "in", "help"), *rows], left=range(4)) if rows else ["no params"]
        out("\n".join([*([f"{path}:"] if len(paths) > 1 else []), *lines]))
    return Exit.OK
