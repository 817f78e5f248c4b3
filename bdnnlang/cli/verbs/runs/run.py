"""`bdnnc run`: execute the schedule, verify the network, write the run folder, report."""

from __future__ import annotations

from bdnnlang.cli import running
from bdnnlang.cli.arguments import Args, Parser, Verb
from bdnnlang.cli.shared import Exit


def run(args: Args) -> Exit:
    return running.run(args)


def _add_arguments(parser: Parser) -> None:
    running.add_arguments(parser)
    parser.add_argument("--solver")


VERB = Verb(_add_arguments, run)
