"""`bdnnc run`: execute the schedule, verify the network, write the run folder, report."""

from __future__ import annotations

from bdnnlang.cli.arguments import Parser, Verb
from bdnnlang.cli.running import add_arguments, run


def _add_arguments(parser: Parser) -> None:
    add_arguments(parser)
    parser.add_argument("--solver")


VERB = Verb(_add_arguments, run)
