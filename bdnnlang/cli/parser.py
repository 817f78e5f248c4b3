"""The command line of `bdnnc`, from the table of verbs."""

from __future__ import annotations

import argparse

import bdnnlang
from bdnnlang.cli.arguments import Parser, add_output
from bdnnlang.cli.verbs import VERBS


def parser() -> Parser:
    """Parses a command line; `verb` of the result names the verb."""
    bdnnc = argparse.ArgumentParser(
        prog="bdnnc", description="Binarized neural networks that are proved, not just trained.", allow_abbrev=False
    )
    bdnnc.add_argument("--version", action="version", version=f"bdnnc {bdnnlang.__version__}")
    verbs = bdnnc.add_subparsers(title="verbs", dest="verb", metavar="VERB", required=True)
    for verb in VERBS.values():
        arguments = verbs.add_parser(verb.name, help=verb.help, description=verb.help, allow_abbrev=False)
        add_output(arguments)
        verb.add_arguments(arguments)
    return bdnnc
