"""`bdnnc completion SHELL`: a script that completes verbs, flags, their words, and files. It starts no Python at TAB."""

from __future__ import annotations

import importlib.util
from argparse import Action, _SubParsersAction
from collections.abc import Iterator

from bdnnlang.cli.arguments import Args, Parser, Verb
from bdnnlang.cli.shared import Exit, fail, out

SHELLS = ("bash", "zsh", "tcsh")
LIBRARY = "shtab"
INSTALL = f"`completion` needs a library that writes such scripts: pip install {LIBRARY}"

# Each way to complete an argument: shell → what the shell does.
SPECS = {"bash": "_bdnnc_specs", "zsh": "_bdnnc_specs", "tcsh": "f:*.bdnn"}
FILES = {"bash": "_shtab_compgen_files", "zsh": "_files", "tcsh": "f"}
FOLDERS = {"bash": "_shtab_compgen_dirs", "zsh": "_files -/", "tcsh": "d"}
PREAMBLE = {
    "bash": """_bdnnc_specs() {
  compgen -f -X '!*.bdnn' -- "$1"
  compgen -d -- "$1"  # with specs in them
}""",
    "zsh": "_bdnnc_specs() { _files -g '*.bdnn' }",
}
ARGUMENTS = {"SPEC": SPECS, "A": SPECS, "B": SPECS, "RUN": FOLDERS, "FOLDER": FOLDERS, "FILE": FILES, "CSV": FILES}
FLAGS = {"DIR": FOLDERS, "FILE": FILES, "CSV": FILES, "RUN": FILES}  # `--start RUN` also takes a file


def completion(args: Args) -> Exit:
    """The script, on standard output."""
    if importlib.util.find_spec(LIBRARY) is None:
        return fail(INSTALL, Exit.ENVIRONMENT)
    import shtab

    return out(shtab.complete(_whole_parser(), args.shell, preamble=PREAMBLE))


def _whole_parser() -> Parser:
    """The command line with the flags of all verbs. What completes an argument is shtab's attribute `complete` of it."""
    from bdnnlang.cli.parser import parser
    from bdnnlang.cli.verbs import VERBS

    whole = parser(list(VERBS))
    for action in _actions(whole):
        ways = FLAGS if action.option_strings else ARGUMENTS
        if isinstance(action.metavar, str) and action.metavar in ways:
            action.complete = ways[action.metavar]  # type: ignore[attr-defined]
    return whole


def _actions(parser: Parser) -> Iterator[Action]:
    """All arguments of a parser and of its verbs."""
    for action in parser._actions:
        yield action
        if isinstance(action, _SubParsersAction):
            for verb in action.choices.values():
                yield from _actions(verb)


def _add_arguments(parser: Parser) -> None:
    parser.add_argument("shell", choices=SHELLS, help="the script is for this shell, and goes to standard output")


VERB = Verb(_add_arguments, completion)
