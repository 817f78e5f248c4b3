"""`bdnnc solvers`: the solvers found here and what they take."""

from __future__ import annotations

import json

from bdnnlang.cli.arguments import Args, Parser, Verb
from bdnnlang.cli.shared import Exit, out


def solvers(args: Args) -> Exit:
    from bdnnlang import solve

    found = [solve.describe(name) for name in solve.LIVE]
    if args.format == "json":
        return out(json.dumps(found, indent=2))
    lines = [
        f"{one['name']:7} {one['version'] or 'not installed':14} {one['takes']}"
        + ("" if one["version"] else f"; to install: {one['install']}")
        for one in found
    ]
    return out("\n".join([*lines, f"files   {', '.join(solve.FILES)} for any other solver"]))


def _add_arguments(parser: Parser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text")


VERB = Verb("solvers", "the solvers found here and what they take", _add_arguments, solvers)
