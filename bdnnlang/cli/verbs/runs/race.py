"""`bdnnc race`: a run whose exact stages several solvers solve side by side, until one has a proof."""

from __future__ import annotations

from bdnnlang.cli.arguments import Args, Parser, Verb
from bdnnlang.cli.running import add_arguments, run
from bdnnlang.cli.shared import Exit
from bdnnlang.language.spec import Spec


def race(args: Args) -> Exit:
    if args.solvers is not None:
        args.set = [*args.set, f"train.race=[{args.solvers}]"]
    return run(args, check=_has_racers)


def _has_racers(spec: Spec) -> str | None:
    return None if spec.train.race else "no solvers to race: say `--solvers scip,highs`, or `race = [scip, highs]` in `train`"


def _add_arguments(parser: Parser) -> None:
    add_arguments(parser)
    parser.add_argument("--solvers", metavar="NAMES", help="as scip,highs (default: those that the spec names with `race`)")


VERB = Verb(_add_arguments, race)
