"""`bdnnc solvers`: the solvers found here and what they take."""

from __future__ import annotations

import json

from bdnnlang.cli.arguments import Args, Parser, Verb
from bdnnlang.cli.shared import Exit, out


def solvers(args: Args) -> Exit:
    from bdnnlang import solve

    descriptions = [solve.describe(name) for name in solve.SOLVERS]
    if args.format == "json":
        return out(json.dumps(descriptions, indent=2))
    lines = [
        f"{solver['name']:7} {solver['version'] or 'not installed':14} {solver['takes']}"
        + ("" if solver["version"] else f"; to install: {solver['install']}")
        for solver in descriptions
    ]
    return out("\n".join([*lines, f"files   {', '.join(solve.FILE_FORMATS)} for any other solver"]))


def _add_arguments(parser: Parser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text")


VERB = Verb(_add_arguments, solvers)
