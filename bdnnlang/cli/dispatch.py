"""A command line: parsed, and given to its verb. What a verb needs is imported once it is clear that one is to run."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence

from bdnnlang.cli.parser import parser
from bdnnlang.cli.streams import OutputLost, standard_streams


def run_verb(argv: Sequence[str] | None = None) -> int:
    """The exit code of a command line. Raises SystemExit for one that argparse refuses, or that asks for help."""
    words, code = sys.argv[1:] if argv is None else argv, 0
    try:
        with standard_streams():
            args = parser(words).parse_args(words)
            args.command = shlex.join(["bdnnc", *words])

            from bdnnlang.cli.execute import execute

            code = execute(args)
    except OutputLost as lost:
        from bdnnlang.cli.shared import Exit, fail

        return code if lost.is_closed or code else fail(str(lost), Exit.ENVIRONMENT)
    return code
