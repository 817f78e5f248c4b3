"""The command line of `bdnnc`, from the table of verbs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import bdnnlang
from bdnnlang.cli.arguments import Parser, add_output
from bdnnlang.cli.verbs import VERBS, load


def parser(words: Sequence[str]) -> Parser:
    """Parses a command line of these words; `verb` of the result names the verb. Verbs that are not among them have no flags."""
    bdnnc = argparse.ArgumentParser(
        prog="bdnnc", description="Binarized neural networks that are proved, not just trained.", allow_abbrev=False
    )
    bdnnc.add_argument("--version", action="version", version=f"bdnnc {bdnnlang.__version__}")
    verbs = bdnnc.add_subparsers(title="verbs", dest="verb", metavar="VERB", required=True)
    for name, text in VERBS.items():
        arguments = verbs.add_parser(name, help=text, description=text, allow_abbrev=False)
        if name in words:
            add_output(arguments)
            load(name).add_arguments(arguments)
    return bdnnc
