"""`bdnnc lsp`: the language server, which an editor starts."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

from bdnnlang.cli.arguments import Args, Parser, Verb
from bdnnlang.cli.shared import Exit, fail


def lsp(args: Args) -> Exit:
    """Whatever else would be printed goes to standard error: standard output is the editor's."""
    if find_spec("pygls") is None:
        return fail("the language server needs pygls 2: pip install pygls", Exit.ENVIRONMENT)
    from bdnnlang.lsp.server import serve

    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as outgoing:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        serve(sys.stdin.buffer, outgoing)
    return Exit.OK


def _add_arguments(parser: Parser) -> None:
    parser.add_argument("--stdio", action="store_true", help="as editors say it; there is no other way")


VERB = Verb(_add_arguments, lsp)
