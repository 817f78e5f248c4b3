"""`bdnnc conflicts`: small sets of samples that no neuron gets all right."""

from __future__ import annotations

import json
import time

from bdnnlang import compiler
from bdnnlang.cli.arguments import Args, Parser, Verb, add_spec, duration, whole
from bdnnlang.cli.shared import Exit, data_of, fail, out, remark, show_diagnostics, spec_of


def conflicts(args: Args) -> Exit:
    from bdnnlang.prove.problem import inapplicable
    from bdnnlang.prove.suspects import find_conflicts
    from bdnnlang.report.conflicts import conflict_lines, conflicts_json

    spec = spec_of(args)
    training = compiler.training_problem(spec, data_of(args, spec))
    show_diagnostics(compiler.model_warnings(training), args)
    if (why := inapplicable(training)) is not None:
        return fail(f"no conflicts to look for: {why}", Exit.REJECTED)
    ends = time.monotonic() + args.time
    found = find_conflicts(training, lambda: time.monotonic() > ends)
    if time.monotonic() > ends:
        remark(f"the time is up after {args.time:g} s: there may be more")
    if args.json:
        return out(json.dumps(conflicts_json(training, found, args.limit), indent=2, ensure_ascii=False))
    return out("\n".join(conflict_lines(training, found, args.limit)))


def _add_arguments(parser: Parser) -> None:
    add_spec(parser)
    parser.add_argument("--limit", type=whole(1), default=10, metavar="N", help="most sets to list (default: 10)")
    parser.add_argument("--time", type=duration, default=60.0, metavar="T", help="most time to look for them (default: 60s)")
    parser.add_argument("--json", action="store_true", help="print JSON")


VERB = Verb(_add_arguments, conflicts)
