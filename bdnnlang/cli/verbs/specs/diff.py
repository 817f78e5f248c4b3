"""`bdnnc diff`: two specs fact by fact, two runs metric by metric and sample by sample."""

from __future__ import annotations

import json
from pathlib import Path

from bdnnlang.cli.arguments import Args, Parser, Verb, whole
from bdnnlang.cli.shared import Exit, begin_file, out, show_diagnostics
from bdnnlang.compiler import STANDARD_INPUT
from bdnnlang.folder.comparing import Side, compared, side_of

SHOWN = 20  # samples, unless `--limit` says otherwise


def diff(args: Args) -> Exit:
    a, b = (_side(path, args) for path in (args.a, args.b))
    found = compared(a, b, with_data=not args.no_data)
    if args.format == "json":
        out(json.dumps(found.as_json(), indent=2, ensure_ascii=False))
    else:
        out("\n".join(found.lines(SHOWN if args.limit is None else args.limit or None)))
    return Exit.REJECTED if args.exit_code and found.exists else Exit.OK


def _side(path: Path, args: Args) -> Side:
    begin_file(path, args)
    side = side_of(path)
    show_diagnostics(side.warnings, args)
    return side


def _add_arguments(parser: Parser) -> None:
    for name in ("a", "b"):
        parser.add_argument(name, metavar=name.upper(), type=Path, help="a spec, - for standard input, or a run folder")
    parser.add_argument("--no-data", action="store_true", help="read no data: specs and what runs state, no sizes and no samples")
    parser.add_argument("--exit-code", action="store_true", help="exit with 1 where the two differ in more than times and dates")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--limit", type=whole(0), metavar="N", help=f"samples to list, 0 for all (default: {SHOWN})")


def _contradiction(args: Args) -> str | None:
    if str(args.a) == str(args.b) == STANDARD_INPUT:
        return "standard input can be read once only"
    if args.limit is not None and args.format == "json":
        return "`--format json` has all samples: it takes no `--limit`"
    return None


VERB = Verb(_add_arguments, diff, _contradiction)
