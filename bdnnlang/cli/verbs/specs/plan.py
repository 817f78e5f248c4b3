"""`bdnnc plan`: sizes, constants and time before anything is solved."""

from __future__ import annotations

import json
from dataclasses import replace

from bdnnlang import compiler
from bdnnlang.cli.arguments import Args, Parser, Verb, add_formulation, add_spec
from bdnnlang.cli.shared import Exit, data_of, out, points_of, show_diagnostics


def plan(args: Args) -> Exit:
    from bdnnlang.report.plan import make_plan, plan_text
    from bdnnlang.report.sweeps.plan import plan_sweep

    spec, points = points_of(args)
    training = compiler.training_problem(spec, data_of(args, spec))
    show_diagnostics(compiler.model_warnings(training), args)
    made = make_plan(training)
    if points:
        made = replace(made, sweep=plan_sweep([point.spec for point in points]))
    return out(json.dumps(made.as_json(), indent=2) if args.format == "json" else plan_text(made))


def _add_arguments(parser: Parser) -> None:
    add_spec(parser)
    add_formulation(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")


VERB = Verb(_add_arguments, plan)
